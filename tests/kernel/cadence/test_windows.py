"""Windows: exact, half-open, without gap or double, in Shanghai days."""

import itertools
import time
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kernel.cadence.cadences import anniversaries, days, local, rates, shown
from wuyou.kernel import clock
from wuyou.kernel.cadence import Anniversaries, Cadence, Rate, Unit, Window, parse, per_year, windows
from wuyou.kernel.errors import Invalid


class Spring:
    """A calendar in which 16–20 February 2026 is off, with 14 February worked instead."""

    def is_workday(self, day: date) -> bool:
        return day == date(2026, 2, 14) or (day.isoweekday() <= 5 and not date(2026, 2, 16) <= day <= date(2026, 2, 20))

    def is_holiday(self, day: date) -> bool:
        return date(2026, 2, 16) <= day <= date(2026, 2, 19)


def of(text: str, start: str, end: str, anchor: str | None = None) -> list[tuple[str, str, int]]:
    """The windows of a cadence as people read them."""
    since = date.fromisoformat(anchor) if anchor else None
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    found = windows(parse(text), start=first, end=last, anchor=since, days=Spring())
    return [shown(window) for window in found]


@pytest.mark.parametrize(
    ("text", "start", "end", "anchor", "expected"),
    [
        (
            "1/8 h", "2026-11-20", "2026-11-21", None,
            [
                ("Fri 2026-11-20 00:00", "Fri 2026-11-20 08:00", 1),
                ("Fri 2026-11-20 08:00", "Fri 2026-11-20 16:00", 2),
                ("Fri 2026-11-20 16:00", "Sat 2026-11-21 00:00", 3),
            ],
        ),
        (
            "2/12 h", "2026-11-20", "2026-11-21", None,
            [
                ("Fri 2026-11-20 00:00", "Fri 2026-11-20 06:00", 1),
                ("Fri 2026-11-20 06:00", "Fri 2026-11-20 12:00", 2),
                ("Fri 2026-11-20 12:00", "Fri 2026-11-20 18:00", 3),
                ("Fri 2026-11-20 18:00", "Sat 2026-11-21 00:00", 4),
            ],
        ),
        (  # ten hours do not divide a day: they run on from the anchor's midnight
            "2/10 h", "2026-11-20", "2026-11-21", "2026-11-19",
            [
                ("Fri 2026-11-20 01:00", "Fri 2026-11-20 06:00", 2),
                ("Fri 2026-11-20 06:00", "Fri 2026-11-20 11:00", 1),
                ("Fri 2026-11-20 11:00", "Fri 2026-11-20 16:00", 2),
                ("Fri 2026-11-20 16:00", "Fri 2026-11-20 21:00", 1),
                ("Fri 2026-11-20 21:00", "Sat 2026-11-21 02:00", 2),
            ],
        ),
        (
            "1/48 h; on fri", "2026-11-16", "2026-12-07", "2026-11-20",
            [
                ("Fri 2026-11-20 00:00", "Sun 2026-11-22 00:00", 1),
                ("Fri 2026-12-04 00:00", "Sun 2026-12-06 00:00", 1),
            ],
        ),
        (
            "1/4 h; 08:00-18:00", "2026-11-20", "2026-11-21", None,
            [
                ("Fri 2026-11-20 08:00", "Fri 2026-11-20 12:00", 1),
                ("Fri 2026-11-20 12:00", "Fri 2026-11-20 16:00", 2),
                ("Fri 2026-11-20 16:00", "Fri 2026-11-20 18:00", 3),
            ],
        ),
        (
            "1/4 h; 22:00-06:00; on fri", "2026-11-16", "2026-11-23", None,
            [
                ("Fri 2026-11-20 22:00", "Sat 2026-11-21 02:00", 1),
                ("Sat 2026-11-21 02:00", "Sat 2026-11-21 06:00", 2),
            ],
        ),
        (
            "2/1 d", "2026-11-20", "2026-11-21", None,
            [
                ("Fri 2026-11-20 00:00", "Fri 2026-11-20 12:00", 1),
                ("Fri 2026-11-20 12:00", "Sat 2026-11-21 00:00", 2),
            ],
        ),
        (
            "2/1 d; 06:00-08:00,18:00-20:00", "2026-11-20", "2026-11-21", None,
            [
                ("Fri 2026-11-20 06:00", "Fri 2026-11-20 08:00", 1),
                ("Fri 2026-11-20 18:00", "Fri 2026-11-20 20:00", 2),
            ],
        ),
        (
            "3/1 d; 06:00-12:00", "2026-11-20", "2026-11-21", None,
            [
                ("Fri 2026-11-20 06:00", "Fri 2026-11-20 08:00", 1),
                ("Fri 2026-11-20 08:00", "Fri 2026-11-20 10:00", 2),
                ("Fri 2026-11-20 10:00", "Fri 2026-11-20 12:00", 3),
            ],
        ),
        (
            "1/3 d; <08:00", "2026-11-20", "2026-11-27", "2026-11-19",
            [
                ("Sun 2026-11-22 00:00", "Tue 2026-11-24 08:00", 1),
                ("Wed 2026-11-25 00:00", "Fri 2026-11-27 08:00", 1),
            ],
        ),
        (  # before the anchor the same rhythm holds
            "1/15 d", "2026-10-01", "2026-11-01", "2026-11-20",
            [
                ("Tue 2026-10-06 00:00", "Wed 2026-10-21 00:00", 1),
                ("Wed 2026-10-21 00:00", "Thu 2026-11-05 00:00", 1),
            ],
        ),
        (
            "2/1 w", "2026-11-20", "2026-11-30", None,
            [
                ("Mon 2026-11-23 00:00", "Mon 2026-11-30 00:00", 1),
                ("Mon 2026-11-23 00:00", "Mon 2026-11-30 00:00", 2),
            ],
        ),
        (
            "2/1 w; on mon,thu; 14:00-16:00", "2026-11-20", "2026-11-27", None,
            [
                ("Mon 2026-11-23 14:00", "Mon 2026-11-23 16:00", 1),
                ("Thu 2026-11-26 14:00", "Thu 2026-11-26 16:00", 2),
            ],
        ),
        (
            "4/1 w; on mon,thu", "2026-11-23", "2026-11-27", None,
            [
                ("Mon 2026-11-23 00:00", "Mon 2026-11-23 12:00", 1),
                ("Mon 2026-11-23 12:00", "Tue 2026-11-24 00:00", 2),
                ("Thu 2026-11-26 00:00", "Thu 2026-11-26 12:00", 3),
                ("Thu 2026-11-26 12:00", "Fri 2026-11-27 00:00", 4),
            ],
        ),
        (
            "1/1 w; on mon,thu; 14:00-16:00", "2026-11-23", "2026-11-30", None,
            [("Mon 2026-11-23 14:00", "Thu 2026-11-26 16:00", 1)],
        ),
        (
            "1/2 w; on thu", "2026-11-01", "2026-12-01", "2026-11-12",
            [
                ("Thu 2026-11-12 00:00", "Fri 2026-11-13 00:00", 1),
                ("Thu 2026-11-26 00:00", "Fri 2026-11-27 00:00", 1),
            ],
        ),
        (
            "1/0.5 m", "2028-02-01", "2028-03-02", None,
            [
                ("Tue 2028-02-01 00:00", "Wed 2028-02-16 00:00", 1),
                ("Wed 2028-02-16 00:00", "Wed 2028-03-01 00:00", 1),
                ("Wed 2028-03-01 00:00", "Thu 2028-03-16 00:00", 1),
            ],
        ),
        (
            "1/1 m", "2026-01-31", "2026-02-02", None,
            [("Sun 2026-02-01 00:00", "Sun 2026-03-01 00:00", 1)],
        ),
        (
            "1/6 m", "2026-01-01", "2027-01-01", "2025-05-31",
            [
                ("Fri 2026-05-01 00:00", "Sun 2026-11-01 00:00", 1),
                ("Sun 2026-11-01 00:00", "Sat 2027-05-01 00:00", 1),
            ],
        ),
        (
            "1/2 q", "2026-01-01", "2027-01-01", "2026-05-31",
            [
                ("Wed 2026-04-01 00:00", "Thu 2026-10-01 00:00", 1),
                ("Thu 2026-10-01 00:00", "Thu 2027-04-01 00:00", 1),
            ],
        ),
        (
            "1/1 hy", "2026-07-01", "2026-12-31", None,
            [("Wed 2026-07-01 00:00", "Fri 2027-01-01 00:00", 1)],
        ),
        (
            "1/1 y", "2026-01-01", "2027-01-01", None,
            [("Thu 2026-01-01 00:00", "Fri 2027-01-01 00:00", 1)],
        ),
        ("1/1 y", "2026-01-02", "2027-01-01", None, []),
        ("1/1 d; season 12/31-1/1", "2026-12-01", "2027-12-01", None, [
            ("Thu 2026-12-31 00:00", "Fri 2027-01-01 00:00", 1),
            ("Fri 2027-01-01 00:00", "Sat 2027-01-02 00:00", 1),
        ]),
        ("1/3 y", "2026-01-01", "2032-01-01", "2024-02-29", [
            ("Fri 2027-01-01 00:00", "Tue 2030-01-01 00:00", 1),
            ("Tue 2030-01-01 00:00", "Sat 2033-01-01 00:00", 1),
        ]),
        (  # a season narrows a month that lies half in it
            "1/1 m; season 4/15-6/10", "2026-01-01", "2027-01-01", None,
            [
                ("Wed 2026-04-15 00:00", "Fri 2026-05-01 00:00", 1),
                ("Fri 2026-05-01 00:00", "Mon 2026-06-01 00:00", 1),
                ("Mon 2026-06-01 00:00", "Thu 2026-06-11 00:00", 1),
            ],
        ),
        (  # the week of Wednesday 1 April offers five days, the last one of its season a single day
            "2/1 w; season 4/1-4/13", "2026-01-01", "2027-01-01", None,
            [
                ("Wed 2026-04-01 00:00", "Mon 2026-04-06 00:00", 1),
                ("Wed 2026-04-01 00:00", "Mon 2026-04-06 00:00", 2),
                ("Mon 2026-04-06 00:00", "Mon 2026-04-13 00:00", 1),
                ("Mon 2026-04-06 00:00", "Mon 2026-04-13 00:00", 2),
                ("Mon 2026-04-13 00:00", "Tue 2026-04-14 00:00", 1),
            ],
        ),
        (
            "1/1 y; season 11-3", "2026-01-01", "2027-01-01", None,
            [("Sun 2026-11-01 00:00", "Thu 2027-04-01 00:00", 1)],
        ),
        (
            "1/1 y; season 2/29-2/29", "2027-01-01", "2029-01-01", None,
            [("Tue 2028-02-29 00:00", "Wed 2028-03-01 00:00", 1)],
        ),
        (
            "1/1 d; season 2/29-2/29", "2027-01-01", "2029-01-01", None,
            [("Tue 2028-02-29 00:00", "Wed 2028-03-01 00:00", 1)],
        ),
        (
            "1/1 hy; season 2/27-2/29", "2027-01-01", "2028-01-01", None,
            [("Sat 2027-02-27 00:00", "Mon 2027-03-01 00:00", 1)],
        ),
        (
            "2/1 m; season 4-10; else 1/1 m", "2026-10-01", "2027-01-01", None,
            [
                ("Thu 2026-10-01 00:00", "Sun 2026-11-01 00:00", 1),
                ("Thu 2026-10-01 00:00", "Sun 2026-11-01 00:00", 2),
                ("Sun 2026-11-01 00:00", "Tue 2026-12-01 00:00", 1),
                ("Tue 2026-12-01 00:00", "Fri 2027-01-01 00:00", 1),
            ],
        ),
        (
            "1/1 d; workdays", "2026-02-13", "2026-02-24", None,
            [
                ("Fri 2026-02-13 00:00", "Sat 2026-02-14 00:00", 1),
                ("Sat 2026-02-14 00:00", "Sun 2026-02-15 00:00", 1),
                ("Mon 2026-02-23 00:00", "Tue 2026-02-24 00:00", 1),
            ],
        ),
        (  # a week without a working day owes nothing
            "1/1 w; workdays; 09:00-17:00", "2026-02-09", "2026-03-02", None,
            [
                ("Mon 2026-02-09 09:00", "Sat 2026-02-14 17:00", 1),
                ("Mon 2026-02-23 09:00", "Fri 2026-02-27 17:00", 1),
            ],
        ),
        (
            "1/12 h; not on holidays", "2026-02-15", "2026-02-21", None,
            [
                ("Sun 2026-02-15 00:00", "Sun 2026-02-15 12:00", 1),
                ("Sun 2026-02-15 12:00", "Mon 2026-02-16 00:00", 2),
                ("Fri 2026-02-20 00:00", "Fri 2026-02-20 12:00", 1),
                ("Fri 2026-02-20 12:00", "Sat 2026-02-21 00:00", 2),
            ],
        ),
        ("2/1 job", "2026-01-01", "2027-01-01", None, []),
        ("cond:snow", "2026-01-01", "2027-01-01", None, []),
        ("-", "2026-01-01", "2027-01-01", None, []),
        (  # accepted on 29 February: the month counts, not the day
            "years 1;4; then 1/3 y; early<=2 m", "2024-01-01", "2032-01-01", "2024-02-29",
            [
                ("Wed 2025-01-01 00:00", "Sat 2025-03-01 00:00", 1),
                ("Sat 2028-01-01 00:00", "Wed 2028-03-01 00:00", 4),
                ("Wed 2031-01-01 00:00", "Sat 2031-03-01 00:00", 7),
            ],
        ),
        (  # early completion reaches back over New Year
            "years 1;2; early<=3 m", "2024-01-01", "2030-01-01", "2024-01-15",
            [
                ("Fri 2024-11-01 00:00", "Sat 2025-02-01 00:00", 1),
                ("Sat 2025-11-01 00:00", "Sun 2026-02-01 00:00", 2),
            ],
        ),
        ("years 1", "2024-01-01", "2030-01-01", "2024-12-31", [("Mon 2025-12-01 00:00", "Thu 2026-01-01 00:00", 1)]),
        (
            "years except 1;4; then 1/1 y", "2020-01-01", "2040-01-01", "2024-06-05",
            [
                ("Mon 2026-06-01 00:00", "Wed 2026-07-01 00:00", 2),
                ("Tue 2027-06-01 00:00", "Thu 2027-07-01 00:00", 3),
            ],
        ),
    ],
)  # fmt: skip
def test_windows(text: str, start: str, end: str, anchor: str | None, expected: list[tuple[str, str, int]]) -> None:
    assert of(text, start, end, anchor) == expected


def test_lift_inspections_and_self_checks_share_the_years() -> None:
    """TSG T7001-2023 and T7008-2023: every year has one of the two, none both (spec 13 §3.1)."""
    anchor, start, end = date(2016, 8, 9), date(2016, 1, 1), date(2047, 1, 1)
    inspection = parse("years 1;4;7;9;11;13;15;then 1/1 y; anchor=acceptance month; early<=2 m")
    check = parse("1/1 y in other years; early<=1 m")
    inspected = [window.seq for window in windows(inspection, start=start, end=end, anchor=anchor)]
    checked = [window.seq for window in windows(check, start=start, end=end, anchor=anchor)]
    assert inspected == [1, 4, 7, 9, 11, 13, 15, *range(16, 31)]
    assert checked == [2, 3, 5, 6, 8, 10, 12, 14]
    first = next(windows(inspection, start=start, end=end, anchor=anchor))
    assert (local(first.opens), local(first.due)) == ("Sat 2017-07-01 00:00", "Fri 2017-09-01 00:00")


def test_extinguishers_end_with_their_replacement() -> None:
    """GB 50444: dry powder is serviced in year 5, then every 2 years, and replaced in year 10."""
    cadence = parse("years 5;then 1/2 y;scrap 10")
    found = windows(cadence, start=date(2020, 1, 1), end=date(2060, 1, 1), anchor=date(2020, 3, 4))
    assert [(window.seq, window.kind) for window in found] == [
        (5, "regular"), (7, "regular"), (9, "regular"), (10, "scrap"),
    ]  # fmt: skip


def test_years_need_their_anchor() -> None:
    with pytest.raises(Invalid) as error:
        windows(parse("years 1"), start=date(2026, 1, 1), end=date(2027, 1, 1))
    assert [field.field for field in error.value.fields] == ["cadence"]


@pytest.mark.parametrize("text", ["1/1 d; workdays", "1/1 w; not on holidays"])
def test_days_off_need_a_calendar(text: str) -> None:
    with pytest.raises(Invalid) as error:
        windows(parse(text), start=date(2026, 1, 1), end=date(2027, 1, 1))
    assert [field.field for field in error.value.fields] == ["cadence"]


@pytest.mark.parametrize(("start", "end"), [((1900, 1, 1), (2000, 1, 1)), ((2000, 1, 1), (2200, 1, 1))])
def test_the_far_past_and_future_are_refused(start: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    with pytest.raises(Invalid):
        windows(parse("1/1 y"), start=date(*start), end=date(*end))


def test_moments_are_aware_and_in_utc() -> None:
    window = next(windows(parse("1/1 d"), start=date(2026, 11, 20), end=date(2026, 11, 21)))
    assert window == Window(clock.midnight(date(2026, 11, 20)), clock.midnight(date(2026, 11, 21)), 1, "regular")
    assert window.opens.utcoffset() == timedelta(0)


ANY = st.one_of(rates(), anniversaries())
RECENT = days("2015-2030")


def some_days(cadence: Cadence, share: float) -> timedelta:
    """A part of a stretch with at most some hundred windows."""
    return timedelta(days=int(share * (30 if per_year(cadence) > 1000 else 1000)))


SHARE = st.floats(0, 1)


@given(ANY, RECENT, SHARE, SHARE, RECENT)
def test_adjacent_ranges_join_without_gap_or_double(
    cadence: Cadence, start: date, first: float, second: float, anchor: date
) -> None:
    middle = start + some_days(cadence, first)
    end = middle + some_days(cadence, second)
    whole = list(windows(cadence, start=start, end=end, anchor=anchor))
    parts = itertools.chain(
        windows(cadence, start=start, end=middle, anchor=anchor), windows(cadence, start=middle, end=end, anchor=anchor)
    )
    assert whole == list(parts)


@given(ANY, RECENT, SHARE, RECENT)
def test_windows_are_in_order_open_and_in_range(cadence: Cadence, start: date, length: float, anchor: date) -> None:
    end = start + some_days(cadence, length)
    found = list(windows(cadence, start=start, end=end, anchor=anchor))
    assert found == sorted(found)
    assert len({(window.opens, window.seq) for window in found}) == len(found)
    assert all(window.opens < window.due for window in found)
    assert all(clock.midnight(start) <= window.opens < clock.midnight(end) for window in found)


@given(rates(), RECENT, RECENT)
def test_counts_agree_with_per_year(rate: Rate, start: date, anchor: date) -> None:
    """Over years enough, within 2 %, what one period at each end may add, and what a season may cut once a year."""
    assume(not (rate.weekdays and any(24 % part.every for part in (rate, rate.rest or rate))))  # hours locked to weeks
    years = 28 if per_year(rate) < 60 else 1
    start = start.replace(day=1)
    found = windows(rate, start=start, end=start.replace(year=start.year + years), anchor=anchor)
    count = sum(1 for _ in found)
    parts = [part for part in (rate.in_season, rate.rest) if part]
    cut = sum(part.times for part in parts if part.season and part.every > 1 and not part.is_within_day)
    ends = 2 * max(part.times for part in parts)
    assert abs(count - float(per_year(rate)) * years) <= ends + cut * years + count * 0.02


@given(rates(), RECENT, RECENT)
def test_several_times_on_distinct_days_have_the_days(rate: Rate, start: date, anchor: date) -> None:
    """Whoever must work on different days finds as many days in the window as there are times."""
    if rate.otherwise or not rate.distinct_days:
        return
    for window in windows(rate, start=start, end=start + timedelta(days=400), anchor=anchor):
        offered = (clock.local(window.due - timedelta(seconds=1)).date() - clock.local(window.opens).date()).days + 1
        assert window.seq <= offered


@given(anniversaries(), RECENT)
def test_years_and_their_complement_cover_every_year_once(cadence: Anniversaries, anchor: date) -> None:
    if cadence.scrap or cadence.is_inverted:
        return
    try:
        others = Anniversaries(cadence.years, cadence.then, is_inverted=True)
    except Invalid:
        others = None
    for year in range(1, 60):
        assert cadence.is_owed_in(year) != bool(others and others.is_owed_in(year))


@pytest.mark.parametrize("text", ["1/1 h", "1/5 h", "4/1 d", "1/1 h; on mon,tue; season 3-11; else 1/2 h"])
def test_a_year_of_hours_takes_at_most_fifty_milliseconds(text: str) -> None:
    cadence = parse(text)
    seconds = []
    for _ in range(7):
        begin = time.process_time()
        count = sum(1 for _ in windows(cadence, start=date(2026, 1, 1), end=date(2027, 1, 1)))
        seconds.append(time.process_time() - begin)
    assert count > 1000
    assert min(seconds) < 0.05


def test_windows_are_lazy() -> None:
    found = windows(parse("1/1 h"), start=date(1950, 1, 1), end=date(2199, 1, 1))
    begin = time.process_time()
    next(found)
    assert time.process_time() - begin < 0.05


@pytest.mark.parametrize(
    ("unit", "every"),
    [(Unit.HOUR, 876_000), (Unit.DAY, 36_525), (Unit.MONTH, 1_200), (Unit.QUARTER, 400), (Unit.YEAR, 100)],
)
def test_a_century_is_the_longest_period(unit: Unit, every: int) -> None:
    rate = Rate(1, every, unit)
    found = list(windows(rate, start=date(1901, 1, 1), end=date(2199, 12, 31), anchor=date(2026, 2, 28)))
    assert 2 <= len(found) <= 3
    with pytest.raises(Invalid):
        Rate(1, every * 2, unit)
