"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Allocation(models.TextChoices):
    """How a sample is shared out among strata."""

    NONE = "none", _("Without strata")
    PROPORTIONAL = "proportional", _("In proportion to the strata")
    GIVEN = "given", _("Numbers given by stratum")


class State(models.TextChoices):
    """How far a draw is."""

    COMMITTED = "committed", _("Committed")
    DRAWN = "drawn", _("Drawn")
    REVEALED = "revealed", _("Seed published")
    ABANDONED = "abandoned", _("Abandoned")
