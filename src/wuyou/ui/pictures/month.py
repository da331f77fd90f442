"""A month as a calendar sheet; a list of days on a phone."""

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from wuyou.ui import wording

SHOWN = 3
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a day."""

    label: object
    tone: str = "info"
    url: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One field of the sheet."""

    day: date
    events: Sequence[Event]
    is_other: bool
    is_today: bool
    note: object = ""
    url: str = ""

    @property
    def shown(self) -> Sequence[Event]:
        """The events there is room for."""
        return self.events[:SHOWN]

    @property
    def more(self) -> int:
        """How many there is no room for."""
        return max(len(self.events) - SHOWN, 0)

    @property
    def is_weekend(self) -> bool:
        """Saturday or Sunday."""
        return self.day.weekday() >= SATURDAY

    @property
    def weekday(self) -> object:
        """The weekday's short name."""
        return wording.WEEKDAYS[self.day.weekday()]


@dataclass(frozen=True)
class Month:
    """`days` maps a date to its events; `notes` to a word such as a holiday's; `day_url` (with `{day}`) opens a day."""

    title: object
    year: int
    month: int
    days: Mapping[date, Sequence[Event]]
    today: date | None = None
    earlier: str = ""
    later: str = ""
    notes: Mapping[date, object] | None = None
    day_url: str = ""
    template: ClassVar[str] = "ui/pictures/month.html"

    @property
    def name(self) -> str:
        """Month and year."""
        return wording.month(self.year, self.month)

    @property
    def weekdays(self) -> list[object]:
        """Monday first, as in China."""
        return list(wording.WEEKDAYS)

    def weeks(self) -> list[list[Day]]:
        """The sheet, week by week."""
        return [[self._day(day) for day in week] for week in Calendar().monthdatescalendar(self.year, self.month)]

    def _day(self, day: date) -> Day:
        is_other = day.month != self.month
        return Day(
            day,
            () if is_other else self.days.get(day, ()),
            is_other,
            day == self.today,
            (self.notes or {}).get(day, ""),
            self.day_url.format(day=day.isoformat()) if self.day_url else "",
        )
