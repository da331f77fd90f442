"""Inspections are submitted, published, declared void, and scored again: each exit once."""

import pytest
from factories import inspections as made
from factories.corrections import proved, verified

from wuyou.domains.quality import events
from wuyou.domains.quality.actions import findings
from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.actions.inspections import AnswerIn
from wuyou.domains.quality.flows.inspections import INSPECTION_FLOW
from wuyou.domains.quality.models import Finding, InspectionAnswer, Score
from wuyou.domains.quality.queries.inspections import agreement_of, score_in_force, scores_of, twin_of
from wuyou.domains.sheets.rules.agreement import differing
from wuyou.domains.sheets.rules.items import ItemSpec
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Denied, IllegalMove, Invalid
from wuyou.kernel.explain import from_json
from wuyou.kernel.flows import illegal_moves
from wuyou.kernel.journal.models import Entry
from wuyou.kernel.notify.models import Notification

BY = System("test")
STAIRS = {"stairs": "dust"}
HEARD = (
    events.inspection_submitted, events.inspection_published, events.inspection_voided, events.inspection_rescored,
)  # fmt: skip


def fields_of(error):
    return [one.field for one in error.value.fields]


@pytest.fixture
def heard():
    """Signals with the ids they carried."""
    got = []

    def hear(sender, signal, **ids):
        got.append((signal, ids))

    for signal in HEARD:
        signal.connect(hear)
    yield got
    for signal in HEARD:
        signal.disconnect(hear)


def notified(event):
    return {row.user_id for row in Notification.objects.filter(event=event)}


class TestSubmitting:
    def test_a_complete_one_is_signed_and_scored(self, begun, target, heard):
        made.fill(begun)
        made.submit(begun, note=" 总体良好 ")
        begun.refresh_from_db()
        assert (begun.state, begun.score, begun.is_vetoed, begun.note) == ("submitted", 100, False, "总体良好")
        assert (begun.signed_as, begun.submitted_at) == (begun.inspector.full_name, clock.now())
        target.refresh_from_db()
        assert target.state == "inspected"
        assert heard == [(events.inspection_submitted, {"inspection_id": begun.pk})]
        told = Entry.objects.get(verb="quality.inspection_submitted")
        assert (told.details["findings"], told.details["score"], len(told.details["answers"])) == (0, "100.00", 64)

    def test_another_name_may_sign(self, begun):
        made.fill(begun)
        assert made.submit(begun, signed_as=" 李四 ").signed_as == "李四"

    @pytest.mark.parametrize(
        ("given", "where"), [({"signed_as": "长" * 61}, "signed_as"), ({"note": "长" * 1001}, "note")]
    )
    def test_what_is_too_long_is_named(self, begun, given, where):
        made.fill(begun)
        with pytest.raises(Invalid) as error:
            made.submit(begun, **given)
        assert fields_of(error) == [where]

    def test_what_is_missing_is_named_and_nothing_happens(self, begun):
        made.fill(begun, {"lamp": "pass", "stairs": "junk"})
        with pytest.raises(Invalid) as error:
            made.submit(begun)
        assert fields_of(error) == ["answers.stairs", "answers.exit", "answers.lifts", "answers.sign"]
        begun.refresh_from_db()
        assert (begun.state, Finding.objects.count(), Score.objects.count()) == ("under_way", 0, 0)

    def test_a_failure_without_its_photo_is_missing(self, begun):
        made.fill(begun, made.GOOD | STAIRS)
        with pytest.raises(Invalid) as error:
            made.submit(begun)
        assert fields_of(error) == ["answers.stairs"]
        begun.refresh_from_db()
        made.shoot(begun, "stairs")
        assert made.submit(begun).score == 90  # 9 of 10 points

    def test_a_condition_that_is_met_asks_more(self, begun):
        made.fill(begun, made.GOOD | {"lifts": "yes"})
        with pytest.raises(Invalid) as error:
            made.submit(begun)
        assert fields_of(error) == ["answers.bell"]

    def test_what_is_no_longer_asked_counts_nowhere(self, begun):
        made.fill(begun, made.GOOD | {"lifts": "yes", "bell": "fail"})
        made.fill(begun, {"lifts": "no"})
        made.submit(begun)
        assert (begun.score, Finding.objects.count()) == (100, 0)
        assert InspectionAnswer.objects.get(item__code="bell").verdict == ""

    @pytest.mark.parametrize("role", ["region", "project_manager"])
    def test_only_by_its_inspector(self, begun, estate, role):
        made.fill(begun)
        with pytest.raises(Denied):
            actions.submit_inspection(begun, by=estate.user(role))

    def test_only_once(self, begun):
        made.done(begun)
        with pytest.raises(IllegalMove):
            made.submit(begun)

    def test_a_sheet_that_is_not_scored_has_none(self, estate, inspector):
        version = made.sheet(scoring="none", code="plain")
        inspection = actions.start_inspection(made.target(estate, version, inspector=inspector), by=inspector)
        made.done(inspection)
        assert (inspection.state, inspection.score, Score.objects.count()) == ("submitted", None, 0)

    def test_a_self_check_is_published_at_once(self, estate, sheet, heard):
        manager = estate.user("project_manager")
        inspection = made.done(actions.start_inspection(estate.project, sheet_version=sheet, by=manager))
        assert (inspection.state, inspection.published_at) == ("published", clock.now())
        assert [signal for signal, _ids in heard] == [events.inspection_submitted, events.inspection_published]


class TestFindings:
    def test_every_failed_item_becomes_one(self, begun, estate):
        made.fill(begun, {"lamp": AnswerIn("fail", note="三盏"), "exit": "fail", "lifts": "no", "sign": "张三"})
        made.fill(begun, {"stairs": AnswerIn(["dust", "junk"], place_id=estate.stairs[1].pk)})
        made.shoot(begun, "stairs")
        made.submit(begun)
        rows = list(Finding.objects.order_by("pk"))
        assert [(row.text, row.severity, row.clause, row.place) for row in rows] == [
            ("楼道灯亮 · 三盏", "major", None, None),
            ("楼道清洁 · 积灰、堆物", "minor", estate.clause, estate.stairs[1]),
            ("通道畅通", "critical", None, None),
        ]
        assert {(row.source, row.source_label, row.inspection, row.found_by) for row in rows} == {
            ("inspection", begun.number, begun, begun.inspector)
        }
        assert rows[1].answer.photos == 1

    def test_a_red_line_makes_it_0_and_shows_the_rest(self, begun):
        made.done(begun, {"exit": "fail"})
        assert (begun.score, begun.is_vetoed) == (0, True)
        tree = from_json(Score.objects.get().tree)
        assert (tree.op, tree.children[0].value) == ("veto", 60)

    def test_without_a_place_of_its_own_it_is_where_the_inspection_is(self, target, inspector, estate):
        inspection = actions.start_inspection(target, by=inspector, place=estate.stairs[2])
        made.done(inspection, {"lamp": "fail"})
        assert Finding.objects.get().place == estate.stairs[2]

    def test_a_measured_value_is_said(self, estate, inspector):
        water = ItemSpec("water", "余氯", "measure", unit="mg/L", tolerance_low=made.D("0.05"))
        target = made.target(estate, made.sheet([water], code="water"), inspector=inspector)
        inspection = made.fill(actions.start_inspection(target, by=inspector), {"water": "0.01"})
        made.submit(inspection)
        assert Finding.objects.get().text == "余氯 · 0.01 mg/L"

    def test_a_clause_withdrawn_meanwhile_is_still_what_was_asked(self, begun, estate):
        version = estate.clause.version
        type(version).objects.filter(pk=version.pk).update(state="withdrawn", withdrawn_on=clock.today())
        made.done(begun, STAIRS)
        assert (begun.score, Finding.objects.get().clause) == (90, estate.clause)

    def test_a_hidden_visit_hides_what_it_found_until_published(self, estate, sheet, inspector):
        target = made.target(estate, sheet, inspector=inspector, is_hidden=True, level="special", theme="mystery")
        inspection = made.done(actions.start_inspection(target, by=inspector), STAIRS)
        assert (inspection.is_hidden, Finding.objects.get().is_hidden) == (True, True)
        assert not Entry.objects.filter(chain__key=f"project:{estate.project.pk}").exists()
        actions.publish_inspection(inspection, by=estate.user("group_quality"))
        inspection.refresh_from_db()
        assert (inspection.is_hidden, Finding.objects.get().is_hidden) == (False, False)


class TestPublishing:
    def test_the_project_is_told(self, begun, estate, heard):
        made.done(begun)
        heard.clear()
        actions.publish_inspection(begun, by=estate.user("city"))
        assert (begun.state, begun.published_at) == ("published", clock.now())
        assert heard == [(events.inspection_published, {"inspection_id": begun.pk})]
        told = notified("quality.inspection_published")
        assert told >= {estate.user("project_manager").pk, estate.user("department_lead").pk}
        assert begun.inspector_id not in told

    @pytest.mark.parametrize("role", ["project_manager", "department_lead", "client"])
    def test_who_may_not(self, begun, estate, role):
        made.done(begun)
        with pytest.raises(Denied):
            actions.publish_inspection(begun, by=estate.user(role))

    def test_not_before_it_is_submitted(self, begun, estate):
        with pytest.raises(IllegalMove):
            actions.publish_inspection(begun, by=estate.user("city"))


class TestVoiding:
    def test_it_counts_no_longer_but_stays_to_be_seen(self, begun, target, estate, heard):
        made.done(begun, STAIRS)
        heard.clear()
        actions.void_inspection(begun, reason=" 走错小区 ", by=estate.user("region"))
        begun.refresh_from_db()
        assert (begun.state, begun.score, begun.void_because) == ("void", None, "走错小区")
        assert Score.objects.get().value == 90
        assert Finding.objects.get().state == "void"
        target.refresh_from_db()
        assert target.state == "owed"
        ids = {"inspection_id": begun.pk, "project_id": estate.project.pk, "day": begun.day}
        assert heard == [(events.inspection_voided, ids)]
        assert estate.user("project_manager").pk in notified("quality.inspection_voided")

    @pytest.mark.parametrize("reason", ["", " ", "长" * 301])
    def test_with_a_reason(self, begun, estate, reason):
        with pytest.raises(Invalid) as error:
            actions.void_inspection(begun, reason=reason, by=estate.user("region"))
        assert fields_of(error) == ["void_because"]

    @pytest.mark.parametrize("role", ["project_manager", "department_lead", "client"])
    def test_who_may_not(self, begun, estate, role):
        with pytest.raises(Denied):
            actions.void_inspection(begun, reason="x", by=estate.user(role))

    def test_an_own_self_check_is_dropped_until_submitted(self, estate, sheet):
        manager = estate.user("project_manager")
        dropped = actions.start_inspection(estate.project, sheet_version=sheet, by=manager)
        assert actions.void_inspection(dropped, reason="开错了", by=manager).state == "void"
        done = made.done(actions.start_inspection(estate.project, sheet_version=sheet, by=manager))
        with pytest.raises(Denied):
            actions.void_inspection(done, reason="开错了", by=manager)

    def test_an_appeal_may(self, begun):
        made.done(begun)
        assert actions.void_inspection(begun, reason="申诉成立", by=System("appeals")).state == "void"

    def test_once_is_enough(self, begun, estate):
        actions.void_inspection(begun, reason="x", by=estate.user("region"))
        with pytest.raises(IllegalMove):
            actions.void_inspection(begun, reason="x", by=estate.user("region"))


class TestIllegalMoves:
    @pytest.mark.parametrize(("state", "step"), list(illegal_moves(INSPECTION_FLOW)))
    def test_the_table_is_kept(self, begun, estate, state, step):
        now = clock.now()
        type(begun).objects.filter(pk=begun.pk).update(state=state, submitted_at=now, void_because="x")
        begun.refresh_from_db()
        acts = {
            "submit": lambda: made.submit(begun),
            "publish": lambda: actions.publish_inspection(begun, by=estate.user("region")),
            "void": lambda: actions.void_inspection(begun, reason="x", by=estate.user("region")),
        }
        with pytest.raises(IllegalMove):
            acts[step]()


class TestScoringAgain:
    def test_a_void_finding_gives_the_points_back_and_the_old_score_stays(self, begun, estate, heard):
        made.done(begun, {"stairs": "dust,junk", "lamp": "fail"})
        assert begun.score == 50
        heard.clear()
        finding = Finding.objects.get(answer__item__code="stairs")
        findings.void_finding(finding, reason="照片是别处", cause=("finding", finding.pk), by=estate.user("region"))
        begun.refresh_from_db()
        assert begun.score == 80
        new, old = scores_of(begun)
        assert (old.value, new.value, new.cause_kind, new.cause_id) == (50, 80, "finding", finding.pk)
        assert "照片是别处" in new.reason
        assert score_in_force(begun) == new
        ids = {"inspection_id": begun.pk, "project_id": estate.project.pk, "day": begun.day}
        assert heard == [(events.inspection_rescored, ids)]
        told = Entry.objects.get(verb="quality.inspection_rescored")
        assert (told.details["before"], told.details["after"]) == ("50.00", "80.00")
        assert estate.user("project_manager").pk in notified("quality.inspection_rescored")

    def test_the_tree_says_why(self, begun, estate):
        made.done(begun, {"lamp": "fail"})
        finding = Finding.objects.get()
        findings.void_finding(finding, reason="误判", cause=("finding", finding.pk), by=estate.user("region"))
        tree = from_json(score_in_force(begun).tree)
        share = next(node for node in tree.walk() if node.note and finding.number in node.note.zh)
        assert (share.value, [link.kind for link in share.links]) == (1, ["inspection_answer", "finding"])

    def test_a_red_line_that_was_none_is_lifted(self, begun, estate):
        made.done(begun, {"exit": "fail"})
        finding = Finding.objects.get()
        findings.void_finding(finding, reason="误判", cause=("finding", finding.pk), by=estate.user("region"))
        begun.refresh_from_db()
        assert (begun.score, begun.is_vetoed) == (100, False)

    def test_nothing_changed_is_no_new_score(self, begun, heard):
        made.done(begun)
        heard.clear()
        assert actions.rescore_inspection(begun, reason="核对", cause=("appeal", 1), by=BY) is None
        assert (Score.objects.count(), heard) == (1, [])

    def test_a_sheet_that_is_not_scored_is_left_alone(self, estate, inspector):
        version = made.sheet(scoring="none", code="plain")
        inspection = actions.start_inspection(made.target(estate, version, inspector=inspector), by=inspector)
        made.done(inspection)
        assert actions.rescore_inspection(inspection, reason="核对", cause=("appeal", 1), by=BY) is None

    def test_not_while_under_way_or_void(self, begun, estate):
        with pytest.raises(IllegalMove):
            actions.rescore_inspection(begun, reason="x", cause=("appeal", 1), by=BY)
        actions.void_inspection(begun, reason="x", by=estate.user("region"))
        with pytest.raises(IllegalMove):
            actions.rescore_inspection(begun, reason="x", cause=("appeal", 1), by=BY)


class TestRepetitions:
    @pytest.mark.parametrize(("doubles", "expected"), [(True, "57.14"), (False, "70.00")])
    def test_what_failed_before_counts_double_where_the_sheet_says_so(self, estate, doubles, expected):
        """Lamp 2 + exit 4 + 1 of the 4 points of the stairs: 7 of 10; with the stairs twice 8 of 14."""
        version = made.sheet(made.specs(estate.clause.pk), doubles=doubles)
        city, region = estate.user("city"), estate.user("region")
        place = {"stairs": AnswerIn("dust", place_id=estate.stairs[0].pk)}
        first = made.done(actions.start_inspection(made.target(estate, version), by=city), place)
        verified(Finding.objects.get(inspection=first), by=city, doer=estate.user("department_lead"))
        again = {"stairs": AnswerIn(["dust", "junk"], place_id=estate.stairs[0].pk)}
        second = made.done(actions.start_inspection(made.target(estate, version), by=region), again)
        assert Finding.objects.get(inspection=second).weight == 2
        assert second.score == made.D(expected)

    def test_a_finding_that_grew_heavier_counts_for_more(self, begun):
        made.done(begun, {"lamp": "fail"})
        type(begun.sheet_version).objects.filter(pk=begun.sheet_version_id).update(doubles_repeats=True)
        Finding.objects.update(weight=3)
        begun.refresh_from_db()
        actions.rescore_inspection(begun, reason="未说明", cause=("explanation", 1), by=BY)
        assert begun.score == made.D("57.14")  # 8 of 8 + 3 × 2 points


class TestTwoInspectors:
    @pytest.fixture
    def pair(self, begun, target, estate):
        second = actions.start_inspection(target, second_of=begun, by=estate.user("region"))
        return begun, second

    def test_they_are_compared_once_both_have_submitted(self, pair):
        first, second = pair
        made.done(first, {"lamp": "fail"})
        assert (twin_of(first), twin_of(second)) == (None, None)
        made.done(second)
        assert (twin_of(first), twin_of(second)) == (second, first)
        for one, other in (pair, pair[::-1]):
            rows = agreement_of(one, other)
            assert [(row.code, row.first_verdict, row.second_verdict) for row in differing(rows)] == [
                ("lamp", "fail", "pass")
            ]
            assert [row.code for row in rows] == ["lamp", "stairs", "exit"]

    def test_the_second_makes_no_findings_and_finishes_nothing(self, pair, target, heard):
        first, second = pair
        made.done(second, {"lamp": "fail", "stairs": "dust"})
        assert (Finding.objects.count(), second.score, heard) == (0, 70, [])
        target.refresh_from_db()
        assert target.state == "under_way"
        made.done(first)
        target.refresh_from_db()
        assert target.state == "inspected"

    def test_publishing_it_tells_nobody(self, pair, estate, heard):
        first, second = pair
        made.done(first)
        made.done(second)
        heard.clear()
        actions.publish_inspection(second, by=estate.user("group_quality"))
        assert (second.state, heard) == ("published", [])

    def test_a_void_second_one_is_no_twin(self, pair, estate):
        first, second = pair
        made.done(first)
        actions.void_inspection(second, reason="x", by=estate.user("group_quality"))
        assert twin_of(first) is None


def test_a_finding_put_right_and_seen_again_is_found_by_the_next_inspection(estate, sheet):
    """A whole round: found, proved, verified; found again by the next inspection as a repetition."""
    city, region = estate.user("city"), estate.user("region")
    dust = {"stairs": AnswerIn("dust", place_id=estate.stairs[0].pk)}
    first = made.done(actions.start_inspection(made.target(estate, sheet), by=city), dust)
    finding = proved(Finding.objects.get(inspection=first), by=estate.user("department_lead"))
    findings.verify(finding, by=city)
    second = made.done(actions.start_inspection(made.target(estate, sheet), by=region), dust)
    assert Finding.objects.get(inspection=second).repeat_of == finding
