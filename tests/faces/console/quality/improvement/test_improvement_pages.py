"""Pages of improvement projects, lessons and the meeting pack (spec 05: PDCA, meeting pack)."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.corrections import estate
from factories.inspected import inspected
from factories.org import UserFactory
from factories.quality import finding
from factories.standards import ClauseFactory, GradeFactory, StandardFactory, VersionFactory
from factories.tasks import photo

from wuyou.domains.quality.actions.improvement import (
    add_measure,
    check,
    finish_measure,
    plan_improvement,
    propose_change,
    start,
    write_lesson,
)
from wuyou.domains.quality.models import Improvement, Lesson
from wuyou.domains.quality.rules.improvement import PlanSpec
from wuyou.faces.console.quality.improvement_looks import change_words, figure, sentence, shown
from wuyou.kernel import clock, evidence
from wuyou.kernel.actors import System

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
TODAY = dt.date(2026, 11, 20)
GIVEN = {
    "name": "楼道积灰", "problem": "反复出现", "metric": "quality.recurrence", "target": "10",
    "before_from": "2026-08-01", "before_to": "2026-09-30", "ends_on": "2027-01-31",
}  # fmt: skip
SPEC = PlanSpec(
    **GIVEN
    | {name: dt.date.fromisoformat(GIVEN[name]) for name in ("before_from", "before_to", "ends_on")}
    | {"target": Decimal(10)}
)
AFTER = {"after_from": "2026-10-01", "after_to": "2026-11-20"}


def address(name, *args, query=""):
    return reverse(f"console:quality:{name}", args=args) + query


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def at():
    """The estate and its people."""
    return estate()


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
def one(at) -> Improvement:
    """A planned project of the region."""
    return plan_improvement(node=at.region, spec=SPEC, by=at.user("region"))


def found(at, *, repeats, fresh, day) -> None:
    first = finding(project=at.project, found_at=clock.midnight(dt.date(2026, 1, 5)))
    for number in range(repeats + fresh):
        at_ = clock.midnight(day) + dt.timedelta(hours=9)
        finding(project=at.project, found_at=at_, repeat_of=first if number < repeats else None)


@pytest.fixture
def worked(at, one) -> Improvement:
    """A project that has begun and whose measure is done; it helped."""
    head = at.user("region")
    found(at, repeats=40, fresh=60, day=dt.date(2026, 9, 1))
    found(at, repeats=5, fresh=95, day=dt.date(2026, 10, 20))
    measure = add_measure(one, text="每周湿拖", due_on=TODAY, by=head)
    start(one, by=head)
    finish_measure(measure, note="已做", by=head)
    return one


class TestPlanning:
    def test_from_a_finding_knows_what_it_is_about(self, at, web):
        about = finding(project=at.project, text="楼道积灰")
        client = web("region")
        url = address("improvement_new", query=f"?finding={about.pk}")
        assert "楼道积灰" in text_of(client.get(url))
        answer = client.post(url, GIVEN | {"node": at.region.pk})
        row = Improvement.objects.get()
        assert answer["Location"] == address("improvement", row.pk)
        assert (row.name, row.owner, list(row.findings.all())) == ("楼道积灰", at.user("region"), [about])

    def test_says_at_the_field_what_is_wrong(self, at, web):
        given = GIVEN | {"node": at.region.pk, "before_to": "2026-07-01"}
        answer = web("region").post(address("improvement_new"), given)
        assert (answer.status_code, Improvement.objects.count()) == (422, 0)
        assert "A period cannot end before it starts." in text_of(answer)

    def test_is_not_offered_where_one_runs_nothing(self, at, web):
        answer = web("project_manager").post(address("improvement_new"), GIVEN | {"node": at.region.pk})
        assert (answer.status_code, Improvement.objects.count()) == (422, 0)
        for who in ("department_lead", "client", "stranger"):
            assert web(who).get(address("improvement_new")).status_code == 403

    def test_is_changed_before_the_work_begins(self, at, web, one):
        about = finding(project=at.project)
        client = web("region")
        assert about.number in text_of(client.get(address("improvement_change", one.pk)))
        given = GIVEN | {"name": "楼道", "owner": at.user("project_manager").pk, "findings": [about.pk]}
        client.post(address("improvement_change", one.pk), given)
        one.refresh_from_db()
        assert (one.name, one.owner, list(one.findings.all())) == ("楼道", at.user("project_manager"), [about])


class TestWorking:
    def test_goes_from_plan_to_lesson(self, at, web, one):
        client = web("region")
        found(at, repeats=40, fresh=60, day=dt.date(2026, 9, 1))
        found(at, repeats=5, fresh=95, day=dt.date(2026, 10, 20))
        page = address("improvement", one.pk)
        client.post(
            address("improvement_measure", one.pk), {"text": "湿拖", "due_on": "2026-11-20", "owner": at.cleaner.pk}
        )
        client.post(address("improvement_step", one.pk, "start"))
        measure = one.measures.get()
        assert address("measure_done", measure.pk) in text_of(client.get(page))
        assert client.get(address("measure_done", measure.pk)).status_code == 200
        client.post(address("measure_done", measure.pk), {"note": "已做"})
        assert client.get(address("improvement_check", one.pk)).status_code == 200
        client.post(address("improvement_check", one.pk), AFTER)
        shown_ = text_of(client.get(page))
        assert "Findings that came back got better: from 40% to 5%." in shown_
        assert "The target of 10% is reached." in shown_
        assert "−35 pp" in shown_
        client.post(address("improvement_step", one.pk, "standardise"))
        given = {"title": "湿拖", "text": "有效", "keywords": "楼道"}
        assert client.get(address("improvement_lesson", one.pk)).status_code == 200
        client.post(address("improvement_lesson", one.pk), given)
        client.post(address("improvement_step", one.pk, "close"))
        one.refresh_from_db()
        assert (one.state, one.lessons.get().title) == ("closed", "湿拖")

    def test_a_worker_finishes_their_own_measure_and_nothing_else(self, at, web, one):
        measure = add_measure(one, text="湿拖", owner=at.cleaner, due_on=TODAY, by=at.user("region"))
        client = web("field_staff")
        page = text_of(client.get(address("improvement", one.pk)))
        assert address("measure_done", measure.pk) in page
        assert address("improvement_step", one.pk, "start") not in page
        for name in ("improvement_change", "improvement_measure", "improvement_check", "improvement_propose"):
            assert client.get(address(name, one.pk)).status_code == 403
        assert client.post(address("improvement_step", one.pk, "drop"), {"reason": "x"}).status_code == 403
        client.post(address("measure_done", measure.pk), {"note": "已做"})
        measure.refresh_from_db()
        assert measure.done_on == TODAY

    def test_a_step_out_of_turn_says_why(self, web, one):
        client = web("region")
        answer = client.post(address("improvement_step", one.pk, "start"), follow=True)
        assert "Say first by which measures" in text_of(answer)
        assert client.post(address("improvement_step", one.pk, "dance")).status_code == 409

    def test_is_dropped_with_a_reason(self, web, one):
        web("region").post(address("improvement_step", one.pk, "drop"), {"reason": "项目退出"})
        one.refresh_from_db()
        assert (one.state, one.dropped_because) == ("dropped", "项目退出")

    def test_takes_few_queries(self, web, worked):
        client = web("region")
        client.get(address("improvement", worked.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("improvement", worked.pk))
        assert len(queries) <= 16


class TestProposals:
    @pytest.fixture
    def proposal(self, at, one):
        """A change of the company's own standard."""
        version = VersionFactory(standard=StandardFactory(node=at.group, kind="company"), issued=True)
        GradeFactory(version=version)
        clause = ClauseFactory(version=version, code="C1", requirement_zh="每日清扫")
        return propose_change(one, clause=clause, text="每日清扫并湿拖", by=at.user("region"))

    def test_are_made_and_decided_by_who_writes_the_standard(self, at, web, one, proposal):
        other = ClauseFactory(version=proposal.clause.version, code="C2")
        web("region").post(address("improvement_propose", one.pk), {"clause": other.pk, "text": "更严"})
        assert one.proposals.count() == 2
        assert "Proposals to decide" not in text_of(web("region").get(address("improvements")))
        client = web("group_quality")
        assert "每日清扫并湿拖" in text_of(client.get(address("improvements")))
        assert "每日清扫并湿拖" in text_of(client.get(address("proposal_decide", proposal.pk)))
        client.post(address("proposal_decide", proposal.pk), {"verdict": "accept", "note": ""})
        proposal.refresh_from_db()
        assert (proposal.state, proposal.version.state) == ("accepted", "draft")
        page = text_of(web("region").get(address("improvement", one.pk)))
        assert reverse("console:standards:version", args=[proposal.version_id]) in page

    def test_are_declined_with_a_reason(self, web, proposal):
        client = web("group_quality")
        answer = client.post(address("proposal_decide", proposal.pk), {"verdict": "decline", "note": ""})
        assert answer.status_code == 422
        client.post(address("proposal_decide", proposal.pk), {"verdict": "decline", "note": "太贵"})
        proposal.refresh_from_db()
        assert (proposal.state, proposal.note) == ("declined", "太贵")

    def test_are_closed_to_others(self, web, proposal):
        assert web("region").get(address("proposal_decide", proposal.pk)).status_code == 403
        assert web("project_manager").get(address("proposal_decide", proposal.pk)).status_code == 404


class TestTheList:
    def test_narrows_and_shows_effect_and_measures(self, at, web, worked):
        check(worked, after_from=dt.date(2026, 10, 1), after_to=TODAY, by=at.user("region"))
        client = web("region")
        page = text_of(client.get(address("improvements")))
        assert "Better" in page
        assert "1/1" in page
        assert worked.name in text_of(client.get(address("improvements", query="?state=check")))
        assert worked.name not in text_of(client.get(address("improvements", query="?state=plan")))
        assert worked.name in text_of(client.get(address("improvements", query=f"?q={worked.number}")))
        assert worked.name not in text_of(client.get(address("improvements", query="?q=nothing")))

    def test_asks_as_often_for_many_as_for_one(self, at, web, one):
        client = web("region")

        def count():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address("improvements")).status_code == 200
            return len(queries)

        count()
        before = count()
        for _ in range(5):
            plan_improvement(node=at.region, spec=SPEC, by=at.user("region"))
        assert count() == before <= 12

    def test_of_who_runs_nothing_is_empty(self, web, one):
        for who in ("department_lead", "client", "stranger"):
            assert one.name not in text_of(web(who).get(address("improvements")))
            assert web(who).get(address("improvement", one.pk)).status_code == 404


class TestLessons:
    def test_are_found_by_every_word(self, at, web):
        lesson = write_lesson(node=at.region, title="湿拖", text="每周两次有效", keywords="楼道", by=at.user("region"))
        client = web("department_lead")
        assert lesson.title in text_of(client.get(address("lessons", query="?q=楼道 有效")))
        assert address("lesson", lesson.pk) not in text_of(client.get(address("lessons", query="?q=楼道 无效")))
        page = text_of(client.get(address("lesson", lesson.pk)))
        assert "每周两次有效" in page
        assert address("lesson_change", lesson.pk) not in page

    def test_are_written_and_changed(self, at, web):
        client = web("region")
        assert client.get(address("lesson_new")).status_code == 200
        client.post(address("lesson_new"), {"title": "湿拖", "text": "有效", "keywords": "", "node": at.region.pk})
        lesson = Lesson.objects.get()
        assert client.get(address("lesson_change", lesson.pk)).status_code == 200
        client.post(address("lesson_change", lesson.pk), {"title": "湿拖两次", "text": "有效", "keywords": ""})
        lesson.refresh_from_db()
        assert lesson.title == "湿拖两次"

    def test_are_closed_to_others(self, at, web):
        lesson = write_lesson(node=at.region, title="x", text="x", by=at.user("region"))
        assert web("client").get(address("lesson", lesson.pk)).status_code == 404
        assert web("department_lead").get(address("lesson_new")).status_code == 403
        assert web("department_lead").get(address("lesson_change", lesson.pk)).status_code == 403


class TestTheMeeting:
    @pytest.fixture
    def month(self, at):
        """A month with an inspection, a grave finding with a photo, one that is overdue."""
        made = inspected(dt.date(2026, 11, 3), "ppf", project=at.project, number="JC-X-1")
        grave = finding(project=at.project, inspection=made, severity="critical", text="通道堵塞")
        evidence.receive(
            photo(), by=System("x"), project_id=at.project.pk, subject=("finding", grave.pk, "x"), watermark="x"
        )
        finding(project=at.project, severity="major", text="灯坏", deadline=clock.now() - dt.timedelta(days=1))
        return "?month=2026-11"

    def test_shows_the_month_part_by_part(self, web, month):
        page = text_of(web("region").get(address("meeting", query=month)))
        for words in ("JC-X-1", "通道堵塞", "灯坏", "1 grave finding is overdue", "Inspections by level"):
            assert words in page

    def test_looks_back_on_the_month_before_and_at_the_highest_node(self, at, web, month):
        answer = web("region").get(address("meeting"))
        assert (str(answer.context["pack"].month), answer.context["pack"].node) == ("2026-10", at.region)
        assert answer.context["after"] == address("meeting", query=f"?node={at.region.pk}&month=2026-11")
        node = web("region").get(address("meeting", query=f"?node={at.project.node.pk}&month=2026-11"))
        assert (node.context["pack"].node, node.context["after"]) == (at.project.node, "")

    def test_is_a_word_file_people_can_write_on(self, web, month):
        answer = web("region", "zh-hans").get(address("meeting_paper", "word", query=month))
        assert answer["Content-Disposition"].endswith(".docx")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
            written = file.read("word/document.xml").decode()
            pictures = [name for name in file.namelist() if name.startswith("word/media/")]
        assert "通道堵塞" in written
        assert "JC-X-1" in written
        assert len(pictures) == 1

    def test_is_a_pdf(self, web, month):
        answer = web("region").get(address("meeting_paper", "pdf", query=month))
        assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")

    @pytest.mark.parametrize(
        ("query", "status"),
        [("?month=2026-13", 422), ("?month=2026-12", 422), ("?node=0", 404), ("?node=x", 404)],
    )
    def test_of_no_month_or_node_is_refused(self, web, query, status):
        assert web("region").get(address("meeting", query=query)).status_code == status

    def test_of_another_node_is_not_found(self, at, web):
        assert web("project_manager").get(address("meeting", query=f"?node={at.region.pk}")).status_code == 404
        assert web("region").get(address("meeting_paper", "odt")).status_code == 404

    def test_is_closed_to_who_runs_no_projects(self, web):
        for who in ("department_lead", "client", "owners_committee", "stranger"):
            assert web(who).get(address("meeting")).status_code == 403
            assert web(who).get(address("meeting_paper", "pdf")).status_code == 403


class TestWords:
    @pytest.mark.parametrize(
        ("value", "unit", "expected"),
        [("40.0000", "%", "40%"), ("5.4054", "%", "5.41%"), ("85.2500", "points", "85.25 points"), (None, "%", "–")],
    )
    def test_figures_carry_their_unit(self, value, unit, expected):
        assert figure(value, unit) == expected

    @pytest.mark.parametrize(
        ("value", "unit", "expected"),
        [("-35.0000", "%", "−35 pp"), ("2.5", "d", "+2.5 days"), ("0.0000", "%", "0 pp"), (None, "%", "–")],
    )
    def test_changes_carry_their_sign(self, value, unit, expected):
        assert change_words(value, unit) == expected

    def test_a_target_is_shown_without_noughts(self):
        assert (shown("100.0000", "%"), shown("2.5000", "count"), shown("", "%")) == ("100%", "2.5", "–")

    @pytest.mark.parametrize(
        ("result", "expected"),
        [
            ({"verdict": "unclear", "is_too_few": True}, "too few cases to compare (3 before, 4 after)"),
            ({"verdict": "unclear", "is_too_few": False}, "that may be chance"),
            ({"verdict": "worse", "is_too_few": False}, "got worse: from 10% to 20%"),
        ],
    )
    def test_say_what_the_check_found(self, result, expected):
        numbers = {
            "before": "10.0000", "after": "20.0000", "low": "1", "high": "2", "before_number": 3, "after_number": 4,
            "confidence": "0.95", "target": "5.0000", "is_met": False,
        }  # fmt: skip
        row = Improvement(metric="quality.recurrence", result=numbers | result)
        assert expected in sentence(row)
        assert sentence(Improvement(metric="quality.recurrence")) == ""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(at, web, worked, language):
    lesson = write_lesson(node=at.region, improvement=worked, title="x", text="x", by=at.user("region"))
    client = web("region", language)
    pages = [
        ("improvements",), ("improvement_new",), ("improvement", worked.pk), ("improvement_measure", worked.pk),
        ("improvement_check", worked.pk), ("improvement_propose", worked.pk), ("lessons",), ("lesson", lesson.pk),
        ("meeting",),
    ]  # fmt: skip
    assert [client.get(address(*page)).status_code for page in pages] == [200] * len(pages)


def test_measures_to_do_stand_on_the_start_page(at, web, one):
    measure = add_measure(one, text="湿拖楼道", owner=at.cleaner, due_on=TODAY, by=at.user("region"))
    waiting = reverse("console:work:waiting")
    assert "湿拖楼道" in text_of(web("field_staff").get(waiting))
    finish_measure(measure, note="已做", by=at.user("region"))
    assert "湿拖楼道" not in text_of(web("field_staff").get(waiting))
