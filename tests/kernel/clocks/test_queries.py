"""Reading clocks: by case, by condition, and what is left."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from kernel.clocks.clocking import BY, HOURS, OFFICE, after, at, started
from wuyou.kernel.clocks.actions import pause_clock, resume_clock, stop_clock
from wuyou.kernel.clocks.choices import Status
from wuyou.kernel.clocks.models import Clock
from wuyou.kernel.clocks.queries import (
    clocks_of,
    is_due_soon,
    is_missed,
    open_clock,
    open_clocks,
    pauses_of,
    time_left,
    time_used,
)
from wuyou.kernel.clocks.workcalendar import Days

pytestmark = pytest.mark.django_db


def test_clocks_of_many_cases_take_one_query(django_assert_num_queries: Callable[[int], CaptureQueriesContext]) -> None:
    first, second, other = started("respond", case_id=1), started("resolve", case_id=1), started(case_id=2)
    started(case_id=3)
    with django_assert_num_queries(1):
        assert clocks_of("tickets.ticket", [1, 2, 99]) == {1: [first, second], 2: [other]}
    assert clocks_of("gate.permit", [1]) == {}


def test_open_clocks_are_those_not_stopped() -> None:
    paused, stopped = started("respond"), started("resolve")
    pause_clock(paused, reason="parts", by=BY)
    stop_clock(stopped, by=BY)
    assert list(open_clocks("tickets.ticket", 7)) == [paused]
    assert open_clock("tickets.ticket", 7, "respond") == paused
    assert open_clock("tickets.ticket", 7, "resolve") is None


@pytest.mark.parametrize("hour", [0, 7.99, 8, 9, 10, 10.01, 50])
def test_conditions_and_status_are_one_rule(hour: float) -> None:
    """Each clock is found by a condition exactly when its status says so."""
    started(case_id=1)
    paused, paused_late, stopped, stopped_late = (started(case_id=number) for number in range(2, 6))
    for moment, clock, act in [(9, paused, pause_clock), (12, paused_late, pause_clock)]:
        with at(moment):
            act(clock, reason="parts", by=BY)
    for moment, clock in [(9, stopped), (12, stopped_late)]:
        with at(moment):
            stop_clock(clock, by=BY)
    now = after(hour)
    statuses = {clock.pk: clock.status(now) for clock in Clock.objects.all()}
    missed = set(Clock.objects.filter(is_missed(now)).values_list("pk", flat=True))
    soon = set(Clock.objects.filter(is_due_soon(now)).values_list("pk", flat=True))
    assert missed == {pk for pk, status in statuses.items() if status == Status.MISSED}
    assert soon == {pk for pk, status in statuses.items() if status == Status.WARNED}


def test_a_page_says_late_although_nothing_was_swept() -> None:
    clock = started()
    assert clock.status(after(11)) == Status.MISSED
    assert (clock.breached_at, clock.level) == (None, 0)


def test_what_is_left_of_clock_time_and_of_service_hours() -> None:
    wall, service = started(case_id=1), started(case_id=2, target=12, hours="service", service_hours=OFFICE)
    assert time_left(wall, after(4), days=Days()) == 6 * HOURS
    assert time_left(wall, after(13), days=Days()) == -3 * HOURS
    assert time_left(service, after(24), days=Days()) == 2 * HOURS


def test_time_used_leaves_pauses_out() -> None:
    clock = started()
    with at(2):
        pause_clock(clock, reason="resident", by=BY)
    with at(5):
        resume_clock(clock, by=BY)
    clock.refresh_from_db()
    pauses = pauses_of([clock])
    assert [str(pause) for pause in pauses[clock.pk]] == [pauses[clock.pk][0].get_reason_display()]
    assert time_used(clock, after(6), pauses=pauses, days=Days()) == 3 * HOURS
    with at(8):
        stop_clock(clock, by=BY)
    assert time_used(clock, after(99), pauses=pauses, days=Days()) == 5 * HOURS


def test_time_used_without_pauses() -> None:
    assert time_used(started(), after(6), pauses={}, days=Days()) == timedelta(hours=6)
