"""How moments, durations, money and numbers are written for people (spec 00: languages, money, time)."""

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from wuyou.kernel import clock

WEEKDAYS = [
    pgettext_lazy("short weekday", "Mon"),
    pgettext_lazy("short weekday", "Tue"),
    pgettext_lazy("short weekday", "Wed"),
    pgettext_lazy("short weekday", "Thu"),
    pgettext_lazy("short weekday", "Fri"),
    pgettext_lazy("short weekday", "Sat"),
    pgettext_lazy("short weekday", "Sun"),
]
MONTHS = [
    pgettext_lazy("short month", "Jan"),
    pgettext_lazy("short month", "Feb"),
    pgettext_lazy("short month", "Mar"),
    pgettext_lazy("short month", "Apr"),
    pgettext_lazy("short month", "May"),
    pgettext_lazy("short month", "Jun"),
    pgettext_lazy("short month", "Jul"),
    pgettext_lazy("short month", "Aug"),
    pgettext_lazy("short month", "Sep"),
    pgettext_lazy("short month", "Oct"),
    pgettext_lazy("short month", "Nov"),
    pgettext_lazy("short month", "Dec"),
]
NOTHING = "–"


def day(value: date | datetime) -> str:
    """A date as people say it: 11月20日 周五; with the year when it is another one, long ago without the weekday."""
    if isinstance(value, datetime):
        value = clock.local(value).date()
    words = {
        "day": value.day,
        "month": MONTHS[value.month - 1],
        "weekday": WEEKDAYS[value.weekday()],
        "year": value.year,
    }
    if value.year == clock.today().year:
        return _("%(weekday)s %(day)d %(month)s") % words
    if abs((value - clock.today()).days) > 180:
        return _("%(day)d %(month)s %(year)d") % words
    return _("%(weekday)s %(day)d %(month)s %(year)d") % words


def short_day(value: date) -> str:
    """A date without weekday and year."""
    return _("%(day)d %(month)s") % {"day": value.day, "month": MONTHS[value.month - 1]}


def month(year: int, number: int) -> str:
    """A month with its year."""
    return _("%(month)s %(year)d") % {"month": MONTHS[number - 1], "year": year}


def time(value: datetime) -> str:
    """The time of day in Shanghai."""
    return f"{clock.local(value):%H:%M}"


def when(value: datetime) -> str:
    """A moment as people say it: 11月20日 周五 14:30."""
    return f"{day(value)} {time(value)}"


def duration(value: timedelta) -> str:
    """A length of time in at most two units, never shorter than a minute."""
    minutes = max(int(abs(value).total_seconds()) // 60, 1)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        parts = [_days(days), _hours(hours) if days < 10 else ""]
    elif hours:
        parts = [_hours(hours), _minutes(minutes)]
    else:
        parts = [_minutes(minutes)]
    return " ".join(part for part in parts if part)


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count} if count else ""


def _hours(count: int) -> str:
    return _("%(count)d h") % {"count": count} if count else ""


def _minutes(count: int) -> str:
    return _("%(count)d min") % {"count": count} if count else ""


def roughly(value: timedelta) -> str:
    """A length of time in its largest unit."""
    whole = abs(value)
    unit = next((unit for unit in (timedelta(days=1), timedelta(hours=1)) if whole >= unit), timedelta(minutes=1))
    return duration(whole // unit * unit)


def ago(value: datetime) -> str:
    """How long ago, or in how long; from a week on the moment itself."""
    gap = clock.now() - value
    if abs(gap) < timedelta(minutes=1):
        return pgettext("moment", "just now")
    if abs(gap) > timedelta(days=7):
        return when(value)
    words = {"duration": roughly(gap)}
    return _("%(duration)s ago") % words if gap > timedelta() else _("in %(duration)s") % words


def yuan(fen: int) -> str:
    """Whole fen as yuan with thousands separators."""
    sign = "-" if fen < 0 else ""
    whole, cents = divmod(abs(int(fen)), 100)
    return f"{sign}¥{whole:,}.{cents:02d}"


def number(value: Decimal | int) -> str:
    """A number with thousands separators, decimals as they are."""
    return f"{value:,}"


def percent(ratio: Decimal | float, *, places: int = 1) -> str:
    """A ratio as per cent."""
    step = Decimal(1).scaleb(-places)
    return f"{(Decimal(str(ratio)) * 100).quantize(step, rounding=ROUND_HALF_UP)}%"


LEFT = gettext_lazy("%(duration)s left")
OVER = gettext_lazy("%(duration)s late")
HELD = gettext_lazy("Paused, %(duration)s left")
IN_TIME = gettext_lazy("Done in time")
TOO_LATE = gettext_lazy("Done late")
