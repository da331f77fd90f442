"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    """What makes a day differ from a plain week."""

    HOLIDAY = "holiday", _("Statutory holiday")
    REST = "rest", _("Day off in lieu")
    WORKDAY = "workday", _("Swapped working day")


class Hours(models.TextChoices):
    """Which time a clock counts."""

    WALL = "wall", _("Clock time")
    SERVICE = "service", _("Service hours")


class PauseReason(models.TextChoices):
    """Why a clock stands still; the resident sees it."""

    RESIDENT = "resident", _("Waiting for the resident")
    PARTS = "parts", _("Waiting for parts")
    WEATHER = "weather", _("Weather")
    THIRD_PARTY = "third_party", _("Waiting for another company or authority")
    OTHER = "other", _("Other reason")


class Status(models.TextChoices):
    """Where a clock stands, computed when it is looked at and never stored."""

    RUNNING = "running", _("In time")
    WARNED = "warned", _("Due soon")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Done in time")
    MISSED = "missed", _("Overdue")
    LATE = "late", _("Done late")


FESTIVALS = {
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-Sweeping Day": _("Tomb-Sweeping Day"),
    "Labor Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "Mid-Autumn Festival": _("Mid-Autumn Festival"),
    "National Day": _("National Day"),
}
