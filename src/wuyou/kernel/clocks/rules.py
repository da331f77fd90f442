"""When a clock is due after its pauses, and where it stands: computed, never swept (spec 02: Clocks)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from .choices import Status
from .workcalendar import Measure


class Stop(NamedTuple):
    """A time during which a clock stood still; `end` is None while it still does."""

    start: datetime
    end: datetime | None


class Rung(NamedTuple):
    """One step of an escalation ladder: a role, told a further time after the step before it (or after due)."""

    role: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class Times:
    """The moments of a clock; a paused one keeps those it had when it stopped counting."""

    due: datetime
    warn: datetime
    paused: datetime | None = None
    stopped: datetime | None = None


def reach(start: datetime, amount: timedelta, *, pauses: Iterable[Stop], measure: Measure) -> datetime:
    """The moment at which `amount` of counted time has passed since `start`; an open pause has not moved it yet.

    `pauses` are in order and do not overlap.
    """
    cursor, left = start, amount
    for pause in pauses:
        begins = max(pause.start, cursor)
        used = measure.between(cursor, begins)
        if used >= left or pause.end is None:
            break
        left -= used
        cursor = max(pause.end, cursor)
    return measure.add(cursor, left)


def counted(start: datetime, end: datetime, *, pauses: Iterable[Stop], measure: Measure) -> timedelta:
    """Counted time from `start` to `end`, pauses left out."""
    cursor, passed = start, timedelta(0)
    for pause in pauses:
        passed += measure.between(cursor, min(pause.start, end))
        cursor = max(cursor, end if pause.end is None else pause.end)
    return passed + measure.between(cursor, end)


def rungs(target: timedelta, ladder: Sequence[Rung]) -> list[timedelta]:
    """Counted time from the start at which each rung of the ladder is reached."""
    reached, total = [], target
    for rung in ladder:
        total += rung.after
        reached.append(total)
    return reached


def status(times: Times, now: datetime) -> Status:
    """Where a clock stands; being done or paused at the due moment itself is in time."""
    if times.stopped is not None:
        return Status.MET if times.stopped <= times.due else Status.LATE
    seen = times.paused or now
    if seen > times.due:
        return Status.MISSED
    if times.paused:
        return Status.PAUSED
    return Status.WARNED if now >= times.warn else Status.RUNNING


def remaining(times: Times, now: datetime, *, measure: Measure) -> timedelta:
    """Counted time left, negative when overdue; a paused or stopped clock stands where it was."""
    seen = times.stopped or times.paused or now
    if seen <= times.due:
        return measure.between(seen, times.due)
    return -measure.between(times.due, seen)


def moments(
    start: datetime,
    target: timedelta,
    *,
    warn_percent: int,
    ladder: Sequence[Rung],
    pauses: Sequence[Stop],
    measure: Measure,
) -> list[datetime]:
    """When to warn, when it is due, and when each rung is reached; an open pause has not moved them yet."""
    amounts = [target * warn_percent / 100, target, *rungs(target, ladder)]
    return [reach(start, amount, pauses=pauses, measure=measure) for amount in amounts]


def passed(moments: Sequence[datetime], now: datetime) -> int:
    """How many of a clock's moments lie behind: the warning from its moment on, the others only after theirs."""
    return sum(now >= moment if number == 0 else now > moment for number, moment in enumerate(moments))
