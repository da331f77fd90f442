"""Due after pauses, status and what is left: pure rules."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.clocks.choices import Status
from wuyou.kernel.clocks.rules import Rung, Stop, Times, counted, moments, passed, reach, remaining, rungs, status
from wuyou.kernel.clocks.workcalendar import Days, WallTime, work_calendar

ZERO = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)  # 08:00 on a Friday in Shanghai
WALL = WallTime()
OFFICE = work_calendar({number: ["08:00", "18:00"] for number in "12345"}, Days())


def hour(number: float) -> datetime:
    """So many hours after the start."""
    return ZERO + timedelta(hours=number)


def hours(number: float) -> timedelta:
    """A duration."""
    return timedelta(hours=number)


def stops(*pairs: tuple[float, float | None]) -> list[Stop]:
    """Pauses from and to hours after the start."""
    return [Stop(hour(start), None if end is None else hour(end)) for start, end in pairs]


@pytest.mark.parametrize(
    ("amount", "pauses", "expected"),
    [
        (4, [], 4),
        (4, [(1, 3)], 6),
        (4, [(1, 3), (5, 6)], 7),
        (4, [(4, 9)], 4),  # reached at the moment the pause begins
        (4, [(5, 9)], 4),  # a pause after the due time moves nothing
        (4, [(1, 1)], 4),
        (4, [(1, None)], 4),  # an open pause has not moved anything yet
        (4, [(1, 3), (5, None)], 6),
        (4, [(5, None)], 4),
        (4, [(-2, 1)], 5),  # began before the start
        (4, [(0, 2)], 6),
    ],
)
def test_reach(amount: float, pauses: list[tuple[float, float | None]], expected: float) -> None:
    assert reach(ZERO, hours(amount), pauses=stops(*pauses), measure=WALL) == hour(expected)


def test_reach_in_service_hours() -> None:
    """Ten hours of Friday, two of them paused, go on at 08:00 on Monday."""
    assert reach(ZERO, hours(10), pauses=stops((2, 4)), measure=OFFICE) == hour(72 + 2)


@pytest.mark.parametrize(
    ("end", "pauses", "expected"),
    [
        (4, [], 4),
        (4, [(1, 3)], 2),
        (4, [(1, None)], 1),
        (4, [(3, 9)], 3),
        (4, [(5, 9)], 4),
        (6, [(1, 3), (4, 5)], 3),
    ],
)
def test_counted(end: float, pauses: list[tuple[float, float | None]], expected: float) -> None:
    assert counted(ZERO, hour(end), pauses=stops(*pauses), measure=WALL) == hours(expected)


PAUSES = st.lists(st.floats(0, 100), max_size=8, unique=True).map(
    lambda edges: stops(*zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)


@given(st.floats(0.1, 100), PAUSES)
def test_when_it_is_due_the_target_has_been_counted(amount: float, pauses: list[Stop]) -> None:
    due = reach(ZERO, hours(amount), pauses=pauses, measure=WALL)
    assert counted(ZERO, due, pauses=pauses, measure=WALL) == hours(amount)


@given(st.floats(0.1, 100), PAUSES)
def test_a_pause_never_makes_it_due_earlier(amount: float, pauses: list[Stop]) -> None:
    due = [reach(ZERO, hours(amount), pauses=pauses[:number], measure=WALL) for number in range(len(pauses) + 1)]
    assert all(earlier <= later for earlier, later in itertools.pairwise(due))


LADDER = [Rung("supervisor", hours(0)), Rung("manager", hours(2)), Rung("city", hours(24))]


def test_each_rung_comes_a_further_time_after_the_one_before() -> None:
    assert rungs(hours(4), LADDER) == [hours(4), hours(6), hours(30)]


def test_moments_follow_the_pauses() -> None:
    found = moments(ZERO, hours(10), warn_percent=80, ladder=LADDER, pauses=stops((9, 12)), measure=WALL)
    assert found == [hour(8), hour(13), hour(13), hour(15), hour(39)]


def test_an_open_pause_has_not_moved_anything_yet() -> None:
    found = moments(ZERO, hours(10), warn_percent=80, ladder=[], pauses=stops((1, 2), (5, None)), measure=WALL)
    assert found == [hour(9), hour(11)]


@pytest.mark.parametrize(("now", "expected"), [(7.9, 0), (8, 1), (10, 1), (10.1, 3), (12, 3), (12.1, 4), (99, 5)])
def test_passed_moments(now: float, expected: int) -> None:
    found = moments(ZERO, hours(10), warn_percent=80, ladder=LADDER, pauses=[], measure=WALL)
    assert passed(found, hour(now)) == expected


@pytest.mark.parametrize(
    ("paused", "stopped", "now", "expected"),
    [
        (None, None, 7.9, Status.RUNNING),
        (None, None, 8, Status.WARNED),
        (None, None, 10, Status.WARNED),
        (None, None, 10.01, Status.MISSED),
        (9, None, 50, Status.PAUSED),
        (10, None, 50, Status.PAUSED),
        (11, None, 50, Status.MISSED),
        (None, 10, 50, Status.MET),
        (None, 10.01, 50, Status.LATE),
    ],
)
def test_status(paused: float | None, stopped: float | None, now: float, expected: Status) -> None:
    times = Times(
        due=hour(10),
        warn=hour(8),
        paused=None if paused is None else hour(paused),
        stopped=None if stopped is None else hour(stopped),
    )
    assert status(times, hour(now)) == expected


@pytest.mark.parametrize(
    ("paused", "stopped", "now", "expected"),
    [
        (None, None, 4, 6),
        (None, None, 10, 0),
        (None, None, 13, -3),
        (9, None, 50, 1),
        (11, None, 50, -1),
        (None, 4, 50, 6),
        (None, 12, 50, -2),
    ],
)
def test_remaining(paused: float | None, stopped: float | None, now: float, expected: float) -> None:
    times = Times(
        due=hour(10),
        warn=hour(8),
        paused=None if paused is None else hour(paused),
        stopped=None if stopped is None else hour(stopped),
    )
    assert remaining(times, hour(now), measure=WALL) == hours(expected)


def test_remaining_service_hours() -> None:
    """At 17:00 on Friday, due at 09:00 on Monday: two hours of service."""
    times = Times(due=hour(73), warn=hour(70))
    assert remaining(times, hour(9), measure=OFFICE) == hours(2)
    assert remaining(times, hour(75), measure=OFFICE) == hours(-2)
