"""Doing tasks: each exit once, late stays late, two at once, proof, licences."""

import datetime as dt
import uuid

import pytest
from factories.org import user_with
from factories.tasks import MORNING, photo, plan_line, site, staff_member, task

from wuyou.domains.registry.models import Qualification, QualificationKind
from wuyou.domains.work.actions.attaching import attach_evidence, attach_to_batch
from wuyou.domains.work.actions.batches import complete_batch, complete_round, complete_series
from wuyou.domains.work.actions.handing import hand_over, withdraw_tasks
from wuyou.domains.work.actions.problems import Found, move_problem
from wuyou.domains.work.actions.reviewing import accept_evidence, reject_evidence
from wuyou.domains.work.actions.tasks import Completion, claim_task, complete_task, release_task, skip_task
from wuyou.domains.work.flows.tasks import PROBLEM_FLOW, TASK_FLOW
from wuyou.domains.work.models import Problem, StaleDay, Task
from wuyou.kernel import clock, flows
from wuyou.kernel.clocks.models import Clock
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def estate(moment):
    return site()


@pytest.fixture
def moment():
    with clock.at(MORNING + HOUR):
        yield MORNING + HOUR


def last_verb():
    return Entry.objects.order_by("-id").values_list("verb", flat=True).first()


class TestTaking:
    def test_take_and_give_back(self, estate):
        row = task(estate, assignee=None)
        me = estate.cleaners[0]
        claim_task(row, by=me.user)
        assert (row.state, row.assignee_id) == ("claimed", me.pk)
        release_task(row, by=me.user)
        assert Task.objects.get(pk=row.pk).state == "open"
        assert last_verb() == "work.task_released"

    def test_of_two_people_one_gets_it(self, estate):
        row = task(estate, assignee=None)
        same = Task.objects.get(pk=row.pk)
        claim_task(row, by=estate.cleaners[0].user)
        with pytest.raises(Conflict):
            claim_task(same, by=estate.cleaners[2].user)
        assert Task.objects.get(pk=row.pk).assignee == estate.cleaners[0]

    def test_not_somebody_elses(self, estate):
        with pytest.raises(Denied):
            claim_task(task(estate), by=estate.cleaners[1].user)

    def test_not_another_team_s(self, estate):
        other = estate.team.__class__.objects.create(project=estate.project, name="秩序")
        guard = staff_member(estate.project, other, "G1")
        with pytest.raises(Denied):
            claim_task(task(estate, assignee=None), by=guard.user)

    def test_not_without_the_right(self, estate):
        with pytest.raises(Denied):
            claim_task(task(estate, assignee=None), by=user_with("work.view_tasks", at=estate.project))


class TestFinishing:
    def test_in_time(self, estate, moment):
        row = complete_task(task(estate), by=estate.cleaners[0].user, with_=Completion(note=" 已清扫 "))
        kept = Task.objects.get(pk=row.pk)
        assert (kept.state, kept.done_at, kept.note, kept.done_by) == (
            "done",
            moment,
            "已清扫",
            estate.cleaners[0].user,
        )
        assert StaleDay.objects.filter(project_id=estate.project.pk, day=row.day).exists()
        assert Entry.objects.get(verb="work.task_done").subject_id == str(row.pk)

    def test_late_may_still_be_done_and_stays_late(self, estate):
        row = task(estate)
        with clock.at(row.due):
            complete_task(row, by=estate.cleaners[0].user)
        assert row.done_at >= row.due
        assert (
            '"late":true'
            in str(Entry.objects.get(verb="work.task_done").data).replace(" ", "").replace("'", '"').lower()
        )

    def test_two_people_finish_at_once(self, estate):
        row = task(estate, assignee=None)
        same = Task.objects.get(pk=row.pk)
        complete_task(row, by=estate.cleaners[0].user)
        with pytest.raises(Conflict):
            complete_task(same, by=estate.cleaners[2].user)
        assert Task.objects.get(pk=row.pk).done_by == estate.cleaners[0].user
        assert Entry.objects.filter(verb="work.task_done").count() == 1

    def test_a_double_click_is_one(self, estate):
        row, key = task(estate), uuid.uuid4()
        complete_task(row, by=estate.cleaners[0].user, with_=Completion(client_id=key))
        again = complete_task(Task.objects.get(pk=row.pk), by=estate.cleaners[0].user, with_=Completion(client_id=key))
        assert again.state == "done"
        assert Entry.objects.filter(verb="work.task_done").count() == 1

    def test_not_before_it_opens(self, estate):
        with pytest.raises(Invalid):
            complete_task(task(estate, opens=MORNING + 2 * HOUR), by=estate.cleaners[0].user)

    @pytest.mark.parametrize(
        ("evidence", "field"), [("photo", "photos"), ("scan", "scanned"), ("reading", "answers"), ("log", "note")]
    )
    def test_proof_is_asked_for(self, estate, evidence, field):
        row = task(estate, evidence=evidence)
        with pytest.raises(Invalid) as error:
            complete_task(row, by=estate.cleaners[0].user)
        assert [one.field for one in error.value.fields] == [field]
        assert Task.objects.get(pk=row.pk).state == "open"

    def test_a_photo_proves(self, estate):
        row = task(estate, evidence="photo")
        me = estate.cleaners[0].user
        attach_evidence(row, upload=photo(), by=me)
        complete_task(row, by=me)
        assert Task.objects.get(pk=row.pk).evidence_count == 1
        with pytest.raises(IllegalMove):
            attach_evidence(row, upload=photo(), by=me)

    def test_licences(self, estate, moment):
        row, me = task(estate, qualification="电工证"), estate.cleaners[0]
        with pytest.raises(Denied):
            complete_task(row, by=me.user)
        kind = QualificationKind.objects.get(code="electrician_lv")
        held = Qualification.objects.create(staff=me, kind=kind, valid_to=moment.date() - dt.timedelta(days=1))
        with pytest.raises(Denied):
            complete_task(row, by=me.user)
        held.valid_to = moment.date()
        held.save()
        assert complete_task(row, by=me.user).state == "done"

    def test_twice_a_week_means_two_days(self, estate):
        line = plan_line(estate)
        window = {"line": line, "opens": MORNING - 24 * HOUR, "due": MORNING + 96 * HOUR}
        first, second = task(estate, seq=1, **window), task(estate, seq=2, **window)
        complete_task(first, by=estate.cleaners[0].user)
        with pytest.raises(Invalid):
            complete_task(second, by=estate.cleaners[0].user)
        with clock.at(MORNING + 25 * HOUR):
            assert complete_task(second, by=estate.cleaners[0].user).state == "done"

    @pytest.mark.parametrize(("state", "name"), list(flows.illegal_moves(TASK_FLOW)))
    def test_illegal_moves(self, estate, state, name):
        with pytest.raises(IllegalMove):
            TASK_FLOW.check(name, state)


class TestNotPossible:
    def test_needs_a_reason(self, estate):
        row, me = task(estate), estate.cleaners[0].user
        with pytest.raises(Invalid):
            skip_task(row, by=me, skip_reason="")
        with pytest.raises(Invalid):
            skip_task(row, by=me, skip_reason="other")
        skip_task(row, by=me, skip_reason="weather", note="大雪")
        assert (row.state, row.result, row.skip_reason) == ("skipped", "not_possible", "weather")
        assert last_verb() == "work.task_skipped"

    def test_not_before_it_opens(self, estate):
        with pytest.raises(Invalid):
            skip_task(task(estate, opens=MORNING + 2 * HOUR), by=estate.cleaners[0].user, skip_reason="weather")


class TestBatches:
    def test_a_stair_together(self, estate):
        me, key = estate.cleaners[0].user, uuid.uuid4()
        rows = [task(estate, evidence="photo"), task(estate, place=2, evidence="photo")]
        with pytest.raises(Invalid):
            complete_batch(rows, by=me, batch=key)
        attach_to_batch(rows, batch=key, upload=photo(), by=me)
        done = complete_batch(rows, by=me, batch=key)
        assert {row.pk for row in done} == {row.pk for row in rows}
        assert set(Task.objects.values_list("state", "batch", "evidence_count")) == {("done", key, 1)}
        assert Entry.objects.filter(verb="work.tasks_done").count() == 1

    def test_what_a_colleague_finished_is_left_alone(self, estate):
        lead = estate.lead
        rows = [task(estate), task(estate, place=2)]
        complete_task(Task.objects.get(pk=rows[0].pk), by=lead)
        assert [row.pk for row in complete_batch(rows, by=estate.cleaners[0].user)] == [rows[1].pk]
        with pytest.raises(Conflict):
            complete_batch(rows, by=estate.cleaners[0].user)
        assert Task.objects.get(pk=rows[0].pk).done_by == lead

    def test_own_proof_is_not_shared(self, estate):
        for evidence in ("reading", "scan", "certificate"):
            with pytest.raises(Invalid):
                complete_batch([task(estate, evidence=evidence)], by=estate.cleaners[0].user)

    def test_bad_batches(self, estate):
        with pytest.raises(Invalid):
            complete_batch([], by=estate.lead)
        with pytest.raises(Invalid):
            complete_batch([task(estate, opens=MORNING + 2 * HOUR)], by=estate.cleaners[0].user)
        elsewhere = site()
        with pytest.raises(Invalid):
            complete_batch([task(estate), task(elsewhere)], by=estate.lead)
        with pytest.raises(Denied):
            complete_batch([task(elsewhere)], by=estate.lead)

    def test_a_round_by_its_scans(self, estate, moment):
        me = estate.cleaners[0].user
        rows = [task(estate, place=n, evidence="scan", assignee=estate.cleaners[0]) for n in range(3)]
        scans = {rows[0].pk: moment - 10 * HOUR / 60, rows[1].pk: moment - 10 * HOUR / 60 + dt.timedelta(seconds=10)}
        odd = complete_round(rows, by=me, scans=scans)
        assert odd == [rows[1].pk]  # 100 m in 10 s
        assert dict(Task.objects.values_list("pk", "state")) == {
            rows[0].pk: "done", rows[1].pk: "done", rows[2].pk: "open",
        }  # fmt: skip
        assert Task.objects.get(pk=rows[0].pk).done_at == scans[rows[0].pk]

    def test_bad_rounds(self, estate, moment):
        me, row = estate.cleaners[0].user, task(estate, evidence="scan")
        for scans in ({0: moment}, {row.pk: moment + HOUR}, {row.pk: MORNING - HOUR}):
            with pytest.raises(Invalid):
                complete_round([row], by=me, scans=scans)
        assert Task.objects.get(pk=row.pk).state == "open"

    def test_a_series_is_all_or_none(self, estate):
        rows = [task(estate), task(estate, place=2, evidence="log")]
        pairs = [(row, Completion()) for row in rows]
        with pytest.raises(Invalid):
            complete_series(pairs, by=estate.cleaners[0].user)
        assert set(Task.objects.values_list("state", flat=True)) == {"open"}
        assert not Entry.objects.filter(verb="work.task_done").exists()
        pairs = [(row, Completion(note="x")) for row in Task.objects.all()]
        assert complete_series(pairs, by=estate.cleaners[0].user) == 2


class TestHandingOver:
    def test_open_tasks_go(self, estate):
        rows = [task(estate), task(estate, place=2), task(estate, place=1, state="done", done_at=MORNING)]
        assert hand_over(rows, to=estate.cleaners[1], by=estate.lead, reason="支援B区") == 2
        assert Task.objects.filter(assignee=estate.cleaners[1], state="open").count() == 2

    def test_hindrances(self, estate):
        row = task(estate, qualification="电工证")
        with pytest.raises(Invalid):
            hand_over([row], to=estate.cleaners[1], by=estate.lead, reason=" ")
        with pytest.raises(Denied):
            hand_over([row], to=estate.cleaners[1], by=estate.lead, reason="x")
        with pytest.raises(Invalid):
            hand_over([task(estate)], to=site().cleaners[0], by=estate.lead, reason="x")
        with pytest.raises(Denied):
            hand_over([task(estate)], to=estate.cleaners[1], by=estate.cleaners[0].user, reason="x")

    def test_withdrawing(self, estate):
        rows = [task(estate), task(estate, place=2, state="done", done_at=MORNING)]
        assert withdraw_tasks(rows, by=estate.lead, reason="停水") == 1
        assert Task.objects.get(pk=rows[0].pk).note == "停水"
        with pytest.raises(Invalid):
            withdraw_tasks(rows, by=estate.lead, reason="")
        assert withdraw_tasks(rows, by=estate.lead, reason="x") == 0


class TestReview:
    def test_accepting(self, estate):
        row = complete_task(task(estate), by=estate.cleaners[0].user)
        accept_evidence(row, by=estate.lead)
        assert Task.objects.get(pk=row.pk).review == "accepted"

    def test_rejected_evidence_must_be_new(self, estate):
        me, row = estate.cleaners[0].user, task(estate, evidence="photo")
        attach_evidence(row, upload=photo(), by=me)
        complete_task(row, by=me)
        with pytest.raises(Invalid):
            reject_evidence(row, by=estate.lead, review_note=" ")
        reject_evidence(row, by=estate.lead, review_note="照片模糊")
        assert (row.state, row.rejections, row.review) == ("rejected", 1, "rejected")
        with pytest.raises(Invalid):
            complete_task(row, by=me)
        attach_evidence(row, upload=photo(), by=me)
        with clock.at(row.due):
            complete_task(row, by=me)
        kept = Task.objects.get(pk=row.pk)
        assert (kept.state, kept.review, kept.rejections) == ("done", "", 1)
        assert kept.done_at >= kept.due

    def test_nobody_reviews_their_own(self, estate):
        row = complete_task(task(estate), by=estate.lead)
        with pytest.raises(Denied):
            accept_evidence(row, by=estate.lead)
        with pytest.raises(Denied):
            accept_evidence(row, by=estate.cleaners[1].user)


class TestProblems:
    def found(self, estate, **given):
        row = task(estate)
        complete_task(row, by=estate.cleaners[0].user, with_=Completion(found=Found("灯不亮", **given)))
        return Problem.objects.get(task=row)

    def test_found_on_the_spot_with_a_number_and_a_clock(self, estate):
        problem = self.found(estate, severity="critical")
        assert problem.number == f"WT-{estate.project.code}-20261120-0001"
        assert problem.task.result == "problem"
        assert Clock.objects.get(case_kind="problem").due_at == clock.now() + dt.timedelta(minutes=30)

    @pytest.mark.parametrize(("given", "field"), [({"text": " "}, "text"), ({"severity": "huge"}, "severity")])
    def test_bad_reports(self, estate, given, field):
        row = task(estate)
        with pytest.raises(Invalid) as error:
            complete_task(row, by=estate.lead, with_=Completion(found=Found(**({"text": "x"} | given))))
        assert [one.field for one in error.value.fields] == [field]
        assert Task.objects.get(pk=row.pk).state == "open"

    def test_to_the_end_with_its_clocks(self, estate):
        problem = self.found(estate)
        move_problem(problem, step="acknowledge", by=estate.lead)
        move_problem(problem, step="resolve", by=estate.cleaners[0].user, remedy="已换灯泡")
        move_problem(problem, step="reopen", by=estate.lead)
        move_problem(problem, step="resolve", by=estate.lead, remedy="换线路")
        move_problem(problem, step="close", by=estate.lead)
        assert Problem.objects.get().state == "closed"
        assert not Clock.objects.filter(stopped_at__isnull=True).exists()
        assert Clock.objects.count() == 3

    def test_a_remedy_is_needed(self, estate):
        with pytest.raises(Invalid):
            move_problem(self.found(estate), step="resolve", by=estate.lead, remedy="")

    def test_who_may(self, estate):
        with pytest.raises(Denied):
            move_problem(self.found(estate), step="acknowledge", by=estate.cleaners[0].user)

    @pytest.mark.parametrize(("state", "name"), list(flows.illegal_moves(PROBLEM_FLOW)))
    def test_illegal_moves(self, state, name):
        with pytest.raises(IllegalMove):
            PROBLEM_FLOW.check(name, state)
