"""Control charts against the NIST/SEMATECH e-Handbook and Montgomery."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.errors import Invalid
from wuyou.kernel.statistics.charts import ControlChart, Point, i_mr, p_chart, u_chart, widened
from wuyou.kernel.statistics.rules import Signal, signals

# NIST 6.3.3.2: chips misregistered on 30 wafers of 50 chips.
CHIPS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
# NIST 6.3.3.1: defects on 25 wafers.
WAFERS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
# NIST 6.3.2.2: flow rate of ten batches.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# Montgomery 1991, pp. 183-184 (qcc: dyedcloth): defects on ten rolls of differing length.
CLOTH = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23]
ROLLS = [10.0, 8.0, 13.0, 10.0, 9.5, 10.0, 12.0, 10.5, 12.0, 12.5]


def test_p_chart_of_nist() -> None:
    chart = p_chart(CHIPS, [50] * 30)
    assert chart.centre == pytest.approx(0.2313, abs=5e-5)
    limits = {(round(point.lower, 4), round(point.upper, 4)) for point in chart.points}
    assert limits == {(0.0524, 0.4102)}
    assert [place for place, point in enumerate(chart.points) if point.is_outside] == [14, 22]


def test_c_chart_of_nist_is_a_u_chart_of_ones() -> None:
    chart = u_chart(WAFERS, [1] * 25)
    assert (chart.centre, chart.points[0].lower, chart.points[0].upper) == (16.0, 4.0, 28.0)
    assert [place for place, point in enumerate(chart.points) if point.is_outside] == [23]


def test_u_chart_of_montgomery_has_limits_for_each_roll() -> None:
    chart = u_chart(CLOTH, ROLLS)
    assert chart.centre == pytest.approx(153 / 107.5)
    assert [round(point.upper, 2) for point in chart.points] == [
        2.56, 2.69, 2.42, 2.56, 2.58, 2.56, 2.46, 2.53, 2.46, 2.44,
    ]  # fmt: skip
    assert [round(point.lower, 2) for point in chart.points[:3]] == [0.29, 0.16, 0.43]
    assert signals(chart) == []


def test_i_mr_of_nist() -> None:
    single, moving = i_mr(FLOW)
    assert (single.kind, moving.kind) == ("i", "mr")
    assert single.centre == pytest.approx(50.81)
    assert moving.centre == pytest.approx(1.8778, abs=5e-5)
    assert (single.points[0].lower, single.points[0].upper) == pytest.approx((45.8159, 55.8041), abs=5e-5)
    assert moving.points[0].upper == pytest.approx(6.1347, abs=5e-4)
    assert [point.value for point in moving.points] == pytest.approx([2.0, 2.3, 1.4, 3.5, 3.4, 1.4, 0.2, 1.2, 1.5])
    assert not any(point.is_outside for point in (*single.points, *moving.points))


def test_a_baseline_freezes_the_limits() -> None:
    """Montgomery's orange juice cans (qcc: orangejuice): thirty first samples, then a better process."""
    later = [9, 6, 12, 5, 6, 4, 6, 3, 7, 6, 2, 4, 3, 6, 5, 4, 8, 5, 6, 7, 5, 6, 3, 5]
    chart = p_chart(CHIPS + later, [50] * 54, baseline=30)
    assert chart.centre == pytest.approx(0.2313333, abs=5e-8)
    assert chart.points[0].upper == pytest.approx(0.4102391, abs=5e-8)
    assert chart.points[0].lower == pytest.approx(0.05242755, abs=5e-8)
    fours = [one for one in signals(chart) if one.rule == 4 and one.index >= 30]
    assert {one.side for one in fours} == {-1}
    assert fours[-1].index == 53


def test_a_baseline_of_single_values_takes_two_at_least() -> None:
    single, moving = i_mr([1.0, 3.0, 90.0], baseline=1)
    assert (single.centre, moving.centre) == (2.0, 2.0)
    assert single.points[2].is_outside


def test_limits_stay_where_values_can_be() -> None:
    share, rate = p_chart([1, 0, 2], [2, 3, 2]), u_chart([1, 0], [1, 1])
    assert [(point.lower >= 0, point.upper <= 1) for point in share.points] == [(True, True)] * 3
    assert [point.lower for point in rate.points] == [0.0, 0.0]


def test_laney_widens_limits_by_the_moving_range_of_z() -> None:
    """Minitab's methods for the Laney P' chart: σz = mean moving range of z ÷ 1.128, limits p̄ ± 3 σ σz."""
    plain = p_chart([100, 300, 100, 300], [1000] * 4)
    sigma = (0.2 * 0.8 / 1000) ** 0.5
    factor = 0.2 / sigma / 1.128
    chart = widened(plain)
    assert chart.widening == pytest.approx(factor)
    assert (chart.points[0].lower, chart.points[0].upper) == pytest.approx((0.0, 0.2 + 3 * sigma * factor))
    assert {one.index for one in signals(plain)} == {0, 1, 2, 3}
    assert signals(chart) == []


def test_laney_limits_stay_where_values_can_be() -> None:
    assert widened(p_chart([950, 850, 950, 850], [1000] * 4)).points[0].upper == 1.0
    assert widened(u_chart([10, 90, 10, 90], [1] * 4)).points[0].upper > 90


@pytest.mark.parametrize(
    "chart", [p_chart(CHIPS[:1], [50]), p_chart([0, 0, 0], [9] * 3), p_chart([10, 11, 10, 11], [50] * 4)]
)
def test_laney_never_narrows_and_needs_a_spread(chart: ControlChart) -> None:
    assert widened(chart) is chart


def test_laney_of_the_chips() -> None:
    """The chips of NIST vary somewhat more from wafer to wafer than a binomial would; σz by hand from the counts."""
    chart = widened(p_chart(CHIPS, [50] * 30))
    sigma = (0.231333 * 0.768667 / 50) ** 0.5
    moves = [abs(later - earlier) / 50 / sigma for earlier, later in pairwise(CHIPS)]
    assert chart.widening == pytest.approx(sum(moves) / 29 / 1.128, abs=1e-5)
    assert 1 < chart.widening < 2


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=30))
def test_every_share_chart_is_centred_among_its_points(pairs: list[tuple[int, int]]) -> None:
    counts = [low for low, _more in pairs]
    sizes = [low + more + 1 for low, more in pairs]
    chart = p_chart(counts, sizes)
    values = [point.value for point in chart.points]
    assert min(values) - 1e-12 <= chart.centre <= max(values) + 1e-12
    assert all(point.lower <= chart.centre <= point.upper for point in chart.points)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), st.floats(-1e6, 1e6))
def test_moving_the_scale_moves_the_limits_only(values: list[float], shift: float) -> None:
    chart, moved = i_mr(values)[0], i_mr([value + shift for value in values])[0]
    assert moved.centre == pytest.approx(chart.centre + shift, abs=1e-6)
    assert moved.points[0].sigma == pytest.approx(chart.points[0].sigma, abs=1e-6)


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: p_chart([], []), "at least one point"),
        (lambda: u_chart([], []), "at least one point"),
        (lambda: p_chart([1, 2], [3]), "a size for every count"),
        (lambda: p_chart([1], [0]), "sizes above zero"),
        (lambda: u_chart([1], [-1]), "sizes above zero"),
        (lambda: u_chart([-1], [1]), "not negative"),
        (lambda: p_chart([4], [3]), "not above their sizes"),
        (lambda: i_mr([1.0]), "at least two"),
        (lambda: p_chart([1], [2], baseline=0), "at most all points"),
        (lambda: u_chart([1], [2], baseline=2), "at most all points"),
    ],
)
def test_a_chart_refuses_what_makes_no_sense(draw, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        draw()


def series(*zs: float, sigma: float = 1.0) -> ControlChart:
    """A chart whose points lie so many sigmas from the centre."""
    return ControlChart("i", 10.0, [Point(10.0 + z * sigma, 1, sigma, 10 - 3 * sigma, 10 + 3 * sigma) for z in zs])


@pytest.mark.parametrize(
    ("zs", "expected"),
    [
        ([0, 3.1], [Signal(1, 1, 1)]),
        ([0, -3.1], [Signal(1, 1, -1)]),
        ([0, 3.0], []),
        ([2.1, 0, 2.1], [Signal(2, 2, 1)]),
        ([2.1, 2.1], [Signal(2, 1, 1)]),
        ([2.1, 0, 0, 2.1], []),
        ([2.1, -2.1], []),
        ([2.1, 2.1, 0], [Signal(2, 1, 1)]),
        ([1.1, 1.1, 0, 1.1, 1.1], [Signal(3, 4, 1)]),
        ([-1.1, -1.1, -1.1, -1.1], [Signal(3, 3, -1)]),
        ([1.1, 1.1, 0, 0, 1.1, 1.1], []),
        ([0.1] * 7, []),
        ([0.1] * 8, [Signal(4, 7, 1)]),
        ([0.1] * 7 + [0] + [0.1], []),
        ([-0.5] * 9, [Signal(4, 7, -1), Signal(4, 8, -1)]),
    ],
)
def test_western_electric(zs: list[float], expected: list[Signal]) -> None:
    assert signals(series(*zs)) == expected


def test_one_point_may_break_several_rules() -> None:
    assert signals(series(2.5, 3.5)) == [Signal(1, 1, 1), Signal(2, 1, 1)]


def test_rules_look_at_each_points_own_spread() -> None:
    """The same distance is a signal in a large sample and none in a small one."""
    chart = p_chart([10, 10, 10, 10, 3, 300], [100, 100, 100, 100, 10, 1000])
    assert [one for one in signals(chart) if one.rule == 1] == [
        Signal(1, 0, -1),
        Signal(1, 1, -1),
        Signal(1, 2, -1),
        Signal(1, 3, -1),
        Signal(1, 5, 1),
    ]


def test_a_chart_without_spread_is_left_by_any_difference() -> None:
    chart = ControlChart(
        "p", 0.0, [Point(0.0, 5, 0.0, 0.0, 0.0), Point(0.2, 5, 0.0, 0.0, 0.0), Point(-0.2, 5, 0.0, 0.0, 0.0)]
    )
    assert [one for one in signals(chart) if one.rule == 1] == [Signal(1, 1, 1), Signal(1, 2, -1)]


@given(st.lists(st.floats(-4, 4), max_size=30))
def test_a_chart_upside_down_gives_the_same_signals_on_the_other_side(zs: list[float]) -> None:
    turned = [Signal(one.rule, one.index, -one.side) for one in signals(series(*[-z for z in zs], sigma=1.0))]
    assert sorted(turned, key=repr) == sorted(signals(series(*zs)), key=repr)
