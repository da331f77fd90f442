"""Quantiles against printed tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.errors import Invalid
from wuyou.kernel.statistics import distributions as d

# NIST/SEMATECH e-Handbook 1.3.6.7.2, critical values of Student's t.
T_TABLE = [
    (1, 0.95, 6.3137515), (1, 0.975, 12.706205), (1, 0.9995, 636.61925), (2, 0.975, 4.3026527), (2, 0.999, 22.327125),
    (3, 0.9, 1.6377444), (3, 0.975, 3.1824463), (4, 0.995, 4.6040949), (5, 0.975, 2.5705818), (5, 0.99, 3.3649300),
]  # fmt: skip


@pytest.mark.parametrize(("freedom", "probability", "expected"), T_TABLE)
def test_t_is_that_of_the_printed_table(freedom: int, probability: float, expected: float) -> None:
    assert d.t_quantile(probability, freedom=freedom) == pytest.approx(expected, rel=1e-7)
    assert d.t_quantile(1 - probability, freedom=freedom) == pytest.approx(-expected, rel=1e-7)


@pytest.mark.parametrize(
    ("probability", "freedom", "expected"), [(0.995, 20.0, 2.8453), (0.01, 7.5, -2.9431), (0.995, 45.0, 2.6896)]
)
def test_t_with_broken_degrees_is_that_of_the_nag_manual(probability: float, freedom: float, expected: float) -> None:
    """NAG Library Manual, example of g01tb."""
    assert d.t_quantile(probability, freedom=freedom) == pytest.approx(expected, abs=5e-5)


def test_t_of_a_half_is_nothing() -> None:
    assert d.t_quantile(0.5, freedom=3) == 0.0


def test_t_close_to_its_middle_keeps_its_digits() -> None:
    """The density of t with two degrees is 1/(2√2) in the middle: t ≈ (p - ½) · 2√2."""
    assert d.t_quantile(0.5 + 1e-9, freedom=2) == pytest.approx(2.8284271e-9, rel=1e-5)


def test_t_with_many_degrees_is_normal() -> None:
    assert d.t_quantile(0.975, freedom=1e7) == pytest.approx(1.959964, abs=1e-6)
    assert d.normal_quantile(0.975) == pytest.approx(1.959963984540054)
    assert d.normal_cdf(1.959963984540054) == pytest.approx(0.975)


@pytest.mark.parametrize(("value", "expected"), [(-1.0, 0.0), (0.0, 0.0), (1.0, 1.0), (2.0, 1.0)])
def test_beta_ends_at_its_ends(value: float, expected: float) -> None:
    assert d.beta_cdf(value, a=2, b=3) == expected


@pytest.mark.parametrize("x", [0.05, 0.3, 0.5, 0.7, 0.95])
def test_beta_of_whole_numbers_is_a_polynomial(x: float) -> None:
    """I_x(2, 3) = 6x² - 8x³ + 3x⁴."""
    assert d.beta_cdf(x, a=2, b=3) == pytest.approx(6 * x**2 - 8 * x**3 + 3 * x**4, abs=1e-14)


@given(
    st.floats(0.001, 0.999), st.floats(0.3, 200), st.floats(0.3, 200),
)  # fmt: skip
def test_beta_quantile_undoes_the_integral(probability: float, a: float, b: float) -> None:
    assert d.beta_cdf(d.beta_quantile(probability, a=a, b=b), a=a, b=b) == pytest.approx(probability, abs=1e-9)


@given(st.floats(0.001, 0.999), st.floats(0.3, 500))
def test_gamma_quantile_undoes_the_integral(probability: float, shape: float) -> None:
    assert d.gamma_cdf(d.gamma_quantile(probability, shape=shape), shape=shape) == pytest.approx(probability, abs=1e-9)


def test_gamma_of_shape_one_is_exponential() -> None:
    assert d.gamma_cdf(0.7, shape=1) == pytest.approx(0.5034146962085905)
    assert d.gamma_cdf(5.0, shape=1) == pytest.approx(0.9932620530009145)
    assert d.gamma_cdf(0.0, shape=1) == 0.0


@pytest.mark.parametrize(("count", "expected"), [(-1, 0.0), (0, 1 / 8), (1, 4 / 8), (2, 7 / 8), (3, 1.0), (9, 1.0)])
def test_binomial_of_three_coins(count: int, expected: float) -> None:
    assert d.binomial_cdf(count, size=3, rate=0.5) == pytest.approx(expected)


@pytest.mark.parametrize(("probability", "expected"), [(0.1, 0), (0.125, 0), (0.2, 1), (0.5, 1), (0.6, 2), (0.99, 3)])
def test_binomial_quantile_is_the_smallest_count_that_reaches_it(probability: float, expected: int) -> None:
    assert d.binomial_quantile(probability - 1e-12, size=3, rate=0.5) == expected


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 1.5])
def test_a_confidence_lies_between_nothing_and_all(confidence: float) -> None:
    with pytest.raises(Invalid, match="between 0 and 1"):
        d.two_sided(confidence)


def test_two_sided() -> None:
    assert d.two_sided(0.95) == pytest.approx(0.975)
