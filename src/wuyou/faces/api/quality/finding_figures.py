"""Findings seen together: the board, ages, heat map, Pareto, and what waits for whoever asks (spec 05)."""

import datetime as dt
from typing import Any

from django.http import HttpRequest

from wuyou.domains.quality.policies.rights import VIEW_FINDINGS
from wuyou.domains.quality.queries import finding_board as board
from wuyou.domains.quality.queries.finding_waiting import Waiting, waiting_for
from wuyou.domains.quality.queries.findings import findings_visible_to
from wuyou.domains.work.policies import DO_TASKS
from wuyou.faces.api.questions import ask
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Day, PathId, one_of
from wuyou.kernel import clock
from wuyou.ui.visitor import user_of

from . import router
from .findings import FINDING

COLUMN = shape(
    "FindingColumn", None, "", state="state", count=(int, "count"), late=(int, "late"),
    findings=(list[FINDING.model], lambda one: FINDING.all(one.findings)),  # type: ignore[name-defined]
)  # fmt: skip
AGE = shape("FindingAge", None, "", band="band", count=(int, "count"), by_state=(dict[str, int], "by_state"))
HEAT = shape(
    "FindingHeatCell", None, "",
    row=(int | str | None, "row"), row_label="row_label", column=(int | str | None, "column"),
    column_label="column_label", count=(int, "count"), weight=(int, "weight"),
)  # fmt: skip
BAR = shape(
    "FindingShare", None, "", key=(int | str, "key"), label="label", count=(int, "count"),
    percent=(str, lambda one: str(one.percent)), cumulative=(str, lambda one: str(one.cumulative)),
)  # fmt: skip
WAITS = shape(
    "FindingsWaiting", None, "",
    **{name: (int, name) for name in Waiting.__dataclass_fields__},
)  # fmt: skip
SEE = [VIEW_FINDINGS]
NARROWED: dict[str, Any] = {"project_id": (PathId | None, None), "found_from": (Day | None, None)}


def _rows(request: HttpRequest, given: Any) -> Any:
    rows = findings_visible_to(user_of(request))
    if given.project_id is not None:
        rows = rows.filter(project_id=given.project_id)
    since: dt.date | None = given.found_from
    return rows if since is None else rows.filter(found_at__gte=clock.midnight(since))


def columns(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Findings in hand by state, the first due of each."""
    return COLUMN.all(board.kanban(_rows(request, given)))


def ages(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Findings in hand by days since they were found."""
    return AGE.all(board.ageing(_rows(request, given)))


class _Line:
    """A cell with the labels of its row and column."""

    def __init__(self, heat: board.Heat, keys: tuple[object, object], cell: board.Cell) -> None:
        """Read from the map."""
        self.row, self.column = keys
        self.row_label, self.column_label = dict(heat.down)[self.row], dict(heat.across).get(self.column, "")
        self.count, self.weight = cell.count, cell.weight


def heat_map(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """What findings weigh by zone (or project) and clause (or part of the standard), the heaviest first."""
    heat = board.heat(_rows(request, given), down=given.down, across=given.across)
    lines = [_Line(heat, keys, cell) for keys, cell in heat.cells.items()]
    return HEAT.all(sorted(lines, key=lambda one: (-one.weight, one.row_label, one.column_label)))


def pareto(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """How many findings fall on each clause, cause, team or place, with cumulative shares."""
    return BAR.all(board.pareto_of(_rows(request, given), by=given.by))


def waiting(request: HttpRequest, given: Any) -> dict[str, Any]:
    """What of findings waits for whoever asks."""
    return WAITS.of(waiting_for(user_of(request)))


DOWN, ACROSS, BY = one_of(tuple(board.DOWN)), one_of(tuple(board.ACROSS)), one_of(tuple(board.PARETO))
ask(router, "/findings/board", "findings_board", columns, list[COLUMN.model], SEE, **NARROWED)  # type: ignore[name-defined]
ask(router, "/findings/ages", "findings_ages", ages, list[AGE.model], SEE, **NARROWED)  # type: ignore[name-defined]
ask(
    router, "/findings/heat", "findings_heat", heat_map, list[HEAT.model], SEE,  # type: ignore[name-defined]
    down=(DOWN, "zone"), across=(ACROSS, "clause"), **NARROWED,
)  # fmt: skip
ask(
    router, "/findings/pareto", "findings_pareto", pareto, list[BAR.model], SEE,  # type: ignore[name-defined]
    by=(BY, "clause"), **NARROWED,
)  # fmt: skip
ask(router, "/findings/waiting", "findings_waiting", waiting, WAITS.model, [VIEW_FINDINGS, DO_TASKS])
