"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssetState(models.TextChoices):
    """Whether a device serves."""

    IN_SERVICE = "in_service", _("In service")
    STANDBY = "standby", _("Standby")
    FAULTY = "faulty", _("Faulty")
    OUT_OF_SERVICE = "out_of_service", _("Out of service")
    SCRAPPED = "scrapped", _("Scrapped")
