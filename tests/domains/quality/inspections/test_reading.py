"""Who sees which inspection, and whose photos; answers, places, findings by inspection."""

import pytest
from factories import inspections as made
from factories.corrections import role_at
from factories.org import NodeFactory, UserFactory

from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.models import Inspection
from wuyou.domains.quality.queries import inspections as queries
from wuyou.domains.quality.queries.findings import findings_visible_to
from wuyou.domains.quality.queries.proofs import proof_visible_to
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Missing

ROLES = ("group_quality", "region", "city", "project_manager", "department_lead", "front_desk", "client",
         "owners_committee", "field_staff")  # fmt: skip


def seen(estate, inspection):
    return {
        role for role in ROLES if queries.inspections_visible_to(estate.user(role)).filter(pk=inspection.pk).exists()
    }


ABOVE = {"group_quality", "region", "city"}
INSIDE = ABOVE | {"project_manager", "department_lead"}


class TestVisibility:
    def test_ours_see_it_under_way_clients_once_published(self, estate, begun):
        assert seen(estate, begun) == INSIDE
        made.done(begun)
        assert seen(estate, begun) == INSIDE
        actions.publish_inspection(begun, by=estate.user("city"))
        assert seen(estate, begun) == INSIDE | {"client", "owners_committee"}

    def test_a_hidden_one_is_seen_from_above_until_published(self, estate, sheet, inspector):
        target = made.target(estate, sheet, inspector=inspector, is_hidden=True, level="special")
        inspection = made.done(actions.start_inspection(target, by=inspector))
        assert seen(estate, inspection) == ABOVE
        actions.publish_inspection(inspection, by=estate.user("group_quality"))
        assert seen(estate, inspection) == INSIDE | {"client", "owners_committee"}

    def test_nobody_of_another_branch(self, begun):
        other = role_at("city", NodeFactory())
        assert not queries.inspections_visible_to(other).exists()
        assert not queries.inspections_visible_to(UserFactory()).exists()
        assert queries.inspections_visible_to(System("test")).count() == 1

    def test_an_inspector_sees_own_ones_even_without_a_role(self, begun):
        guest = UserFactory()
        Inspection.objects.filter(pk=begun.pk).update(inspector=guest)
        assert list(queries.inspections_visible_to(guest)) == [begun]

    def test_of_a_pair_neither_sees_the_other_before_both_have_submitted(self, estate, begun, target):
        second = actions.start_inspection(target, second_of=begun, by=estate.user("region"))
        both = {begun, second}
        for step in ("nothing", "first"):
            assert set(queries.inspections_visible_to(begun.inspector)) == {begun}, step
            assert set(queries.inspections_visible_to(second.inspector)) == {second}, step
            assert set(queries.inspections_visible_to(estate.user("group_quality"))) == both
            if step == "nothing":
                made.done(begun)
        made.done(second)
        assert set(queries.inspections_visible_to(begun.inspector)) == both
        assert set(queries.inspections_visible_to(second.inspector)) == both

    def test_nor_what_the_other_has_found(self, estate, begun, target):
        second = actions.start_inspection(target, second_of=begun, by=estate.user("region"))
        made.done(begun, {"lamp": "fail"})
        assert findings_visible_to(begun.inspector).count() == 1
        assert findings_visible_to(second.inspector).count() == 0
        made.done(second)
        assert findings_visible_to(second.inspector).count() == 1

    def test_answers_are_seen_with_their_inspection(self, estate, begun):
        made.fill(begun)
        assert queries.answers_visible_to(estate.user("region")).count() == 5
        assert queries.answers_visible_to(estate.user("client")).count() == 0


class TestPhotos:
    def test_with_their_inspection(self, estate, begun):
        row = made.shoot(begun, "lamp")
        assert proof_visible_to(estate.user("project_manager"), row.pk) == row
        for stranger in (estate.user("client"), UserFactory()):
            with pytest.raises(Missing):
                proof_visible_to(stranger, row.pk)
        with pytest.raises(Missing):
            proof_visible_to(estate.user("region"), 0)

    def test_of_a_hidden_visit_only_from_above(self, estate, sheet, inspector):
        target = made.target(estate, sheet, inspector=inspector, is_hidden=True, level="special")
        row = made.shoot(actions.start_inspection(target, by=inspector), "lamp")
        assert proof_visible_to(estate.user("region"), row.pk) == row
        with pytest.raises(Missing):
            proof_visible_to(estate.user("project_manager"), row.pk)

    def test_by_answer_in_one_query(self, begun, django_assert_num_queries):
        row = made.shoot(begun, "lamp")
        made.fill(begun)
        answers = list(begun.answers.order_by("item__position"))
        with django_assert_num_queries(1):
            found = queries.photos_of(answers)
        assert (found[answers[0].pk], found[answers[1].pk]) == ([row], [])
        with django_assert_num_queries(0):
            assert queries.photos_of([]) == {}


class TestReads:
    def test_a_sheet_with_its_answers_in_two_queries(self, begun, django_assert_num_queries):
        made.fill(begun)
        with django_assert_num_queries(2):
            filled = queries.filled_of(begun)
        assert filled.values == made.GOOD
        assert (filled.progress.answered, filled.progress.asked, filled.progress.is_complete) == (5, 6, True)

    def test_findings_by_inspection(self, begun):
        made.done(begun, {"lamp": "fail", "stairs": "dust"})
        assert set(queries.answered_findings(begun)) == {"lamp", "stairs"}
        assert [row.answer.item.code for row in queries.findings_of(begun)] == ["lamp", "stairs"]

    def test_places_an_answer_may_be_about(self, estate):
        assert set(estate.stairs) <= set(queries.places_of(estate.project))

    def test_where_a_self_check_may_be_made_and_with_what(self, estate, sheet):
        assert list(queries.self_check_projects(estate.user("project_manager"))) == [estate.project]
        assert list(queries.self_check_projects(estate.user("client"))) == []
        assert list(queries.self_check_sheets(estate.project)) == [sheet]

    def test_before_it_is_submitted_there_is_no_score(self, begun):
        assert (queries.score_in_force(begun), queries.scores_of(begun)) == (None, [])
