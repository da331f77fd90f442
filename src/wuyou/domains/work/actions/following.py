"""What a plan in force waits for, and what changes under it (spec 03, Plan and Tasks)."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import require
from wuyou.domains.registry.models import Place
from wuyou.domains.work import policies
from wuyou.domains.work.choices import TaskState
from wuyou.domains.work.models import Plan, PlanLine, Task
from wuyou.domains.work.queries.plan import plan_in_force
from wuyou.domains.work.windows import day_of
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.cadence import OnCondition, parse
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .generation import FROM_LINE
from .plan import record, withdraw
from .rollups import mark_stale

A_DAY = timedelta(hours=24)


@action
def trigger(
    lines: QuerySet[PlanLine],
    *,
    reason: str,
    by: Actor,
    at: datetime | None = None,
    within: timedelta = timedelta(hours=24),
) -> int:
    """Make the tasks of lines that wait for something to happen: snow, a trapped passenger, a decoration job.

    They open `at` (now by default) and are due `within` that. Gives how many were made. Raises Denied; Invalid without
    a reason, for lines of a plan that is not in force and for lines that follow a schedule; Conflict for the same
    trigger twice.
    """
    found = list(lines.select_related("plan__project"))
    moment = at or clock.now()
    _check_trigger(found, reason, within, by)
    rows = [row for line in found for row in _triggered(line, moment, moment + within, reason)]
    if Task.objects.filter(line__in=found, opens=moment).exists():
        raise Conflict(_("This was triggered at the same moment already."))
    Task.objects.bulk_create(rows)
    plan = found[0].plan
    mark_stale(plan.project_id, [row.day for row in rows])
    record("work.triggered", plan, by, {"reason": reason, "lines": [line.key for line in found], "tasks": len(rows)})
    return len(rows)


def _check_trigger(lines: list[PlanLine], reason: str, within: timedelta, by: Actor) -> None:
    if not lines:
        raise Invalid(_("Choose at least one line."))
    for project in {line.plan.project for line in lines}:
        require(by, policies.ASSIGN_TASKS, project)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say what happened.")})
    if within <= timedelta(0):
        raise Invalid(fields={"within": _("The time to do it must be positive.")})
    if any(not line.is_triggered for line in lines):
        raise Invalid(_("A line with a schedule makes its tasks by itself."))
    plans = {line.plan_id for line in lines}
    if plans != {plan.pk for plan in [plan_in_force(lines[0].project)] if plan}:
        raise Invalid(_("Only lines of the plan in force can be triggered."))


def _triggered(line: PlanLine, opens: datetime, due: datetime, reason: str) -> list[Task]:
    reading = parse(line.cadence)
    times = reading.times if isinstance(reading, OnCondition) else 1
    values = {name: getattr(line, name) for name in FROM_LINE}
    day = day_of(due)
    title = f"{line.title} · {reason.strip()}"[:200]
    return [
        Task(line=line, title=title, opens=opens, due=due, day=day, seq=seq, **values) for seq in range(1, times + 1)
    ]


@action
def reconcile(project: Project, *, by: Actor) -> dict[str, int]:
    """Follow what changed under the plan in force: closed places, scrapped devices, moved zones, people who left.

    Lines of closed things end today and their later open tasks are withdrawn; zones and people of future open tasks
    follow. What was already opened or done stays. Raises Denied; gives what was changed.
    """
    policies.check_edit_plan(by, project)
    running = Q(effective_to__isnull=True) | Q(effective_to__gte=clock.today())
    plans = Plan.objects.select_for_update().filter(running, project=project, published_at__isnull=False)
    total: Counter[str] = Counter()
    for plan in plans.order_by("id"):
        counts = {name: found for name, found in _follow(plan).items() if found}
        total.update(counts)
        if counts:
            record("work.plan_reconciled", plan, by, counts)
    return dict(total)


def _follow(plan: Plan) -> dict[str, int]:
    lines = PlanLine.objects.filter(plan=plan)
    gone = Q(place__closed_on__isnull=False) | Q(asset__state="scrapped") | Q(asset__place__closed_on__isnull=False)
    later = Task.objects.filter(line__plan=plan, opens__gt=clock.now(), state=TaskState.OPEN)
    ended = list(lines.filter(gone, ends_on__isnull=True).values_list("id", flat=True))
    withdrawn = withdraw(later.filter(line__in=ended), why=_now("The place or device is no longer there."))
    lines.filter(pk__in=ended).update(ends_on=clock.today())
    left = Q(assignee__left_on__isnull=False, assignee__left_on__lte=clock.today())
    return {
        "ended": len(ended),
        "withdrawn": withdrawn,
        "reopened": lines.filter(ends_on__isnull=False).exclude(gone).update(ends_on=None),
        "zones": _follow_zones(lines, later),
        "people": later.filter(left).update(assignee=None) + lines.filter(left).update(assignee=None),
    }


def _follow_zones(lines: QuerySet[PlanLine], later: QuerySet[Task]) -> int:
    """Lines whose place was put into another zone, and their future open tasks."""
    zone = Place.objects.filter(pk=OuterRef("place_id")).values("zone_id")[:1]
    moved = lines.filter(place__zone__isnull=False).exclude(zone_id=F("place__zone_id"))
    ids = list(moved.values_list("id", flat=True))
    lines.filter(pk__in=ids).update(zone_id=Subquery(zone))
    later.filter(line__in=ids).update(zone_id=Subquery(zone))
    return len(ids)
