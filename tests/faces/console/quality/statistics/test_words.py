"""The sentence each chart says, computed from its numbers."""

import datetime as dt

import pytest
from django.utils import translation

from wuyou.domains.quality.queries.statistics import Charted, Funnel, Judged, Paired, Placed, Ranked, Spot
from wuyou.faces.console.quality.statistics_asked import months_before, spot_label
from wuyou.faces.console.quality.statistics_words import (
    ageing_says,
    agreement_says,
    agreement_word,
    funnel_says,
    names_of,
    pareto_says,
    per_cent,
    range_words,
    ranking_says,
    rounded,
    severity_says,
    signed,
    stability,
)
from wuyou.kernel.statistics.ageing import Bucket
from wuyou.kernel.statistics.agreement import Kappa, Severity
from wuyou.kernel.statistics.charts import ControlChart
from wuyou.kernel.statistics.intervals import Interval
from wuyou.kernel.statistics.pareto import pareto
from wuyou.kernel.statistics.ranking import Shrunk
from wuyou.kernel.statistics.rules import Signal

DAY = dt.date(2026, 11, 20)


def said(*signals: Signal, points: int = 10) -> str:
    charted = Charted("inspection", [Spot(DAY, DAY)] * points, ControlChart("p", 0.9, []), list(signals))
    labels = [f"no {place}" for place in range(points)]
    return stability(charted, labels, [rounded(80 + place) for place in range(points)], "90%")


@pytest.mark.parametrize(
    ("signals", "points", "expected"),
    [
        ([], 10, "Steady around 90%: nothing but the usual ups and downs"),
        ([], 8, "Steady around 90%: nothing but the usual ups and downs"),
        ([], 7, "Around 90%, but 7 points are too few to tell signals from chance"),
        ([], 1, "Around 90%, but 1 point is too few to tell signals from chance"),
        ([Signal(1, 2, 1)], 10, "no 2 stands out above the limits: 82.0, usual is 90%"),
        ([Signal(1, 2, -1)], 3, "no 2 stands out below the limits: 82.0, usual is 90%"),
        ([Signal(4, 9, 1)], 10, "Eight in a row above 90% up to no 9: the level has changed"),
        ([Signal(4, 9, -1)], 10, "Eight in a row below 90% up to no 9: the level has changed"),
        ([Signal(2, 5, 1)], 10, "More than chance above 90% up to no 5: look what is different"),
        ([Signal(3, 5, -1)], 10, "More than chance below 90% up to no 5: look what is different"),
        ([Signal(1, 2, 1), Signal(2, 5, -1)], 10, "More than chance below 90% up to no 5: look what is different"),
        ([Signal(1, 5, 1), Signal(2, 5, 1)], 10, "no 5 stands out above the limits: 85.0, usual is 90%"),
    ],
)
def test_a_control_chart_says_its_latest_pattern(signals, points, expected):
    assert said(*signals, points=points) == expected


def placed(name: str, value: float, standing: str) -> Placed:
    return Placed(1, "P", name, 10, value, standing)


@pytest.mark.parametrize(
    ("projects", "expected"),
    [
        ([placed("A", 0.5, "alarm"), placed("B", 0.99, "alarm")], "Worse than chance explains: A"),
        ([placed("A", 0.7, "warning"), placed("B", 0.99, "alarm")], "Better than chance explains: B"),
        (
            [placed("A", 0.7, "warning"), placed("B", 0.8, "inside")],
            "No project differs from the others by more than chance",
        ),
    ],
)
def test_a_funnel_says_who_differs(projects, expected):
    assert funnel_says(Funnel(0.8, 1.0, projects, [10], [], [])) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [(["A"], "A"), (["A", "B", "C"], "A, B, C"), (["A", "B", "C", "D", "E"], "A, B, C and 2 more")],
)
def test_names(names, expected):
    assert names_of(names) == expected


def ranked(best: int, worst: int, *, is_rankable: bool = True) -> Ranked:
    return Ranked(1, "P", "A", Shrunk(1, 5, 1, 1, 0, 2, 0.1, best, worst, 1.0, is_rankable))


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ([(1, 2), (1, 2)], "No rank is certain: the order may be chance"),
        ([(1, 1), (2, 3), (2, 3)], "1 of 3 projects has a certain rank, the others may change places by chance"),
        (
            [(1, 1), (2, 2), (3, 4), (3, 4)],
            "2 of 4 projects have a certain rank, the others may change places by chance",
        ),
    ],
)
def test_a_ranking_says_what_is_certain(ranks, expected):
    assert ranking_says([ranked(*pair) for pair in ranks]) == expected


def test_a_certain_rank_of_somebody_not_rankable_is_none():
    assert ranking_says([ranked(1, 1, is_rankable=False)]) == "No rank is certain: the order may be chance"


def judged(name: str, effect: float, half: float | None) -> Judged:
    low, high = (None, None) if half is None else (effect - half, effect + half)
    return Judged(1, name, Severity(1, effect, low, high, 5))


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([judged("A", -4, 2), judged("B", 3, 1)], "A scores 4.0 points stricter than others at the same projects"),
        (
            [judged("A", -2, 1), judged("B", 3, 1)],
            "B scores 3.0 points more leniently than others at the same projects",
        ),
        (
            [judged("A", -9, 10), judged("B", 9, None)],
            "No inspector is certainly stricter or more lenient than the others",
        ),
    ],
)
def test_severity_says_who_is_certainly_so(people, expected):
    assert severity_says(people) == expected


def test_agreement():
    kappa = Kappa(0.55, 0.1, 0.35, 0.75, 0.8, 20)
    assert agreement_says(Paired([], 20, 16, kappa)) == (
        "Agreement beyond chance is moderate: 16 of 20 items were judged alike"
    )
    assert agreement_says(Paired([], 20, 20, None)).startswith("Two inspectors of the same gave one verdict throughout")


@pytest.mark.parametrize(
    ("kappa", "word"),
    [
        (-0.2, "slight"),
        (0.2, "slight"),
        (0.4, "fair"),
        (0.6, "moderate"),
        (0.8, "substantial"),
        (0.81, "almost perfect"),
    ],
)
def test_kappa_in_a_word(kappa, word):
    assert agreement_word(kappa) == word


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 9, "b": 1}, "1 of 2 makes four fifths of the findings, most of all: a"),
        ({"a": 5, "b": 4, "c": 1}, "2 of 3 make four fifths of the findings, most of all: a"),
    ],
)
def test_pareto(counts, expected):
    assert pareto_says(pareto(counts), "a") == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((3, 2), "5 not put right yet, 2 of them for more than 15 days"),
        ((3, 0), "3 not put right yet, none for more than 15 days"),
    ],
)
def test_ageing(counts, expected):
    assert ageing_says([Bucket(0, 15, counts[0], 0), Bucket(15, None, counts[1], 0)]) == expected


def test_numbers():
    assert str(per_cent(0.91249)) == "91.2"
    assert range_words(Interval(0.5, 0.3849, 0.6151)) == "38.5–61.5%"
    assert [signed(value) for value in (1.25, -1.25, 0.01, -0.01)] == ["+1.3", "−1.3", "0.0", "0.0"]


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (dt.date(2026, 11, 20), 3, dt.date(2026, 8, 21)),
        (dt.date(2026, 11, 20), 12, dt.date(2025, 11, 21)),
        (dt.date(2026, 5, 31), 3, dt.date(2026, 3, 1)),
        (dt.date(2026, 3, 31), 1, dt.date(2026, 3, 1)),
        (dt.date(2026, 1, 15), 24, dt.date(2024, 1, 16)),
    ],
)
def test_whole_months_back(day, count, expected):
    assert months_before(day, count) == expected


@pytest.mark.parametrize(
    ("by", "expected"),
    [("month", "Nov 2026"), ("week", "16 Nov"), ("inspection", "16 Nov JC-1"), ("finding", "16 Nov JC-1")],
)
def test_a_point_has_a_name(by, expected):
    with translation.override("en"):
        assert spot_label(Spot(dt.date(2026, 11, 16), dt.date(2026, 11, 22), 1, "JC-1"), by) == expected
