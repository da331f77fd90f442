"""When to try again, when a periodic job is due, how many jobs to take at once. Pure: time and chance are arguments."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from wuyou.kernel.clock import local

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(hours=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BATCH_SECONDS = 0.5
LARGEST_BATCH = 50


@dataclass(frozen=True, slots=True)
class Every:
    """Due at every full multiple of an interval."""

    interval: timedelta

    def slot(self, now: datetime) -> datetime:
        """The latest due time not after `now`."""
        return now - (now - EPOCH) % self.interval


@dataclass(frozen=True, slots=True)
class Daily:
    """Due once a day at a Shanghai time."""

    at: time

    def slot(self, now: datetime) -> datetime:
        """The latest due time not after `now`."""
        here = local(now)
        today = here.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return (today if today <= here else today - timedelta(days=1)).astimezone(UTC)


Rhythm = Every | Daily


def rhythm(*, every: timedelta | None = None, daily_at: str | None = None) -> Rhythm:
    """The rhythm of a periodic job; raises ValueError unless exactly one of the two is given and sensible."""
    if (every is None) == (daily_at is None):
        raise ValueError("say either every=… or daily_at=…")
    if daily_at is not None:
        return Daily(time.fromisoformat(daily_at))
    if every is None or every < timedelta(seconds=1):
        raise ValueError("a periodic job runs at most once a second")
    return Every(every)


def pause_before_retry(attempts: int, *, chance: float) -> timedelta:
    """The wait after the n-th failed attempt (n ≥ 1): doubling, ± 25 % by `chance` in [0, 1), one hour at most."""
    doubled = FIRST_PAUSE * (1 << min(attempts - 1, 20))
    return min(doubled * (0.75 + chance / 2), LONGEST_PAUSE)


def batch_size(seconds_per_job: float) -> int:
    """How many jobs to take at once so that they are about half a second of work: nobody waits behind a slow one."""
    if seconds_per_job <= 0:
        return LARGEST_BATCH
    return max(1, min(LARGEST_BATCH, int(BATCH_SECONDS / seconds_per_job)))
