"""Clock edges: midnight, leap days, clocks that go back, machines in other zones (spec 02)."""

import datetime as dt
from collections import Counter
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from factories.org import ProjectFactory, user_with
from factories.tasks import MORNING, site, task
from factories.work import BY, bound, estate, published
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.org.actions.tree import change_project
from wuyou.domains.work.actions.generation import generate
from wuyou.domains.work.actions.tasks import complete_task
from wuyou.domains.work.models import Task
from wuyou.domains.work.queries.compliance import Scope, compliance_total
from wuyou.domains.work.rules.compliance import Counts
from wuyou.kernel import cadence, clock, journal
from wuyou.kernel.errors import Invalid

MICRO = dt.timedelta(microseconds=1)
TODAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Shanghai", "UTC"])
def test_a_day_changes_at_midnight_in_shanghai_wherever_the_machine_stands(zone: str) -> None:
    moment = dt.datetime(2026, 11, 20, 16, 0, tzinfo=dt.UTC)  # midnight in Shanghai
    for shift, expected in ((-MICRO, dt.date(2026, 11, 20)), (MICRO * 0, dt.date(2026, 11, 21))):
        with time_machine.travel((moment + shift).astimezone(ZoneInfo(zone)), tick=False):
            assert clock.today() == expected
            assert clock.now().tzinfo is dt.UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(dt.datetime(2026, 11, 20)):
        pass


@given(st.dates(dt.date(1992, 1, 1), dt.date(2100, 1, 1)))
def test_days_join_without_gap(day: dt.date) -> None:
    start, end = clock.day_bounds(day)
    assert end - start == dt.timedelta(days=1)
    assert clock.day_bounds(day + dt.timedelta(days=1))[0] == end
    assert (clock.local(start).date(), clock.local(end - MICRO).date()) == (day, day)


@pytest.mark.parametrize("text", ["1/1 d", "1/1 w", "1/1 m", "1/0.5 m", "1/1 q", "1/1 y", "1/3 h"])
@pytest.mark.parametrize("year", [2027, 2028, 2100])
def test_windows_join_over_new_year_and_leap_days(text: str, year: int) -> None:
    start, end = dt.date(year - 1, 12, 1), dt.date(year, 4, 2)
    found = list(cadence.windows(cadence.parse(text), start=start, end=end))
    assert len(found) == len({(one.opens, one.seq) for one in found})
    assert all(one.opens < one.due for one in found)
    assert all(before.due == after.opens for before, after in pairwise(found))


def test_a_lift_accepted_on_a_leap_day_is_inspected_every_year() -> None:
    asked = cadence.parse("1/1 y; anchor=acceptance")
    found = list(cadence.windows(asked, start=TODAY, end=dt.date(2033, 1, 1), anchor=dt.date(2024, 2, 29)))
    assert [b.opens > a.opens for a, b in pairwise(found)] == [True] * (len(found) - 1)
    assert len(found) >= 6


# --- tasks at their edges


@pytest.mark.django_db
@pytest.mark.parametrize(("after", "result"), [(-MICRO, "on_time"), (MICRO * 0, "late"), (MICRO, "late")])
def test_done_at_the_last_moment(after: dt.timedelta, result: str) -> None:
    due = clock.midnight(TODAY + dt.timedelta(days=1))
    with clock.at(MORNING):
        made = site()
        row = task(made, due=due)
    Task.objects.filter(pk=row.pk).update(day=TODAY)
    with clock.at(due + after):
        complete_task(Task.objects.get(pk=row.pk), by=made.cleaners[0].user)
    with clock.at(due + dt.timedelta(hours=1)):
        counted = compliance_total(Scope((made.project.pk,), TODAY, TODAY))
    assert counted == Counts(**{result: 1})


@pytest.mark.django_db
def test_a_clock_set_back_makes_nothing_twice() -> None:
    with clock.at(MORNING):
        made = estate()
        bound(made, sweep="1/1 d", mop="1/3 h")
        published(made)
        until = clock.midnight(TODAY + dt.timedelta(days=5))
        count = generate(made.project, until=until, by=BY)
    for hours in (-1, -30, 1):
        with clock.at(MORNING + dt.timedelta(hours=hours)):
            assert generate(made.project, until=until, by=BY) == 0
    rows = Counter(Task.objects.values_list("line_id", "opens", "seq"))
    assert (sum(rows.values()), set(rows.values())) == (count, {1})
    assert journal.verify().is_intact


# --- a calendar without working hours


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hours",
    [
        {},
        {"1": []},
        {"1": ["18:00", "08:00"]},
        {"1": ["08:00", "08:00"]},
        {"8": ["08:00", "18:00"]},
        {"1": ["25:00", "26:00"]},
    ],
)
def test_a_calendar_without_working_hours_is_refused(hours: dict[str, list[str]]) -> None:
    project = ProjectFactory(service_hours={"1": ["08:00", "18:00"]})
    keeper = user_with("org.manage_organisation", at=project)
    before = project.service_hours
    with pytest.raises(Invalid) as caught:
        change_project(project, by=keeper, service_hours=hours)
    assert str(caught.value)
    project.refresh_from_db()
    assert project.service_hours == before
