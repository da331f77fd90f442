"""Appeals against a decision, and the ladder they climb (spec 05)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project
from wuyou.domains.quality.choices import AppealState, Outcome, Step


class AppealLadder(models.Model):
    """What a company says differently about appeals from a date: who decides in which order, and how long each has."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="appeal_ladders")
    starts_on = models.DateField(_("from"))
    days = models.PositiveSmallIntegerField(_("working days to appeal within"))
    steps = models.JSONField(_("steps"), default=list)  # [{"step", "role", "days"}], the lowest first

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "starts_on"],
                name="appeal_ladder_once",
                violation_error_message=_("There is a ladder from this day already."),
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="appeal_ladder_has_days"),
        ]


class Appeal(models.Model):
    """A challenge to a score, finding or penalty, named by an opaque reference (申诉)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="appeals")
    number = models.CharField(_("number"), max_length=40, unique=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    subject_label = models.CharField(max_length=120)
    decided_at = models.DateTimeField()  # when the decision that is challenged was made known
    grounds = models.TextField(_("grounds"), max_length=3000)
    wanted = models.CharField(_("what is asked for"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=AppealState.choices, default=AppealState.FILED)
    ladder = models.JSONField(default=list)  # [{"step", "role", "days"}], as it stood when the appeal was filed
    limit_days = models.PositiveSmallIntegerField(_("working days to appeal within"))
    not_by = models.JSONField(default=list)  # users who made the decision or whom it is about: they decide nothing here
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals")
    filed_at = models.DateTimeField()
    stuck_at = models.DateTimeField(null=True, blank=True)  # nobody of the ladder is left: somebody has to be named
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome.choices, blank=True)
    amended_to = models.JSONField(null=True, blank=True)  # what takes the place of the decision
    closed_at = models.DateTimeField(null=True, blank=True)
    further_until = models.DateTimeField(null=True, blank=True)  # upheld: until when it may be taken a step further

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
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="appeal_subject")]

    def __str__(self) -> str:
        return self.number


class AppealStage(models.Model):
    """One step of the ladder: who may decide, until when, what was said; no answer in time climbs.

    A step with nobody left to decide is entered too, lapsed at once and `is_empty`, so that the climb can be seen.
    """

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="stages")
    position = models.PositiveSmallIntegerField()
    step = models.CharField(_("step"), max_length=16, choices=Step.choices)
    role = models.CharField(max_length=40, blank=True)
    appointee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals_appointed"
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="appeals_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    lapsed_at = models.DateTimeField(null=True, blank=True)  # nobody answered in time, or nobody was there
    is_empty = models.BooleanField(default=False)
    outcome = models.CharField(_("outcome"), max_length=6, choices=Outcome.choices, blank=True)
    reasons = models.TextField(_("reasons"), max_length=3000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appeal", "position"], name="appeal_stage_once"),
            models.CheckConstraint(
                condition=Q(outcome="") | (Q(decided_at__isnull=False) & ~Q(reasons="")),
                name="appeal_stage_has_reasons",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(lapsed_at__isnull=True), name="appeal_stage_one_end"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(decided_at__isnull=True, lapsed_at__isnull=True),
                name="appeal_stage_waiting",
            )
        ]
        ordering = ["position"]
