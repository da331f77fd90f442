"""The month of a quality meeting, and what the meeting has to decide (spec 05: monthly quality meeting). Pure."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month by its first and last day."""

    first: dt.date

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.following.first - dt.timedelta(days=1)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month((self.first + dt.timedelta(days=31)).replace(day=1))

    @property
    def before(self) -> "Month":
        """The month before it."""
        return Month((self.first - dt.timedelta(days=1)).replace(day=1))

    def __str__(self) -> str:
        """As an address has it: 2026-11."""
        return f"{self.first:%Y-%m}"


def month_of(text: str, *, today: dt.date) -> Month:
    """The month written as 2026-11; raises Invalid for another text and for a month still to come."""
    found = _MONTH.fullmatch(text)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR or not 1 <= int(found[2]) <= 12:
        raise Invalid(fields={"month": _("Write a month as 2026-11.")})
    month = Month(dt.date(int(found[1]), int(found[2]), 1))
    if month.first > today:
        raise Invalid(fields={"month": _("This month is still to come.")})
    return month


def last_month(today: dt.date) -> Month:
    """The month a meeting today looks back on."""
    return Month(today.replace(day=1)).before


@dataclass(frozen=True, slots=True)
class Decision:
    """Something the meeting decides: what kind of thing, about how many, and about which by name."""

    code: str
    count: int
    names: tuple[str, ...] = ()


# what a meeting decides on, the gravest first
KINDS = ("vetoed", "overdue_grave", "without_decider", "repeated", "owed", "to_judge", "proposals")


def named(code: str, names: Iterable[str], *, count: int | None = None) -> Decision:
    """A decision about some things by name; `count` where there are more than those named."""
    listed = tuple(names)
    return Decision(code, len(listed) if count is None else count, listed)


def decisions(found: Iterable[Decision]) -> list[Decision]:
    """What has to be decided, the gravest first; what there is none of is left out."""
    return sorted((one for one in found if one.count), key=lambda one: KINDS.index(one.code))
