"""How long things have been open: ages in buckets."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Bucket:
    """Ages from `low` up to but not including `high` (None: without end); their count and share of all."""

    low: float
    high: float | None
    count: int
    share: float


def buckets(ages: Sequence[float], *, edges: Sequence[float]) -> list[Bucket]:
    """Count ages between rising edges that start at 0; the last bucket has no end.

    Raises Invalid for edges that do not rise from 0 and for an age below 0.
    """
    if not edges or edges[0] != 0 or any(high <= low for low, high in pairwise(edges)):
        raise Invalid(_("The edges of ages rise from zero."))
    if any(age < 0 for age in ages):
        raise Invalid(_("An age is not negative."))
    ends: list[float | None] = [*edges[1:], None]
    return [_bucket(ages, low, high) for low, high in zip(edges, ends, strict=True)]


def _bucket(ages: Sequence[float], low: float, high: float | None) -> Bucket:
    count = sum(low <= age and (high is None or age < high) for age in ages)
    return Bucket(low, high, count, count / len(ages) if ages else 0.0)
