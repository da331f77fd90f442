"""A plan in time and space: the month, the year, zone × clause (spec 03, Plan views)."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from wuyou.domains.org.queries import has_permission
from wuyou.domains.work.choices import PlanState
from wuyou.domains.work.models import Plan
from wuyou.domains.work.policies import VIEW_TASKS
from wuyou.domains.work.queries import plan as plans
from wuyou.domains.work.queries.plan import DayPlan
from wuyou.domains.work.tables import activity_label
from wuyou.faces.console.standards.words import cadence_words, requirement
from wuyou.kernel import clock
from wuyou.ui import wording
from wuyou.ui.pictures import Bar, Cell, Event, Gantt, GanttRow, Matrix, MatrixRow, Month
from wuyou.ui.visitor import user_of

from .plan_looks import plan_for, plan_head

YEARS = range(2000, 2101)
FULL = 12  # months
TONES = ("info", "accent", "ok", "warn")


@require_GET
def month(request: HttpRequest, pk: int) -> HttpResponse:
    """What falls due on each day of a month."""
    plan = plan_for(request, pk)
    first = _month_of(request.GET.get("month", ""))
    later = (first + dt.timedelta(days=31)).replace(day=1)
    days = plans.calendar(plan, start=first, end=later)
    earlier = (first - dt.timedelta(days=1)).replace(day=1)
    is_linked = plan.state == PlanState.PUBLISHED and has_permission(user_of(request), VIEW_TASKS, plan.project.node)
    picture = Month(
        _busiest(days),
        first.year,
        first.month,
        {day.day: _events(day) for day in days},
        today=clock.today(),
        earlier=f"?month={earlier:%Y-%m}",
        later=f"?month={later:%Y-%m}",
        day_url=_tasks_url(plan) if is_linked else "",
    )
    context = plan_head(request, plan, "plan_calendar") | {
        "picture": picture,
        "tasks": sum(day.tasks for day in days),
        "hours": round(sum(day.minutes for day in days) / 60),
        "teams": _teams(days),
        "occasions": _occasions(days),
    }
    return render(request, "console/work/plan_calendar.html", context)


def _tasks_url(plan: Plan) -> str:
    asked = urlencode({"project": plan.project.code}) + "&day_after={day}&day_before={day}"
    return f"{reverse('console:work:tasks')}?{asked}"


def _month_of(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone
    except ValueError:
        return clock.today().replace(day=1)


def _events(day: DayPlan) -> list[Event]:
    if not day.tasks:
        return []
    hours = _("%(hours)s h") % {"hours": round(day.minutes / 60)}
    words = ngettext("%(count)s task", "%(count)s tasks", day.tasks) % {"count": f"{day.tasks:,}"}
    found = [Event(words, "muted"), Event(hours, "muted")]
    return found + [Event(f"{activity_label(code)} × {count}", "accent") for code, count in day.occasions]


def _busiest(days: list[DayPlan]) -> str:
    most = max(days, key=lambda day: day.minutes)
    if not most.tasks:
        return _("Nothing falls due in this month")
    words = {"day": wording.short_day(most.day), "hours": round(most.minutes / 60)}
    return _("The fullest day is %(day)s with %(hours)s hours") % words


def _teams(days: list[DayPlan]) -> list[tuple[str, int]]:
    totals: dict[str, int] = {}
    for day in days:
        for team, count in day.teams.items():
            totals[team] = totals.get(team, 0) + count
    return sorted(totals.items(), key=lambda pair: -pair[1])


def _occasions(days: list[DayPlan]) -> list[tuple[dt.date, str]]:
    return [(day.day, f"{activity_label(code)} × {count}") for day in days for code, count in day.occasions]


@require_GET
def year(request: HttpRequest, pk: int) -> HttpResponse:
    """Activities over the months of a year, by team."""
    plan = plan_for(request, pk)
    asked = request.GET.get("year", "")
    number = int(asked) if asked.isdecimal() and int(asked) in YEARS else clock.today().year
    found = plans.gantt(plan, first=dt.date(number, 1, 1), months=FULL)
    is_rare = request.GET.get("show") == "rare"
    shown = [row for row in found if not is_rare or 0 < sum(row.months) <= FULL * row.lines]
    tones = {team: TONES[place % len(TONES)] for place, team in enumerate(dict.fromkeys(row.team for row in found))}
    rows = [_gantt_row(row, number, tones[row.team], plan) for row in shown]
    title = _("%(count)s activities fall due in %(year)s") % {"count": len(rows), "year": number}
    context = plan_head(request, plan, "plan_year") | {
        "picture": Gantt(title, number, rows, today=clock.today()),
        "year": number,
        "earlier": number - 1,
        "later": number + 1,
        "is_rare": is_rare,
        "table": [(row, [cadence_words(text) for text in row.cadences[:2]]) for row in shown],
        "months": list(wording.MONTHS),
    }
    return render(request, "console/work/plan_year.html", context)


def _gantt_row(row: plans.GanttRow, year: int, tone: str, plan: Plan) -> GanttRow:
    """One bar for months that follow each other with the same number of tasks."""
    lines = reverse("console:work:plan_lines", args=[plan.pk])
    bars: list[Bar] = []
    start = 0
    for place in range(1, FULL + 1):
        if place < FULL and bool(row.months[place]) == bool(row.months[start]):
            continue
        count = sum(row.months[start:place])
        if count:
            words = ngettext("%(count)s time", "%(count)s times", count) % {"count": f"{count:,}"}
            bars.append(Bar(dt.date(year, start + 1, 1), _last_day(year, place), words, tone))
        start = place
    return GanttRow(row.label, bars, group=row.team or _("Without a team"), url=f"{lines}?activity={row.activity}")


def _last_day(year: int, month: int) -> dt.date:
    return (dt.date(year, month, 28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


@require_GET
def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Zone × clause: how many lines, or how often a year."""
    plan = plan_for(request, pk)
    found = plans.matrix(plan)
    is_often = request.GET.get("show") == "often"
    lines = reverse("console:work:plan_lines", args=[plan.pk])
    rows = [
        MatrixRow(
            f"{clause.code} {requirement(clause)}"[:40],
            [_cell(cells.get(zone), _cell_url(lines, clause.pk, zone), is_often=is_often)
             for zone, _name in found.zones],
            f"{lines}?clause={clause.pk}",
        )
        for clause, cells in found.rows
    ]  # fmt: skip
    names = [name or _("Without a zone") for _zone, name in found.zones]
    title = (
        _("How often a year each clause is done in each zone")
        if is_often
        else _("How many lines prove each clause in each zone")
    )
    picture = Matrix(title, names, rows, scale="accent", corner=_("Clause")) if rows else None
    context = plan_head(request, plan, "plan_matrix") | {"picture": picture, "is_often": is_often}
    return render(request, "console/work/plan_matrix.html", context)


def _cell_url(lines: str, clause: int, zone: int | None) -> str:
    return f"{lines}?clause={clause}" + (f"&zone={zone}" if zone else "")


def _cell(cell: plans.Cell | None, url: str, *, is_often: bool) -> Any:
    if cell is None:
        return Cell(None)
    if is_often:
        return Cell(cell.per_year, f"{round(cell.per_year):,}", url)
    return Cell(cell.lines, f"{cell.lines:,}", url)
