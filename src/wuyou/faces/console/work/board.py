"""The day of one project by team and person: how far, what is late, whose day is impossible, who is away (spec 11)."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import require
from wuyou.domains.registry.models import Staff, Team
from wuyou.domains.registry.queries import staff_present, teams_visible_to
from wuyou.domains.work import policies
from wuyou.domains.work.queries.day import day_figures, projects_of_day
from wuyou.domains.work.queries.tasks import BoardRow, absent_ids, board
from wuyou.domains.work.rules.tasks import MOST_MINUTES
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.visitor import user_of

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A person's day on the board, or what nobody is named for."""

    row: BoardRow
    url: str
    late_url: str

    @property
    def hours(self) -> Decimal:
        """Planned work in hours."""
        return round(self.row.load.minutes / 60, 1)

    @property
    def load_percent(self) -> int:
        """Of a day's work, capped for drawing."""
        return min(int(self.row.load.minutes * 100 / MOST_MINUTES), 100)

    @property
    def tone(self) -> str:
        """Of the load."""
        if self.row.load.is_impossible:
            return "bad"
        return "warn" if self.row.load.minutes > MOST_MINUTES * Decimal("0.85") else "accent"


@dataclass(slots=True)
class TeamDay:
    """A team on the board."""

    team: Team | None
    lines: list[Line] = field(default_factory=list)
    idle: list[Staff] = field(default_factory=list)

    def _sum(self, name: str) -> int:
        return sum(getattr(line.row, name) for line in self.lines)

    @property
    def total(self) -> int:
        """Tasks."""
        return self._sum("total")

    @property
    def done(self) -> int:
        """Tasks done."""
        return self._sum("done")

    @property
    def late(self) -> int:
        """Tasks late."""
        return self._sum("late")

    @property
    def impossible(self) -> int:
        """People with more work than a day holds."""
        return sum(line.row.load.is_impossible for line in self.lines if line.row.staff)


def list_url(project: Project, day: dt.date, **values: object) -> str:
    """The list of tasks behind a number."""
    query = QueryDict(mutable=True)
    query.update({"project": project.code, "day_after": day.isoformat(), "day_before": day.isoformat()})
    query.update({name: str(value) for name, value in values.items() if value})
    return f"{reverse('console:work:tasks')}?{query.urlencode()}"


def line_of(project: Project, day: dt.date, row: BoardRow) -> Line:
    """A row with the lists behind its numbers."""
    who = row.staff.pk if row.staff else "nobody"
    url = list_url(project, day, person=who, team=row.team_id)
    return Line(row, url, list_url(project, day, person=who, team=row.team_id, timing="late"))


def teams_of(project: Project, day: dt.date, teams: dict[int, Team]) -> list[TeamDay]:
    """The board by team: unassigned work first, then who has most to do late, then by name."""
    found: dict[int | None, TeamDay] = {pk: TeamDay(team) for pk, team in teams.items()}
    busy = set()
    away = absent_ids(project.pk, day)
    for row in board(project, day, away=away):
        found.setdefault(row.team_id, TeamDay(None)).lines.append(line_of(project, day, row))
        busy.add(row.staff.pk if row.staff else None)
    for person in staff_present(project, on=day):
        if person.pk not in busy and person.pk not in away and person.team_id in found:
            found[person.team_id].idle.append(person)
    for one in found.values():
        one.lines.sort(key=lambda line: (line.row.staff is not None, -line.row.late, str(line.row.staff)))
    return sorted((one for one in found.values() if one.lines or one.idle), key=lambda one: (-one.total, str(one.team)))


def day_asked(request: HttpRequest) -> dt.date:
    """The day of the address, today by default; a wrong one is today too."""
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    return asked or clock.today()


def board_page(request: HttpRequest) -> HttpResponse:
    """The board of the project looked at, or the projects to choose from."""
    user, day = user_of(request), day_asked(request)
    require(user, policies.VIEW_TASKS)
    projects = list(projects_of_day(user))
    chosen = scope.of(request).project
    project = next((one for one in projects if chosen and one.pk == chosen.pk), None)
    if project is None and len(projects) == 1:
        project = projects[0]
    context: dict[str, Any] = {
        "title": _("Team board"),
        "day": day,
        "today": clock.today(),
        "earlier": f"?day={day - A_DAY}",
        "later": f"?day={day + A_DAY}",
        "project": project,
    }
    if project is None:
        figures = day_figures(projects, day)
        context["rows"] = [(one, figures[one.pk]) for one in projects]
        return render(request, "console/work/board_projects.html", context)
    teams = {team.pk: team for team in teams_visible_to(user).filter(project=project)}
    context |= {
        "teams": teams_of(project, day, teams),
        "figures": day_figures([project], day)[project.pk],
        "urls": {
            "all": list_url(project, day),
            "done": list_url(project, day, state="done"),
            "late": list_url(project, day, timing="late"),
            "rejected": list_url(project, day, state="rejected"),
            "nobody": list_url(project, day, person="nobody"),
            "skipped": list_url(project, day, state="skipped"),
            "absent": reverse("console:work:absence"),
        },
    }
    return render(request, "console/work/board.html", context)
