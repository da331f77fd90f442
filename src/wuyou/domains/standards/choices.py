"""Codes that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StandardKind(models.TextChoices):
    """Where a standard comes from; a binding's layer follows from it."""

    GRADE = "grade", _("Graded standard")
    SERVICE_SET = "service_set", _("Service set")
    CONTRACT = "contract", _("Contract promises")
    STATUTORY = "statutory", _("Statutory duties")
    MAKER = "maker", _("Maker's instructions")
    COMPANY = "company", _("Company standard")


class VersionState(models.TextChoices):
    """Life of a version."""

    DRAFT = "draft", _("Draft")
    REVIEW = "review", _("In review")
    ISSUED = "issued", _("Issued")
    WITHDRAWN = "withdrawn", pgettext_lazy("standard", "Withdrawn")


class ClauseKind(models.TextChoices):
    """What a clause's value is."""

    CADENCE = "cadence", _("Frequency")
    MINUTES = "minutes", _("Minutes")
    HOURS = "hours", _("Hours")
    HOURS_PER_DAY = "hours_per_day", _("Hours a day")
    PERCENT = "percent", _("Percent")
    YEARS = "years", _("Years")
    DUTY = "duty", _("Duty")
    RECORD = "record", _("Record")
    CONDITION = "cond", _("When it happens")
    LAW = "law", _("As the law says")
    POSTS = "posts", _("Posts")
    RETENTION = "retention", _("Retention")


class Certainty(models.TextChoices):
    """How sure the source of a value is (spec 13 §0)."""

    HIGH = "H", _("Seen in a source")
    MEDIUM = "M", _("Well known, compare with a printed copy")
    LOW = "L", _("Indicative")
