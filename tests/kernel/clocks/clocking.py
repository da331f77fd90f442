"""A case with a clock, for tests of actions and queries."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from wuyou.kernel import clock as kernel_clock
from wuyou.kernel.actors import System
from wuyou.kernel.clocks.actions import start_clock
from wuyou.kernel.clocks.models import Clock

ZERO = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)  # 08:00 on a Friday in Shanghai
BY = System("desk")
HOURS = timedelta(hours=1)
LADDER = [("supervisor", 0 * HOURS), ("manager", 2 * HOURS)]
OFFICE = {number: ["08:00", "18:00"] for number in "12345"}


def after(hours: float) -> datetime:
    """So many hours after the start."""
    return ZERO + hours * HOURS


def at(hours: float) -> AbstractContextManager[None]:
    """Live so many hours after the start."""
    return kernel_clock.at(after(hours))


def started(kind: str = "resolve", *, case_id: int = 7, target: float = 10, **options: Any) -> Clock:
    """A clock of ten hours on ticket 7, started at hour 0, warning after eight."""
    case = ("tickets.ticket", case_id, f"BX-{case_id}")
    with at(0):
        return start_clock(kind, case=case, project_id=3, target=target * HOURS, by=BY, **options)
