"""When one frequency proves another: as often, in every season, and within the hours asked (spec 03, Layers)."""

import functools
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from wuyou.kernel.cadence import Anniversaries, Cadence, OnCondition, Rate, is_cadence, parse, windows
from wuyou.kernel.cadence.order import strictness
from wuyou.kernel.errors import Invalid

# a leap year and the one after: every season, month end and weekday pattern occurs
FIRST, LAST = date(2024, 1, 1), date(2026, 1, 1)
ANCHORS = {"acceptance month": "accepted_on", "manufacture": "made_on"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause's frequency as understood, in canonical text."""

    text: str
    is_triggered: bool = False
    anchor: str = ""  # the column of the ledger; empty when it needs none
    needs_anchor: bool = False


def read(value: str, *, window: str = "", is_condition: bool = False, anchor: str = "") -> Reading | None:
    """The frequency of a clause's value and window in the day; None when it cannot be read.

    A condition may be any words ("及时"): what it waits for. `anchor` is the ledger's date for years of a life.
    """
    try:
        found = _parsed(value.strip(), window.strip(), is_condition=is_condition)
    except Invalid:
        return None
    if isinstance(found, Anniversaries):
        return Reading(found.text, anchor=anchor or ANCHORS.get(found.anchor, ""), needs_anchor=True)
    return Reading(found.text, is_triggered=isinstance(found, OnCondition))


def _parsed(value: str, window: str, *, is_condition: bool) -> Cadence:
    if is_condition and not is_cadence(value):
        return parse("cond:" + value.replace(";", ","))
    return parse(f"{value}; {window}" if window else value)


@functools.cache
def rank(text: str) -> tuple[int, Decimal, Decimal]:
    """A key that sorts the strictest frequency first."""
    kind, often, narrow = strictness(parse(text))
    return -kind, -often, -narrow


class _ReferenceDays:
    """Weekends and one long holiday: enough to see that a working-day frequency leaves days open."""

    def is_workday(self, day: date) -> bool:
        return day.isoweekday() < 6 and not self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        return (day.month, day.day) >= (10, 1) and (day.month, day.day) <= (10, 7)


@functools.cache
def satisfies(done: str, asked: str) -> bool:
    """Whether working at the frequency `done` proves the frequency `asked` (canonical texts).

    It must be as often over the year, leave no asked window empty, and where hours of the day are asked, lie in them.
    What waits for a trigger is proven only by the same trigger, years of a device's life only by the same years.
    """
    if done == asked:
        return True
    one, other = parse(done), parse(asked)
    if not (isinstance(one, Rate) and isinstance(other, Rate)):
        return False
    if strictness(one) < strictness(other):
        return False
    return not (_is_narrowed(one) or _is_narrowed(other)) or _fills(one, other)


def _is_narrowed(rate: Rate) -> bool:
    return bool(rate.weekdays or rate.hours or rate.season or rate.days_off)


def _fills(one: Rate, other: Rate) -> bool:
    """Whether every window of `other` has work of `one` in it; with hours asked, work that cannot fall outside."""
    done, asked = _windows(one), _windows(other)
    opens = [window[0] for window in done]
    ends = sorted(window[1] for window in done)
    if other.hours:
        return all(_holds_one(done, opens, window) for window in asked)
    return all(bisect_left(opens, due) > bisect_right(ends, start) for start, due in asked)


def _holds_one(done: list[tuple[datetime, datetime]], opens: list[datetime], window: tuple[datetime, datetime]) -> bool:
    """Whether a window of `done` lies wholly in `window`."""
    start, due = window
    return any(end <= due for _, end in done[bisect_left(opens, start) : bisect_left(opens, due)])


def _windows(rate: Rate) -> list[tuple[datetime, datetime]]:
    return [(one.opens, one.due) for one in windows(rate, start=FIRST, end=LAST, days=_ReferenceDays())]
