"""Inspections are begun, and handed on: each exit once."""

import datetime as dt
import uuid

import pytest
from factories import inspections as made
from factories.corrections import role_at
from factories.org import ProjectFactory, UserFactory, user_with
from factories.registry import PlaceFactory, StaffFactory
from factories.sheets import SheetVersionFactory

from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.models import Guest, Inspection
from wuyou.domains.sheets import actions as sheets
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.journal.models import Entry

BY = System("test")


def fields_of(error):
    return [one.field for one in error.value.fields]


class TestOfACampaign:
    def test_it_is_as_the_campaign_says(self, target, inspector, sheet, estate):
        inspection = actions.start_inspection(target, by=inspector)
        assert (inspection.project, inspection.campaign, inspection.level) == (estate.project, target.campaign, "city")
        assert (inspection.sheet_version, inspection.inspector, inspection.state) == (sheet, inspector, "under_way")
        assert inspection.number.startswith("JC-")
        target.refresh_from_db()
        assert target.state == "under_way"
        entry = Entry.objects.order_by("id").last()
        assert (entry.verb, entry.details["level"]) == ("quality.inspection_started", "city")

    def test_only_once(self, target, inspector):
        actions.start_inspection(target, by=inspector)
        with pytest.raises(Conflict):
            actions.start_inspection(target, by=inspector)
        assert Inspection.objects.count() == 1

    def test_again_after_a_void_one(self, begun, target, inspector, estate):
        actions.void_inspection(begun, reason="走错小区", by=estate.user("region"))
        target.refresh_from_db()
        assert target.state == "owed"
        assert actions.start_inspection(target, by=inspector).pk != begun.pk

    def test_the_same_identifier_gives_the_same_inspection(self, target, inspector):
        key = uuid.uuid4()
        first = actions.start_inspection(target, by=inspector, client_id=key)
        assert actions.start_inspection(target, by=inspector, client_id=key) == first

    def test_an_identifier_of_somebody_else_is_refused(self, target, inspector, estate, sheet):
        key = uuid.uuid4()
        actions.start_inspection(target, by=inspector, client_id=key)
        with pytest.raises(Conflict):
            actions.start_inspection(
                estate.project, sheet_version=sheet, by=estate.user("project_manager"), client_id=key
            )

    @pytest.mark.parametrize("state", ["draft", "closed", "published"])
    def test_only_while_the_campaign_is_under_way(self, target, inspector, state):
        target.campaign.state = state
        with pytest.raises(IllegalMove):
            actions.start_inspection(target, by=inspector)

    def test_not_of_a_project_that_was_waived(self, target, inspector):
        type(target).objects.filter(pk=target.pk).update(state="waived", waived_because="封闭施工")
        with pytest.raises(IllegalMove):
            actions.start_inspection(target, by=inspector)

    def test_a_place_of_another_project_is_refused(self, target, inspector):
        with pytest.raises(Invalid) as error:
            actions.start_inspection(target, by=inspector, place=PlaceFactory())
        assert fields_of(error) == ["place"]

    def test_it_may_be_about_one_place(self, target, inspector, estate):
        assert actions.start_inspection(target, by=inspector, place=estate.stairs[0]).place == estate.stairs[0]


class TestIndependence:
    def test_only_who_is_named(self, target, estate):
        with pytest.raises(Denied):
            actions.start_inspection(target, by=estate.user("region"))

    def test_anybody_independent_where_nobody_is_named(self, estate, sheet):
        target = made.target(estate, sheet)
        assert actions.start_inspection(target, by=estate.user("region")).inspector == estate.user("region")

    @pytest.mark.parametrize("role", ["project_manager", "department_lead", "field_staff", "client"])
    def test_nobody_of_the_project(self, estate, sheet, role):
        with pytest.raises(Denied):
            actions.start_inspection(made.target(estate, sheet), by=estate.user(role))

    def test_nobody_with_a_staff_record_there(self, estate, sheet):
        both = role_at("city", estate.city)
        StaffFactory(team=estate.team, user=both)
        with pytest.raises(Denied):
            actions.start_inspection(made.target(estate, sheet), by=both)

    def test_not_the_same_pair_twice_running(self, estate, sheet, inspector, target):
        made.done(actions.start_inspection(target, by=inspector))
        again = made.target(estate, sheet)
        with pytest.raises(Denied):
            actions.start_inspection(again, by=inspector)
        assert actions.start_inspection(again, by=estate.user("region")).pk

    def test_no_machine(self, target):
        with pytest.raises(Denied):
            actions.start_inspection(target, by=BY)

    def test_a_guest_while_invited(self, target):
        guest = UserFactory()
        with pytest.raises(Denied):
            actions.start_inspection(target, by=guest)
        invited = Guest.objects.create(
            target=target, user=guest, organisation="业委会", ends_on=clock.today() - dt.timedelta(days=1)
        )
        with pytest.raises(Denied):
            actions.start_inspection(target, by=guest)
        invited.ends_on = clock.today()
        invited.save()
        assert actions.start_inspection(target, by=guest).inspector == guest


class TestSelfChecks:
    def test_a_project_checks_itself(self, estate, sheet):
        manager = estate.user("project_manager")
        inspection = actions.start_inspection(estate.project, sheet_version=sheet, by=manager)
        assert (inspection.level, inspection.campaign, inspection.target) == ("project", None, None)
        team = actions.start_inspection(
            estate.project, sheet_version=sheet, level="team", by=estate.user("department_lead")
        )
        assert team.level == "team"

    @pytest.mark.parametrize(
        ("given", "where"), [({"level": "city"}, ["level"]), ({"sheet_version": None}, ["sheet_version"])]
    )
    def test_what_is_wrong_is_named(self, estate, sheet, given, where):
        with pytest.raises(Invalid) as error:
            actions.start_inspection(
                estate.project, by=estate.user("project_manager"), **({"sheet_version": sheet} | given)
            )
        assert fields_of(error) == where

    def test_the_sheet_is_issued_for_inspections_here(self, estate):
        manager = estate.user("project_manager")
        strange = SheetVersionFactory(sheet__purpose="inspection", sheet__node=ProjectFactory().node, issued=True)
        draft = SheetVersionFactory(sheet__purpose="inspection")
        of_tasks = SheetVersionFactory(issued=True)
        for version in (strange, draft, of_tasks):
            with pytest.raises(Invalid) as error:
                actions.start_inspection(estate.project, sheet_version=version, by=manager)
            assert fields_of(error) == ["sheet_version"]

    @pytest.mark.parametrize("role", ["front_desk", "field_staff", "client", "owners_committee"])
    def test_who_may_not(self, estate, sheet, role):
        with pytest.raises(Denied):
            actions.start_inspection(estate.project, sheet_version=sheet, by=estate.user(role))

    def test_a_sheet_withdrawn_meanwhile_stays(self, estate, sheet):
        manager = estate.user("project_manager")
        inspection = actions.start_inspection(estate.project, sheet_version=sheet, by=manager)
        sheets.withdraw(sheet, by=BY, reason="停用")
        made.done(inspection)
        assert (inspection.state, inspection.score, inspection.sheet_version) == ("published", 100, sheet)
        with pytest.raises(Invalid):
            actions.start_inspection(estate.project, sheet_version=sheet, by=manager)


class TestSecond:
    def test_the_same_by_somebody_else(self, begun, target, estate):
        second = actions.start_inspection(target, second_of=begun, by=estate.user("region"))
        assert (second.second_of, second.sheet_version, second.target) == (begun, begun.sheet_version, target)

    def test_not_by_the_same(self, begun, target, inspector):
        with pytest.raises(Denied):
            actions.start_inspection(target, second_of=begun, by=inspector)

    def test_not_by_somebody_of_the_project(self, begun, target, estate):
        with pytest.raises(Denied):
            actions.start_inspection(target, second_of=begun, by=estate.user("project_manager"))

    def test_one_is_enough(self, begun, target, estate):
        second = actions.start_inspection(target, second_of=begun, by=estate.user("region"))
        with pytest.raises(Conflict):
            actions.start_inspection(target, second_of=begun, by=estate.user("group_quality"))
        with pytest.raises(Invalid) as error:
            actions.start_inspection(target, second_of=second, by=estate.user("group_quality"))
        assert fields_of(error) == ["second_of"]

    def test_not_once_the_first_is_published(self, begun, target, estate):
        made.done(begun)
        actions.publish_inspection(begun, by=estate.user("city"))
        with pytest.raises(IllegalMove):
            actions.start_inspection(target, second_of=begun, by=estate.user("region"))

    def test_of_a_self_check_by_a_colleague(self, estate, sheet):
        first = actions.start_inspection(estate.project, sheet_version=sheet, by=estate.user("project_manager"))
        lead = estate.user("department_lead")
        assert actions.start_inspection(estate.project, second_of=first, by=lead).inspector == lead
        with pytest.raises(Denied):
            actions.start_inspection(estate.project, second_of=first, by=estate.user("client"))


class TestHandingOn:
    def test_to_another_inspector_with_all_that_was_answered(self, begun, target, estate):
        made.fill(begun)
        actions.hand_on_inspection(begun, to=estate.user("region"), reason="离职", by=estate.user("city"))
        target.refresh_from_db()
        assert (begun.inspector, target.inspector) == (estate.user("region"), estate.user("region"))
        assert made.submit(begun).score == 100
        told = Entry.objects.get(verb="quality.inspection_handed_on")
        assert (told.details["reason"], told.details["after"]) == ("离职", estate.user("region").pk)

    def test_by_who_plans_inspections_when_the_inspector_has_left(self, begun, estate, inspector):
        type(inspector).objects.filter(pk=inspector.pk).update(is_active=False)
        actions.hand_on_inspection(begun, to=estate.user("region"), reason="离职", by=estate.user("group_quality"))
        assert begun.inspector == estate.user("region")

    @pytest.mark.parametrize("reason", ["", "  ", "长" * 301])
    def test_with_a_reason(self, begun, estate, reason):
        with pytest.raises(Invalid) as error:
            actions.hand_on_inspection(begun, to=estate.user("region"), reason=reason, by=estate.user("city"))
        assert fields_of(error) == ["reason"]

    def test_not_by_others(self, begun, estate):
        with pytest.raises(Denied):
            actions.hand_on_inspection(begun, to=estate.user("region"), reason="x", by=estate.user("project_manager"))

    def test_not_to_somebody_of_the_project(self, begun, estate):
        with pytest.raises(Denied):
            actions.hand_on_inspection(begun, to=estate.user("project_manager"), reason="x", by=estate.user("city"))

    def test_not_to_the_other_inspector_or_to_nobody(self, begun, target, estate, inspector):
        second = actions.start_inspection(target, second_of=begun, by=estate.user("region"))
        gone = role_at("region", estate.region)
        type(gone).objects.filter(pk=gone.pk).update(is_active=False)
        gone.refresh_from_db()
        for inspection, to in [
            (begun, estate.user("region")),
            (begun, inspector),
            (begun, gone),
            (second, inspector),
        ]:
            with pytest.raises(Invalid) as error:
                actions.hand_on_inspection(inspection, to=to, reason="x", by=estate.user("group_quality"))
            assert fields_of(error) == ["to"]

    def test_not_once_submitted(self, begun, estate):
        made.done(begun)
        with pytest.raises(IllegalMove):
            actions.hand_on_inspection(begun, to=estate.user("region"), reason="x", by=estate.user("city"))

    def test_a_self_check_to_a_colleague_who_inspects(self, estate, sheet):
        manager = estate.user("project_manager")
        inspection = actions.start_inspection(estate.project, sheet_version=sheet, by=manager)
        with pytest.raises(Denied):
            actions.hand_on_inspection(inspection, to=user_with(at=estate.project), reason="x", by=manager)
        lead = estate.user("department_lead")
        assert actions.hand_on_inspection(inspection, to=lead, reason="调岗", by=manager).inspector == lead
