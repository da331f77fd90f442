"""Many projects over many months without a league table on noise (spec 05 Honest statistics, 12 Dashboards)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import sqrt
from typing import Literal

from wuyou.kernel.statistics.charts import ControlChart, i_mr
from wuyou.kernel.statistics.funnel import ALARM, WARNING, Limits, dispersion, mean_limits, standing
from wuyou.kernel.statistics.rules import Signal, signals

LEAST_MONTHS = 3  # fewer months of a project say nothing about it
LEAST_PROJECTS = 4  # fewer projects have no usual spread
LEAST_TREND = 6  # fewer months show no usual ups and downs
CENT = Decimal("0.01")

Verdict = Literal["better", "worse", "usual", "unknown"]


@dataclass(frozen=True, slots=True)
class Sums:
    """The months of one project: how many, their points and squared points added up, in hundredths and its square."""

    months: int
    points: int
    squares: int

    @property
    def mean(self) -> Decimal:
        """Mean points, half up to 0.01."""
        return mean_of(self.points, self.months)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a project's mean lies among the others, given how many months stand behind it."""

    project_id: int
    months: int
    mean: Decimal
    verdict: Verdict
    is_alarm: bool = False


@dataclass(frozen=True, slots=True)
class Funnel:
    """The common mean, the spread of a project's months (points) and by how much projects differ beyond it.

    `dispersion` 1 means that months' ups and downs explain all differences between projects. The lowest mean is first.
    """

    centre: Decimal
    deviation: float
    dispersion: float
    standings: tuple[Standing, ...]

    def limits(self, months: int, *, coverage: float = WARNING) -> Limits:
        """Between which points a project of so many months lies as projects usually do, so often as `coverage` says."""
        return mean_limits(
            float(self.centre), months, deviation=self.deviation, coverage=coverage, dispersion=self.dispersion
        )


@dataclass(frozen=True, slots=True)
class Trend:
    """A control chart of monthly means and what stands out in it; `chart` is None where months are too few."""

    chart: ControlChart | None
    signals: tuple[Signal, ...]

    @property
    def verdict(self) -> Verdict:
        """What the last month says: beyond the usual ups and downs, or not."""
        if self.chart is None:
            return "unknown"
        last = [signal for signal in self.signals if signal.index == len(self.chart.points) - 1]
        if not last:
            return "usual"
        return "better" if last[0].side > 0 else "worse"


def mean_of(hundredths: int, count: int) -> Decimal:
    """The mean of `count` (above zero) values whose hundredths add up to this, half up to 0.01."""
    return (Decimal(hundredths) / count / 100).quantize(CENT, rounding=ROUND_HALF_UP)


def funnel_of(sums: Mapping[int, Sums]) -> Funnel | None:
    """Projects against the mean of all months, with the spread months have within a project and projects usually have.

    None where there are fewer than four projects, or no project has months that differ: nothing is usual yet.
    """
    if len(sums) < LEAST_PROJECTS:
        return None
    freedom = sum(one.months - 1 for one in sums.values())
    within = sum((one.squares - Fraction(one.points**2, one.months) for one in sums.values()), Fraction(0))
    if within == 0:
        return None
    centre = mean_of(sum(one.points for one in sums.values()), sum(one.months for one in sums.values()))
    deviation = sqrt(within / freedom) / 100
    zs = [float(one.mean - centre) / deviation * sqrt(one.months) for one in sums.values()]
    made = Funnel(centre, deviation, dispersion(zs), ())
    found = (_standing(project_id, one, made) for project_id, one in sums.items())
    return replace(made, standings=tuple(sorted(found, key=lambda one: (one.mean, one.project_id))))


def _standing(project_id: int, one: Sums, funnel: Funnel) -> Standing:
    if one.months < LEAST_MONTHS:
        return Standing(project_id, one.months, one.mean, "unknown")
    warning, alarm = funnel.limits(one.months), funnel.limits(one.months, coverage=ALARM)
    where = standing(float(one.mean), warning=warning, alarm=alarm)
    if where == "inside":
        return Standing(project_id, one.months, one.mean, "usual")
    verdict: Verdict = "better" if one.mean > funnel.centre else "worse"
    return Standing(project_id, one.months, one.mean, verdict, is_alarm=where == "alarm")


def trend_of(means: Sequence[Decimal]) -> Trend:
    """Monthly means as a chart of individual values with the Western Electric rules, the oldest first."""
    if len(means) < LEAST_TREND:
        return Trend(None, ())
    chart, _ranges = i_mr([float(mean) for mean in means])
    return Trend(chart, tuple(signals(chart)))
