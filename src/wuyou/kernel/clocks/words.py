"""Durations and what is left of them in words, in the language active now (ui: State first)."""

from datetime import timedelta

from django.utils.translation import gettext as _

from .choices import Hours

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def duration_words(length: timedelta, *, hours: str = Hours.WALL) -> str:
    """For example “1 h 12 min”; whole minutes, days only of clock time since a day of service has no fixed length."""
    if length < MINUTE:
        return _("less than a minute")
    if hours == Hours.WALL and length >= DAY:
        return _pair(length // DAY, length % DAY // HOUR, both=_("%(days)s d %(hours)s h"), one=_("%(days)s d"))
    return _within_day(length)


def _pair(days: int, hours: int, *, both: str, one: str) -> str:
    return (both if hours else one) % {"days": days, "hours": hours}


def _within_day(length: timedelta) -> str:
    hours, minutes = length // HOUR, length % HOUR // MINUTE
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    words = _("%(hours)s h %(minutes)s min") if minutes else _("%(hours)s h")
    return words % {"hours": hours, "minutes": minutes}


def left_words(left: timedelta, *, hours: str = Hours.WALL) -> str:
    """For example “1 h 12 min left” or “overdue by 2 d 3 h”; says so when service hours are counted."""
    time = {"time": duration_words(abs(left), hours=hours)}
    if left < timedelta(0):
        over = {Hours.WALL: _("overdue by %(time)s"), Hours.SERVICE: _("overdue by %(time)s of service hours")}
        return over[Hours(hours)] % time
    words = {Hours.WALL: _("%(time)s left"), Hours.SERVICE: _("%(time)s of service hours left")}
    return words[Hours(hours)] % time
