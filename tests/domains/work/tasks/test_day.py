"""Reads of a working day: timing in the database equals the rule, groups, who may take over, what photos one sees."""

import datetime as dt
import uuid

import pytest
from factories.org import NodeFactory, ProjectFactory, user_with
from factories.tasks import MORNING, photo, plan_line, site, task

from wuyou.domains.registry.models import Place
from wuyou.domains.work.actions.absence import record_absence, share_of
from wuyou.domains.work.actions.attaching import attach_evidence, attach_to_batch
from wuyou.domains.work.actions.batches import complete_batch
from wuyou.domains.work.actions.problems import Found, open_problem
from wuyou.domains.work.actions.reviewing import accept_evidence
from wuyou.domains.work.actions.spotting import attach_to_problem, open_original, report_problem
from wuyou.domains.work.actions.tasks import complete_task
from wuyou.domains.work.models import Problem, Task
from wuyou.domains.work.queries import day
from wuyou.domains.work.queries.tasks import to_review
from wuyou.domains.work.rules.tasks import Timing, timing
from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Denied, Invalid, Missing
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
NOW = MORNING + HOUR


@pytest.fixture
def estate():
    with clock.at(NOW):
        yield site()


@pytest.mark.parametrize("opens", [MORNING, NOW, NOW + HOUR])
@pytest.mark.parametrize("minutes", [0, 30, 60, 61, 600])
@pytest.mark.parametrize("state", ["open", "claimed", "done", "skipped", "rejected", "withdrawn"])
def test_the_condition_says_what_the_rule_says(estate, state, minutes, opens):
    due = max(NOW + dt.timedelta(minutes=minutes), opens + dt.timedelta(minutes=1))
    done_at = NOW if state == "done" else None
    row = task(estate, opens=opens, due=due, state=state, done_at=done_at)
    expected = timing(state=state, opens=opens, due=due, done_at=done_at, now=NOW)
    found = {one for one in Timing if Task.objects.filter(day.is_timed(one, NOW), pk=row.pk).exists()}
    assert found == ({expected, Timing.NOW} if expected == Timing.DUE_SOON else {expected})


def test_figures_add_up_over_projects():
    one, other = day.DayFigures(total=3, done=1, late=2), day.DayFigures(total=4, absent=1)
    assert one + other == day.DayFigures(total=7, done=1, late=2, absent=1)


def test_a_project_without_tasks_has_figures_of_nothing(estate):
    assert day.day_figures([estate.project], clock.today()) == {estate.project.pk: day.DayFigures()}


def test_groups_and_loners(estate):
    pair = [task(estate), task(estate, place=2)]
    other_zone, reading, licensed = (
        task(estate, place=1), task(estate, evidence="reading"), task(estate, qualification="电工证"),
    )  # fmt: skip
    groups, alone = day.grouped([*pair, other_zone, reading, licensed])
    assert [list(group.tasks) for group in groups] == [pair]
    assert alone == [other_zone, reading, licensed]
    assert day.group_of(pair, groups[0].key).tasks == tuple(pair)
    with pytest.raises(Missing):
        day.group_of([reading], groups[0].key)


class TestProof:
    def test_of_tasks_and_of_their_batches(self, estate):
        by, key = estate.cleaners[0].user, uuid.uuid4()
        alone, pair = task(estate), [task(estate, assignee=None), task(estate, place=2, assignee=None)]
        own = attach_evidence(alone, upload=photo(), by=by)
        common = attach_to_batch(pair, batch=key, upload=photo(), by=by)
        done = complete_batch(pair, by=by, batch=key)
        found = day.proofs_of([alone, *done])
        assert found == {alone.pk: [own], pair[0].pk: [common], pair[1].pk: [common]}

    def test_who_sees_a_photo(self, estate):
        by = estate.cleaners[0].user
        row = attach_evidence(task(estate), upload=photo(), by=by)
        elsewhere = user_with("work.view_tasks", at=ProjectFactory(node=NodeFactory(kind="project")))
        assert day.proof_visible_to(estate.lead, row.pk) == day.proof_visible_to(by, row.pk) == row
        for stranger in (elsewhere, estate.cleaners[1].user):
            with pytest.raises(Missing):
                day.proof_visible_to(stranger, row.pk)
        with pytest.raises(Missing):
            day.proof_visible_to(estate.lead, row.pk + 1)

    def test_who_sees_a_batchs_photo(self, estate):
        by, key = estate.cleaners[0].user, uuid.uuid4()
        row = attach_to_batch([task(estate)], batch=key, upload=photo(), by=by)
        with pytest.raises(Missing):  # nothing is finished with it yet: only whoever sent it sees it
            day.proof_visible_to(estate.lead, row.pk)
        complete_batch(list(Task.objects.all()), by=by, batch=key)
        assert day.proof_visible_to(estate.lead, row.pk) == row

    def test_the_original_is_for_reviewers_of_the_place_who_say_why(self, estate):
        row = attach_evidence(task(estate), upload=photo(), by=estate.cleaners[0].user)
        other = ProjectFactory(node=NodeFactory(kind="project"))
        reviewer_there = user_with("work.review_tasks", at=other)
        with pytest.raises(Denied):
            open_original(row, project=estate.project, by=estate.cleaners[0].user, reason="x")
        with pytest.raises(Denied):
            open_original(row, project=other, by=reviewer_there, reason="x")
        with pytest.raises(Invalid):
            open_original(row, project=estate.project, by=estate.lead, reason=" ")
        with open_original(row, project=estate.project, by=estate.lead, reason="投诉") as file:
            assert len(file.read()) == row.size
        assert list(Entry.objects.order_by("-pk").values_list("verb", flat=True)[:2][::-1]) == [
            "work.original_asked", "evidence.original_opened",
        ]  # fmt: skip


class TestSpotting:
    def test_a_problem_without_a_task(self, estate):
        place = Place.objects.get(code="S3")
        problem = report_problem(place, found=Found("灯不亮"), by=estate.cleaners[0].user)
        assert (problem.place, problem.task, problem.state) == (place, None, "reported")
        assert Entry.objects.filter(verb="work.problem_reported", subject_id=str(problem.pk)).count() == 1

    def test_only_those_who_work_there(self, estate):
        onlooker = user_with("work.view_tasks", at=estate.project)
        with pytest.raises(Denied):
            report_problem(estate.places[0], found=Found("x"), by=onlooker)
        assert not Problem.objects.exists()

    def test_photos_by_the_finder_and_by_those_who_work_there(self, estate):
        problem = report_problem(estate.places[0], found=Found("灯不亮"), by=estate.cleaners[0].user)
        rows = [attach_to_problem(problem, upload=photo(), by=one.user) for one in estate.cleaners[:2]]
        assert day.proofs_of_problem(problem) == rows
        with pytest.raises(Denied):
            attach_to_problem(problem, upload=photo(), by=user_with("work.view_tasks", at=estate.project))

    def test_a_closed_problem_takes_no_photos(self, estate):
        problem = report_problem(estate.places[0], found=Found("灯不亮"), by=estate.cleaners[0].user)
        problem.state = "closed"
        with pytest.raises(Conflict):
            attach_to_problem(problem, upload=photo(), by=estate.lead)

    def test_photos_of_the_task_belong_to_its_problem(self, estate):
        row, by = task(estate), estate.cleaners[0].user
        proof = attach_evidence(row, upload=photo(), by=by)
        assert day.proofs_of_problem(open_problem(row, found=Found("漏水"), by=by)) == [proof]


def test_the_look_at_an_absence_is_what_recording_does(estate):
    for number in range(5):
        task(estate, minutes=10 * (number + 1))
    away, today = estate.cleaners[0], clock.today()
    look = share_of(away, today, today)
    assert set(Task.objects.values_list("assignee", flat=True)) == {away.pk}
    done = record_absence(away, kind="sick", starts_on=today, ends_on=today, by=estate.lead)
    assert (look.counts, len(look.left)) == (done.taken, done.left_open)


def test_looking_at_one_draws_no_other_into_the_sample(estate):
    rows = [complete_task(task(estate), by=estate.cleaners[0].user) for _number in range(14)]
    first = to_review(estate.lead)
    accept_evidence(first[0], by=estate.lead)
    assert (len(rows), len(first)) == (14, 10)
    assert [row.pk for row in to_review(estate.lead)] == [row.pk for row in first[1:]]


def test_takers_are_present_and_the_own_team_comes_first(estate):
    from factories.registry import StaffFactory, TeamFactory

    other = StaffFactory(team=TeamFactory(project=estate.project), number="A0")
    record_absence(estate.cleaners[1], kind="sick", starts_on=clock.today(), ends_on=clock.today(), by=estate.lead)
    assert list(day.takers_of(estate.project, estate.team.pk)) == [estate.cleaners[0], estate.cleaners[2], other]


def test_buildings_around_a_place(estate):
    root = Place.objects.get(code="0")
    near = {"project": estate.project, "level": "building", "code": "B1", "name": "1号楼", "x": 40.0, "y": 10.0}
    Place.objects.add_child(root, create_kwargs=near)
    root.refresh_from_db()
    Place.objects.add_child(root, create_kwargs=near | {"code": "B2", "x": 400.0})
    assert [row.code for row in day.buildings_around(estate.places[0], metres=90)] == ["B1"]
    assert day.buildings_around(root, metres=90) == []


def test_a_place_by_name_or_code(estate):
    assert day.place_named(estate.project, " 1号楼道 ") == day.place_named(estate.project, "S1") == estate.places[1]
    assert day.place_named(estate.project, "月球") is None


def test_what_the_journal_knows_of_a_task_and_its_batch(estate):
    row = task(estate, line=plan_line(estate))
    complete_batch([row], by=estate.cleaners[0].user)
    row.refresh_from_db()
    accept_evidence(row, by=estate.lead)
    assert [entry.verb for entry in day.history_of(row)] == ["work.evidence_accepted", "work.tasks_done"]
