"""Plans: drafted, changed by hand, reviewed, published; lines; what happens outside any schedule (spec 03)."""

import datetime as dt
from typing import Any

from wuyou.domains.org.models import Project, User
from wuyou.domains.standards.rules.clauses import EVIDENCE
from wuyou.domains.work.actions import drafting, editing, following
from wuyou.domains.work.actions import plan as actions
from wuyou.domains.work.choices import Layer, PlanState
from wuyou.domains.work.flows.plan import PLAN_FLOW
from wuyou.domains.work.models import Plan, PlanLine
from wuyou.domains.work.policies import ASSIGN_TASKS, EDIT_PLAN, VIEW_PLAN
from wuyou.domains.work.queries.plan import lines_visible_to, plans_visible_to
from wuyou.faces.api.assets import ASSETS
from wuyou.faces.api.operations import Acts, maybe, one, possible, ref, refs, steps, told
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.registry.places import PLACES, TEAMS
from wuyou.faces.api.registry.staff import STAFF
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Day, Moment, choice, column, decimal, number, one_of, text

from . import router

PLANS = Resource(
    "plans",
    shape(
        "Plan", Plan,
        "id project number state effective_from effective_to drafted_at drafted_by remark published_at published_by"
        " generated_until",
        steps=possible(PLAN_FLOW),
    ),
    lambda user: plans_visible_to(user).select_related("project__node"),
    view=[VIEW_PLAN],
    filters={"project_id": ids("project"), "state": Filter(choice(PlanState), "state")},
    sorts={"number": "number", "effective_from": "effective_from"},
)  # fmt: skip
LINES = Resource(
    "plan-lines",
    shape(
        "PlanLine",
        PlanLine,
        "id plan project key title activity subject_name clause layer place asset zone team post assignee crew cadence"
        " anchor is_triggered per_year minutes evidence qualification sheet_version is_custom overrides"
        " override_reason ends_on",
        clause_code=(str | None, "clause.code"),
        place_name=(str | None, "place.name"),
        asset_name=(str | None, "asset.name"),
    ),
    lambda user: lines_visible_to(user).select_related(
        "plan__project__node", "project__node", "place", "asset", "zone", "team", "assignee", "clause"
    ),
    view=[VIEW_PLAN],
    filters={
        "plan_id": ids("plan"),
        "project_id": ids("project"),
        "clause_id": ids("clause"),
        "place_id": ids("place"),
        "asset_id": ids("asset"),
        "zone_id": ids("zone"),
        "team_id": ids("team"),
        "assignee_id": ids("assignee"),
        "activity": Filter(text(40), "activity"),
        "layer": Filter(choice(Layer), "layer"),
        "is_triggered": Filter(bool, "is_triggered"),
    },
    sorts={"key": "key", "title": "title", "per_year": "per_year", "minutes": "minutes"},
    search=("title", "activity"),
)

PLANS.expose(router)
on_plans = Acts(router, PLANS, [EDIT_PLAN])


def draft(*, project: Project, by: User, on: dt.date | None = None) -> Plan:
    """Draft the next plan of a project from all layers in force on a day (today by default)."""
    return drafting.draft_plan(project, by=by, on=on)


on_plans.free("/plans", "draft", draft, {"project": ref(PROJECTS), "on": maybe(Day | None)}, status=201)
steps(
    on_plans,
    PLAN_FLOW,
    {
        "submit": (actions.submit_plan, {}),
        "send_back": (actions.send_back_plan, {"remark": text(300)}),
        "publish": (actions.publish_plan, {"effective_from": Day}),
        "discard": (actions.discard_plan, {}),
    },
    inner=("supersede",),
)

LINES.expose(router)
on_lines = Acts(router, LINES, [EDIT_PLAN])


def add_line(*, plan: Plan, by: User, **given: Any) -> PlanLine:
    """Add a line without a clause to a draft: maintenance by the maker's book, visits, training, meter reading."""
    return editing.add_custom_line(plan, by=by, **given)


on_lines.add(
    add_line,
    {
        "plan": ref(PLANS), "title": text(200, least=1), "activity": column(PlanLine, "activity"),
        "cadence": column(PlanLine, "cadence"), "team": ref(TEAMS), "minutes": decimal(6, 1),
        "place": maybe(ref(PLACES, empty=True)), "asset": maybe(ref(ASSETS, empty=True)),
        "assignee": maybe(ref(STAFF, empty=True)), "evidence": maybe(one_of(EVIDENCE)), "anchor": maybe(Day | None),
    },
)  # fmt: skip
on_lines.patch(
    editing.override_line,
    {
        "reason": text(300), "cadence": maybe(column(PlanLine, "cadence")), "minutes": maybe(decimal(6, 1)),
        "assignee": maybe(ref(STAFF, empty=True)), "team": maybe(ref(TEAMS)),
    },
)  # fmt: skip
on_lines.take_out(editing.remove_custom_line)


def trigger(
    *, lines: list[PlanLine], reason: str, by: User, at: dt.datetime | None = None, within_hours: int = 24
) -> int:
    """Make the tasks of lines that wait for something to happen: snow, a trapped passenger, a decoration job."""
    rows = lines_visible_to(by).filter(pk__in=[line.pk for line in lines])
    return following.trigger(rows, reason=reason, by=by, at=at, within=dt.timedelta(hours=within_hours))


on_lines.free(
    "/plan-lines/trigger",
    "trigger",
    trigger,
    {
        "lines": refs(LINES),
        "reason": text(200),
        "at": maybe(Moment | None),
        "within_hours": maybe(number(1, 24 * 366)),
    },
    needs=[ASSIGN_TASKS],
    answer=one("TriggeredTasks", "tasks", int),
)
on_projects = Acts(router, PROJECTS, [EDIT_PLAN])
on_projects.post(
    "reconcile",
    following.reconcile,
    answer=told("Reconciled", lambda counts: {"changed": counts}, changed=dict[str, int]),
)
on_projects.put(
    "workload-setting", editing.set_workload,
    {
        "yearly_hours": number(1, 8784), "leave_days": number(0, 366), "absence_percent": decimal(3, 1),
        "day_minutes": number(1, 1440),
    },
    answer=shape(
        "WorkloadSetting", None, "", yearly_hours=(int, "yearly_hours"), leave_days=(int, "leave_days"),
        absence_percent=(str, "absence_percent"), day_minutes=(int, "day_minutes"),
    ),
)  # fmt: skip
