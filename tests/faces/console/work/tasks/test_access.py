"""Who gets which page of the working day: strangers the log-in, other projects nothing, colleagues only their part."""

import pytest
from factories.registry import StaffFactory
from factories.tasks import photo, task

from wuyou.domains.work.actions.absence import record_absence
from wuyou.domains.work.actions.attaching import attach_evidence
from wuyou.domains.work.actions.problems import Found, open_problem
from wuyou.domains.work.actions.tasks import complete_task
from wuyou.kernel import clock

pytestmark = pytest.mark.django_db

LISTS = ("/board/", "/review/", "/absence/", "/ledgers/", "/ledgers/refuse/")
FORMS = ("/absence/new/", "/ledgers/disinfection/new/", "/ledgers/refuse/new/")


@pytest.fixture
def cases(estate):
    """One of everything, and the addresses of their pages by what is shown."""
    cleaner = estate.cleaners[0]
    row = task(estate, evidence="photo")
    proof = attach_evidence(row, upload=photo(), by=cleaner.user)
    done = complete_task(row, by=cleaner.user)
    problem = open_problem(task(estate), found=Found("灯不亮"), by=cleaner.user)
    away = record_absence(
        StaffFactory(team=estate.team), kind="sick", starts_on=clock.today(), ends_on=clock.today(), by=estate.lead
    ).absence
    return {
        "task": f"/tasks/{done.pk}/",
        "skip": f"/tasks/{task(estate).pk}/skip/",
        "hand over": f"/tasks/{task(estate).pk}/hand-over/",
        "problem": f"/problems/{problem.pk}/",
        "absence": f"/absence/{away.pk}/",
        "photo": f"/evidence/{proof.pk}/",
        "thumb": f"/evidence/{proof.pk}/thumb/",
        "original": f"/evidence/{proof.pk}/original/",
        "report": f"/problems/new/place/{estate.places[0].pk}/",
    }


@pytest.mark.parametrize("address", ["/", "/tasks/", "/problems/", *LISTS, *FORMS])
def test_strangers_are_asked_to_log_in(client, db, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("address", ["/", "/tasks/?when=all", "/problems/", *LISTS, *FORMS])
def test_the_lead_sees_every_list_in_both_languages(web, estate, address, language):
    assert web(estate.lead, language).get(address).status_code == 200


def test_the_lead_sees_every_case(web, estate, cases):
    browser = web(estate.lead)
    assert {name: browser.get(address).status_code for name, address in cases.items()} == dict.fromkeys(cases, 200)


def test_another_project_sees_nothing_of_it(web, stranger, cases):
    browser = web(stranger)
    assert {name: browser.get(address).status_code for name, address in cases.items()} == dict.fromkeys(cases, 404)


def test_a_colleague_without_rights_is_refused(web, onlooker, cases):
    browser = web(onlooker)
    assert {name: browser.get(cases[name]).status_code for name in ("task", "problem", "absence", "thumb")} == {
        "task": 404, "problem": 404, "absence": 404, "thumb": 404,
    }  # fmt: skip
    assert {address: browser.get(address).status_code for address in (*LISTS, *FORMS)} == dict.fromkeys(
        (*LISTS, *FORMS), 403
    )


def test_a_colleague_without_rights_has_an_empty_start_page(web, onlooker):
    assert "Nothing to do here yet" in web(onlooker).get("/").content.decode()


def test_a_cleaner_sees_their_own_work_and_not_that_of_another_zone(web, estate):
    browser = web(estate.cleaners[0].user)
    mine, theirs = task(estate, place=0), task(estate, place=1)
    assert browser.get(f"/tasks/{mine.pk}/").status_code == 200
    assert browser.get(f"/tasks/{theirs.pk}/").status_code == 404
    assert browser.get("/board/").status_code == 403


@pytest.mark.parametrize("step", ["accept", "reject"])
def test_a_cleaner_may_not_judge_evidence(web, estate, step):
    row = complete_task(task(estate), by=estate.cleaners[0].user)
    assert web(estate.cleaners[0].user).post(f"/tasks/{row.pk}/step/{step}/", {"text": "x"}).status_code == 403


@pytest.mark.parametrize("rest", ["step/claim/", "comment/"])
def test_steps_take_posts_only(web, estate, rest):
    assert web(estate.lead).get(f"/tasks/{task(estate).pk}/{rest}").status_code == 405


def test_an_unknown_step_is_a_conflict_not_a_crash(web, estate):
    assert web(estate.lead).post(f"/tasks/{task(estate).pk}/step/fly/").status_code == 409
