"""Publishing: only the future changes."""

import datetime as dt
from typing import Any

import pytest
from factories.org import UserFactory
from factories.work import BY, Estate, bound, estate, published, stair

from wuyou.domains.registry.models import Place, Staff, Zone
from wuyou.domains.work import events
from wuyou.domains.work.actions.drafting import draft_plan
from wuyou.domains.work.actions.editing import add_custom_line, override_line
from wuyou.domains.work.actions.following import reconcile, trigger
from wuyou.domains.work.actions.generation import generate
from wuyou.domains.work.actions.plan import publish_plan, submit_plan
from wuyou.domains.work.models import Plan, PlanLine, StaleDay, Task
from wuyou.domains.work.queries.plan import plan_in_force, plan_in_preparation, plans_visible_to
from wuyou.kernel import clock, jobs
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.jobs.models import Job
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 20)  # a Friday
TOMORROW = TODAY + dt.timedelta(days=1)


@pytest.fixture
def site(moment: dt.datetime) -> Estate:
    made = estate()
    bound(made, sweep="1/1 d")
    return made


def in_review(site: Estate) -> Plan:
    return submit_plan(draft_plan(site.project, by=site.planner), by=site.planner)


def ahead(site: Estate, days: int = 7) -> int:
    return generate(site.project, until=clock.midnight(TODAY + dt.timedelta(days=days)), by=BY)


def shape(**given: Any) -> list[tuple[dt.date, str]]:
    return list(Task.objects.filter(**given).order_by("day", "line__place__path").values_list("day", "state"))


def test_the_first_plan_may_begin_today(site: Estate) -> None:
    heard: list[int] = []
    receiver = lambda plan_id, **_given: heard.append(plan_id)  # noqa: E731
    events.plan_published.connect(receiver)
    plan = in_review(site)
    publish_plan(plan, effective_from=TODAY, by=site.planner)
    plan.refresh_from_db()
    assert (plan.state, plan.effective_from, plan.published_by) == ("published", TODAY, site.planner.full_name)
    assert plan.published_at == clock.now()
    assert heard == [plan.pk]
    assert Job.objects.get().name == "work.generate"
    entry = Entry.objects.get(verb="work.plan_published")
    assert '"replaces":null' in entry.data
    assert plan_in_force(site.project) == plan
    assert plan_in_force(site.project, on=TODAY - dt.timedelta(days=1)) is None
    assert list(plans_visible_to(site.planner)) == [plan]
    assert list(plans_visible_to(UserFactory())) == []


@pytest.mark.parametrize(("has_plan", "day"), [(False, TODAY - dt.timedelta(days=1)), (True, TODAY)])
def test_a_plan_does_not_begin_in_the_past_and_the_next_not_today(site: Estate, has_plan: bool, day: dt.date) -> None:
    if has_plan:
        published(site)
    plan = in_review(site)
    with pytest.raises(Invalid) as error:
        publish_plan(plan, effective_from=day, by=site.planner)
    assert [one.field for one in error.value.fields] == ["effective_from"]
    assert plan_in_preparation(site.project) == plan


def test_the_next_plan_begins_after_the_one_before(site: Estate) -> None:
    first = published(site, effective_from=TODAY + dt.timedelta(days=10))
    plan = in_review(site)
    with pytest.raises(Invalid):
        publish_plan(plan, effective_from=TODAY + dt.timedelta(days=10), by=site.planner)
    publish_plan(plan, effective_from=TODAY + dt.timedelta(days=11), by=site.planner)
    first.refresh_from_db()
    assert first.effective_to == first.effective_from


def test_publishing_needs_the_right_and_a_review(site: Estate) -> None:
    draft = draft_plan(site.project, by=site.planner)
    with pytest.raises(Denied):
        publish_plan(draft, effective_from=TODAY, by=UserFactory())
    with pytest.raises(IllegalMove):
        publish_plan(draft, effective_from=TODAY, by=site.planner)
    assert not Plan.objects.filter(state="published").exists()


def test_unchanged_lines_keep_their_tasks_and_the_plan_before_ends_on_the_eve(site: Estate) -> None:
    first = published(site)
    ahead(site)
    before = shape()
    ids = set(Task.objects.values_list("id", flat=True))
    second = published(site, effective_from=TOMORROW)
    first.refresh_from_db()
    assert (first.state, first.effective_to) == ("superseded", TODAY)
    assert shape() == before
    assert shape(line__plan=first) == [(TODAY, "open")] * 3
    assert {line.continues.plan for line in second.lines.all() if line.continues} == {first}
    assert ahead(site) == 0  # everything is there already
    assert ahead(site, 8) == 3
    assert ids < set(Task.objects.values_list("id", flat=True))
    assert [plan_in_force(site.project, on=day) for day in (TODAY, TOMORROW)] == [first, second]


def test_tasks_of_changed_and_removed_lines_are_withdrawn_from_the_day_on(site: Estate) -> None:
    published(site)
    ahead(site)
    StaleDay.objects.all().delete()
    Place.objects.filter(pk=site.stairs[0].pk).update(closed_on=TODAY)
    draft = draft_plan(site.project, by=site.planner)
    changed = draft.lines.get(place=site.stairs[1])
    override_line(changed, reason="住户要求", by=site.planner, cadence="2/1 d")
    submit_plan(draft, by=site.planner)
    publish_plan(draft, effective_from=TOMORROW, by=site.planner)
    withdrawn = Task.objects.filter(state="withdrawn")
    assert {(task.place_id, task.day > TODAY) for task in withdrawn} == {
        (site.stairs[0].pk, True),
        (site.stairs[1].pk, True),
    }
    assert withdrawn.count() == 12
    assert StaleDay.objects.count() == 6
    assert Task.objects.filter(day=TODAY, state="open").count() == 3
    ahead(site)
    twice = Task.objects.filter(line=changed, state="open")
    assert list(twice.filter(day=TOMORROW).order_by("seq").values_list("seq", flat=True)) == [1, 2]
    assert Task.objects.filter(place=site.stairs[2], state="open").count() == 7


def test_what_somebody_has_begun_is_not_withdrawn(site: Estate) -> None:
    published(site)
    ahead(site)
    task = Task.objects.filter(day=TOMORROW, place=site.stairs[0]).get()
    Task.objects.filter(pk=task.pk).update(state="claimed")
    Place.objects.filter(pk=site.stairs[0].pk).update(closed_on=TODAY)
    published(site, effective_from=TOMORROW)
    task.refresh_from_db()
    assert task.state == "claimed"


def test_a_new_assignee_counts_from_the_day_on(site: Estate) -> None:
    published(site)
    ahead(site)
    draft = draft_plan(site.project, by=site.planner)
    line = draft.lines.get(place=site.stairs[0])
    override_line(line, reason="换人", by=site.planner, assignee=site.cleaners[1])
    publish_plan(submit_plan(draft, by=site.planner), effective_from=TOMORROW, by=site.planner)
    ahead(site)
    who = Task.objects.filter(place=site.stairs[0], state="open").values_list("day", "assignee_id")
    assert dict(who) == {TODAY + dt.timedelta(days=n): site.cleaners[1 if n else 0].pk for n in range(7)}


def test_the_plan_before_is_completed_up_to_the_change(site: Estate) -> None:
    first = published(site)
    second = published(site, effective_from=TODAY + dt.timedelta(days=120))  # nothing was generated yet
    assert Task.objects.filter(line__plan=first).count() == 3 * 120
    assert generate(site.project, until=clock.midnight(TODAY + dt.timedelta(days=125)), by=BY) == 15
    assert Task.objects.filter(line__plan=second).count() == 15


def test_windows_under_way_are_owed_by_new_lines_when_half_is_left(site: Estate) -> None:
    bound(site, "contract", mop="1/1 m", wax="1/1 y", scrub="1/1 w", drain="1/1 q")
    published(site)
    ahead(site, 1)
    found = Task.objects.exclude(activity="sweep").values_list("activity", "day").distinct().order_by("activity")
    # of November 10 days are left, of the year 41, of the week 3, of the quarter 41 of 92: none is owed but the daily
    assert list(found) == []
    with clock.at(dt.datetime(2026, 11, 14, 0, tzinfo=dt.UTC)):
        other = estate()
        bound(other, mop="1/1 m", wax="1/1 y", drain="1/1 q")
        published(other, effective_from=dt.date(2026, 11, 14))
        generate(other.project, until=clock.midnight(dt.date(2026, 11, 15)), by=BY)
    found = Task.objects.filter(project=other.project).values_list("activity", "opens", "day").distinct()
    # half of November (17 days) and of the quarter (48 of 92) are left
    assert sorted(found) == [
        ("drain", clock.midnight(dt.date(2026, 10, 1)), dt.date(2026, 12, 31)),
        ("mop", clock.midnight(dt.date(2026, 11, 1)), dt.date(2026, 11, 30)),
    ]


def test_windows_under_way_are_not_owed_twice_after_a_change_of_plan(site: Estate) -> None:
    bound(site, "contract", mop="1/1 w")
    with clock.at(dt.datetime(2026, 11, 16, 1, tzinfo=dt.UTC)):
        published(site)
        generate(site.project, until=clock.midnight(dt.date(2026, 11, 17)), by=BY)
        draft = draft_plan(site.project, by=site.planner)
        line = draft.lines.get(activity="mop", place=site.stairs[0])
        override_line(line, reason="x", by=site.planner, cadence="2/1 w")
        publish_plan(submit_plan(draft, by=site.planner), effective_from=dt.date(2026, 11, 17), by=site.planner)
        generate(site.project, until=clock.midnight(dt.date(2026, 11, 30)), by=BY)
    rows = Task.objects.filter(activity="mop", place=site.stairs[0]).order_by("opens", "seq")
    assert [(clock.local(task.opens).day, task.seq) for task in rows] == [(16, 1), (23, 1), (23, 2)]


def test_a_loser_of_two_publishers_is_told(site: Estate) -> None:
    plan = in_review(site)
    stale = Plan.objects.get(pk=plan.pk)
    publish_plan(plan, effective_from=TODAY, by=site.planner)
    with pytest.raises((Conflict, Invalid)):
        publish_plan(stale, effective_from=TODAY, by=site.planner)
    with pytest.raises(Conflict):
        publish_plan(stale, effective_from=TOMORROW, by=site.planner)
    assert Plan.objects.get().state == "published"


# --- triggers


@pytest.fixture
def snow(site: Estate) -> Plan:
    bound(site, "contract", snow="cond:积雪", visit="2/1 job")
    return published(site)


def test_a_trigger_makes_the_tasks_that_were_waiting(site: Estate, snow: Plan) -> None:
    ahead(site)
    assert not Task.objects.filter(activity="snow").exists()
    lines = snow.lines.filter(activity="snow")
    assert trigger(lines, reason="夜间大雪", by=site.planner, within=dt.timedelta(hours=4)) == 3
    task = Task.objects.filter(activity="snow").order_by("id")[0]
    assert (task.opens, task.due, task.day) == (clock.now(), clock.now() + dt.timedelta(hours=4), TODAY)
    assert (task.title, task.place, task.assignee) == (
        f"snow · {site.stairs[0].name} · 夜间大雪".replace("snow", lines[0].clause.requirement_zh),
        site.stairs[0],
        None,
    )
    assert StaleDay.objects.filter(day=TODAY).exists()
    assert Entry.objects.filter(verb="work.triggered").count() == 1
    with pytest.raises(Conflict):
        trigger(lines, reason="又一次", by=site.planner)
    later = clock.now() + dt.timedelta(hours=5)
    assert trigger(lines[:1], reason="又一次", by=site.planner, at=later) == 1


def test_so_many_times_per_job(site: Estate, snow: Plan) -> None:
    line = snow.lines.filter(activity="visit")[:1]
    assert trigger(line, reason="1-101 装修", by=site.planner, within=dt.timedelta(days=30)) == 2
    assert list(Task.objects.filter(activity="visit").order_by("seq").values_list("seq", flat=True)) == [1, 2]


def test_a_trigger_that_cannot_be(site: Estate, snow: Plan) -> None:
    waiting = snow.lines.filter(activity="snow")
    draft = draft_plan(site.project, by=site.planner)
    for lines, given in (
        (waiting.none(), {}),
        (waiting, {"reason": " "}),
        (waiting, {"within": dt.timedelta(0)}),
        (snow.lines.filter(activity="sweep"), {}),
        (draft.lines.filter(activity="snow"), {}),
        (PlanLine.objects.filter(activity="snow"), {}),
    ):
        with pytest.raises(Invalid):
            trigger(lines, **({"reason": "雪"} | given), by=site.planner)
    with pytest.raises(Denied):
        trigger(waiting, reason="雪", by=UserFactory())
    assert not Task.objects.exists()


# --- what changes under a plan


def test_a_closed_place_ends_its_lines_and_later_tasks(site: Estate) -> None:
    plan = published(site)
    ahead(site)
    Place.objects.filter(pk=site.stairs[0].pk).update(closed_on=TODAY)
    assert reconcile(site.project, by=site.planner) == {"ended": 1, "withdrawn": 6}
    assert plan.lines.get(place=site.stairs[0]).ends_on == TODAY
    assert shape(place=site.stairs[0]) == [(TODAY, "open")] + [
        (TODAY + dt.timedelta(days=n), "withdrawn") for n in range(1, 7)
    ]
    assert ahead(site, 9) == 4  # two days for the two stairs that are left
    assert reconcile(site.project, by=site.planner) == {}
    Place.objects.filter(pk=site.stairs[0].pk).update(closed_on=None)
    assert reconcile(site.project, by=site.planner) == {"reopened": 1}
    assert ahead(site, 10) == 3


def test_a_moved_zone_and_people_who_left_are_followed(site: Estate) -> None:
    plan = published(site)
    ahead(site)
    zone = Zone.objects.create(project=site.project, name="新片区")
    Place.objects.filter(pk=site.stairs[0].pk).update(zone=zone)
    assert reconcile(site.project, by=site.planner) == {"zones": 1}
    assert set(Task.objects.filter(place=site.stairs[0]).values_list("day", "zone_id")) == {
        (TODAY + dt.timedelta(days=n), zone.pk if n else site.zones[0].pk) for n in range(7)
    }
    Staff.objects.filter(pk=site.cleaners[1].pk).update(left_on=TODAY)
    assert reconcile(site.project, by=site.planner) == {"people": 6 + 1}
    assert plan.lines.get(place=site.stairs[1]).assignee is None
    assert Entry.objects.filter(verb="work.plan_reconciled").count() == 2


def test_a_plan_that_runs_out_is_followed_and_triggered_until_its_last_day(site: Estate, snow: Plan) -> None:
    coming = published(site, effective_from=TODAY + dt.timedelta(days=5))
    Place.objects.filter(pk=site.stairs[0].pk).update(closed_on=TODAY)
    assert reconcile(site.project, by=site.planner) == {"ended": 6, "withdrawn": 4}
    assert trigger(snow.lines.filter(activity="snow"), reason="雪", by=site.planner) == 3
    with pytest.raises(Invalid):
        trigger(coming.lines.filter(activity="snow"), reason="雪", by=site.planner)


def test_nothing_to_follow(site: Estate) -> None:
    assert reconcile(site.project, by=site.planner) == {}
    published(site)
    assert reconcile(site.project, by=site.planner) == {}
    with pytest.raises(Denied):
        reconcile(site.project, by=UserFactory())


def test_the_register_is_listened_to(site: Estate) -> None:
    from wuyou.domains.registry.actions import close_place

    plan = published(site)
    jobs.drain()
    close_place(site.stairs[0], reason="封闭", by=BY)
    assert Job.objects.filter(name="work.reconcile", state="waiting").count() == 1
    jobs.drain()
    assert plan.lines.get(place=site.stairs[0]).ends_on == TODAY
    other = estate()
    close_place(other.stairs[0], reason="封闭", by=BY)
    assert not Job.objects.filter(name="work.reconcile", state="waiting").exists()


def test_a_standard_withdrawn_under_a_running_plan_is_noted_and_the_plan_runs_on(site: Estate) -> None:
    from wuyou.domains.standards.actions import withdraw

    binding = site.bindings["grade"]
    published(site)
    withdraw(binding.version, reason="新国标", by=BY)
    entry = Entry.objects.get(verb="work.standard_withdrawn")
    assert (entry.subject_kind, entry.subject_id) == ("work.binding", str(binding.pk))
    assert ahead(site) == 21


def test_a_custom_line_is_generated_like_any_other(site: Estate) -> None:
    draft = draft_plan(site.project, by=site.planner)
    add_custom_line(
        draft, title="走访独居老人", activity="visit", cadence="2/1 w", team=site.team, minutes=30, by=site.planner
    )
    publish_plan(submit_plan(draft, by=site.planner), effective_from=TODAY, by=site.planner)
    ahead(site, 14)
    found = Task.objects.filter(activity="visit").order_by("opens", "seq")
    assert [(task.title, clock.local(task.opens).date(), task.day, task.seq) for task in found] == [
        ("走访独居老人", dt.date(2026, 11, 23), dt.date(2026, 11, 29), 1),
        ("走访独居老人", dt.date(2026, 11, 23), dt.date(2026, 11, 29), 2),
        ("走访独居老人", dt.date(2026, 11, 30), dt.date(2026, 12, 6), 1),
        ("走访独居老人", dt.date(2026, 11, 30), dt.date(2026, 12, 6), 2),
    ]


def test_lines_are_found_by_who_may_see_them(site: Estate) -> None:
    from wuyou.domains.work.queries.plan import lines_visible_to

    published(site)
    assert lines_visible_to(site.planner).count() == 3
    assert lines_visible_to(UserFactory()).count() == 0
    stair(site.root)
