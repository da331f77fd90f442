"""Findings seen together: the board by state with ages, and the heat map with what weighs most (spec 05, 11)."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.policies import require
from wuyou.domains.quality.choices import FindingState
from wuyou.domains.quality.policies.rights import VIEW_FINDINGS
from wuyou.domains.quality.queries import finding_board as board
from wuyou.domains.quality.queries.findings import findings_visible_to
from wuyou.domains.quality.rules.findings import Share
from wuyou.faces.console.standards.words import part_name
from wuyou.faces.console.work.looks import SEVERITY_TONES
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.pages import Tab
from wuyou.ui.pictures import Cell, Chart, Matrix, MatrixRow, Series
from wuyou.ui.visitor import user_of

from .finding_looks import TONES, finding_url, where_of

AGES = {"0-3": _("up to 3 days"), "4-7": _("4 to 7 days"), "8-30": _("8 to 30 days"), "31-90": _("31 to 90 days"),
        "90+": _("over 90 days")}  # fmt: skip
SPANS = (("30", _("30 days")), ("90", _("90 days")), ("365", _("a year")))
BY = {"clause": _("Clause"), "cause": _("Cause"), "team": _("Team"), "place": _("Place")}
ACROSS = {"clause": _("By clause"), "part": _("By part of the standard")}
MOST_BARS = 12
MOST_DOWN = 20


def findings_url(**query: object) -> str:
    """The list narrowed down."""
    return f"{reverse('console:quality:findings')}?{urlencode(query, doseq=True)}"


@require_GET
def board_page(request: HttpRequest) -> HttpResponse:
    """The kanban: every state with the first due of it, and how old what is open is."""
    user = user_of(request)
    require(user, VIEW_FINDINGS)
    project = scope.of(request).project
    rows = scope.of(request).narrow(findings_visible_to(user))
    now = clock.now()
    context = {
        "columns": [_column(one) for one in board.kanban(rows, now=now)],
        "figures": board.figures_of(rows, now=now),
        "ages": ages_chart(board.ageing(rows, now=now)),
        "now": now,
        "project": project,
        "urls": {
            "hand": findings_url(state=["open", "contained", "analysed", "acting"]), "late": findings_url(late="true"),
            "verify": findings_url(state="proved"), "repeats": findings_url(repeats="true"),
        },
    }  # fmt: skip
    return render(request, "console/quality/finding_board.html", context)


def _column(one: board.Column) -> dict[str, Any]:
    cards = [
        {"finding": row, "url": finding_url(row), "where": where_of(row), "tone": SEVERITY_TONES[row.severity]}
        for row in one.findings
    ]
    more = one.count - len(cards)
    return {"column": one, "tone": TONES[one.state], "cards": cards, "more": more, "url": findings_url(state=one.state)}


def ages_chart(ages: list[board.Age]) -> Chart | None:
    """What is open by age, stacked by state; None when nothing is open."""
    total = sum(age.count for age in ages)
    if not total:
        return None
    states = [state for state in board.COLUMNS if any(state in age.by_state for age in ages)]
    series = [
        Series(FindingState(state).label, [age.by_state.get(state, 0) for age in ages], tone=TONES[state])
        for state in states
    ]
    old = sum(age.count for age in ages[3:])
    title = _now("%(old)d of %(total)d findings in hand are older than 30 days") % {"old": old, "total": total}
    return Chart("stacked", title, [AGES[age.band] for age in ages], series, is_short=True)


@require_GET
def heat_page(request: HttpRequest) -> HttpResponse:
    """Where and against which clause findings weigh most; every cell leads to its findings."""
    user = user_of(request)
    require(user, VIEW_FINDINGS)
    given = request.GET
    days = given["days"] if given.get("days") in dict(SPANS) else "90"
    across = given["across"] if given.get("across") in ACROSS else "clause"
    by = given["by"] if given.get("by") in BY else "clause"
    project = scope.of(request).project
    since = clock.today() - dt.timedelta(days=int(days) - 1)
    rows = scope.of(request).narrow(findings_visible_to(user)).filter(found_at__gte=clock.midnight(since))
    down = "zone" if project else "project"
    asked = {"days": days, "across": across, "by": by}
    context = {
        "matrix": heat_matrix(board.heat(rows, down=down, across=across), down=down, across=across, since=since),
        "pareto": pareto_chart(board.pareto_of(rows, by=by), by=by, since=since),
        "spans": [(label, _query(asked, days=code), code == days) for code, label in SPANS],
        "across": [(label, _query(asked, across=code), code == across) for code, label in ACROSS.items()],
        "tabs": [Tab(label, _query(asked, by=code) + "#pareto", current=code == by) for code, label in BY.items()],
        "project": project,
    }
    return render(request, "console/quality/finding_heat.html", context)


def _query(asked: dict[str, str], **changes: str) -> str:
    return "?" + urlencode(asked | changes)


def heat_matrix(heat: board.Heat, *, down: str, across: str, since: dt.date) -> Matrix | None:
    """The heat map; its title says where it is hottest. None without findings."""
    if not heat.cells:
        return None
    names = dict(heat.down)
    columns = {key: part_name(label) if across == "part" and label else label for key, label in heat.across}
    columns = {key: label or _now("No clause") for key, label in columns.items()}
    (row, column), hottest = max(heat.cells.items(), key=lambda pair: (pair[1].weight, str(pair[0])))
    words = {"where": names[row], "clause": columns.get(column, ""), "weight": hottest.weight}
    title = _now("%(clause)s at %(where)s weighs most: %(weight)d") % words
    lines = [
        MatrixRow(label, [_cell(heat, key, one, down=down, across=across, since=since) for one in columns])
        for key, label in heat.down[:MOST_DOWN]
    ]
    note = _("Weights of findings: what comes back counts double. Click a number to see the findings.")
    corner = _("Zone") if down == "zone" else _("Project")
    return Matrix(title, list(columns.values()), lines, scale="bad", corner=corner, note=note)


def _cell(heat: board.Heat, row: object, column: object, *, down: str, across: str, since: dt.date) -> Cell:
    found = heat.cells.get((row, column))
    if found is None:
        return Cell(None)
    query: dict[str, object] = {down: row or "none", "found_at_after": since.isoformat()}
    if column:
        query[across] = column
    return Cell(found.weight, url=findings_url(**query))


def pareto_chart(bars: list[Share], *, by: str, since: dt.date) -> Chart | None:
    """The bars with their cumulative share; the title says how few make up most. None without findings."""
    if not bars:
        return None
    shown = bars[:MOST_BARS]
    few = next(nth for nth, bar in enumerate(bars, start=1) if bar.cumulative >= 80)
    title = _now("%(few)d of %(all)d make up four fifths") % {"few": few, "all": len(bars)}
    urls = [findings_url(**{by: bar.key, "found_at_after": since.isoformat()}) for bar in shown]
    series = Series(_("Findings"), [bar.count for bar in shown], urls=urls)
    labels = [f"{bar.label} · {bar.cumulative} %" for bar in shown]
    return Chart("barh", title, labels, [series])
