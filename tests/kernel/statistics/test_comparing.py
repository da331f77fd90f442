"""Funnel, ranking, change, Pareto and ageing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.errors import Invalid
from wuyou.kernel.statistics.ageing import Bucket, buckets
from wuyou.kernel.statistics.change import compare_means, compare_proportions, verdict
from wuyou.kernel.statistics.funnel import (
    ALARM,
    Limits,
    dispersion,
    mean_limits,
    outside,
    proportion_limits,
    standing,
)
from wuyou.kernel.statistics.intervals import Interval, Sample
from wuyou.kernel.statistics.pareto import Share, pareto, vital_few
from wuyou.kernel.statistics.ranking import Shrunk, rank, shrink_means, shrink_rates

# Efron and Morris 1977, Scientific American: averages of eighteen batters after 45 at bats, and of the season.
AFTER_45 = [
    0.400, 0.378, 0.356, 0.333, 0.311, 0.311, 0.289, 0.267, 0.244, 0.244, 0.222, 0.222, 0.222, 0.222, 0.222, 0.200,
    0.178, 0.156,
]  # fmt: skip
SEASON = [
    0.346, 0.298, 0.276, 0.222, 0.273, 0.270, 0.263, 0.210, 0.269, 0.230, 0.264, 0.256, 0.303, 0.264, 0.226, 0.285,
    0.316, 0.200,
]  # fmt: skip
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]


def test_binomial_limits_of_spiegelhalter() -> None:
    """Appendix A.1.1 by hand for ten coins: P(R≤1), P(R≤2), P(R≤7), P(R≤8) are 11, 56, 968 and 1013 of 1024."""
    found = proportion_limits(0.5, 10)
    low = (2 - (56 / 1024 - 0.025) / (45 / 1024)) / 10
    high = (8 - (1013 / 1024 - 0.975) / (45 / 1024)) / 10
    assert (found.low, found.high, found.coverage) == (pytest.approx(low), pytest.approx(high), 0.95)


def test_limits_of_large_units_are_nearly_normal() -> None:
    """θ ± z √(θ(1-θ) ÷ n), with z 1.96 and 3.09; the discreteness costs half a case."""
    for coverage, z in ((0.95, 1.959964), (ALARM, 3.090232)):
        found = proportion_limits(0.074, 100_000, coverage=coverage)
        half = z * (0.074 * 0.926 / 100_000) ** 0.5
        assert (found.low, found.high) == pytest.approx((0.074 - half, 0.074 + half), abs=2e-5)


def test_more_dispersion_is_a_wider_funnel() -> None:
    found = proportion_limits(0.9, 400, dispersion=4.0)
    assert (found.low, found.high) == pytest.approx((0.9 - 1.959964 * 0.03, 0.9 + 1.959964 * 0.03), abs=1e-6)
    assert proportion_limits(0.9, 4, dispersion=4.0).high == 1.0


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_a_target_at_the_edge_leaves_no_room(target: float) -> None:
    assert proportion_limits(target, 10) == Limits(target, target, 0.95)


@given(st.floats(0.01, 0.99), st.integers(1, 3000))
def test_the_alarm_lies_outside_the_warning_and_the_target_inside(target: float, size: int) -> None:
    warning, alarm = proportion_limits(target, size), proportion_limits(target, size, coverage=ALARM)
    assert 0 <= alarm.low <= warning.low <= target + 1e-9
    assert target - 1 / size - 1e-9 <= warning.high <= alarm.high <= 1


def test_limits_of_means() -> None:
    found = mean_limits(85.0, 16, deviation=8.0)
    assert (found.low, found.high) == pytest.approx((85 - 3.919928, 85 + 3.919928), abs=1e-6)
    assert mean_limits(85.0, 16, deviation=8.0, dispersion=4.0).low == pytest.approx(85 - 7.839856, abs=1e-6)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: proportion_limits(1.2, 10), "between 0 and 1"),
        (lambda: proportion_limits(0.5, 0), "size above zero"),
        (lambda: mean_limits(80.0, 0, deviation=1.0), "size above zero"),
        (lambda: dispersion([]), "at least one value"),
    ],
)
def test_a_funnel_refuses_what_makes_no_sense(ask, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        ask()


@pytest.mark.parametrize(
    ("value", "expected"),
    [(80, "inside"), (70, "inside"), (69, "warning"), (91, "warning"), (59, "alarm"), (101, "alarm")],
)
def test_standing(value: float, expected: str) -> None:
    assert standing(value, warning=Limits(70, 90, 0.95), alarm=Limits(60, 100, 0.998)) == expected


def test_outside() -> None:
    limits = [Limits(70, 90, 0.95), Limits(60, 100, 0.95), Limits(79, 81, 0.95)]
    assert outside([80, 101, 78.9], limits) == [1, 2]


def test_dispersion_pulls_in_the_outliers() -> None:
    zs = [0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 0.0, 1.5, -1.5, 30.0]
    assert dispersion(zs) == pytest.approx((0.25 * 2 + 1 * 2 + 4 * 2 + 2.25 * 2 - 4 + 2.25 + 4) / 10)
    assert dispersion([0.1, -0.1]) == 1.0


def test_james_stein_of_efron_and_morris() -> None:
    """c = 0.212 and the grand mean 0.265, so Clemente's 0.400 becomes 0.294 (Efron and Morris 1977)."""
    average = sum(AFTER_45) / 18
    error = (average * (1 - average) / 45) ** 0.5
    found = shrink_means(AFTER_45, [error] * 18, [45] * 18)
    assert 1 - found[0].weight == pytest.approx(0.212, abs=0.0005)
    assert [found[0].value, found[-1].value] == pytest.approx([0.294, 0.242], abs=0.0005)
    seen = sum((one.observed - true) ** 2 for one, true in zip(found, SEASON, strict=True))
    drawn = sum((one.value - true) ** 2 for one, true in zip(found, SEASON, strict=True))
    assert seen / drawn > 3


def test_the_season_lies_within_the_intervals() -> None:
    error = (0.2654 * 0.7346 / 45) ** 0.5
    found = shrink_means(AFTER_45, [error] * 18, [45] * 18)
    inside = [one.low <= true <= one.high for one, true in zip(found, SEASON, strict=True)]
    assert sum(inside) == 18


def test_small_units_are_drawn_further() -> None:
    found = shrink_means([95, 70, 82, 80, 60], [6, 1, 1, 1, 1], [1, 36, 36, 36, 36])
    assert found[0].weight > 10 * found[1].weight
    assert found[0].value == pytest.approx(93.31, abs=0.005)
    assert found[1].value == pytest.approx(70, abs=0.2)


def test_units_that_differ_by_chance_alone_become_one() -> None:
    found = shrink_means([80.1, 79.9, 80.0, 80.05], [5, 5, 5, 5], [4] * 4)
    assert {round(one.weight, 9) for one in found} == {round(1 / 3, 9)}
    unequal = shrink_means([80.1, 79.9, 80.0, 80.05], [5, 6, 7, 8], [4] * 4)
    assert {round(one.weight, 9) for one in unequal} == {round(1 / 3, 9)}


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.5, 10)), min_size=4, max_size=25))
def test_shrinkage_never_overshoots_the_mean(units: list[tuple[float, float]]) -> None:
    found = shrink_means([mean for mean, _ in units], [error for _, error in units], [5] * len(units))
    low, high = min(mean for mean, _ in units), max(mean for mean, _ in units)
    assert all(low - 1e-6 <= one.value <= high + 1e-6 for one in found)
    assert all(one.low <= one.value <= one.high for one in found)


def test_rates_of_the_same_batters() -> None:
    """Moments by hand: S = 45 Σ(p-p̂)², ρ̂ = (S/(p̂q̂) - 17) ÷ (810 - 45 - 17); nearer the season than the first bats."""
    found = shrink_rates(HITS, [45] * 18)
    mean = sum(HITS) / 810
    scatter = 45 * sum((hits / 45 - mean) ** 2 for hits in HITS)
    alike = (scatter / (mean * (1 - mean)) - 17) / (810 - 45 - 17)
    strength = 1 / alike - 1
    assert found[0].weight == pytest.approx(strength / (strength + 45))
    assert found[0].value == pytest.approx((strength * mean + 18) / (strength + 45))
    seen = sum((one.observed - true) ** 2 for one, true in zip(found, SEASON, strict=True))
    drawn = sum((one.value - true) ** 2 for one, true in zip(found, SEASON, strict=True))
    assert drawn < seen / 3


def test_rates_that_differ_by_chance_alone_take_a_prior_of_all_cases() -> None:
    found = shrink_rates([5, 5, 5, 5], [10, 10, 10, 10])
    assert [one.weight for one in found] == [0.8] * 4
    assert [one.value for one in found] == [0.5] * 4


@pytest.mark.parametrize(("count", "side"), [(0, "low"), (1, "high")])
def test_rates_of_none_and_all_stay_inside(count: int, side: str) -> None:
    found = shrink_rates([count * 5] * 4, [5] * 4)
    assert all(0 < one.low < one.value < one.high < 1 for one in found)
    assert (found[0].value < 0.1) == (side == "low")


def test_rates_of_single_cases_have_no_spread_to_see() -> None:
    found = shrink_rates([1, 0, 1, 0], [1, 1, 1, 1])
    assert [one.weight for one in found] == [0.8] * 4


def test_rates_that_differ_wholly_are_hardly_drawn() -> None:
    found = shrink_rates([100, 0, 100, 0], [100] * 4)
    assert [one.value for one in found] == pytest.approx([1, 0, 1, 0], abs=0.01)


def test_an_interval_at_the_edge_holds_its_mean() -> None:
    """One failure in twelve hundred beside a unit that failed wholly: the belief is heaped at nothing."""
    found = shrink_rates([0, 0, 0, 2], [900, 300, 300, 2])
    assert found[0].low <= found[0].value <= found[0].high < 0.01


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=4, max_size=20))
def test_a_rate_is_drawn_towards_the_mean(pairs: list[tuple[int, int]]) -> None:
    counts, sizes = [low for low, _ in pairs], [low + more for low, more in pairs]
    for one in shrink_rates(counts, sizes):
        assert 0 <= one.low <= one.value <= one.high <= 1
        assert 0 <= one.weight <= 1


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: shrink_means([1, 2, 3], [1, 1, 1], [1, 1, 1]), "at least four"),
        (lambda: shrink_rates([1, 2, 3], [4, 4, 4]), "at least four"),
        (lambda: shrink_means([1, 2, 3, 4], [1, 1, 1], [1, 1, 1, 1]), "Every unit"),
        (lambda: shrink_means([1, 2, 3, 4], [1, 1, 1, 0], [1, 1, 1, 1]), "errors above zero"),
        (lambda: shrink_rates([1, 2, 3, 5], [4, 4, 4, 4]), "lies between"),
    ],
)
def test_shrinkage_refuses_what_makes_no_sense(ask, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        ask()


def unit(value: float, error: float, size: float = 10) -> Shrunk:
    return Shrunk(value, size, value, error, value - 2 * error, value + 2 * error, 0.1)


def test_ranks_are_ranges() -> None:
    """Two leaders who cannot be told apart, a middle, a last: 1-2, 1-2, 3, 4."""
    found = rank([unit(90, 1), unit(91, 1), unit(70, 1), unit(50, 1)])
    assert [(one.best, one.worst) for one in found] == [(1, 2), (1, 2), (3, 3), (4, 4)]
    assert found[1].expected < 1.5 < found[0].expected
    assert found[3].expected == pytest.approx(4)


def test_low_may_be_best() -> None:
    found = rank([unit(5, 0.1), unit(1, 0.1)], is_high_best=False)
    assert [(one.best, one.worst) for one in found] == [(2, 2), (1, 1)]


def test_noise_has_no_ranks() -> None:
    found = rank([unit(80 + step, 10) for step in range(6)])
    assert {(one.best, one.worst) for one in found} == {(1, 6)}


def test_the_limit_is_shared_among_the_comparisons() -> None:
    """2.0 errors apart is enough for two units (1.96) and not for three (2.24)."""
    apart = 2.1 * 2**0.5
    assert rank([unit(0, 1), unit(apart, 1)])[1].worst == 1
    assert rank([unit(0, 1), unit(apart, 1), unit(apart, 1)])[1].worst == 3


def test_a_unit_with_little_to_go_by_is_not_rankable() -> None:
    found = rank([unit(90, 1, size=4), unit(80, 1, size=5)])
    assert [one.is_rankable for one in found] == [False, True]
    assert rank([unit(90, 1, size=4)], least=4)[0].is_rankable


def test_no_units_have_no_ranks_and_units_without_error_tie() -> None:
    assert rank([]) == []
    assert [(one.best, one.worst, one.expected) for one in rank([unit(1, 0), unit(1, 0)])] == [(1, 2, 1.5)] * 2


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 20)), min_size=1, max_size=20))
def test_expected_ranks_add_up(pairs: list[tuple[float, float]]) -> None:
    found = rank([unit(value, error) for value, error in pairs])
    many = len(pairs)
    assert sum(one.expected for one in found) == pytest.approx(many * (many + 1) / 2)
    assert all(1 <= one.best <= one.worst <= many for one in found)


@pytest.mark.parametrize(
    ("low", "high", "direction", "expected"),
    [
        (0.1, 0.3, "up", "better"),
        (0.1, 0.3, "down", "worse"),
        (-0.3, -0.1, "up", "worse"),
        (-0.3, -0.1, "down", "better"),
        (-0.1, 0.1, "up", "unclear"),
        (-0.1, 0.1, "down", "unclear"),
    ],
)
def test_verdict(low: float, high: float, direction, expected: str) -> None:
    assert verdict(Interval(0.0, low, high), direction=direction) == expected


def test_change_of_shares_is_after_less_before() -> None:
    """Newcombe's 56/70 and 48/80 as after and before."""
    found = compare_proportions((48, 80), (56, 70), direction="up")
    assert (found.before, found.after) == (0.6, 0.8)
    assert (found.difference.low, found.difference.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.verdict == "better"


def test_change_of_means_is_after_less_before() -> None:
    found = compare_means(Sample(30, 15.4, 2.67), Sample(20, 10.3, 2.15), direction="down")
    assert (found.difference.low, found.difference.high) == pytest.approx((-6.478002, -3.721998), abs=1e-6)
    assert (found.before, found.after, found.verdict) == (15.4, 10.3, "better")
    assert compare_means(Sample(30, 15.4, 2.67), Sample(20, 10.3, 2.15), direction="up").verdict == "worse"


def test_pareto_is_largest_first_with_a_running_total() -> None:
    assert pareto({"lift": 2, "dirt": 5, "none": 0, "noise": 3, "light": 2}) == [
        Share("dirt", 5, 5 / 12, pytest.approx(5 / 12)),
        Share("noise", 3, 3 / 12, pytest.approx(8 / 12)),
        Share("lift", 2, 2 / 12, pytest.approx(10 / 12)),
        Share("light", 2, 2 / 12, pytest.approx(1)),
    ]


def test_the_vital_few() -> None:
    shares = pareto({"a": 50, "b": 30, "c": 15, "d": 5})
    assert [one.key for one in vital_few(shares)] == ["a", "b"]
    assert [one.key for one in vital_few(shares, share=0.81)] == ["a", "b", "c"]
    assert vital_few(shares, share=2.0) == shares
    assert vital_few([]) == []


def test_pareto_of_nothing() -> None:
    assert pareto({}) == []
    with pytest.raises(Invalid, match="not negative"):
        pareto({"a": -1})


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 1000), max_size=12))
def test_shares_fall_and_add_up(counts: dict[str, int]) -> None:
    shares = pareto(counts)
    assert [one.count for one in shares] == sorted((count for count in counts.values() if count), reverse=True)
    assert not shares or shares[-1].cumulative == pytest.approx(1)


def test_ages_in_buckets() -> None:
    assert buckets([0, 2.9, 3, 6, 7, 40], edges=[0, 3, 7]) == [
        Bucket(0, 3, 2, 2 / 6),
        Bucket(3, 7, 2, 2 / 6),
        Bucket(7, None, 2, 2 / 6),
    ]
    assert buckets([], edges=[0]) == [Bucket(0, None, 0, 0.0)]


@given(st.lists(st.floats(0, 1e4), max_size=30))
def test_every_age_has_one_bucket(ages: list[float]) -> None:
    assert sum(one.count for one in buckets(ages, edges=[0, 1, 3, 7, 15, 30])) == len(ages)


@pytest.mark.parametrize("edges", [[], [1, 2], [0, 3, 3], [0, 5, 2]])
def test_edges_rise_from_zero(edges: list[float]) -> None:
    with pytest.raises(Invalid, match="rise from zero"):
        buckets([1], edges=edges)


def test_an_age_is_not_negative() -> None:
    with pytest.raises(Invalid, match="not negative"):
        buckets([-1], edges=[0, 3])
