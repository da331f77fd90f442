"""Control charts: is what happened lately more than the usual ups and downs? (Shewhart 1931; NIST handbook 6.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

SIGMAS = 3
D2 = 1.128  # expected range of two normal values in standard deviations, as tables print it
D4 = 3.267  # upper limit of the range of two, in mean ranges


@dataclass(frozen=True, slots=True)
class Point:
    """One value with its own spread and limits: small samples are allowed to scatter more."""

    value: float
    size: float
    sigma: float
    lower: float
    upper: float

    @property
    def is_outside(self) -> bool:
        """Beyond a three-sigma limit."""
        return not self.lower <= self.value <= self.upper


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A centre line and the points around it; `kind` is p, u, i or mr, `widening` by how much limits were widened."""

    kind: str
    centre: float
    points: Sequence[Point]
    widening: float = 1.0


def p_chart(counts: Sequence[int], sizes: Sequence[int], *, baseline: int | None = None) -> ControlChart:
    """Shares: centre p̄ = Σx ÷ Σn, limits p̄ ± 3 √(p̄(1-p̄) ÷ nᵢ) within 0 and 1 (NIST 6.3.3.2).

    `baseline` takes the centre from that many first points only. Raises Invalid for an empty series, a size that is not
    positive or a count outside its size.
    """
    _check_counts(counts, sizes)
    if any(count > size for count, size in zip(counts, sizes, strict=True)):
        raise Invalid(_("A share is drawn from counts that are not above their sizes."))
    span = _baseline(len(counts), baseline)
    centre = sum(counts[:span]) / sum(sizes[:span])
    spread = sqrt(centre * (1 - centre))
    points = [
        _point(count / size, size, centre, spread / sqrt(size), 1.0) for count, size in zip(counts, sizes, strict=True)
    ]
    return ControlChart("p", centre, points)


def u_chart(counts: Sequence[int], sizes: Sequence[float], *, baseline: int | None = None) -> ControlChart:
    """Events per unit: centre ū = Σc ÷ Σn, limits ū ± 3 √(ū ÷ nᵢ), not below 0 (NIST 6.3.3.1).

    With sizes of one this is the c-chart. Raises Invalid as p_chart does, but counts may exceed sizes.
    """
    _check_counts(counts, sizes)
    span = _baseline(len(counts), baseline)
    centre = sum(counts[:span]) / sum(sizes[:span])
    points = [
        _point(count / size, size, centre, sqrt(centre / size), float("inf"))
        for count, size in zip(counts, sizes, strict=True)
    ]
    return ControlChart("u", centre, points)


def i_mr(values: Sequence[float], *, baseline: int | None = None) -> tuple[ControlChart, ControlChart]:
    """Single values and their moving ranges: x̄ ± 3 MR̄ ÷ 1.128, and ranges up to 3.267 MR̄ (NIST 6.3.2.2).

    The second chart has one point less than the first. Raises Invalid for fewer than two values.
    """
    if len(values) < 2:
        raise Invalid(_("A chart of single values needs at least two of them."))
    span = max(_baseline(len(values), baseline), 2)
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    centre = sum(values[:span]) / span
    spread = sum(ranges[: span - 1]) / (span - 1)
    sigma = spread / D2
    single = [Point(value, 1, sigma, centre - SIGMAS * sigma, centre + SIGMAS * sigma) for value in values]
    moving = [Point(one, 1, (D4 - 1) * spread / SIGMAS, 0.0, D4 * spread) for one in ranges]
    return ControlChart("i", centre, single), ControlChart("mr", spread, moving)


def widened(chart: ControlChart) -> ControlChart:
    """A p- or u-chart whose limits also hold the usual ups and downs from point to point (Laney 2002: p' and u').

    Sigma is multiplied by σz = mean moving range of zᵢ = (value - centre) ÷ sigma, ÷ 1.128, where that is above 1: in
    large samples every point would else lie outside. Never narrowed; a chart of one point or without spread stays.
    """
    zs = [(point.value - chart.centre) / point.sigma for point in chart.points if point.sigma > 0]
    if len(zs) < 2:
        return chart
    factor = sum(abs(later - earlier) for earlier, later in pairwise(zs)) / (len(zs) - 1) / D2
    if factor <= 1:
        return chart
    top = 1.0 if chart.kind == "p" else float("inf")
    points = [_point(one.value, one.size, chart.centre, one.sigma * factor, top) for one in chart.points]
    return ControlChart(chart.kind, chart.centre, points, factor)


def _check_counts(counts: Sequence[int], sizes: Sequence[float]) -> None:
    if not counts:
        raise Invalid(_("A chart needs at least one point."))
    if len(counts) != len(sizes):
        raise Invalid(_("A chart needs a size for every count."))
    if any(size <= 0 for size in sizes):
        raise Invalid(_("A chart needs sizes above zero."))
    if any(count < 0 for count in counts):
        raise Invalid(_("A count is not negative."))


def _baseline(length: int, baseline: int | None) -> int:
    """How many first points the centre is taken from."""
    if baseline is None:
        return length
    if not 1 <= baseline <= length:
        raise Invalid(_("A baseline takes at least one and at most all points."))
    return baseline


def _point(value: float, size: float, centre: float, sigma: float, top: float) -> Point:
    return Point(value, size, sigma, max(0.0, centre - SIGMAS * sigma), min(top, centre + SIGMAS * sigma))
