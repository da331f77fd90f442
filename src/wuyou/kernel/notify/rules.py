"""When a message may go out, when it is tried again, which channels a person wants (spec 02: Notifications)."""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(minutes=1)
LEASE = timedelta(minutes=10)  # a message in a dead worker's hands is taken over after this
EVERY_EVENT = "*"


def wait_before(attempt: int) -> timedelta | None:
    """How long to wait after the failed attempt number `attempt` (from 1); None when it was the last."""
    return None if attempt >= MOST_ATTEMPTS else FIRST_WAIT * 4 ** (attempt - 1)


def is_quiet(moment: time, *, starts: time, ends: time) -> bool:
    """Whether a time of day lies in the quiet hours [starts, ends); they may run over midnight."""
    if starts <= ends:
        return starts <= moment < ends
    return moment >= starts or moment < ends


def end_of_quiet(local_now: datetime, *, starts: time, ends: time) -> datetime:
    """The moment from which a message may go out: now, or the end of the quiet hours under way."""
    if not is_quiet(local_now.time(), starts=starts, ends=ends):
        return local_now
    today = local_now.replace(hour=ends.hour, minute=ends.minute, second=0, microsecond=0)
    return today if today > local_now else today + timedelta(days=1)


def wanted_channels(
    offered: Collection[str], event: str, choices: Mapping[tuple[str, str], bool], *, urgent: bool
) -> list[str]:
    """The channels a person gets an event by: their choice for the event, else for every event, else what is offered.

    `choices` maps (event or "*", channel) to on or off. An urgent event cannot be switched off.
    """
    return [
        channel
        for channel in offered
        if urgent or choices.get((event, channel), choices.get((EVERY_EVENT, channel), True))
    ]
