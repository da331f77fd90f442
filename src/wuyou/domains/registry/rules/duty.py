"""Who is at work at a moment by their weekly hours, until rosters exist (spec 01)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00")
WeeklyHours = Mapping[str, Sequence[str]]


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def check_weekly_hours(hours: WeeklyHours) -> None:
    """Raise Invalid unless every key is a weekday "1" (Monday) to "7" and every value [from, to] as HH:MM."""
    for day, span in hours.items():
        if day not in "1234567" or len(day) != 1:
            raise Invalid(fields={"weekly_hours": _("A weekday is 1 (Monday) to 7.")})
        if len(span) != 2 or not all(_CLOCK.fullmatch(end) for end in span) or span[0] == span[1]:
            raise Invalid(fields={"weekly_hours": _("Hours are written as 08:00 and 17:00.")})


def is_on_duty(hours: WeeklyHours, local: datetime) -> bool:
    """Whether a moment on the local clock lies in the hours; a span that ends before it starts runs past midnight."""
    now = _minutes(f"{local:%H:%M}")
    today, yesterday = (hours.get(str(day)) for day in (local.isoweekday(), (local.isoweekday() - 2) % 7 + 1))
    return _covers_today(today, now) or _covers_after_midnight(yesterday, now)


def _covers_today(span: Sequence[str] | None, now: int) -> bool:
    if not span:
        return False
    start, end = _minutes(span[0]), _minutes(span[1])
    return start <= now < end if start < end else start <= now


def _covers_after_midnight(span: Sequence[str] | None, now: int) -> bool:
    if not span:
        return False
    start, end = _minutes(span[0]), _minutes(span[1])
    return end < start and now < end


def hours_per_week(hours: WeeklyHours) -> float:
    """Hours of presence in a week."""
    spans = ((_minutes(span[0]), _minutes(span[1])) for span in hours.values())
    return sum((end - start) % (24 * 60) or 24 * 60 for start, end in spans) / 60
