"""The Jiutai estate as a whole: grade 3, the public-service set, the contract and the law on its real ledgers."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.work import BY, bind_jiutai, jiutai
from pytest_django.fixtures import DjangoAssertNumQueries

from wuyou.domains.work.actions.binding import end_binding
from wuyou.domains.work.actions.drafting import draft_plan, lay_project
from wuyou.domains.work.models import Plan, PlanLine
from wuyou.domains.work.queries.plan import calendar, coverage, covers_of, gantt, line_counts, matrix, planned_minutes
from wuyou.domains.work.queries.workload import assumptions_of, overfull_days, workload
from wuyou.domains.work.rules.strictness import satisfies

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def plan(moment: dt.datetime) -> Plan:
    project = jiutai()
    bind_jiutai(project)
    return draft_plan(project, by=BY)


def activity(plan: Plan, code: str) -> list[tuple[str, int]]:
    """Frequencies of an activity and how many lines have each."""
    found: dict[str, int] = {}
    for cadence in plan.lines.filter(activity=code).values_list("cadence", flat=True):
        found[cadence] = found.get(cadence, 0) + 1
    return sorted(found.items())


def test_lines_for_the_real_places_and_devices(plan: Plan) -> None:
    assert activity(plan, "round") == [("1/3 h", 17)]  # grade 3 asks every 3 h, the service set every 4 h
    assert activity(plan, "sweep_mop") == [("1/1 d", 416), ("1/1 m", 16)]
    assert activity(plan, "septic_check") == [("1/1 q", 100)]
    assert activity(plan, "septic_empty") == [("1/1 y", 100)]  # a check is no emptying
    assert activity(plan, "lift_maintain") == [("1/15 d", 16)]
    assert activity(plan, "fire_patrol") == [("1/1 d", 4), ("1/1 w", 96)]  # above and below 27 m
    assert activity(plan, "extinguisher_check") == [("1/1 m", 560)]
    assert activity(plan, "training_skills") == [("1/1 m", 1)]
    lift = plan.lines.filter(activity="lift_inspect").select_related("asset")[0]
    assert lift.anchor == dt.date(2015, 6, 1)
    assert set(line_counts(plan)) == {"grade", "service_set", "contract", "statutory"}


def test_one_task_proves_several_clauses(plan: Plan) -> None:
    stair = plan.lines.filter(activity="sweep_mop", place__category="楼道楼梯")[0]
    assert next((row.layer, row.clause.code) for row in covers_of(stair)) == ("service_set", "PC6")
    assert {(row.layer, row.clause.code) for row in covers_of(stair)} >= {("service_set", "PC6"), ("grade", "C5")}
    tank = plan.lines.filter(activity="tank_clean")[0]
    assert {row.clause.code for row in covers_of(tank)} == {"W1", "C16"}


def test_removing_the_contract_loosens_nothing_the_others_demand(plan: Plan) -> None:
    project = plan.project
    before = {
        (line.target.key, proof.demand.clause_id): proof.cadence
        for line in lay_project(project).lines
        for proof in line.proofs
        if proof.demand.layer != "contract"
    }
    contract = project.bindings.get(layer="contract")
    end_binding(contract, ends_on=dt.date(2026, 11, 19), reason="到期", by=BY)
    after = {
        (line.target.key, proof.demand.clause_id): (line.cadence, proof.cadence)
        for line in lay_project(project).lines
        for proof in line.proofs
    }
    assert set(after) == set(before)
    assert all(not asked or satisfies(done, asked) for done, asked in after.values())


def test_coverage_names_what_is_left_open(plan: Plan, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(4):
        found = coverage(plan)
    gaps = {(row.layer, row.clause.code): {gap.why for gap in row.gaps} for row in found.clauses if row.gaps}
    assert gaps["service_set", "PC14"] == {"no_such_place"}  # no carpets here
    assert gaps["grade", "B4"] == {"measured"}
    assert gaps["statutory", "L1"] == {"nobody_qualified"}  # nobody is licensed for lifts
    assert all(row.has_lines for row in found.clauses if not row.gaps)
    assert list(found.places.values_list("category", flat=True)) == ["服务中心"]
    assert found.assets.count() == 166
    assert set(found.assets.values_list("category", flat=True)) == {"监控摄像机", "割草机", "火灾自动报警控制器"}


def test_heads_against_the_people_there_are(plan: Plan) -> None:
    found = workload(plan)
    crews = {load.crew: load for load in found.crews}
    present = {crew: load.present for crew, load in crews.items()}
    assert {crew: present[crew] for crew in ("环境/保洁员", "秩序/保安员", "环境/垃圾清运员", "工程/电工")} == {
        "环境/保洁员": 18, "秩序/保安员": 10, "环境/垃圾清运员": 2, "工程/电工": 2,
    }  # fmt: skip
    assert crews["环境/保洁员"].needed > 18  # the promise costs more people than there are
    posts = {load.post.activity: load for load in found.posts}
    assert (posts["gate_guard"].bare, posts["gate_guard"].fewest) == (Decimal("4.42"), 4)
    assert (posts["control_room"].hours, posts["control_room"].bare) == (17520, Decimal("8.83"))
    assert (found.guards, found.round_the_clock_posts) == (10, 2)
    assert crews["秩序/保安员"].post_hours == 8760 * 3
    assert assumptions_of(plan.project).net_hours == Decimal("1905.12")
    green = next(one for one in found.customary if one.role == "绿化")
    assert (green.low, green.high, green.present, green.verdict) == (Decimal("1.5"), Decimal("1.9"), 0, "below")


def test_hours_add_up_to_the_lines(plan: Plan) -> None:
    by_hand = sum((line.minutes * line.per_year for line in plan.lines.all()), Decimal(0)) / 60
    counted = sum((load.task_hours for load in workload(plan).crews), Decimal(0))
    assert abs(by_hand - counted) < 1


def test_no_day_is_impossible_and_people_keep_to_their_zones(plan: Plan) -> None:
    assert overfull_days(plan, start=dt.date(2026, 12, 1), end=dt.date(2027, 1, 1)) == []
    minutes = planned_minutes(plan, start=dt.date(2026, 12, 1), end=dt.date(2026, 12, 2))
    cleaners = {staff.pk: staff for staff in plan.project.staff.filter(job="保洁员")}
    loads = [minutes[pk, dt.date(2026, 12, 1)] for pk in cleaners]
    assert max(loads) - min(loads) < 180
    for line in PlanLine.objects.filter(plan=plan, assignee__in=cleaners, zone__isnull=False).select_related(
        "assignee"
    ):
        assert line.zone in list(cleaners[line.assignee_id or 0].zones.all())


def test_month_year_and_matrix(plan: Plan) -> None:
    month = calendar(plan, start=dt.date(2026, 12, 1), end=dt.date(2027, 1, 1))
    assert len(month) == 31
    assert all(day.tasks == sum(day.teams.values()) for day in month)
    assert ("tank_clean", 3) in month[-1].occasions  # due by the end of the half-year
    rows = {row.activity: row for row in gantt(plan, first=dt.date(2026, 1, 15))}
    assert rows["lift_inspect"].months == (0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0)  # year 11, in June
    assert rows["lift_self_test"].months == (0,) * 12
    assert rows["septic_check"].months == (0, 0, 100) * 4
    assert (rows["lift_daily"].months[0], rows["lift_daily"].label) == (16 * 31, "Daily lift control")
    assert [len(row.months) for row in gantt(plan, first=dt.date(2026, 1, 1), months=36)] == [36] * len(rows)
    found = matrix(plan)
    assert [name for _pk, name in found.zones] == ["A区", "B区", "C区", "D区", ""]
    codes = {clause.code: cells for clause, cells in found.rows}
    assert sum(cell.lines for cell in codes["PC6"].values()) == 400
    cell = codes["PC19"][found.zones[0][0]]
    assert cell.per_year == (cell.lines * Decimal("365.2425")).quantize(Decimal("0.1"))


def test_reads_take_the_same_number_of_queries_whatever_the_size(
    plan: Plan, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        workload(plan)
    with django_assert_max_num_queries(2):
        gantt(plan, first=dt.date(2026, 1, 1))
    with django_assert_max_num_queries(2):
        matrix(plan)
