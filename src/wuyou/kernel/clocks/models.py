"""The table of days, and clocks with their pauses and escalations (spec 02)."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .choices import FESTIVALS, DayKind, Hours, PauseReason, Status
from .rules import Rung, Times, status


class CalendarDay(models.Model):
    """A day that differs from plain weeks; `confirmed` once the State Council has announced its year."""

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=DayKind.choices)
    name = models.CharField(_("name"), max_length=40)
    confirmed = models.BooleanField(_("announced"), default=False)
    source = models.CharField(_("source"), max_length=120)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.label}"

    @property
    def label(self) -> str:
        """The festival's name in the language active now."""
        return str(FESTIVALS.get(self.name, self.name))


class Clock(models.Model):
    """One promise of time about one case; it names the case by kind and id and the project by id.

    Its status is computed when it is read; `warned_at`, `breached_at` and `level` only say what has been announced.
    """

    case_kind = models.CharField(_("kind of case"), max_length=40)
    case_id = models.BigIntegerField(_("case"))
    case_label = models.CharField(_("case label"), max_length=120)
    project_id = models.BigIntegerField(_("project"))
    chain = models.CharField(_("journal chain"), max_length=60)
    kind = models.CharField(_("kind"), max_length=30)
    hours = models.CharField(_("hours counted"), max_length=8, choices=Hours.choices)
    # the hours that were promised when the clock started: changing a project's hours does not move running clocks
    service_hours = models.JSONField(_("service hours"), default=dict, blank=True)
    target_seconds = models.BigIntegerField(_("target (s)"))
    warn_percent = models.PositiveSmallIntegerField(_("warning at (%)"), default=80)
    ladder = models.JSONField(_("escalation ladder"), default=list, blank=True)
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"))
    warn_at = models.DateTimeField(_("warning"))
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    warned_at = models.DateTimeField(_("warning announced"), null=True, blank=True)
    breached_at = models.DateTimeField(_("breach announced"), null=True, blank=True)
    level = models.PositiveSmallIntegerField(_("escalation level"), default=0)
    # when the sweep has to look at it next; empty when nothing is left to announce
    next_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case_kind", "case_id", "kind"],
                condition=Q(stopped_at__isnull=True),
                name="clock_runs_once",
                violation_error_message=_("This clock is running already."),
            ),
            models.CheckConstraint(condition=Q(target_seconds__gt=0), name="clock_has_target"),
            models.CheckConstraint(condition=Q(warn_at__lte=F("due_at")), name="clock_warns_before_due"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(paused_at__isnull=True), name="clock_stopped_not_paused"
            ),
        ]
        indexes = [
            models.Index(fields=["case_kind", "case_id"], name="clock_case"),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="clock_next"),
            models.Index(fields=["project_id", "due_at"], condition=Q(stopped_at__isnull=True), name="clock_open"),
        ]

    def __str__(self) -> str:
        return f"{self.case_label} {self.kind}"

    @property
    def target(self) -> timedelta:
        """Counted time allowed."""
        return timedelta(seconds=self.target_seconds)

    @property
    def times(self) -> Times:
        """Its moments, as the rules take them."""
        return Times(due=self.due_at, warn=self.warn_at, paused=self.paused_at, stopped=self.stopped_at)

    @property
    def rungs(self) -> list[Rung]:
        """Its escalation ladder."""
        return [Rung(role, timedelta(seconds=seconds)) for role, seconds in self.ladder]

    def status(self, now: datetime) -> Status:
        """Where it stands at `now`, whatever has or has not been swept."""
        return status(self.times, now)


class Pause(models.Model):
    """A time during which a clock stood still, and why; the resident sees it and it is counted."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(_("reason"), max_length=12, choices=PauseReason.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["began_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(ended_at__isnull=True), name="pause_open_once"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="pause_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()

    def length(self, now: datetime) -> timedelta:
        """How long it lasted, or has lasted so far."""
        return (self.ended_at or now) - self.began_at


class Escalation(models.Model):
    """A rung of the ladder that was reached: who was told, since when it was due, and when it was noticed."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="escalations")
    level = models.PositiveSmallIntegerField(_("level"))
    to_role = models.CharField(_("role"), max_length=40)
    at = models.DateTimeField(_("since"))
    noticed_at = models.DateTimeField(_("noticed"))

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["clock", "level", "at"], name="escalation_once")]

    def __str__(self) -> str:
        return f"{self.level} {self.to_role}"
