"""Projects compared without a league table: funnels, and ranks that say how sure they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt

from wuyou.kernel.statistics.funnel import (
    ALARM,
    WARNING,
    Limits,
    Standing,
    dispersion,
    mean_limits,
    proportion_limits,
    standing,
)
from wuyou.kernel.statistics.ranking import FEWEST, Shrunk, rank, shrink_means

from .looked import Looked

ENOUGH = 10  # projects from which on more spread than chance can be told from outliers
STEPS = 24
HIGHEST = 100.0  # no score is above it
Key = tuple[int, str, str]  # a project's id, code and name
Scores = Mapping[Key, Sequence[float]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A project before it is placed."""

    key: Key
    size: int
    value: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A project in a funnel: what was seen of how much, and where that lies."""

    project: int
    code: str
    name: str
    size: int
    value: float
    standing: Standing


@dataclass(frozen=True, slots=True)
class Funnel:
    """Projects around a target; the limits at some sizes from the smallest to the largest.

    `dispersion` says by how much more the projects differ than chance explains; the limits are widened by it.
    """

    target: float
    dispersion: float
    placed: Sequence[Placed]
    sizes: Sequence[int]
    warning: Sequence[Limits]
    alarm: Sequence[Limits]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A project's mean score with its rank as a range."""

    project: int
    code: str
    name: str
    shrunk: Shrunk


def pass_funnel(looked: Sequence[Looked]) -> Funnel | None:
    """Pass rates of projects over the items checked, around the rate of all; None without two projects."""
    groups: dict[Key, list[Looked]] = {}
    for one in looked:
        if one.checked:
            groups.setdefault((one.project, one.code, one.name), []).append(one)
    seen = [_seen(key, groups[key]) for key in sorted(groups, key=lambda key: key[2])]
    if len(seen) < 2:
        return None
    target = sum(one.size * one.value for one in seen) / sum(one.size for one in seen)
    spread = sqrt(target * (1 - target))
    wide = _wide([(one.value - target) * sqrt(one.size) / spread for one in seen]) if spread else 1.0

    @cache
    def limits(size: int, coverage: float) -> Limits:
        return proportion_limits(target, size, coverage=coverage, dispersion=wide)

    return _funnel(target, wide, seen, limits)


def _seen(key: Key, rows: Sequence[Looked]) -> _Seen:
    size = sum(one.checked for one in rows)
    return _Seen(key, size, sum(one.passed for one in rows) / size)


def score_funnel(scores: Scores) -> Funnel | None:
    """Mean scores of projects over the number of inspections; None without two projects or any repetition."""
    deviation = _within(scores)
    if len(scores) < 2 or not deviation:
        return None
    every = [score for given in scores.values() for score in given]
    target = sum(every) / len(every)
    seen = [_Seen(key, len(given), sum(given) / len(given)) for key, given in scores.items()]
    wide = _wide([(one.value - target) * sqrt(one.size) / deviation for one in seen])

    def limits(size: int, coverage: float) -> Limits:
        found = mean_limits(target, size, deviation=deviation, coverage=coverage, dispersion=wide)
        return Limits(max(found.low, 0.0), min(found.high, HIGHEST), coverage)

    return _funnel(target, wide, seen, limits)


def ranking(scores: Scores, *, least: int = 3) -> list[Ranked]:
    """Projects by their expected rank, mean scores drawn to the mean of all; empty for fewer than four.

    `least` is the number of inspections a project needs to be given a rank.
    """
    deviation = _within(scores)
    if len(scores) < FEWEST or not deviation:
        return []
    sizes = [len(given) for given in scores.values()]
    means = [sum(given) / len(given) for given in scores.values()]
    shrunk = rank(shrink_means(means, [deviation / sqrt(size) for size in sizes], sizes), least=least)
    found = [Ranked(*key, one) for key, one in zip(scores, shrunk, strict=True)]
    return sorted(found, key=lambda one: (not one.shrunk.is_rankable, one.shrunk.expected, one.name))


def scores_of(looked: Sequence[Looked]) -> Scores:
    """Scores by project, for score_funnel and ranking.

    One that a red line brought to 0 is left out: it would drown all others in the spread.
    """
    scores: dict[Key, list[float]] = {}
    for one in sorted(looked, key=lambda one: one.name):
        if one.score is not None and not one.is_vetoed:
            scores.setdefault((one.project, one.code, one.name), []).append(float(one.score))
    return scores


def _within(scores: Scores) -> float:
    """The standard deviation of single scores within projects, pooled; 0 when nothing was repeated."""
    groups = list(scores.values())
    freedom = sum(len(given) - 1 for given in groups)
    if not freedom:
        return 0.0
    means = [sum(given) / len(given) for given in groups]
    squares = sum((score - mean) ** 2 for given, mean in zip(groups, means, strict=True) for score in given)
    return sqrt(squares / freedom)


def _wide(zs: Sequence[float]) -> float:
    return dispersion(zs) if len(zs) >= ENOUGH else 1.0


def _funnel(
    target: float,
    wide: float,
    seen: Sequence[_Seen],
    limits: Callable[[int, float], Limits],
) -> Funnel:
    placed = [
        Placed(
            *one.key,
            one.size,
            one.value,
            standing(one.value, warning=limits(one.size, WARNING), alarm=limits(one.size, ALARM)),
        )
        for one in seen
    ]
    sizes = _steps([one.size for one in placed])
    warning, alarm = ([limits(size, coverage) for size in sizes] for coverage in (WARNING, ALARM))
    return Funnel(target, wide, placed, sizes, warning, alarm)


def _steps(sizes: Sequence[int]) -> list[int]:
    """Sizes at which limits are drawn, closer where they bend."""
    low, high = min(sizes), max(sizes)
    return sorted({round(low * (high / low) ** (step / STEPS)) for step in range(STEPS + 1)})
