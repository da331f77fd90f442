"""Ranking with its uncertainty: small units are drawn to the mean, and a rank is a range (empirical Bayes)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

from .distributions import beta_quantile, normal_cdf, normal_quantile, two_sided
from .intervals import CONFIDENCE, checked_proportion

FEWEST = 4  # with fewer units the spread between them cannot be told from chance
LEAST = 5  # observations a unit needs to be given a rank at all
TURNS = 500
CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A unit's value as seen and as it must be expected, with its standard error and interval.

    `weight` is the share drawn from the mean of all (0: none, 1: all); `best` and `worst` bound the rank, `expected` is
    its mean; `is_rankable` says whether there are observations enough to name a rank.
    """

    observed: float
    size: float
    value: float
    error: float
    low: float
    high: float
    weight: float
    best: int = 1
    worst: int = 1
    expected: float = 1.0
    is_rankable: bool = True


def shrink_means(
    means: Sequence[float], errors: Sequence[float], sizes: Sequence[float], *, confidence: float = CONFIDENCE
) -> list[Shrunk]:
    """Normal means with known standard errors, drawn to their weighted mean (Morris 1983, JASA 78, 47-65).

    θ̂ᵢ = (1 - Bᵢ) yᵢ + Bᵢ μ̂ with Bᵢ = (k-3)/(k-1) · Vᵢ/(Vᵢ + Â); Â from the spread beyond chance, found by turns. With
    equal errors this is the James-Stein estimator of Efron and Morris 1975. Raises Invalid for fewer than four units,
    lists of different length or an error that is not positive.
    """
    _check_units(len(means), len(errors), len(sizes))
    if any(error <= 0 for error in errors):
        raise Invalid(_("Shrinkage needs standard errors above zero."))
    variances = [error**2 for error in errors]
    spread = _spread(means, variances)
    z = normal_quantile(two_sided(confidence))
    weights = [1 / (variance + spread) for variance in variances]
    prior = (_weighted(means, weights), spread, _weighted(variances, weights))
    return [
        _shrunk_mean((mean, variance, size), prior, units=len(means), z=z)
        for mean, variance, size in zip(means, variances, sizes, strict=True)
    ]


def _shrunk_mean(
    unit: tuple[float, float, float], prior: tuple[float, float, float], *, units: int, z: float
) -> Shrunk:
    """The error counts that mean and spread are themselves estimated."""
    mean, variance, size = unit
    centre, spread, usual = prior
    weight = (units - 3) / (units - 1) * variance / (variance + spread)
    value = (1 - weight) * mean + weight * centre
    unsure = 2 / (units - 3) * weight**2 * (usual + spread) / (variance + spread)
    error = sqrt(variance * (1 - (units - 1) / units * weight) + unsure * (mean - centre) ** 2)
    return Shrunk(mean, size, value, error, value - z * error, value + z * error, weight)


def _spread(means: Sequence[float], variances: Sequence[float]) -> float:
    """Â: the variance between the units beyond the errors, not below 0; found by turns as in Morris 1983."""
    units = len(means)
    found = sum((mean - sum(means) / units) ** 2 for mean in means) / (units - 1)
    spread, turn = found + 1, 0
    while abs(found - spread) > CLOSE * (spread + CLOSE) and turn < TURNS:
        spread, turn = found, turn + 1
        weights = [1 / (variance + spread) for variance in variances]
        centre = _weighted(means, weights)
        excess = [
            units / (units - 1) * (mean - centre) ** 2 - variance
            for mean, variance in zip(means, variances, strict=True)
        ]
        found = max(0.0, _weighted(excess, weights))
    return found


def _weighted(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)


def shrink_rates(counts: Sequence[int], sizes: Sequence[int], *, confidence: float = CONFIDENCE) -> list[Shrunk]:
    """Shares drawn to the overall share: beta-binomial, prior by moments (Kleinman 1973, JASA 68, 46-54).

    ρ̂ = (S ÷ p̂(1-p̂) - (k-1)) ÷ (N - Σn²/N - (k-1)) with S = Σn(pᵢ - p̂)²; prior strength M = 1/ρ̂ - 1, at least one
    case and not above the N there are. Posterior Beta(Mp̂ + x, M(1-p̂) + n - x). Raises Invalid for fewer
    than four units or bad counts.
    """
    _check_units(len(counts), len(sizes), len(sizes))
    shares = [checked_proportion(count, size) for count, size in zip(counts, sizes, strict=True)]
    centre, strength = _prior(shares, sizes)
    # A prior of all or nothing has no beta density; half a case keeps it apart from the edge.
    centre = min(max(centre, 0.5 / (sum(sizes) + 1)), 1 - 0.5 / (sum(sizes) + 1))
    upper = two_sided(confidence)
    return [_shrunk_rate(count, size, centre, strength, upper) for count, size in zip(counts, sizes, strict=True)]


def _prior(shares: Sequence[float], sizes: Sequence[int]) -> tuple[float, float]:
    """The overall share and how many cases of belief in it."""
    total, units = sum(sizes), len(sizes)
    centre = _weighted(shares, sizes)
    variance = centre * (1 - centre)
    room = total - sum(size**2 for size in sizes) / total - (units - 1)
    if variance == 0 or room <= 0:
        return centre, float(total)
    scatter = sum(size * (share - centre) ** 2 for share, size in zip(shares, sizes, strict=True))
    alike = (scatter / variance - (units - 1)) / room
    if alike <= 0:
        return centre, float(total)
    return centre, min(max(1 / alike - 1, 1.0), float(total))


def _shrunk_rate(count: int, size: int, centre: float, strength: float, upper: float) -> Shrunk:
    a, b = strength * centre + count, strength * (1 - centre) + size - count
    value = a / (a + b)
    error = sqrt(value * (1 - value) / (a + b + 1))
    low, high = beta_quantile(1 - upper, a=a, b=b), beta_quantile(upper, a=a, b=b)
    # A posterior heaped at an edge may have its mean beyond the quantile; the interval holds the mean all the same.
    low, high = min(low, value), max(high, value)
    return Shrunk(count / size, size, value, error, low, high, strength / (strength + size))


def _check_units(*lengths: int) -> None:
    if len(set(lengths)) != 1:
        raise Invalid(_("Every unit needs a value, an error and a size."))
    if lengths[0] < FEWEST:
        raise Invalid(_("Ranking needs at least four units."))


def rank(
    units: Sequence[Shrunk], *, is_high_best: bool = True, least: float = LEAST, confidence: float = CONFIDENCE
) -> list[Shrunk]:
    """The same units with the range of their ranks, in the order given.

    Two units are told apart when z of their difference passes the normal limit, shared among the k-1 comparisons of a
    unit (Bonferroni), so that one unit's range holds with the stated confidence. `expected` is Σ P(other is better) + 1
    (Laird and Louis 1989). Units with fewer than `least` observations are not rankable.
    """
    if not units:
        return []
    others = max(len(units) - 1, 1)
    z = normal_quantile(1 - (1 - two_sided(confidence)) / others)
    sign = 1 if is_high_best else -1
    return [_ranked(place, units, sign, z, least) for place in range(len(units))]


def _ranked(place: int, units: Sequence[Shrunk], sign: int, z: float, least: float) -> Shrunk:
    mine = units[place]
    ahead = [
        _standardised(sign * (other.value - mine.value), sqrt(other.error**2 + mine.error**2))
        for at, other in enumerate(units)
        if at != place
    ]
    return replace(
        mine,
        best=1 + sum(one > z for one in ahead),
        worst=len(units) - sum(one < -z for one in ahead),
        expected=1 + sum(normal_cdf(one) for one in ahead),
        is_rankable=mine.size >= least,
    )


def _standardised(difference: float, error: float) -> float:
    return difference / error if error else 0.0
