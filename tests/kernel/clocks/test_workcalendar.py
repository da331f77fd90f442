"""Working days and service hours as values."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Any

import holidays
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel import clock
from wuyou.kernel.cadence import parse, windows
from wuyou.kernel.clocks.calendars import shipped_days
from wuyou.kernel.clocks.workcalendar import Days, WallTime, WorkCalendar, work_calendar
from wuyou.kernel.errors import Invalid

SHIPPED = Days({row.day: row.kind for row in shipped_days()}, frozenset({2026}))
OFFICE = {number: ["08:00", "12:00", "13:30", "17:30"] for number in "12345"} | {"holiday": ["09:00", "11:00"]}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def at(text: str) -> datetime:
    """A moment on a Shanghai clock."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI).astimezone(UTC)


def local(moment: datetime) -> str:
    """A moment as people read it."""
    return f"{clock.local(moment):%Y-%m-%d %H:%M}"


def shipped_rows(year: int) -> list[dict[str, str]]:
    """The rows of a year in the shipped file."""
    file = resources.files("wuyou.kernel.clocks") / "data" / "days.csv"
    with file.open(encoding="utf8") as lines:
        return [row for row in csv.DictReader(lines) if row["day"].startswith(str(year))]


# --- the shipped table


@pytest.mark.parametrize("year", [2026, 2027])
def test_thirteen_statutory_days_a_year(year: int) -> None:
    """State Council rules of 2024: 1 + 4 + 1 + 2 + 1 + 1 + 3 (spec 13 trap 7)."""
    found = Counter(row["name"] for row in shipped_rows(year) if row["kind"] == "holiday")
    assert found == {
        "New Year's Day": 1,
        "Spring Festival": 4,
        "Tomb-Sweeping Day": 1,
        "Labor Day": 2,
        "Dragon Boat Festival": 1,
        "Mid-Autumn Festival": 1,
        "National Day": 3,
    }


def test_the_swapped_days_of_2026() -> None:
    rows = shipped_rows(2026)
    assert [row["day"][5:] for row in rows if row["kind"] == "workday"] == [
        "01-04", "02-14", "02-28", "05-09", "09-20", "10-10",
    ]  # fmt: skip
    assert [row["day"][5:] for row in rows if row["kind"] == "rest"] == [
        "01-02", "02-20", "02-23", "04-06", "05-04", "05-05", "10-05", "10-06", "10-07",
    ]  # fmt: skip
    assert {row["confirmed"] for row in rows} == {"1"}


def test_2027_is_provisional_and_has_statutory_days_only() -> None:
    assert {(row["kind"], row["confirmed"]) for row in shipped_rows(2027)} == {("holiday", "0")}


def test_working_days_of_2026_agree_with_the_library() -> None:
    """The library seeds the file; it is asked here and never at run time."""
    known = holidays.country_holidays("CN", years=2026)
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert [day for day in year if SHIPPED.is_workday(day)] == [day for day in year if known.is_working_day(day)]
    assert sum(map(SHIPPED.is_workday, year)) == 248


def test_a_cadence_of_working_days_falls_on_248_days_of_2026() -> None:
    found = windows(parse("1/1 d; workdays"), start=date(2026, 1, 1), end=date(2027, 1, 1), days=SHIPPED)
    assert sum(1 for _ in found) == 248


@pytest.mark.parametrize(
    ("day", "is_workday", "is_holiday", "is_day_off"),
    [
        (date(2026, 11, 20), True, False, False),  # Friday
        (date(2026, 11, 21), False, False, False),  # Saturday
        (date(2026, 2, 14), True, False, False),  # swapped Saturday
        (date(2026, 2, 17), False, True, True),  # statutory
        (date(2026, 2, 20), False, False, True),  # in lieu
    ],
)
def test_kinds_of_day(day: date, is_workday: bool, is_holiday: bool, is_day_off: bool) -> None:
    assert (SHIPPED.is_workday(day), SHIPPED.is_holiday(day), SHIPPED.is_day_off(day)) == (
        is_workday, is_holiday, is_day_off,
    )  # fmt: skip


@pytest.mark.parametrize(("year", "expected"), [(2026, False), (2027, True), (2040, True)])
def test_years_not_announced_are_provisional(year: int, expected: bool) -> None:
    assert SHIPPED.is_provisional(date(year, 5, 1)) is expected


# --- service hours


def office(days: Days = SHIPPED) -> WorkCalendar:
    """Monday to Friday with a break at noon, two hours on holidays."""
    return work_calendar(OFFICE, days)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-20", ["08:00-12:00", "13:30-17:30"]),
        ("2026-11-21", []),
        ("2026-02-14", ["08:00-12:00", "13:30-17:30"]),  # swapped Saturday follows Monday
        ("2026-02-17", ["09:00-11:00"]),
        ("2026-02-20", ["09:00-11:00"]),
    ],
)
def test_service_windows_of_a_day(day: str, expected: list[str]) -> None:
    found = office().service_windows(date.fromisoformat(day))
    assert [f"{local(opens)[11:]}-{local(closes)[11:]}" for opens, closes in found] == expected


def test_a_swapped_day_that_is_open_anyway_keeps_its_hours() -> None:
    calendar = work_calendar({"1": ["08:00", "18:00"], "6": ["09:00", "12:00"]}, SHIPPED)
    assert calendar.spans(date(2026, 2, 14)) == ((540, 720),)


def test_a_calendar_answers_for_its_days() -> None:
    assert office().is_workday(date(2026, 2, 14))
    assert office().is_holiday(date(2026, 2, 17))


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-20 09:00", 2, "2026-11-20 11:00"),
        ("2026-11-20 09:00", 3, "2026-11-20 12:00"),  # to the last minute of a span
        ("2026-11-20 09:00", 4, "2026-11-20 14:30"),
        ("2026-11-20 07:00", 1, "2026-11-20 09:00"),
        ("2026-11-20 12:30", 1, "2026-11-20 14:30"),
        ("2026-11-20 17:00", 1, "2026-11-23 08:30"),  # over a weekend
        ("2026-11-21 10:00", 8, "2026-11-23 17:30"),
        ("2026-02-13 17:30", 8, "2026-02-14 17:30"),  # the swapped Saturday counts
        ("2026-02-14 17:30", 2, "2026-02-16 11:00"),  # holiday hours
        ("2026-11-20 03:00", 0, "2026-11-20 03:00"),
    ],
)
def test_adding_service_time(start: str, hours: int, expected: str) -> None:
    assert local(office().add(at(start), hours * HOUR)) == expected


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-20 09:00", "2026-11-20 11:00", 2.0),
        ("2026-11-20 00:00", "2026-11-21 00:00", 8.0),
        ("2026-11-20 12:00", "2026-11-20 13:30", 0.0),
        ("2026-11-20 11:00", "2026-11-23 09:00", 6.0),
        ("2026-11-20 11:00", "2026-11-20 11:00", 0.0),
        ("2026-11-20 11:00", "2026-11-20 09:00", 0.0),
        ("2026-01-01 00:00", "2027-01-01 00:00", 248 * 8 + 22 * 2.0),
    ],
)
def test_service_time_between(start: str, end: str, hours: float) -> None:
    assert office().between(at(start), at(end)) == hours * HOUR


MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 6, 1), timezones=st.just(UTC))
SECONDS = st.integers(0, 400 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@given(MOMENTS, SECONDS)
def test_what_is_added_lies_between(start: datetime, duration: timedelta) -> None:
    assert office().between(start, office().add(start, duration)) == duration


@given(MOMENTS, SECONDS, SECONDS)
def test_adding_in_two_steps_is_adding_at_once(start: datetime, first: timedelta, second: timedelta) -> None:
    calendar = office()
    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)


@given(MOMENTS, SECONDS, SECONDS)
def test_time_between_adds_up(start: datetime, first: timedelta, second: timedelta) -> None:
    calendar, middle = office(), start + first
    end = middle + second
    assert calendar.between(start, middle) + calendar.between(middle, end) == calendar.between(start, end)


@given(MOMENTS, SECONDS)
def test_around_the_clock_is_wall_time(start: datetime, duration: timedelta) -> None:
    always = work_calendar({str(number): ["00:00", "24:00"] for number in range(1, 8)}, Days())
    assert always.add(start, duration) == WallTime().add(start, duration)
    assert always.between(start, start + duration) == duration


def test_wall_time_never_runs_backwards() -> None:
    assert WallTime().add(at("2026-11-20 10:00"), -HOUR) == at("2026-11-20 10:00")
    assert WallTime().between(at("2026-11-20 10:00"), at("2026-11-20 09:00")) == timedelta(0)


def test_service_time_that_never_passes_is_refused() -> None:
    calendar = work_calendar({"1": ["08:00", "08:01"]}, Days())
    with pytest.raises(Invalid) as error:
        calendar.add(at("2026-11-20 10:00"), timedelta(hours=100))
    assert str(error.value) == "So much service time does not pass within forty years."


def test_time_between_far_moments_ends() -> None:
    calendar = work_calendar({"1": ["08:00", "09:00"]}, Days())
    passed = calendar.between(at("2026-01-01 00:00"), at("2199-01-01 00:00"))
    assert passed == calendar.between(at("2026-01-01 00:00"), at("2070-01-01 00:00"))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ({"1": ["08:00", "18:00"]}, {1: ((480, 1080),)}),
        ({"1": ["08:00", "12:00", "13:00", "24:00"]}, {1: ((480, 720), (780, 1440))}),
        ({"1": [["08:00", "12:00"], ["13:00", "17:00"]], "2": []}, {1: ((480, 720), (780, 1020))}),
        ({"7": ["00:00", "24:00"], "6": None}, {7: ((0, 1440),)}),
    ],
)
def test_hours_as_they_are_written(hours: dict[str, Any], expected: dict[int, Any]) -> None:
    assert work_calendar(hours, Days()).hours == expected


NO_TIME = "These service hours leave no time to work: give hours for at least one weekday."
PAIRS = "Service hours come in pairs such as 08:00 and 18:00."


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ({}, NO_TIME),
        ({"1": []}, NO_TIME),
        ({"holiday": ["08:00", "18:00"]}, NO_TIME),
        ({"8": ["08:00", "18:00"]}, "Service hours are given for days 1 to 7 and holiday, not for “8”."),
        ({"1": ["08:00"]}, PAIRS),
        ({"1": "08:00-18:00"}, PAIRS),
        ({"1": ["18:00", "08:00"]}, "Service hours must close after they open; split a night at 24:00."),
        ({"1": ["08:00", "08:00"]}, "Service hours must close after they open; split a night at 24:00."),
        (
            {"1": ["08:00", "12:00", "11:00", "18:00"]},
            "Service hours of one day must follow each other without overlap.",
        ),
        ({"1": ["8", "18:00"]}, "“8” is not a time of day."),
        ({"1": ["08:00", "24:01"]}, "“24:01” is not a time of day."),
        ({"1": ["08:61", "10:00"]}, "“08:61” is not a time of day."),
        ({"1": ["-8:00", "10:00"]}, "“-8:00” is not a time of day."),
        ({"1": [8, 18]}, "“8” is not a time of day."),
    ],
)
def test_hours_that_cannot_be_used(hours: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as error:
        work_calendar(hours, Days())
    assert [(field.field, str(field.message)) for field in error.value.fields] == [("service_hours", message)]
