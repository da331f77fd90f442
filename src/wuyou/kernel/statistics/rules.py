"""Western Electric rules: patterns that ordinary ups and downs hardly make (Western Electric 1956; NIST 6.3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from .charts import ControlChart

BEYOND = {1: (1, 1, 3.0), 2: (2, 3, 2.0), 3: (4, 5, 1.0), 4: (8, 8, 0.0)}
"""Rule → how many of the last how many points lie beyond how many sigmas on the same side."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Rule 1 to 4, the place of the point that completes the pattern, and the side: 1 above, -1 below."""

    rule: int
    index: int
    side: int


def signals(chart: ControlChart) -> list[Signal]:
    """The patterns of a chart in the order of their points; limits may vary from point to point.

    1: one point beyond 3σ. 2: two of three beyond 2σ. 3: four of five beyond 1σ. 4: eight in a row. All on one side;
    the completing point itself lies beyond.
    """
    zs = [_distance(point.value - chart.centre, point.sigma) for point in chart.points]
    return [
        Signal(rule, index, side)
        for index in range(len(zs))
        for rule in BEYOND
        for side in (1, -1)
        if _completes(zs, index, rule, side)
    ]


def _distance(difference: float, sigma: float) -> float:
    """In sigmas; a chart without spread is left by the smallest difference."""
    if sigma > 0:
        return difference / sigma
    return 0.0 if difference == 0 else inf if difference > 0 else -inf


def _completes(zs: Sequence[float], index: int, rule: int, side: int) -> bool:
    needed, span, beyond = BEYOND[rule]
    if side * zs[index] <= beyond:
        return False
    last = zs[max(index - span + 1, 0) : index + 1]
    return sum(side * z > beyond for z in last) >= needed
