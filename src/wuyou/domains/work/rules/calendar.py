"""Where windows fall: days and months, pure (spec 03, Plan views)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .workload import spread


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Lines that share a frequency and an anchor: how many, and the minutes of one time of all of them."""

    cadence: str
    anchor: date
    lines: int
    minutes: Decimal


@dataclass(frozen=True, slots=True)
class Planned:
    """One window and the Shanghai day in which it falls due."""

    opens: datetime
    due: datetime
    day: date


def by_day(planned: Iterable[Planned], minutes: Decimal) -> dict[date, Decimal]:
    """Minutes by day when each window takes so many, spread over its days."""
    total: dict[date, Decimal] = defaultdict(Decimal)
    for one in planned:
        for day, share in spread(one.opens, one.due, minutes).items():
            total[day] += share
    return dict(total)


def by_month(planned: Iterable[Planned], *, start: date, months: int) -> list[int]:
    """How many fall due in each of the months from that of `start`; what lies outside is left out."""
    counts = [0] * months
    for one in planned:
        number = (one.day.year - start.year) * 12 + one.day.month - start.month
        if 0 <= number < months:
            counts[number] += 1
    return counts
