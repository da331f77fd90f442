"""A finding on its way: contained, analysed, acted on, proved, verified by somebody else, effect checked, closed."""

import datetime as dt

import pytest
from factories.corrections import BY, Estate, days, enter, proved, role_at, verified
from factories.org import NodeFactory, ProjectFactory
from factories.quality import finding as bare_finding
from factories.quality import inspection
from factories.registry import StaffFactory, TeamFactory
from factories.tasks import photo

from wuyou.domains.quality import events
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.actions.findings.recording import due_after
from wuyou.domains.quality.flows.findings import FINDING_FLOW
from wuyou.domains.quality.models import Finding
from wuyou.domains.quality.policies.findings import answering_for, correction_of, doers_of
from wuyou.domains.quality.queries.findings import photos_after
from wuyou.domains.quality.tasks.findings import settle
from wuyou.domains.registry.actions.staff import leave
from wuyou.kernel import clock
from wuyou.kernel.clocks.actions import escalate_due
from wuyou.kernel.clocks.queries import clocks_of, open_clock
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.flows import illegal_moves
from wuyou.kernel.journal.models import Entry
from wuyou.kernel.notify.models import Notification

CAUSE = {"cause": "method", "whys": ["没人扫", "排班漏了", "新人没带"]}


def told_of(event: str) -> set[int]:
    return set(Notification.objects.filter(event=event).values_list("user_id", flat=True))


def contained(estate: Estate, **given: object) -> Finding:
    return actions.contain(enter(estate, **given), containment="先围起来", by=estate.user("department_lead"))


def analysed(estate: Estate, **given: object) -> Finding:
    return actions.analyse(contained(estate, **given), by=estate.user("department_lead"), **CAUSE)


class TestTheWholeWay:
    def test_from_open_to_closed(self, estate: Estate, moment: dt.datetime) -> None:
        lead, manager = estate.user("department_lead"), estate.user("project_manager")
        finding = contained(estate, severity="major")
        assert (finding.state, finding.correction.containment) == ("contained", "先围起来")
        actions.analyse(finding, by=lead, **CAUSE)
        assert (finding.state, finding.correction.cause, finding.correction.whys) == ("analysed", *CAUSE.values())
        actions.act(finding, action="重新排班", action_owner=estate.cleaner, action_due=dt.date(2026, 11, 22), by=lead)
        assert (finding.state, finding.correction.action_owner) == ("acting", estate.cleaner)
        with clock.at(moment + days(1)):
            actions.attach_proof(finding, upload=photo(), by=estate.user("field_staff"))
            actions.prove(finding, proof="扫干净了", by=estate.user("field_staff"))
        assert (finding.state, finding.correction.proved_at) == ("proved", moment + days(1))
        for similar in finding.similar.all():
            actions.look_at_similar(similar, state="fine", by=lead)
        with clock.at(moment + days(2)):
            actions.verify(finding, by=manager, note="看过了")
        assert (finding.state, finding.correction.verified_by) == ("verified", manager)
        assert finding.correction.effect_due == dt.date(2026, 12, 22)
        assert open_clock("finding", finding.pk, "correct") is None
        with clock.at(moment + days(40)):
            actions.check_effect(finding, works=True, effect_note="一直干净", by=manager)
        assert (finding.state, finding.closed_at, finding.correction.is_effective) == (
            "closed", moment + days(40), True,
        )  # fmt: skip
        assert FINDING_FLOW.is_final("void")

    def test_the_journal_tells_the_whole_way(self, estate: Estate) -> None:
        finding = verified(enter(estate), by=estate.user("city"), doer=estate.user("project_manager"))
        entries = Entry.objects.filter(subject_kind="finding", subject_id=str(finding.pk)).order_by("pk")
        verbs = [verb.partition(".")[2] for verb in entries.values_list("verb", flat=True) if "finding_" in verb]
        assert verbs == ["finding_entered", "finding_contained", "finding_analysed", "finding_action",
                         "finding_proved", "finding_verified"]  # fmt: skip

    def test_what_is_small_may_be_put_right_at_once_but_not_unseen(self, estate: Estate) -> None:
        finding = enter(estate)
        lead = estate.user("department_lead")
        with pytest.raises(Invalid) as refused:
            actions.clean(finding, proof="扫了", by=lead)
        assert refused.value.fields[0].field == "photos"
        actions.attach_proof(finding, upload=photo(), by=lead)
        assert actions.clean(finding, proof="扫了", by=lead).state == "proved"
        with pytest.raises(Denied):
            actions.verify(finding, by=lead)
        assert actions.verify(finding, by=estate.user("project_manager")).state == "verified"

    def test_what_is_grave_or_repeats_is_not_quick(self, estate: Estate) -> None:
        lead = estate.user("department_lead")
        grave = enter(estate, severity="major")
        verified(enter(estate, stair=1), by=estate.user("city"), doer=lead)
        for finding in (grave, enter(estate, stair=1)):
            actions.attach_proof(finding, upload=photo(), by=lead)
            with pytest.raises(Invalid):
                actions.clean(finding, proof="扫了", by=lead)
            assert finding.state == "open"


class TestWhatEachStepNeeds:
    def test_containment_is_said(self, estate: Estate) -> None:
        for given in ("  ", "长" * 501):
            with pytest.raises(Invalid):
                actions.contain(enter(estate), containment=given, by=estate.user("department_lead"))

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"cause": "fate"}, "cause"),
            ({"whys": ["一", "二"]}, "whys"),
            ({"whys": []}, "whys"),
            ({"whys": ["因"] * 8}, "whys"),
            ({"whys": ["长" * 501, "b", "c"]}, "whys"),
        ],
    )
    def test_a_cause_is_found_by_asking(self, estate: Estate, given: dict[str, object], field: str) -> None:
        finding = contained(estate, severity="major")
        with pytest.raises(Invalid) as refused:
            actions.analyse(finding, by=estate.user("department_lead"), **(CAUSE | given))
        assert refused.value.fields[0].field == field
        assert Finding.objects.get(pk=finding.pk).state == "contained"

    def test_a_small_finding_may_skip_containment_and_needs_one_why(self, estate: Estate) -> None:
        finding = actions.analyse(enter(estate), cause="people", whys=["忘了"], by=estate.user("department_lead"))
        assert finding.state == "analysed"
        assert [row.place for row in finding.similar.order_by("pk")] == estate.stairs[1:]

    def test_an_action_has_an_owner_who_works_here(self, estate: Estate) -> None:
        left = StaffFactory(team=estate.team, left_on=dt.date(2026, 11, 1))
        finding = analysed(estate)
        for owner in (StaffFactory(), left):
            with pytest.raises(Invalid) as refused:
                actions.act(finding, action="扫", action_owner=owner, action_due=clock.today(), by=BY)
            assert refused.value.fields[0].field == "action_owner"

    @pytest.mark.parametrize(
        ("remedy", "day", "fits"),
        [
            ("repair", dt.date(2026, 11, 19), False),
            ("repair", dt.date(2026, 11, 20), True),
            ("repair", dt.date(2026, 11, 27), True),
            ("repair", dt.date(2026, 11, 28), False),
            ("capital", dt.date(2027, 11, 1), True),
            ("capital", dt.date(2027, 11, 25), False),
        ],
    )
    def test_an_action_has_a_day_that_fits(self, estate: Estate, remedy: str, day: dt.date, fits: bool) -> None:
        finding = analysed(estate, remedy=remedy)
        given = {"action": "换扶手", "action_owner": estate.cleaner, "action_due": day}
        if fits:
            assert actions.act(finding, by=estate.user("department_lead"), **given).state == "acting"
            return
        with pytest.raises(Invalid) as refused:
            actions.act(finding, by=estate.user("department_lead"), **given)
        assert refused.value.fields[0].field == "action_due"

    def test_capital_work_gets_the_day_of_its_plan(self, estate: Estate) -> None:
        finding = analysed(estate, remedy="capital", severity="major")
        assert finding.deadline == dt.datetime(2026, 11, 27, 2, tzinfo=dt.UTC)
        actions.act(finding, action="换管", action_owner=estate.cleaner, action_due=dt.date(2027, 3, 31), by=BY)
        assert finding.deadline == dt.datetime(2027, 3, 31, 10, tzinfo=dt.UTC)  # 18:00 that day
        assert open_clock("finding", finding.pk, "correct").due_at == finding.deadline

    def test_whose_action_it_is_hears_of_it(self, estate: Estate) -> None:
        finding = analysed(estate)
        actions.act(finding, action="扫", action_owner=estate.cleaner, action_due=clock.today(), by=BY)
        assert told_of("quality.action_given") == {estate.user("field_staff").pk}

    def test_proof_is_a_photo_somebody_has_not_judged(self, estate: Estate) -> None:
        lead, manager = estate.user("department_lead"), estate.user("project_manager")
        finding = proved(enter(estate), by=lead)
        actions.refuse_proof(finding, verify_note="角落还脏", by=manager)
        with pytest.raises(Invalid):
            actions.prove(finding, proof="再扫", by=lead)
        actions.attach_proof(finding, upload=photo(), by=lead)
        assert actions.prove(finding, proof="再扫", by=lead).state == "proved"
        with pytest.raises(Conflict):
            actions.attach_proof(finding, upload=photo(), by=lead)

    def test_no_step_out_of_turn(self, estate: Estate) -> None:
        finding = enter(estate)
        with pytest.raises(IllegalMove):
            actions.prove(finding, proof="扫了", by=BY)
        with pytest.raises(IllegalMove):
            actions.verify(finding, by=BY)
        with pytest.raises(IllegalMove):
            actions.check_effect(finding, works=True, effect_note="好", by=BY)

    def test_the_flow_forbids_more_than_it_allows(self) -> None:
        forbidden = set(illegal_moves(FINDING_FLOW))
        assert ("open", "prove") in forbidden
        assert ("open", "verify") in forbidden
        assert ("acting", "clean") in forbidden
        assert ("void", "void") in forbidden
        assert not any(step == "clean" for state, step in forbidden if state == "open")

    def test_two_people_at_once(self, estate: Estate) -> None:
        finding = enter(estate)
        other = Finding.objects.select_related("project__node").get(pk=finding.pk)
        actions.contain(finding, containment="围", by=BY)
        with pytest.raises(Conflict):
            actions.contain(other, containment="围", by=BY)


class TestWhoMay:
    @pytest.mark.parametrize(
        ("role", "may"),
        [("group_quality", False), ("region", False), ("city", False), ("project_manager", True),
         ("department_lead", True), ("front_desk", False), ("field_staff", True), ("client", False),
         ("owners_committee", False)],
    )  # fmt: skip
    def test_correct(self, estate: Estate, role: str, may: bool) -> None:
        finding = enter(estate)  # the field staff own it
        if may:
            assert actions.contain(finding, containment="围", by=estate.user(role)).state == "contained"
            return
        with pytest.raises(Denied):
            actions.contain(finding, containment="围", by=estate.user(role))

    def test_somebody_elses_cleaner_does_not(self, estate: Estate) -> None:
        other = StaffFactory(team=estate.team, user=role_at("field_staff", estate.project.node))
        with pytest.raises(Denied):
            actions.contain(enter(estate), containment="围", by=other.user)

    @pytest.mark.parametrize(
        ("role", "own", "above"),
        [("group_quality", True, True), ("region", True, True), ("city", True, True),
         ("project_manager", True, False), ("department_lead", False, False), ("front_desk", False, False),
         ("field_staff", False, False), ("client", False, False)],
    )  # fmt: skip
    def test_verify(self, estate: Estate, role: str, own: bool, above: bool) -> None:
        """The lead is the doer; what a level above found is verified above the project."""
        for level, may in (("project", own), ("city", above)):
            visit = inspection(project=estate.project, level=level)
            finding = enter(estate, source="inspection", inspection=visit, place=None)
            proved(finding, by=estate.user("department_lead"))
            if may:
                assert actions.verify(finding, by=estate.user(role)).state == "verified"
            else:
                with pytest.raises(Denied):
                    actions.verify(finding, by=estate.user(role))

    def test_the_inspector_verifies_what_they_found(self, estate: Estate) -> None:
        manager = estate.user("project_manager")  # inspects for the city here
        visit = inspection(project=estate.project, level="city", inspector=manager)
        finding = enter(estate, source="inspection", inspection=visit)
        proved(finding, by=estate.user("department_lead"))
        assert actions.verify(finding, by=manager).state == "verified"

    def test_whose_action_it_is_does_not_verify(self, estate: Estate) -> None:
        manager = estate.user("project_manager")
        boss = StaffFactory(team=estate.team, user=manager)
        finding = actions.act(analysed(estate), action="扫", action_owner=boss, action_due=clock.today(), by=manager)
        actions.attach_proof(finding, upload=photo(), by=estate.user("department_lead"))
        actions.prove(finding, proof="扫了", by=estate.user("department_lead"))
        with pytest.raises(Denied):
            actions.verify(finding, by=manager)
        with pytest.raises(Denied):
            actions.refuse_proof(finding, verify_note="不行", by=manager)

    def test_where_nothing_is_above_the_estate_its_own_people_verify(self, db: None, moment: dt.datetime) -> None:
        project = ProjectFactory(node=NodeFactory(kind="project"))
        manager = role_at("project_manager", project.node)
        lead = role_at("department_lead", project.node)
        visit = inspection(project=project, level="outside")
        entry = actions.FindingEntry(
            source="inspection", text="灯坏了", severity="minor", found_by=None, inspection=visit
        )
        StaffFactory(team=TeamFactory(project=project))
        finding = proved(actions.enter_finding(project=project, entry=entry, by=BY), by=lead)
        assert actions.verify(finding, by=manager).state == "verified"


class TestClocks:
    def test_a_missed_deadline_climbs_by_level(self, estate: Estate, moment: dt.datetime) -> None:
        enter(estate)
        Notification.objects.all().delete()
        heard = []
        for hours in (25, 29, 53, 125):
            with clock.at(moment + dt.timedelta(hours=hours)):
                escalate_due()
            heard.append({role for role in estate.people if estate.user(role).pk in told_of("quality.finding_late")})
        assert heard[0] == {"project_manager", "department_lead", "field_staff"}
        assert [("city" in people, "region" in people) for people in heard] == [
            (False, False), (False, False), (True, False), (True, True),
        ]  # fmt: skip

    def test_while_it_waits_to_be_verified_the_doers_time_stands_still(
        self, estate: Estate, moment: dt.datetime
    ) -> None:
        lead, manager = estate.user("department_lead"), estate.user("project_manager")
        finding = enter(estate)
        with clock.at(moment + dt.timedelta(hours=20)):
            proved(finding, by=lead)
        assert open_clock("finding", finding.pk, "verify") is not None
        with clock.at(moment + days(3)):
            escalate_due()
            actions.refuse_proof(finding, verify_note="角落还脏", by=manager)
        assert finding.deadline == moment + days(3) + dt.timedelta(hours=4)  # the four hours that were left
        assert finding.correction.rejections == 1
        assert told_of("quality.finding_late") == set()
        assert open_clock("finding", finding.pk, "verify") is None

    def test_done_in_time_is_in_time_however_late_it_is_verified(self, estate: Estate, moment: dt.datetime) -> None:
        finding = proved(enter(estate), by=estate.user("department_lead"))
        with clock.at(moment + days(9)):
            actions.verify(finding, by=estate.user("city"))
        by_kind = {one.kind: one for one in clocks_of("finding", [finding.pk])[finding.pk]}
        late = moment + days(10)
        assert str(by_kind["correct"].status(late)) == "met"
        assert str(by_kind["verify"].status(late)) == "late"

    def test_who_does_not_verify_in_time_is_told_and_so_is_the_city(self, estate: Estate, moment: dt.datetime) -> None:
        visit = inspection(project=estate.project, level="project", inspector=estate.user("project_manager"))
        proved(enter(estate, source="inspection", inspection=visit), by=estate.user("department_lead"))
        with clock.at(moment + days(5)):
            escalate_due()
        people = told_of("quality.finding_late")
        assert {estate.user("project_manager").pk, estate.user("city").pk} <= people
        assert estate.user("department_lead").pk not in people

    def test_the_inspector_of_a_level_above_is_asked_to_verify(self, estate: Estate) -> None:
        inspector = role_at("city", estate.city, "检查员")
        visit = inspection(project=estate.project, level="city", inspector=inspector)
        proved(enter(estate, source="inspection", inspection=visit), by=estate.user("department_lead"))
        assert told_of("quality.proof_given") == {inspector.pk}


class TestWithoutServiceHours:
    """A project that says no hours counts days by the wall clock."""

    def test_deadline_verification_and_explanation(self, estate: Estate, moment: dt.datetime) -> None:
        estate.project.service_hours = {}
        estate.project.save()
        finding = enter(estate, severity="major")
        assert finding.deadline == moment + days(3)
        proved(finding, by=estate.user("department_lead"))
        assert open_clock("finding", finding.pk, "verify").due_at == moment + days(3)
        assert due_after(finding, 2) == moment + days(2)


class TestBareRecords:
    """What came in without a clock, such as records of an earlier system, can be put right all the same."""

    def test_the_whole_way(self, estate: Estate) -> None:
        lead, city = estate.user("department_lead"), estate.user("city")
        finding = bare_finding(project=estate.project, owner=estate.cleaner, state="acting")
        actions.attach_proof(finding, upload=photo(), by=lead)
        actions.prove(finding, proof="好了", by=lead)
        actions.refuse_proof(finding, verify_note="没好", by=city)
        until = finding.deadline + days(3)
        wish = actions.ask_extension(finding, until=until, reason="等件", by=lead)
        actions.decide_extension(wish, approve=True, by=city)
        assert finding.deadline == until
        actions.attach_proof(finding, upload=photo(), by=lead)
        assert actions.verify(actions.prove(finding, proof="好了", by=lead), by=city).state == "verified"

    def test_nobody_is_barred_where_nothing_was_done(self, estate: Estate) -> None:
        finding = bare_finding(project=estate.project)
        assert (doers_of(finding), answering_for(finding), correction_of(finding)) == (set(), set(), None)


class TestRefusal:
    def test_the_doer_hears_why(self, estate: Estate) -> None:
        lead = estate.user("department_lead")
        finding = proved(enter(estate), by=lead)
        actions.refuse_proof(finding, verify_note="角落还脏", by=estate.user("project_manager"))
        assert (finding.state, finding.correction.verify_note) == ("acting", "角落还脏")
        assert [row.verdict for row in photos_after(finding)] == ["rejected"]
        assert told_of("quality.proof_refused") == {lead.pk, estate.user("field_staff").pk}

    def test_a_reason_is_needed(self, estate: Estate) -> None:
        finding = proved(enter(estate), by=estate.user("department_lead"))
        with pytest.raises(Invalid):
            actions.refuse_proof(finding, verify_note=" ", by=estate.user("project_manager"))


class TestSimilarPlacesFirst:
    def test_a_grave_finding_is_verified_only_when_all_were_looked_at(self, estate: Estate) -> None:
        lead, city = estate.user("department_lead"), estate.user("city")
        finding = proved(enter(estate, severity="major"), by=lead)
        with pytest.raises(Conflict):
            actions.verify(finding, by=city)
        for similar in finding.similar.all():
            actions.look_at_similar(similar, state="fine", by=lead)
        assert actions.verify(finding, by=city).state == "verified"

    def test_a_small_one_does_not_wait_for_them(self, estate: Estate) -> None:
        finding = proved(enter(estate), by=estate.user("department_lead"))
        assert finding.similar.filter(state="owed").count() == 2
        assert actions.verify(finding, by=estate.user("city")).state == "verified"


class TestEffect:
    def verified(self, estate: Estate, **given: object) -> Finding:
        return verified(enter(estate, **given), by=estate.user("city"), doer=estate.user("department_lead"))

    def test_not_before_the_period_is_over(self, estate: Estate, moment: dt.datetime) -> None:
        finding = self.verified(estate)
        with pytest.raises(Conflict):
            actions.check_effect(finding, works=True, effect_note="好", by=estate.user("city"))
        with clock.at(moment + days(30)):
            assert actions.check_effect(finding, works=True, effect_note="好", by=estate.user("city")).state == "closed"

    def test_what_does_not_work_is_open_again_with_a_new_deadline_and_needs_new_photos(
        self, estate: Estate, moment: dt.datetime
    ) -> None:
        finding = self.verified(estate)
        lead = estate.user("department_lead")
        with clock.at(moment + days(7)):
            actions.check_effect(finding, works=False, effect_note="第二天又脏", by=estate.user("city"))
            assert (finding.state, finding.deadline) == ("open", moment + days(8))
            assert (finding.correction.is_effective, finding.correction.effect_due) == (False, None)
            with pytest.raises(Invalid):
                actions.clean(finding, proof="扫了", by=lead)
            assert proved(finding, by=lead).state == "proved"

    def test_the_doer_does_not_judge_the_effect(self, estate: Estate) -> None:
        finding = self.verified(estate)
        with pytest.raises(Denied):
            actions.check_effect(finding, works=False, effect_note="不行", by=estate.user("department_lead"))

    def test_a_note_is_needed(self, estate: Estate) -> None:
        with pytest.raises(Invalid):
            actions.check_effect(self.verified(estate), works=False, effect_note="", by=estate.user("city"))

    def test_what_did_not_come_back_closes_by_itself(self, estate: Estate, moment: dt.datetime) -> None:
        finding = self.verified(estate)
        heard: list[int] = []

        def listen(sender: object, *, finding_id: int, **_given: object) -> None:
            heard.append(finding_id)

        events.finding_closed.connect(listen)
        with clock.at(moment + days(29)):
            assert settle() == 0
        with clock.at(moment + days(30)):
            assert settle() == 1
            assert settle() == 0
        events.finding_closed.disconnect(listen)
        finding.refresh_from_db()
        assert (finding.state, finding.correction.is_effective, heard) == ("closed", True, [finding.pk])

    def test_what_came_back_is_carried_on_by_the_finding_that_says_so(
        self, estate: Estate, moment: dt.datetime
    ) -> None:
        finding = self.verified(estate)
        with clock.at(moment + days(10)):
            again = enter(estate)
        with clock.at(moment + days(30)):
            assert settle() == 1
        finding.refresh_from_db()
        assert (finding.state, finding.correction.is_effective) == ("closed", False)
        assert again.number in finding.correction.effect_note

    def test_what_came_back_in_secret_waits_until_it_is_published(self, estate: Estate, moment: dt.datetime) -> None:
        finding = self.verified(estate)
        with clock.at(moment + days(10)):
            again = enter(estate, is_hidden=True)
        assert again.repeat_of == finding
        with clock.at(moment + days(30)):
            assert settle() == 0
        finding.refresh_from_db()
        assert (finding.state, finding.correction.effect_note) == ("verified", "")
        Finding.objects.filter(pk=again.pk).update(is_hidden=False)
        with clock.at(moment + days(31)):
            assert settle() == 1

    def test_somebody_is_asked_to_look_only_once(self, estate: Estate, moment: dt.datetime) -> None:
        finding = self.verified(estate, severity="critical")
        with clock.at(moment + days(30)):
            assert [actions.settle_effect(finding), actions.settle_effect(finding)] == ["asked", ""]

    def test_what_was_critical_waits_for_somebody_to_look(self, estate: Estate, moment: dt.datetime) -> None:
        finding = self.verified(estate, severity="critical")
        Notification.objects.all().delete()
        with clock.at(moment + days(30)):
            assert settle() == 1
            assert settle() == 0
        assert open_clock("finding", finding.pk, "effect") is not None
        assert estate.user("city").pk in told_of("quality.effect_due")
        with clock.at(moment + days(31)):
            actions.check_effect(finding, works=True, effect_note="稳定", by=estate.user("city"))
        assert open_clock("finding", finding.pk, "effect") is None

    def test_nothing_to_settle_in_what_is_not_verified(self, estate: Estate) -> None:
        assert actions.settle_effect(enter(estate)) == ""


class TestOwners:
    def test_who_hands_out_gives_it_to_somebody_else(self, estate: Estate) -> None:
        other = StaffFactory(team=TeamFactory(project=estate.project, name="工程"))
        findings = [enter(estate), enter(estate, stair=1)]
        assert actions.assign_owners(findings, owner=other, by=estate.user("department_lead")) == 2
        assert {(row.owner, row.team) for row in Finding.objects.all()} == {(other, other.team)}

    def test_all_or_none(self, estate: Estate) -> None:
        other = StaffFactory(team=estate.team)
        done = proved(enter(estate), by=estate.user("department_lead"))
        with pytest.raises(Conflict):
            actions.assign_owners([enter(estate, stair=1), done], owner=other, by=estate.user("department_lead"))
        assert set(Finding.objects.values_list("owner", flat=True)) == {estate.cleaner.pk}

    def test_what_somebody_who_left_had_to_do_is_the_teams_again(self, estate: Estate) -> None:
        finding = enter(estate)
        done = verified(enter(estate, stair=1), by=estate.user("city"), doer=estate.user("department_lead"))
        Notification.objects.all().delete()
        leave(estate.cleaner, by=BY)
        finding.refresh_from_db()
        done.refresh_from_db()
        assert (finding.owner, finding.team, done.owner) == (None, estate.team, estate.cleaner)
        assert estate.user("department_lead").pk in told_of("quality.finding_entered")

    def test_not_to_a_stranger_and_not_by_whoever_only_owns_it(self, estate: Estate) -> None:
        finding = enter(estate)
        with pytest.raises(Invalid):
            actions.assign_owner(finding, owner=StaffFactory(), by=estate.user("department_lead"))
        with pytest.raises(Denied):
            actions.assign_owner(finding, owner=estate.cleaner, by=estate.user("field_staff"))
