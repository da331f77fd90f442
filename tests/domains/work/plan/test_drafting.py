"""Drafting, changing by hand, and what is carried from plan to plan."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from factories.org import UserFactory
from factories.registry import StaffFactory, TeamFactory, place_below
from factories.sheets import SheetFactory, SheetVersionFactory
from factories.work import Estate, bound, clause, estate, published, subject

from wuyou.domains.assets.models import Asset
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Building, Place, Staff
from wuyou.domains.standards.models import StandardVersion, Subject
from wuyou.domains.work.actions.drafting import draft_plan, schedule_ids, title_of
from wuyou.domains.work.actions.editing import add_custom_line, override_line, remove_custom_line, set_workload
from wuyou.domains.work.actions.plan import discard_plan, send_back_plan, submit_plan
from wuyou.domains.work.models import Plan, PlanLine, Schedule, WorkloadSetting
from wuyou.domains.work.queries.site import collect_facts, site_of
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(moment: dt.datetime) -> Estate:
    return estate()


def wrong(error: pytest.ExceptionInfo[Invalid]) -> list[str]:
    return [one.field for one in error.value.fields]


def test_a_draft_has_a_line_for_each_place_with_everything_a_task_needs(site: Estate) -> None:
    form = SheetVersionFactory(sheet=SheetFactory(activity="sweep"), state="issued", issued_on=dt.date(2026, 1, 1))
    binding = bound(site, sweep="1/1 d")
    bound(site, "contract", sweep="1/1 w")
    plan = draft_plan(site.project, by=site.planner)
    assert (plan.number, plan.state, plan.drafted_by) == (1, "draft", site.planner.full_name)
    lines = list(plan.lines.order_by("place__path"))
    assert [line.place for line in lines] == site.stairs
    line = lines[0]
    assert (line.key, line.title) == (f"sweep:place:{site.stairs[0].pk}", f"清扫 · {site.stairs[0].name}")
    assert (line.clause, line.layer, line.activity) == (binding.version.clauses.get(), "grade", "sweep")
    assert (line.cadence, line.per_year, line.minutes) == ("1/1 d", Decimal("365.2425"), Decimal(6))
    assert (line.team, line.assignee, line.zone) == (site.team, site.cleaners[0], site.zones[0])
    assert (line.crew, line.evidence, line.sheet_version) == ("环境/保洁员", "photo", form)
    assert [(proof.layer, proof.cadence, proof.is_leading) for proof in line.proofs.order_by("id")] == [
        ("grade", "1/1 d", True),
        ("contract", "1/1 w", False),
    ]
    assert Schedule.objects.count() == 1
    entry = Entry.objects.get(verb="work.plan_drafted")
    assert entry.data == f'{{"gaps":0,"lines":{len(site.stairs)},"number":1,"posts":0}}'


def test_gaps_posts_and_measures_are_written(site: Estate) -> None:
    binding = bound(site, sweep="1/1 d", gate="24", ghost="1/1 d")
    binding.version.clauses.filter(subject_name="gate").update(kind="hours_per_day")
    Subject.objects.filter(name="gate").update(unit="post", matches_place=[])
    Subject.objects.filter(name="ghost").update(matches_place=["幽灵"])
    clause(binding.version, "sweep", "95", kind="percent")
    licensed = clause(binding.version, "licensed", "1/1 m")
    subject("licensed", qualification="某证")
    plan = draft_plan(site.project, by=site.planner)
    assert {(gap.clause.subject_name, gap.why, gap.count) for gap in plan.gaps.all()} == {
        ("ghost", "no_such_place", 1),
        ("sweep", "measured", 1),
        ("licensed", "nobody_qualified", 3),
    }
    post = plan.posts.get()
    assert (post.activity, post.hours_per_day, post.heads, post.place) == ("gate", 24, 1, None)
    assert plan.lines.filter(clause=licensed, assignee__isnull=True).count() == 3


def test_a_project_bound_to_nothing_has_no_plan(site: Estate) -> None:
    with pytest.raises(Invalid):
        draft_plan(site.project, by=site.planner)
    assert not Plan.objects.exists()


def test_drafting_needs_the_right(site: Estate) -> None:
    bound(site, sweep="1/1 d")
    with pytest.raises(Denied):
        draft_plan(site.project, by=UserFactory())


def test_a_new_draft_replaces_the_old_but_not_one_in_review(site: Estate) -> None:
    bound(site, sweep="1/1 d")
    first = draft_plan(site.project, by=site.planner)
    second = draft_plan(site.project, by=site.planner)
    assert list(Plan.objects.order_by("number").values_list("number", "state")) == [(1, "discarded"), (2, "draft")]
    submit_plan(second, by=site.planner)
    with pytest.raises(Conflict):
        draft_plan(site.project, by=site.planner)
    assert first.lines.count() == 3


def test_closed_places_and_scrapped_devices_are_not_planned(site: Estate) -> None:
    bound(site, sweep="1/1 d")
    Place.objects.filter(pk=site.stairs[0].pk).update(closed_on=dt.date(2026, 1, 1))
    assert draft_plan(site.project, by=site.planner).lines.count() == 2
    for number, state in enumerate(["in_service", "scrapped", "out_of_service", "faulty"]):
        Asset.objects.create(project=site.project, code=f"A{number}", system="x", category="y", name="z", state=state)
    codes = [thing.id for thing in site_of(site.project).things if thing.kind == "asset"]
    assert list(Asset.objects.filter(pk__in=codes).values_list("code", flat=True)) == ["A0", "A3"]


def test_zones_and_facts_come_from_the_ledgers(site: Estate) -> None:
    building = place_below(site.stairs[0], PlaceLevel.BUILDING)
    Building.objects.create(place=building, floors=11, height_m=Decimal("32.6"), has_fire_system=True)
    lift = Asset.objects.create(
        project=site.project, code="L1", system="电梯", category="乘客电梯", name="电梯", place=building,
        accepted_on=dt.date(2015, 6, 1),
    )  # fmt: skip
    things = {thing.key: thing for thing in site_of(site.project, on=dt.date(2026, 6, 1)).things}
    assert things[f"place:{building.pk}"].zone_id == site.zones[0].pk  # from the place above
    assert things[f"place:{building.pk}"].facts == {"height": Decimal("32.6"), "fire_system": True}
    assert things[f"asset:{lift.pk}"].zone_id == site.zones[0].pk
    assert things[f"asset:{lift.pk}"].facts == {"age": Decimal("11.00")}
    facts = collect_facts(site.project, on=dt.date(2026, 6, 1))
    assert (facts["lift"], facts["height"], facts["age"]) == (True, [Decimal("32.6")], [Decimal("11.00")])
    assert (facts["tank"], facts["contract"], facts["fire_system"], facts["residential"]) == (False, False, True, True)


def test_titles() -> None:
    assert title_of("sweep", "x", "1号楼") == "清扫 · 1号楼"
    assert title_of("our_own", "擦桌子", "1号楼") == "擦桌子 · 1号楼"
    assert len(title_of("our_own", "长" * 300, "1号楼")) == 200


def test_a_schedule_is_shared() -> None:
    day = dt.date(2024, 1, 1)
    first = schedule_ids({("1/1 d", day), ("1/1 w", day)})
    assert schedule_ids({("1/1 d", day)})["1/1 d", day] == first["1/1 d", day]
    assert Schedule.objects.count() == 2


# --- by hand


@pytest.fixture
def plan(site: Estate) -> Plan:
    bound(site, sweep="1/1 d")
    return draft_plan(site.project, by=site.planner)


def custom(site: Estate, plan: Plan, **given: Any) -> PlanLine:
    values = {
        "title": "清洗滤网", "activity": "filter", "cadence": "1/1 q", "team": site.team, "minutes": Decimal(30),
        "by": site.planner, "place": site.stairs[0],
    }  # fmt: skip
    return add_custom_line(plan, **(values | given))


def test_a_line_without_a_clause(site: Estate, plan: Plan) -> None:
    line = custom(site, plan)
    assert (line.is_custom, line.clause, line.zone, line.per_year) == (True, None, site.zones[0], 4)
    assert line.schedule is not None
    waiting = custom(site, plan, activity="flood", cadence="cond:暴雨", place=None)
    assert (waiting.is_triggered, waiting.schedule, waiting.key) == (
        True,
        None,
        f"flood~custom:project:{site.project.pk}",
    )
    remove_custom_line(line, by=site.planner)
    assert plan.lines.filter(is_custom=True).get() == waiting


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"title": " "}, ["title"]),
        ({"activity": ""}, ["activity"]),
        ({"minutes": Decimal(-1)}, ["minutes"]),
        ({"minutes": Decimal(10_000)}, ["minutes"]),
        ({"cadence": "1/0 d"}, ["cadence"]),
        ({"cadence": "-"}, ["cadence"]),
        ({"cadence": "years 1;4;then 1/1 y"}, ["anchor"]),
    ],
)
def test_a_custom_line_that_cannot_be(site: Estate, plan: Plan, given: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(Invalid) as error:
        custom(site, plan, **given)
    assert wrong(error) == fields


def test_a_custom_line_is_of_this_project_and_there_once(site: Estate, plan: Plan) -> None:
    with pytest.raises(Invalid) as error:
        custom(site, plan, team=TeamFactory())
    assert wrong(error) == ["place"]
    custom(site, plan)
    with pytest.raises(Invalid) as error:
        custom(site, plan)
    assert wrong(error) == ["activity"]
    with pytest.raises(Denied):
        custom(site, plan, by=UserFactory())


def test_only_a_draft_is_changed(site: Estate, plan: Plan) -> None:
    submit_plan(plan, by=site.planner)
    line = plan.lines.first()
    assert line is not None
    with pytest.raises(IllegalMove):
        custom(site, plan)
    with pytest.raises(IllegalMove):
        override_line(line, reason="x", by=site.planner, minutes=Decimal(9))
    with pytest.raises(IllegalMove):
        remove_custom_line(line, by=site.planner)


def test_a_line_a_clause_demands_is_not_removed(site: Estate, plan: Plan) -> None:
    line = plan.lines.first()
    assert line is not None
    with pytest.raises(Invalid):
        remove_custom_line(line, by=site.planner)
    with pytest.raises(Denied):
        remove_custom_line(line, by=UserFactory())


def test_changing_a_line_keeps_what_the_plan_said(site: Estate, plan: Plan) -> None:
    line = plan.lines.order_by("id")[0]
    other = StaffFactory(team=site.team)
    override_line(line, reason="住户要求", by=site.planner, cadence="2/1 d", minutes="8.5")
    override_line(line, reason="换人", by=site.planner, assignee=other, minutes=9)
    line.refresh_from_db()
    assert (line.cadence, line.minutes, line.assignee, line.override_reason) == ("2/1 d", 9, other, "换人")
    assert line.overrides == {"cadence": "1/1 d", "minutes": "6.0", "assignee_id": site.cleaners[0].pk}
    assert (line.schedule.cadence if line.schedule else None, line.per_year) == ("2/1 d", Decimal("730.4850"))
    team = TeamFactory(project=site.project)
    assert override_line(line, reason="换班组", by=site.planner, team=team).crew == team.name
    assert Entry.objects.filter(verb="work.line_changed").count() == 3


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"cadence": "1/1 w"}, ["cadence"]),
        ({"cadence": "1/0 d"}, ["cadence"]),
        ({"cadence": "cond:x"}, ["cadence"]),
        ({"minutes": "many"}, ["minutes"]),
        ({"minutes": "NaN"}, ["minutes"]),
        ({"minutes": -1}, ["minutes"]),
        ({"state": "done"}, ["state"]),
        ({}, ["cadence"]),
    ],
)
def test_a_change_that_cannot_be(site: Estate, plan: Plan, changes: dict[str, Any], fields: list[str]) -> None:
    line = plan.lines.order_by("id")[0]
    with pytest.raises(Invalid) as error:
        override_line(line, reason="x", by=site.planner, **changes)
    assert wrong(error) == fields


def test_a_change_needs_a_reason_the_right_and_people_of_the_project(site: Estate, plan: Plan) -> None:
    line = plan.lines.order_by("id")[0]
    with pytest.raises(Invalid) as error:
        override_line(line, reason=" ", by=site.planner, minutes=1)
    assert wrong(error) == ["reason"]
    for given in ({"assignee": StaffFactory()}, {"team": TeamFactory()}):
        with pytest.raises(Invalid) as error:
            override_line(line, reason="x", by=site.planner, **given)
        assert wrong(error) == list(given)
    gone = StaffFactory(team=site.team, left_on=dt.date(2026, 11, 1))
    with pytest.raises(Invalid):
        override_line(line, reason="x", by=site.planner, assignee=gone)
    with pytest.raises(Denied):
        override_line(line, reason="x", by=UserFactory(), minutes=1)
    assert override_line(line, reason="x", by=site.planner, assignee=None).assignee is None


def test_changes_and_custom_lines_are_carried_into_the_next_plan(site: Estate, plan: Plan) -> None:
    line = plan.lines.order_by("id")[0]
    other = StaffFactory(team=site.team)
    override_line(line, reason="住户要求", by=site.planner, cadence="2/1 d", assignee=other)
    added = custom(site, plan)
    again = draft_plan(site.project, by=site.planner)
    carried = again.lines.get(key=line.key)
    assert (carried.cadence, carried.assignee, carried.override_reason) == ("2/1 d", other, "住户要求")
    assert again.lines.get(is_custom=True).title == added.title
    # the law now asks for more, and the other has left: what was changed no longer fits
    Staff.objects.filter(pk=other.pk).update(left_on=dt.date(2026, 11, 1))
    bound(site, "statutory", sweep="3/1 d")
    third = draft_plan(site.project, by=site.planner).lines.get(key=line.key)
    assert (third.cadence, third.overrides, third.override_reason) == ("3/1 d", {}, "")
    assert third.assignee in site.cleaners


def test_people_keep_their_places_from_plan_to_plan(site: Estate) -> None:
    bound(site, sweep="1/1 d")
    plan = published(site)
    line = plan.lines.order_by("id")[0]
    PlanLine.objects.filter(pk=line.pk).update(assignee=site.cleaners[1])
    assert draft_plan(site.project, by=site.planner).lines.get(key=line.key).assignee == site.cleaners[1]


def test_what_a_head_works_is_set_per_project(site: Estate) -> None:
    values = {"yearly_hours": 1984, "leave_days": 10, "absence_percent": Decimal(3), "day_minutes": 450}
    set_workload(site.project, **values, by=site.planner)
    set_workload(site.project, **(values | {"leave_days": 15}), by=site.planner)
    assert WorkloadSetting.objects.get().leave_days == 15
    for name, value in (("leave_days", 248), ("absence_percent", Decimal(100)), ("day_minutes", 0)):
        with pytest.raises(Invalid) as error:
            set_workload(site.project, **(values | {name: value}), by=site.planner)
        assert wrong(error) == [name]
    with pytest.raises(Denied):
        set_workload(site.project, **values, by=UserFactory())


# --- its way to review


def test_review(site: Estate, plan: Plan) -> None:
    with pytest.raises(Denied):
        submit_plan(plan, by=UserFactory())
    submit_plan(plan, by=site.planner)
    with pytest.raises(IllegalMove):
        submit_plan(plan, by=site.planner)
    with pytest.raises(Invalid) as error:
        send_back_plan(plan, remark=" ", by=site.planner)
    assert wrong(error) == ["remark"]
    with pytest.raises(Denied):
        send_back_plan(plan, remark="x", by=UserFactory())
    send_back_plan(plan, remark="片区不对", by=site.planner)
    assert (plan.state, plan.remark) == ("draft", "片区不对")
    with pytest.raises(Denied):
        discard_plan(plan, by=UserFactory())
    discard_plan(plan, by=site.planner)
    with pytest.raises(IllegalMove):
        submit_plan(plan, by=site.planner)
    verbs = Entry.objects.order_by("seq").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["work.plan_submitted", "work.plan_sent_back", "work.plan_discarded"]


def test_an_empty_plan_is_not_reviewed(site: Estate) -> None:
    bound(site, ghost="1/1 d")
    Subject.objects.filter(name="ghost").update(matches_place=["幽灵"])
    plan = draft_plan(site.project, by=site.planner)
    with pytest.raises(Invalid):
        submit_plan(plan, by=site.planner)


def test_a_withdrawn_standard_is_shown_in_the_next_draft(site: Estate) -> None:
    binding = bound(site, sweep="1/1 d")
    StandardVersion.objects.filter(pk=binding.version_id).update(state="withdrawn", withdrawn_on=dt.date(2026, 11, 1))
    plan = draft_plan(site.project, by=site.planner)
    assert plan.lines.count() == 3
    assert plan.gaps.get().why == "withdrawn"
