"""Intervals against published worked examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.errors import Invalid
from wuyou.kernel.statistics.intervals import (
    Interval,
    Sample,
    mean_interval,
    newcombe,
    poisson,
    sample_of,
    welch,
    wilson,
)


@st.composite
def proportions(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, 500))
    return draw(st.integers(0, size)), size


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((84, 101), (89, 105), -0.1177, 0.0851),
    ],
)
def test_newcombe_1998_table_ii(first: tuple[int, int], second: tuple[int, int], low: float, high: float) -> None:
    """Newcombe 1998 table II, method 10 (the first two); the same method in DescTools' BinomDiffCI (all)."""
    found = newcombe(first, second)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert found.estimate == pytest.approx(first[0] / first[1] - second[0] / second[1])


def test_wilson_by_hand() -> None:
    """50 of 100: (0.5 + z²/200 ± z √(0.0025 + z²/40000)) ÷ (1 + z²/100) with z = 1.959964."""
    found = wilson(50, 100)
    assert (found.estimate, found.low, found.high) == pytest.approx((0.5, 0.4038315, 0.5961685), abs=1e-7)


@pytest.mark.parametrize(("size", "edge"), [(10, 0.2775328), (20, 0.1611252)])
def test_wilson_of_none_and_all_reaches_the_edge(size: int, edge: float) -> None:
    """With nothing found the upper end is z² ÷ (n + z²)."""
    none, full = wilson(0, size), wilson(size, size)
    assert (none.low, full.high) == (0.0, 1.0)
    assert (none.high, 1 - full.low) == pytest.approx((edge, edge), abs=1e-7)


@given(proportions())
def test_wilson_holds_its_estimate_and_stays_within_bounds(pair: tuple[int, int]) -> None:
    found = wilson(*pair)
    assert 0 <= found.low <= found.estimate <= found.high <= 1


@given(proportions(), proportions())
def test_newcombe_turned_round_is_mirrored(first: tuple[int, int], second: tuple[int, int]) -> None:
    found, back = newcombe(first, second), newcombe(second, first)
    assert (found.low, found.high) == pytest.approx((-back.high, -back.low))
    assert -1 <= found.low <= found.high <= 1


@given(proportions())
def test_more_confidence_is_wider(pair: tuple[int, int]) -> None:
    usual, sure = wilson(*pair), wilson(*pair, confidence=0.99)
    assert sure.low <= usual.low
    assert usual.high <= sure.high


def test_mean_of_bonett() -> None:
    """ci.mean(.05, 24.5, 3.65, 40) of Bonett's statpsych."""
    found = mean_interval(Sample(40, 24.5, 3.65))
    assert (found.low, found.high) == pytest.approx((23.33267, 25.66733), abs=1e-5)


def test_welch_of_bonett() -> None:
    """ci.mean2(.05, 15.4, 10.3, 2.67, 2.15, 30, 20) of Bonett's statpsych, variances not equal: 46.17 degrees."""
    found = welch(Sample(30, 15.4, 2.67), Sample(20, 10.3, 2.15))
    assert (found.estimate, found.low, found.high) == pytest.approx((5.1, 3.721998, 6.478002), abs=1e-6)


def test_welch_without_any_spread_is_exact() -> None:
    assert welch(Sample(3, 7.0, 0.0), Sample(4, 5.0, 0.0)) == Interval(2.0, 2.0, 2.0, 0.95)


@pytest.mark.parametrize(
    ("confidence", "low", "high"), [(0.90, 17.38, 34.92), (0.95, 16.18, 36.90), (0.99, 14.00, 41.00)]
)
def test_twenty_five_events_of_garwood(confidence: float, low: float, high: float) -> None:
    """GraphPad, How QuickCalcs computes the confidence interval of a count (Garwood 1936)."""
    found = poisson(25, confidence=confidence)
    assert (found.estimate, found.low, found.high) == pytest.approx((25, low, high), abs=0.0051)


def test_no_event_is_not_no_risk() -> None:
    """The upper end is -ln 0.025 = 3.689 (epitools, pois.exact)."""
    found = poisson(0)
    assert (found.low, found.high) == pytest.approx((0, 3.688879454), abs=1e-8)


def test_a_rate_is_per_unit_of_exposure() -> None:
    plain, rate = poisson(10), poisson(10, exposure=4)
    assert (plain.low, plain.high) == pytest.approx((4.7954, 18.3904), abs=5e-5)
    assert (rate.estimate, rate.low, rate.high) == pytest.approx((2.5, plain.low / 4, plain.high / 4))


def test_a_sample_of_values() -> None:
    assert sample_of([2, 4, 4, 4, 5, 5, 7, 9]) == Sample(8, 5.0, pytest.approx(2.1380899))


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(0.1, 0.2, True), (-0.2, -0.1, True), (-0.1, 0.1, False), (0.0, 0.1, False)]
)
def test_an_interval_excludes_zero(low: float, high: float, expected: bool) -> None:
    assert Interval(0.05, low, high).excludes_zero is expected


@pytest.mark.parametrize(
    ("count", "size", "said"),
    [(1, 0, "size above zero"), (1, -2, "size above zero"), (3, 2, "lies between"), (-1, 2, "lies between")],
)
def test_a_proportion_needs_sense(count: int, size: int, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        wilson(count, size)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: sample_of([1.0]),
        lambda: mean_interval(Sample(1, 2.0, 0.0)),
        lambda: welch(Sample(1, 2.0, 0.0), Sample(5, 2.0, 1.0)),
        lambda: welch(Sample(5, 2.0, 1.0), Sample(1, 2.0, 0.0)),
    ],
)
def test_one_measurement_has_no_interval(ask) -> None:
    with pytest.raises(Invalid, match="at least two measurements"):
        ask()


def test_poisson_needs_sense() -> None:
    with pytest.raises(Invalid, match="not negative"):
        poisson(-1)
    with pytest.raises(Invalid, match="exposure above zero"):
        poisson(1, exposure=0)
