"""Findings and how they are corrected (spec 05; ISO 9001, 10.2)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.quality.choices import (
    Cause,
    ExtensionState,
    FindingState,
    Hazard,
    Remedy,
    SimilarState,
    SourceKind,
)
from wuyou.domains.registry.models import Contractor, Place, Staff, Team, Zone
from wuyou.domains.standards.models import Clause
from wuyou.domains.work.choices import Severity

from .inspections import Inspection, InspectionAnswer


class Finding(models.Model):
    """What an inspection, patrol, complaint or incident showed to be wrong (不合格项)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="findings", db_index=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    source = models.CharField(_("source"), max_length=10, choices=SourceKind.choices)
    source_id = models.BigIntegerField(null=True, blank=True)  # of the problem, ticket or incident
    source_label = models.CharField(max_length=60, blank=True)
    inspection = models.ForeignKey(Inspection, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    answer = models.OneToOneField(
        InspectionAnswer, null=True, blank=True, on_delete=models.PROTECT, related_name="finding"
    )
    clause = models.ForeignKey(Clause, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    contractor = models.ForeignKey(Contractor, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    owner = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="findings")
    text = models.CharField(_("what is wrong"), max_length=500)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    remedy = models.CharField(_("remedy"), max_length=8, choices=Remedy.choices)
    hazard = models.CharField(_("hazard"), max_length=8, choices=Hazard.choices, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    deadline = models.DateTimeField(_("deadline"))
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)  # doubles with every repetition
    repeat_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeats")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    is_hidden = models.BooleanField(default=False)  # from the project, until its inspection is published
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="findings"
    )
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    void_because = models.CharField(_("why it is void"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False), name="finding_merged_says_where"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="finding_closed_has_time"
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="finding_weight_positive"),
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=Q(source__in=["problem", "ticket", "incident"]),
                name="finding_source_once",
                violation_error_message=_("A finding was made of this already."),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "state", "deadline"], name="finding_project_state"),
            models.Index(fields=["project", "found_at"], name="finding_project_found"),
            models.Index(fields=["state", "deadline"], name="finding_state_deadline"),
            models.Index(fields=["project", "clause", "place"], name="finding_same"),
        ]

    def __str__(self) -> str:
        return self.number


class Correction(models.Model):
    """How a finding is put right: contained, cause, action, proof, verified by somebody else, effect checked (整改)."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="correction")
    containment = models.CharField(_("what was done at once"), max_length=500, blank=True)
    cause = models.CharField(_("category of the cause"), max_length=12, choices=Cause.choices, blank=True)
    whys = models.JSONField(_("five whys"), default=list, blank=True)
    action = models.CharField(_("corrective action"), max_length=500, blank=True)
    action_owner = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    action_due = models.DateField(_("action due"), null=True, blank=True)
    proof = models.CharField(_("what was done"), max_length=500, blank=True)
    proved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections_proved"
    )
    proved_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="corrections_verified"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    verify_note = models.CharField(_("note of who verified"), max_length=500, blank=True)
    rejections = models.PositiveSmallIntegerField(default=0)
    effect_due = models.DateField(_("effect to be checked on"), null=True, blank=True)
    is_effective = models.BooleanField(_("effective"), null=True, blank=True)  # empty until it was looked at
    effect_note = models.CharField(_("effect"), max_length=500, blank=True)


class Extension(models.Model):
    """A wish for more time: asked before the deadline, decided by somebody above."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateTimeField(_("new deadline"))
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(_("state"), max_length=8, choices=ExtensionState.choices, default=ExtensionState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="extensions_asked")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="extensions_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding"], condition=Q(state="asked"), name="extension_one_asked"),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(decided_at__isnull=False), name="extension_decided_has_time"
            ),
        ]


class Explanation(models.Model):
    """Why a finding was still open at the next inspection, and what will be done; without one in time it counts again.

    Owed while `at` is empty and `counts_again` is false.
    """

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="explanations")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="explanations")
    text = models.CharField(_("explanation"), max_length=500, blank=True)
    remedy = models.CharField(_("what will be done"), max_length=500, blank=True)
    due_at = models.DateTimeField(_("due"))
    counts_again = models.BooleanField(_("counts again"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="explanations"
    )
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "inspection"], name="explanation_once"),
            models.CheckConstraint(
                condition=Q(at__isnull=True) | (~Q(text="") & ~Q(remedy="")), name="explanation_says_both"
            ),
        ]
        indexes = [models.Index(fields=["counts_again", "at", "due_at"], name="explanation_owed")]


class SimilarPlace(models.Model):
    """A similar place to be looked at because of a finding (举一反三)."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="similar")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="similar_findings")
    state = models.CharField(_("state"), max_length=4, choices=SimilarState.choices, default=SimilarState.OWED)
    note = models.CharField(_("note"), max_length=300, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="similar_looked"
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    led_to = models.ForeignKey(
        Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="found_by_similarity"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "place"], name="similar_place_once")]
