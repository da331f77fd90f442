"""How sure a figure is: intervals of proportions, means, counts and of differences."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

from .distributions import gamma_quantile, normal_quantile, t_quantile, two_sided

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the range that covers the truth with the stated confidence."""

    estimate: float
    low: float
    high: float
    confidence: float = CONFIDENCE

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole range lies on one side of zero: a difference that is more than chance."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Sample:
    """A group of measurements by its size, mean and standard deviation (n - 1 in the denominator)."""

    size: int
    mean: float
    deviation: float


def sample_of(values: Sequence[float]) -> Sample:
    """Size, mean and standard deviation of measurements. Raises Invalid for fewer than two."""
    if len(values) < 2:
        raise Invalid(_("An interval of a mean needs at least two measurements."))
    mean = sum(values) / len(values)
    squares = sum((value - mean) ** 2 for value in values)
    return Sample(len(values), mean, sqrt(squares / (len(values) - 1)))


def checked_proportion(count: int, size: int) -> float:
    """count ÷ size; raises Invalid for a size that is not positive or a count outside it."""
    if size <= 0:
        raise Invalid(_("A proportion needs a size above zero."))
    if not 0 <= count <= size:
        raise Invalid(_("A count lies between zero and the size it is taken from."))
    return count / size


def wilson(count: int, size: int, *, confidence: float = CONFIDENCE) -> Interval:
    """The score interval of a proportion: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) (Wilson 1927)."""
    share = checked_proportion(count, size)
    z = normal_quantile(two_sided(confidence))
    middle = share + z * z / (2 * size)
    half = z * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    scale = 1 + z * z / size
    low = 0.0 if count == 0 else (middle - half) / scale
    high = 1.0 if count == size else (middle + half) / scale
    return Interval(share, low, high, confidence)


def newcombe(first: tuple[int, int], second: tuple[int, int], *, confidence: float = CONFIDENCE) -> Interval:
    """The difference first - second of two proportions, each (count, size), by the two Wilson intervals.

    d - √((p₁-l₁)² + (u₂-p₂)²) to d + √((u₁-p₁)² + (p₂-l₂)²): method 10 of Newcombe 1998, Statistics in Medicine 17.
    """
    one, two = wilson(*first, confidence=confidence), wilson(*second, confidence=confidence)
    difference = one.estimate - two.estimate
    down = sqrt((one.estimate - one.low) ** 2 + (two.high - two.estimate) ** 2)
    up = sqrt((one.high - one.estimate) ** 2 + (two.estimate - two.low) ** 2)
    return Interval(difference, difference - down, difference + up, confidence)


def mean_interval(sample: Sample, *, confidence: float = CONFIDENCE) -> Interval:
    """The mean ± t(n - 1) · s / √n (Student 1908). Raises Invalid for fewer than two measurements."""
    if sample.size < 2:
        raise Invalid(_("An interval of a mean needs at least two measurements."))
    t = t_quantile(two_sided(confidence), freedom=sample.size - 1)
    half = t * sample.deviation / sqrt(sample.size)
    return Interval(sample.mean, sample.mean - half, sample.mean + half, confidence)


def welch(first: Sample, second: Sample, *, confidence: float = CONFIDENCE) -> Interval:
    """The difference first - second of two means whose spreads may differ (Welch 1947, degrees by Satterthwaite)."""
    if first.size < 2 or second.size < 2:
        raise Invalid(_("An interval of a mean needs at least two measurements."))
    one, two = first.deviation**2 / first.size, second.deviation**2 / second.size
    difference = first.mean - second.mean
    if one + two == 0:
        return Interval(difference, difference, difference, confidence)
    freedom = (one + two) ** 2 / (one**2 / (first.size - 1) + two**2 / (second.size - 1))
    half = t_quantile(two_sided(confidence), freedom=freedom) * sqrt(one + two)
    return Interval(difference, difference - half, difference + half, confidence)


def poisson(count: int, *, exposure: float = 1.0, confidence: float = CONFIDENCE) -> Interval:
    """The exact interval of events per unit of exposure: gamma quantiles with shapes k and k + 1 (Garwood 1936)."""
    if count < 0:
        raise Invalid(_("A count is not negative."))
    if exposure <= 0:
        raise Invalid(_("A rate needs an exposure above zero."))
    upper = two_sided(confidence)
    low = gamma_quantile(1 - upper, shape=count) if count else 0.0
    high = gamma_quantile(upper, shape=count + 1)
    return Interval(count / exposure, low / exposure, high / exposure, confidence)
