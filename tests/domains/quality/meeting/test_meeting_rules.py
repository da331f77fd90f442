"""Months and decisions of a quality meeting (spec 05)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.quality.rules.meeting import KINDS, Decision, Month, decisions, last_month, month_of, named
from wuyou.kernel.errors import Invalid

TODAY = dt.date(2026, 11, 20)


class TestMonths:
    @pytest.mark.parametrize(
        ("first", "last", "before", "following"),
        [
            ((2026, 11), "2026-11-30", "2026-10", "2026-12"),
            ((2026, 12), "2026-12-31", "2026-11", "2027-01"),
            ((2026, 1), "2026-01-31", "2025-12", "2026-02"),
            ((2028, 2), "2028-02-29", "2028-01", "2028-03"),
        ],
    )
    def test_know_their_last_day_and_their_neighbours(self, first, last, before, following):
        month = Month(dt.date(*first, 1))
        assert (month.last.isoformat(), str(month.before), str(month.following)) == (last, before, following)

    @given(st.dates(dt.date(2001, 1, 1), dt.date(2199, 1, 1)))
    def test_follow_each_other_without_a_gap(self, day):
        month = Month(day.replace(day=1))
        assert month.following.before == month
        assert month.last + dt.timedelta(days=1) == month.following.first

    def test_are_read_as_they_are_written(self):
        assert month_of("2026-11", today=TODAY) == Month(dt.date(2026, 11, 1))
        assert str(month_of("2025-02", today=TODAY)) == "2025-02"

    @pytest.mark.parametrize(
        "text",
        ["", "2026", "2026-13", "2026-00", "26-11", "2026-11-20", "1999-01", "2200-01", "２０２６-11", "2026-12"],
    )
    def test_that_are_none_or_still_to_come_are_refused(self, text):
        with pytest.raises(Invalid) as caught:
            month_of(text, today=TODAY)
        assert [one.field for one in caught.value.fields] == ["month"]

    def test_a_meeting_looks_back_on_the_month_before(self):
        assert str(last_month(TODAY)) == "2026-10"
        assert str(last_month(dt.date(2026, 1, 31))) == "2025-12"


class TestDecisions:
    def test_are_named_and_counted(self):
        assert named("owed", ["a", "b"]) == Decision("owed", 2, ("a", "b"))
        assert named("owed", iter(["a"]), count=40) == Decision("owed", 40, ("a",))

    def test_come_the_gravest_first_and_without_what_there_is_none_of(self):
        given_ = [Decision(code, 1) for code in reversed(KINDS)]
        assert decisions(given_) == [Decision(code, 1) for code in KINDS]
        assert decisions([Decision("owed", 0), named("vetoed", [])]) == []

    def test_of_another_kind_are_a_mistake(self):
        with pytest.raises(ValueError, match="not in tuple"):
            decisions([Decision("lunch", 1)])
