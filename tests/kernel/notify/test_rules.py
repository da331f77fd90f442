"""Quiet hours, choices, back-off."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.clock import SHANGHAI
from wuyou.kernel.notify.rules import MOST_ATTEMPTS, end_of_quiet, is_quiet, wait_before, wanted_channels

NIGHT = {"starts": time(22), "ends": time(7)}
NOON = {"starts": time(12), "ends": time(14)}


@pytest.mark.parametrize(
    ("hours", "moment", "quiet"),
    [
        (NIGHT, time(21, 59), False),
        (NIGHT, time(22), True),
        (NIGHT, time(0), True),
        (NIGHT, time(6, 59), True),
        (NIGHT, time(7), False),
        (NOON, time(11, 59), False),
        (NOON, time(12), True),
        (NOON, time(14), False),
    ],
)
def test_quiet_hours_have_a_start_and_an_open_end(hours: dict[str, time], moment: time, quiet: bool) -> None:
    assert is_quiet(moment, **hours) is quiet


@pytest.mark.parametrize(
    ("moment", "expected"),
    [((20, 23, 30), (21, 7, 0)), ((20, 5, 0), (20, 7, 0)), ((20, 10, 0), (20, 10, 0)), ((20, 7, 0), (20, 7, 0))],
)
def test_the_end_of_the_quiet_hours(moment: tuple[int, int, int], expected: tuple[int, int, int]) -> None:
    day, hour, minute = expected
    start = datetime(2026, 11, moment[0], moment[1], moment[2], tzinfo=SHANGHAI)
    assert end_of_quiet(start, **NIGHT) == datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(SHANGHAI)), st.times(), st.times())
def test_what_comes_out_of_the_quiet_hours_is_soon_and_not_quiet(moment: datetime, starts: time, ends: time) -> None:
    starts, ends = starts.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    out = end_of_quiet(moment, starts=starts, ends=ends)
    assert timedelta() <= out - moment <= timedelta(days=1)
    assert not is_quiet(out.time(), starts=starts, ends=ends)


def test_attempts_wait_longer_each_time_and_end() -> None:
    waits = [wait_before(attempt) for attempt in range(1, MOST_ATTEMPTS + 1)]
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] is None
    known = [wait for wait in waits if wait]
    assert known == sorted(set(known))
    assert len(known) == MOST_ATTEMPTS - 1


@pytest.mark.parametrize(
    ("choices", "urgent", "expected"),
    [
        ({}, False, ["in_app", "email"]),
        ({("*", "email"): False}, False, ["in_app"]),
        ({("*", "email"): False, ("late", "email"): True}, False, ["in_app", "email"]),
        ({("late", "in_app"): False}, False, ["email"]),
        ({("other", "email"): False}, False, ["in_app", "email"]),
        ({("late", "email"): False, ("*", "in_app"): False}, True, ["in_app", "email"]),
    ],
)
def test_choices(choices: dict[tuple[str, str], bool], urgent: bool, expected: list[str]) -> None:
    assert wanted_channels(["in_app", "email"], "late", choices, urgent=urgent) == expected
