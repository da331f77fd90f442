"""The days people ask about: today, the last week, a month, any days; and the same number of days before (spec 03)."""

import datetime as dt
from dataclasses import dataclass

TODAY, WEEK, THIRTY, MONTH, LAST_MONTH, CUSTOM = "today", "7", "30", "month", "last_month", "custom"
MOST_DAYS = 732


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both inclusive."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days right before it."""
        eve = self.first - dt.timedelta(days=1)
        return Period(eve - dt.timedelta(days=self.days - 1), eve)


def period_named(code: str, *, today: dt.date, first: dt.date | None = None, last: dt.date | None = None) -> Period:
    """The period of that name; `custom` from `first` to `last`, put in order and cut to two years; else seven days."""
    if code == TODAY:
        return Period(today, today)
    if code == THIRTY:
        return Period(today - dt.timedelta(days=29), today)
    if code == MONTH:
        return Period(today.replace(day=1), today)
    if code == LAST_MONTH:
        eve = today.replace(day=1) - dt.timedelta(days=1)
        return Period(eve.replace(day=1), eve)
    if code == CUSTOM and first and last:
        start, end = sorted((first, last))
        return Period(max(start, end - dt.timedelta(days=MOST_DAYS - 1)), end)
    return Period(today - dt.timedelta(days=6), today)
