"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContractMode(models.TextChoices):
    """What the company earns and who bears a loss (spec 09)."""

    FIXED = "fixed", _("Fixed price")
    FEE = "fee", _("Fee-based")


class ChangeState(models.TextChoices):
    """Whether the client agreed to a change of the contract."""

    PROPOSED = "proposed", _("Waiting for the client")
    APPROVED = "approved", _("Approved by the client")
    DECLINED = "declined", _("Declined by the client")
