"""The forms a cadence takes, each with its canonical text; a form that can never occur cannot be made."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, Protocol

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid, filled

DAY = 24 * 60  # minutes
LONGEST = 36_525  # days: no period is longer than a century
MOST = 1_440  # times in one period
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = tuple[int, int]  # minutes from midnight at which work may start and must be done


def refuse(message: object, **context: object) -> Invalid:
    """An error at the field `cadence`."""
    return Invalid(fields={"cadence": filled(message, **context)})


class Window(NamedTuple):
    """One obligation: done in [opens, due); `seq` is its number in the day or longer period, or the year."""

    opens: datetime
    due: datetime
    seq: int
    kind: str = "regular"  # or "scrap": the thing is to be replaced


class DayKinds(Protocol):
    """What a cadence asks a calendar."""

    def is_workday(self, day: date) -> bool:
        """True for working days, swapped ones included."""

    def is_holiday(self, day: date) -> bool:
        """True for statutory holidays."""


class Unit(StrEnum):
    """Units of a period, as they are written."""

    HOUR = "h"
    DAY = "d"
    WEEK = "w"
    HALF_MONTH = "hm"
    MONTH = "m"
    QUARTER = "q"
    HALF_YEAR = "hy"
    YEAR = "y"


class DaysOff(StrEnum):
    """Days on which nothing is owed, by the calendar of working days."""

    NONE = ""
    WORKDAYS = "workdays"
    NO_HOLIDAYS = "not on holidays"


MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF_YEAR: 6, Unit.YEAR: 12}
SHORTEST_DAYS = {
    Unit.HOUR: 0, Unit.DAY: 1, Unit.WEEK: 7, Unit.HALF_MONTH: 13,
    Unit.MONTH: 28, Unit.QUARTER: 90, Unit.HALF_YEAR: 181, Unit.YEAR: 365,
}  # fmt: skip


class Season(NamedTuple):
    """From one day of the year to another, both included; may span New Year. Days are (month, day)."""

    first: tuple[int, int]
    last: tuple[int, int]

    def contains(self, day: date) -> bool:
        """True when the day lies in the season."""
        moment = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= moment <= self.last
        return moment >= self.first or moment <= self.last

    def bounds(self, year: int) -> tuple[date, date]:
        """The season that begins in `year`: its first day and the day after its last."""
        ends = year if self.first <= self.last else year + 1
        return _first_day(year, self.first), date.fromordinal(_last_day(ends, self.last).toordinal() + 1)

    @property
    def days(self) -> Decimal:
        """Days in an average year."""
        leap, plain = (Decimal(sum(self.contains(day) for day in _days_of(year))) for year in (2000, 2001))
        return plain + (leap - plain) * Decimal("0.2425")

    @property
    def rest(self) -> "Season":
        """The other part of the year."""
        before = date.fromordinal(date(2000, *self.first).toordinal() - 1)
        after = date.fromordinal(date(2000, *self.last).toordinal() + 1)
        return Season((after.month, after.day), (before.month, before.day))

    @property
    def is_whole_months(self) -> bool:
        """True when it begins and ends with a month."""
        return self.first[1] == 1 and self.last[1] == calendar.monthrange(2000, self.last[0])[1]

    @property
    def text(self) -> str:
        """`4-10`, or `5/15-10/15` when it is not made of whole months."""
        if self.is_whole_months:
            return f"{self.first[0]}-{self.last[0]}"
        return "{}/{}-{}/{}".format(*self.first, *self.last)


def _days_of(year: int) -> list[date]:
    return [date.fromordinal(day) for day in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())]


def _first_day(year: int, day: tuple[int, int]) -> date:
    return date(year, 3, 1) if day == (2, 29) and not calendar.isleap(year) else date(year, *day)


def _last_day(year: int, day: tuple[int, int]) -> date:
    return date(year, 2, 28) if day == (2, 29) and not calendar.isleap(year) else date(year, *day)


class Often(NamedTuple):
    """n times in every k units."""

    times: int
    every: int
    unit: Unit

    @property
    def text(self) -> str:
        """`2/1 w`; half months are written `1/0.5 m`."""
        if self.unit == Unit.HALF_MONTH:
            return f"{self.times}/0.5 m"
        return f"{self.times}/{self.every} {self.unit}"


@dataclass(frozen=True, slots=True)
class Rate:
    """n times in every k units, narrowed by weekdays, hours, season and working days.

    Raises Invalid when it can never occur or says two things at once.
    """

    times: int
    every: int
    unit: Unit
    weekdays: tuple[int, ...] = ()  # 1 is Monday
    hours: tuple[Hours, ...] = ()
    season: Season | None = None
    otherwise: Often | None = None
    days_off: DaysOff = DaysOff.NONE
    anchor: str = ""

    def __post_init__(self) -> None:
        """Refuse what can never occur."""
        _check_size(self)
        _check_hours(self)
        _check_days(self)
        if self.otherwise and not self.season:
            raise refuse(_("“else” needs a season before it."))
        if self.otherwise:
            _check_size(self.rest or self)

    @property
    def trigger(self) -> str:
        """Always empty: nothing has to happen first."""
        return ""

    @property
    def rest(self) -> "Rate | None":
        """The cadence of the rest of the year, where one is given."""
        if not (self.season and self.otherwise):
            return None
        times, every, unit = self.otherwise
        return replace(self, times=times, every=every, unit=unit, season=self.season.rest, otherwise=None)

    @property
    def in_season(self) -> "Rate":
        """This cadence without its other part."""
        return replace(self, otherwise=None)

    @property
    def is_within_day(self) -> bool:
        """True when windows are parts of a day or whole single days."""
        return self.unit == Unit.HOUR or (self.unit == Unit.DAY and self.every == 1) or self.is_on_fixed_days

    @property
    def is_on_fixed_days(self) -> bool:
        """True for a weekly cadence with one (or equally many) of its times on each of its weekdays."""
        if self.unit != Unit.WEEK or not self.weekdays or self.every != 1:
            return False
        return self.times % len(self.weekdays) == 0

    @property
    def distinct_days(self) -> bool:
        """True when the times of one period share its window and must be done on different days."""
        return not self.is_within_day and 2 <= self.times <= self.shortest_days

    @property
    def shortest_days(self) -> int:
        """Days a period offers at least."""
        return len(self.weekdays) or SHORTEST_DAYS[self.unit] * self.every

    @property
    def text(self) -> str:
        """The canonical spelling."""
        clauses = [
            Often(self.times, self.every, self.unit).text,
            "on " + ",".join(WEEKDAYS[day - 1] for day in self.weekdays) if self.weekdays else "",
            ",".join(hours_text(*pair) for pair in self.hours),
            f"season {self.season.text}" if self.season else "",
            f"else {self.otherwise.text}" if self.otherwise else "",
            str(self.days_off),
            f"anchor={self.anchor}" if self.anchor else "",
        ]
        return "; ".join(clause for clause in clauses if clause)


def clock_text(minutes: int) -> str:
    """`06:00`; the end of a day is `24:00`, minutes of the next day are written as such."""
    hour, minute = divmod(minutes if minutes <= DAY else minutes - DAY, 60)
    return f"{hour:02}:{minute:02}"


def hours_text(opens: int, closes: int) -> str:
    """`06:00-08:00`, or `<08:00` from midnight."""
    return f"<{clock_text(closes)}" if opens == 0 else f"{clock_text(opens)}-{clock_text(closes)}"


def _check_size(rate: Rate) -> None:
    if rate.times < 1 or rate.every < 1:
        raise refuse(_("A cadence of nothing can never occur: both numbers must be 1 or more."))
    if rate.times > MOST:
        raise refuse(_("More than %(most)s times in one period cannot be planned."), most=MOST)
    if _days(rate) > LONGEST:
        raise refuse(_("A period longer than a hundred years can never occur."))
    if rate.unit == Unit.HALF_MONTH and rate.every != 1:
        raise refuse(_("Half months are counted one by one: write 0.5 m."))
    if rate.unit == Unit.HOUR and rate.every * 60 < rate.times:
        raise refuse(_("More than once a minute cannot be planned."))


def _days(rate: Rate) -> int:
    return rate.every // 24 if rate.unit == Unit.HOUR else SHORTEST_DAYS[rate.unit] * rate.every


def _check_hours(rate: Rate) -> None:
    for opens, closes in rate.hours:
        if not (0 <= opens < DAY and opens < closes <= opens + DAY):
            span = hours_text(opens, closes)
            raise refuse(_("The hours %(hours)s are empty: nothing can be done in them."), hours=span)
    if not _is_in_order(rate.hours):
        raise refuse(_("The hours of a day must not overlap."))
    if rate.unit == Unit.HOUR and rate.hours and rate.every > 24:
        raise refuse(_("Hours of the day go with periods of at most 24 hours."))
    if rate.is_within_day and rate.unit != Unit.HOUR:
        _check_split(rate)
    elif not rate.is_within_day and len(rate.hours) > 1:
        raise refuse(_("Give one span of hours for periods longer than a day."))


def _is_in_order(hours: tuple[Hours, ...]) -> bool:
    if not hours:
        return True
    ends = [*(opens for opens, _closes in hours[1:]), hours[0][0] + DAY]
    return all(closes <= following for (_opens, closes), following in zip(hours, ends, strict=True))


def _check_split(rate: Rate) -> None:
    per_day = rate.times // (len(rate.weekdays) if rate.is_on_fixed_days else 1)
    spans = rate.hours or ((0, DAY),)
    if per_day % len(spans):
        raise refuse(_("Give one span of hours, or as many as there are times in a day."))
    if any((closes - opens) * len(spans) < per_day for opens, closes in spans):
        raise refuse(_("More than once a minute cannot be planned."))


def _check_days(rate: Rate) -> None:
    days = rate.weekdays
    if any(day not in range(1, 8) for day in days) or list(days) != sorted(set(days)):
        raise refuse(_("Weekdays are mon, tue, wed, thu, fri, sat and sun, each once."))
    if days and not (rate.unit in {Unit.HOUR, Unit.WEEK} or (rate.unit == Unit.DAY and rate.every == 1)):
        raise refuse(_("Weekdays go with hours, single days and weeks only."))
    if days and rate.unit == Unit.WEEK and rate.times > len(days) and not rate.is_on_fixed_days:
        raise refuse(_("There are more times than weekdays: give as many weekdays as times."))
    if days and rate.days_off == DaysOff.WORKDAYS:
        raise refuse(_("Give weekdays or working days, not both."))
    if rate.season and rate.season.rest.first == rate.season.first:
        raise refuse(_("A season over the whole year says nothing: leave it out."))


@dataclass(frozen=True, slots=True)
class Anniversaries:
    """Listed years after the anchor, then every so many years; or, inverted, all the other years.

    Owed in the month of the anchor, due at its end, open `early` months before that end (one month when 0).
    """

    years: tuple[int, ...]
    then: int = 0  # years; 0: never again
    is_inverted: bool = False
    scrap: int = 0  # the year in which the thing is to be replaced; 0: never
    anchor: str = ""
    early: int = 0  # months

    def __post_init__(self) -> None:
        """Refuse what can never occur."""
        if not self.years or self.years[0] < 1 or list(self.years) != sorted(set(self.years)):
            raise refuse(_("Give the years in rising order, the first year is 1."))
        if max(self.years[-1], self.then, self.scrap) > 100:
            raise refuse(_("A period longer than a hundred years can never occur."))
        if self.early > 11:
            raise refuse(_("Early completion is at most 11 months."))
        if self.scrap and (self.is_inverted or self.scrap <= self.years[-1]):
            raise refuse(_("The year of replacement must come after the listed years."))
        if self.is_inverted and self.then == 1 and len(self.years) == self.years[-1]:
            raise refuse(_("No other years are left: this can never occur."))

    @property
    def trigger(self) -> str:
        """Always empty: nothing has to happen first."""
        return ""

    @property
    def distinct_days(self) -> bool:
        """Never: one window a year."""
        return False

    def is_owed_in(self, year: int) -> bool:
        """True when it is owed in that year after the anchor, replacement not counted."""
        last = self.years[-1]
        is_listed = year in self.years or (self.then > 0 and year > last and (year - last) % self.then == 0)
        return is_listed != self.is_inverted and not (self.scrap and year >= self.scrap)

    @property
    def text(self) -> str:
        """The canonical spelling."""
        clauses = [
            f"years {'except ' if self.is_inverted else ''}{';'.join(map(str, self.years))}",
            f"then 1/{self.then} y" if self.then else "",
            f"scrap {self.scrap}" if self.scrap else "",
            f"anchor={self.anchor}" if self.anchor else "",
            f"early<={self.early} m" if self.early else "",
        ]
        return "; ".join(clause for clause in clauses if clause)


@dataclass(frozen=True, slots=True)
class OnCondition:
    """Owed whenever the trigger happens: after snow, per decoration job; yields no windows by itself."""

    trigger: str = ""
    times: int = 1

    def __post_init__(self) -> None:
        """Refuse what can never occur."""
        if self.times < 1:
            raise refuse(_("A cadence of nothing can never occur: both numbers must be 1 or more."))

    @property
    def anchor(self) -> str:
        """Always empty: it is counted from the trigger."""
        return ""

    @property
    def distinct_days(self) -> bool:
        """Never."""
        return False

    @property
    def text(self) -> str:
        """The canonical spelling."""
        if self.trigger == "job":
            return f"{self.times}/1 job"
        return f"cond:{self.trigger}" if self.trigger else "cond"


@dataclass(frozen=True, slots=True)
class Never:
    """The grade has no such duty."""

    trigger: str = ""
    anchor: str = ""
    distinct_days: bool = False

    @property
    def text(self) -> str:
        """The canonical spelling."""
        return "-"


Cadence = Rate | Anniversaries | OnCondition | Never
