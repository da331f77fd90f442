"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SheetState(models.TextChoices):
    """Life of a version of a sheet."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    WITHDRAWN = "withdrawn", pgettext_lazy("standard", "Withdrawn")


class AnswerType(models.TextChoices):
    """How an item is answered."""

    PASS_FAIL = "pass_fail", _("Pass / fail / not applicable")
    NUMBER = "number", _("Number")
    TEXT = "text", _("Text")
    CHOICE = "choice", _("Choice")
    PHOTO = "photo", _("Photo")
    GRADE = "grade", _("Grade 0 to 5")
    DEDUCT = "deduct", _("Deductions from a list")
    COUNT = "count", _("Number of defects")
    MEASURE = "measure", _("Measured value with tolerance")
    SIGNATURE = "signature", _("Signature")


class SheetPurpose(models.TextChoices):
    """What a form is filled in for."""

    TASK = "task", _("Checklist of a task")
    INSPECTION = "inspection", _("Inspection")


class Scoring(models.TextChoices):
    """How the answers of a version become a score between 0 and 100."""

    NONE = "none", _("Not scored")
    DEDUCTION = "deduction", _("100 less the points lost")
    WEIGHTED = "weighted", _("Weighted share of what applies")
    POINTS = "points", _("Points won over points possible")


class ItemSeverity(models.TextChoices):
    """How grave it is when an item fails."""

    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical")
