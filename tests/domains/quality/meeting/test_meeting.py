"""What a meeting pack holds, by hand (spec 05: meeting pack)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.corrections import estate
from factories.inspected import inspected
from factories.org import NodeFactory, ProjectFactory
from factories.quality import finding
from factories.standards import ClauseFactory
from factories.tasks import photo

from wuyou.domains.quality.actions.appeals import file_appeal
from wuyou.domains.quality.actions.improvement import add_measure, drop, plan_improvement, propose_change
from wuyou.domains.quality.queries.meeting import meeting, meeting_nodes
from wuyou.domains.quality.rules.appeals import Decision
from wuyou.domains.quality.rules.improvement import PlanSpec
from wuyou.domains.quality.rules.meeting import Month
from wuyou.kernel import clock, evidence
from wuyou.kernel.actors import System

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
NOVEMBER = Month(dt.date(2026, 11, 1))
DAY = dt.timedelta(days=1)
SPEC = PlanSpec(
    "楼道积灰",
    "反复",
    "quality.recurrence",
    Decimal(10),
    dt.date(2026, 8, 1),
    dt.date(2026, 9, 30),
    dt.date(2027, 1, 1),
)


@pytest.fixture
def at():
    """The estate and its people."""
    return estate()


def pack(at, *, node=None, month=NOVEMBER, who="region"):
    """The pack of the region."""
    return meeting(at.user(who), node or at.region, month)


def on(day: int, month: int = 11) -> dt.date:
    return dt.date(2026, month, day)


class TestInspections:
    def test_are_counted_by_level_against_the_month_before(self, at):
        inspected(on(3), "pp", project=at.project, level="city", score=Decimal(90))
        inspected(on(4), "pf", project=at.project, level="city", score=Decimal("81.5"))
        inspected(on(5), "pp", project=at.project, level="project", score=Decimal(0), is_vetoed=True)
        inspected(on(20, 10), "pp", project=at.project, level="city", score=Decimal(70))
        found = pack(at)
        city, own = sorted(found.levels, key=lambda row: row.level)
        assert (city.level, city.count, city.mean, city.lowest, city.vetoed, city.mean_before) == (
            "city", 2, Decimal("85.75"), Decimal("81.50"), 0, Decimal("70.00"),
        )  # fmt: skip
        assert (own.level, own.count, own.vetoed, own.mean_before) == ("project", 1, 1, None)
        assert [one.score for one in found.lowest] == [Decimal(0), Decimal("81.50"), Decimal(90)]
        assert [one.code for one in found.decisions if one.code == "vetoed"] == ["vetoed"]

    def test_of_other_nodes_hidden_or_unpublished_do_not_count(self, at):
        other = ProjectFactory(node=NodeFactory(kind="project", parent=at.group))
        inspected(on(3), "pp", project=other)
        inspected(on(3), "pp", project=at.project, state="submitted")
        found = pack(at, who="group_quality")
        assert (found.levels, found.lowest, found.chart) == ([], [], None)

    def test_of_a_year_make_the_control_chart(self, at):
        for month in (9, 10, 11):
            inspected(on(3, month), "ppf", project=at.project)
        assert [spot.first.month for spot in pack(at).chart.spots] == [9, 10, 11]

    def test_still_owed_are_named(self, at):
        found = pack(at)
        owed = sum(debt.coverage.owed for debt in found.debts)
        assert owed > 0
        assert [one.count for one in found.decisions if one.code == "owed"] == [owed]


class TestFindings:
    def test_are_counted_by_severity_and_clause(self, at):
        clause = ClauseFactory(code="C9")
        for severity in ("critical", "minor", "minor"):
            finding(project=at.project, severity=severity, clause=clause)
        finding(project=at.project, severity="minor")
        finding(project=at.project, severity="minor", state="void")
        finding(project=at.project, severity="major", found_at=clock.midnight(on(15, 10)))
        finding(project=at.project, severity="major", found_at=clock.midnight(on(15, 9)))
        found = pack(at)
        assert [(row.severity, row.count, row.before) for row in found.severities] == [
            ("critical", 1, 0), ("major", 0, 1), ("minor", 3, 0),
        ]  # fmt: skip
        assert [(share.key.code if share.key else "", share.count) for share in found.clauses] == [("C9", 3), ("", 1)]
        assert found.handled.found == 4

    def test_gravest_first_with_photos_of_what_was_seen(self, at):
        finding(project=at.project, severity="minor")
        major = finding(project=at.project, severity="major", weight=4)
        critical = finding(project=at.project, severity="critical")
        evidence.receive(
            photo(), by=System("x"), project_id=at.project.pk, subject=("finding", critical.pk, "x"), watermark="x"
        )
        found = pack(at)
        assert [one.finding for one in found.worst] == [critical, major]
        assert [len(one.photos) for one in found.worst] == [1, 0]

    def test_overdue_and_repeated_are_listed_and_to_be_decided(self, at):
        first = finding(project=at.project, found_at=clock.midnight(on(1, 8)), state="verified")
        back = finding(project=at.project, repeat_of=first, weight=2, deadline=clock.now() + DAY)
        late = finding(project=at.project, severity="major", deadline=clock.now() - DAY)
        finding(project=at.project, deadline=clock.now() - DAY)
        found = pack(at)
        assert found.overdue_count == 2
        assert found.overdue[0].deadline <= found.overdue[1].deadline
        assert (found.repeats, found.repeats_count) == ([back], 1)
        named = {one.code: (one.count, one.names) for one in found.decisions}
        assert named["overdue_grave"] == (1, (late.number,))
        assert named["repeated"] == (1, (back.number,))

    def test_that_are_hidden_are_not_in_the_pack(self, at):
        finding(project=at.project, is_hidden=True, severity="critical", deadline=clock.now() - DAY)
        found = pack(at)
        assert (found.handled.found, found.worst, found.overdue) == (0, [], [])


class TestAppealsAndImprovement:
    def appeal(self, at, number, **given):
        decision = Decision("test", number, "x", clock.now(), **given)
        manager = at.user("project_manager")
        return file_appeal(project=at.project, decision=decision, grounds="x", wanted="x", by=manager)

    def test_of_the_month_and_still_open_ones_are_there(self, at):
        with clock.at(clock.now() - 60 * DAY):
            older = self.appeal(at, 1)
        newer = self.appeal(at, 2)
        assert pack(at).appeals == [older, newer]
        assert pack(at, month=NOVEMBER.before).appeals == [older]
        assert pack(at, month=Month(dt.date(2026, 8, 1))).appeals == []

    def test_without_a_decider_are_to_be_decided(self, at):
        one = self.appeal(at, 1, decided_by=(at.user("group_quality").pk, at.user("region").pk))
        named = {row.code: row.names for row in pack(at).decisions}
        assert named["without_decider"] == (one.number,)

    def test_projects_that_were_worked_on_and_their_proposals(self, at):
        head = at.user("region")
        one = plan_improvement(node=at.city, spec=SPEC, by=head)
        add_measure(one, text="x", due_on=on(25), by=head)
        drop(plan_improvement(node=at.city, spec=SPEC, by=head), reason="x", by=head)
        plan_improvement(node=at.group, spec=SPEC, by=at.user("group_quality"))
        clause = ClauseFactory(code="C7")
        propose_change(one, clause=clause, text="更严", by=head)
        found = pack(at)
        assert found.improvements == [one]
        assert {row.code: row.names for row in found.decisions}["proposals"] == ("C7",)
        assert pack(at, month=NOVEMBER.before).improvements == []


class TestReading:
    def test_is_prepared_where_one_runs_projects(self, at):
        assert list(meeting_nodes(at.user("region"))) == [at.region, at.city, at.project.node]
        assert list(meeting_nodes(at.user("project_manager"))) == [at.project.node]
        for role in ("department_lead", "client", "owners_committee", "field_staff"):
            assert list(meeting_nodes(at.user(role))) == []

    def test_asks_as_often_for_many_rows_as_for_none(self, at):
        def count() -> int:
            user = type(at.user("region")).objects.get(pk=at.user("region").pk)
            with CaptureQueriesContext(connection) as queries:
                meeting(user, at.region, NOVEMBER)
            return len(queries)

        inspected(on(3), "pf", project=at.project)
        few = count()
        for day in range(4, 10):
            one = inspected(on(day), "ppff", project=at.project, score=Decimal(80))
            finding(project=at.project, inspection=one, severity="critical", deadline=clock.now() - DAY)
        assert count() <= few + 2  # evidence is asked for only where there is a grave finding
