"""Quarters and years, splits of money, last places (spec 06)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from explained import value_of
from factories.appraisals import shipped, words
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.appraisal.choices import Partial, RollGrain, RollMethod
from wuyou.domains.appraisal.rules.inputs import Days, Month
from wuyou.domains.appraisal.rules.money import Charge, charges_of, percent_fen, split_fen
from wuyou.domains.appraisal.rules.periods import MonthScore, days_present, month_bounds, months_of, roll_up
from wuyou.domains.appraisal.rules.ranking import Contender, places_of
from wuyou.domains.appraisal.rules.scheme import Presence, Ranking, RollUp
from wuyou.kernel.errors import Invalid
from wuyou.kernel.explain import to_json

SCHEME = shipped("campus_monthly")


class TestMonths:
    @pytest.mark.parametrize(
        ("by", "expected"), [(0, "2026-03"), (1, "2026-04"), (10, "2027-01"), (-3, "2025-12"), (-15, "2024-12")]
    )
    def test_shifting(self, by, expected):
        assert str(Month(2026, 3).shifted(by)) == expected

    def test_order_and_quarters(self):
        months = [Month(2026, 2), Month(2025, 12), Month(2026, 1)]
        assert [str(month) for month in sorted(months)] == ["2025-12", "2026-01", "2026-02"]
        assert [Month(2026, month).quarter for month in range(1, 13)] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
        assert [str(month) for month in months_of(RollGrain.QUARTER, 2026, 4)] == ["2026-10", "2026-11", "2026-12"]
        assert len(months_of(RollGrain.YEAR, 2026)) == 12

    @pytest.mark.parametrize(
        ("month", "since", "until", "expected"),
        [
            (Month(2026, 2), None, None, Days(28, 28)),
            (Month(2024, 2), None, None, Days(29, 29)),
            (Month(2026, 3), date(2026, 3, 16), None, Days(16, 31)),
            (Month(2026, 3), None, date(2026, 3, 1), Days(1, 31)),
            (Month(2026, 3), date(2026, 4, 1), None, Days(0, 31)),
            (Month(2026, 12), date(2020, 1, 1), date(2030, 1, 1), Days(31, 31)),
        ],
    )
    def test_days_present(self, month, since, until, expected):
        assert days_present(month, since=since, until=until) == expected

    def test_bounds(self):
        assert month_bounds(Month(2026, 12)) == (date(2026, 12, 1), date(2026, 12, 31))


def quarter(*points: str | None, scheme=SCHEME, days: tuple[Days | None, ...] = (None,) * 3) -> tuple[str | None, str]:
    scores = [
        MonthScore(month, None if value is None else Decimal(value), days=present)
        for month, value, present in zip(months_of(RollGrain.QUARTER, 2026, 1), points, days, strict=True)
    ]
    node = roll_up(scheme, RollGrain.QUARTER, scores, label=words("quarter"))
    value_of(to_json(node))
    return (None if node.value is None else str(node.value)), node.detail.get("band", "")


class TestRollUp:
    @pytest.mark.parametrize(
        ("points", "expected"),
        [
            (("90", "85", "80"), ("85.00", "pass")),
            (("90", "90", "89.99"), ("90.00", "excellent")),  # 89.99666… half up
            (("90", None, "80"), ("85.00", "pass")),
            (("90", None, None), (None, "")),  # the scheme asks for two
        ],
    )
    def test_the_mean_of_rated_months(self, points, expected):
        assert quarter(*points) == expected

    @pytest.mark.parametrize(
        ("method", "expected"),
        [
            (RollMethod.MIN, "70.00"),
            (RollMethod.LAST, "85.00"),
            (RollMethod.MEDIAN, "85.00"),
            (RollMethod.MEAN, "83.33"),
        ],
    )
    def test_other_ways(self, method, expected):
        scheme = replace(SCHEME, rollups=(RollUp(RollGrain.QUARTER, method),))
        assert quarter("95", "70", "85", scheme=scheme)[0] == expected

    def test_a_part_of_a_month_weighs_its_days(self):
        """(80 × 16/31 + 90 + 90) / (16/31 + 2)."""
        days = (Days(16, 31), Days(28, 28), None)
        assert quarter("80", "90", "90", days=days)[0] == "86.67"
        scheme = replace(SCHEME, presence=Presence(Partial.PRO_RATA))
        assert quarter("80", "90", "90", days=days, scheme=scheme)[0] == "87.95"

    def test_nothing_rated(self):
        scheme = replace(SCHEME, rollups=(), bands=())
        assert quarter(None, None, None, scheme=scheme) == (None, "")
        assert quarter("50", None, None, scheme=scheme) == ("50.00", "")


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "weights", "parts"),
        [
            (100, (1, 1, 1), [34, 33, 33]),
            (101, (1, 1, 1), [34, 34, 33]),
            (-100, (1, 1, 1), [-34, -33, -33]),
            (1, (1, 2), [0, 1]),
            (0, (1, 2), [0, 0]),
            (10, (0, 1), [0, 10]),
        ],
    )
    def test_splits(self, amount, weights, parts):
        assert split_fen(amount, [Decimal(weight) for weight in weights]) == parts

    @pytest.mark.parametrize("weights", [(), (0, 0), (1, -1, 5)])
    def test_no_split(self, weights):
        with pytest.raises(Invalid):
            split_fen(100, [Decimal(weight) for weight in weights])

    @given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 1000), min_size=1).filter(any))
    def test_splits_add_up_and_are_fair(self, amount, weights):
        parts = split_fen(amount, [Decimal(weight) for weight in weights])
        assert sum(parts) == amount
        assert all(
            abs(part - amount * weight / sum(weights)) < 1.001 for part, weight in zip(parts, weights, strict=True)
        )

    @pytest.mark.parametrize(
        ("amount", "percent", "expected"), [(10_000, "20", 2_000), (5, "50", 3), (4, "12.5", 1), (3, "10", 0)]
    )
    def test_percent_is_half_up(self, amount, percent, expected):
        assert percent_fen(amount, Decimal(percent)) == expected

    @pytest.mark.parametrize(
        ("amount", "supervisor", "percent", "expected"),
        [
            (-10_000, 2, "20", [Charge(1, -10_000), Charge(2, -2_000, for_person_id=1)]),
            (-10_000, None, "20", [Charge(1, -10_000)]),
            (-10_000, 1, "20", [Charge(1, -10_000)]),
            (-10_000, 2, "0", [Charge(1, -10_000)]),
            (20_000, 2, "20", [Charge(1, 20_000)]),
            (-333, 2, "50", [Charge(1, -333), Charge(2, -167, for_person_id=1)]),
        ],
    )
    def test_a_supervisor_pays_too(self, amount, supervisor, percent, expected):
        assert charges_of(1, amount, supervisor_id=supervisor, percent=Decimal(percent)) == expected


class TestLastPlaces:
    def places(self, *points: str | None, last: int = 1, min_class: int = 2):
        rows = [Contender(i, "homes", None if p is None else Decimal(p)) for i, p in enumerate(points)]
        return [(one.place, one.is_last) for one in places_of(Ranking(last, min_class), rows)]

    def test_the_last_is_marked(self):
        assert self.places("80", "90", "70") == [(2, False), (1, False), (3, True)]

    def test_equals_share_a_place(self):
        assert self.places("80", "80", "70", "70") == [(1, False), (1, False), (3, True), (3, True)]

    def test_never_the_whole_class(self):
        assert self.places("80", "80", "80", last=3) == [(1, False)] * 3
        assert self.places("90", "80", last=5) == [(1, False), (2, True)]

    def test_the_unrated_are_not_ranked(self):
        assert self.places("80", None, "70") == [(1, False), (None, False), (2, True)]

    def test_a_small_class_is_not_ranked(self):
        assert self.places("80", None, "70", min_class=3) == [(None, False)] * 3
        assert self.places(None) == [(None, False)]

    def test_classes_stand_apart(self):
        rows = [Contender(1, "homes", Decimal(90)), Contender(2, "offices", Decimal(60)),
                Contender(3, "homes", Decimal(80)), Contender(4, "offices", Decimal(50))]  # fmt: skip
        found = places_of(Ranking(1, 2), rows)
        assert [(one.klass, one.place, one.of, one.is_last) for one in found] == [
            ("homes", 1, 2, False), ("offices", 1, 2, False), ("homes", 2, 2, True), ("offices", 2, 2, True),
        ]  # fmt: skip
