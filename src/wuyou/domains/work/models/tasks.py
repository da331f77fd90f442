"""Obligations and what people did about them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Place, Staff, Team, Zone
from wuyou.domains.sheets.models import Item, SheetVersion
from wuyou.domains.standards.models import Clause
from wuyou.domains.work.choices import AbsenceKind, ProblemState, Review, Severity, SkipReason, TaskResult, TaskState

from .plan import PlanLine


class Task(models.Model):
    """One obligation with an opening and a due time, done with evidence (任务). `line` is empty for a one-off."""

    # db_index=False where an index of the table or a constraint begins with the column
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    line = models.ForeignKey(
        PlanLine, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks", db_index=False
    )
    title = models.CharField(_("what"), max_length=200)
    activity = models.CharField(_("activity"), max_length=40)
    clause = models.ForeignKey(Clause, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    assignee = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks", db_index=False
    )
    opens = models.DateTimeField(_("opens"))
    due = models.DateTimeField(_("due"))
    day = models.DateField(_("day"))
    seq = models.PositiveSmallIntegerField(default=1)
    minutes = models.DecimalField(_("minutes"), max_digits=8, decimal_places=1, default=0)
    evidence = models.CharField(_("evidence"), max_length=20, blank=True)
    qualification = models.CharField(_("qualification"), max_length=60, blank=True)
    sheet_version = models.ForeignKey(SheetVersion, null=True, blank=True, on_delete=models.PROTECT)
    state = models.CharField(_("state"), max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    result = models.CharField(_("result"), max_length=14, choices=TaskResult.choices, blank=True)
    skip_reason = models.CharField(_("reason"), max_length=16, choices=SkipReason.choices, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks_done"
    )
    scanned_at = models.DateTimeField(_("scanned at"), null=True, blank=True)
    batch = models.UUIDField(null=True, blank=True)  # done together with others: their photos prove all of them
    evidence_count = models.PositiveSmallIntegerField(default=0)
    review = models.CharField(_("review"), max_length=10, choices=Review.choices, blank=True, default=Review.NONE)
    review_note = models.CharField(_("review note"), max_length=300, blank=True)
    rejections = models.PositiveSmallIntegerField(default=0)
    client_id = models.UUIDField(null=True, blank=True, unique=True)  # exactly-once from a phone or an API client

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "opens", "seq"], name="task_once"),
            models.CheckConstraint(condition=Q(due__gt=F("opens")), name="task_due_after_opens"),
        ]
        indexes = [
            models.Index(fields=["project", "day", "state"], name="task_project_day"),
            models.Index(fields=["project", "state", "due"], name="task_project_state"),
            models.Index(fields=["project", "due"], name="task_project_due"),
            models.Index(fields=["due", "project"], name="task_due"),  # the lists of those who see many projects
            models.Index(fields=["assignee", "state", "due"], name="task_assignee_due"),
            models.Index(fields=["team", "due"], condition=Q(assignee__isnull=True), name="task_nobodys"),
            # without the state: SQLite uses a partial index only when nothing of its condition is a parameter
            models.Index(fields=["project", "due"], condition=Q(done_at__gte=F("due")), name="task_done_late"),
        ]

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """What somebody answered to an item of the task's sheet; numbers are readings."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="answers")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="task_answers")
    value = models.CharField(max_length=300)
    number = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    is_implausible = models.BooleanField(default=False)
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="readings")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "item"], name="answer_once")]
        indexes = [models.Index(fields=["asset", "item", "at"])]


class Problem(models.Model):
    """What somebody found wrong while doing a task, with a number the finder sees at once."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="problems")
    number = models.CharField(_("number"), max_length=40, unique=True)
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="problems")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="problems")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="problems")
    text = models.CharField(_("what is wrong"), max_length=500)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    state = models.CharField(_("state"), max_length=12, choices=ProblemState.choices, default=ProblemState.REPORTED)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="problems_reported"
    )
    reported_at = models.DateTimeField()
    remedy = models.CharField(_("what was done"), max_length=500, blank=True)

    def __str__(self) -> str:
        return self.number


class Absence(models.Model):
    """Somebody is away on these days (both inclusive)."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="absences")
    kind = models.CharField(_("kind"), max_length=10, choices=AbsenceKind.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_ends_after_start",
                violation_error_message=_("An absence cannot end before it starts."),
            )
        ]
