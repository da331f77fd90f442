"""The only writers of clocks. They are called by the actions of cases, which have checked who may."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock as kernel_clock
from wuyou.kernel import journal
from wuyou.kernel.actors import Actor, System
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .calendars import day_table
from .choices import Hours, PauseReason
from .events import SIGNALS, News, Notice
from .models import Clock, Escalation, Pause
from .queries import measure_of, open_clock, pauses_of, stops
from .rules import moments, passed
from .workcalendar import Days

SWEEPER = System("clocks")
BATCH = 500
SECOND = timedelta(seconds=1)

Case = tuple[str, int, object]  # kind, id, label
Ladder = Iterable[tuple[str, timedelta]]  # role, a further time after the step before


@action
def start_clock(
    kind: str,
    *,
    case: Case,
    project_id: int,
    target: timedelta,
    by: Actor,
    hours: str = Hours.WALL,
    service_hours: Mapping[str, Any] | None = None,
    warn_at: Decimal = Decimal("0.8"),
    ladder: Ladder = (),
    started_at: datetime | None = None,
    chain: str | None = None,
) -> Clock:
    """Start clock `kind` of a case: `target` of clock time or service hours from now (or `started_at`) on (spec 02).

    `warn_at` is the share of the target at which to warn, whole percents. Raises Invalid for a target that is not
    positive, a share outside 1–100 %, and service hours that leave no time to work; Conflict when it runs already.
    """
    case_kind, case_id, label = case
    if hours not in Hours.values:
        raise Invalid(fields={"hours": _("A clock counts clock time or service hours.")})
    clock = Clock(
        case_kind=case_kind,
        case_id=case_id,
        case_label=str(label)[:120],
        project_id=project_id,
        chain=chain or f"project:{project_id}",
        kind=kind,
        hours=hours,
        service_hours=dict(service_hours or {}) if hours == Hours.SERVICE else {},
        target_seconds=_seconds(target),
        warn_percent=_percent(warn_at),
        ladder=_ladder(ladder),
        started_at=started_at or kernel_clock.now(),
    )
    _set_moments(clock, pauses=(), days=_days([clock]))
    _insert(clock)
    _record("clock_started", clock, by=by, data={"hours": hours, "target_s": clock.target_seconds, "due": clock.due_at})
    return clock


def _seconds(target: timedelta) -> int:
    if target < SECOND:
        raise Invalid(fields={"target": _("A target is at least one second.")})
    return target // SECOND


def _percent(share: Decimal) -> int:
    percent = share * 100
    if not 1 <= percent <= 100 or percent != percent.to_integral_value():
        raise Invalid(fields={"warn_at": _("Warn between 1 and 100 percent of the target.")})
    return int(percent)


def _ladder(ladder: Ladder) -> list[tuple[str, int]]:
    steps = [(role, after // SECOND) for role, after in ladder]
    if any(seconds < 0 for _role, seconds in steps):
        raise Invalid(fields={"ladder": _("A step of the ladder cannot come before the step below it.")})
    return steps


def _insert(clock: Clock) -> None:
    try:
        with transaction.atomic():
            clock.save(force_insert=True)
    except IntegrityError as error:
        if open_clock(clock.case_kind, clock.case_id, clock.kind) is None:
            raise
        raise Conflict(_("This clock is running already.")) from error


def _days(clocks: Sequence[Clock]) -> Days:
    """The table of days, read only when one of the clocks counts service hours."""
    return day_table() if any(clock.hours == Hours.SERVICE for clock in clocks) else Days()


def _moments(clock: Clock, *, pauses: Sequence[Pause], days: Days) -> list[datetime]:
    return moments(
        clock.started_at,
        clock.target,
        warn_percent=clock.warn_percent,
        ladder=clock.rungs,
        pauses=stops(pauses),
        measure=measure_of(clock, days),
    )


def _set_moments(clock: Clock, *, pauses: Sequence[Pause], days: Days) -> None:
    """Due, warning and the next moment to announce, from start, target and pauses."""
    found = _moments(clock, pauses=pauses, days=days)
    clock.warn_at, clock.due_at = found[:2]
    clock.next_at = _next(clock, found)


def _announced(clock: Clock) -> int:
    """How many of a clock's moments have been announced: warning, breach, rungs."""
    return 2 + clock.level if clock.breached_at else int(clock.warned_at is not None)


def _next(clock: Clock, found: Sequence[datetime]) -> datetime | None:
    """The first moment not announced; none for a clock that does not run."""
    left = found[_announced(clock) :]
    return left[0] if left and not (clock.paused_at or clock.stopped_at) else None


@action
def pause_clock(clock: Clock, *, reason: str, by: Actor, note: str = "") -> Pause:
    """Let a clock stand still from now on, for a reason the resident sees; what was missed before stays missed.

    Raises Invalid for an unknown reason, or for “other” without a note; Conflict when the clock does not run.
    """
    if reason not in PauseReason.values:
        raise Invalid(fields={"reason": _("Choose a reason.")})
    if reason == PauseReason.OTHER and not note.strip():
        raise Invalid(fields={"note": _("Say what the clock waits for.")})
    now = kernel_clock.now()
    _claim(clock, {"paused_at__isnull": True}, {"paused_at": now}, _("This clock is not running."))
    clock.paused_at = None  # what was reached up to now is announced first
    _announce([clock], now)
    clock.paused_at, clock.next_at = now, None
    clock.save(update_fields=["paused_at", "next_at"])
    pause = Pause.objects.create(clock=clock, reason=reason, note=note[:200], began_at=now)
    _record("clock_paused", clock, by=by, data={"reason": reason})
    return pause


@action
def resume_clock(clock: Clock, *, by: Actor) -> None:
    """Let a paused clock run on; raises Conflict when it is not paused."""
    now = kernel_clock.now()
    _claim(clock, {"paused_at__isnull": False}, {"paused_at": None}, _("This clock is not paused."))
    _close_pause(clock, now)
    clock.save(update_fields=["due_at", "warn_at", "next_at"])
    _record("clock_resumed", clock, by=by, data={"due": clock.due_at})


@action
def stop_clock(clock: Clock, *, by: Actor) -> None:
    """The promise was kept, or is over, at this moment; raises Conflict when the clock was stopped before."""
    now = kernel_clock.now()
    was_paused = _claim(clock, {}, {"stopped_at": now, "paused_at": None}, _("This clock was stopped before."))
    if was_paused:
        _close_pause(clock, now)
    is_late = now > clock.due_at
    if is_late and clock.breached_at is None:
        clock.breached_at = clock.due_at
        _send([_notice(clock, 1, clock.due_at)])
    clock.next_at = None
    clock.save(update_fields=["due_at", "warn_at", "next_at", "breached_at"])
    _record("clock_stopped", clock, by=by, data={"due": clock.due_at, "late": is_late})


@action
def retarget_clock(clock: Clock, *, target: timedelta, reason: str, by: Actor) -> None:
    """Give an open clock another target, counted from its start, for a reason (spec 02).

    If the new due time is still to come the ladder begins anew; what was announced stays in the journal. Raises
    Invalid without a reason or for a target that is not positive, Conflict when the clock was stopped.
    """
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why the target changes.")})
    seconds, before, now = _seconds(target), clock.target_seconds, kernel_clock.now()
    _claim(clock, {}, {"target_seconds": seconds}, _("This clock was stopped before."))
    pauses = pauses_of([clock]).get(clock.pk, [])
    found = _moments(clock, pauses=pauses, days=_days([clock]))
    _forget_news(clock, passed(found, clock.paused_at or now))
    clock.warn_at, clock.due_at, clock.next_at = found[0], found[1], _next(clock, found)
    clock.save(update_fields=["due_at", "warn_at", "next_at", "warned_at", "breached_at", "level"])
    _record("clock_retargeted", clock, by=by, data={"from_s": before, "to_s": seconds, "reason": reason})


def _forget_news(clock: Clock, reached: int) -> None:
    """What has not been reached under the new target has not been announced either."""
    if reached < 2:
        clock.breached_at, clock.level = None, 0
    if reached < 1:
        clock.warned_at = None


def _claim(clock: Clock, condition: dict[str, Any], values: dict[str, Any], refusal: object) -> bool:
    """Take an open clock by conditional update and read it anew; gives whether it was paused. Raises Conflict."""
    rows = Clock.objects.filter(pk=clock.pk, stopped_at__isnull=True, **condition)
    if rows.update(**values) != 1:
        raise Conflict(refusal)
    clock.refresh_from_db()
    return Pause.objects.filter(clock=clock, ended_at__isnull=True).exists()


def _close_pause(clock: Clock, now: datetime) -> None:
    Pause.objects.filter(clock=clock, ended_at__isnull=True).update(ended_at=now)
    pauses = pauses_of([clock]).get(clock.pk, [])
    _set_moments(clock, pauses=pauses, days=_days([clock]))


def _record(verb: str, clock: Clock, *, by: Actor, data: dict[str, object]) -> None:
    subject = (clock.case_kind, clock.case_id, clock.case_label)
    values = {"clock": clock.pk, "kind": clock.kind, **{name: str(value) for name, value in data.items()}}
    journal.record(f"clocks.{verb}", chain=clock.chain, by=by, subject=subject, data=values)


@action
def escalate_due(*, now: datetime | None = None) -> int:
    """Announce warnings, breaches and rungs that have been reached, of at most 500 clocks; gives how many had news.

    Idempotent and safe with several workers: a clock is taken by one of them, and what is announced is marked on it.
    """
    moment = now or kernel_clock.now()
    rows = Clock.objects.select_for_update(skip_locked=True).filter(next_at__lte=moment).order_by("next_at", "pk")
    return _announce(list(rows[:BATCH]), moment)


def _announce(clocks: Sequence[Clock], now: datetime) -> int:
    """Mark, record and send what was reached by `now` and is not announced; set-wise for any number of clocks."""
    days, pauses = _days(clocks), pauses_of(clocks)
    news = [notice for clock in clocks for notice in _mark(clock, pauses.get(clock.pk, []), days, now)]
    Clock.objects.bulk_update(clocks, ["warned_at", "breached_at", "level", "next_at"])
    # after a target was changed and changed back a rung is told again but entered once
    Escalation.objects.bulk_create([_escalation(one, now) for one in news if one.level], ignore_conflicts=True)
    _send(news)
    return len({notice.clock_id for notice in news})


def _mark(clock: Clock, pauses: Sequence[Pause], days: Days, now: datetime) -> list[Notice]:
    """Mark on a clock what it has reached, enter it in the journal, and give what there is to tell."""
    found = _moments(clock, pauses=pauses, days=days)
    news = range(_announced(clock), passed(found, now))
    if news:
        clock.warned_at = clock.warned_at or found[0]
    if news.stop > 1:
        clock.breached_at, clock.level = clock.breached_at or found[1], max(clock.level, news.stop - 2)
    clock.next_at = _next(clock, found)
    notices = [_notice(clock, number, found[number]) for number in news if number > 0 or news.stop == 1]
    for notice in notices:
        _enter(clock, notice)
    return notices


def _notice(clock: Clock, number: int, at: datetime) -> Notice:
    """What moment number 0 (warning), 1 (due) or more (rungs) means for whoever listens."""
    news = (News.WARNED, News.BREACHED, News.ESCALATED)[min(number, 2)]
    role = clock.rungs[number - 2].role if number > 1 else ""
    case = (clock.case_kind, clock.case_id, clock.case_label)
    return Notice(news, clock.pk, *case, clock.project_id, clock.kind, at, max(0, number - 1), role)


def _enter(clock: Clock, notice: Notice) -> None:
    """The journal keeps breaches and escalations; a warning is no more than a reminder."""
    if notice.news != News.WARNED:
        data = {"since": notice.at, "level": notice.level, "role": notice.role}
        _record(f"clock_{notice.news}", clock, by=SWEEPER, data=data)


def _escalation(notice: Notice, now: datetime) -> Escalation:
    return Escalation(clock_id=notice.clock_id, level=notice.level, to_role=notice.role, at=notice.at, noticed_at=now)


def _send(news: Sequence[Notice]) -> None:
    for kind, signal in SIGNALS.items():
        notices = [notice for notice in news if notice.news == kind]
        if notices:
            signal.send(sender=Clock, notices=notices)


@action
def recompute_service_clocks(*, by: Actor = SWEEPER) -> int:
    """Compute the moments of open service-hour clocks anew after the table of days changed; gives how many moved.

    Clocks already overdue stay so: an announcement does not undo what was missed.
    """
    now = kernel_clock.now()
    ahead = Clock.objects.filter(hours=Hours.SERVICE, stopped_at__isnull=True, due_at__gte=now)
    clocks = list(ahead.select_for_update().order_by("pk"))
    days, pauses, before = day_table(), pauses_of(clocks), {clock.pk: clock.due_at for clock in clocks}
    for clock in clocks:
        _set_moments(clock, pauses=pauses.get(clock.pk, []), days=days)
    moved = [clock for clock in clocks if clock.due_at != before[clock.pk]]
    Clock.objects.bulk_update(moved, ["due_at", "warn_at", "next_at"])
    for clock in moved:
        _record("clock_moved", clock, by=by, data={"from": before[clock.pk], "due": clock.due_at})
    return len(moved)
