"""Improvement projects: plan, do, check, standardise, and what was learnt (spec 05)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.quality.choices import ImprovementState, ProposalState
from wuyou.domains.registry.models import Staff
from wuyou.domains.standards.models import Clause, StandardVersion

from .findings import Finding


class Improvement(models.Model):
    """A problem worth more than one correction (PDCA)."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="improvements")
    number = models.CharField(_("number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    problem = models.TextField(_("problem"), max_length=3000)
    metric = models.CharField(_("metric"), max_length=60)  # of the metric registry
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=4)
    before_from = models.DateField(_("baseline from"))
    before_to = models.DateField(_("baseline to"))
    after_from = models.DateField(_("check from"), null=True, blank=True)
    after_to = models.DateField(_("check to"), null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="improvements")
    ends_on = models.DateField(_("to"))
    state = models.CharField(_("state"), max_length=8, choices=ImprovementState.choices, default=ImprovementState.PLAN)
    baseline = models.JSONField(null=True, blank=True)  # the metric as it was when the work began: its numbers
    result = models.JSONField(null=True, blank=True)  # before, after, difference, interval, verdict, with their numbers
    dropped_because = models.CharField(_("why it was dropped"), max_length=300, blank=True)
    findings = models.ManyToManyField(Finding, blank=True, related_name="improvements")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="improvement_closed"
            ),
            models.CheckConstraint(
                condition=Q(before_to__gte=F("before_from")),
                name="improvement_baseline_ends_after_start",
                violation_error_message=_("A period cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(after_from__isnull=True, after_to__isnull=True)
                | Q(after_from__gt=F("before_to"), after_to__gte=F("after_from")),
                name="improvement_checked_after_baseline",
                violation_error_message=_("The period to check comes after the baseline."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Measure(models.Model):
    """One measure of an improvement project."""

    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="measures")
    text = models.CharField(_("measure"), max_length=300)
    owner = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="measures")
    due_on = models.DateField(_("due"))
    done_on = models.DateField(_("done"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)


class Proposal(models.Model):
    """A change to a standard that an improvement project proposes."""

    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, related_name="proposals")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="proposals")
    text = models.CharField(_("what should be said instead"), max_length=300)
    state = models.CharField(_("state"), max_length=8, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals_decided"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # the draft it went into; empty when somebody still has to write it there
    version = models.ForeignKey(
        StandardVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="proposals"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(decided_at__isnull=False), name="proposal_decided_has_time"
            )
        ]


class Lesson(models.Model):
    """What was learnt, to be found again."""

    improvement = models.ForeignKey(
        Improvement, null=True, blank=True, on_delete=models.PROTECT, related_name="lessons"
    )
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="lessons")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("lesson"), max_length=3000)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lessons")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title
