"""Appeals against a decision, and the ladder they climb (spec 05)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.quality.choices import AppealState, Outcome, Step


class Appeal(models.Model):
    """A challenge to a score, finding or penalty, named by an opaque reference (申诉)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="appeals")
    number = models.CharField(_("number"), max_length=40, unique=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=120)
    decided_at = models.DateTimeField()  # the decision that is challenged
    grounds = models.TextField(_("grounds"), max_length=3000)
    wanted = models.CharField(_("what is asked for"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=AppealState.choices, default=AppealState.FILED)
    ladder = models.JSONField(default=list)  # [{"step", "role", "days"}], as it stood when the appeal was filed
    not_by = models.JSONField(default=list)  # users who made the decision: they decide nothing here
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals")
    filed_at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome.choices, blank=True)
    amended_to = models.JSONField(null=True, blank=True)  # what takes the place of the decision
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(state="filed"),
                name="appeal_one_open",
                violation_error_message=_("An appeal against this is open already."),
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | (~Q(outcome="") & Q(closed_at__isnull=False)),
                name="appeal_decided_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class AppealStage(models.Model):
    """One step of the ladder: who may decide, until when, what was said; no answer in time climbs."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField()
    step = models.CharField(_("step"), max_length=16, choices=Step.choices)
    role = models.CharField(max_length=40)
    due_at = models.DateTimeField(_("due"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)  # nobody answered in time
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome.choices, blank=True)
    reasons = models.TextField(_("reasons"), max_length=3000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appeal", "position"], name="appeal_stage_once"),
            models.CheckConstraint(
                condition=Q(outcome="") | (Q(decided_at__isnull=False) & ~Q(reasons="")),
                name="appeal_stage_has_reasons",
            ),
        ]
        ordering = ["position"]
