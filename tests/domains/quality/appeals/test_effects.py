"""A void or amended finding or inspection re-scores at once what used it; nothing is overwritten (spec 05: Appeal)."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.corrections import estate, role_at
from factories.inspections import done, sheet, target
from factories.org import UserFactory

from wuyou.domains.quality.actions.appeals import decide_stage, file_appeal
from wuyou.domains.quality.actions.findings import merge_findings, void_finding
from wuyou.domains.quality.actions.inspections import (
    publish_inspection,
    rescore_inspection,
    start_inspection,
    void_inspection,
)
from wuyou.domains.quality.choices import FindingState, InspectionState, Outcome, Step
from wuyou.domains.quality.models import Appeal, Inspection
from wuyou.domains.quality.queries.challenged import challenge
from wuyou.domains.quality.queries.chances import appeals_shown_on, chance_of
from wuyou.domains.quality.queries.subjects import counting_findings, findings_to_amend, rescorings_of
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Denied, Invalid, Missing
from wuyou.kernel.journal.queries import entries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
BY = System("test")


@pytest.fixture
def at():
    """The estate and its people."""
    return estate()


@pytest.fixture
def inspected(at) -> Inspection:
    """A published inspection of the city company: lamp and stairs failed, 7 of 10 points."""
    inspector = at.user("city")
    owed = target(at, sheet(), inspector=inspector, made_by=inspector)
    one = done(start_inspection(owed, by=inspector), {"lamp": "fail", "stairs": "dust"})
    return publish_inspection(one, by=at.user("region"))


def file(at, kind: str, pk: int, *, by=None) -> Appeal:
    """An appeal of the project's manager."""
    person = by or at.user("project_manager")
    found = challenge(person, kind, pk)
    return file_appeal(
        project=found.project, decision=found.decision, grounds="照片不是本项目", wanted="撤销", by=person
    )


def decide(at, one: Appeal, outcome: str, amended_to=None) -> Appeal:
    """What the group's quality centre says."""
    return decide_stage(one, outcome=outcome, reasons="证据成立", amended_to=amended_to, by=at.user("group_quality"))


def by_item(inspection: Inspection) -> dict[str, object]:
    """Findings of an inspection by the item that failed."""
    return {one.answer.item.code: one for one in counting_findings(inspection)}


class TestWhatCanBeChallenged:
    def test_an_inspection_says_who_made_it_and_when_it_was_known(self, at, inspected):
        found = challenge(at.user("project_manager"), "inspection", inspected.pk)
        decision = found.decision
        assert (found.project, decision.kind, decision.id) == (at.project, "inspection", inspected.pk)
        assert decision.label == f"{inspected.number} {inspected.score}"
        assert decision.decided_at == inspected.published_at
        assert set(decision.decided_by) == {at.user("city").pk, at.user("region").pk}
        assert decision.is_from_above

    def test_a_finding_is_also_its_owners_and_known_since_publication(self, at, inspected):
        stairs = by_item(inspected)["stairs"]
        stairs.owner = at.cleaner
        stairs.save()
        decision = challenge(at.user("project_manager"), "finding", stairs.pk).decision
        assert (decision.parties, decision.decided_at) == ((at.cleaner.user_id,), inspected.published_at)
        assert set(decision.decided_by) == {at.user("city").pk, at.user("region").pk}

    def test_a_self_check_is_not_from_above(self, at):
        one = done(
            start_inspection(at.project, sheet_version=sheet(), level="project", by=at.user("department_lead")),
            {"lamp": "fail"},
        )
        assert not challenge(at.user("project_manager"), "inspection", one.pk).decision.is_from_above
        appeal = file(at, "finding", by_item(one)["lamp"].pk)
        assert [stage.step for stage in appeal.stages.all()] == [Step.PROJECT_HEAD, Step.DEPARTMENT]

    def test_what_is_not_published_void_or_hidden_is_not(self, at):
        inspector, manager = at.user("city"), at.user("project_manager")
        one = done(start_inspection(target(at, sheet(), inspector=inspector), by=inspector), {"lamp": "fail"})
        with pytest.raises((Conflict, Missing)):
            challenge(manager, "inspection", one.pk)
        lamp = by_item(one)["lamp"]
        publish_inspection(one, by=at.user("region"))
        void_finding(lamp, reason="误判", by=BY)
        with pytest.raises(Conflict):
            challenge(manager, "finding", lamp.pk)
        void_inspection(one, reason="误查", by=BY)
        with pytest.raises((Conflict, Missing)):
            challenge(manager, "inspection", one.pk)

    def test_of_another_project_is_missing(self, at, inspected):
        stranger = UserFactory()
        for kind, pk in (("inspection", inspected.pk), ("finding", by_item(inspected)["lamp"].pk), ("inspection", 0)):
            with pytest.raises(Missing):
                challenge(stranger, kind, pk)

    def test_a_score_that_changed_since_is_a_new_decision_unless_an_appeal_changed_it(self, at, inspected):
        manager = at.user("project_manager")
        later = clock.now() + dt.timedelta(days=20)
        lamp, stairs = by_item(inspected)["lamp"], by_item(inspected)["stairs"]
        appeal = file(at, "finding", lamp.pk)
        with clock.at(clock.now() + dt.timedelta(days=2)):
            decide(at, appeal, Outcome.VOID)
        assert challenge(manager, "inspection", inspected.pk).decision.decided_at == inspected.published_at
        with clock.at(later):
            void_finding(stairs, reason="误判", by=BY)
        assert challenge(manager, "inspection", inspected.pk).decision.decided_at == later


class TestAFinding:
    def test_made_void_scores_its_inspection_again_and_keeps_the_old_score(self, at, inspected):
        before = inspected.score
        lamp = by_item(inspected)["lamp"]
        one = decide(at, file(at, "finding", lamp.pk), Outcome.VOID)
        inspected.refresh_from_db()
        lamp.refresh_from_db()
        assert (lamp.state, lamp.void_because) == (FindingState.VOID, f"{one.number}: 证据成立")
        assert inspected.score > before
        assert [score.value for score in inspected.scores.all()] == [before, inspected.score]
        (change,) = rescorings_of(one)
        assert (change.inspection, change.before, change.after) == (inspected, before, inspected.score)
        last = inspected.scores.last()
        assert (last.cause_kind, last.cause_id) == ("appeal", one.pk)
        assert "quality.inspection_rescored" in entries_of("inspection", inspected.pk).values_list("verb", flat=True)

    def test_amended_says_something_else(self, at, inspected):
        lamp = by_item(inspected)["lamp"]
        one = decide(at, file(at, "finding", lamp.pk), Outcome.AMEND, {"severity": "minor", "text": " 灯暗 "})
        lamp.refresh_from_db()
        assert (lamp.severity, lamp.text, lamp.state) == ("minor", "灯暗", FindingState.OPEN)
        assert one.amended_to == {"severity": "minor", "text": "灯暗"}

    def test_upheld_stays_as_it_is(self, at, inspected):
        lamp = by_item(inspected)["lamp"]
        one = decide(at, file(at, "finding", lamp.pk), Outcome.UPHOLD)
        lamp.refresh_from_db()
        assert (lamp.state, rescorings_of(one), inspected.scores.count()) == (FindingState.OPEN, [], 1)

    def test_that_cannot_become_so_changes_nothing(self, at, inspected):
        lamp = by_item(inspected)["lamp"]
        one = file(at, "finding", lamp.pk)
        with pytest.raises(Invalid):
            decide(at, one, Outcome.AMEND, {"severity": "major"})
        one.refresh_from_db()
        lamp.refresh_from_db()
        assert (one.state, lamp.severity) == ("filed", "major")

    def test_withdrawn_while_the_appeal_was_open_stays_void(self, at, inspected):
        lamp = by_item(inspected)["lamp"]
        one = file(at, "finding", lamp.pk)
        void_finding(lamp, reason="误判", by=BY)
        assert decide(at, one, Outcome.VOID).outcome == Outcome.VOID
        lamp.refresh_from_db()
        assert lamp.void_because == "误判"

    def test_merged_meanwhile_can_still_be_made_void(self, at, inspected):
        lamp, stairs = by_item(inspected)["lamp"], by_item(inspected)["stairs"]
        one = file(at, "finding", lamp.pk)
        merge_findings(stairs, [lamp], by=BY)
        decide(at, one, Outcome.VOID)
        lamp.refresh_from_db()
        assert lamp.state == FindingState.VOID


class TestAnInspection:
    def test_made_void_has_no_score_and_its_findings_are_void(self, at, inspected):
        before = inspected.score
        findings = list(counting_findings(inspected))
        one = decide(at, file(at, "inspection", inspected.pk), Outcome.VOID)
        inspected.refresh_from_db()
        assert (inspected.state, inspected.score) == (InspectionState.VOID, None)
        (change,) = rescorings_of(one)
        assert (change.before, change.after) == (before, None)
        assert len(findings) == 2
        assert list(counting_findings(inspected)) == []

    def test_amended_changes_the_findings_named_and_the_score(self, at, inspected):
        before = inspected.score
        lamp, stairs = by_item(inspected)["lamp"], by_item(inspected)["stairs"]
        to = {"findings": [{"id": lamp.pk, "void": True}, {"id": stairs.pk, "severity": "major"}]}
        one = decide(at, file(at, "inspection", inspected.pk), Outcome.AMEND, to)
        inspected.refresh_from_db()
        for row in (lamp, stairs):
            row.refresh_from_db()
        assert (lamp.state, stairs.severity, one.amended_to) == (FindingState.VOID, "major", to)
        assert (inspected.state, inspected.score > before) == (InspectionState.PUBLISHED, True)
        (change,) = rescorings_of(one)
        assert (change.before, change.after) == (before, inspected.score)

    def test_amended_with_all_failures_void_is_whole_again(self, at, inspected):
        to = {"findings": [{"id": one.pk, "void": True} for one in counting_findings(inspected)]}
        decide(at, file(at, "inspection", inspected.pk), Outcome.AMEND, to)
        inspected.refresh_from_db()
        assert inspected.score == Decimal(100)

    def test_withdrawn_while_the_appeal_was_open_stays_void(self, at, inspected):
        one = file(at, "inspection", inspected.pk)
        void_inspection(inspected, reason="误查", by=BY)
        decide(at, one, Outcome.VOID)
        inspected.refresh_from_db()
        assert inspected.void_because == "误查"

    def test_is_not_decided_by_inspector_or_publisher(self, at, inspected):
        one = file(at, "inspection", inspected.pk)
        for role in ("city", "region"):
            with pytest.raises(Denied, match="your own decision"):
                decide_stage(one, outcome=Outcome.VOID, reasons="撤", by=at.user(role))

    def test_published_by_the_department_goes_to_the_general_manager(self, at):
        inspector, quality = at.user("city"), at.user("group_quality")
        one = done(start_inspection(target(at, sheet(), inspector=inspector), by=inspector), {"lamp": "fail"})
        publish_inspection(one, by=quality)
        appeal = file(at, "inspection", one.pk)
        assert [(stage.step, stage.is_empty) for stage in appeal.stages.all()] == [
            (Step.DEPARTMENT, True),
            (Step.GENERAL_MANAGER, False),
        ]

    def test_scored_again_for_another_reason_can_be_appealed_against_again(self, at, inspected):
        decide(at, file(at, "inspection", inspected.pk), Outcome.UPHOLD)
        with pytest.raises(Conflict):
            file(at, "inspection", inspected.pk)
        with clock.at(clock.now() + dt.timedelta(days=1)):
            void_finding(by_item(inspected)["lamp"], reason="误判", by=BY)
            assert file(at, "inspection", inspected.pk).state == "filed"

    def test_nothing_to_score_again_leaves_no_trace(self, at, inspected):
        assert rescore_inspection(inspected, reason="x", cause=("appeal", 1), by=BY) is None
        other = role_at("region", at.region)
        assert other.pk not in challenge(at.user("project_manager"), "inspection", inspected.pk).decision.decided_by


class TestTheChanceToAppeal:
    def test_is_the_partys_until_the_limit_and_once(self, at, inspected):
        manager = at.user("project_manager")
        chance = chance_of(manager, "inspection", inspected.pk)
        assert clock.local(chance.until).isoformat() == "2026-11-27T23:59:59+08:00"
        for person in (at.user("city"), at.user("client"), UserFactory(), BY):
            assert chance_of(person, "inspection", inspected.pk) is None
        with clock.at(clock.now() + dt.timedelta(days=9)):
            assert chance_of(manager, "inspection", inspected.pk) is None
        one = file(at, "inspection", inspected.pk)
        assert chance_of(manager, "inspection", inspected.pk) is None
        assert appeals_shown_on(manager, "inspection", inspected.pk) == [one]
        assert appeals_shown_on(at.user("client"), "inspection", inspected.pk) == []

    def test_is_none_against_what_no_longer_stands(self, at, inspected):
        lamp = by_item(inspected)["lamp"]
        void_finding(lamp, reason="误判", by=BY)
        assert chance_of(at.user("project_manager"), "finding", lamp.pk) is None

    def test_offers_the_deciders_what_can_be_amended(self, at, inspected):
        lamp = by_item(inspected)["lamp"]
        assert findings_to_amend(file(at, "finding", lamp.pk)) == [lamp]
        assert findings_to_amend(file(at, "inspection", inspected.pk)) == list(counting_findings(inspected))
        assert findings_to_amend(Appeal(subject_kind="appraisal.score", subject_id=1)) == []
