"""The start page: one's own day in parts, groups finished with one photo, the day of a manager's projects."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, user_with
from factories.sheets import ItemFactory, SheetVersionFactory
from factories.tasks import LEAD, MORNING, photo, task

from wuyou.domains.work.actions.problems import Found, open_problem
from wuyou.domains.work.actions.tasks import complete_task
from wuyou.domains.work.models import Answer, Task

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def day_of(browser):
    """Parts of the page: title → number of tasks."""
    return {str(part.title): part.count for part in browser.get("/").context["parts"]}


def test_the_day_comes_in_parts(web, estate):
    task(estate, due=MORNING + HOUR)
    task(estate, activity="mop")
    task(estate, opens=MORNING + 5 * HOUR, activity="wipe")
    task(estate, state="rejected")
    task(estate, place=1)  # somebody else's
    browser = web(estate.cleaners[0].user)
    assert day_of(browser) == {"Sent back": 1, "Late": 1, "Open now": 1, "Later today": 1}
    assert (browser.get("/").context["day"].done, browser.get("/").context["day"].total) == (0, 4)


def test_what_asks_for_a_licence_one_lacks_is_not_ones_day(web, estate):
    task(estate, qualification="电工证", assignee=None)
    task(estate, assignee=None)
    assert day_of(web(estate.cleaners[0].user)) == {"Open now": 1}


def test_what_is_done_leaves_the_page(web, estate):
    row = task(estate)
    browser = web(estate.cleaners[0].user)
    complete_task(row, by=estate.cleaners[0].user)
    assert day_of(browser) == {}
    assert "Everything is done" in browser.get("/").content.decode()


def test_the_page_costs_the_same_for_one_task_and_for_fifty(web, estate, queries_of):
    browser = web(estate.cleaners[0].user)
    counts = []
    for number in (1, 50):
        for extra in range(number):
            task(estate, activity=f"a{number}-{extra}")
        counts.append(queries_of(browser, "/"))
    assert counts[0] == counts[1] <= 12


class TestTogether:
    @pytest.fixture
    def rows(self, estate):
        return [task(estate, place=0, evidence="photo"), task(estate, place=2, evidence="photo", assignee=None)]

    @pytest.fixture
    def me(self, estate, web):
        return web(estate.cleaners[0].user)

    @pytest.fixture
    def address(self, me, rows):
        return me.get("/").context["parts"][0].cards[0].url

    def test_tasks_of_one_activity_zone_and_sheet_are_one_card(self, me, rows):
        (part,) = me.get("/").context["parts"]
        assert [(card.count, card.title) for card in part.cards] == [(2, "Sweep")]

    def test_one_photo_and_one_press_finish_them(self, me, rows, address):
        ids = [row.pk for row in rows]
        answer = me.post(address, {"task": ids, "batch": uuid.uuid4(), "photos": photo()})
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert set(Task.objects.values_list("state", "evidence_count")) == {("done", 1)}

    def test_a_photo_sent_ahead_counts(self, me, rows, address):
        batch = me.get(address).context["form"]["batch"].value()
        upload = f"{address.split('?')[0]}photos/{batch}/?part=now"
        part = me.post(upload, {"photos": photo()}, headers={"HX-Request": "true"})
        assert part.content.decode().count("<img") == 1
        me.post(address, {"task": [rows[0].pk], "batch": batch})
        assert dict(Task.objects.values_list("pk", "state")) == {rows[0].pk: "done", rows[1].pk: "open"}

    def test_without_a_photo_nothing_is_finished(self, me, rows, address):
        answer = me.post(address, {"task": [row.pk for row in rows], "batch": uuid.uuid4(), "note": "扫了"})
        assert (answer.status_code, "A photo is needed." in answer.content.decode()) == (422, True)
        assert set(Task.objects.values_list("state", flat=True)) == {"open"}

    def test_nothing_ticked_is_said(self, me, address):
        answer = me.post(address, {"batch": uuid.uuid4(), "photos": photo()})
        assert (answer.status_code, "Choose at least one task." in answer.content.decode()) == (422, True)

    def test_tasks_of_others_are_not_taken_along(self, me, estate, rows, address):
        theirs = task(estate, place=1, evidence="photo")
        me.post(address, {"task": [rows[0].pk, theirs.pk], "batch": uuid.uuid4(), "photos": photo()})
        assert Task.objects.get(pk=theirs.pk).state == "open"

    def test_a_group_that_is_done_is_gone(self, me, rows, address):
        me.post(address, {"task": [row.pk for row in rows], "batch": uuid.uuid4(), "photos": photo()})
        assert me.get(address).status_code == 404

    def test_a_common_checklist_is_answered_once(self, me, estate):
        version = SheetVersionFactory(issued=True)
        ItemFactory(version=version, code="clean")
        ids = [task(estate, place=place, sheet_version=version, assignee=None).pk for place in (0, 2)]
        address = me.get("/").context["parts"][0].cards[0].url
        assert me.post(address, {"task": ids, "batch": uuid.uuid4()}).status_code == 422
        me.post(address, {"task": ids, "batch": uuid.uuid4(), "answers.clean": "pass"})
        assert Answer.objects.filter(value="pass").count() == 2

    def test_two_cost_as_many_queries_as_twenty(self, me, estate):
        version = SheetVersionFactory(issued=True)
        ItemFactory(version=version, code="clean")
        me.get("/")
        counts = []
        for number in (2, 20):
            ids = [task(estate, sheet_version=version, assignee=None).pk for _extra in range(number)]
            given = {"task": ids, "batch": uuid.uuid4(), "answers.clean": "pass"}
            with CaptureQueriesContext(connection) as queries:
                assert me.post(f"/together/sweep-{estate.zones[0].pk}-{version.pk}/?part=now", given).status_code == 302
            counts.append(len(queries))
        assert counts[1] <= counts[0]  # the first also opens the journal's chain

    def test_readings_are_finished_one_by_one(self, me, estate):
        for _number in range(2):
            task(estate, evidence="reading", activity="meter")
        (part,) = me.get("/").context["parts"]
        assert [card.count for card in part.cards] == [1, 1]


class TestManagers:
    def test_the_figures_of_the_day(self, web, estate):
        cleaner = estate.cleaners[0]
        complete_task(task(estate), by=cleaner.user)
        open_problem(task(estate, assignee=None), found=Found("漏水"), by=cleaner.user)
        task(estate, due=MORNING + HOUR)
        task(estate, state="rejected")
        figures = web(estate.lead).get("/").context["figures"]
        got = {name: getattr(figures, name) for name in ("total", "done", "late", "rejected", "unassigned", "problems")}
        assert got == {"total": 4, "done": 1, "late": 1, "rejected": 1, "unassigned": 1, "problems": 1}

    def test_each_number_leads_to_its_list(self, web, estate):
        task(estate, due=MORNING + HOUR)
        browser = web(estate.lead)
        assert "/tasks/?timing=late" in browser.get("/").content.decode()
        assert len(browser.get("/tasks/?timing=late").context["pages"].items) == 1

    def test_several_projects_stand_in_a_table_the_latest_first(self, web, estate):
        other = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
        both = user_with(*LEAD, at=estate.project)
        AssignmentFactory(user=both, node=other.node, role=RoleFactory(permissions=list(LEAD)))
        task(estate, due=MORNING + HOUR)
        browser = web(both)
        assert [(one.pk, figures.late) for one, figures in browser.get("/").context["rows"]] == [
            (estate.project.pk, 1), (other.pk, 0),
        ]  # fmt: skip
        assert browser.get(f"/?project={other.code}").context["figures"].late == 0
        assert [one.pk for one, _figures in browser.get("/board/?project=all").context["rows"]] == sorted(
            (estate.project.pk, other.pk)
        )

    def test_a_manager_costs_few_queries_too(self, web, estate, queries_of):
        task(estate)
        assert queries_of(web(estate.lead), "/") <= 12

    def test_what_waits_comes_after_the_page(self, web, estate):
        open_problem(task(estate), found=Found("漏水"), by=estate.cleaners[0].user)
        lead = web(estate.lead).get("/waiting/").content.decode()
        assert ("漏水" in lead, "Today's sample" in lead or "Today&#x27;s sample" in lead) == (True, True)
