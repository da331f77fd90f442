"""Limits, parties, deciders and the climb as tables and properties (spec 05: Appeal)."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.quality.choices import Outcome, Step
from wuyou.domains.quality.rules.appeals import (
    LADDER,
    Climb,
    Decision,
    Rung,
    check_in_time,
    check_ladder,
    check_outcome,
    check_party,
    check_words,
    climb_from,
    deciders,
    has_lapsed,
    ladder_for,
    limit_after,
)
from wuyou.kernel import clock
from wuyou.kernel.clocks.workcalendar import Days
from wuyou.kernel.errors import Conflict, Denied, Invalid

PLAIN = Days()
ROLES = {"project_manager", "group_quality", "region"}
MOMENT = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)  # Friday 10:00 in Shanghai
DECISION = Decision("finding", 7, "BHG-1", MOMENT, decided_by=(3, 4), parties=(9,))
# the days around National Day 2026: holiday to 7 October, and Saturday 10 October is worked
NATIONAL = Days(
    {dt.date(2026, 10, day): "holiday" for day in (1, 2, 3)}
    | {dt.date(2026, 10, day): "rest" for day in (4, 5, 6, 7)}
    | {dt.date(2026, 10, 10): "workday"}
)


def at(text: str) -> dt.datetime:
    """A moment by a Shanghai clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


def fields(error: Invalid) -> list[str]:
    """Where it says that something is wrong."""
    return sorted(one.field for one in error.fields)


class TestTheLimit:
    @pytest.mark.parametrize(
        ("known", "days", "table", "last"),
        [
            ("2026-11-20 10:00", 5, PLAIN, "2026-11-27 23:59:59"),  # Friday to Friday
            ("2026-11-21 10:00", 5, PLAIN, "2026-11-27 23:59:59"),  # Saturday does not count as the first day
            ("2026-11-20 00:00", 1, PLAIN, "2026-11-23 23:59:59"),
            ("2026-11-19 23:59", 1, PLAIN, "2026-11-20 23:59:59"),
            ("2026-09-30 18:00", 3, NATIONAL, "2026-10-10 23:59:59"),  # 8, 9 and the swapped Saturday
            ("2026-09-30 18:00", 4, NATIONAL, "2026-10-12 23:59:59"),
        ],
    )
    def test_counts_working_days_after_the_day_it_was_known(self, known, days, table, last):
        assert limit_after(at(known), days=days, table=table) == at(last)

    @given(
        moment=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)).map(
            lambda one: one.replace(tzinfo=dt.UTC)
        ),
        days=st.integers(1, 60),
    )
    def test_is_a_working_day_and_grows_with_the_days(self, moment, days):
        last = limit_after(moment, days=days, table=NATIONAL)
        assert NATIONAL.is_workday(clock.local(last).date())
        assert moment < last < limit_after(moment, days=days + 1, table=NATIONAL)

    def test_the_last_second_is_in_time_and_the_next_is_not(self):
        until = at("2026-11-27 23:59:59")
        check_in_time(until, until=until)
        with pytest.raises(Conflict, match="2026-11-27"):
            check_in_time(until + dt.timedelta(seconds=1), until=until)

    def test_a_step_lapses_after_its_due_second(self):
        assert [has_lapsed(MOMENT + dt.timedelta(seconds=s), due=MOMENT) for s in (-1, 0, 1)] == [False, False, True]


class TestTheParty:
    @pytest.mark.parametrize(
        ("user", "may_appeal_here", "is_allowed"),
        [(1, True, True), (1, False, False), (9, False, True), (3, True, False), (4, False, False)],
    )
    def test_is_who_appeals_here_or_was_scored_and_did_not_decide(self, user, may_appeal_here, is_allowed):
        if is_allowed:
            check_party(user, decision=DECISION, may_appeal_here=may_appeal_here)
            return
        with pytest.raises(Denied):
            check_party(user, decision=DECISION, may_appeal_here=may_appeal_here)


class TestWhoDecides:
    def test_is_nobody_with_a_part_in_the_case(self):
        left = deciders([1, 2, 3, 4, 5], not_by=[1], appellant=2, decided_before=[3])
        assert left == {4, 5}

    @given(
        *(st.sets(st.integers(1, 9)) for _ in range(3)),
        st.integers(1, 9),
    )
    def test_never_more_than_the_candidates(self, people, not_by, before, appellant):
        left = deciders(people, not_by=not_by, appellant=appellant, decided_before=before)
        assert left == {one for one in people if one not in not_by and one not in before and one != appellant}


class TestTheLadder:
    def test_of_a_decision_from_above_leaves_out_the_head_of_the_project(self):
        assert ladder_for(LADDER, is_from_above=True) == LADDER[1:]
        assert ladder_for(LADDER, is_from_above=False) == LADDER

    @pytest.mark.parametrize(
        ("start", "left", "expected"),
        [
            (0, {0: {1}, 1: {2}, 2: {3}}, Climb((), LADDER[0])),
            (0, {0: set(), 1: {2}, 2: {3}}, Climb((LADDER[0],), LADDER[1])),
            (1, {0: {1}, 2: {3}}, Climb((LADDER[1],), LADDER[2])),
            (0, {}, Climb(LADDER, None)),
            (3, {0: {1}}, Climb((), None)),
        ],
    )
    def test_climbs_over_empty_steps(self, start, left, expected):
        assert climb_from(LADDER, start, left=left) == expected

    @given(st.sets(st.integers(0, 2)), st.integers(0, 3))
    def test_loses_no_step(self, filled, start):
        found = climb_from(LADDER, start, left={place: {1} for place in filled})
        entered = [*found.empty, *([found.waits] if found.waits else [])]
        assert entered == list(LADDER[start : start + len(entered)])
        assert (found.waits is None) == (not any(place >= start for place in filled))

    def test_shipped_can_be_climbed(self):
        check_ladder(LADDER, days=5, deciding_roles=ROLES)

    @pytest.mark.parametrize(
        ("rungs", "days", "wrong"),
        [
            (LADDER, 0, ["days"]),
            (LADDER, 61, ["days"]),
            ((), 5, ["steps"]),
            (LADDER * 3, 5, ["steps"]),
            ((replace(LADDER[0], role="client"),), 5, ["steps.1.role"]),
            ((LADDER[0], replace(LADDER[1], days=0)), 5, ["steps.2.days"]),
            ((Rung(Step.APPOINTED, "region", 61),), 5, ["steps.1.days", "steps.1.step"]),
        ],
    )
    def test_that_cannot_be_climbed_is_refused_where_it_is_wrong(self, rungs, days, wrong):
        with pytest.raises(Invalid) as caught:
            check_ladder(rungs, days=days, deciding_roles=ROLES)
        assert fields(caught.value) == wrong


class TestWords:
    @pytest.mark.parametrize(
        ("grounds", "wanted", "wrong"),
        [(" ", "x", ["grounds"]), ("x", "", ["wanted"]), ("", " ", ["grounds", "wanted"])],
    )
    def test_an_appeal_says_why_and_what_for(self, grounds, wanted, wrong):
        with pytest.raises(Invalid) as caught:
            check_words(grounds, wanted)
        assert fields(caught.value) == wrong

    def test_an_appeal_with_both_is_fine(self):
        check_words("照片不是我们项目", "撤销")

    @pytest.mark.parametrize(
        ("outcome", "reasons", "amended_to", "wrong"),
        [
            ("perhaps", "x", None, ["outcome"]),
            (Outcome.UPHOLD, " ", None, ["reasons"]),
            (Outcome.AMEND, "x", None, ["amended_to"]),
            (Outcome.AMEND, "x", {}, ["amended_to"]),
            (Outcome.VOID, "x", {"severity": "minor"}, ["amended_to"]),
            (Outcome.UPHOLD, "x", {"severity": "minor"}, ["amended_to"]),
        ],
    )
    def test_a_decision_is_whole(self, outcome, reasons, amended_to, wrong):
        with pytest.raises(Invalid) as caught:
            check_outcome(outcome, reasons=reasons, amended_to=amended_to)
        assert fields(caught.value) == wrong

    @pytest.mark.parametrize(
        ("outcome", "amended_to"), [("uphold", None), ("void", None), ("amend", {"severity": "minor"})]
    )
    def test_a_whole_decision_passes(self, outcome, amended_to):
        check_outcome(outcome, reasons="证据充分", amended_to=amended_to)
