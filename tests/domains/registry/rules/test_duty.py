"""Who is at work by weekly hours."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.registry.rules import duty
from wuyou.kernel.errors import Invalid

WEEK = {"5": ["08:00", "17:00"], "6": ["20:00", "08:00"], "1": ["00:00", "24:00"]}


def at(day: int, clock: str) -> dt.datetime:
    """A moment in the week of Monday 16 November 2026; day 5 is a Friday."""
    return dt.datetime.fromisoformat(f"2026-11-{15 + day:02d}T{clock}:00")


@pytest.mark.parametrize(
    ("day", "clock", "on_duty"),
    [
        (5, "07:59", False), (5, "08:00", True), (5, "16:59", True), (5, "17:00", False),
        (6, "07:00", False), (6, "20:00", True), (6, "23:59", True), (7, "07:59", True), (7, "08:00", False),
        (1, "00:00", True), (1, "23:59", True), (2, "00:00", False), (3, "12:00", False),
    ],
)  # fmt: skip
def test_hours_of_the_day_and_the_night(day: int, clock: str, *, on_duty: bool) -> None:
    assert duty.is_on_duty(WEEK, at(day, clock)) is on_duty


def test_sunday_night_reaches_into_monday() -> None:
    assert duty.is_on_duty({"7": ["20:00", "08:00"]}, at(1, "07:00")) is True


@pytest.mark.parametrize(
    "hours",
    [{"8": ["08:00", "17:00"]}, {"0": ["08:00", "17:00"]}, {"12": ["08:00", "17:00"]}, {"1": ["08:00"]},
     {"1": ["8 am", "17:00"]}, {"1": ["08:00", "25:00"]}, {"1": ["08:00", "08:00"]}],
)  # fmt: skip
def test_impossible_hours_are_refused(hours: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid) as raised:
        duty.check_weekly_hours(hours)
    assert [error.field for error in raised.value.fields] == ["weekly_hours"]


def test_possible_hours_pass() -> None:
    duty.check_weekly_hours(WEEK)


def test_hours_of_a_week() -> None:
    assert duty.hours_per_week(WEEK) == 9 + 12 + 24
    assert duty.hours_per_week({}) == 0


@given(st.integers(0, 23), st.integers(0, 23))
def test_minutes_on_duty_add_up(start: int, end: int) -> None:
    if start == end:
        return
    hours = {"3": [f"{start:02d}:00", f"{end:02d}:00"]}
    moments = [dt.datetime(2026, 11, 16) + dt.timedelta(hours=hour) for hour in range(7 * 24)]
    assert sum(duty.is_on_duty(hours, moment) for moment in moments) == duty.hours_per_week(hours)
