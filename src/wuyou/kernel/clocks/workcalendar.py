"""Working days and service hours as values: pure, Shanghai days, the same for clocks and cadences (spec 00: time)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid, filled

from .choices import DayKind

DAY = 24 * 60  # minutes
HORIZON = 40 * 366  # days: no service time is looked for beyond
WEEKDAYS = [str(number) for number in range(1, 8)]
HOLIDAY = "holiday"

Span = tuple[int, int]  # minutes from midnight
Moments = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Days:
    """The days that differ from plain weeks, and the years whose arrangement is announced."""

    kinds: Mapping[date, str] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        """True from Monday to Friday and on swapped days, false on holidays and days off in lieu."""
        kind = self.kinds.get(day)
        return kind == DayKind.WORKDAY if kind else day.isoweekday() <= 5

    def is_holiday(self, day: date) -> bool:
        """True on the statutory holidays (13 a year, paid threefold)."""
        return self.kinds.get(day) == DayKind.HOLIDAY

    def is_day_off(self, day: date) -> bool:
        """True on statutory holidays and days off in lieu of them."""
        return self.kinds.get(day) in {DayKind.HOLIDAY, DayKind.REST}

    def is_provisional(self, day: date) -> bool:
        """True when the swapped days of that year are not announced or not entered yet."""
        return day.year not in self.confirmed


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """A project's service hours by weekday (1 is Monday) and on days off, over the table of days."""

    hours: Mapping[int, tuple[Span, ...]]
    days: Days
    on_days_off: tuple[Span, ...] = ()

    def is_workday(self, day: date) -> bool:
        """Whether the Chinese calendar counts the day as a working day."""
        return self.days.is_workday(day)

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a statutory holiday."""
        return self.days.is_holiday(day)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Service hours of a day in minutes from midnight.

        Days off follow the hours of holidays; a swapped day closed in plain weeks follows the first open weekday.
        """
        if self.days.is_day_off(day):
            return self.on_days_off
        plain = self.hours.get(day.isoweekday(), ())
        if not plain and self.days.kinds.get(day) == DayKind.WORKDAY:
            return next((spans for _number, spans in sorted(self.hours.items()) if spans), ())
        return plain

    def service_windows(self, day: date) -> list[Moments]:
        """Service hours of a day as moments [opens, closes)."""
        midnight = clock.midnight(day)
        edges = [(timedelta(minutes=opens), timedelta(minutes=closes)) for opens, closes in self.spans(day)]
        return [(midnight + opens, midnight + closes) for opens, closes in edges]

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The moment at which `duration` of service time has passed since `start`; `start` itself for none.

        Raises Invalid when that is more than 40 years away.
        """
        left = duration
        if left <= timedelta(0):
            return start
        for opens, closes in self._windows_from(start):
            begins = max(opens, start)
            if begins + left <= closes:
                return begins + left
            left -= max(closes - begins, timedelta(0))
        raise Invalid(_("So much service time does not pass within forty years."))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Service time from `start` to `end`; nothing when `end` is not after `start`."""
        passed = timedelta(0)
        for opens, closes in self._windows_from(start):
            if opens >= end:
                break
            passed += max(min(closes, end) - max(opens, start), timedelta(0))
        return passed

    def _windows_from(self, start: datetime) -> Iterator[Moments]:
        first = clock.local(start).date().toordinal()
        for day in range(first, first + HORIZON):
            yield from self.service_windows(date.fromordinal(day))


@dataclass(frozen=True, slots=True)
class WallTime:
    """Every hour counts."""

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The moment `duration` after `start`."""
        return start + max(duration, timedelta(0))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Time from `start` to `end`; nothing when `end` is not after `start`."""
        return max(end - start, timedelta(0))


Measure = WallTime | WorkCalendar


def work_calendar(service_hours: Mapping[str, Any], days: Days) -> WorkCalendar:
    """A calendar from a project's hours: "1" … "7" and "holiday" to ["08:00", "18:00"] or several such pairs.

    Raises Invalid, at the field `service_hours`, for what cannot be read and for hours that leave no time to work.
    """
    strange = set(service_hours) - {*WEEKDAYS, HOLIDAY}
    if strange:
        raise _refuse(_("Service hours are given for days 1 to 7 and holiday, not for “%(day)s”."), day=min(strange))
    hours = {int(number): _spans(service_hours[number]) for number in WEEKDAYS if service_hours.get(number)}
    if not hours:
        raise _refuse(_("These service hours leave no time to work: give hours for at least one weekday."))
    return WorkCalendar(hours=hours, days=days, on_days_off=_spans(service_hours.get(HOLIDAY) or []))


def _refuse(message: object, **context: object) -> Invalid:
    return Invalid(fields={"service_hours": filled(message, **context)})


def _spans(given: object) -> tuple[Span, ...]:
    parts = given if isinstance(given, list | tuple) else [given]
    flat = [text for part in parts for text in (part if isinstance(part, list | tuple) else [part])]
    if len(flat) % 2:
        raise _refuse(_("Service hours come in pairs such as 08:00 and 18:00."))
    minutes = [_minutes(text) for text in flat]
    if any(earlier >= later for earlier, later in zip(minutes[::2], minutes[1::2], strict=True)):
        raise _refuse(_("Service hours must close after they open; split a night at 24:00."))
    if minutes != sorted(minutes):
        raise _refuse(_("Service hours of one day must follow each other without overlap."))
    return tuple(zip(minutes[::2], minutes[1::2], strict=True))


def _minutes(text: object) -> int:
    hour, colon, minute = str(text).partition(":")
    is_number = colon and hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()
    minutes = int(hour) * 60 + int(minute) if is_number else DAY + 1
    if minutes > DAY or int(minute) > 59:
        raise _refuse(_("“%(text)s” is not a time of day."), text=text)
    return minutes
