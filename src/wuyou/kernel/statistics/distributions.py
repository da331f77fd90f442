"""Quantiles of the normal, t, beta, gamma and binomial distributions, by their incomplete integrals.

Sources: Abramowitz & Stegun 1964, 6.5 and 26.5; Lentz's way of evaluating continued fractions (Press et al.,
Numerical Recipes, 6.2 and 6.4). Quantiles are found by halving, so they are as exact as the integrals (about 1e-12).
"""

from collections.abc import Callable
from math import erfc, exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

SMALLEST = 1e-300
PRECISION = 1e-15
HALVINGS = 200
TERMS = 20_000


def two_sided(confidence: float) -> float:
    """The upper probability of a two-sided statement: 0.95 → 0.975. Raises Invalid outside (0, 1)."""
    if not 0 < confidence < 1:
        raise Invalid(_("A confidence lies between 0 and 1."))
    return (1 + confidence) / 2


def normal_quantile(probability: float) -> float:
    """z with Φ(z) = probability."""
    return NormalDist().inv_cdf(probability)


def normal_cdf(value: float) -> float:
    """Φ(value)."""
    return erfc(-value / sqrt(2)) / 2


def beta_cdf(value: float, *, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b) (Abramowitz & Stegun 26.5.8)."""
    if value <= 0:
        return 0.0
    if value >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(value) + b * log1p(-value))
    if value < (a + 1) / (a + b + 2):
        return front * _beta_fraction(value, a, b) / a
    return 1 - front * _beta_fraction(1 - value, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of 26.5.8."""

    def term(step: int) -> float:
        half = step // 2
        if step % 2:
            return -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        return half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))

    return 1 / _lentz(term, lambda _step: 1.0)


def _lentz(upper: Callable[[int], float], lower: Callable[[int], float]) -> float:
    """lower(0) + upper(1) / (lower(1) + upper(2) / (lower(2) + …))."""
    value = numerator = lower(0) or SMALLEST
    denominator = 0.0
    step, change = 0, 0.0
    while abs(change - 1) > PRECISION and step < TERMS:
        step += 1
        denominator = 1 / ((lower(step) + upper(step) * denominator) or SMALLEST)
        numerator = (lower(step) + upper(step) / numerator) or SMALLEST
        change = numerator * denominator
        value *= change
    return value


def beta_quantile(probability: float, *, a: float, b: float) -> float:
    """x with I_x(a, b) = probability."""
    return _root(lambda x: beta_cdf(x, a=a, b=b), probability, 0.0, 1.0)


def t_quantile(probability: float, *, freedom: float) -> float:
    """The quantile of Student's t: P(|T| > t) = I_x(ν/2, 1/2) with x = ν / (ν + t²) (26.7.1)."""
    if probability == 0.5:
        return 0.0
    tail = 2 * min(probability, 1 - probability)
    x = beta_quantile(tail, a=freedom / 2, b=0.5)
    # Near x = 1 the difference 1 - x loses all its digits, so it is asked for from the other side.
    rest = beta_quantile(1 - tail, a=0.5, b=freedom / 2) if x > 0.5 else 1 - x
    return sqrt(freedom * rest / x) * (1 if probability > 0.5 else -1)


def gamma_cdf(value: float, *, shape: float) -> float:
    """The regularised lower incomplete gamma function P(shape, value) (6.5.29 as a series, 6.5.31 as a fraction)."""
    if value <= 0:
        return 0.0
    front = exp(shape * log(value) - value - lgamma(shape))
    if value < shape + 1:
        return front * _gamma_series(value, shape)

    def upper(step: int) -> float:
        return 1.0 if step == 1 else -(step - 1) * (step - 1 - shape)

    return 1 - front * _lentz(upper, lambda step: value + 2 * step - 1 - shape if step else 0.0)


def _gamma_series(value: float, shape: float) -> float:
    total = term = 1 / shape
    step = shape
    while term > total * PRECISION:
        step += 1
        term *= value / step
        total += term
    return total


def gamma_quantile(probability: float, *, shape: float) -> float:
    """x with P(shape, x) = probability; half a χ² quantile with 2 · shape degrees of freedom."""
    high = shape + 1
    while gamma_cdf(high, shape=shape) < probability:
        high *= 2
    return _root(lambda x: gamma_cdf(x, shape=shape), probability, 0.0, high)


def binomial_cdf(count: int, *, size: int, rate: float) -> float:
    """P(R ≤ count) of `size` trials: 1 - I_p(count + 1, size - count) (26.5.24)."""
    if count < 0:
        return 0.0
    if count >= size:
        return 1.0
    return 1 - beta_cdf(rate, a=count + 1, b=size - count)


def binomial_quantile(probability: float, *, size: int, rate: float) -> int:
    """The smallest count r with P(R ≤ r) ≥ probability."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if binomial_cdf(middle, size=size, rate=rate) >= probability:
            high = middle
        else:
            low = middle + 1
    return low


def _root(rising: Callable[[float], float], goal: float, low: float, high: float) -> float:
    """Where a rising function reaches its goal, by halving."""
    for _turn in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if rising(middle) < goal:
            low = middle
        else:
            high = middle
    return (low + high) / 2
