"""Drafting a plan: everything in force × everything there → lines, gaps and posts, written set-wise (spec 03, Plan)."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project
from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.models import Team, Zone
from wuyou.domains.sheets.models import SheetVersion
from wuyou.domains.work import policies, tables
from wuyou.domains.work.choices import GapReason, PlanState
from wuyou.domains.work.flows.plan import PLAN_FLOW
from wuyou.domains.work.models import Binding, LineClause, Plan, PlanGap, PlanLine, PlanPost, Schedule
from wuyou.domains.work.queries import site
from wuyou.domains.work.rules.assigning import Assigned, Job, Worker, assign, crew_of
from wuyou.domains.work.rules.demands import ASSET, PLACE, Gap, Laid, Line, PostNeed
from wuyou.domains.work.rules.plan import lay_lines
from wuyou.kernel import clock, flows, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.cadence import parse, per_year
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Context:
    """What lines are written with, read once."""

    workers: Sequence[Worker]
    owners: Mapping[int, int]  # zone → who answers for it
    teams: Mapping[str, int]
    sheets: Mapping[str, int]  # activity → the newest issued form
    before: Mapping[str, PlanLine]  # lines of the plan this one follows, by key


@action
def draft_plan(project: Project, *, by: Actor, on: date | None = None) -> Plan:
    """Draft the next plan of a project from all layers in force on a day (today by default).

    What was changed by hand in the draft or plan before is carried over where it still fits; a draft that exists is
    discarded. Raises Denied; Conflict while a plan is in review; Invalid when the project is bound to nothing.
    """
    policies.check_edit_plan(by, project)
    Project.objects.select_for_update().get(pk=project.pk)
    before = _plan_before(project)
    laid = lay_project(project, on=on)
    if before and before.state == PlanState.DRAFT:
        flows.claim(before, PLAN_FLOW, "discard")
    plan = Plan.objects.create(
        project=project, number=_next_number(project), drafted_at=clock.now(), drafted_by=by.actor_label[:80]
    )
    _write(plan, laid, _context(project, before, on))
    data = {"number": plan.number, "lines": len(laid.lines), "gaps": len(laid.gaps), "posts": len(laid.posts)}
    journal.record("work.plan_drafted", chain=chain_of(project), by=by, subject=_subject(plan), data=data)
    return plan


def _subject(plan: Plan) -> tuple[str, int, str]:
    return "work.plan", plan.pk, f"{plan.project} v{plan.number}"


def _plan_before(project: Project) -> Plan | None:
    """The draft to be replaced, else the plan in force; raises Conflict when one is in review."""
    plans = Plan.objects.filter(project=project)
    if plans.filter(state=PlanState.REVIEW).exists():
        raise Conflict(_("A plan is in review: publish it or send it back first."))
    return plans.filter(state=PlanState.DRAFT).first() or plans.filter(state=PlanState.PUBLISHED).first()


def _next_number(project: Project) -> int:
    last = Plan.objects.filter(project=project).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def lay_project(project: Project, *, on: date | None = None, bindings: Iterable[Binding] | None = None) -> Laid:
    """Lay the lines of a project without writing anything; raises Invalid when it is bound to nothing.

    `bindings` says what it would be if the project were bound to these instead of to what is in force.
    """
    facts = site.collect_facts(project, on=on)
    asked = site.demands_of(project, facts=facts, on=on, bindings=bindings)
    if not asked.demands:
        raise Invalid(_("Bind the project to a standard first."))
    laid = lay_lines(
        asked.demands,
        site=site.site_of(project, on=on),
        meaning=site.meanings().recipes_of,
        covers=tables.covers(),
        post_rules=tables.post_rules(),
    )
    return Laid(laid.lines, (*laid.gaps, *asked.gaps), laid.measured, laid.posts)


def _context(project: Project, before: Plan | None, on: date | None) -> Context:
    lines = before.lines.all() if before else ()
    branch = [project.node.path[:end] for end in range(Node.steplen, len(project.node.path) + 1, Node.steplen)]
    ours = Q(sheet__node__isnull=True) | Q(sheet__node__path__in=branch)
    sheets = SheetVersion.objects.filter(ours, state="issued").exclude(sheet__activity="")
    sheets = sheets.order_by(F("sheet__node__path").asc(nulls_first=True), "number", "id")  # the nearest owner's wins
    zones = Zone.objects.filter(project=project, owner__isnull=False)
    return Context(
        workers=site.workers_of(project, on=on),
        owners={zone.pk: zone.owner_id for zone in zones if zone.owner_id is not None},
        teams=dict(Team.objects.filter(project=project).values_list("name", "id")),
        sheets=dict(sheets.values_list("sheet__activity", "id")),
        before={line.key: line for line in lines},
    )


def _write(plan: Plan, laid: Laid, context: Context) -> None:
    schedules = schedule_ids({(line.cadence, line.anchor) for line in laid.lines if not line.is_triggered})
    assigned = _assign(laid.lines, context)
    rows = [_row(plan, line, context, assigned, schedules) for line in laid.lines]
    _carry_over(plan, rows, context)
    PlanLine.objects.bulk_create(rows, batch_size=BATCH)
    _write_proofs(laid.lines, rows)
    _write_gaps(plan, laid, assigned)
    PlanPost.objects.bulk_create([_post(plan, need, context) for need in laid.posts])


def schedule_ids(wanted: Iterable[tuple[str, date]]) -> dict[tuple[str, date], int]:
    """The ids of schedules by cadence and anchor; those that are new are made."""
    pairs = set(wanted)
    rows = [Schedule(cadence=cadence, anchor=anchor) for cadence, anchor in sorted(pairs)]
    Schedule.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    known = Schedule.objects.filter(cadence__in={cadence for cadence, _anchor in pairs})
    return {(cadence, anchor): pk for pk, cadence, anchor in known.values_list("id", "cadence", "anchor")}


def _assign(lines: Iterable[Line], context: Context) -> Assigned:
    return assign([_job(line, context) for line in lines if not line.is_triggered], context.workers)


def _job(line: Line, context: Context) -> Job:
    before = context.before.get(line.key)
    return Job(
        key=line.key,
        team=line.recipe.team,
        jobs=tables.jobs_of(line.activity),
        qualification=line.recipe.qualification,
        zone_id=line.target.zone_id,
        owner_id=context.owners.get(line.target.zone_id) if line.target.zone_id else None,
        keeper_id=before.assignee_id if before else None,
        spot=line.target.spot or line.target.key,
        minutes=line.minutes,
        per_year=yearly(line.cadence),
    )


@functools.cache
def yearly(cadence: str) -> Decimal:
    """Times a year of a frequency's text."""
    return per_year(parse(cadence))


def title_of(activity: str, requirement: str, place: str) -> str:
    """What a line and its tasks are called: the activity (the requirement for one without a name) and the place."""
    known = tables.activities().get(activity)
    words = known.label_zh if known else requirement
    return f"{words} · {place}"[:200]


def _row(
    plan: Plan, line: Line, context: Context, assigned: Assigned, schedules: Mapping[tuple[str, date], int]
) -> PlanLine:
    recipe, target = line.recipe, line.target
    return PlanLine(
        plan=plan,
        project_id=plan.project_id,
        key=line.key,
        title=title_of(line.activity, line.lead.requirement, target.name),
        activity=line.activity,
        subject_name=line.lead.subject,
        clause_id=line.lead.clause_id,
        layer=line.lead.layer,
        place_id=target.id if target.kind == PLACE else None,
        asset_id=target.id if target.kind == ASSET else None,
        zone_id=target.zone_id,
        team_id=context.teams.get(recipe.team),
        assignee_id=assigned.staff.get(line.key),
        crew=crew_of(context.workers, team=recipe.team, jobs=tables.jobs_of(line.activity)),
        cadence=line.cadence,
        anchor=line.anchor,
        is_triggered=line.is_triggered,
        per_year=yearly(line.cadence),
        schedule_id=None if line.is_triggered else schedules[line.cadence, line.anchor],
        minutes=line.minutes,
        evidence=recipe.evidence,
        qualification=recipe.qualification,
        sheet_version_id=context.sheets.get(line.activity),
    )


def _carry_over(plan: Plan, rows: list[PlanLine], context: Context) -> None:
    """Changes by hand stay where the line still exists (a frequency only if it is the same as was changed from)."""
    for row in rows:
        before = context.before.get(row.key)
        if before and before.overrides:
            _carry(row, before, context)
    rows += [_copy(plan, line) for line in context.before.values() if line.is_custom and line.ends_on is None]


def _carry(row: PlanLine, before: PlanLine, context: Context) -> None:
    present = {worker.id for worker in context.workers}
    kept = {
        field: value
        for field, value in before.overrides.items()
        if (field != "cadence" or value == row.cadence)
        and (field != "assignee_id" or before.assignee_id is None or before.assignee_id in present)
    }
    for field in kept:
        if field == "cadence":
            row.cadence, row.schedule_id, row.per_year = before.cadence, before.schedule_id, before.per_year
        else:
            setattr(row, field, getattr(before, field))
    row.overrides = kept
    row.override_reason = before.override_reason if kept else ""


COPIED = (
    "project_id", "key", "title", "activity", "subject_name", "place_id", "asset_id", "zone_id", "team_id",
    "assignee_id", "crew", "cadence", "anchor", "is_triggered", "per_year", "schedule_id", "minutes", "evidence",
    "qualification", "sheet_version_id", "is_custom", "overrides", "override_reason",
)  # fmt: skip


def _copy(plan: Plan, line: PlanLine) -> PlanLine:
    return PlanLine(plan=plan, **{name: getattr(line, name) for name in COPIED})


def _write_proofs(lines: Sequence[Line], rows: Sequence[PlanLine]) -> None:
    ids = {row.key: row.pk for row in rows}
    proofs = [
        LineClause(line_id=ids[line.key], clause_id=clause_id, layer=layer, cadence=cadence, is_leading=number == 0)
        for line in lines
        for number, (clause_id, layer, cadence) in enumerate(_distinct(line))
    ]
    LineClause.objects.bulk_create(proofs, batch_size=BATCH)


def _distinct(line: Line) -> list[tuple[int, str, str]]:
    """Each clause once, as it asks for most (proofs come strictest first)."""
    found: dict[int, tuple[int, str, str]] = {}
    for proof in line.proofs:
        found.setdefault(proof.demand.clause_id, (proof.demand.clause_id, proof.demand.layer, proof.cadence))
    return list(found.values())


def _write_gaps(plan: Plan, laid: Laid, assigned: Assigned) -> None:
    gaps = [*laid.gaps, *(Gap(demand, GapReason.MEASURED) for demand in laid.measured), *_unlicensed(laid, assigned)]
    rows = [
        PlanGap(
            plan=plan,
            clause_id=gap.demand.clause_id,
            layer=gap.demand.layer,
            why=gap.why,
            detail=gap.detail[:200],
            count=gap.count,
        )
        for gap in gaps
    ]
    PlanGap.objects.bulk_create(rows, batch_size=BATCH)


def _unlicensed(laid: Laid, assigned: Assigned) -> list[Gap]:
    wanted = set(assigned.unlicensed)
    found: dict[tuple[int, str], Gap] = {}
    for line in laid.lines:
        if line.key in wanted:
            key = (line.lead.clause_id, line.recipe.qualification)
            count = found[key].count + 1 if key in found else 1
            found[key] = Gap(line.lead, GapReason.NOBODY_QUALIFIED, line.recipe.qualification, count=count)
    return list(found.values())


def _post(plan: Plan, need: PostNeed, context: Context) -> PlanPost:
    return PlanPost(
        plan=plan,
        key=need.key,
        activity=need.activity,
        place_id=need.target.id if need.target.kind == PLACE else None,
        crew=crew_of(context.workers, team=need.team, jobs=tables.jobs_of(need.activity)),
        hours_per_day=need.hours_per_day,
        days_per_week=need.days_per_week,
        heads=need.heads,
        qualification=need.qualification,
        clause_id=need.demands[0].clause_id,
        clause_ids=[demand.clause_id for demand in need.demands],
    )
