"""One task's page: what it asks for, finishing it in three taps, what is missing said where it is missing."""

import datetime as dt
import uuid

import pytest
from django.core.files.base import ContentFile
from factories.sheets import ItemFactory, SheetVersionFactory
from factories.tasks import photo, task

from wuyou.domains.registry.models import Tag
from wuyou.domains.work.actions.handing import withdraw_tasks
from wuyou.domains.work.actions.tasks import claim_task, complete_task
from wuyou.domains.work.models import Answer, Problem, Task
from wuyou.kernel import clock, evidence
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(estate, web):
    """The browser of the cleaner of zone A."""
    return web(estate.cleaners[0].user)


def again(row):
    return Task.objects.get(pk=row.pk)


def test_a_photo_and_done_are_one_press(me, estate):
    row = task(estate, evidence="photo")
    answer = me.post(f"/tasks/{row.pk}/", {"photos": photo()})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert (again(row).state, again(row).evidence_count) == ("done", 1)


def test_a_missing_photo_is_said_and_the_note_kept(me, estate):
    row = task(estate, evidence="photo")
    answer = me.post(f"/tasks/{row.pk}/", {"note": "扫过了"})
    text = answer.content.decode()
    assert (answer.status_code, "A photo is needed." in text, "扫过了" in text) == (422, True, True)
    assert again(row).state == "open"


def test_photos_sent_ahead_count(me, estate):
    row = task(estate, evidence="photo")
    part = me.post(f"/tasks/{row.pk}/photos/", {"photos": [photo(), photo()]}, headers={"HX-Request": "true"})
    assert part.content.decode().count("<img") == 2
    me.post(f"/tasks/{row.pk}/", {})
    assert (again(row).state, again(row).evidence_count) == ("done", 2)


def test_a_text_file_is_no_photo(me, estate):
    row = task(estate, evidence="photo")
    answer = me.post(f"/tasks/{row.pk}/", {"photos": ContentFile(b"not a picture at all", name="a.jpg")})
    assert (answer.status_code, again(row).state) == (415, "open")


def test_two_presses_with_one_form_finish_once(me, estate):
    row, key = task(estate), uuid.uuid4()
    first, second = (me.post(f"/tasks/{row.pk}/", {"client_id": key}) for _press in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Entry.objects.filter(verb="work.task_done").count() == 1


def test_the_second_of_two_people_is_told(web, estate):
    row = task(estate, assignee=None)
    complete_task(Task.objects.get(pk=row.pk), by=estate.cleaners[0].user)
    answer = web(estate.lead).post(f"/tasks/{row.pk}/", {"client_id": uuid.uuid4()})
    assert (answer.status_code, again(row).done_by) == (409, estate.cleaners[0].user)


def test_a_problem_found_is_reported_with_the_task(me, estate):
    row = task(estate)
    me.post(f"/tasks/{row.pk}/", {"text": "扶手松动", "severity": "major"})
    assert again(row).result == "problem"
    assert Problem.objects.values_list("text", "severity", "task_id").get() == ("扶手松动", "major", row.pk)


class TestChecklist:
    @pytest.fixture
    def row(self, estate):
        version = SheetVersionFactory(issued=True)
        ItemFactory(version=version, code="clean", text_zh="干净")
        ItemFactory(version=version, code="level", text_zh="压力", answer_type="number", low=1, high=5, unit="MPa")
        options = [{"code": "a", "zh": "甲", "en": "A"}]
        ItemFactory(version=version, code="kind", answer_type="choice", options=options, is_required=False)
        return task(estate, sheet_version=version)

    def test_items_are_asked_with_what_is_usual(self, me, row):
        text = me.get(f"/tasks/{row.pk}/").content.decode()
        assert ("干净" in text, "usually 1 to 5" in text, "MPa" in text) == (True, True, True)

    def test_answers_are_kept(self, me, row):
        me.post(f"/tasks/{row.pk}/", {"answers.clean": "pass", "answers.level": "2.5"})
        assert dict(Answer.objects.values_list("item__code", "value")) == {"clean": "pass", "level": "2.5"}
        assert "2.5 MPa" in me.get(f"/tasks/{row.pk}/").content.decode()

    def test_a_missing_answer_is_said_at_its_item(self, me, row):
        answer = me.post(f"/tasks/{row.pk}/", {"answers.level": "zwei"})
        text = answer.content.decode()
        assert answer.status_code == 422
        assert ("An answer is needed." in text, "This is not a number." in text, "zwei" in text) == (True, True, True)

    def test_an_implausible_reading_is_taken_and_marked(self, me, row):
        me.post(f"/tasks/{row.pk}/", {"answers.clean": "fail", "answers.level": "9"})
        assert "implausible" in me.get(f"/tasks/{row.pk}/").content.decode()


class TestScanning:
    @pytest.fixture
    def sticker(self, estate):
        def stick(place, code):
            return Tag.objects.create(
                project=estate.project, code=code, subject_kind="place", subject_id=place.pk, issued_at=clock.now()
            )

        return stick

    def test_the_right_sticker_proves_it(self, me, estate, sticker):
        row = task(estate, evidence="scan")
        me.post(f"/tasks/{row.pk}/", {"code": sticker(row.place, CODES[0]).code})
        assert (again(row).state, again(row).scanned_at) == ("done", clock.now())

    def test_the_sticker_of_another_place_does_not(self, me, estate, sticker):
        row = task(estate, evidence="scan")
        answer = me.post(f"/tasks/{row.pk}/", {"code": sticker(estate.places[1], CODES[1]).code})
        assert (answer.status_code, "This sticker belongs to another place." in answer.content.decode()) == (422, True)

    def test_a_reason_takes_the_place_of_a_scan(self, me, estate):
        row = task(estate, evidence="scan")
        me.post(f"/tasks/{row.pk}/", {"pick_reason": "二维码破损"})
        assert (again(row).state, again(row).note) == ("done", "二维码破损")

    def test_neither_is_not_enough(self, me, estate):
        assert me.post(f"/tasks/{task(estate, evidence='scan').pk}/", {}).status_code == 422


def _codes():
    from wuyou.domains.registry.rules.tags import new_code

    return [new_code(lambda signs, n=n: signs[n]) for n in (1, 2)]


CODES = _codes()


def test_not_possible_needs_a_reason(me, estate):
    row = task(estate)
    assert me.post(f"/tasks/{row.pk}/skip/", {}).status_code == 422
    assert me.post(f"/tasks/{row.pk}/skip/", {"skip_reason": "other"}).status_code == 422
    assert me.post(f"/tasks/{row.pk}/skip/", {"skip_reason": "weather"}).status_code == 302
    assert (again(row).state, again(row).skip_reason) == ("skipped", "weather")


def test_taking_and_giving_back(me, estate):
    row = task(estate, assignee=None)
    me.post(f"/tasks/{row.pk}/step/claim/")
    assert (again(row).state, again(row).assignee) == ("claimed", estate.cleaners[0])
    me.post(f"/tasks/{row.pk}/step/release/")
    assert again(row).state == "open"


def test_a_task_taken_by_a_colleague_cannot_be_taken_again(web, estate):
    row = task(estate, assignee=None)
    claim_task(Task.objects.get(pk=row.pk), by=estate.cleaners[0].user)
    assert web(estate.lead).post(f"/tasks/{row.pk}/step/claim/").status_code == 409


def test_handing_over(web, estate):
    row, other = task(estate), estate.cleaners[2]
    browser = web(estate.lead)
    assert browser.post(f"/tasks/{row.pk}/hand-over/", {"to": other.pk}).status_code == 422
    browser.post(f"/tasks/{row.pk}/hand-over/", {"to": other.pk, "reason": "换班"})
    assert again(row).assignee == other


@pytest.mark.parametrize("step", ["withdraw", "reject"])
def test_some_steps_want_a_reason(web, estate, step):
    row = task(estate)
    if step == "reject":
        complete_task(row, by=estate.cleaners[0].user)
    browser = web(estate.lead)
    assert browser.post(f"/tasks/{row.pk}/step/{step}/", {"text": " "}).status_code == 422
    browser.post(f"/tasks/{row.pk}/step/{step}/", {"text": "不需要"})
    assert again(row).state == {"withdraw": "withdrawn", "reject": "rejected"}[step]


def test_what_was_rejected_is_done_again_with_a_new_photo(web, me, estate):
    row = task(estate, evidence="photo")
    me.post(f"/tasks/{row.pk}/", {"photos": photo()})
    web(estate.lead).post(f"/tasks/{row.pk}/step/reject/", {"text": "照片模糊"})
    assert "照片模糊" in me.get("/").content.decode()
    assert me.post(f"/tasks/{row.pk}/", {}).status_code == 422
    me.post(f"/tasks/{row.pk}/", {"photos": photo()})
    assert (again(row).state, again(row).rejections) == ("done", 1)


def test_withdrawn_tasks_have_no_form(me, estate):
    row = task(estate)
    withdraw_tasks([row], by=estate.lead, reason="停工")
    assert 'name="client_id"' not in me.get(f"/tasks/{row.pk}/").content.decode()


def test_before_its_window_a_task_has_no_form(me, estate):
    row = task(estate, opens=clock.now() + dt.timedelta(hours=1))
    page = me.get(f"/tasks/{row.pk}/")
    assert (page.context["form"], "This can be done from" in page.content.decode()) == (None, True)
    assert me.post(f"/tasks/{row.pk}/", {}).status_code == 422


def test_remarks_are_read_by_colleagues(web, estate):
    row = task(estate)
    browser = web(estate.lead)
    browser.post(f"/tasks/{row.pk}/comment/", {"text": "明天再看"})
    assert "明天再看" in browser.get(f"/tasks/{row.pk}/").content.decode()
    assert browser.post(f"/tasks/{row.pk}/comment/", {"text": " "}).status_code == 422


def test_the_original_asks_why_and_is_journaled(web, me, estate):
    row = task(estate, evidence="photo")
    me.post(f"/tasks/{row.pk}/", {"photos": photo()})
    proof = evidence.evidence_of("task", [row.pk])[str(row.pk)][0]
    browser = web(estate.lead)
    assert browser.post(f"/evidence/{proof.pk}/original/", {"reason": ""}).status_code == 422
    answer = browser.post(f"/evidence/{proof.pk}/original/", {"reason": "投诉核实"})
    assert (answer.status_code, answer["Content-Disposition"].startswith("attachment")) == (200, True)
    entry = Entry.objects.get(verb="work.original_asked")
    assert (entry.subject_id, entry.details["reason"]) == (str(row.pk), "投诉核实")
    assert me.post(f"/evidence/{proof.pk}/original/", {"reason": "x"}).status_code == 403


def test_a_photo_is_kept_by_the_browser_but_by_nobody_else(me, estate):
    row = task(estate, evidence="photo")
    me.post(f"/tasks/{row.pk}/", {"photos": photo()})
    proof = evidence.evidence_of("task", [row.pk])[str(row.pk)][0]
    answer = me.get(f"/evidence/{proof.pk}/thumb/")
    assert (answer["Content-Type"], answer["Cache-Control"].split(",")[0]) == ("image/jpeg", "private")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_missing_licence_is_said_before_the_work(me, estate):
    row = task(estate, qualification="电工证", assignee=None)
    text = me.get(f"/tasks/{row.pk}/").content.decode()
    assert "This work demands the licence “电工证”" in text
    assert ('name="client_id"' in text, f"/tasks/{row.pk}/step/claim/" in text) == (False, False)
