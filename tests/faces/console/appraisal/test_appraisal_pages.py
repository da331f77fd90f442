"""Pages of appraisal: months with their tree, sources, consequences, money, schemes, letters."""

import datetime as dt
import io
import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from explained import value_of
from faces.console.estates import browser_of
from factories.appraisals import document
from factories.appraised import (
    APRIL_2,
    BY,
    MARCH,
    Site,
    campus_site,
    computed,
    disclosed,
    person_month,
    person_site,
    published,
)
from factories.org import UserFactory, user_with
from PIL import Image

from wuyou.domains.appraisal.actions.consequences import approve_consequence
from wuyou.domains.appraisal.actions.enrolments import open_period
from wuyou.domains.appraisal.actions.sources import enter_event
from wuyou.domains.appraisal.actions.statements import draft_statement, issue_statement
from wuyou.domains.appraisal.actions.targets import KpiSpec, draft_letter, enter_kpi, move_letter
from wuyou.domains.appraisal.models import (
    BondEntry,
    Consequence,
    DeductionEvent,
    Enrolment,
    KpiMonth,
    Panel,
    PayrollEntry,
    Period,
    Scheme,
    SchemeVersion,
    Statement,
    TargetLetter,
    VetoRecord,
)
from wuyou.domains.org.models import Node, Project
from wuyou.kernel import clock
from wuyou.kernel.draws.verification import verify
from wuyou.kernel.evidence.models import Evidence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def april():
    with clock.at(APRIL_2):
        yield


@pytest.fixture
def campus() -> Site:
    return campus_site()


@pytest.fixture
def web(campus) -> Client:
    return browser_of(campus.appraiser, language="en")


def photo() -> SimpleUploadedFile:
    """A picture of noise, so that it is like no other."""
    buffer = io.BytesIO()
    Image.effect_noise((64, 64), 50).convert("RGB").save(buffer, "JPEG")
    return SimpleUploadedFile("proof.jpg", buffer.getvalue(), "image/jpeg")


def address(name, *args, query=""):
    return reverse(f"console:appraisal:{name}", args=args) + query


def shown(web, name, *args, query="") -> str:
    answer = web.get(address(name, *args, query=query))
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def sent(web, name, *args, **data):
    return web.post(address(name, *args), data)


class TestMonth:
    def test_the_tree_leads_to_the_evidence(self, campus, web):
        event = enter_event(
            campus.enrolments["campus"], component="departments", item="repair", day=dt.date(2026, 3, 9),
            text="3号楼漏水未修", quantity=Decimal(2), by=BY,
        )  # fmt: skip
        period = computed(campus.enrolments["campus"], 80, 90, 85, 70, 95)
        page = shown(web, "month", period.pk)
        for words in ("92.80", "mean without the 1 highest and the 1 lowest", "weighted mean (60 : 40)", "Excellent",
                      f'href="#event-{event.pk}"', f'id="event-{event.pk}"', "5 of 30 sheets came back"):  # fmt: skip
            assert words in page
        tree = json.loads(web.get(address("month_tree", period.pk)).content)
        assert value_of(tree) == Decimal("92.8")

    def test_in_chinese(self, campus):
        period = computed(campus.enrolments["campus"], 80, 90, 85, 70, 95)
        page = shown(browser_of(campus.appraiser, language="zh-hans"), "month", period.pk)
        for words in ("甲方各部门评分", "师生评议", "优秀", "去掉"):
            assert words in page

    def test_entering_and_computing(self, campus, web):
        period = computed(campus.enrolments["campus"], 90, 90, 90)
        form = shown(web, "event_new", period.pk)
        assert "departments:repair" in form
        done = sent(web, "event_new", period.pk, line="departments:repair", origin="complaint", quantity="1",
                    day="2026-03-31", text="投诉")  # fmt: skip
        assert done.status_code == 302
        sent(web, "month_step", period.pk, "compute")
        period.refresh_from_db()
        assert str(period.points) == "94.80"
        page = shown(web, "month", period.pk)
        assert "Scores it had" in page
        old = period.scores.order_by("pk")[0]
        assert "An earlier score" in shown(web, "month", period.pk, query=f"?score={old.pk}")

    def test_a_wrong_event_is_said_at_the_field(self, campus, web):
        period = open_period(campus.enrolments["campus"], month=MARCH, by=BY)
        answer = sent(web, "event_new", period.pk, line="departments:repair", quantity="0", day="2026-03-31", text="x")
        assert (answer.status_code, DeductionEvent.objects.count()) == (422, 0)

    def test_vetoes(self, campus, web):
        period = computed(campus.enrolments["campus"], 90, 90, 90)
        assert "safety_accident" in shown(web, "veto_new", period.pk)
        done = sent(web, "veto_new", period.pk, rule="safety_accident", day="2026-03-31", text="火灾", loss="20000.50")
        assert done.status_code == 302
        veto = VetoRecord.objects.get()
        assert veto.facts == {"loss_fen": "2000050.00"}
        sent(web, "month_step", period.pk, "compute")
        page = shown(web, "month", period.pk)
        assert "Fail (veto: Major safety accident" in page
        sent(web, "veto_void", veto.pk, reason="误报")
        veto.refresh_from_db()
        assert veto.void_because == "误报"

    def test_voiding_an_event(self, campus, web):
        event = enter_event(
            campus.enrolments["campus"], component="departments", item="repair", day=MARCH, text="漏水", by=BY
        )
        shown(web, "event_void", event.pk)
        sent(web, "event_void", event.pk, reason="误录")
        event.refresh_from_db()
        assert event.void_because == "误录"

    def test_the_way_to_publication(self, campus, web):
        period = computed(campus.enrolments["campus"], 60, 60, 60)
        sent(web, "month_step", period.pk, "disclose")
        refused = web.post(address("month_step", period.pk, "publish"), follow=True)
        assert "Appeals may still come until" in refused.content.decode()
        period.refresh_from_db()
        with clock.at(period.appeal_until + dt.timedelta(seconds=1)):
            sent(web, "month_step", period.pk, "publish")
        period.refresh_from_db()
        assert period.state == "published"

    def test_panels(self, campus, web):
        period = open_period(campus.enrolments["campus"], month=MARCH, by=BY)
        frame = "\n".join([f"staff,T{n},教师{n}" for n in range(12)] + [f"students,X{n}" for n in range(25)])
        shown(web, "panel_new", period.pk)
        bad = sent(web, "panel_new", period.pk, component="people", due_on="2026-03-31", frame="only one")
        assert bad.status_code == 422
        sent(web, "panel_new", period.pk, component="people", due_on="2026-03-31", frame=frame)
        panel = Panel.objects.get()
        page = shown(web, "panel", panel.pk)
        assert panel.draw.commitment in page
        sent(web, "panel_draw", panel.pk)
        member = panel.members.first()
        shown(web, "panel_sheet", panel.pk, member.pk)
        sent(web, "panel_sheet", panel.pk, member.pk, points="88.5", is_dissatisfied="on")
        member.refresh_from_db()
        assert (member.points, member.is_dissatisfied) == (Decimal("88.5"), True)
        sent(web, "panel_close", panel.pk)
        assert "1 of 30 sheets are in" in shown(web, "panel", panel.pk)
        assert verify(json.loads(web.get(address("panel_record", panel.pk)).content)) == []

    def test_scores_by_hand(self):
        found, _person, _head = person_site()
        period = open_period(found.enrolments["person"], month=MARCH, by=BY)
        web = browser_of(found.appraiser, language="en")
        shown(web, "score_new", period.pk)
        sent(web, "score_new", period.pk, component="attendance", value="95", reason="考勤表", photo=photo())
        sent(web, "month_step", period.pk, "compute")
        period.refresh_from_db()
        assert str(period.points) == "95.00"
        assert "考勤表" in shown(web, "month", period.pk)
        proof = Evidence.objects.get(subject_kind="appraisal_manual")
        for size in ("small", "full"):
            assert web.get(address("proof", proof.pk, size))["Content-Type"] == "image/jpeg"
        stranger = browser_of(user_with("appraisal.view_scores", at=found.project))
        assert stranger.get(address("proof", proof.pk, "full")).status_code == 404

    def test_an_unknown_step(self, campus, web):
        period = open_period(campus.enrolments["campus"], month=MARCH, by=BY)
        assert sent(web, "month_step", period.pk, "explode").status_code == 409


class TestWhoSees:
    def test_the_client_reads_what_is_published_only(self, campus):
        client = browser_of(
            user_with("appraisal.view_scores", "appraisal.view_money", at=campus.project), language="en"
        )
        period = computed(campus.enrolments["campus"], 90, 90, 90)
        assert client.get(address("month", period.pk)).status_code == 404
        sent(browser_of(campus.appraiser), "month_step", period.pk, "disclose")
        assert client.get(address("month", period.pk)).status_code == 404
        Period.objects.update(state="published", published_at=clock.now())
        page = shown(client, "month", period.pk)
        assert "96.00" in page
        for name in ("event_new", "veto_new", "panel_new"):
            assert client.get(address(name, period.pk)).status_code == 403
        assert sent(client, "month_step", period.pk, "close").status_code == 403

    def test_the_party_sees_what_was_made_known(self, campus):
        party = user_with("appraisal.view_scores", "quality.file_appeals", at=campus.project)
        period = disclosed(campus.enrolments["campus"], 90, 90, 90)
        page = shown(browser_of(party, language="en"), "month", period.pk)
        assert reverse("console:quality:appeal_new", args=["appraisal.score", period.pk]) in page

    def test_a_person_sees_only_his_own_and_his_teams(self):
        found, person, head = person_site()
        mine = person_month(found.enrolments["person"], 95)
        other = person_month(found.enrolments["head"], 80)
        person.user = UserFactory()
        person.save()
        web = browser_of(person.user, language="en")
        assert web.get(address("month", mine.pk)).status_code == 200
        assert web.get(address("month", other.pk)).status_code == 404
        page = shown(web, "months")
        assert (person.name in page, head.name in page) == (True, False)

    def test_a_lead_sees_the_team(self):
        found, _person, head = person_site()
        mine = person_month(found.enrolments["person"], 95)
        lead = user_with("appraisal.view_people", at=found.project)
        head.user = lead
        head.save()
        assert browser_of(lead).get(address("month", mine.pk)).status_code == 200
        stranger = user_with("appraisal.view_people", at=found.project)
        assert browser_of(stranger).get(address("month", mine.pk)).status_code == 404

    def test_another_project_sees_nothing(self, campus):
        period = published(campus.enrolments["campus"], 90, 90, 90)
        other = campus_site()
        web = browser_of(user_with("appraisal.view_scores", "appraisal.appraise", at=other.project))
        assert web.get(address("month", period.pk)).status_code == 404
        assert web.get(address("bond", campus.contract.pk)).status_code == 404


class TestLists:
    @pytest.mark.parametrize(
        "name", ["months", "enrolments", "schemes", "consequences", "bonds", "statements", "payroll", "letters"]
    )
    def test_lists_open_in_both_languages(self, campus, name):
        for language in ("en", "zh-hans"):
            shown(browser_of(campus.appraiser, language=language), name)

    def test_as_many_queries_for_fifty_months_as_for_one(self, campus, web):
        enrolment = campus.enrolments["campus"]
        open_period(enrolment, month=MARCH, by=BY)
        one = queries(web, "months")
        version = SchemeVersion.objects.get(scheme__code="campus_monthly")
        for number in range(50):
            row = Enrolment.objects.create(
                project=campus.project, scheme=enrolment.scheme, kind="contractor", label=f"x{number}", starts_on=MARCH
            )
            Period.objects.create(
                project=campus.project, enrolment=row, version=version, month=MARCH, state="computed", days_present=31,
                days_of=31, points=Decimal(90), band="excellent",
            )  # fmt: skip
        assert queries(web, "months") == one
        assert one <= 12

    def test_the_month_page_costs_little(self, campus, web):
        period = published(campus.enrolments["campus"], 90, 90, 90)
        assert queries(web, "month", period.pk) <= 32


def queries(web, name, *args) -> int:
    shown(web, name, *args)  # warm: content types, caches
    with CaptureQueriesContext(connection) as found:
        shown(web, name, *args)
    return len(found)


class TestEnrolling:
    def test_begin_and_end(self, campus, web):
        scheme = Scheme.objects.get(code="group_project")
        assert "group_project" not in shown(web, "enrolments")
        shown(web, "enrol")
        sent(web, "enrol", project=campus.project.pk, scheme=scheme.pk, starts_on="2026-03-01")
        row = Enrolment.objects.get(scheme=scheme)
        sent(web, "enrolment_end", row.pk, on="2026-03-31")
        row.refresh_from_db()
        assert row.ends_on == dt.date(2026, 3, 31)

    def test_a_wrong_subject_is_said_at_the_field(self, campus, web):
        scheme = Scheme.objects.get(code="team_monthly")
        answer = sent(web, "enrol", project=campus.project.pk, scheme=scheme.pk, starts_on="2026-03-01")
        assert answer.status_code == 422


class TestConsequences:
    def test_approving_one(self, campus, web):
        published(campus.enrolments["campus"], 20, 20, 20)
        row = Consequence.objects.get()
        assert "1 % of the performance bond is charged" in shown(web, "consequence", row.pk)
        sent(web, "consequence_approve", row.pk)
        row.refresh_from_db()
        assert row.state == "approved"
        assert "-¥2,000.00" in shown(web, "consequence", row.pk)
        shown(web, "consequence_reverse", row.pk)
        sent(web, "consequence_reverse", row.pk, reason="申诉成立")
        row.refresh_from_db()
        assert (row.state, BondEntry.objects.filter(kind="reversal").count()) == ("reversed", 1)

    def test_declining_one(self, campus, web):
        published(campus.enrolments["campus"], 90, 90, 90)
        row = Consequence.objects.get(rule="bonus")
        shown(web, "consequence_decline", row.pk)
        sent(web, "consequence_decline", row.pk, reason="未约定")
        row.refresh_from_db()
        assert row.state == "declined"

    def test_approving_many(self, campus, web):
        published(campus.enrolments["campus"], 90, 90, 90)
        rows = list(Consequence.objects.values_list("pk", flat=True))
        answer = web.post(address("consequences"), {"action": "approve", "row": rows, "rows": rows, "pk": rows})
        assert answer.status_code in {200, 302}

    def test_who_may_not(self, campus):
        published(campus.enrolments["campus"], 90, 90, 90)
        row = Consequence.objects.first()
        web = browser_of(user_with("appraisal.view_scores", at=campus.project))
        assert sent(web, "consequence_approve", row.pk).status_code == 403
        assert web.get(address("consequence_decline", row.pk)).status_code == 403


class TestMoney:
    def statement(self, campus) -> Statement:
        published(campus.enrolments["campus"], 90, 90, 90)
        for row in Consequence.objects.all():
            approve_consequence(row, by=BY)
        return draft_statement(campus.contract, month=MARCH, by=BY)

    def test_the_ledger(self, campus, web):
        page = shown(web, "bond", campus.contract.pk)
        assert "200,000.00" in page
        shown(web, "bond_move", campus.contract.pk)
        bad = sent(web, "bond_move", campus.contract.pk, kind="refund", amount="200000.01", text="x")
        assert bad.status_code == 422
        sent(web, "bond_move", campus.contract.pk, kind="refund", amount="50000", text="合同到期")
        assert "150,000.00" in shown(web, "bond", campus.contract.pk)

    def test_a_statement_from_draft_to_issue(self, campus, web):
        published(campus.enrolments["campus"], 90, 90, 90)
        for row in Consequence.objects.all():
            approve_consequence(row, by=BY)
        shown(web, "statement_new")
        sent(web, "statement_new", contract=campus.contract.pk, month="2026-03-15")
        statement = Statement.objects.get()
        assert "102,000.00" in shown(web, "statement", statement.pk)
        sent(web, "statement_issue", statement.pk)
        statement.refresh_from_db()
        assert statement.state == "issued"

    def test_papers(self, campus, web, tmp_path):
        statement = self.statement(campus)
        issue_statement(statement, by=BY)
        pdf = web.get(address("statement_paper", statement.pk, "pdf"))
        assert pdf.content.startswith(b"%PDF")
        word = web.get(address("statement_paper", statement.pk, "word"))
        file = tmp_path / "statement.docx"
        file.write_bytes(word.content)
        texts = [cell.text for table in Document(str(file)).tables for row in table.rows for cell in row.cells]
        assert any("102,000.00" in text for text in texts)
        assert any("Excellent: a bonus" in text for text in texts)
        assert web.get(address("statement_paper", statement.pk, "poem")).status_code == 404

    def test_the_client_sees_issued_ones_only(self, campus):
        statement = self.statement(campus)
        client = browser_of(user_with("appraisal.view_money", at=campus.project))
        assert client.get(address("statement", statement.pk)).status_code == 404
        issue_statement(statement, by=BY)
        assert client.get(address("statement", statement.pk)).status_code == 200
        assert sent(client, "statement_issue", statement.pk).status_code == 403
        assert client.get(address("statement_new")).status_code == 403

    def test_payroll(self):
        found, person, head = person_site()
        person_month(found.enrolments["person"], 60)
        approve_consequence(Consequence.objects.get(rule="penalty"), by=BY)
        web = browser_of(found.appraiser, language="en")
        page = shown(web, "payroll")
        assert person.name in page
        assert head.name in page
        csv = web.get(address("payroll", query="?export=csv"))
        assert csv.status_code == 200
        assert PayrollEntry.objects.count() == 2
        assert browser_of(UserFactory()).get(address("payroll")).status_code == 403


class TestSchemes:
    def test_a_scheme_in_words(self, campus, web):
        page = shown(web, "scheme", Scheme.objects.get(code="campus_monthly").pk)
        for words in ("Client&#x27;s departments", "60 %", "mean without the 1 highest and 1 lowest, from 3 values on",
                      "what lies between", "Five failed months in a row", "1 % of: Performance bond"):  # fmt: skip
            assert words in page

    def test_every_shipped_scheme_reads_in_both_languages(self, campus):
        for scheme in Scheme.objects.all():
            for language in ("en", "zh-hans"):
                shown(browser_of(campus.appraiser, language=language), "scheme", scheme.pk)

    def test_writing_reviewing_issuing(self, campus, web):
        data = document("campus_monthly") | {"code": "own_scheme"}
        shown(web, "scheme_new")
        node = Node.objects.get(depth=1, path=campus.project.node.path[:4])
        assert sent(web, "scheme_new", document="{", node=node.pk).status_code == 422
        data["bands"][1]["high"] = "95"
        sent(web, "scheme_new", document=json.dumps(data), node=node.pk)
        version = SchemeVersion.objects.get(scheme__code="own_scheme")
        page = shown(web, "scheme", version.scheme.pk)
        assert "/bands/1/high" in page
        data["bands"][1]["high"] = "90"
        shown(web, "version_change", version.pk)
        sent(web, "version_change", version.pk, document=json.dumps(data), note="改正", revision=0)
        sent(web, "version_step", version.pk, "submit")
        version.refresh_from_db()
        assert (version.state, version.note) == ("review", "改正")
        own = sent(web, "version_step", version.pk, "issue")
        assert own.status_code == 403  # somebody else than the author
        other = user_with("appraisal.issue_schemes", "appraisal.view_scores", at=node)
        sent(browser_of(other), "version_step", version.pk, "issue")
        version.refresh_from_db()
        assert version.state == "issued"
        sent(web, "scheme_version_new", version.scheme.pk)
        assert version.scheme.versions.count() == 2

    def test_simulation(self, campus, web):
        computed(campus.enrolments["campus"], 90, 90, 90)
        version = SchemeVersion.objects.get(scheme__code="campus_monthly")
        page = shown(web, "version_simulate", version.pk)
        assert "2026-03" in page
        assert "96" in page

    def test_the_document_as_a_file(self, campus, web):
        version = SchemeVersion.objects.get(scheme__code="campus_monthly")
        assert json.loads(web.get(address("version_file", version.pk)).content) == document("campus_monthly")

    def test_loading_needs_the_right(self, campus):
        web = browser_of(user_with("appraisal.view_scores", at=campus.project))
        assert sent(web, "schemes_load").status_code == 403


class TestLetters:
    KPIS = (
        "compliance | 任务达成率 | % | 90 | 95 | 98 | 60 | mean | work.task_compliance | 张\n"
        "hr | 流失率 | % | 20 | 10 | | 40 | last"
    )

    def test_from_draft_to_forecast(self, campus, web):
        shown(web, "letter_new")
        for kpis, status in (
            ("a | b | % | x | 95 | | 100", 422),
            ("a | b | % | 90 | 95 | | 99", 422),
            (self.KPIS, 302),
        ):
            answer = sent(web, "letter_new", project=campus.project.pk, year=2026, title="2026 目标责任书",
                          owner=campus.appraiser.pk, kpis=kpis)  # fmt: skip
            assert answer.status_code == status
        letter = TargetLetter.objects.get()
        assert "流失率" in shown(web, "letter_change", letter.pk)
        sent(web, "letter_change", letter.pk, title="2026 责任书", kpis=self.KPIS)
        sent(web, "letter_step", letter.pk, "issue")
        kpi = letter.kpis.get(key="hr")
        shown(web, "letter_enter", letter.pk)
        for month, value in ((1, "18"), (2, "16"), (3, "14")):
            sent(web, "letter_enter", letter.pk, kpi=kpi.pk, month=f"2026-{month:02d}-01", value=value)
        assert KpiMonth.objects.count() == 3
        page = shown(web, "letter", letter.pk)
        assert "Target will be met" in page
        sent(web, "letter_measure", letter.pk)
        sent(web, "letter_step", letter.pk, "close")
        letter.refresh_from_db()
        assert letter.state == "closed"

    def test_who_may_not(self, campus):
        spec = KpiSpec("k", "名", Decimal(1), Decimal(2), Decimal(100))
        letter = draft_letter(campus.project, year=2026, title="T", owner=campus.appraiser, kpis=[spec], by=BY)
        move_letter(letter, step="issue", by=BY)
        enter_kpi(letter.kpis.get(), month=MARCH, value=Decimal(2), by=BY)
        web = browser_of(user_with("appraisal.view_scores", at=campus.project))
        assert web.get(address("letter", letter.pk)).status_code == 200
        assert web.get(address("letter_enter", letter.pk)).status_code == 403
        assert sent(web, "letter_step", letter.pk, "close").status_code == 403
        assert Project.objects.count() >= 1
