"""Merged, amended, void; and what was scored with a finding is scored again."""

import datetime as dt

import pytest
from factories.corrections import BY, Estate, days, enter, proved, verified
from factories.org import ProjectFactory
from factories.quality import finding as bare_finding
from factories.quality import inspection

from wuyou.domains.quality import events
from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.models import Finding, Inspection
from wuyou.kernel import clock, search
from wuyou.kernel.clocks.queries import open_clock, open_clocks
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.journal.models import Entry


class TestMerging:
    def test_the_graver_and_heavier_counts(self, estate: Estate) -> None:
        into, other = enter(estate), enter(estate, stair=1, severity="major")
        Finding.objects.filter(pk=other.pk).update(weight=4)
        other.refresh_from_db()
        actions.merge_findings(into, [other], by=estate.user("project_manager"))
        assert (other.state, other.merged_into, into.severity, into.weight) == ("merged", into, "major", 4)
        assert open_clock("finding", other.pk, "correct") is None
        assert open_clock("finding", into.pk, "correct") is not None

    def test_the_earlier_deadline_stays(self, estate: Estate, moment: dt.datetime) -> None:
        first = enter(estate)
        with clock.at(moment + days(0.5)):
            second = enter(estate, stair=1)
            actions.merge_findings(second, [first], by=estate.user("project_manager"))
        assert second.deadline == first.deadline

    def test_only_what_belongs_together(self, estate: Estate) -> None:
        manager, into = estate.user("group_quality"), enter(estate)
        elsewhere = bare_finding(project=ProjectFactory(node__parent=estate.city))
        for other in (into, elsewhere, enter(estate, stair=1, is_hidden=True)):
            with pytest.raises(Invalid):
                actions.merge_findings(into, [other], by=manager)

    def test_neither_into_nor_out_of_what_is_put_right(self, estate: Estate) -> None:
        manager = estate.user("project_manager")
        done, other = proved(enter(estate), by=estate.user("department_lead")), enter(estate, stair=1)
        with pytest.raises(Conflict):
            actions.merge_findings(done, [other], by=manager)
        with pytest.raises(IllegalMove):
            actions.merge_findings(other, [done], by=manager)

    @pytest.mark.parametrize(("role", "may"), [("city", True), ("department_lead", True), ("front_desk", False)])
    def test_who_may(self, estate: Estate, role: str, may: bool) -> None:
        into, other = enter(estate), enter(estate, stair=1)
        if may:
            assert actions.merge_findings(into, [other], by=estate.user(role)) == into
            return
        with pytest.raises(Denied):
            actions.merge_findings(into, [other], by=estate.user(role))

    def test_what_a_level_above_found_is_not_merged_away_by_the_project(self, estate: Estate) -> None:
        visit = inspection(project=estate.project, level="city")
        into, other = enter(estate), enter(estate, stair=1, source="inspection", inspection=visit)
        with pytest.raises(Denied):
            actions.merge_findings(into, [other], by=estate.user("project_manager"))


class TestVoiding:
    def test_its_clocks_stop_it_is_not_found_any_more_and_others_hear(self, estate: Estate) -> None:
        heard: list[tuple[int, int]] = []

        def listen(sender: object, *, finding_id: int, project_id: int, **_given: object) -> None:
            heard.append((finding_id, project_id))

        events.finding_voided.connect(listen)
        finding = actions.void_finding(enter(estate), reason="看错了", by=estate.user("city"))
        events.finding_voided.disconnect(listen)
        assert (finding.state, finding.void_because) == ("void", "看错了")
        assert list(open_clocks("finding", finding.pk)) == []
        assert search.find("积灰", project_ids=[estate.project.pk]) == []
        assert heard == [(finding.pk, estate.project.pk)]

    def test_from_any_state_but_only_once_and_with_a_reason(self, estate: Estate) -> None:
        finding = verified(enter(estate), by=estate.user("city"), doer=estate.user("department_lead"))
        with pytest.raises(Invalid):
            actions.void_finding(finding, reason=" ", by=estate.user("city"))
        actions.void_finding(finding, reason="看错了", by=estate.user("city"))
        with pytest.raises(IllegalMove):
            actions.void_finding(finding, reason="看错了", by=estate.user("city"))

    @pytest.mark.parametrize(
        ("role", "plain", "appeal"),
        [("group_quality", True, True), ("city", True, True), ("project_manager", False, True),
         ("department_lead", False, False), ("client", False, False)],
    )  # fmt: skip
    def test_who_may(self, estate: Estate, role: str, plain: bool, appeal: bool) -> None:
        """Of what the city found: whoever judges it, or who decides the appeal against it."""
        visit = inspection(project=estate.project, level="city")
        for cause, may in ((None, plain), (("appeal", 1), appeal)):
            finding = enter(estate, source="inspection", inspection=visit)
            if may:
                voided = actions.void_finding(finding, reason="看错了", by=estate.user(role), cause=cause)
                assert voided.state == "void"
            else:
                with pytest.raises(Denied):
                    actions.void_finding(finding, reason="看错了", by=estate.user(role), cause=cause)

    def test_the_journal_names_the_cause(self, estate: Estate) -> None:
        finding = actions.void_finding(enter(estate), reason="看错了", by=BY, cause=("appeal", 7))
        entry = Entry.objects.get(verb="quality.finding_voided", subject_id=str(finding.pk))
        assert entry.data == '{"cause":["appeal",7],"reason":"看错了"}'

    def test_a_void_inspection_takes_its_findings_with_it(self, estate: Estate) -> None:
        visit = inspection(project=estate.project)
        finding = enter(estate, source="inspection", inspection=visit)
        other = enter(estate, stair=1)
        events.inspection_voided.send(Inspection, inspection_id=visit.pk, project_id=estate.project.pk, day=visit.day)
        finding.refresh_from_db()
        other.refresh_from_db()
        assert (finding.state, other.state) == ("void", "open")


class TestAmending:
    def test_a_milder_severity_gives_more_time(self, estate: Estate, moment: dt.datetime) -> None:
        finding = enter(estate, severity="major", remedy="repair")
        actions.amend_finding(finding, severity="minor", by=estate.user("city"))
        assert (finding.severity, finding.deadline) == ("minor", moment + days(7))
        assert open_clock("finding", finding.pk, "correct").due_at == finding.deadline

    def test_a_graver_one_runs_on_another_clock(self, estate: Estate, moment: dt.datetime) -> None:
        finding = enter(estate, severity="major", remedy="repair")
        actions.amend_finding(finding, severity="critical", by=estate.user("city"))
        assert (finding.deadline, open_clock("finding", finding.pk, "correct").hours) == (moment + days(1), "wall")

    def test_time_that_was_granted_stays(self, estate: Estate, moment: dt.datetime) -> None:
        finding = enter(estate, severity="major", remedy="repair")
        until = dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC)
        wish = actions.ask_extension(finding, until=until, reason="等件", by=estate.user("project_manager"))
        actions.decide_extension(wish, approve=True, by=estate.user("city"))
        actions.amend_finding(finding, severity="critical", by=estate.user("city"))
        assert finding.deadline == until

    def test_words_change_and_nothing_else(self, estate: Estate) -> None:
        finding = enter(estate)
        before = finding.deadline
        actions.amend_finding(finding, text="一楼有积灰", by=estate.user("city"))
        finding.refresh_from_db()
        assert (finding.text, finding.deadline, finding.severity) == ("一楼有积灰", before, "minor")

    @pytest.mark.parametrize("given", [{}, {"severity": "odd"}, {"text": " "}])
    def test_what_cannot_be(self, estate: Estate, given: dict[str, str]) -> None:
        with pytest.raises(Invalid):
            actions.amend_finding(enter(estate), by=estate.user("city"), **given)

    def test_a_void_one_stays_as_it_was(self, estate: Estate) -> None:
        finding = actions.void_finding(enter(estate), reason="看错了", by=BY)
        with pytest.raises(Conflict):
            actions.amend_finding(finding, severity="major", by=BY)

    def test_after_it_was_put_right_only_the_words_of_the_record_change(self, estate: Estate) -> None:
        finding = verified(enter(estate, severity="major"), by=estate.user("city"), doer=estate.user("department_lead"))
        before = finding.deadline
        actions.amend_finding(finding, severity="minor", by=estate.user("city"))
        assert (finding.severity, finding.deadline) == ("minor", before)
