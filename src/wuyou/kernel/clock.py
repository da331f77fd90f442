"""The only source of now, so that tests and the demo can live through weeks (architecture: Time)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The moment, aware and in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The date in Shanghai."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on a Shanghai clock."""
    return moment.astimezone(SHANGHAI)


def midnight(day: date) -> datetime:
    """The start of a Shanghai day, aware, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Start and end (exclusive) of a Shanghai day in UTC."""
    return midnight(day), midnight(day + timedelta(days=1))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Live at another moment inside this block; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
