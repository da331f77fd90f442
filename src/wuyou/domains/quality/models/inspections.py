"""Inspections, what was answered, and their scores; a score is superseded, never overwritten (spec 05)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.quality.choices import InspectionState, Level
from wuyou.domains.registry.models import Place
from wuyou.domains.sheets.models import Item, SheetVersion

from .campaigns import Campaign, Target


class Inspection(models.Model):
    """A filled sheet about a project by an inspector in a campaign (检查). `campaign` is empty for a self-check.

    A second inspection of the same (`second_of`) shows how far two inspectors agree: it makes no findings and counts in
    no score but its own.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="inspections", db_index=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="inspections")
    target = models.ForeignKey(Target, null=True, blank=True, on_delete=models.PROTECT, related_name="inspections")
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    sheet_version = models.ForeignKey(SheetVersion, on_delete=models.PROTECT, related_name="inspections")
    second_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="seconds")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inspections")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="inspections")
    state = models.CharField(
        _("state"), max_length=10, choices=InspectionState.choices, default=InspectionState.UNDER_WAY
    )
    day = models.DateField(_("day"))
    started_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    signed_as = models.CharField(_("signed"), max_length=60, blank=True)
    void_because = models.CharField(_("why it is void"), max_length=300, blank=True)
    is_hidden = models.BooleanField(default=False)  # from the project, until published (mystery visit)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)  # the score in force
    is_vetoed = models.BooleanField(_("veto"), default=False)
    revision = models.PositiveIntegerField(default=0)  # counts saved sections
    client_id = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "published"]) | Q(submitted_at__isnull=False),
                name="inspection_submitted_has_time",
            ),
            models.CheckConstraint(condition=~Q(state="void") | ~Q(void_because=""), name="inspection_void_says_why"),
            models.UniqueConstraint(fields=["second_of"], condition=~Q(state="void"), name="inspection_second_once"),
        ]
        indexes = [
            models.Index(fields=["project", "day"], name="inspection_project_day"),
            models.Index(fields=["state", "day"], name="inspection_state_day"),
        ]

    def __str__(self) -> str:
        return self.number


class InspectionAnswer(models.Model):
    """What the inspector answered to one item, as the sheet stores it; an empty value is a photo without an answer yet.

    `verdict` is pass, fail or na for items that can fail, else empty. `revision` is that of the inspection when this
    answer was last written: whoever saves over a newer one is told.
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="answers", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="inspection_answers")
    value = models.CharField(max_length=300, blank=True)
    number = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    verdict = models.CharField(max_length=4, blank=True)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="inspection_answers")
    revision = models.PositiveIntegerField(default=0)
    note = models.CharField(_("note"), max_length=500, blank=True)
    photos = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["inspection", "item"], name="inspection_answer_once")]


class Score(models.Model):
    """A score an inspection had, with its whole arithmetic; the newest is in force (append-only)."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="scores")
    value = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True)
    is_vetoed = models.BooleanField(default=False)
    tree = models.JSONField()  # kernel.explain
    reason = models.CharField(_("why it was scored again"), max_length=300, blank=True)
    cause_kind = models.CharField(max_length=40, blank=True)  # such as `appeal`
    cause_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
