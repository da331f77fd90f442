"""Who is appraised by what, month by month, and every score a month had (spec 06)."""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import PeriodState, SubjectKind
from wuyou.domains.contracts.models import Contract
from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Contractor, Staff, Team

from .schemes import Scheme, SchemeVersion


class LongText(models.TextField):  # type: ignore[type-arg]  # Django cannot be subscripted at run time
    """A column of texts of many kB, each sent by itself: within an array, quoting one takes 2 ms."""

    def get_placeholder(self, _value: object, _compiler: object, _connection: object) -> str:
        """A value of its own; that there is this method keeps the driver from arrays."""
        return "%s"

    def deconstruct(self) -> Any:
        """In the database it is a text like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class Enrolment(models.Model):
    """A project, contractor, team or person under a scheme from a day on; both days are inclusive."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="enrolments")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="enrolments")
    kind = models.CharField(_("who is appraised"), max_length=10, choices=SubjectKind.choices)
    contractor = models.ForeignKey(
        Contractor, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments")
    staff = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments")
    contract = models.ForeignKey(Contract, null=True, blank=True, on_delete=models.PROTECT, related_name="enrolments")
    klass = models.CharField(_("class of comparable ones"), max_length=40, blank=True)
    label = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="enrolment_ends_after_start",
                violation_error_message=_("It cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(kind="project", team__isnull=True, staff__isnull=True)
                | Q(kind="contractor", team__isnull=True, staff__isnull=True)
                | Q(kind="team", team__isnull=False, staff__isnull=True)
                | Q(kind="person", team__isnull=True, staff__isnull=False),
                name="enrolment_names_its_subject",
            ),
        ]
        indexes = [models.Index(fields=["project", "kind"], name="enrolment_project_kind")]
        ordering = ["project_id", "label", "id"]

    def __str__(self) -> str:
        return self.label


class Period(models.Model):
    """One month of one enrolment under the version it was opened with; the score in force is copied here."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="periods", db_index=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="periods", db_index=False)
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="periods")
    month = models.DateField(_("month"))  # its first day
    state = models.CharField(_("state"), max_length=10, choices=PeriodState.choices, default=PeriodState.OPEN)
    days_present = models.PositiveSmallIntegerField(_("days present"))
    days_of = models.PositiveSmallIntegerField(_("days of the month"))
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2, null=True, blank=True)
    band = models.CharField(_("band"), max_length=40, blank=True)
    is_vetoed = models.BooleanField(_("veto"), default=False)
    place = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)
    place_of = models.PositiveSmallIntegerField(default=0)
    is_last = models.BooleanField(_("for the review of the last places"), default=False)
    is_stale = models.BooleanField(default=False)  # something it was computed from has changed
    stale_because = models.CharField(max_length=300, blank=True)
    stale_cause_kind = models.CharField(max_length=40, blank=True)
    stale_cause_id = models.BigIntegerField(null=True, blank=True)
    disclosed_at = models.DateTimeField(null=True, blank=True)
    disclosed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="periods_disclosed"
    )
    appeal_until = models.DateTimeField(_("appeals until"), null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "month"], name="period_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["disclosed", "published", "final"]) | Q(disclosed_at__isnull=False),
                name="period_disclosed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "final"]) | Q(published_at__isnull=False),
                name="period_published_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "month"], name="period_project_month"),
            models.Index(fields=["month", "state"], name="period_month_state"),
            models.Index(fields=["is_stale"], condition=Q(is_stale=True), name="period_stale"),
        ]
        ordering = ["-month", "enrolment_id"]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.month:%Y-%m}"

    @property
    def next_month(self) -> dt.date:
        """The first day after the month."""
        return (self.month + dt.timedelta(days=31)).replace(day=1)


class Score(models.Model):
    """A score a month had, with its whole tree; the newest is in force (append-only)."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="scores")
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2, null=True)
    band = models.CharField(_("band"), max_length=40, blank=True)
    points_band = models.CharField(max_length=40, blank=True)
    vetoes = models.JSONField(default=list)
    tree_text = LongText()  # JSON as it was computed: kernel.explain; docs/reference/explain.md
    digest = models.CharField(max_length=64)  # of the tree: what stays the same is not scored again
    reason = models.CharField(_("why it was scored again"), max_length=300, blank=True)
    cause_kind = models.CharField(max_length=40, blank=True)  # such as `appeal` or `inspection`
    cause_id = models.BigIntegerField(null=True, blank=True)
    by_label = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    @property
    def tree(self) -> dict[str, Any]:
        """The tree as JSON values."""
        found: dict[str, Any] = json.loads(self.tree_text)
        return found


class Ruling(models.Model):
    """What an appeal made of a month's points: another number, or none at all; the newest holds."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="rulings")
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2, null=True, blank=True)
    appeal_id = models.BigIntegerField()
    appeal_label = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
