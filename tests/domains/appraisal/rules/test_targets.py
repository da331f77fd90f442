"""Target letters: points and forecasts, worked by hand (spec 06)."""

from decimal import Decimal

import pytest
from explained import value_of
from factories.appraisals import words
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.appraisal.choices import YearMethod
from wuyou.domains.appraisal.rules.operations import given as stated
from wuyou.domains.appraisal.rules.targets import (
    Target,
    check_targets,
    forecast,
    kpi_points,
    letter_points,
    year_so_far,
)
from wuyou.kernel.errors import Invalid
from wuyou.kernel.explain import Node, to_json


def kpi(key="rate", *, baseline="80", target="90", stretch=None, weight="100", method=YearMethod.MEAN) -> Target:
    far = None if stretch is None else Decimal(stretch)
    return Target(key, words(key), Decimal(baseline), Decimal(target), Decimal(weight), far, method)


def number(value: str) -> Node:
    return stated("value", words("value"), Decimal(value))


@pytest.mark.parametrize(
    ("value", "stretch", "points"),
    [
        ("80", None, "0"),
        ("79", None, "0"),
        ("85", None, "50"),
        ("90", None, "100"),
        ("99", None, "100"),
        ("90", "95", "100"),
        ("92.5", "95", "110"),
        ("95", "95", "120"),
        ("99", "95", "120"),
        ("85", "95", "50"),
    ],
)
def test_points_between_baseline_target_and_stretch(value, stretch, points):
    node = kpi_points(kpi(stretch=stretch), number(value))
    assert (node.value, value_of(to_json(node))) == (Decimal(points), Decimal(points))


@pytest.mark.parametrize(("value", "points"), [("10", "0"), ("7", "50"), ("4", "100"), ("3", "110"), ("0", "120")])
def test_less_may_be_better(value, points):
    node = kpi_points(kpi(baseline="10", target="4", stretch="2"), number(value))
    assert node.value == Decimal(points)


def test_a_letter_weighs_its_kpis_and_leaves_out_what_has_no_data():
    targets = [kpi("a", weight="60"), kpi("b", weight="30"), kpi("c", weight="10")]
    node = letter_points(targets, {"a": number("85"), "b": number("90")}, label=words("letter"))
    assert value_of(to_json(node)) == Decimal("66.666666666667")  # (60 × 50 + 30 × 100) / 90
    assert node.child("c").note.en == "No data yet"
    assert letter_points(targets, {}, label=words("letter")).value is None


def said(*targets: Target) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        check_targets(targets)
    return {error.field: str(error.message) for error in caught.value.fields}


WAY = "The target must differ from the baseline: the way between them is what is measured."
BEYOND = "The stretch lies beyond the target, seen from the baseline."


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ([], {"kpis": "A target letter needs at least one KPI."}),
        ([kpi(target="80")], {"kpis.1.target": WAY}),
        ([kpi(stretch="85")], {"kpis.1.stretch": BEYOND}),
        ([kpi(stretch="90")], {"kpis.1.stretch": BEYOND}),
        ([kpi(baseline="10", target="4", stretch="5")], {"kpis.1.stretch": BEYOND}),
        ([kpi(baseline="10", target="4", stretch="4")], {"kpis.1.stretch": BEYOND}),
        ([kpi("a", weight="60"), kpi("b", weight="30")], {"kpis": "The weights add up to 90, not to 100."}),
        ([kpi("a", weight="110"), kpi("b", weight="-10")], {"kpis.2.weight": "A weight is more than 0."}),
        ([kpi("a", weight="50"), kpi("a", weight="50")],
         {"kpis.1.key": "Two KPIs have this code.", "kpis.2.key": "Two KPIs have this code."}),
    ],
)  # fmt: skip
def test_what_is_no_letter(targets, expected):
    assert said(*targets) == expected


def test_a_good_letter_passes():
    check_targets([kpi("a", weight="60", stretch="95"), kpi("b", baseline="9", target="2", stretch="1", weight="40")])


MONTHS = [("2026-01", Decimal(10)), ("2026-02", Decimal(11)), ("2026-03", Decimal(15))]


@pytest.mark.parametrize(
    ("method", "value"), [(YearMethod.MEAN, "12"), (YearMethod.SUM, "144"), (YearMethod.LAST, "15")]
)
def test_the_year_so_far(method, value):
    node = year_so_far(kpi(method=method), MONTHS)
    assert (node.value, value_of(to_json(node))) == (Decimal(value), Decimal(value))
    assert year_so_far(kpi(method=method), []).value is None


class TestForecast:
    def values(self, *numbers):
        return [(month, Decimal(str(value))) for month, value in enumerate(numbers, start=1)]

    def test_nothing_known(self):
        assert forecast(kpi(), []) is None

    def test_the_mean_with_its_interval(self):
        """10, 11, 15: mean 12, s² = (4 + 1 + 9) / 2 = 7; √7 × √(1/3 + 1/9) × t(2; 0.95) 2.919986 × 9/12 = 3.8628."""
        found = forecast(kpi(), self.values(10, 11, 15))
        assert (found.value, found.low, found.high) == (Decimal(12), Decimal("8.14"), Decimal("15.86"))
        assert (found.months, found.method.en) == (3, "The months to come as the mean of those known")

    def test_a_sum_is_twelve_times_as_much(self):
        found = forecast(kpi(method=YearMethod.SUM), self.values(10, 11, 15))
        assert (found.value, found.low, found.high) == (Decimal(144), Decimal("97.65"), Decimal("190.35"))

    @pytest.mark.parametrize("method", YearMethod)
    def test_two_months_give_no_interval(self, method):
        found = forecast(kpi(method=method), self.values(10, 11))
        assert (found.low, found.high) == (None, None)
        assert found.outlook(kpi(method=method)) == "open"

    @pytest.mark.parametrize("method", YearMethod)
    def test_a_whole_year_leaves_nothing_open(self, method):
        found = forecast(kpi(method=method), self.values(*[95] * 11, 97))
        assert found.low == found.value == found.high

    def test_the_line_with_its_interval(self):
        """1, 2, 4 in months 1 to 3: slope 1.5, mean 7/3, at 12: 7/3 + 15 = 17.33; rest 1/6;
        √(1/6) × √(1 + 1/3 + 100/2) × t(1; 0.95) 6.313752 = 18.4679."""
        found = forecast(kpi(method=YearMethod.LAST), self.values(1, 2, 4))
        assert (found.value, found.low, found.high) == (Decimal("17.33"), Decimal("-1.13"), Decimal("35.80"))

    @pytest.mark.parametrize(
        ("numbers", "expected"),
        [((95, 95, 95.1), "met"), ((85, 85, 85.1), "missed"), ((80, 90, 100), "open"), ((90, 90, 90), "met")],
    )
    def test_the_outlook(self, numbers, expected):
        assert forecast(kpi(), self.values(*numbers)).outlook(kpi()) == expected

    @pytest.mark.parametrize(
        ("numbers", "expected"), [((3, 3, 3.1), "met"), ((6, 6, 6.1), "missed"), ((1, 4, 7), "open")]
    )
    def test_the_outlook_where_less_is_better(self, numbers, expected):
        one = kpi(baseline="10", target="4")
        assert forecast(one, self.values(*numbers)).outlook(one) == expected

    @given(st.lists(st.decimals(0, 100, places=1), min_size=3, max_size=12), st.sampled_from(list(YearMethod)))
    def test_the_value_lies_in_its_interval(self, numbers, method):
        found = forecast(kpi(method=method), [(month, value) for month, value in enumerate(numbers, start=1)])
        assert found.low <= found.value <= found.high
