"""Projects compared without a league table: funnels, and ranks that say how sure they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from django.db.models import Count, QuerySet

from wuyou.domains.quality.models import Inspection, InspectionAnswer
from wuyou.domains.sheets.rules.items import SCORED
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

from .charts import FAILED, NOT_APPLICABLE

ENOUGH = 10  # projects from which on more spread than chance can be told from outliers
STEPS = 24


@dataclass(frozen=True, slots=True)
class Placed:
    """A project in a funnel: what was seen of how much, and where that lies."""

    project: int
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
    name: str
    shrunk: Shrunk


def pass_funnel(inspections: QuerySet[Inspection]) -> Funnel | None:
    """Pass rates of projects over the items checked, around the rate of all; None without two projects."""
    rows = (
        InspectionAnswer.objects.filter(
            inspection__in=inspections.filter(second_of__isnull=True).order_by(), item__answer_type__in=SCORED
        )
        .exclude(value__in=NOT_APPLICABLE)
        .order_by("inspection__project__name")
        .values_list("inspection__project_id", "inspection__project__name")
        .annotate(size=Count("pk"), failed=Count("pk", filter=FAILED))
    )
    found = [(pk, name, size, (size - failed) / size) for pk, name, size, failed in rows]
    if len(found) < 2:
        return None
    total = sum(size for _pk, _name, size, _share in found)
    target = sum(size * share for _pk, _name, size, share in found) / total
    spread = sqrt(target * (1 - target))
    wide = _wide([(share - target) * sqrt(size) / spread for _pk, _name, size, share in found]) if spread else 1.0

    def limits(size: int, coverage: float) -> Limits:
        return proportion_limits(target, size, coverage=coverage, dispersion=wide)

    return _funnel(target, wide, found, limits)


def score_funnel(inspections: QuerySet[Inspection]) -> Funnel | None:
    """Mean scores of projects over the number of inspections; None without two projects or any repetition."""
    groups = _scores(inspections)
    deviation = _within([scores for _name, scores in groups.values()])
    if len(groups) < 2 or not deviation:
        return None
    every = [score for _name, scores in groups.values() for score in scores]
    target = sum(every) / len(every)
    found = [(pk, name, len(scores), sum(scores) / len(scores)) for pk, (name, scores) in groups.items()]
    wide = _wide([(mean - target) * sqrt(size) / deviation for _pk, _name, size, mean in found])

    def limits(size: int, coverage: float) -> Limits:
        return mean_limits(target, size, deviation=deviation, coverage=coverage, dispersion=wide)

    return _funnel(target, wide, found, limits)


def ranking(inspections: QuerySet[Inspection], *, least: int = 3) -> list[Ranked]:
    """Projects by their expected rank, mean scores drawn to the mean of all; empty for fewer than four.

    `least` is the number of inspections a project needs to be given a rank.
    """
    groups = _scores(inspections)
    deviation = _within([scores for _name, scores in groups.values()])
    if len(groups) < FEWEST or not deviation:
        return []
    sizes = [len(scores) for _name, scores in groups.values()]
    means = [sum(scores) / len(scores) for _name, scores in groups.values()]
    shrunk = rank(shrink_means(means, [deviation / sqrt(size) for size in sizes], sizes), least=least)
    named = zip(groups.items(), shrunk, strict=True)
    found = [Ranked(pk, name, one) for (pk, (name, _scores_)), one in named]
    return sorted(found, key=lambda one: (not one.shrunk.is_rankable, one.shrunk.expected, one.name))


def _scores(inspections: QuerySet[Inspection]) -> Mapping[int, tuple[str, list[float]]]:
    """Scores by project; one that a red line brought to 0 is left out: it would drown all others in the spread."""
    rows = inspections.filter(second_of__isnull=True, score__isnull=False, is_vetoed=False)
    ordered = rows.order_by("project__name", "day")
    groups: dict[int, tuple[str, list[float]]] = {}
    for pk, name, score in ordered.values_list("project_id", "project__name", "score"):
        groups.setdefault(pk, (name, []))[1].append(float(score or 0))
    return groups


def _within(groups: Sequence[Sequence[float]]) -> float:
    """The standard deviation of single scores within projects, pooled; 0 when nothing was repeated."""
    freedom = sum(len(scores) - 1 for scores in groups)
    if not freedom:
        return 0.0
    means = [sum(scores) / len(scores) for scores in groups]
    squares = sum((score - mean) ** 2 for scores, mean in zip(groups, means, strict=True) for score in scores)
    return sqrt(squares / freedom)


def _wide(zs: Sequence[float]) -> float:
    return dispersion(zs) if len(zs) >= ENOUGH else 1.0


def _funnel(
    target: float,
    wide: float,
    found: Sequence[tuple[int, str, int, float]],
    limits: Callable[[int, float], Limits],
) -> Funnel:
    placed = [
        Placed(pk, name, size, value, standing(value, warning=limits(size, WARNING), alarm=limits(size, ALARM)))
        for pk, name, size, value in found
    ]
    sizes = _steps([one.size for one in placed])
    warning, alarm = ([limits(size, coverage) for size in sizes] for coverage in (WARNING, ALARM))
    return Funnel(target, wide, placed, sizes, warning, alarm)


def _steps(sizes: Sequence[int]) -> list[int]:
    """Sizes at which limits are drawn, closer where they bend."""
    low, high = min(sizes), max(sizes)
    return sorted({round(low * (high / low) ** (step / STEPS)) for step in range(STEPS + 1)})
