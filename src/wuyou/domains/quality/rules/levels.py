"""The nine levels of inspection: cycle, what must be covered, when results are due, weight, who may inspect (spec 05).

The figures are what a company starts from; it may say otherwise from a date on (LevelSetting).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

TEAM, PROJECT, CITY, REGION, SPECIAL = "team", "project", "city", "region", "special"
RECHECK, YEAREND, JOINT, OUTSIDE = "recheck", "yearend", "joint", "outside"
DAY, MONTH, QUARTER, YEAR, AT_WILL = "day", "month", "quarter", "year", "at_will"


@dataclass(frozen=True, slots=True)
class LevelRule:
    """What holds at a level.

    `cover_percent` of the projects are owed an inspection in every `cycle` (0: none is owed), of every region at least
    one where `every_region`. `is_independent`: no inspector from the inspected project; `is_rotated`: nobody twice
    running at the same project. `needs_guest`: somebody from outside takes part.
    """

    cycle: str
    cover_percent: int
    feedback: str
    weight: Decimal
    is_independent: bool = True
    is_rotated: bool = True
    every_region: bool = False
    needs_guest: bool = False


LEVELS: Mapping[str, LevelRule] = MappingProxyType({
    TEAM: LevelRule(DAY, 0, "none", Decimal(5), is_independent=False, is_rotated=False),
    PROJECT: LevelRule(MONTH, 100, "next_monday", Decimal(10), is_independent=False, is_rotated=False),
    CITY: LevelRule(MONTH, 100, "second_week", Decimal(25)),
    REGION: LevelRule(QUARTER, 100, "days_10", Decimal(25)),
    SPECIAL: LevelRule(YEAR, 60, "days_5", Decimal(20), every_region=True),
    RECHECK: LevelRule(AT_WILL, 0, "days_3", Decimal(0), is_rotated=False),
    YEAREND: LevelRule(YEAR, 0, "days_10", Decimal(0)),
    JOINT: LevelRule(AT_WILL, 0, "days_5", Decimal(10), needs_guest=True),
    OUTSIDE: LevelRule(AT_WILL, 0, "days_10", Decimal(5), needs_guest=True),
})  # fmt: skip
OWING = tuple(code for code, rule in LEVELS.items() if rule.cover_percent)


def adjusted(level: str, *, weight: Decimal, cover_percent: int, feedback: str) -> LevelRule:
    """A level as a company wants it."""
    return replace(LEVELS[level], weight=weight, cover_percent=cover_percent, feedback=feedback)


def period_of(cycle: str, day: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the cycle a day lies in; the day alone where inspections come at will."""
    if cycle in (DAY, AT_WILL):
        return day, day
    months = {MONTH: 1, QUARTER: 3, YEAR: 12}[cycle]
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    return first, months_after(first, months) - dt.timedelta(days=1)


def months_after(first: dt.date, months: int) -> dt.date:
    """The first day of the month so many months after a first of a month."""
    whole = first.year * 12 + first.month - 1 + months
    return dt.date(whole // 12, whole % 12 + 1, 1)
