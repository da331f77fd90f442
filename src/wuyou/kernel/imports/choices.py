"""Codes that are stored with an import run."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OnError(models.TextChoices):
    """What is loaded when some rows are wrong."""

    NOTHING = "nothing", _("load nothing")
    REST = "rest", _("load the other rows")


class RowAction(models.TextChoices):
    """What an import did with a record."""

    CREATE = "create", _("created")
    UPDATE = "update", _("changed")
