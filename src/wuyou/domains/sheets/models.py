"""Versioned forms whose answers are checked and scored: a task or an inspection keeps the version it began with."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.standards.models import Clause

from .choices import AnswerType, ItemSeverity, Scoring, SheetPurpose, SheetState


class Sheet(models.Model):
    """A form. `activity` makes it the checklist of tasks with that activity; shipped ones have no owner node."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)
    purpose = models.CharField(_("purpose"), max_length=12, choices=SheetPurpose.choices, default=SheetPurpose.TASK)
    activity = models.SlugField(_("activity"), max_length=40, blank=True, db_index=True)
    node = models.ForeignKey(Node, null=True, blank=True, on_delete=models.PROTECT, related_name="sheets")

    def __str__(self) -> str:
        return self.name_zh


class SheetVersion(models.Model):
    """An edition of a form; once issued it never changes."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=SheetState.choices, default=SheetState.DRAFT)
    scoring = models.CharField(_("scoring"), max_length=10, choices=Scoring.choices, default=Scoring.NONE)
    doubles_repeats = models.BooleanField(_("what failed before counts double"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)  # counts edits of a draft; an edit claims the row by it
    source_digest = models.CharField(max_length=64, blank=True)  # of the shipped rows: the same rows load once

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_version_once"),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(issued_on__isnull=False),
                name="sheet_version_issued_has_date",
                violation_error_message=_("An issued version has a date of issue."),
            ),
        ]
        ordering = ["sheet_id", "number"]

    def __str__(self) -> str:
        return f"{self.sheet} v{self.number}"


class Item(models.Model):
    """One question of a form."""

    version = models.ForeignKey(SheetVersion, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    section = models.CharField(_("section"), max_length=60, blank=True)
    section_en = models.CharField(_("section (English)"), max_length=80, blank=True)
    code = models.SlugField(_("code"), max_length=40)
    text_zh = models.CharField(_("text (Chinese)"), max_length=200)
    text_en = models.CharField(_("text (English)"), max_length=200, blank=True)
    answer_type = models.CharField(_("answer"), max_length=10, choices=AnswerType.choices)
    options = models.JSONField(_("options"), default=list, blank=True)  # [{"code", "zh", "en"}] of a choice
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    low = models.DecimalField(_("lowest plausible"), max_digits=14, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(_("highest plausible"), max_digits=14, decimal_places=4, null=True, blank=True)
    is_required = models.BooleanField(_("required"), default=True)
    is_increasing = models.BooleanField(_("never falls (meter)"), default=False)
    photo_on_failure = models.BooleanField(_("photo on failure"), default=False)
    severity = models.CharField(_("severity"), max_length=8, choices=ItemSeverity.choices, default=ItemSeverity.MINOR)
    is_veto = models.BooleanField(_("red line"), default=False)
    weight = models.DecimalField(_("weight"), max_digits=7, decimal_places=2, default=1)
    points = models.DecimalField(_("points possible"), max_digits=7, decimal_places=2, default=1)
    deductions = models.JSONField(_("deductions"), default=list, blank=True)  # [{"code", "zh", "en", "points"}]
    limit = models.PositiveSmallIntegerField(_("limit"), null=True, blank=True)  # see rules.items.ItemSpec
    tolerance_low = models.DecimalField(_("tolerance from"), max_digits=14, decimal_places=4, null=True, blank=True)
    tolerance_high = models.DecimalField(_("tolerance to"), max_digits=14, decimal_places=4, null=True, blank=True)
    condition_code = models.SlugField(_("only after item"), max_length=40, blank=True)
    condition_value = models.CharField(_("only after answer"), max_length=40, blank=True)
    clause = models.ForeignKey(Clause, null=True, blank=True, on_delete=models.PROTECT, related_name="items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="item_code_once")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text_zh
