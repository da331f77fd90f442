"""Reading clocks; who may see a case is the case's affair."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from .choices import Hours
from .models import Clock, Pause
from .rules import Stop, counted, remaining
from .workcalendar import Days, Measure, WallTime, work_calendar


def clocks_of(case_kind: str, case_ids: Iterable[int]) -> dict[int, list[Clock]]:
    """The clocks of many cases by case, in order of start, in one query."""
    found: dict[int, list[Clock]] = defaultdict(list)
    for clock in Clock.objects.filter(case_kind=case_kind, case_id__in=list(case_ids)).order_by("started_at", "pk"):
        found[clock.case_id].append(clock)
    return dict(found)


def open_clocks(case_kind: str, case_id: int) -> QuerySet[Clock]:
    """The clocks of a case that have not been stopped, paused ones included."""
    return Clock.objects.filter(case_kind=case_kind, case_id=case_id, stopped_at__isnull=True)


def open_clock(case_kind: str, case_id: int, kind: str) -> Clock | None:
    """The one clock of that kind a case has open, if any."""
    return open_clocks(case_kind, case_id).filter(kind=kind).first()


def is_missed(now: datetime) -> Q:
    """Clocks that are overdue and not done, as a condition; the same rule as `Clock.status`."""
    running = Q(paused_at__isnull=True, due_at__lt=now)
    return Q(stopped_at__isnull=True) & (running | Q(paused_at__gt=F("due_at")))


def is_due_soon(now: datetime) -> Q:
    """Running clocks past their warning and not overdue, as a condition; the same rule as `Clock.status`."""
    return Q(stopped_at__isnull=True, paused_at__isnull=True, warn_at__lte=now, due_at__gte=now)


def pauses_of(clocks: Iterable[Clock]) -> dict[int, list[Pause]]:
    """The pauses of many clocks by clock, in order, in one query."""
    found: dict[int, list[Pause]] = defaultdict(list)
    for pause in Pause.objects.filter(clock__in=list(clocks)).order_by("began_at", "pk"):
        found[pause.clock_id].append(pause)
    return dict(found)


def stops(pauses: Iterable[Pause]) -> list[Stop]:
    """Pauses as the rules take them."""
    return [Stop(pause.began_at, pause.ended_at) for pause in pauses]


def measure_of(clock: Clock, days: Days) -> Measure:
    """What a clock counts by."""
    return WallTime() if clock.hours == Hours.WALL else work_calendar(clock.service_hours, days)


def time_left(clock: Clock, now: datetime, *, days: Days) -> timedelta:
    """Counted time left, negative when overdue; service hours for a clock that counts those."""
    return remaining(clock.times, now, measure=measure_of(clock, days))


def time_used(clock: Clock, now: datetime, *, pauses: Mapping[int, list[Pause]], days: Days) -> timedelta:
    """Counted time since the start, pauses left out; `pauses` as `pauses_of` gives them."""
    end = clock.stopped_at or now
    own = stops(pauses.get(clock.pk, []))
    return counted(clock.started_at, end, pauses=own, measure=measure_of(clock, days))
