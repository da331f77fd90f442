"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NodeKind(models.TextChoices):
    """The levels of the organisation (spec 00)."""

    GROUP = "group", _("Group")
    REGION = "region", _("Region")
    CITY = "city", _("City company")
    PROJECT = "project", _("Project")


class ProjectKind(models.TextChoices):
    """What kind of site it is; statutory duties ask for it (fact `residential`)."""

    RESIDENTIAL = "residential", _("Residential estate")
    OFFICE = "office", _("Office building")
    HOSPITAL = "hospital", _("Hospital")
    CAMPUS = "campus", _("Campus")
    OTHER = "other", _("Other")


class Language(models.TextChoices):
    """Languages of the interface."""

    ZH = "zh-hans", _("Simplified Chinese")
    EN = "en", _("English")


class Theme(models.TextChoices):
    """Colours of the interface."""

    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
