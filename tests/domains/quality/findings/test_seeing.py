"""Who sees which findings, the kanban, ages, heat map, Pareto, and what waits for whom."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.assets import AssetFactory
from factories.corrections import Estate, days, enter, proved, role_at, verified
from factories.org import ProjectFactory, UserFactory
from factories.quality import finding as bare_finding
from factories.quality import inspection
from factories.registry import StaffFactory, ZoneFactory, place_below
from factories.standards import ClauseFactory
from factories.tasks import photo

from wuyou.domains.org.models import User
from wuyou.domains.org.policies import may
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.models import Finding
from wuyou.domains.quality.policies.findings import check_verify, extends
from wuyou.domains.quality.queries import finding_board as board
from wuyou.domains.quality.queries.finding_waiting import (
    effects_due,
    explanations_owed,
    to_correct,
    to_verify,
    waiting_for,
    wishes_for,
)
from wuyou.domains.quality.queries.findings import duplicates_of, findings_visible_to, overdue, photos_before
from wuyou.domains.quality.queries.hiding import Sight, insiders_at, projects_below, sight_of, visible_hidden
from wuyou.domains.quality.rules.findings import age_band
from wuyou.domains.work.actions.problems import Found
from wuyou.domains.work.actions.spotting import attach_to_problem, report_problem
from wuyou.kernel import clock
from wuyou.kernel.actors import System

ALL = ("group_quality", "region", "city", "project_manager", "department_lead", "front_desk", "field_staff", "client",
       "owners_committee")  # fmt: skip


def seers(estate: Estate, finding: Finding) -> set[str]:
    return {role for role in ALL if findings_visible_to(estate.user(role)).filter(pk=finding.pk).exists()}


class TestVisible:
    def test_by_role(self, estate: Estate) -> None:
        own = enter(estate)  # the field staff answer for it
        Finding.objects.filter(pk=own.pk).update(owner=None)
        assert seers(estate, own) == set(ALL) - {"field_staff", "client", "owners_committee"}

    def test_staff_see_what_they_own_or_have_to_act_on(self, estate: Estate) -> None:
        own, other = enter(estate), enter(estate, stair=1)
        Finding.objects.filter(pk=other.pk).update(owner=None)
        cleaner = estate.user("field_staff")
        assert set(findings_visible_to(cleaner)) == {own}
        other.correction.action_owner = estate.cleaner
        other.correction.save()
        assert set(findings_visible_to(cleaner)) == {own, other}

    def test_who_has_left_sees_nothing(self, estate: Estate) -> None:
        enter(estate)
        estate.cleaner.left_on = clock.today()
        estate.cleaner.save()
        user = User.objects.get(pk=estate.user("field_staff").pk)
        assert list(findings_visible_to(user)) == []

    @pytest.mark.parametrize(("state", "seen"), [("submitted", False), ("published", True)])
    def test_clients_and_committees_see_what_was_published(self, estate: Estate, state: str, seen: bool) -> None:
        now = clock.now()
        visit = inspection(project=estate.project, state=state, submitted_at=now)
        finding = enter(estate, source="inspection", inspection=visit)
        assert ({"client", "owners_committee"} <= seers(estate, finding)) is seen

    def test_a_hidden_one_is_seen_from_above_and_by_the_inspector_alone(self, estate: Estate) -> None:
        mystery = UserFactory()
        visit = inspection(project=estate.project, inspector=mystery, is_hidden=True)
        finding = enter(estate, source="inspection", inspection=visit, is_hidden=True)
        assert seers(estate, finding) == {"group_quality", "region", "city"}
        assert list(findings_visible_to(mystery)) == [finding]

    def test_machines_see_all_and_strangers_nothing(self, estate: Estate) -> None:
        finding = enter(estate, is_hidden=True)
        assert list(findings_visible_to(System("test"))) == [finding]
        assert list(findings_visible_to(UserFactory())) == []
        other = role_at("project_manager", ProjectFactory().node)
        assert list(findings_visible_to(other)) == []

    def test_the_rule_of_hiding(self, estate: Estate) -> None:
        pk = estate.project.pk
        above = {role for role in ALL if pk in visible_hidden(estate.user(role))}
        assert above == {"group_quality", "region", "city"}
        assert visible_hidden(System("test")) == [pk]
        assert projects_below(System("test"), "quality.inspect") == [pk]
        inside = {role for role in ALL if pk in insiders_at(estate.user(role))}
        assert inside == set(ALL) - {"field_staff", "client", "owners_committee"}

    def test_one_query_says_the_same(self, estate: Estate) -> None:
        pk, permission = estate.project.pk, "quality.view_findings"
        for role in ALL:
            user = estate.user(role)
            with CaptureQueriesContext(connection) as asked:
                sight = sight_of(user, permission)
            sees = projects_visible_to(user, permission).filter(pk=pk).exists()
            assert (pk in sight.inside) is (sees and pk in insiders_at(user))
            assert (pk in sight.outside) is (sees and pk not in insiders_at(user))
            assert (pk in sight.unhidden) is (sees and pk in visible_hidden(user))
            assert len(asked) <= 2  # the roles, read once, and the projects
        assert sight_of(System("test"), permission) == Sight([pk], [], [pk])

    def test_a_project_with_nothing_above_hides_nothing_from_who_plans_there(self, estate: Estate) -> None:
        alone = ProjectFactory()
        assert visible_hidden(role_at("project_manager", alone.node)) == [alone.pk]
        assert visible_hidden(role_at("client", alone.node)) == []


class TestSame:
    def test_other_sights_not_put_right(self, estate: Estate) -> None:
        visit = inspection(project=estate.project)
        first, second = (enter(estate, source="inspection", inspection=visit) for _ in range(2))
        enter(estate, stair=1)
        assert list(duplicates_of(first)) == [second]
        proved(second, by=estate.user("department_lead"))
        assert list(duplicates_of(first)) == []
        assert list(duplicates_of(second)) == []

    def test_the_same_device_is_enough(self, estate: Estate) -> None:
        lift = AssetFactory(project=estate.project, place=estate.stairs[0], zone=estate.zone)
        visit = inspection(project=estate.project)
        first = enter(estate, asset=lift, clause=None, place=None, source="inspection", inspection=visit)
        second = enter(estate, asset=lift, place=None)
        assert first.zone == estate.zone
        assert list(duplicates_of(first)) == [second]
        third = enter(estate, asset=lift, place=None, source="inspection", inspection=visit)
        assert third.merged_into == second

    def test_photos_of_a_problem_are_what_was_seen(self, estate: Estate) -> None:
        cleaner = estate.user("field_staff")
        problem = report_problem(estate.stairs[0], found=Found("扶手松动", "major"), by=cleaner)
        row = attach_to_problem(problem, upload=photo(), by=cleaner)
        assert photos_before(Finding.objects.get()) == [row]

    def test_machines_decide_on_extensions(self, estate: Estate) -> None:
        assert extends(System("test"), estate.project, approved=3)


class TestBoard:
    def test_columns_count_all_and_show_the_first_due(self, estate: Estate, moment: dt.datetime) -> None:
        made = [bare_finding(project=estate.project, deadline=moment + days(number)) for number in (3, -1, 2)]
        bare_finding(project=estate.project, state="void")
        columns = board.kanban(Finding.objects.all(), each=2)
        assert [column.state for column in columns] == list(board.COLUMNS)
        first = columns[0]
        assert (first.count, first.late, first.findings) == (3, 1, [made[1], made[2]])
        assert sum(column.count for column in columns) == 3

    def test_as_many_queries_for_fifty_as_for_one(self, estate: Estate) -> None:
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as seen:
                for column in board.kanban(Finding.objects.all()):
                    [str(one.place or one.project) for one in column.findings]
            return len(seen)

        enter(estate)
        one = queries()
        for number in range(50):
            bare_finding(project=estate.project, state=board.COLUMNS[number % 4])
        assert queries() == one == 3

    def test_ages(self, estate: Estate, moment: dt.datetime) -> None:
        for old, state in ((0, "open"), (3.9, "open"), (4, "proved"), (30.5, "acting"), (200, "open"), (9, "closed")):
            bare_finding(
                project=estate.project, found_at=moment - days(old), state=state,
                closed_at=moment if state == "closed" else None,
            )  # fmt: skip
        found = {age.band: dict(age.by_state) for age in board.ageing(Finding.objects.all())}
        assert found == {
            "0-3": {"open": 2}, "4-7": {"proved": 1}, "8-30": {"acting": 1}, "31-90": {}, "90+": {"open": 1},
        }  # fmt: skip

    def test_ages_agree_with_the_rule(self, estate: Estate, moment: dt.datetime) -> None:
        for old in (3, 4, 8, 31, 91):
            Finding.objects.all().delete()
            found_at = moment - days(old)
            bare_finding(project=estate.project, found_at=found_at)
            (age,) = [one for one in board.ageing(Finding.objects.all()) if one.count]
            assert age.band == age_band(found_at, moment)

    def test_the_heat_map_weighs_zone_by_clause(self, estate: Estate) -> None:
        zone = ZoneFactory(project=estate.project, name="东区")
        clauses = [estate.clause, ClauseFactory()]
        for where, clause, weight in ((estate.zone, 0, 1), (estate.zone, 0, 4), (zone, 1, 2), (None, 0, 1)):
            bare_finding(project=estate.project, zone=where, clause=clauses[clause], weight=weight)
        bare_finding(project=estate.project, zone=zone, state="void", weight=99)
        heat = board.heat(Finding.objects.all())
        assert [key for key, _label in heat.down] == [estate.zone.pk, zone.pk, None]
        assert heat.across == [(one.pk, f"{one.code} 楼道楼梯") for one in clauses]
        assert heat.cells == {
            (estate.zone.pk, clauses[0].pk): board.Cell(2, 5), (zone.pk, clauses[1].pk): board.Cell(1, 2),
            (None, clauses[0].pk): board.Cell(1, 1),
        }  # fmt: skip

    def test_the_heat_map_by_project_and_part(self, estate: Estate) -> None:
        bare_finding(project=estate.project, clause=estate.clause)
        heat = board.heat(Finding.objects.all(), down="project", across="part")
        assert heat.down == [(estate.project.code, estate.project.name)]
        assert heat.across == [("clean", "clean")]
        assert heat.cells == {(estate.project.code, "clean"): board.Cell(1, 1)}

    @pytest.mark.parametrize("by", ["clause", "cause", "team", "place"])
    def test_pareto(self, estate: Estate, by: str) -> None:
        lead = estate.user("department_lead")
        for stair in (0, 1):
            proved(enter(estate, stair=stair), by=lead)
        enter(estate, stair=2, clause=None, place=place_below(estate.stairs[0]))
        found = board.pareto_of(Finding.objects.all(), by=by)
        assert found[0].count == {"clause": 2, "cause": 2, "team": 3, "place": 1}[by]
        assert found[-1].cumulative == Decimal("100.0")

    def test_figures(self, estate: Estate, moment: dt.datetime) -> None:
        enter(estate)
        proved(enter(estate, stair=1), by=estate.user("department_lead"))
        verified(enter(estate, stair=2), by=estate.user("city"), doer=estate.user("department_lead"))
        enter(estate, stair=2)
        rows = Finding.objects.all()
        assert board.figures_of(rows) == board.Figures(in_hand=2, late=0, to_verify=1, repeats=1)
        later = moment + days(2)
        assert board.figures_of(rows, now=later).late == overdue(rows, now=later).count() == 2


class TestWaiting:
    def test_to_correct_is_for_who_hands_out_and_who_owns(self, estate: Estate) -> None:
        finding = enter(estate)
        waits = {role for role in ALL if to_correct(estate.user(role)).filter(pk=finding.pk).exists()}
        assert waits == {"project_manager", "department_lead", "field_staff"}

    def test_to_verify_is_not_for_the_doer(self, estate: Estate) -> None:
        finding = proved(enter(estate), by=estate.user("department_lead"))
        waits = {role for role in ALL if to_verify(estate.user(role)).filter(pk=finding.pk).exists()}
        assert waits == {"group_quality", "region", "city", "project_manager"}

    def test_what_the_city_found_waits_above(self, estate: Estate) -> None:
        visit = inspection(project=estate.project, level="city")
        finding = proved(enter(estate, source="inspection", inspection=visit), by=estate.user("department_lead"))
        waits = {role for role in ALL if to_verify(estate.user(role)).filter(pk=finding.pk).exists()}
        assert waits == {"group_quality", "region", "city"}

    def test_whoever_waits_may_also_act(self, estate: Estate) -> None:
        """The list and the policy say the same."""
        for level in ("project", "city"):
            visit = inspection(project=estate.project, level=level)
            finding = enter(estate, source="inspection", inspection=visit)
            proved(finding, by=estate.user("project_manager"))
            for role in ALL:
                user = estate.user(role)
                assert to_verify(user).filter(pk=finding.pk).exists() is may(check_verify, user, finding)

    def test_a_wish_waits_for_who_may_decide_it(self, estate: Estate) -> None:
        finding = enter(estate)
        wish = actions.ask_extension(
            finding, until=finding.deadline + days(2), reason="等件", by=estate.user("project_manager")
        )
        assert {role for role in ALL if wish in wishes_for(estate.user(role))} == {"group_quality", "region", "city"}
        actions.decide_extension(wish, approve=True, by=estate.user("city"))
        second = actions.ask_extension(
            finding, until=finding.deadline + days(2), reason="等件", by=estate.user("project_manager")
        )
        assert {role for role in ALL if second in wishes_for(estate.user(role))} == {"group_quality", "region"}

    def test_an_effect_waits_when_the_period_is_over(self, estate: Estate, moment: dt.datetime) -> None:
        verified(enter(estate), by=estate.user("city"), doer=estate.user("department_lead"))
        assert effects_due(estate.user("city")).count() == 0
        with clock.at(moment + days(30)):
            assert effects_due(estate.user("city")).count() == 1
            assert effects_due(estate.user("department_lead")).count() == 0

    def test_counts(self, estate: Estate, moment: dt.datetime) -> None:
        enter(estate, severity="major")
        with clock.at(moment + days(9)):
            waits = waiting_for(estate.user("project_manager"))
        assert (waits.to_correct, waits.late, waits.places, waits.is_empty) == (1, 1, 2, False)
        assert explanations_owed(estate.user("project_manager")).count() == 0
        assert waiting_for(estate.user("client")).is_empty
        assert waiting_for(StaffFactory(user=UserFactory()).user).is_empty
