"""Compliance: roll-ups equal the tasks they come from, today is live, a late finish never looks in time."""

import datetime as dt
from collections import Counter

import pytest
from factories.org import user_with
from factories.tasks import MORNING, site, task
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wuyou.domains.work.actions.rollups import mark_stale, rebuild_day, refresh
from wuyou.domains.work.actions.tasks import complete_task, skip_task
from wuyou.domains.work.models import ComplianceDay, ComplianceSum, StaleDay, Task
from wuyou.domains.work.queries.compliance import Scope, compliance, compliance_total, projects_with_compliance
from wuyou.domains.work.rules.compliance import Counts
from wuyou.domains.work.rules.tasks import outcome
from wuyou.kernel import clock

pytestmark = pytest.mark.django_db
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def estate():
    with clock.at(MORNING + HOUR):
        yield site()


def scope(estate, first=TODAY - 7 * DAY, last=TODAY, **given):
    return Scope(projects=(estate.project.pk,), first=first, last=last, **given)


def yesterday(estate, *, place=0, **given):
    opens = MORNING - DAY
    return task(estate, place=place, opens=opens, due=opens + 10 * HOUR, **given)


def counted_from_tasks(now):
    """The honest, slow way: every task by the rule."""
    found = Counter()
    for row in Task.objects.all():
        what = str(outcome(state=row.state, due=row.due, done_at=row.done_at))
        found["not_done" if what == "pending" and row.due <= now else what] += 1
    return Counts(
        on_time=found["on_time"], late=found["late"], not_done=found["not_done"], skipped=found["skipped"],
        rejected=found["rejected"], waiting=found["pending"],
    )  # fmt: skip


def test_what_became_of_today(estate):
    me = estate.cleaners[0].user
    complete_task(task(estate), by=me)
    skip_task(task(estate), by=me, skip_reason="weather")
    task(estate, opens=MORNING - HOUR, due=MORNING)  # due and not done
    task(estate)  # due tonight
    assert compliance_total(scope(estate)) == Counts(on_time=1, skipped=1, not_done=1, waiting=1)


def test_late_without_any_job_having_run(estate):
    row = task(estate)
    refresh()
    with clock.at(row.due - dt.timedelta(seconds=1)):
        assert compliance_total(scope(estate)).not_done == 0
    with clock.at(row.due):
        assert compliance_total(scope(estate)).not_done == 1


def test_settled_days_come_from_the_roll_up(estate, django_assert_num_queries):
    yesterday(estate)
    mark_stale(estate.project.pk, [TODAY - DAY])
    before = compliance(scope(estate), by="zone")
    assert refresh() == 1
    assert not StaleDay.objects.exists()
    Task.objects.all().update(state="withdrawn")  # behind the actions' back: the roll-up still stands
    assert compliance(scope(estate), by="zone") == before
    rebuild_day(estate.project.pk, TODAY - DAY)
    assert compliance(scope(estate), by="zone") == []


@pytest.mark.parametrize("by", ["clause", "zone", "team", "person", "day", "project"])
def test_every_dimension_adds_up_to_the_same(estate, by):
    for place in range(4):
        yesterday(estate, place=place)
        yesterday(estate, place=place, state="done", done_at=MORNING - DAY + HOUR)
        task(estate, place=place, state="done", done_at=MORNING)
    mark_stale(estate.project.pk, [TODAY - DAY])
    live = compliance(scope(estate), by=by)
    refresh()
    settled = compliance(scope(estate), by=by)
    assert settled == live
    assert sum(row.counts.due for row in settled) == 12
    assert sum(row.counts.on_time for row in settled) == 8


def test_one_zone_only(estate):
    yesterday(estate)
    yesterday(estate, place=1)
    rebuild_day(estate.project.pk, TODAY - DAY)
    zone = estate.zones[0]
    assert compliance_total(scope(estate, zone=zone.pk)).due == 1
    assert [row.label for row in compliance(scope(estate, zone=zone.pk), by="zone")] == ["A区"]


def test_rows_carry_names(estate):
    yesterday(estate)
    rebuild_day(estate.project.pk, TODAY - DAY)
    labels = {by: compliance(scope(estate), by=by)[0].label for by in ("zone", "team", "person", "day", "project")}
    assert labels == {
        "zone": "A区", "team": "环境", "person": "C0 员工C0", "day": "2026-11-19", "project": estate.project.name,
    }  # fmt: skip


DIMENSIONS = ("clause", "zone", "team", "person", "day", "project")
STATES = st.sampled_from(["open", "claimed", "done", "skipped", "rejected", "withdrawn"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(STATES, st.integers(0, 5), st.integers(-30, 30), st.integers(0, 3)), max_size=20))
def test_roll_ups_equal_the_source(estate, rows):
    Task.objects.all().delete()
    ComplianceDay.objects.all().delete()
    ComplianceSum.objects.all().delete()
    for state, days_ago, late_by, place in rows:
        opens = MORNING - days_ago * DAY
        due = opens + 10 * HOUR
        finished = None if state in {"open", "claimed", "withdrawn"} else due + late_by * HOUR
        task(estate, place=place, opens=opens, due=due, state=state, done_at=finished)
    mark_stale(estate.project.pk, [TODAY - number * DAY for number in range(6)])
    expected = counted_from_tasks(clock.now())
    assert compliance_total(scope(estate)) == expected
    live = every_table(estate)
    refresh()
    assert compliance_total(scope(estate)) == expected
    assert every_table(estate) == live


def every_table(estate):
    """Compliance by every dimension, of everything and of one zone."""
    zone = estate.zones[0].pk
    return {
        (by, narrowed): compliance(scope(estate, zone=narrowed), by=by)
        for by in DIMENSIONS
        for narrowed in (None, zone)
    }


def test_a_day_counted_twice_is_counted_once(estate):
    yesterday(estate)
    for _again in range(2):
        rebuild_day(estate.project.pk, TODAY - DAY)
    sums = ComplianceSum.objects.order_by("dimension").values_list("dimension", "key", "pending")
    assert list(sums) == [
        ("clause", 0, 1), ("day", 0, 1), ("person", estate.cleaners[0].pk, 1), ("team", estate.team.pk, 1),
        ("zone", estate.zones[0].pk, 1),
    ]  # fmt: skip


def test_more_days_cost_no_more_queries(estate, django_assert_num_queries):
    for number in range(1, 7):
        opens = MORNING - number * DAY
        task(estate, opens=opens, due=opens + HOUR)
        rebuild_day(estate.project.pk, TODAY - number * DAY)
    for days in (1, 7):
        with django_assert_num_queries(4):
            compliance(scope(estate, first=TODAY - days * DAY), by="zone")


def test_who_sees_it(estate):
    assert projects_with_compliance(user_with("work.view_compliance", at=estate.project)) == [estate.project]
    assert projects_with_compliance(user_with("work.view_compliance", at=site().project)) != [estate.project]
