"""Kappa and severity against published worked examples."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wuyou.kernel.errors import Invalid
from wuyou.kernel.statistics.agreement import Severity, kappa, severity, table_of

SAS = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]  # the SAS print-out in the tests of statsmodels' inter_rater

# Anxiety of twenty persons by three raters (R package irr), rater by rater.
ANXIETY = [
    3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3,
    3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4,
    2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2,
]  # fmt: skip

# Hardness of four coupons by four tips, coded (y - 9.5) · 10: Montgomery, Design and Analysis of Experiments, 5-1.
HARDNESS = {1: [-2, -1, 1, 5], 2: [-1, -2, 3, 4], 3: [-3, -1, 0, 2], 4: [2, 1, 5, 7]}


def test_kappa_of_sas() -> None:
    found = kappa(SAS)
    assert (found.value, found.error) == pytest.approx((0.4842, 0.1380), abs=5e-5)
    assert (found.low, found.high) == pytest.approx((0.2137, 0.7547), abs=5e-5)
    assert (found.size, found.observed) == (19, pytest.approx(13 / 19))


def test_linear_kappa_of_sas() -> None:
    found = kappa(SAS, weighting="linear")
    assert (found.value, found.error) == pytest.approx((0.4701, 0.1457), abs=5e-5)
    assert (found.low, found.high) == pytest.approx((0.1845, 0.7558), abs=5e-5)


@pytest.mark.parametrize(
    ("weighting", "expected"), [("none", -0.006289308), ("linear", 0.1459075), ("quadratic", 0.2520325)]
)
def test_anxiety_of_irr(weighting, expected: float) -> None:
    """kappa2(anxiety[,2:3]) unweighted, "equal" and "squared"; nobody said 5, and irr leaves it out."""
    pairs = list(zip(ANXIETY[20:40], ANXIETY[40:], strict=True))
    table = table_of(pairs, categories=[1, 2, 3, 4, 6])
    assert kappa(table, weighting=weighting).value == pytest.approx(expected, abs=5e-7)


def test_cohens_kappa_of_bonett() -> None:
    """ci.kappa(.05, 31, 12, 4, 58) of statpsych; the error here is the fuller one of Fleiss, Cohen and Everitt."""
    assert kappa([[31, 12], [4, 58]]).value == pytest.approx(0.6756757, abs=5e-8)


def test_perfect_agreement_is_one_without_error() -> None:
    found = kappa([[7, 0], [0, 3]])
    assert (found.value, found.error, found.low, found.high) == (1.0, 0.0, 1.0, 1.0)


def test_two_categories_need_no_weights() -> None:
    table = [[10, 3], [4, 20]]
    assert kappa(table, weighting="linear") == kappa(table) == kappa(table, weighting="quadratic")


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3))
def test_kappa_does_not_ask_who_came_first(table: list[list[int]]) -> None:
    turned = [list(column) for column in zip(*table, strict=True)]
    rows = [sum(row) for row in table]
    columns = [sum(row) for row in turned]
    assume(sum(rows) > 0)
    assume(not any(row == column == sum(rows) for row, column in zip(rows, columns, strict=True)))
    one, two = kappa(table, weighting="quadratic"), kappa(turned, weighting="quadratic")
    assert (one.value, one.error) == pytest.approx((two.value, two.error), abs=1e-9)
    assert -1 - 1e-9 <= one.value <= 1 + 1e-9


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([[1, 2]], "square"),
        ([[0, 0], [0, 0]], "at least one pair"),
        ([], "at least one pair"),
        ([[5, 0], [0, 0]], "the same"),
        ([[5]], "the same"),
    ],
)
def test_kappa_refuses_what_it_cannot_tell(table: list[list[int]], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        kappa(table)


def test_linear_weights_of_a_single_category_are_whole() -> None:
    with pytest.raises(Invalid, match="the same"):
        kappa([[5]], weighting="linear")


def test_pairs_become_a_table() -> None:
    pairs = [("pass", "pass"), ("pass", "fail"), ("pass", "pass"), ("fail", "fail")]
    assert table_of(pairs, categories=["pass", "fail"]) == [[2, 1], [0, 1]]


@pytest.mark.parametrize("pair", [("pass", "n/a"), ("n/a", "pass")])
def test_an_answer_outside_the_categories_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(Invalid, match="none of the categories"):
        table_of([pair], categories=["pass", "fail"])


def test_severity_of_montgomerys_tips() -> None:
    """Effects are the tips' means less the grand mean 1.25; the error's variance is 8.00 ÷ 9 as in the ANOVA table."""
    scores = [(coupon, tip, float(y)) for tip, ys in HARDNESS.items() for coupon, y in enumerate(ys)]
    found = severity(scores)
    assert [one.judge for one in found] == [3, 1, 2, 4]
    assert [one.effect for one in found] == pytest.approx([-1.75, -0.5, -0.25, 2.5])
    half = (
        2.2621571628 * (8 / 9 * (1 / 4 - 1 / 16)) ** 0.5
    )  # t(0.975; 9) and the variance of an effect of a full design
    assert [one.high - one.effect for one in found] == pytest.approx([half] * 4)
    assert [one.is_certain for one in found] == [True, False, False, True]
    assert [one.observations for one in found] == [4] * 4


def test_an_unbalanced_design_recovers_the_effects_exactly() -> None:
    """score = subject + judge without error: least squares must find it whatever is missing."""
    subjects, judges = {"a": 80.0, "b": 92.0, "c": 70.0, "d": 88.0}, {"x": -3.0, "y": 1.0, "z": 2.0}
    missing = {("a", "z"), ("b", "x"), ("c", "y"), ("d", "x")}
    scores = [(s, j, sv + jv) for s, sv in subjects.items() for j, jv in judges.items() if (s, j) not in missing]
    found = {one.judge: one.effect for one in severity(scores)}
    assert found == pytest.approx(judges)


def test_raw_means_would_have_blamed_the_wrong_one() -> None:
    """The inspector who was sent to the bad sites is not strict."""
    scores = [
        ("good", "kind", 90.0),
        ("good", "fair", 86.0),
        ("bad", "kind", 74.0),
        ("bad", "fair", 70.0),
        ("worse", "fair", 60.0),
        ("worse", "strict", 58.0),
    ]
    found = severity(scores)
    assert [one.judge for one in found] == ["strict", "fair", "kind"]
    assert [round(one.effect, 6) for one in found] == [-2.666667, -0.666667, 3.333333]


def test_who_shares_no_subject_is_left_out() -> None:
    scores = [("a", "x", 90.0), ("a", "y", 88.0), ("b", "x", 80.0), ("b", "y", 79.0), ("c", "alone", 50.0)]
    assert {one.judge for one in severity(scores)} == {"x", "y"}


def test_two_islands_are_each_centred() -> None:
    scores = [("a", "x", 90.0), ("a", "y", 86.0), ("b", "v", 70.0), ("b", "w", 60.0)]
    found = {one.judge: one.effect for one in severity(scores)}
    assert found == {"y": pytest.approx(-2), "x": pytest.approx(2), "w": pytest.approx(-5), "v": pytest.approx(5)}


def test_an_interval_needs_observations_to_spare() -> None:
    found = severity([("a", "x", 90.0), ("a", "y", 86.0)])
    assert found == [
        Severity("y", pytest.approx(-2.0), None, None, 1),
        Severity("x", pytest.approx(2.0), None, None, 1),
    ]
    assert not found[0].is_certain


def test_no_shared_subject_says_nothing() -> None:
    assert severity([("a", "x", 90.0), ("b", "y", 80.0)]) == []
    assert severity([]) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.sampled_from("vwxyz"), st.integers(0, 100).map(float)), min_size=2, max_size=40
    )
)
def test_effects_add_up_to_nothing_and_order_does_not_matter(scores: list[tuple[int, str, float]]) -> None:
    found = severity(scores)
    assert sum(one.effect for one in found) == pytest.approx(0, abs=1e-6)
    back = {one.judge: one.effect for one in severity(scores[::-1])}
    assert {one.judge: one.effect for one in found} == pytest.approx(back, abs=1e-9)
