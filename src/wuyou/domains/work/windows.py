"""Windows of schedules, computed once and shared by all lines and projects with the same frequency (spec 03, Tasks)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest, Least

from wuyou.kernel import clock
from wuyou.kernel.cadence import DayKinds, parse, per_year
from wuyou.kernel.cadence import windows as windows_of
from wuyou.kernel.clocks.calendars import day_table

from .models import Schedule, Window

BATCH = 2000
LONGEST = timedelta(days=3660)


def ensure_windows(schedules: Iterable[Schedule], *, since: date, until: date) -> None:
    """Make sure that all windows which a plan from `since` owes and which open before `until` are in the table.

    Windows that were under way on `since` are included: whether they are owed is the plan's to say.
    """
    days: DayKinds | None = None
    rows: list[Window] = []
    for schedule in sorted(schedules, key=lambda row: row.pk):
        spans = _missing(schedule, since - period_of(schedule.cadence), until)
        if spans:
            days = days or day_table()
            rows += [row for start, end in spans for row in _rows(schedule, start, end, days)]
            _widen(schedule, spans)
    Window.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def period_of(cadence: str) -> timedelta:
    """How long before a day a window of this frequency may have opened and still be open."""
    often = per_year(parse(cadence))
    days = int((366 / often).to_integral_value(ROUND_CEILING)) if often else 0
    return min(timedelta(days=days + 1), LONGEST)


def _missing(schedule: Schedule, start: date, end: date) -> list[tuple[date, date]]:
    """The spans of days whose windows are not there yet."""
    if schedule.computed_from is None or schedule.computed_until is None:
        return [(start, end)]
    spans = [(start, schedule.computed_from), (schedule.computed_until, end)]
    return [(first, last) for first, last in spans if first < last]


def _rows(schedule: Schedule, start: date, end: date, days: DayKinds) -> Iterable[Window]:
    found = windows_of(parse(schedule.cadence), start=start, end=end, anchor=schedule.anchor, days=days)
    for one in found:
        yield Window(
            schedule=schedule,
            opens=one.opens,
            due=one.due,
            day=day_of(one.due),
            seq=one.seq,
            middle=one.opens + (one.due - one.opens) / 2,
            kind=one.kind,
        )


def day_of(due: datetime) -> date:
    """The Shanghai day in which something falls due: midnight belongs to the day before."""
    return clock.local(due - timedelta(microseconds=1)).date()


def _widen(schedule: Schedule, spans: list[tuple[date, date]]) -> None:
    first, last = spans[0][0], spans[-1][1]
    Schedule.objects.filter(Q(pk=schedule.pk)).update(
        computed_from=Least(Coalesce(F("computed_from"), first), first),
        computed_until=Greatest(Coalesce(F("computed_until"), last), last),
    )
