"""Funnel plots instead of league tables: limits widen where there is little to go by (Spiegelhalter 2005).

Statistics in Medicine 24, 1185-1202: 95 % limits warn, 99.8 % limits alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

from .distributions import binomial_cdf, binomial_quantile, normal_quantile, two_sided

WARNING = 0.95
ALARM = 0.998
TRIMMED = 0.1

Standing = Literal["inside", "warning", "alarm"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Between `low` and `high` a unit of this size differs from the target by chance alone, `coverage` of the time."""

    low: float
    high: float
    coverage: float


def proportion_limits(target: float, size: int, *, coverage: float = WARNING, dispersion: float = 1.0) -> Limits:
    """Limits of a share of `size` cases around `target`.

    Exact binomial limits with interpolation, (r - α) ÷ n with α = (P(R≤r) - p) ÷ P(R=r) (appendix A.1.1). With a
    `dispersion` φ above 1 they are θ ± z √(φ θ(1-θ) ÷ n). Raises Invalid for a target outside 0 to 1 or
    a size that is not positive.
    """
    if not 0 <= target <= 1:
        raise Invalid(_("A target share lies between 0 and 1."))
    if size <= 0:
        raise Invalid(_("Limits need a size above zero."))
    upper = two_sided(coverage)
    if dispersion > 1:
        half = normal_quantile(upper) * sqrt(dispersion * target * (1 - target) / size)
        return Limits(max(0.0, target - half), min(1.0, target + half), coverage)
    if target in (0, 1):
        return Limits(target, target, coverage)
    return Limits(_share_limit(1 - upper, size, target), _share_limit(upper, size, target), coverage)


def _share_limit(probability: float, size: int, rate: float) -> float:
    count = binomial_quantile(probability, size=size, rate=rate)
    at_most = binomial_cdf(count, size=size, rate=rate)
    exactly = at_most - binomial_cdf(count - 1, size=size, rate=rate)
    return min(1.0, max(0.0, (count - (at_most - probability) / exactly) / size))


def mean_limits(
    target: float, size: float, *, deviation: float, coverage: float = WARNING, dispersion: float = 1.0
) -> Limits:
    """Limits of a mean of `size` values around `target`: target ± z √φ · σ ÷ √n."""
    if size <= 0:
        raise Invalid(_("Limits need a size above zero."))
    half = normal_quantile(two_sided(coverage)) * sqrt(max(dispersion, 1.0)) * deviation / sqrt(size)
    return Limits(target - half, target + half, coverage)


def standing(value: float, *, warning: Limits, alarm: Limits) -> Standing:
    """Where a value lies: inside, beyond the warning limits, beyond the alarm limits."""
    if not alarm.low <= value <= alarm.high:
        return "alarm"
    return "inside" if warning.low <= value <= warning.high else "warning"


def outside(values: Sequence[float], limits: Sequence[Limits]) -> list[int]:
    """The places of the values beyond their limits."""
    return [
        place for place, (value, one) in enumerate(zip(values, limits, strict=True)) if not one.low <= value <= one.high
    ]


def dispersion(zs: Sequence[float], *, trimmed: float = TRIMMED) -> float:
    """φ = Σz² ÷ I: how much more units differ than chance explains, at least 1.

    The extreme `trimmed` share at each end is pulled in (winsorised), so that the outliers sought do not hide
    themselves. Raises Invalid without values.
    """
    if not zs:
        raise Invalid(_("A dispersion needs at least one value."))
    ordered = sorted(zs)
    cut = int(len(ordered) * trimmed)
    low, high = ordered[cut], ordered[len(ordered) - 1 - cut]
    return max(1.0, sum(min(max(z, low), high) ** 2 for z in zs) / len(zs))
