"""Shares, means, months and verdicts by hand-worked tables and properties (spec 05: PDCA)."""

import datetime as dt
from dataclasses import asdict, replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.quality.rules.improvement import (
    Observed,
    PlanSpec,
    Point,
    by_month,
    check_period,
    check_plan,
    compare,
    months_to,
    observed,
    rounded,
    to_json,
)
from wuyou.kernel.errors import Invalid

TODAY = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)
SPEC = PlanSpec(
    name="楼道保洁",
    problem="十月楼道积灰反复出现",
    metric="quality.recurrence",
    target=Decimal(10),
    before_from=dt.date(2026, 8, 1),
    before_to=dt.date(2026, 10, 31),
    ends_on=dt.date(2027, 1, 31),
)


def fields(caught) -> list[str]:
    """Where it says that something is wrong."""
    return sorted(one.field for one in caught.value.fields)


class TestFigures:
    def test_a_share_adds_up_its_counts(self):
        points = [Point(TODAY, count=1, size=2), Point(TODAY - DAY, count=9, size=10)]
        found = observed("share", points)
        assert (found.count, found.size, found.number, found.value) == (10, 12, 12, Decimal("83.3333"))

    def test_a_mean_is_of_what_was_measured(self):
        found = observed("mean", [Point(TODAY, value=90.5), Point(TODAY, value=80.0), Point(TODAY)])
        assert (found.values, found.number, found.value) == ((90.5, 80.0), 2, Decimal("85.2500"))

    @pytest.mark.parametrize("kind", ["share", "mean"])
    def test_of_nothing_is_none(self, kind):
        assert (observed(kind, []).value, observed(kind, []).number) == (None, 0)

    @pytest.mark.parametrize(
        ("number", "expected"), [("1.00005", "1.0001"), ("1.00004", "1.0000"), ("-2.00005", "-2.0001")]
    )
    def test_are_rounded_half_up(self, number, expected):
        assert str(rounded(Decimal(number))) == expected

    def test_fall_into_months_and_empty_months_stay(self):
        months = months_to(TODAY, count=3)
        points = [
            Point(dt.date(2026, 9, 30), count=1, size=1),
            Point(TODAY, count=0, size=2),
            Point(dt.date(2026, 8, 31), size=5),
        ]
        found = by_month("share", points, months=months)
        assert [(month.isoformat(), one.count, one.size) for month, one in found] == [
            ("2026-09-01", 1, 1), ("2026-10-01", 0, 0), ("2026-11-01", 0, 2),
        ]  # fmt: skip

    def test_months_go_back_over_the_year(self):
        assert months_to(dt.date(2026, 2, 28), count=4) == [
            dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1),
        ]  # fmt: skip

    @given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(1, 60))
    def test_months_follow_each_other_to_the_last(self, last, count):
        months = months_to(last, count=count)
        assert len(months) == count
        assert months[-1] == last.replace(day=1)
        assert all((later - earlier).days in range(28, 32) for earlier, later in pairwise(months))


class TestComparing:
    def test_shares_by_newcombe(self):
        """Newcombe 1998, Table II example (a): 56/70 against 48/80 gives 0.0524 to 0.3339."""
        before, after = Observed("share", count=48, size=80), Observed("share", count=56, size=70)
        found = compare(before, after, direction="up", target=Decimal(75))
        assert (found.before, found.after) == ("60.0000", "80.0000")
        assert found.difference == "20.0000"
        assert (float(found.low), float(found.high)) == (
            pytest.approx(5.24, abs=0.005),
            pytest.approx(33.39, abs=0.005),
        )
        assert (found.verdict, found.is_met, found.is_too_few) == ("better", True, False)

    @pytest.mark.parametrize(("direction", "verdict"), [("up", "worse"), ("down", "better")])
    def test_the_direction_says_what_is_better(self, direction, verdict):
        before, after = Observed("share", count=80, size=100), Observed("share", count=30, size=100)
        assert compare(before, after, direction=direction, target=Decimal(50)).verdict == verdict

    def test_few_cases_leave_it_unclear(self):
        found = compare(
            Observed("share", count=3, size=5), Observed("share", count=4, size=5), direction="up", target=Decimal(70)
        )
        assert (found.verdict, found.is_too_few, found.is_met) == ("unclear", False, True)

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (Observed("share"), Observed("share", count=1, size=2)),
            (Observed("share", count=1, size=2), Observed("share")),
            (Observed("mean", values=(1.0,)), Observed("mean", values=(1.0, 2.0))),
            (Observed("mean", values=(1.0, 2.0)), Observed("mean", values=())),
        ],
    )
    def test_too_little_says_so(self, before, after):
        found = compare(before, after, direction="up", target=Decimal(0))
        assert (found.is_too_few, found.verdict, found.difference, found.low, found.high) == (
            True, "unclear", None, None, None,
        )  # fmt: skip

    def test_nothing_after_meets_no_target(self):
        assert not compare(Observed("share"), Observed("share"), direction="up", target=Decimal(0)).is_met

    @pytest.mark.parametrize(
        ("direction", "value", "is_met"), [("up", 80, True), ("up", 79, False), ("down", 80, True), ("down", 81, False)]
    )
    def test_a_target_is_met_when_it_is_reached(self, direction, value, is_met):
        after = Observed("mean", values=(value, value))
        assert compare(after, after, direction=direction, target=Decimal(80)).is_met is is_met

    def test_means_by_welch_in_their_own_unit(self):
        before, after = Observed("mean", values=(80, 82, 84)), Observed("mean", values=(90, 91, 92))
        found = compare(before, after, direction="up", target=Decimal(90))
        assert (found.before, found.after, found.difference, found.verdict) == (
            "82.0000",
            "91.0000",
            "9.0000",
            "better",
        )
        assert Decimal(found.low) < Decimal(9) < Decimal(found.high)

    def test_is_kept_whole(self):
        found = compare(Observed("share"), Observed("share"), direction="up", target=Decimal("1.5"))
        assert to_json(found) == asdict(found)
        assert to_json(found)["target"] == "1.5000"


class TestThePlan:
    def test_that_says_everything_passes(self):
        check_plan(SPEC, metrics=["quality.recurrence"], today=TODAY)

    @pytest.mark.parametrize(
        ("given_", "wrong"),
        [
            ({"name": " "}, ["name"]),
            ({"problem": ""}, ["problem"]),
            ({"metric": "work.smiles"}, ["metric"]),
            ({"before_to": SPEC.before_from - DAY}, ["before_to"]),
            ({"before_to": TODAY + DAY}, ["before_to"]),
            ({"before_from": dt.date(2020, 1, 1)}, ["before_to"]),
            ({"ends_on": TODAY - DAY}, ["ends_on"]),
            ({"name": "", "metric": "", "ends_on": TODAY - DAY}, ["ends_on", "metric", "name"]),
        ],
    )
    def test_that_does_not_is_refused_where_it_lacks(self, given_, wrong):
        with pytest.raises(Invalid) as caught:
            check_plan(replace(SPEC, **given_), metrics=["quality.recurrence"], today=TODAY)
        assert fields(caught) == wrong

    @pytest.mark.parametrize(
        ("first", "last", "wrong"),
        [
            (SPEC.before_to, TODAY, ["after_from"]),
            (TODAY, TODAY - DAY, ["after_to"]),
            (TODAY, TODAY + DAY, ["after_to"]),
            (SPEC.before_from, SPEC.before_from - DAY, ["after_from", "after_to"]),
            (SPEC.before_to + DAY, SPEC.before_to + dt.timedelta(days=1200), ["after_to"]),
        ],
    )
    def test_a_period_that_cannot_be_compared_is_refused(self, first, last, wrong):
        with pytest.raises(Invalid) as caught:
            check_period(first, last, after=SPEC.before_to, today=TODAY)
        assert fields(caught) == wrong

    def test_a_period_after_the_baseline_passes(self):
        check_period(SPEC.before_to + DAY, TODAY, after=SPEC.before_to, today=TODAY)
