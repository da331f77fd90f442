"""The way of a plan: review, publishing, superseding the plan before; only the future changes (spec 03, Plan)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import chain_of
from wuyou.domains.work import events, policies
from wuyou.domains.work.choices import PlanState, TaskState
from wuyou.domains.work.flows.plan import PLAN_FLOW
from wuyou.domains.work.models import Plan, PlanLine, Task
from wuyou.kernel import clock, flows, jobs, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.transactions import action

from .generation import generate_plan
from .rollups import mark_stale


def record(verb: str, plan: Plan, by: Actor, data: Mapping[str, object] | None = None) -> None:
    """Enter an act on a plan in its project's chain."""
    subject = ("work.plan", plan.pk, f"{plan.project} v{plan.number}")
    journal.record(verb, chain=chain_of(plan.project), by=by, subject=subject, data=data or {})


@action
def submit_plan(plan: Plan, *, by: Actor) -> Plan:
    """Give a draft to be reviewed; raises Denied, IllegalMove, Invalid when it has no line."""
    policies.check_edit_plan(by, plan.project)
    if not plan.lines.exists():
        raise Invalid(_("A plan without lines cannot be reviewed."))
    flows.claim(plan, PLAN_FLOW, "submit")
    record("work.plan_submitted", plan, by)
    events.plan_submitted.send(Plan, plan_id=plan.pk)
    return plan


@action
def send_back_plan(plan: Plan, *, remark: str, by: Actor) -> Plan:
    """Give a plan back to be worked over, saying why; raises Denied, IllegalMove, Invalid without a remark."""
    policies.check_publish_plan(by, plan.project)
    flows.claim(plan, PLAN_FLOW, "send_back", remark=remark.strip()[:300])
    record("work.plan_sent_back", plan, by, {"remark": remark})
    return plan


@action
def discard_plan(plan: Plan, *, by: Actor) -> Plan:
    """Lay a draft aside; it stays readable. Raises Denied, IllegalMove."""
    policies.check_edit_plan(by, plan.project)
    flows.claim(plan, PLAN_FLOW, "discard")
    record("work.plan_discarded", plan, by)
    return plan


@action
def publish_plan(plan: Plan, *, effective_from: date, by: Actor) -> Plan:
    """Put a reviewed plan in force from a day: tomorrow at the earliest, today if the project has none yet.

    Only the future changes: obligations that open before that day stay; later ones of unchanged lines move to the new
    plan as they are, those of changed or removed lines are withdrawn and made anew. Raises Denied, IllegalMove,
    Conflict when somebody was faster, Invalid for a day that is too early.
    """
    policies.check_publish_plan(by, plan.project)
    Project.objects.select_for_update().get(pk=plan.project_id)
    before = Plan.objects.select_for_update().filter(project=plan.project, state=PlanState.PUBLISHED).first()
    _check_day(effective_from, before)
    withdrawn = _supersede(before, plan, effective_from, by) if before else 0
    now = clock.now()
    label = by.actor_label[:80]
    flows.claim(plan, PLAN_FLOW, "publish", effective_from=effective_from, published_at=now, published_by=label)
    data = {
        "from": effective_from,
        "replaces": before.number if before else None,
        "withdrawn": withdrawn,
        "digest": journal.digest_rows(_lines_in_words(plan)),
    }
    record("work.plan_published", plan, by, data)
    events.plan_published.send(Plan, plan_id=plan.pk)
    jobs.enqueue("work.generate", key=f"work.generate:{plan.project_id}", project_id=plan.project_id)
    return plan


def _check_day(day: date, before: Plan | None) -> None:
    earliest = clock.today() + timedelta(days=1 if before else 0)
    if before and before.effective_from:
        earliest = max(earliest, before.effective_from + timedelta(days=1))
    if day < earliest:
        raise Invalid(
            fields={"effective_from": _("The plan can begin on %(day)s at the earliest.") % {"day": earliest}}
        )


def _lines_in_words(plan: Plan) -> Any:
    fields = ("id", "key", "cadence", "anchor", "assignee_id", "minutes")
    return plan.lines.order_by("id").values_list(*fields).iterator()


def _supersede(before: Plan, plan: Plan, day: date, by: Actor) -> int:
    """End the plan before on the eve of `day` and hand its later obligations on; gives how many were withdrawn."""
    change = clock.midnight(day)
    while (before.generated_until or clock.midnight(before.effective_from or day)) < change:
        generate_plan(before, until=change, by=by)
    olds = PlanLine.objects.filter(plan=before, key=OuterRef("key"))
    PlanLine.objects.filter(plan=plan).update(continues=Subquery(olds.values("id")[:1]))
    later = Task.objects.filter(line__plan=before, opens__gte=change)
    later.filter(line__in=unchanged(plan).values("continues")).update(
        line=Subquery(PlanLine.objects.filter(plan=plan, continues=OuterRef("line_id")).values("id")[:1])
    )
    count = withdraw(later, why=_now("The plan has changed."))
    flows.claim(before, PLAN_FLOW, "supersede", effective_to=day - timedelta(days=1))
    return count


SAME = ("schedule_id", "assignee_id", "team_id", "zone_id", "sheet_version_id", "minutes", "evidence", "qualification")


def unchanged(plan: Plan) -> QuerySet[PlanLine]:
    """Lines that go on exactly as in the plan before."""
    rows = PlanLine.objects.filter(plan=plan, continues__isnull=False, continues__ends_on__isnull=True)
    for name in SAME:
        both_empty = Q(**{f"{name}__isnull": True, f"continues__{name}__isnull": True})
        rows = rows.filter(Q(**{name: F(f"continues__{name}")}) | both_empty)
    return rows


def withdraw(rows: QuerySet[Task], *, why: str) -> int:
    """Withdraw the open ones of these tasks, set-wise, and mark their days; for use inside an action."""
    open_ones = rows.filter(state=TaskState.OPEN)
    days = list(open_ones.order_by().values_list("project_id", "day").distinct())
    count = Task.objects.filter(pk__in=open_ones.values("pk")).update(state=TaskState.WITHDRAWN, note=why)
    for project_id in {project_id for project_id, _day in days}:
        mark_stale(project_id, [day for found, day in days if found == project_id])
    return count
