"""Several people and sweepers at once, on threads of their own connections."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from kernel.clocks.clocking import BY, HOURS, LADDER, at, started
from wuyou.kernel.clocks.actions import escalate_due, pause_clock, start_clock
from wuyou.kernel.clocks.choices import DayKind
from wuyou.kernel.clocks.models import CalendarDay, Clock, Escalation, Pause
from wuyou.kernel.errors import Conflict
from wuyou.kernel.flows import Flow, Transition, claim
from wuyou.kernel.journal.models import Entry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PEOPLE = 4
DAY = Flow(
    "day_at_once",
    "Day",
    DayKind.WORKDAY,
    dict(DayKind.choices),
    (
        Transition("declare", (DayKind.WORKDAY,), DayKind.HOLIDAY, "Declare", "x"),
        Transition("soften", (DayKind.HOLIDAY,), DayKind.REST, "Soften", "x"),
    ),
    field="kind",
)


def at_once(act: Callable[[], object]) -> Counter[str]:
    """Let several people do the same at the same moment; how many did it and how many were told no."""
    barrier = Barrier(PEOPLE)

    def press(_number: int) -> str:
        barrier.wait()
        try:
            act()
        except Conflict as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(PEOPLE) as pool:
        return Counter(pool.map(press, range(PEOPLE)))


def test_one_of_many_claims_wins() -> None:
    CalendarDay.objects.create(day="2026-01-04", kind=DayKind.WORKDAY, name="one", source="test")
    rows = [CalendarDay.objects.get() for _ in range(PEOPLE)]
    assert at_once(lambda: claim(rows.pop(), DAY, "declare")) == {"done": 1, "Conflict": PEOPLE - 1}


def test_one_of_many_pauses_wins() -> None:
    clock = started()
    pressed = at_once(lambda: pause_clock(Clock.objects.get(pk=clock.pk), reason="parts", by=BY))
    assert pressed == {"done": 1, "Conflict": PEOPLE - 1}
    assert Pause.objects.count() == 1


def test_one_of_many_starts_wins() -> None:
    case = ("tickets.ticket", 7, "BX-7")
    pressed = at_once(lambda: start_clock("resolve", case=case, project_id=3, target=HOURS, by=BY))
    assert pressed == {"done": 1, "Conflict": PEOPLE - 1}
    assert Clock.objects.count() == 1


def test_many_sweepers_tell_everything_once() -> None:
    for number in range(40):
        started(case_id=number, ladder=LADDER)

    def sweep() -> None:
        with at(99):
            escalate_due()

    assert at_once(sweep) == {"done": PEOPLE}
    with at(99):
        escalate_due()  # what another sweeper held is left for the next round
    assert Escalation.objects.count() == 40 * len(LADDER)
    verbs = Counter(Entry.objects.values_list("verb", flat=True))
    assert verbs == {
        "clocks.clock_started": 40,
        "clocks.clock_breached": 40,
        "clocks.clock_escalated": 40 * len(LADDER),
    }
