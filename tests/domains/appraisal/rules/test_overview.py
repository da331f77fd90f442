"""Means of many projects: exact, and judged only where there are months enough."""

from decimal import Decimal
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.appraisal.rules.overview import Standing, Sums, funnel_of, mean_of, trend_of


def sums(*points: str) -> Sums:
    """The months of a project given as points."""
    hundredths = [int(Decimal(one) * 100) for one in points]
    return Sums(len(points), sum(hundredths), sum(one**2 for one in hundredths))


@pytest.mark.parametrize(
    ("hundredths", "count", "mean"),
    [(17001, 2, "85.01"), (17000, 2, "85.00"), (1, 2, "0.01"), (10000, 3, "33.33"), (20000, 3, "66.67"), (0, 1, "0")],
)
def test_a_mean_is_rounded_half_up(hundredths: int, count: int, mean: str) -> None:
    assert mean_of(hundredths, count) == Decimal(mean)


def test_four_projects_are_the_least_a_funnel_needs() -> None:
    projects = {number: sums("80", "90") for number in range(3)}
    assert funnel_of(projects) is None
    assert funnel_of(projects | {3: sums("85", "85")}) is not None


@pytest.mark.parametrize("points", [("80",), ("80", "80", "80")])
def test_months_that_never_differ_have_no_spread(points: tuple[str, ...]) -> None:
    assert funnel_of({number: sums(*points) for number in range(9)}) is None


def test_centre_and_spread_by_hand() -> None:
    funnel = funnel_of({1: sums("80", "90"), 2: sums("84", "86"), 3: sums("85", "85"), 4: sums("70", "100")})
    assert funnel is not None
    assert funnel.centre == Decimal("85.00")
    assert isclose(funnel.deviation, sqrt((50 + 2 + 0 + 450) / 4))
    near, far = funnel.limits(1), funnel.limits(4)
    assert funnel.dispersion == 1.0  # they do not differ more than their months do
    assert isclose(near.high - 85, 1.959964 * funnel.deviation, rel_tol=1e-6)
    assert isclose(near.high - 85, 2 * (far.high - 85))


def test_who_stands_out_and_who_cannot_be_judged_yet() -> None:
    usual = {number: sums(*[str(75 + number), str(85 + number)] * 6) for number in range(1, 9)}
    found = funnel_of({**usual, 20: sums(*["60", "62"] * 6), 21: sums(*["98", "100"] * 6), 22: sums("50", "50")})
    assert found is not None
    assert found.standings[0] == Standing(22, 2, Decimal("50.00"), "unknown")
    assert found.standings[1] == Standing(20, 12, Decimal("61.00"), "worse", is_alarm=True)
    assert found.standings[-1] == Standing(21, 12, Decimal("99.00"), "better")
    assert {one.verdict for one in found.standings[2:-1]} == {"usual"}


def test_a_warning_is_no_alarm() -> None:
    steady = {number: sums(*["80", "90"] * 6) for number in range(1, 30)}
    funnel = funnel_of({**steady, 50: sums(*["83.4", "93.4"] * 6)})
    assert funnel is not None
    out = [one for one in funnel.standings if one.verdict != "usual"]
    assert [(one.project_id, one.verdict, one.is_alarm) for one in out] == [(50, "better", False)]


@given(st.lists(st.lists(st.integers(0, 10000), min_size=1, max_size=24), min_size=4, max_size=12))
def test_every_project_stands_somewhere_once(months: list[list[int]]) -> None:
    projects = {at: Sums(len(one), sum(one), sum(p**2 for p in one)) for at, one in enumerate(months)}
    funnel = funnel_of(projects)
    if funnel is None:
        assert all(len(set(one)) == 1 for one in months)
        return
    assert sorted(one.project_id for one in funnel.standings) == sorted(projects)
    assert list(funnel.standings) == sorted(funnel.standings, key=lambda one: (one.mean, one.project_id))
    assert all((one.months < 3) == (one.verdict == "unknown") for one in funnel.standings)


@pytest.mark.parametrize(
    ("means", "verdict"),
    [
        (["85"] * 5, "unknown"),
        (["85", "86", "85", "84", "85", "86", "85"], "usual"),
        (["85", "86", "85", "84", "85", "86", "70"], "worse"),
        (["85", "86", "85", "84", "85", "86", "99"], "better"),
        (["99", "86", "85", "84", "85", "86", "85", "85"], "usual"),
    ],
)
def test_only_the_last_month_is_the_news(means: list[str], verdict: str) -> None:
    assert trend_of([Decimal(one) for one in means]).verdict == verdict
