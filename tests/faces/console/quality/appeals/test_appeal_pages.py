"""Pages of appeals: filed from what is challenged, decided by who may, with what followed beside it (spec 05)."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.appraised import APRIL_2, campus_site, disclosed
from factories.corrections import estate, role_at
from factories.inspections import done, sheet, target
from factories.org import UserFactory, user_with
from factories.tasks import photo

from wuyou.domains.org.models import Node
from wuyou.domains.quality.actions.appeals import decide_stage, file_appeal
from wuyou.domains.quality.actions.inspections import publish_inspection, start_inspection
from wuyou.domains.quality.models import Appeal, AppealLadder
from wuyou.domains.quality.queries.appeals import proofs_of_appeal
from wuyou.domains.quality.queries.challenged import challenge
from wuyou.domains.quality.queries.subjects import counting_findings
from wuyou.domains.quality.rules.appeals import Decision
from wuyou.faces.console.quality.appeal_looks import appealing
from wuyou.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
FEW = 14


def address(name, *args, query=""):
    return reverse(f"console:quality:{name}", args=args) + query


@pytest.fixture
def at():
    """The estate and its people."""
    return estate()


@pytest.fixture
def inspected(at):
    """A published inspection of the city company: lamp and stairs failed."""
    inspector = at.user("city")
    one = start_inspection(target(at, sheet(), inspector=inspector, made_by=inspector), by=inspector)
    return publish_inspection(done(one, {"lamp": "fail", "stairs": "dust"}), by=at.user("region"))


@pytest.fixture
def lamp(inspected):
    """The finding about the lamp."""
    return next(one for one in counting_findings(inspected) if one.answer.item.code == "lamp")


@pytest.fixture
def web(at):
    """A browser of somebody of the estate, or of a stranger."""

    def browser(who, language="en"):
        user = UserFactory() if who == "stranger" else at.user(who)
        user.language = language
        user.save()
        client = Client()
        client.force_login(user)
        return client

    return browser


@pytest.fixture
def filed(at, lamp):
    """An appeal of the project's manager against the lamp."""
    return filed_against(at, "finding", lamp.pk)


def filed_against(at, kind, pk) -> Appeal:
    manager = at.user("project_manager")
    found = challenge(manager, kind, pk)
    return file_appeal(project=found.project, decision=found.decision, grounds="灯是好的", wanted="撤销", by=manager)


def text_of(response) -> str:
    return response.content.decode()


class TestFiling:
    def test_says_against_what_and_until_when(self, web, lamp):
        answer = web("project_manager").get(address("appeal_new", "finding", lamp.pk))
        assert answer.status_code == 200
        assert lamp.number in text_of(answer)
        assert "27 Nov 23:59" in text_of(answer)

    def test_files_with_photos(self, at, web, lamp):
        given = {"grounds": "灯是好的", "wanted": "撤销", "photos": [photo(), photo()]}
        answer = web("project_manager").post(address("appeal_new", "finding", lamp.pk), given)
        one = Appeal.objects.get()
        assert answer["Location"] == address("appeal", one.pk)
        assert (one.subject_kind, one.subject_id, one.filed_by) == ("finding", lamp.pk, at.user("project_manager"))
        assert len(proofs_of_appeal(one)) == 2

    def test_with_a_file_that_is_no_photo_files_nothing(self, web, lamp):
        upload = SimpleUploadedFile("photo.jpg", b"#!/bin/sh\n")
        given = {"grounds": "x", "wanted": "x", "photos": upload}
        answer = web("project_manager").post(address("appeal_new", "finding", lamp.pk), given)
        assert (answer.status_code, Appeal.objects.count()) == (422, 0)

    def test_says_at_the_field_what_is_lacking(self, web, lamp):
        answer = web("project_manager").post(address("appeal_new", "finding", lamp.pk), {"grounds": "", "wanted": "x"})
        assert answer.status_code == 422
        assert "This field is required" in text_of(answer)

    def test_after_the_limit_says_so(self, web, lamp):
        with clock.at(clock.now() + dt.timedelta(days=9)):
            given = {"grounds": "x", "wanted": "x"}
            answer = web("project_manager").post(address("appeal_new", "finding", lamp.pk), given)
        assert answer.status_code == 422
        assert "until 2026-11-27" in text_of(answer)

    @pytest.mark.parametrize(("who", "status"), [("front_desk", 403), ("city", 403), ("stranger", 404)])
    def test_is_closed_to_who_is_not_the_party(self, web, lamp, who, status):
        assert web(who).get(address("appeal_new", "finding", lamp.pk)).status_code == status

    def test_of_something_that_cannot_be_appealed_against_is_not_found(self, web, lamp):
        assert web("project_manager").get(address("appeal_new", "weather", lamp.pk)).status_code == 404

    def test_is_offered_where_it_is_possible(self, at, lamp, filed):
        manager = at.user("project_manager")
        shown = appealing(manager, "finding", lamp.pk)
        assert (shown.appeals, shown.url) == ([filed], "")
        other = appealing(manager, "inspection", lamp.inspection_id)
        assert other.url == address("appeal_new", "inspection", lamp.inspection_id)
        assert clock.local(other.until).isoformat() == "2026-11-27T23:59:59+08:00"
        assert appealing(at.user("front_desk"), "finding", lamp.pk).appeals == []
        with clock.at(clock.now() + dt.timedelta(days=9)):
            assert appealing(manager, "inspection", lamp.inspection_id).url == ""


class TestTheList:
    def test_shows_what_waits_for_me(self, web, filed):
        page = text_of(web("group_quality").get(address("appeals")))
        assert "Waiting for my decision" in page
        assert filed.number in page
        assert "Waiting for my decision" not in text_of(web("project_manager").get(address("appeals")))

    def test_shows_a_lapsed_step_as_lapsed_before_any_job(self, web, filed):
        with clock.at(clock.now() + dt.timedelta(days=9)):
            page = text_of(web("group_quality").get(address("appeals")))
        assert "No answer in time, goes up" in page
        assert "Waiting for my decision" not in page

    def test_narrows_by_kind_outcome_and_words(self, at, web, inspected, filed):
        filed_against(at, "inspection", inspected.pk)
        decide_stage(filed, outcome="void", reasons="成立", by=at.user("group_quality"))
        client = web("project_manager")

        def numbers(query):
            page = text_of(client.get(address("appeals", query=query)))
            return sorted(set(re.findall(r"SS-\w+-\d+-\d+", page.partition('id="list-body"')[2])))

        assert len(numbers("")) == 2
        assert numbers("?subject_kind=finding") == [filed.number]
        assert numbers("?outcome=amend&outcome=void") == [filed.number]
        assert numbers("?state=filed") == [one for one in numbers("") if one != filed.number]
        assert numbers(f"?q={filed.number}") == [filed.number]

    def test_asks_as_often_for_many_as_for_one(self, at, web, filed):
        client = web("project_manager")

        def count():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address("appeals")).status_code == 200
            return len(queries)

        count()
        before = count()
        for number in range(6):
            decision = Decision("test", number, "x", clock.now())
            file_appeal(project=at.project, decision=decision, grounds="x", wanted="x", by=at.user("project_manager"))
        assert count() == before

    def test_of_a_stranger_is_empty(self, web, filed):
        assert filed.number not in text_of(web("stranger").get(address("appeals")))


class TestTheFile:
    def test_opens_for_both_sides_and_who_decides(self, web, filed):
        for who in ("project_manager", "group_quality", "region", "city"):
            assert web(who).get(address("appeal", filed.pk)).status_code == 200
        for who in ("front_desk", "client", "owners_committee", "field_staff", "stranger"):
            assert web(who).get(address("appeal", filed.pk)).status_code == 404

    def test_shows_who_decides_until_when(self, at, web, filed):
        page = text_of(web("project_manager").get(address("appeal", filed.pk)))
        assert str(at.user("group_quality")) in page
        assert "27 Nov 23:59" in page
        assert address("appeal_withdraw", filed.pk) in page
        assert address("appeal_decide", filed.pk) not in page
        assert address("appeal_decide", filed.pk) in text_of(web("group_quality").get(address("appeal", filed.pk)))

    def test_shows_old_and_new_score_side_by_side(self, at, web, inspected, filed):
        before = inspected.score
        decide_stage(filed, outcome="void", reasons="照片不符", by=at.user("group_quality"))
        inspected.refresh_from_db()
        page = text_of(web("project_manager").get(address("appeal", filed.pk)))
        assert str(before) in page
        assert str(inspected.score) in page
        assert "照片不符" in page

    def test_takes_few_queries(self, web, filed):
        client = web("group_quality")
        client.get(address("appeal", filed.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("appeal", filed.pk))
        assert len(queries) <= FEW

    def test_takes_photos_and_documents_in_and_hands_them_out(self, web, filed):
        client = web("project_manager")
        client.post(address("appeal_photos", filed.pk), {"photos": [photo()]})
        part = client.post(address("appeal_photos", filed.pk), {"photos": [photo()]}, headers={"HX-Request": "true"})
        assert text_of(part).count("proofs/") == 4
        pdf = SimpleUploadedFile("proof.pdf", b"%PDF-1.4\n")
        assert client.get(address("appeal_document", filed.pk)).status_code == 200
        client.post(address("appeal_document", filed.pk), {"file": pdf})
        first, _second, paper = proofs_of_appeal(filed)
        assert address("proof", paper.pk) in text_of(client.get(address("appeal", filed.pk)))
        assert client.get(address("proof", first.pk))["Content-Type"] == "image/jpeg"
        assert client.get(address("proof_small", first.pk))["Content-Type"] == "image/jpeg"
        assert client.get(address("proof", paper.pk))["Content-Type"] == "application/pdf"
        assert client.get(address("proof_small", paper.pk)).status_code == 404
        for name in ("proof", "proof_small"):
            assert web("front_desk").get(address(name, first.pk)).status_code == 404


class TestDeciding:
    def test_of_an_inspection_asks_for_each_finding(self, at, web, inspected):
        one = filed_against(at, "inspection", inspected.pk)
        page = text_of(web("group_quality").get(address("appeal_decide", one.pk)))
        assert all(f"finding_{row.pk}" in page for row in counting_findings(inspected))

    def test_amends_what_was_filled_in(self, at, web, inspected, lamp):
        one = filed_against(at, "inspection", inspected.pk)
        stairs = next(row for row in counting_findings(inspected) if row.pk != lamp.pk)
        given = {
            "outcome": "amend",
            "reasons": "部分成立",
            f"finding_{lamp.pk}": "void",
            f"finding_{stairs.pk}": "major",
        }
        answer = web("group_quality").post(address("appeal_decide", one.pk), given)
        assert answer["Location"] == address("appeal", one.pk)
        for row in (one, lamp, stairs):
            row.refresh_from_db()
        assert (one.outcome, lamp.state, stairs.severity) == ("amend", "void", "major")

    def test_of_a_finding_amends_severity_and_words(self, web, filed, lamp):
        given = {"outcome": "amend", "reasons": "部分成立", "severity": "minor", "text": ""}
        web("group_quality").post(address("appeal_decide", filed.pk), given)
        lamp.refresh_from_db()
        assert (lamp.severity, lamp.state) == ("minor", "open")

    def test_ignores_what_was_filled_in_for_another_outcome(self, web, filed, lamp):
        given = {"outcome": "uphold", "reasons": "清楚", "severity": "minor", "text": "灯暗"}
        web("group_quality").post(address("appeal_decide", filed.pk), given)
        filed.refresh_from_db()
        lamp.refresh_from_db()
        assert (filed.outcome, filed.amended_to, lamp.severity) == ("uphold", None, "major")

    def test_without_saying_to_what_shows_the_form_again(self, web, filed):
        answer = web("group_quality").post(address("appeal_decide", filed.pk), {"outcome": "amend", "reasons": "x"})
        assert answer.status_code == 422
        assert "Say what the decision becomes." in text_of(answer)

    def test_is_refused_to_the_inspector(self, web, filed):
        answer = web("city").post(address("appeal_decide", filed.pk), {"outcome": "void", "reasons": "x"})
        assert answer.status_code == 403
        filed.refresh_from_db()
        assert filed.state == "filed"

    def test_of_a_number_takes_the_number(self, at, web):
        decision = Decision("test", 1, "82.50", clock.now())
        one = file_appeal(project=at.project, decision=decision, grounds="x", wanted="x", by=at.user("project_manager"))
        page = text_of(web("group_quality").get(address("appeal_decide", one.pk)))
        assert 'name="value"' in page


class TestGoingOn:
    def test_further_and_withdraw_are_for_the_appellant(self, at, web, filed):
        decide_stage(filed, outcome="uphold", reasons="清楚", by=at.user("group_quality"))
        client = web("project_manager")
        assert client.get(address("appeal_further", filed.pk)).status_code == 200
        assert web("region").post(address("appeal_further", filed.pk), {"grounds": "x"}).status_code == 403
        client.post(address("appeal_further", filed.pk), {"grounds": "照片时间不对"})
        filed.refresh_from_db()
        assert filed.state == "filed"
        assert web("region").post(address("appeal_withdraw", filed.pk)).status_code == 403
        client.post(address("appeal_withdraw", filed.pk))
        filed.refresh_from_db()
        assert filed.state == "withdrawn"

    def test_a_stuck_appeal_is_shown_to_the_administrator_who_names_somebody(self, at, web, inspected):
        admin = UserFactory(is_admin=True, language="en")
        client = Client()
        client.force_login(admin)
        decided = (at.user("group_quality").pk, at.user("region").pk)
        decision = Decision("test", 1, "82.50", clock.now(), decided_by=decided)
        one = file_appeal(project=at.project, decision=decision, grounds="x", wanted="x", by=at.user("project_manager"))
        assert "Somebody has to be named" in text_of(client.get(address("appeals")))
        assert "An administrator names somebody else." in text_of(client.get(address("appeal", one.pk)))
        outsider = role_at("group_quality", at.group, "外请专家")
        page = text_of(client.get(address("appeal_appoint", one.pk)))
        assert "外请专家" in page
        assert str(at.user("group_quality")) not in page
        client.post(address("appeal_appoint", one.pk), {"user": outsider.pk})
        one.refresh_from_db()
        assert (one.stuck_at, one.stages.last().appointee) == (None, outsider)
        assert web("front_desk").get(address("appeal_appoint", one.pk)).status_code == 404
        assert web("group_quality").get(address("appeal_appoint", one.pk)).status_code == 403


class TestLadders:
    def test_are_shown_and_set_by_who_plans_inspections(self, at, web):
        client = web("region")
        page = text_of(client.get(address("ladders")))
        assert "within 5 working days" in page
        assert address("ladder_set", at.region.pk) in page
        given = {
            "starts_on": "2026-11-20", "days": 3, "department_role": "group_quality", "department_days": 2,
            "general_manager_role": "", "general_manager_days": "", "project_head_role": "",
        }  # fmt: skip
        assert client.get(address("ladder_set", at.region.pk)).status_code == 200
        client.post(address("ladder_set", at.region.pk), given)
        row = AppealLadder.objects.get()
        assert (row.node, row.days, row.steps) == (
            at.region, 3, [{"step": "department", "role": "group_quality", "days": 2}],
        )  # fmt: skip
        assert "within 3 working days" in text_of(client.get(address("ladders")))

    def test_without_days_say_so(self, at, web):
        given = {"starts_on": "2026-11-20", "days": 3, "department_role": "group_quality"}
        answer = web("region").post(address("ladder_set", at.region.pk), given)
        assert (answer.status_code, AppealLadder.objects.count()) == (422, 0)

    def test_are_closed_to_others(self, at, web):
        for who in ("project_manager", "front_desk", "stranger"):
            assert web(who).get(address("ladders")).status_code == 403
            assert web(who).get(address("ladder_set", at.region.pk)).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(at, web, filed, lamp, language):
    client = web("group_quality", language)
    pages = [("appeals",), ("appeal", filed.pk), ("appeal_decide", filed.pk), ("ladders",), ("ladder_set", at.group.pk)]
    assert [client.get(address(*page)).status_code for page in pages] == [200] * len(pages)


def test_a_photo_that_proves_nothing_of_quality_is_not_handed_out(web):
    assert web("group_quality").get(address("proof", 1)).status_code == 404


def test_an_inspection_offers_the_party_to_appeal(web, inspected):
    page = address("inspection", inspected.pk)
    offered = address("appeal_new", "inspection", inspected.pk)
    assert offered in text_of(web("project_manager").get(page))
    assert offered not in text_of(web("group_quality").get(page))


def test_an_appeal_shows_the_month_it_scored_again():
    with clock.at(APRIL_2):
        campus = campus_site()
        period = disclosed(campus.enrolments["campus"], 90, 90, 90)
        before = period.scores.last().points
        judge = role_at("region", Node.objects.get_parent(campus.project.node))
        party = user_with("appraisal.view_scores", "quality.file_appeals", at=campus.project)
        found = challenge(party, "appraisal.score", period.pk)
        one = file_appeal(project=found.project, decision=found.decision, grounds="漏计", wanted="95", by=party)
        client = Client()
        client.force_login(judge)
        assert 'name="value"' in text_of(client.get(address("appeal_decide", one.pk)))
        client.post(address("appeal_decide", one.pk), {"outcome": "amend", "reasons": "成立", "value": "95"})
        client.force_login(party)
        page = text_of(client.get(address("appeal", one.pk)))
    assert reverse("console:appraisal:month", args=[period.pk]) in page
    assert str(before) in page
    assert "95.00" in page


def test_what_waits_for_me_stands_on_the_start_page(at, web, filed):
    waiting = reverse("console:work:waiting")
    assert filed.number in text_of(web("group_quality").get(waiting))
    assert "Appeals to decide" not in text_of(web("project_manager").get(waiting))
