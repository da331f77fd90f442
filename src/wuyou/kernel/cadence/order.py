"""How often a cadence occurs in a year, and which of several is the strictest (spec 03: Layers)."""

import functools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .forms import Anniversaries, Cadence, DaysOff, OnCondition, Rate, Season, Unit
from .windows import day_slots, windows

YEAR = Decimal("365.2425")  # days
WORKDAYS = Decimal(248)  # 365 less 104 days of rest and 13 statutory holidays (spec 13 §5)
HOLIDAYS = Decimal(13)
PER_YEAR = {
    Unit.HOUR: YEAR * 24, Unit.DAY: YEAR, Unit.WEEK: YEAR / 7, Unit.HALF_MONTH: Decimal(24),
    Unit.MONTH: Decimal(12), Unit.QUARTER: Decimal(4), Unit.HALF_YEAR: Decimal(2), Unit.YEAR: Decimal(1),
}  # fmt: skip
SPAN = (date(2001, 1, 1), date(2029, 1, 1))  # 28 years: weekdays and leap years repeat


@functools.lru_cache(maxsize=4096)
def per_year(cadence: Cadence) -> Decimal:
    """Occurrences in an average year; for years of a thing's life the average up to the last listed one (spec 03).

    What is triggered, and what is not owed at all, counts 0.
    """
    if isinstance(cadence, Anniversaries):
        return _rounded(_anniversaries(cadence))
    if isinstance(cadence, Rate):
        return _rounded(_part(cadence.in_season) + (_part(cadence.rest) if cadence.rest else 0))
    return Decimal(0)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _anniversaries(cadence: Anniversaries) -> Decimal:
    life = cadence.scrap or cadence.years[-1]
    owed = sum(cadence.is_owed_in(year) for year in range(1, life + 1)) + bool(cadence.scrap)
    if not owed:  # the complement of years that are all listed begins after them
        return Decimal(1) - (Decimal(1) / cadence.then if cadence.then else 0)
    return Decimal(owed) / life


def _part(rate: Rate) -> Decimal:
    if rate.is_within_day and (rate.hours or rate.unit != Unit.HOUR or 24 % rate.every == 0):
        return len(day_slots(rate)) * _days(rate)
    if rate.is_within_day:
        return PER_YEAR[rate.unit] * rate.times / rate.every * _days(rate) / YEAR
    if rate.season is None:
        return PER_YEAR[rate.unit] * rate.times / rate.every
    if rate.unit == Unit.YEAR:
        return _in_short_season(rate, rate.season) / rate.every
    return _counted(rate)


def _in_short_season(rate: Rate, season: Season) -> Decimal:
    """Times in one season: no more than it has days where the days must differ; 29 February comes every fourth year."""
    days = season.days if rate.distinct_days else rate.times * min(Decimal(1), season.days)
    return min(Decimal(rate.times), days)


def _days(rate: Rate) -> Decimal:
    """Days of an average year on which a cadence within days is owed."""
    days = (rate.season.days if rate.season else YEAR) * (len(rate.weekdays) or 7) / 7
    shares = {DaysOff.NONE: YEAR, DaysOff.WORKDAYS: WORKDAYS, DaysOff.NO_HOLIDAYS: YEAR - HOLIDAYS}
    return days * shares[rate.days_off] / YEAR


def _counted(rate: Rate) -> Decimal:
    found = windows(replace(rate, days_off=DaysOff.NONE), start=SPAN[0], end=SPAN[1])
    return Decimal(sum(1 for _window in found)) / 28


def strictness(cadence: Cadence) -> tuple[int, Decimal, Decimal]:
    """A key to sort by: a cadence before a trigger before no duty, then the more often, then the narrower window."""
    if isinstance(cadence, OnCondition):
        return 1, Decimal(cadence.times), Decimal(0)
    if isinstance(cadence, Rate | Anniversaries):
        return 2, per_year(cadence), -_width(cadence)
    return 0, Decimal(0), Decimal(0)


def is_stricter(one: Cadence, other: Cadence) -> bool:
    """True when `one` demands more than `other`; equal demands are neither stricter."""
    return strictness(one) > strictness(other)


def strictest(cadences: Sequence[Cadence]) -> Cadence:
    """The one that demands most, the first of equals; raises ValueError when there is none."""
    return max(cadences, key=strictness)


def _width(cadence: Rate | Anniversaries) -> Decimal:
    """Seconds a window is open, for an ordinary period."""
    if isinstance(cadence, Anniversaries):
        return Decimal(cadence.early or 1) * 30 * 86_400
    if cadence.is_within_day and (cadence.hours or cadence.unit != Unit.HOUR or 24 % cadence.every == 0):
        return Decimal(max(due - opens for opens, due in day_slots(cadence)))
    whole = YEAR * 86_400 / PER_YEAR[cadence.unit] * cadence.every
    if cadence.unit == Unit.HOUR:
        return whole / cadence.times
    return _narrowed(cadence, whole)


def _narrowed(rate: Rate, whole: Decimal) -> Decimal:
    if rate.weekdays:
        whole = Decimal(rate.weekdays[-1] - rate.weekdays[0] + 1) * 86_400
    if rate.season:
        whole = min(whole, rate.season.days * 86_400)
    opens, closes = rate.hours[0] if rate.hours else (0, 1_440)
    return whole - opens * 60 - (1_440 - closes) * 60
