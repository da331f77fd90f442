"""Control charts of quality: pass rate (p), findings per inspection (u), times of correction (I-MR)."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from wuyou.domains.quality.models import Finding
from wuyou.kernel import clock
from wuyou.kernel.statistics.charts import ControlChart, i_mr, p_chart, u_chart, widened
from wuyou.kernel.statistics.rules import Signal, signals

from .looked import Looked

BY = ("inspection", "week", "month")
MOST_POINTS = 60
FEW = 40  # inspections up to which each is a point of its own
MOST_WEEKS = 30
ENOUGH = 10  # points from which on more spread than chance can be told from signals
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Spot:
    """What one point of a chart stands for: an inspection or finding (`pk`, `number`), or the days of many."""

    first: dt.date
    last: dt.date
    pk: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Charted:
    """A control chart with what its points stand for and the patterns in it."""

    by: str
    spots: Sequence[Spot]
    chart: ControlChart
    signals: Sequence[Signal]


@dataclass(frozen=True, slots=True)
class _Row:
    day: dt.date
    pk: int
    number: str
    count: int
    size: int


def pass_rate(looked: Sequence[Looked], *, by: str = "") -> Charted | None:
    """Items that passed of those that applied, as a p-chart; None without any.

    `by` is inspection, week or month; without it the first that keeps the chart readable. From ten points on the limits
    also hold the usual ups and downs between points (Laney).
    """
    rows = [_Row(one.day, one.pk, one.number, one.passed, one.checked) for one in looked if one.checked]
    return _charted(rows, by, p_chart)


def finding_rate(looked: Sequence[Looked], *, by: str = "") -> Charted | None:
    """Findings per inspection as a u-chart; None without inspections. Void and merged findings do not count."""
    return _charted([_Row(one.day, one.pk, one.number, one.found, 1) for one in looked], by, u_chart)


def times(findings: QuerySet[Finding], *, until: str) -> tuple[Charted, ControlChart] | None:
    """Days from found to proved (`until` proved) or from proved to verified, one value per finding, the latest sixty.

    As chart of single values and of moving ranges; None with fewer than two.
    """
    since, end = {
        "proved": ("found_at", "correction__proved_at"),
        "verified": ("correction__proved_at", "correction__verified_at"),
    }[until]
    rows = findings.filter(**{f"{since}__isnull": False, f"{end}__isnull": False}).order_by(f"-{end}", "-pk")
    taken = list(rows.values_list("pk", "number", since, end)[:MOST_POINTS])[::-1]
    if len(taken) < 2:
        return None
    single, moving = i_mr([max((to - start).total_seconds(), 0) / DAY_SECONDS for _pk, _number, start, to in taken])
    days = [clock.local(to).date() for *_start, to in taken]
    spots = [Spot(day, day, pk, number) for day, (pk, number, *_times) in zip(days, taken, strict=True)]
    return Charted("finding", spots, single, signals(single)), moving


def _charted(rows: list[_Row], by: str, draw: Callable[[Sequence[int], Sequence[int]], ControlChart]) -> Charted | None:
    if not rows:
        return None
    chosen = by if by in BY else _fitting(rows)
    parts = _grouped(rows, chosen)[-MOST_POINTS:]
    counts, sizes = ([sum(getattr(row, name) for row in part) for _spot, part in parts] for name in ("count", "size"))
    drawn = draw(counts, sizes)
    chart = widened(drawn) if len(parts) >= ENOUGH else drawn
    return Charted(chosen, [spot for spot, _part in parts], chart, signals(chart))


def _fitting(rows: list[_Row]) -> str:
    if len(rows) <= FEW:
        return "inspection"
    return "week" if (rows[-1].day - rows[0].day).days <= 7 * MOST_WEEKS else "month"


def _grouped(rows: list[_Row], by: str) -> list[tuple[Spot, list[_Row]]]:
    if by == "inspection":
        return [(Spot(row.day, row.day, row.pk, row.number), [row]) for row in rows]
    span = _week if by == "week" else _month
    parts: dict[tuple[dt.date, dt.date], list[_Row]] = {}
    for row in rows:
        parts.setdefault(span(row.day), []).append(row)
    return [(Spot(first, last), part) for (first, last), part in sorted(parts.items())]


def _week(day: dt.date) -> tuple[dt.date, dt.date]:
    monday = day - dt.timedelta(days=day.weekday())
    return monday, monday + dt.timedelta(days=6)


def _month(day: dt.date) -> tuple[dt.date, dt.date]:
    first = day.replace(day=1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return first, following - dt.timedelta(days=1)
