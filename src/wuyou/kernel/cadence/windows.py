"""From a cadence to its windows: exact, half-open, in Shanghai days, lazily in order of opening."""

import heapq
import itertools
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock

from .forms import DAY, MONTHS, Anniversaries, Cadence, DayKinds, DaysOff, Hours, Rate, Unit, Window, refuse

EPOCH = date(2001, 1, 1)  # a Monday that begins a year: where counting starts without an anchor
YEARS = range(1901, 2200)  # dates before have no zone with whole hours, dates after are nobody's plan
DAY_SECONDS = 86_400

Days = tuple[date, date]  # first day, day after the last


def windows(
    cadence: Cadence, *, start: date, end: date, anchor: date | None = None, days: DayKinds | None = None
) -> Iterator[Window]:
    """The windows that open on the days from `start` to before `end`, in order of (opens, seq) (spec 02).

    `anchor` is the date k > 1 is counted from (1 January 2001 when None) and is needed by cadences of years;
    `days` tells working days and holidays where the cadence speaks of them. Raises Invalid without what is needed.
    """
    if not (start.year in YEARS and end.year in YEARS):
        raise refuse(_("Windows are computed for the years 1901 to 2199."))
    if isinstance(cadence, Anniversaries):
        return _anniversary_windows(cadence, start, end, _needed(anchor))
    if isinstance(cadence, Rate):
        return _rate_windows(cadence, start, end, anchor or EPOCH, days)
    return iter(())


def _needed(anchor: date | None) -> date:
    if anchor is None:
        raise refuse(_("This cadence is counted from a date that is not known yet."))
    return anchor


def _rate_windows(rate: Rate, start: date, end: date, anchor: date, days: DayKinds | None) -> Iterator[Window]:
    if rate.days_off and days is None:
        raise refuse(_("This cadence needs the calendar of working days."))
    parts = [part for part in (rate.in_season, rate.rest) if part]
    streams = [_part_windows(part, start, end, anchor, days) for part in parts]
    return streams[0] if len(streams) == 1 else heapq.merge(*streams)


def _part_windows(rate: Rate, start: date, end: date, anchor: date, days: DayKinds | None) -> Iterator[Window]:
    is_allowed = _day_filter(rate, days)
    if not rate.is_within_day:
        return _long_windows(rate, start, end, anchor, is_allowed)
    if rate.unit == Unit.HOUR and not rate.hours and 24 % rate.every:
        return _running_hours(rate, start, end, anchor, is_allowed)
    return _day_windows(rate, start, end, is_allowed)


def _day_filter(rate: Rate, days: DayKinds | None) -> Callable[[date], bool]:
    """Whether something is owed on a day, by season, weekday and calendar."""
    tests: list[Callable[[date], bool]] = []
    if rate.season:
        tests.append(rate.season.contains)
    if rate.weekdays:
        tests.append(lambda day: day.isoweekday() in rate.weekdays)
    if days and rate.days_off == DaysOff.WORKDAYS:
        tests.append(days.is_workday)
    if days and rate.days_off == DaysOff.NO_HOLIDAYS:
        tests.append(lambda day: not days.is_holiday(day))
    return lambda day: all(test(day) for test in tests)


def _day_range(start: date, end: date) -> Iterator[date]:
    return map(date.fromordinal, range(start.toordinal(), end.toordinal()))


# --- windows within a day


def _day_windows(rate: Rate, start: date, end: date, is_allowed: Callable[[date], bool]) -> Iterator[Window]:
    slots = [(timedelta(seconds=opens), timedelta(seconds=due)) for opens, due in day_slots(rate)]
    for day in filter(is_allowed, _day_range(start, end)):
        midnight = clock.midnight(day)
        before = rate.weekdays.index(day.isoweekday()) * len(slots) if rate.is_on_fixed_days else 0
        for seq, (opens, due) in enumerate(slots, before + 1):
            yield Window(midnight + opens, midnight + due, seq)


def day_slots(rate: Rate) -> list[tuple[int, int]]:
    """The windows of one day of a cadence within days, as seconds from midnight."""
    spans = rate.hours or ((0, DAY),)
    if rate.unit == Unit.HOUR:
        return [slot for span in spans for slot in _steps(rate, span)]
    per_day = rate.times // (len(rate.weekdays) if rate.is_on_fixed_days else 1)
    return [slot for span in spans for slot in _parts(span, per_day // len(spans))]


def _parts(span: Hours, count: int) -> list[tuple[int, int]]:
    """A span in equal parts."""
    first, length = span[0] * 60, (span[1] - span[0]) * 60
    cuts = [first + length * part // count for part in range(count + 1)]
    return list(itertools.pairwise(cuts))


def _steps(rate: Rate, span: Hours) -> Iterator[tuple[int, int]]:
    """A span from its opening in steps of k hours / n; the last step ends with the span."""
    first, last = span[0] * 60, span[1] * 60
    step = 0
    while (opens := first + step * rate.every * 3600 // rate.times) < last:
        step += 1
        yield opens, min(last, first + step * rate.every * 3600 // rate.times)


def _running_hours(
    rate: Rate, start: date, end: date, anchor: date, is_allowed: Callable[[date], bool]
) -> Iterator[Window]:
    """Hours that do not divide a day run on from the anchor's midnight; a window belongs to the day it opens on."""
    origin, period, times = anchor.toordinal() * DAY_SECONDS, rate.every * 3600, rate.times
    for day in filter(is_allowed, _day_range(start, end)):
        midnight = day.toordinal() * DAY_SECONDS - origin
        first, last = (-(-edge * times // period) for edge in (midnight, midnight + DAY_SECONDS))
        for number in range(first, last):
            opens, due = (origin + cut * period // times for cut in (number, number + 1))
            yield Window(_moment(opens), _moment(due), number % times + 1)


def _moment(seconds: int) -> datetime:
    """A count of seconds on Shanghai clocks as a moment."""
    day, rest = divmod(seconds, DAY_SECONDS)
    return clock.midnight(date.fromordinal(day)) + timedelta(seconds=rest)


# --- windows of a day and more


def _long_windows(
    rate: Rate, start: date, end: date, anchor: date, is_allowed: Callable[[date], bool]
) -> Iterator[Window]:
    opens_at, closes_at = (timedelta(minutes=minutes) for minutes in (rate.hours or ((0, DAY),))[0])
    for period in _periods(rate, start, end, anchor):
        found = _offered(rate, period, is_allowed)
        if found is None or not start <= found[0] < end:
            continue
        first, last, count = found
        opens, due = clock.midnight(first) + opens_at, clock.midnight(last) + closes_at
        for seq in range(1, count + 1):
            yield Window(opens, due, seq)


def _periods(rate: Rate, start: date, end: date, anchor: date) -> Iterator[Days]:
    """The periods that touch the days from `start` to before `end`, whole."""
    if rate.unit in MONTHS:
        return _month_periods(MONTHS[rate.unit], rate.every, start, end, anchor)
    if rate.unit == Unit.HALF_MONTH:
        return _half_months(start, end)
    return _day_periods(rate, start, end, anchor)


def _day_periods(rate: Rate, start: date, end: date, anchor: date) -> Iterator[Days]:
    origin, length = anchor.toordinal(), rate.every
    if rate.unit == Unit.WEEK:
        origin, length = origin - anchor.weekday(), 7 * rate.every
    first = origin + (start.toordinal() - origin) // length * length
    for day in range(first, end.toordinal(), length):
        yield date.fromordinal(day), date.fromordinal(day + length)


def _month_periods(months: int, every: int, start: date, end: date, anchor: date) -> Iterator[Days]:
    origin, length = _month_number(anchor) // months * months, months * every
    first = origin + (_month_number(start) - origin) // length * length
    for month in range(first, _month_number(end) + 1, length):
        yield _month_start(month), _month_start(month + length)


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month_start(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _half_months(start: date, end: date) -> Iterator[Days]:
    for first, following in _month_periods(1, 1, start, end, EPOCH):
        yield first, first.replace(day=16)
        yield first.replace(day=16), following


def _offered(rate: Rate, period: Days, is_allowed: Callable[[date], bool]) -> tuple[date, date, int] | None:
    """First and last day of a period's window and how often it is owed; None when no day is left."""
    span = _in_season(rate, period)
    if span is None:
        return None
    if not (rate.weekdays or rate.days_off):
        count = (span[1] - span[0]).days
        return span[0], span[1] - timedelta(days=1), _owed(rate, count)
    days = [day for day in _day_range(*_first_week(rate, span)) if is_allowed(day)]
    return (days[0], days[-1], _owed(rate, len(days))) if days else None


def _first_week(rate: Rate, span: Days) -> Days:
    """Weekdays of a cadence of several weeks are those of its first week."""
    return (span[0], min(span[1], span[0] + timedelta(days=7))) if rate.weekdays else span


def _owed(rate: Rate, days: int) -> int:
    """A period cut short by its season offers fewer different days than it asks times."""
    return min(rate.times, days) if rate.distinct_days else rate.times


def _in_season(rate: Rate, period: Days) -> Days | None:
    """The first part of a period that lies in the season; for years the season that begins in the first of them."""
    if rate.season is None:
        return period
    if rate.unit == Unit.YEAR:
        first, last = rate.season.bounds(period[0].year)
        return (first, last) if first < last else None
    contains = rate.season.contains
    first = next((day for day in _day_range(*period) if contains(day)), period[1])
    last = next((day for day in _day_range(first, period[1]) if not contains(day)), period[1])
    return (first, last) if first < last else None


# --- windows of years after an anchor


def _anniversary_windows(cadence: Anniversaries, start: date, end: date, anchor: date) -> Iterator[Window]:
    for year in range(max(1, start.year - anchor.year), end.year - anchor.year + 2):
        kind = "scrap" if year == cadence.scrap else "regular"
        if kind == "regular" and not cadence.is_owed_in(year):
            continue
        following = _month_number(anchor) + 12 * year + 1
        opens, due = _month_start(following - (cadence.early or 1)), _month_start(following)
        if start <= opens < end:
            yield Window(clock.midnight(opens), clock.midnight(due), year, kind)
