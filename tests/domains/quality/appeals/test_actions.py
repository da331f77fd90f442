"""Filing, deciding, climbing, going further, withdrawing: one test per exit (spec 05: Appeal)."""

import datetime as dt
from collections.abc import Iterator

import pytest
from factories.appeals import KIND, Company, after, appeal, company, decision, holder
from factories.org import ProjectFactory, UserFactory, user_with

from wuyou.domains.quality import events
from wuyou.domains.quality.actions.appeals import (
    appoint_decider,
    climb,
    decide_stage,
    file_appeal,
    go_further,
    withdraw_appeal,
)
from wuyou.domains.quality.choices import AppealState, Outcome, Step
from wuyou.domains.quality.models import Appeal, AppealStage
from wuyou.domains.quality.queries.appeals import appeals_waiting_for, standing, stuck_appeals
from wuyou.domains.quality.queries.challenged import Kind, amend_value, declare, forget
from wuyou.domains.quality.tasks.appeals import climb_appeals
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.clocks.models import Clock
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.journal.queries import entries_of
from wuyou.kernel.notify.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]


@pytest.fixture(autouse=True)
def kind() -> Iterator[None]:
    """A kind of decision that is one number."""
    declare(Kind(KIND, "Score", lambda by, pk: pytest.fail("nobody looks for it"), amend_value))
    yield
    forget(KIND)


@pytest.fixture
def firm() -> Company:
    """The company."""
    return company()


def stages(one: Appeal) -> list[tuple[str, str]]:
    """The steps entered so far with how they ended."""
    return [
        (
            stage.step,
            "empty" if stage.is_empty else "lapsed" if stage.lapsed_at else stage.outcome or "waits",
        )
        for stage in AppealStage.objects.filter(appeal=one)
    ]


def verbs(one: Appeal) -> list[str]:
    """What the journal tells of an appeal, clocks left out."""
    rows = entries_of("appeal", one.pk).values_list("verb", flat=True)
    return [verb.removeprefix("quality.appeal_") for verb in rows if verb.startswith("quality.")]


def told(user) -> list[str]:
    """The events a user was told of, oldest first."""
    return list(Notification.objects.filter(user_id=user.pk).order_by("pk").values_list("event", flat=True))


def open_clocks(one: Appeal) -> list[dt.datetime]:
    """When the clocks of an appeal that run are due."""
    return list(
        Clock.objects.filter(case_kind="appeal", case_id=one.pk, stopped_at=None).values_list("due_at", flat=True)
    )


class TestFiling:
    def test_of_the_only_project_head_waits_with_the_department(self, firm):
        heard = []

        def listen(sender, **given):
            heard.append((given["subject_kind"], given["subject_id"]))

        events.appeal_filed.connect(listen, weak=False)
        try:
            one = appeal(firm)
        finally:
            events.appeal_filed.disconnect(listen)
        assert stages(one) == [(Step.PROJECT_HEAD, "empty"), (Step.DEPARTMENT, "waits")]
        assert (one.state, one.limit_days, heard) == (AppealState.FILED, 5, [(KIND, 1)])
        assert one.number == f"SS-{firm.project.code}-20261120-0001"
        assert verbs(one) == ["filed"]
        assert (told(firm.quality), told(firm.head)) == (["quality.appeal_waits"], [])

    def test_lets_a_step_run_to_the_end_of_its_last_working_day(self, firm):
        one = appeal(firm)
        assert [clock.local(due).isoformat() for due in open_clocks(one)] == ["2026-11-27T23:59:59+08:00"]

    def test_of_another_person_scored_starts_with_the_head_of_the_project(self, firm):
        worker = UserFactory()
        one = appeal(firm, by=worker, parties=(worker.pk,))
        assert stages(one) == [(Step.PROJECT_HEAD, "waits")]
        assert appeals_waiting_for(firm.manager) == [one]

    def test_against_who_stands_above_leaves_out_the_head_of_the_project(self, firm):
        worker = UserFactory()
        one = appeal(firm, by=worker, parties=(worker.pk,), is_from_above=True)
        assert stages(one) == [(Step.DEPARTMENT, "waits")]

    def test_leaves_out_who_made_the_decision(self, firm):
        one = appeal(firm, decided_by=(firm.quality.pk,))
        assert stages(one)[1:] == [(Step.DEPARTMENT, "empty"), (Step.GENERAL_MANAGER, "waits")]
        assert appeals_waiting_for(firm.quality) == []
        assert appeals_waiting_for(firm.head) == [one]

    def test_with_nobody_left_is_stuck_and_seen_by_who_can_name_somebody(self, firm):
        admin = UserFactory(is_admin=True)
        one = appeal(firm, decided_by=(firm.quality.pk, firm.head.pk))
        assert one.stuck_at == clock.now()
        assert [how for _step, how in stages(one)] == ["empty"] * 3
        assert list(stuck_appeals(admin)) == [one]
        assert told(admin) == ["quality.appeal_stuck"]
        assert open_clocks(one) == []

    @pytest.mark.parametrize("days", [0, 7])
    def test_is_in_time_to_the_end_of_the_fifth_working_day(self, firm, days):
        known = clock.now()
        with clock.at(after(days)):
            assert appeal(firm, decided_at=known).filed_at == clock.now()

    def test_after_the_limit_is_refused(self, firm):
        known = clock.now()
        with clock.at(after(8)), pytest.raises(Conflict, match="2026-11-27"):
            appeal(firm, decided_at=known)

    def test_of_somebody_who_is_not_the_party_is_refused(self, firm):
        for stranger in (firm.quality, UserFactory(), user_with("quality.file_appeals", at=ProjectFactory())):
            with pytest.raises(Denied):
                appeal(firm, by=stranger)
        assert Appeal.objects.count() == 0

    def test_against_ones_own_decision_is_refused(self, firm):
        with pytest.raises(Denied):
            appeal(firm, decided_by=(firm.manager.pk,))

    def test_without_grounds_is_refused(self, firm):
        with pytest.raises(Invalid) as caught:
            file_appeal(project=firm.project, decision=decision(), grounds=" ", wanted="", by=firm.manager)
        assert [one.field for one in caught.value.fields] == ["grounds", "wanted"]

    def test_twice_is_refused_while_the_first_is_open_and_after_it_was_decided(self, firm):
        first = appeal(firm)
        with pytest.raises(Conflict, match=first.number):
            appeal(firm)
        decide_stage(first, outcome=Outcome.UPHOLD, reasons="照片清楚", by=firm.quality)
        with pytest.raises(Conflict, match=first.number):
            appeal(firm)

    def test_is_possible_again_after_a_withdrawal_and_against_a_newer_decision(self, firm):
        known = clock.now()
        withdraw_appeal(appeal(firm, decided_at=known), by=firm.manager)
        second = appeal(firm, decided_at=known)
        decide_stage(second, outcome=Outcome.AMEND, reasons="部分成立", amended_to={"value": "90"}, by=firm.quality)
        with clock.at(after(1)):
            assert appeal(firm, decided_at=clock.now()).state == AppealState.FILED


class TestDeciding:
    def test_closes_the_appeal_stops_the_clock_and_tells(self, firm):
        heard = []

        def listen(sender, **given):
            heard.append((given["outcome"], given["amended_to"]))

        one = appeal(firm)
        events.appeal_decided.connect(listen, weak=False)
        try:
            decide_stage(one, outcome=Outcome.AMEND, reasons="改为", amended_to={"value": "85.0"}, by=firm.quality)
        finally:
            events.appeal_decided.disconnect(listen)
        one.refresh_from_db()
        assert (one.state, one.outcome, one.amended_to) == ("decided", "amend", {"value": "85.0"})
        assert heard == [("amend", {"value": "85.0"})]
        assert (one.closed_at, one.further_until) == (clock.now(), None)
        assert open_clocks(one) == []
        assert verbs(one) == ["filed", "decided"]
        assert told(firm.manager) == ["quality.appeal_decided"]
        assert stages(one)[-1] == (Step.DEPARTMENT, "amend")

    def test_to_uphold_leaves_a_way_further_except_at_the_top(self, firm):
        one = appeal(firm)
        decide_stage(one, outcome=Outcome.UPHOLD, reasons="照片清楚", by=firm.quality)
        assert clock.local(one.further_until).isoformat() == "2026-11-27T23:59:59+08:00"
        go_further(one, grounds="照片时间不对", by=firm.manager)
        decide_stage(one, outcome=Outcome.UPHOLD, reasons="维持", by=firm.head)
        assert one.further_until is None

    @pytest.mark.parametrize("who", ["manager", "head", "stranger"])
    def test_is_denied_to_who_does_not_decide_this_step(self, firm, who):
        one = appeal(firm)
        person = UserFactory() if who == "stranger" else getattr(firm, who)
        with pytest.raises(Denied):
            decide_stage(one, outcome=Outcome.VOID, reasons="撤", by=person)
        assert stages(one)[-1] == (Step.DEPARTMENT, "waits")

    def test_is_denied_to_who_made_the_decision_even_in_the_right_role(self, firm):
        other = holder("group_quality", firm.group)
        one = appeal(firm, decided_by=(firm.quality.pk,))
        with pytest.raises(Denied, match="your own decision"):
            decide_stage(one, outcome=Outcome.VOID, reasons="撤", by=firm.quality)
        decide_stage(one, outcome=Outcome.VOID, reasons="撤", by=other)
        assert one.outcome == Outcome.VOID

    def test_is_denied_to_who_decided_an_earlier_step(self, firm):
        both = holder("region", firm.region)
        other = holder("region", firm.region)
        worker = UserFactory()
        firm.manager.assignments.update(node=firm.project.node)
        one = appeal(firm, by=worker, parties=(worker.pk,), is_from_above=True)
        decide_stage(one, outcome=Outcome.UPHOLD, reasons="维持", by=firm.quality)
        firm.quality.assignments.create(role=both.assignments.get().role, node=firm.region, starts_on="2020-01-01")
        go_further(one, grounds="还有一张照片", by=worker)
        firm.quality.__dict__.pop("_held", None)
        with pytest.raises(Denied, match="decided on this appeal before"):
            decide_stage(one, outcome=Outcome.VOID, reasons="撤", by=firm.quality)
        decide_stage(one, outcome=Outcome.VOID, reasons="撤", by=other)
        assert one.outcome == Outcome.VOID

    def test_after_the_time_of_the_step_is_refused_before_any_job_has_run(self, firm):
        one = appeal(firm)
        with clock.at(after(8)):
            assert standing(one).is_lapsed
            assert appeals_waiting_for(firm.quality) == []
            with pytest.raises(Conflict, match="time for this step is over"):
                decide_stage(one, outcome=Outcome.VOID, reasons="撤", by=firm.quality)

    def test_to_amend_without_saying_to_what_is_refused(self, firm):
        one = appeal(firm)
        for given in (None, {"value": "much"}, {"other": "3"}):
            with pytest.raises(Invalid) as caught:
                decide_stage(one, outcome=Outcome.AMEND, reasons="改", amended_to=given, by=firm.quality)
            assert [error.field for error in caught.value.fields] == ["amended_to"]
        assert stages(one)[-1] == (Step.DEPARTMENT, "waits")

    def test_a_closed_appeal_is_an_illegal_move(self, firm):
        one = appeal(firm)
        withdraw_appeal(one, by=firm.manager)
        with pytest.raises(IllegalMove):
            decide_stage(one, outcome=Outcome.VOID, reasons="撤", by=firm.quality)

    def test_at_once_by_two_lets_one_win(self, firm):
        other = holder("group_quality", firm.group)
        one = appeal(firm)
        late = Appeal.objects.get(pk=one.pk)
        seen = list(late.stages.all())
        late._prefetched_objects_cache = {"stages": seen}
        decide_stage(one, outcome=Outcome.UPHOLD, reasons="维持", by=firm.quality)
        with pytest.raises(Conflict):
            decide_stage(late, outcome=Outcome.VOID, reasons="撤", by=other)
        assert stages(one)[-1] == (Step.DEPARTMENT, "uphold")

    def test_by_nobody_when_nobody_is_left_says_so(self, firm):
        one = appeal(firm, decided_by=(firm.quality.pk, firm.head.pk))
        with pytest.raises(IllegalMove, match="named first"):
            decide_stage(one, outcome=Outcome.VOID, reasons="撤", by=firm.quality)


class TestClimbing:
    def test_notes_the_lapse_and_tells_both_sides(self, firm):
        one = appeal(firm)
        due = open_clocks(one)[0]
        with clock.at(due + dt.timedelta(minutes=3)):
            assert climb_appeals() == 1
            assert climb_appeals() == 0
            (next_due,) = open_clocks(one)
        assert stages(one)[1:] == [(Step.DEPARTMENT, "lapsed"), (Step.GENERAL_MANAGER, "waits")]
        assert clock.local(next_due).isoformat() == "2026-12-04T23:59:59+08:00"
        assert verbs(one) == ["filed", "climbed"]
        assert told(firm.quality) == ["quality.appeal_waits", "quality.appeal_climbed"]
        assert told(firm.manager) == ["quality.appeal_climbed"]
        assert told(firm.head) == ["quality.appeal_waits"]

    def test_does_nothing_while_there_is_time(self, firm):
        one = appeal(firm)
        with clock.at(open_clocks(one)[0]):
            assert (climb(one), climb_appeals()) == (False, 0)

    def test_from_the_top_gets_stuck_and_is_never_lost(self, firm):
        admin = UserFactory(is_admin=True)
        one = appeal(firm, decided_by=(firm.quality.pk,))
        with clock.at(after(9)):
            climb_appeals()
            one.refresh_from_db()
            assert (one.state, one.stuck_at) == (AppealState.FILED, clock.now())
            assert list(stuck_appeals(admin)) == [one]
        assert told(admin) == ["quality.appeal_stuck"]

    def test_a_closed_appeal_does_not_climb(self, firm):
        one = appeal(firm)
        decide_stage(one, outcome=Outcome.UPHOLD, reasons="维持", by=firm.quality)
        with clock.at(after(30)):
            assert (climb(one), climb_appeals()) == (False, 0)


class TestNaming:
    @pytest.fixture
    def stuck(self, firm) -> Appeal:
        """An appeal nobody is left to decide."""
        return appeal(firm, decided_by=(firm.quality.pk, firm.head.pk))

    def test_gives_the_appeal_to_somebody_without_a_part(self, firm, stuck):
        outsider = holder("group_quality", firm.group)
        outsider.assignments.update(starts_on=dt.date(2026, 11, 20))
        admin = UserFactory(is_admin=True)
        appoint_decider(stuck, user=outsider, by=admin)
        assert (stages(stuck)[-1], stuck.stuck_at) == ((Step.APPOINTED, "waits"), None)
        assert appeals_waiting_for(outsider) == [stuck]
        assert told(outsider) == ["quality.appeal_waits"]
        decide_stage(stuck, outcome=Outcome.UPHOLD, reasons="维持", by=outsider)
        assert (stuck.outcome, stuck.further_until) == ("uphold", None)
        assert verbs(stuck) == ["filed", "stuck", "decider_named", "decided"]

    def test_of_somebody_who_lets_the_time_pass_gets_stuck_again(self, firm, stuck):
        admin = UserFactory(is_admin=True)
        appoint_decider(stuck, user=holder("group_quality", firm.group), by=admin)
        with clock.at(after(9)):
            assert climb(stuck)
            stuck.refresh_from_db()
            assert stuck.stuck_at == clock.now()

    def test_is_denied_to_who_manages_nobody_here(self, firm, stuck):
        outsider = holder("group_quality", firm.group)
        for person in (firm.quality, outsider, user_with("org.manage_users", at=ProjectFactory())):
            with pytest.raises(Denied):
                appoint_decider(stuck, user=outsider, by=person)

    def test_of_somebody_with_a_part_or_without_the_right_is_denied(self, firm, stuck):
        admin = UserFactory(is_admin=True)
        gone = holder("group_quality", firm.group)
        gone.is_active = False
        gone.save()
        for person in (firm.quality, firm.manager, UserFactory(), gone):
            with pytest.raises(Denied):
                appoint_decider(stuck, user=person, by=admin)

    def test_while_a_step_waits_is_a_conflict(self, firm):
        one = appeal(firm)
        with pytest.raises(Conflict):
            appoint_decider(one, user=holder("group_quality", firm.group), by=UserFactory(is_admin=True))


class TestGoingFurther:
    @pytest.fixture
    def upheld(self, firm) -> Appeal:
        """An appeal the department has upheld."""
        one = appeal(firm)
        return decide_stage(one, outcome=Outcome.UPHOLD, reasons="照片清楚", by=firm.quality)

    def test_enters_the_next_step_with_a_new_clock(self, firm, upheld):
        go_further(upheld, grounds="照片时间不对", by=firm.manager)
        upheld.refresh_from_db()
        assert (upheld.state, upheld.outcome, upheld.closed_at) == ("filed", "", None)
        assert stages(upheld)[1:] == [(Step.DEPARTMENT, "uphold"), (Step.GENERAL_MANAGER, "waits")]
        assert len(open_clocks(upheld)) == 1
        assert verbs(upheld) == ["filed", "decided", "taken_further"]

    def test_is_for_the_appellant_alone(self, firm, upheld):
        for person in (firm.quality, firm.head, UserFactory()):
            with pytest.raises(Denied):
                go_further(upheld, grounds="x", by=person)

    def test_needs_grounds(self, firm, upheld):
        with pytest.raises(Invalid):
            go_further(upheld, grounds=" ", by=firm.manager)

    def test_ends_with_the_limit(self, firm, upheld):
        with clock.at(after(8)), pytest.raises(Conflict, match="2026-11-27"):
            go_further(upheld, grounds="x", by=firm.manager)

    def test_is_not_possible_after_the_decision_was_changed_or_at_the_top(self, firm):
        voided = appeal(firm)
        decide_stage(voided, outcome=Outcome.VOID, reasons="撤", by=firm.quality)
        top = appeal(firm, id=2, decided_by=(firm.quality.pk,))
        decide_stage(top, outcome=Outcome.UPHOLD, reasons="维持", by=firm.head)
        for one in (voided, top):
            with pytest.raises(Conflict):
                go_further(one, grounds="x", by=firm.manager)

    def test_is_an_illegal_move_while_the_appeal_is_open(self, firm):
        with pytest.raises(IllegalMove):
            go_further(appeal(firm), grounds="x", by=firm.manager)


class TestWithdrawing:
    def test_closes_and_stops_the_clock(self, firm):
        one = withdraw_appeal(appeal(firm), by=firm.manager)
        assert (one.state, one.outcome, open_clocks(one)) == (AppealState.WITHDRAWN, "", [])
        assert verbs(one) == ["filed", "withdrawn"]

    def test_is_for_the_appellant_alone(self, firm):
        one = appeal(firm)
        with pytest.raises(Denied):
            withdraw_appeal(one, by=firm.quality)

    def test_of_a_decided_appeal_is_an_illegal_move(self, firm):
        one = appeal(firm)
        decide_stage(one, outcome=Outcome.UPHOLD, reasons="维持", by=firm.quality)
        with pytest.raises(IllegalMove):
            withdraw_appeal(one, by=firm.manager)


class TestAtTheSameTime:
    def test_an_older_appeal_does_not_go_further_beside_a_newer_one(self, firm):
        older = appeal(firm)
        decide_stage(older, outcome=Outcome.UPHOLD, reasons="清楚", by=firm.quality)
        with clock.at(after(1)):
            appeal(firm, decided_at=clock.now())
            with pytest.raises(Conflict, match="open already"):
                go_further(older, grounds="照片时间不对", by=firm.manager)
        older.refresh_from_db()
        assert older.state == AppealState.DECIDED

    def test_two_workers_let_an_appeal_climb_once(self, firm):
        one = appeal(firm)
        late = Appeal.objects.get(pk=one.pk)
        late._prefetched_objects_cache = {"stages": list(late.stages.all())}
        with clock.at(after(8)):
            assert climb(one)
            assert not climb(late)
        assert verbs(one) == ["filed", "climbed"]

    def test_a_machine_neither_files_nor_decides(self, firm):
        with pytest.raises(Denied):
            appeal(firm, by=System("sweep"))
        with pytest.raises(Denied):
            decide_stage(appeal(firm), outcome=Outcome.VOID, reasons="撤", by=System("sweep"))
