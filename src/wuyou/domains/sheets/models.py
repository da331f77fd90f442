"""Versioned forms whose answers are checked (and later scored): a task keeps the version it was opened with."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.standards.models import Clause

from .choices import AnswerType, SheetState


class Sheet(models.Model):
    """A form. `activity` makes it the checklist of tasks with that activity; shipped ones have no owner node."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)
    activity = models.SlugField(_("activity"), max_length=40, blank=True, db_index=True)
    node = models.ForeignKey(Node, null=True, blank=True, on_delete=models.PROTECT, related_name="sheets")

    def __str__(self) -> str:
        return self.name_zh


class SheetVersion(models.Model):
    """An edition of a form; once issued it never changes."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=SheetState.choices, default=SheetState.DRAFT)
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
    clause = models.ForeignKey(Clause, null=True, blank=True, on_delete=models.PROTECT, related_name="items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="item_code_once")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text_zh
