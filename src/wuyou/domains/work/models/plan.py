"""What a project is bound to, and the plan that follows from it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Place, Post, Staff, Team, Zone
from wuyou.domains.sheets.models import SheetVersion
from wuyou.domains.standards.models import Clause, Grade, StandardVersion
from wuyou.domains.work.choices import GapReason, Layer, PlanState


class Binding(models.Model):
    """A project follows a version of a standard (at a grade) from a date, perhaps to a date."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="bindings")
    layer = models.CharField(_("layer"), max_length=12, choices=Layer.choices)
    version = models.ForeignKey(StandardVersion, on_delete=models.PROTECT, related_name="bindings")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="bindings")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    bound_by = models.CharField(_("bound by"), max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "version"], condition=Q(ends_on__isnull=True), name="binding_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="binding_ends_after_start",
                violation_error_message=_("A binding cannot end before it starts."),
            ),
        ]


class Deviation(models.Model):
    """One clause of a binding has another value here, with a reason; a statutory duty names who does it instead."""

    binding = models.ForeignKey(Binding, on_delete=models.PROTECT, related_name="deviations")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="deviations")
    value = models.CharField(_("value"), max_length=120)  # a value as the standard's, or "-": not done by us
    reason = models.CharField(_("reason"), max_length=300)
    done_by = models.CharField(_("who does it instead"), max_length=120, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["binding", "clause"], condition=Q(ended_at__isnull=True), name="deviation_once"
            )
        ]


class Plan(models.Model):
    """The plan of a project in one version: drafted, reviewed, published from a day, superseded by the next."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    effective_from = models.DateField(_("from"), null=True, blank=True)
    effective_to = models.DateField(_("to"), null=True, blank=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=80, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)  # why it was sent back
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=80, blank=True)
    generated_until = models.DateTimeField(null=True, blank=True)  # obligations that open before this exist

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="plan_number_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(state="published"), name="plan_one_published"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state__in=["draft", "review"]), name="plan_one_in_preparation"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(effective_from__isnull=False, published_at__isnull=False),
                name="plan_published_has_dates",
            ),
        ]


class Schedule(models.Model):
    """A cadence with its anchor, shared by all lines that have the same; its windows are computed once."""

    cadence = models.CharField(max_length=160)
    anchor = models.DateField()
    # windows that open on the days from the first to before the last of these are in the table
    computed_from = models.DateField(null=True, blank=True)
    computed_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cadence", "anchor"], name="schedule_once")]


class Window(models.Model):
    """One [opens, due) of a schedule; tasks are made by joining lines to these."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="windows")
    opens = models.DateTimeField()
    due = models.DateTimeField()
    day = models.DateField()  # the Shanghai day in which it falls due: compliance counts it there
    seq = models.PositiveSmallIntegerField(default=1)
    middle = models.DateTimeField()  # a plan that begins before it still owes this window
    kind = models.CharField(max_length=10, default="regular")  # or "scrap": the thing is to be replaced

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "opens", "seq"], name="window_once")]
        indexes = [models.Index(fields=["opens"])]


class PlanLine(models.Model):
    """An activity at one place, asset or the project: how often, who, how long, proven how."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="lines")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="plan_lines")
    key = models.CharField(max_length=120)  # activity + target: the same line in the next version of the plan
    title = models.CharField(_("what"), max_length=200)
    activity = models.CharField(_("activity"), max_length=40)
    subject_name = models.CharField(_("subject"), max_length=60, blank=True)
    clause = models.ForeignKey(Clause, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    layer = models.CharField(_("layer"), max_length=12, choices=Layer.choices, blank=True)  # of the leading clause
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    zone = models.ForeignKey(Zone, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    post = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    assignee = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    crew = models.CharField(_("crew"), max_length=90, blank=True)  # team, or team/job: workload is counted by it
    cadence = models.CharField(_("frequency"), max_length=160)
    anchor = models.DateField(null=True, blank=True)
    is_triggered = models.BooleanField(_("only when it happens"), default=False)
    per_year = models.DecimalField(_("times a year"), max_digits=12, decimal_places=4, default=0)
    schedule = models.ForeignKey(Schedule, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    minutes = models.DecimalField(_("minutes"), max_digits=8, decimal_places=1)
    evidence = models.CharField(_("evidence"), max_length=20, blank=True)
    qualification = models.CharField(_("qualification"), max_length=60, blank=True)
    sheet_version = models.ForeignKey(SheetVersion, null=True, blank=True, on_delete=models.PROTECT)
    is_custom = models.BooleanField(_("without a clause"), default=False)
    # the same line in the plan before, whose obligations up to the change stay as they are
    continues = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="continued")
    overrides = models.JSONField(_("changed by hand"), default=dict, blank=True)  # field → value in the plan
    override_reason = models.CharField(_("why it was changed"), max_length=300, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)  # its place was closed, its device scrapped

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="line_key_once")]
        indexes = [models.Index(fields=["project", "activity"])]

    def __str__(self) -> str:
        return self.title


class LineClause(models.Model):
    """A clause this line proves: the strictest leads, the others are covered by it."""

    line = models.ForeignKey(PlanLine, on_delete=models.PROTECT, related_name="proofs")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="proofs")
    layer = models.CharField(max_length=12, choices=Layer.choices)
    cadence = models.CharField(_("frequency asked"), max_length=160)
    is_leading = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "clause"], name="line_clause_once")]


class PlanGap(models.Model):
    """A clause that has no line (or no good one) in a plan, and why: coverage (spec 03)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="gaps")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="gaps")
    layer = models.CharField(_("layer"), max_length=12, choices=Layer.choices)
    why = models.CharField(_("why"), max_length=20, choices=GapReason.choices)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    count = models.PositiveIntegerField(_("how many"), default=1)

    class Meta:
        indexes = [models.Index(fields=["plan", "why"])]


class PlanPost(models.Model):
    """A post that clauses ask to be staffed; it costs heads, not tasks."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="posts")
    key = models.CharField(max_length=120)
    activity = models.CharField(_("activity"), max_length=40)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="needed_posts")
    crew = models.CharField(_("crew"), max_length=90, blank=True)
    hours_per_day = models.DecimalField(_("hours a day"), max_digits=4, decimal_places=1)
    days_per_week = models.PositiveSmallIntegerField(_("days a week"), default=7)
    heads = models.PositiveSmallIntegerField(_("heads at a time"))
    qualification = models.CharField(_("qualification"), max_length=60, blank=True)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="needed_posts")  # asks for most
    clause_ids = models.JSONField(default=list)  # every clause it answers, the first included

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="plan_post_once")]


class WorkloadSetting(models.Model):
    """What a head works in a year at a project, where the company knows better than the defaults."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, primary_key=True, related_name="workload_setting")
    yearly_hours = models.PositiveSmallIntegerField(_("standard hours a year"), default=1984)
    leave_days = models.PositiveSmallIntegerField(_("days of leave a year"), default=5)
    absence_percent = models.DecimalField(_("other absence (%)"), max_digits=4, decimal_places=1, default=2)
    day_minutes = models.PositiveSmallIntegerField(_("minutes of a shift"), default=480)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(yearly_hours__gt=F("leave_days") * 8) & Q(absence_percent__lt=100) & Q(day_minutes__gt=0),
                name="workload_leaves_hours",
                violation_error_message=_("Leave and absence must leave hours to work."),
            )
        ]
