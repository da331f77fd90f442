"""Starting, pausing, resuming, stopping, retargeting and sweeping clocks: every exit."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.dispatch import Signal
from django.test.utils import CaptureQueriesContext

from kernel.clocks.clocking import BY, HOURS, LADDER, OFFICE, after, at, started
from wuyou.kernel.clocks import actions
from wuyou.kernel.clocks.actions import (
    escalate_due,
    pause_clock,
    recompute_service_clocks,
    resume_clock,
    retarget_clock,
    start_clock,
    stop_clock,
)
from wuyou.kernel.clocks.calendars import set_day
from wuyou.kernel.clocks.choices import Status
from wuyou.kernel.clocks.events import News, Notice, clock_breached, clock_escalated, clock_warned
from wuyou.kernel.clocks.models import Clock, Escalation, Pause
from wuyou.kernel.clocks.tasks import recompute, sweep
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[Notice]]:
    """What listeners were told."""
    told: list[Notice] = []

    def listen(sender: type[Clock], notices: list[Notice], **_rest: Any) -> None:
        told.extend(notices)

    signals: list[Signal] = [clock_warned, clock_breached, clock_escalated]
    for signal in signals:
        signal.connect(listen)
    yield told
    for signal in signals:
        signal.disconnect(listen)


def verbs() -> list[str]:
    """The journal of project 3 so far."""
    return list(Entry.objects.filter(chain__key="project:3").order_by("seq").values_list("verb", flat=True))


def news(heard: list[Notice]) -> list[tuple[str, int, str]]:
    """Kind, level and role of what was told."""
    return [(notice.news.value, notice.level, notice.role) for notice in heard]


def stored(clock: Clock) -> Clock:
    """The clock as the database has it."""
    return Clock.objects.get(pk=clock.pk)


# --- start


def test_a_clock_knows_when_to_warn_and_when_it_is_due() -> None:
    clock = stored(started(ladder=LADDER))
    assert (clock.started_at, clock.warn_at, clock.due_at, clock.next_at) == (after(0), after(8), after(10), after(8))
    assert (clock.project_id, clock.case_kind, clock.case_id, clock.case_label) == (3, "tickets.ticket", 7, "BX-7")
    assert [(rung.role, rung.after) for rung in clock.rungs] == LADDER
    assert verbs() == ["clocks.clock_started"]
    assert str(clock) == "BX-7 resolve"


def test_a_clock_may_have_started_before() -> None:
    assert started(started_at=after(-5)).due_at == after(5)


def test_a_clock_of_service_hours_sleeps_over_the_weekend() -> None:
    clock = started(target=12, hours="service", service_hours=OFFICE)
    assert clock.due_at == after(72 + 2)
    assert clock.service_hours == OFFICE


def test_wall_clocks_keep_no_service_hours() -> None:
    assert started(service_hours=OFFICE).service_hours == {}


def test_an_act_above_projects_has_its_own_chain() -> None:
    started(chain="node:1")
    assert list(Entry.objects.values_list("chain__key", flat=True)) == ["node:1"]


def test_a_case_runs_several_kinds_at_once_but_each_once() -> None:
    started("respond")
    started("resolve")
    with pytest.raises(Conflict):
        started("resolve")
    assert Clock.objects.count() == 2
    assert verbs() == ["clocks.clock_started"] * 2


def test_a_stopped_clock_may_be_started_again() -> None:
    stop_clock(started(), by=BY)
    started()
    assert Clock.objects.filter(stopped_at=None).count() == 1


def test_what_the_database_refuses_otherwise_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_seconds", lambda _target: 0)
    with pytest.raises(IntegrityError):
        started()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"target": 0}, "target"),
        ({"target": -1}, "target"),
        ({"warn_at": Decimal(0)}, "warn_at"),
        ({"warn_at": Decimal("1.01")}, "warn_at"),
        ({"warn_at": Decimal("0.805")}, "warn_at"),
        ({"hours": "moon"}, "hours"),
        ({"hours": "service"}, "service_hours"),
        ({"hours": "service", "service_hours": {"holiday": ["08:00", "18:00"]}}, "service_hours"),
        ({"ladder": [("manager", -HOURS)]}, "ladder"),
    ],
)
def test_a_clock_that_makes_no_sense_is_refused(options: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        started(**options)
    assert [wrong.field for wrong in error.value.fields] == [field]
    assert Clock.objects.count() == 0


@pytest.mark.parametrize(("share", "warned"), [(Decimal(1), 10), (Decimal("0.5"), 5), (Decimal("0.01"), 0.1)])
def test_the_share_at_which_to_warn(share: Decimal, warned: float) -> None:
    assert started(warn_at=share).warn_at == after(warned)


# --- pause and resume


def test_a_pause_moves_the_due_time_by_its_length() -> None:
    clock = started()
    with at(4):
        pause = pause_clock(clock, reason="parts", by=BY)
    paused = stored(clock)
    assert (paused.paused_at, paused.next_at, paused.due_at) == (after(4), None, after(10))
    with at(7):
        resume_clock(clock, by=BY)
    resumed = stored(clock)
    assert (resumed.paused_at, resumed.warn_at, resumed.due_at, resumed.next_at) == (
        None, after(11), after(13), after(11),
    )  # fmt: skip
    pause.refresh_from_db()
    assert (pause.began_at, pause.ended_at, pause.length(after(99))) == (after(4), after(7), 3 * HOURS)
    assert verbs() == ["clocks.clock_started", "clocks.clock_paused", "clocks.clock_resumed"]


def test_an_open_pause_is_as_long_as_it_has_lasted() -> None:
    with at(4):
        assert pause_clock(started(), reason="weather", by=BY).length(after(6)) == 2 * HOURS


def test_pauses_add_up() -> None:
    clock = started()
    for begin, end in [(1, 2), (3, 5)]:
        with at(begin):
            pause_clock(clock, reason="resident", by=BY)
        with at(end):
            resume_clock(clock, by=BY)
    assert stored(clock).due_at == after(13)


def test_a_pause_of_service_hours_counts_service_hours() -> None:
    """Paused from Friday 16:00 to Monday 10:00: two hours of Friday and two of Monday do not count."""
    clock = started(target=12, hours="service", service_hours=OFFICE)
    with at(8):
        pause_clock(clock, reason="resident", by=BY)
    with at(72 + 2):
        resume_clock(clock, by=BY)
    assert stored(clock).due_at == after(72 + 6)


def test_a_paused_clock_is_not_paused_again() -> None:
    clock = started()
    pause_clock(clock, reason="parts", by=BY)
    with pytest.raises(Conflict):
        pause_clock(clock, reason="parts", by=BY)
    assert Pause.objects.count() == 1


def test_a_running_clock_is_not_resumed() -> None:
    with pytest.raises(Conflict):
        resume_clock(started(), by=BY)


def test_a_stopped_clock_is_neither_paused_nor_resumed() -> None:
    clock = started()
    stop_clock(clock, by=BY)
    with pytest.raises(Conflict):
        pause_clock(clock, reason="parts", by=BY)
    with pytest.raises(Conflict):
        resume_clock(clock, by=BY)


@pytest.mark.parametrize(
    ("reason", "note", "field"), [("bored", "", "reason"), ("", "", "reason"), ("other", " ", "note")]
)
def test_a_pause_needs_a_reason(reason: str, note: str, field: str) -> None:
    clock = started()
    with pytest.raises(Invalid) as error:
        pause_clock(clock, reason=reason, note=note, by=BY)
    assert [wrong.field for wrong in error.value.fields] == [field]
    assert stored(clock).paused_at is None


def test_another_reason_is_said_in_words() -> None:
    pause = pause_clock(started(), reason="other", note="钥匙在邻居家", by=BY)
    assert (pause.reason, pause.note) == ("other", "钥匙在邻居家")


def test_pausing_after_the_due_time_does_not_undo_the_breach(heard: list[Notice]) -> None:
    clock = started(ladder=LADDER)
    with at(11):
        pause_clock(clock, reason="parts", by=BY)
    paused = stored(clock)
    assert (paused.status(after(50)), paused.breached_at, paused.level) == (Status.MISSED, after(10), 1)
    assert news(heard) == [("breached", 0, ""), ("escalated", 1, "supervisor")]
    with at(50):
        resume_clock(clock, by=BY)
    resumed = stored(clock)
    assert (resumed.due_at, resumed.next_at, resumed.status(after(50))) == (after(10), after(51), Status.MISSED)


# --- stop


@pytest.mark.parametrize(
    ("hour", "status", "late"), [(9, Status.MET, "False"), (10, Status.MET, "False"), (10.01, Status.LATE, "True")]
)
def test_stopping_in_time_and_late(hour: float, status: Status, late: str) -> None:
    clock = started()
    with at(hour):
        stop_clock(clock, by=BY)
    stopped = stored(clock)
    assert (stopped.stopped_at, stopped.next_at, stopped.status(after(99))) == (after(hour), None, status)
    entry = Entry.objects.get(verb="clocks.clock_stopped")
    assert f'"late":"{late}"' in entry.data


def test_stopping_late_tells_the_breach_nobody_swept(heard: list[Notice]) -> None:
    clock = started(ladder=LADDER)
    with at(11):
        stop_clock(clock, by=BY)
    assert news(heard) == [("breached", 0, "")]
    assert stored(clock).breached_at == after(10)


def test_stopping_late_does_not_tell_the_breach_twice(heard: list[Notice]) -> None:
    clock = started()
    with at(11):
        escalate_due()
        stop_clock(clock, by=BY)
    assert news(heard) == [("breached", 0, "")]


def test_stopping_a_paused_clock_closes_its_pause() -> None:
    clock = started()
    with at(4):
        pause_clock(clock, reason="resident", by=BY)
    with at(40):
        stop_clock(clock, by=BY)
    stopped = stored(clock)
    assert (stopped.paused_at, stopped.due_at, stopped.status(after(99))) == (None, after(46), Status.MET)
    assert Pause.objects.get().ended_at == after(40)


def test_stopping_twice_is_a_conflict() -> None:
    clock = started()
    stop_clock(clock, by=BY)
    with pytest.raises(Conflict):
        stop_clock(clock, by=BY)


# --- another target


def test_a_longer_target_moves_the_due_time_and_forgets_the_breach(heard: list[Notice]) -> None:
    clock = started(ladder=LADDER)
    with at(11):
        escalate_due()
        retarget_clock(clock, target=48 * HOURS, reason="一般维修", by=BY)
    moved = stored(clock)
    assert (moved.due_at, moved.warned_at, moved.breached_at, moved.level) == (after(48), None, None, 0)
    assert (moved.next_at, moved.status(after(11))) == (after(38.4), Status.RUNNING)
    assert verbs()[-1] == "clocks.clock_retargeted"
    assert Escalation.objects.count() == 1  # what was told stays told


def test_a_target_between_warning_and_due_keeps_the_warning(heard: list[Notice]) -> None:
    clock = started()
    with at(11):
        escalate_due()
        retarget_clock(clock, target=12 * HOURS, reason="误报", by=BY)
    moved = stored(clock)
    assert (moved.warned_at, moved.breached_at, moved.next_at) == (after(8), None, after(12))


def test_a_shorter_target_may_be_missed_at_once(heard: list[Notice]) -> None:
    clock = started()
    with at(5):
        retarget_clock(clock, target=2 * HOURS, reason="急修", by=BY)
        assert stored(clock).status(after(5)) == Status.MISSED
        escalate_due()
    assert news(heard) == [("breached", 0, "")]


def test_going_back_to_a_target_enters_a_rung_once(heard: list[Notice]) -> None:
    clock = started(ladder=LADDER)
    for target in (48, 10):
        with at(11):
            escalate_due()
            retarget_clock(clock, target=target * HOURS, reason="更正", by=BY)
    with at(11):
        escalate_due()
    assert Escalation.objects.count() == 1
    assert news(heard) == [("breached", 0, ""), ("escalated", 1, "supervisor")] * 2


def test_a_paused_clock_keeps_standing_under_its_new_target() -> None:
    clock = started()
    with at(4):
        pause_clock(clock, reason="parts", by=BY)
    with at(30):
        retarget_clock(clock, target=20 * HOURS, reason="更正", by=BY)
    assert (stored(clock).status(after(30)), stored(clock).next_at) == (Status.PAUSED, None)
    with at(31):
        resume_clock(clock, by=BY)
    assert stored(clock).due_at == after(20 + 27)


def test_a_target_changes_for_a_reason_only() -> None:
    clock = started()
    for target, reason, field in [(5, " ", "reason"), (0, "更正", "target")]:
        with pytest.raises(Invalid) as error:
            retarget_clock(clock, target=target * HOURS, reason=reason, by=BY)
        assert [wrong.field for wrong in error.value.fields] == [field]
    assert stored(clock).target == 10 * HOURS


def test_a_stopped_clock_has_no_other_target() -> None:
    clock = started()
    stop_clock(clock, by=BY)
    with pytest.raises(Conflict):
        retarget_clock(clock, target=5 * HOURS, reason="更正", by=BY)


# --- the sweep


@pytest.mark.parametrize(
    ("hour", "expected", "level", "next_hour"),
    [
        (7.9, [], 0, 8),
        (8, [("warned", 0, "")], 0, 10),
        (10, [("warned", 0, "")], 0, 10),
        (11, [("breached", 0, ""), ("escalated", 1, "supervisor")], 1, 12),
        (13, [("breached", 0, ""), ("escalated", 1, "supervisor"), ("escalated", 2, "manager")], 2, None),
    ],
)
def test_the_sweep_tells_what_was_reached(
    heard: list[Notice], hour: float, expected: list[Any], level: int, next_hour: float | None
) -> None:
    """A warning is not told any more when it is too late for it."""
    clock = started(ladder=LADDER)
    with at(hour):
        assert escalate_due() == bool(expected)
        assert escalate_due() == 0
    swept = stored(clock)
    assert news(heard) == expected
    assert (swept.level, swept.next_at) == (level, None if next_hour is None else after(next_hour))


def test_the_sweep_dates_what_happened_and_not_itself(heard: list[Notice]) -> None:
    clock = started(ladder=LADDER)
    with at(99):
        escalate_due()
    swept = stored(clock)
    assert (swept.warned_at, swept.breached_at) == (after(8), after(10))
    assert heard[-1] == Notice(
        News.ESCALATED, clock.pk, "tickets.ticket", 7, "BX-7", 3, "resolve", after(12), 2, "manager"
    )
    rows = Escalation.objects.values_list("level", "to_role", "at", "noticed_at")
    assert list(rows) == [(1, "supervisor", after(10), after(99)), (2, "manager", after(12), after(99))]
    assert [str(row) for row in Escalation.objects.all()] == ["1 supervisor", "2 manager"]
    assert verbs() == [
        "clocks.clock_started", "clocks.clock_breached", "clocks.clock_escalated", "clocks.clock_escalated",
    ]  # fmt: skip


def test_step_by_step_or_at_once_makes_the_same_history(heard: list[Notice]) -> None:
    often, once = started(case_id=1, ladder=LADDER), started(case_id=2, ladder=LADDER)
    Clock.objects.filter(pk=once.pk).update(next_at=after(13))
    for hour in (8, 10.5, 11, 12.5, 13):
        with at(hour):
            escalate_due()
    one, other = stored(often), stored(once)
    assert (one.warned_at, one.breached_at, one.level) == (other.warned_at, other.breached_at, other.level)
    rows = [list(clock.escalations.values_list("level", "at")) for clock in (one, other)]
    assert rows[0] == rows[1] == [(1, after(10)), (2, after(12))]


def test_paused_and_stopped_clocks_are_left_alone(heard: list[Notice]) -> None:
    paused, stopped = started(case_id=1), started(case_id=2)
    with at(4):
        pause_clock(paused, reason="weather", by=BY)
        stop_clock(stopped, by=BY)
    with at(99):
        assert escalate_due() == 0
    assert heard == []


def test_the_moment_of_a_sweep_may_be_given(heard: list[Notice]) -> None:
    started()
    assert escalate_due(now=after(9)) == 1
    assert news(heard) == [("warned", 0, "")]


def test_a_refused_listener_undoes_the_sweep() -> None:
    clock = started()

    def refuse(**_rest: Any) -> None:
        raise Conflict("no")

    clock_breached.connect(refuse)
    try:
        with at(11), pytest.raises(Conflict):
            escalate_due()
    finally:
        clock_breached.disconnect(refuse)
    assert (stored(clock).breached_at, verbs()) == (None, ["clocks.clock_started"])


def test_the_sweep_takes_the_same_queries_for_one_and_for_many(
    django_assert_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    counts = []
    for case_id, many in ((1, 1), (100, 30)):
        for number in range(many):
            started(case_id=case_id + number, hours="service", service_hours=OFFICE, ladder=LADDER)
        from django.db import connection

        with at(99), CaptureQueriesContext(connection) as queries:
            assert escalate_due() == many
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_job_sweeps_batch_by_batch(monkeypatch: pytest.MonkeyPatch, heard: list[Notice]) -> None:
    for number in range(5):
        started(case_id=number)
    monkeypatch.setattr(actions, "BATCH", 2)
    monkeypatch.setattr("wuyou.kernel.clocks.tasks.BATCH", 2)
    with at(9):
        assert sweep() == 5
    assert len(heard) == 5


# --- a changed table of days


def test_service_clocks_follow_a_new_day_off() -> None:
    clock = started(target=12, hours="service", service_hours=OFFICE)
    wall = started(case_id=8)
    with at(1):
        set_day(date(2026, 11, 23), kind="rest", name="National Day", source="通知", by=BY)
        assert recompute() == 1
        assert recompute_service_clocks(by=BY) == 0
    assert (stored(clock).due_at, stored(wall).due_at) == (after(96 + 2), after(10))
    assert verbs()[-1] == "clocks.clock_moved"


def test_what_was_missed_stays_missed_under_a_new_table() -> None:
    clock = started(target=12, hours="service", service_hours=OFFICE)
    with at(90):
        set_day(date(2026, 11, 23), kind="rest", name="National Day", source="通知", by=BY)
        assert recompute_service_clocks() == 0
    assert stored(clock).status(after(90)) == Status.MISSED


def test_start_takes_a_target_of_seconds() -> None:
    clock = start_clock(
        "respond", case=("tickets.ticket", 9, "BX-9"), project_id=3, target=timedelta(seconds=90), by=BY
    )
    assert clock.target == timedelta(seconds=90)
