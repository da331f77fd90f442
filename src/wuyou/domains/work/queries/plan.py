"""Plans as people look at them: coverage, workload, density, calendar, year and zone × clause (spec 03, Plan)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.models import Place, Team
from wuyou.domains.standards.models import Clause
from wuyou.domains.work import tables
from wuyou.domains.work.models import Binding, Deviation, LineClause, Plan, PlanGap, PlanLine
from wuyou.domains.work.policies import VIEW_PLAN
from wuyou.domains.work.rules.calendar import Planned, Rhythm, by_day, by_month
from wuyou.domains.work.windows import day_of, period_of
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.cadence import parse, windows
from wuyou.kernel.clocks.calendars import day_table

from .site import AWAY


def plans_visible_to(user: Actor) -> QuerySet[Plan]:
    """Plans of the projects where the user may see plans, the newest first."""
    rows = Plan.objects.filter(project__in=projects_visible_to(user, VIEW_PLAN))
    return rows.select_related("project").order_by("project_id", "-number")


def bindings_visible_to(user: Actor) -> QuerySet[Binding]:
    """Bindings of the projects where the user may see plans."""
    rows = Binding.objects.filter(project__in=projects_visible_to(user, VIEW_PLAN))
    return rows.select_related("project", "version__standard", "grade").order_by("project_id", "layer", "id")


def deviations_visible_to(user: Actor) -> QuerySet[Deviation]:
    """Deviations of visible bindings, ended ones included, newest first."""
    rows = Deviation.objects.filter(binding__in=bindings_visible_to(user).order_by())
    return rows.select_related("binding__project__node", "binding__version__standard", "clause").order_by("-id")


def lines_visible_to(user: Actor) -> QuerySet[PlanLine]:
    """Lines of visible plans with what a list shows."""
    rows = PlanLine.objects.filter(project__in=projects_visible_to(user, VIEW_PLAN))
    return rows.select_related("place", "asset", "zone", "team", "assignee", "clause").order_by("key")


def plan_in_force(project: Project, *, on: date | None = None) -> Plan | None:
    """The plan that counts on a day (today by default); before the first one begins there is none."""
    day = on or clock.today()
    ended = Q(effective_to__isnull=True) | Q(effective_to__gte=day)
    rows = Plan.objects.filter(ended, project=project, effective_from__lte=day, published_at__isnull=False)
    return rows.order_by("-effective_from").first()


def plan_in_preparation(project: Project) -> Plan | None:
    """The draft, or the plan in review."""
    return Plan.objects.filter(project=project, state__in=("draft", "review")).first()


# --- coverage


@dataclass(frozen=True, slots=True)
class ClauseCoverage:
    """A clause in force: how many lines it leads, how many cover it, and what is amiss."""

    clause: Clause
    layer: str
    leads: int
    covered: int
    gaps: tuple[PlanGap, ...]

    @property
    def has_lines(self) -> bool:
        """Whether any line proves it."""
        return self.leads + self.covered > 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a plan proves and what it leaves open; places and devices are querysets, to be counted or paged."""

    clauses: tuple[ClauseCoverage, ...]
    places: QuerySet[Place]
    assets: QuerySet[Asset]


def coverage(plan: Plan) -> Coverage:
    """Clauses with their lines and gaps, and the open places and devices without a line (four queries)."""
    proofs = LineClause.objects.filter(line__plan=plan).values_list("clause_id", "layer", "is_leading")
    counts: dict[tuple[int, str], dict[bool, int]] = defaultdict(dict)
    for clause_id, layer, leads, count in proofs.annotate(count=Count("id")).order_by("clause_id"):
        counts[clause_id, layer][leads] = count
    gaps: dict[tuple[int, str], list[PlanGap]] = defaultdict(list)
    for gap in plan.gaps.order_by("id"):
        gaps[gap.clause_id, gap.layer].append(gap)
    clauses = Clause.objects.select_related("version__standard").in_bulk({key[0] for key in {*counts, *gaps}})
    rows = [
        ClauseCoverage(
            clauses[clause_id],
            layer,
            counts[clause_id, layer].get(True, 0),
            counts[clause_id, layer].get(False, 0),
            tuple(gaps[clause_id, layer]),
        )
        for clause_id, layer in sorted({*counts, *gaps}, key=lambda key: (key[1], clauses[key[0]].position, key[0]))
    ]
    return Coverage(tuple(rows), places_without_line(plan), assets_without_line(plan))


def places_without_line(plan: Plan) -> QuerySet[Place]:
    """Open public places nothing is planned for; rooms, floors and the like are not looked after by plans."""
    lines = PlanLine.objects.filter(plan=plan, place=OuterRef("pk"))
    rows = Place.objects.filter(project_id=plan.project_id, closed_on__isnull=True).exclude(category="")
    return rows.filter(~Exists(lines)).order_by("path")


def assets_without_line(plan: Plan) -> QuerySet[Asset]:
    """Devices in service nothing is planned for."""
    lines = PlanLine.objects.filter(plan=plan, asset=OuterRef("pk"))
    rows = Asset.objects.filter(project_id=plan.project_id).exclude(state__in=AWAY)
    return rows.filter(~Exists(lines)).order_by("category", "code")


# --- how often, when


def rhythms(plan: Plan, *group: str) -> list[tuple[tuple[Any, ...], Rhythm]]:
    """Lines grouped by their schedule and the named columns: counts and minutes, read in one query."""
    rows = plan.lines.filter(schedule__isnull=False)
    grouped = rows.values_list("schedule_id", "schedule__cadence", "schedule__anchor", *group)
    found = grouped.annotate(lines=Count("id"), minutes_of_all=Sum("minutes")).order_by("schedule_id", *group)
    return [
        (tuple(keys), Rhythm(cadence, anchor, lines, Decimal(minutes)))
        for _schedule, cadence, anchor, *keys, lines, minutes in found
    ]


def _planned(rhythm: Rhythm, start: date, end: date, days: Any, kept: dict[Any, list[Planned]]) -> list[Planned]:
    """The windows of a rhythm that fall due in a span of days, computed once per frequency and anchor."""
    key = rhythm.cadence, rhythm.anchor
    if key not in kept:
        kept[key] = [one for one in _windows(rhythm, start, end, days) if start <= one.day < end]
    return kept[key]


def _windows(rhythm: Rhythm, start: date, end: date, days: Any) -> list[Planned]:
    """Windows that open before `end`, those that may still be open on `start` included."""
    since = start - period_of(rhythm.cadence)
    found = windows(parse(rhythm.cadence), start=since, end=end, anchor=rhythm.anchor, days=days)
    return [Planned(one.opens, one.due, day_of(one.due)) for one in found]


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One day of the calendar: what falls due, by team, and what is rare enough to be named."""

    day: date
    tasks: int
    minutes: Decimal
    teams: Mapping[str, int]
    occasions: tuple[tuple[str, int], ...]  # activity code, how many


RARE = Decimal(12)


def calendar(plan: Plan, *, start: date, end: date) -> list[DayPlan]:
    """What falls due on each day from `start` to before `end`: a week, a month; key dates are named."""
    grouped = rhythms(plan, "team__name", "activity", "per_year")
    kept: dict[Any, list[Planned]] = {}
    table = day_table()
    found: dict[date, list[tuple[str, str, Decimal, Rhythm]]] = defaultdict(list)
    for (team, activity, often), rhythm in grouped:
        for one in _planned(rhythm, start, end, table, kept):
            found[one.day].append((team or "", activity, often, rhythm))
    days = (start + timedelta(days=number) for number in range((end - start).days))
    return [_day_plan(day, found.get(day, [])) for day in days]


def _day_plan(day: date, found: list[tuple[str, str, Decimal, Rhythm]]) -> DayPlan:
    teams: dict[str, int] = defaultdict(int)
    occasions: dict[str, int] = defaultdict(int)
    for team, activity, often, rhythm in found:
        teams[team] += rhythm.lines
        if often <= RARE:
            occasions[activity] += rhythm.lines
    minutes = sum((rhythm.minutes for *_rest, rhythm in found), Decimal(0))
    return DayPlan(day, sum(teams.values()), minutes, dict(teams), tuple(sorted(occasions.items())))


@dataclass(frozen=True, slots=True)
class GanttRow:
    """An activity over the months: how many tasks fall due in each."""

    activity: str
    team: str
    lines: int
    months: tuple[int, ...]
    hours: Decimal
    cadences: tuple[str, ...] = field(default=())

    @property
    def label(self) -> str:
        """The activity in the language active now."""
        return tables.activity_label(self.activity)


def gantt(plan: Plan, *, first: date, months: int = 12) -> list[GanttRow]:
    """Rows by team and activity over `months` from the month of `first`: 12 for a year, 36 for three."""
    table = day_table()
    kept: dict[Any, list[Planned]] = {}
    start = first.replace(day=1)
    end = _months_later(start, months)
    rows: dict[tuple[str, str], list[tuple[Rhythm, list[Planned]]]] = defaultdict(list)
    for (team, activity), rhythm in rhythms(plan, "team__name", "activity"):
        rows[team or "", activity].append((rhythm, _planned(rhythm, start, end, table, kept)))
    return [_gantt_row(activity, team, found, start, months) for (team, activity), found in sorted(rows.items())]


def _months_later(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _gantt_row(
    activity: str, team: str, found: list[tuple[Rhythm, list[Planned]]], start: date, months: int
) -> GanttRow:
    counts = [0] * months
    minutes = Decimal(0)
    for rhythm, planned in found:
        minutes += rhythm.minutes * len(planned)
        for number, count in enumerate(by_month(planned, start=start, months=months)):
            counts[number] += count * rhythm.lines
    cadences = tuple(sorted({rhythm.cadence for rhythm, _planned in found}))
    return GanttRow(
        activity,
        team,
        sum(rhythm.lines for rhythm, _planned in found),
        tuple(counts),
        (minutes / 60).quantize(Decimal("0.1")),
        cadences,
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """Lines of a clause in a zone, and how often a year in all."""

    lines: int
    per_year: Decimal


@dataclass(frozen=True, slots=True)
class Matrix:
    """Zone × clause; zone None holds what belongs to none."""

    zones: tuple[tuple[int | None, str], ...]
    rows: tuple[tuple[Clause, Mapping[int | None, Cell]], ...]


def matrix(plan: Plan) -> Matrix:
    """For each clause and zone how many lines prove it and how often a year (two queries)."""
    proofs = LineClause.objects.filter(line__plan=plan).values("clause_id", "line__zone_id", "line__zone__name")
    cells: dict[int, dict[int | None, Cell]] = defaultdict(dict)
    zones: dict[int | None, str] = {}
    for row in proofs.annotate(lines=Count("id"), often=Sum("line__per_year")).order_by("clause_id"):
        zone = row["line__zone_id"]
        zones[zone] = row["line__zone__name"] or ""
        cells[row["clause_id"]][zone] = Cell(row["lines"], Decimal(row["often"]).quantize(Decimal("0.1")))
    clauses = Clause.objects.select_related("version__standard").in_bulk(cells)
    order = sorted(cells, key=lambda pk: (clauses[pk].version.standard_id, clauses[pk].position, pk))
    named = sorted(zones.items(), key=lambda item: (item[0] is None, item[1]))
    return Matrix(tuple(named), tuple((clauses[pk], cells[pk]) for pk in order))


# --- who has how much on a day


def planned_minutes(plan: Plan, *, start: date, end: date) -> dict[tuple[int, date], Decimal]:
    """Minutes by person and day; what has several days of time is spread over them."""
    table = day_table()
    kept: dict[Any, list[Planned]] = {}
    total: dict[tuple[int, date], Decimal] = defaultdict(Decimal)
    for (staff_id,), rhythm in rhythms(plan, "assignee_id"):
        if staff_id is None:
            continue
        for day, minutes in by_day(_touching(rhythm, start, end, table, kept), rhythm.minutes).items():
            if start <= day < end:
                total[staff_id, day] += minutes
    return dict(total)


def _touching(rhythm: Rhythm, start: date, end: date, days: Any, kept: dict[Any, list[Planned]]) -> Iterable[Planned]:
    """Windows of which a day lies in the span, those that end later included."""
    key = rhythm.cadence, rhythm.anchor
    if key not in kept:
        first = clock.midnight(start)
        kept[key] = [one for one in _windows(rhythm, start, end, days) if one.due > first]
    return kept[key]


def line_counts(plan: Plan) -> dict[str, int]:
    """Lines by layer of the leading clause, for the head of a plan's page."""
    rows = plan.lines.values_list("layer").annotate(count=Count("id")).order_by("layer")
    return {layer or "custom": count for layer, count in rows}


def covers_of(line: PlanLine) -> QuerySet[LineClause]:
    """The clauses a line proves, the leading one first."""
    return line.proofs.select_related("clause__version__standard").order_by(F("is_leading").desc(), "id")


def next_times(line: PlanLine, *, most: int = 6) -> list[tuple[datetime, datetime]]:
    """The next windows of a line from today, as (opens, due); none for what happens only on occasion."""
    if line.is_triggered:
        return []
    today = clock.today()
    end = today + max(period_of(line.cadence) * most, timedelta(days=7))
    found = windows(parse(line.cadence), start=today, end=end, anchor=line.anchor or today, days=day_table())
    return [(one.opens, one.due) for one in islice(found, most)]


def teams_of(project: Project) -> QuerySet[Team]:
    """The teams a line of the project's plan may be given to; the caller has checked who may draft."""
    return Team.objects.filter(project=project).order_by("name")
