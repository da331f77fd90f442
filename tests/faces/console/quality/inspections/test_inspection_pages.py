"""The list, my own, one inspection, its score, its paper, and what is done with it."""

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import inspections as made

from wuyou.domains.quality.actions import findings
from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.models import Finding, Inspection
from wuyou.faces.console.quality.inspection_papers import report
from wuyou.ui.papers import Figures, Pictures, Table


def address(name, *args):
    return reverse(f"console:quality:{name}", args=args)


@pytest.fixture
def done(begun):
    """Submitted with two findings, one with a photo."""
    return made.done(begun, {"lamp": "fail", "stairs": "dust,junk"})


class TestList:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_it_opens(self, web, done, language):
        page = web(language=language).get(address("inspections"))
        assert page.context["pages"].total == 1
        assert done.number in page.content.decode()

    @pytest.mark.parametrize(
        ("query", "total"),
        [("state=submitted", 1), ("state=published", 0), ("mine=true", 1), ("mine=false", 0), ("level=city", 1),
         ("vetoed=true", 0), ("q=巡检", 1), ("q=nothing", 0)],
    )  # fmt: skip
    def test_it_is_searched(self, web, done, query, total):
        assert web().get(f"{address('inspections')}?{query}").context["pages"].total == total

    def test_more_take_no_more_queries(self, web, estate, done):
        counted = []
        for time in range(2):
            client = web()
            client.get(address("inspections"))
            with CaptureQueriesContext(connection) as queries:
                client.get(address("inspections"))
            counted.append(len(queries))
            for number in range(10):
                row = Inspection.objects.get(pk=done.pk)
                row.pk, row.number, row.client_id = None, f"JC-X-{time}{number}", None
                row.save(force_insert=True)
        assert counted[0] == counted[1]

    def test_others_see_an_empty_one(self, web, done):
        assert web("client").get(address("inspections")).context["pages"].total == 0
        assert web(made.stranger()).get(address("inspections")).context["pages"].total == 0

    def test_a_self_check_is_offered_to_who_inspects(self, web):
        for who, offered in (("project_manager", True), ("client", False)):
            assert (address("self_check") in web(who).get(address("inspections")).content.decode()) is offered


class TestMine:
    def test_what_is_owed_and_what_is_under_way(self, web, estate, target):
        page = web().get(address("inspect_mine"))
        assert [one["row"] for one in page.context["targets"]] == [target]
        answer = web().post(address("inspection_start", target.pk))
        inspection = Inspection.objects.get()
        assert answer["Location"] == address("inspect", inspection.pk, 1)
        page = web().get(address("inspect_mine"))
        assert ([one["row"] for one in page.context["under_way"]], page.context["targets"]) == ([inspection], [])

    def test_begun_already(self, web, begun, target):
        answer = web().post(address("inspection_start", target.pk), follow=True)
        assert answer.status_code == 200
        assert Inspection.objects.count() == 1

    def test_not_by_others(self, web, target):
        assert web("region").post(address("inspection_start", target.pk)).status_code == 403
        assert web(made.stranger()).post(address("inspection_start", target.pk)).status_code == 404


class TestSelfCheck:
    def test_begun_with_a_sheet(self, web, estate, target):
        page = web("project_manager").get(address("self_check"))
        assert page.status_code == 200
        given = {"project": estate.project.pk, "sheet_version": target.campaign.sheet_version_id, "level": "project"}
        answer = web("project_manager").post(address("self_check"), given)
        made_ = Inspection.objects.get()
        assert answer["Location"] == address("inspect", made_.pk, 1)
        assert (made_.project, made_.level, made_.campaign) == (estate.project, "project", None)

    def test_places_are_offered_where_one_project_is_looked_at(self, web, estate, target):
        client = web("project_manager")
        client.get(f"{address('inspections')}?project={estate.project.code}")
        form = client.get(address("self_check")).context["form"]
        assert set(estate.stairs) <= set(form.fields["place"].queryset)

    def test_who_may_not(self, web, target):
        assert web("client").get(address("self_check")).status_code == 403


class TestPage:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_everything_about_one(self, web, done, language):
        page = web(language=language).get(address("inspection", done.pk))
        assert page.status_code == 200
        lines = [line for _name, lines in page.context["sections"] for line in lines]
        assert [(line.item.code, line.tone, len(line.photos)) for line in lines] == [
            ("lamp", "bad", 0), ("stairs", "bad", 1), ("exit", "ok", 0), ("lifts", "muted", 0), ("note", "muted", 0),
            ("sign", "muted", 0),
        ]  # fmt: skip
        assert lines[1].answer == ("积灰、堆物" if language == "zh-hans" else "Dust、Junk")
        assert [row.text for row, _url, _tone in page.context["findings"]] == ["楼道灯亮", "楼道清洁 · 积灰、堆物"]
        assert page.context["score_tone"] == "bad"

    @pytest.mark.parametrize(
        ("who", "may"),
        [("city", {"publish", "void"}), ("region", {"publish", "void", "second"}), ("project_manager", set())],
    )
    def test_what_may_be_done_with_it(self, web, done, who, may):
        acts = web(who).get(address("inspection", done.pk)).context["acts"]
        assert {name for name, url in acts.items() if url} == may

    def test_what_may_be_done_under_way(self, web, begun):
        acts = web().get(address("inspection", begun.pk)).context["acts"]
        assert {name for name, url in acts.items() if url} == {"fill", "hand_on", "void"}

    def test_who_does_not_see_it(self, web, done):
        for who in ("client", made.stranger()):
            assert web(who).get(address("inspection", done.pk)).status_code == 404

    def test_few_queries(self, web, done):
        client = web("region")
        client.get(address("inspection", done.pk))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("inspection", done.pk))
        assert len(queries) <= 30


class TestScore:
    @pytest.mark.parametrize(("language", "label"), [("zh-hans", "得分"), ("en", "Score")])
    def test_its_arithmetic(self, web, done, language, label):
        page = web(language=language).get(address("inspection_score", done.pk))
        tree = page.context["tree"]
        assert (tree["label"], tree["value"]) == (label, "50")
        won, possible = tree["inputs"]
        assert (won["value"], possible["value"]) == ("5", "10")
        text = page.content.decode()
        assert f"#answer-{done.answers.get(item__code='lamp').pk}" in text

    def test_an_earlier_one_stays_to_be_seen(self, web, estate, done):
        finding = Finding.objects.get(answer__item__code="lamp")
        findings.void_finding(finding, reason="误判", cause=("finding", finding.pk), by=estate.user("region"))
        page = web().get(address("inspection", done.pk))
        new, old = page.context["scores"]
        assert [one.value for one in (new, old)] == [70, 50]
        assert web().get(address("inspection_score", done.pk)).context["tree"]["value"] == "70"
        answer = web().get(f"{address('inspection_score', done.pk)}?score={old.pk}")
        assert answer.context["tree"]["value"] == "50"
        assert (
            reverse("console:quality:finding", args=[finding.pk])
            in web().get(address("inspection_score", done.pk)).content.decode()
        )

    def test_there_is_none_before_it_is_submitted(self, web, begun):
        assert web().get(address("inspection_score", begun.pk)).status_code == 404
        assert web().get(f"{address('inspection_score', begun.pk)}?score=7").status_code == 404


class TestActs:
    def test_published(self, web, done):
        assert web("client").get(address("inspection", done.pk)).status_code == 404
        assert web().post(address("inspection_publish", done.pk))["Location"] == address("inspection", done.pk)
        done.refresh_from_db()
        assert done.state == "published"
        assert web("client").get(address("inspection", done.pk)).status_code == 200
        assert web("project_manager").post(address("inspection_publish", done.pk)).status_code == 403

    def test_declared_void(self, web, done):
        assert web("region").get(address("inspection_void", done.pk)).status_code == 200
        assert web("region").post(address("inspection_void", done.pk), {"void_because": ""}).status_code == 422
        web("region").post(address("inspection_void", done.pk), {"void_because": "走错小区"})
        done.refresh_from_db()
        assert (done.state, done.void_because) == ("void", "走错小区")
        assert web("region").get(address("inspection", done.pk)).status_code == 200
        assert web("project_manager").get(address("inspection_void", done.pk)).status_code == 403

    def test_handed_on(self, web, estate, begun):
        page = web().get(address("inspection_hand_on", begun.pk))
        assert set(page.context["form"].fields["to"].queryset) == {estate.user("region"), estate.user("group_quality")}
        answer = web().post(address("inspection_hand_on", begun.pk), {"to": estate.user("region").pk, "reason": "离职"})
        assert answer["Location"] == address("inspection", begun.pk)
        begun.refresh_from_db()
        assert begun.inspector == estate.user("region")
        assert web("project_manager").get(address("inspection_hand_on", begun.pk)).status_code == 403

    def test_a_self_check_is_handed_on_to_who_inspects_here(self, web, estate, target):
        manager = estate.user("project_manager")
        own = actions.start_inspection(estate.project, sheet_version=target.campaign.sheet_version, by=manager)
        people = web("project_manager").get(address("inspection_hand_on", own.pk)).context["form"].fields["to"].queryset
        assert estate.user("department_lead") in people
        assert manager not in people

    def test_a_second_one(self, web, estate, done):
        answer = web("region").post(address("inspection_second", done.pk))
        second = Inspection.objects.get(second_of=done)
        assert answer["Location"] == address("inspect", second.pk, 1)
        assert web("region").get(address("inspection", done.pk)).status_code == 404  # blind until both are done
        made.done(second, {"stairs": "dust"})
        for who, one in (("region", second), ("city", done)):
            found = web(who).get(address("inspection", one.pk)).context["agreement"]
            assert (found["same"], found["all"]) == (2, 3)
            assert [(ask, str(first), str(other)) for ask, first, other in found["differ"]] == [
                ("楼道灯亮", "Fail", "Pass")
            ]
            assert found["kappa"].startswith("κ = ")
        again = web("group_quality").post(address("inspection_second", done.pk), follow=True)
        assert again.status_code == 200
        assert Inspection.objects.filter(second_of=done).count() == 1

    def test_complete_agreement_on_one_verdict_says_why_there_is_no_kappa(self, web, estate, begun):
        second = actions.start_inspection(begun.target, second_of=begun, by=estate.user("region"))
        for one in (begun, second):
            made.done(one)
        found = web("region").get(address("inspection", second.pk)).context["agreement"]
        assert (found["same"], found["all"], found["differ"]) == (3, 3, [])
        assert found["kappa"]


class TestPapers:
    def test_as_pdf_and_for_word(self, web, done):
        answer = web().get(address("inspection_paper", done.pk, "pdf"))
        assert answer.content.startswith(b"%PDF")
        assert f"{done.number}.pdf" in answer["Content-Disposition"]
        word = web(language="zh-hans").get(address("inspection_paper", done.pk, "word"))
        with zipfile.ZipFile(io.BytesIO(word.content)) as book:
            text = book.read("word/document.xml").decode()
            assert [name for name in book.namelist() if name.startswith("word/media/")]
        for words in (done.number, "楼道清洁 · 积灰、堆物", "检查报告", "通道畅通"):
            assert words in text
        assert web().get(address("inspection_paper", done.pk, "odt")).status_code == 404
        assert web("client").get(address("inspection_paper", done.pk, "pdf")).status_code == 404

    def test_what_stands_in_it(self, done):
        from wuyou.faces.console.quality.inspection_papers import report

        paper = report(Inspection.objects.get(pk=done.pk))
        figures = next(block for block in paper.blocks if isinstance(block, Figures)).figures
        assert [value for _label, value in figures] == ["50", "5/6", 2]
        adds = next(block for block in paper.blocks if isinstance(block, Table))
        assert [tuple(row) for row in adds.rows] == [
            ("Facilities", "1", "6"), ("安全", "4", "4"), ("Together", "5", "10"),
        ]  # fmt: skip
        assert "Score 50 = the first ÷ the second × 100 (Won 5 Possible 10)" in [
            str(getattr(block, "text", "")) for block in paper.blocks
        ]
        assert len([block for block in paper.blocks if isinstance(block, Pictures)]) == 1

    def test_points_lost_from_100(self, estate):
        version = made.sheet(scoring="deduction", code="lost")
        inspection = actions.start_inspection(made.target(estate, version, level="region"), by=estate.user("region"))
        adds = next(
            block for block in report(made.done(inspection, {"lamp": "fail"})).blocks if isinstance(block, Table)
        )
        assert [tuple(row) for row in adds.rows] == [("Facilities", "2"), ("安全", "0"), ("Together", "2")]

    def test_a_red_line_and_a_sheet_without_a_score(self, estate, begun):
        from wuyou.faces.console.quality.inspection_papers import report

        made.done(begun, {"exit": "fail"})
        texts = [str(getattr(block, "text", "")) for block in report(begun).blocks]
        assert any("通道畅通" in text and "0" in text for text in texts)
        plain = made.sheet(scoring="none", code="plain")
        other = made.done(
            actions.start_inspection(made.target(estate, plain, level="region"), by=estate.user("region"))
        )
        assert [value for _label, value in report(other).blocks[0].figures] == ["–", "5/6", 0]
