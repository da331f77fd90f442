"""From months to quarters and years (spec 06, period arithmetic)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext

from wuyou.domains.appraisal.choices import Partial, RollGrain, RollMethod
from wuyou.kernel.explain import Link, Node, Words

from . import operations as op
from .inputs import Days, Month
from .outcome import UNRATED, band_of
from .scheme import Scheme


@dataclass(frozen=True, slots=True)
class MonthScore:
    """A month's score: `points` None is not rated; `band` is the one after vetoes."""

    month: Month
    points: Decimal | None
    band: str = ""
    days: Days | None = None
    links: tuple[Link, ...] = ()


def months_of(grain: RollGrain, year: int, quarter: int = 1) -> list[Month]:
    """The months of a quarter (1 to 4) or a year, in order."""
    first, count = (Month(year, 1), 12) if grain == RollGrain.YEAR else (Month(year, 3 * quarter - 2), 3)
    return [first.shifted(index) for index in range(count)]


def days_present(month: Month, *, since: date | None, until: date | None) -> Days:
    """The days of a month within [since, until], both included, and the days of the month."""
    first, end = month_bounds(month)
    start = max(first, since) if since else first
    last = min(end, until) if until else end
    return Days(max(0, (last - start).days + 1), (end - first).days + 1)


def month_bounds(month: Month) -> tuple[date, date]:
    """The first and the last day of a month."""
    following = month.shifted(1)
    return date(month.year, month.month, 1), date(following.year, following.month, 1) - timedelta(days=1)


def roll_up(scheme: Scheme, grain: RollGrain, months: Sequence[MonthScore], *, label: Words) -> Node:
    """The months of a quarter or year as one number, half up to 0.01, with its band in the detail (`band`).

    Months not rated are left out; with fewer rated ones than the scheme asks for, the whole is not rated. Under a
    scheme that counts by days a month weighs its days present.
    """
    rule = scheme.rollup(grain)
    nodes = [_month_node(one) for one in months]
    rated = [one for one in months if one.points is not None]
    if len(rated) < max(1, rule.at_least):
        note = Words(
            f"已评定 {len(rated)} 个月,不足 {rule.at_least} 个月",
            f"{len(rated)} rated months, fewer than {rule.at_least}",
        )
        return op.without(grain.value, label, note, *nodes)
    with localcontext(op.EXACT):
        whole = _together(scheme, rule.method, months, nodes)
        points = op.rounded("points", Words("得分", "Points"), whole, places=2)
    band = band_of(scheme, points.value)
    name = scheme.band(band).name if band else UNRATED
    return Node(grain.value, label, points.value, op="same", detail={"band": band}, children=(points,), note=name)


def _month_node(one: MonthScore) -> Node:
    note = UNRATED if one.points is None else None
    words = Words(f"{one.month.year} 年 {one.month.month} 月", str(one.month))
    return op.given(str(one.month), words, one.points, links=one.links, note=note)


def _together(scheme: Scheme, method: RollMethod, months: Sequence[MonthScore], nodes: Sequence[Node]) -> Node:
    label = Words("各月合成", "Months together")
    rated = [node for node in nodes if node.value is not None]
    if method == RollMethod.MIN:
        return op.lowest("together", label, rated)
    if method == RollMethod.LAST:
        return op.last("together", label, rated)
    if method == RollMethod.MEDIAN:
        return op.median("together", label, rated)
    weights = {str(one.month): _weight(scheme, one) for one in months}
    return op.weighted_mean(
        "together", label, nodes, weights, spread=[node.key for node in nodes if node.value is None]
    )


def _weight(scheme: Scheme, one: MonthScore) -> Decimal:
    if scheme.presence.partial == Partial.FULL or one.days is None:
        return Decimal(1)
    return op.divided(Decimal(one.days.present), Decimal(one.days.of))
