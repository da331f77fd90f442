"""Pages of findings: open to whom they should be, what a click does, as many queries for fifty rows as for one."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.assets import AssetFactory
from factories.corrections import BY, Estate, days, enter, proved, role_at, verified
from factories.org import NodeFactory, ProjectFactory
from factories.quality import finding as bare_finding
from factories.quality import inspection
from factories.registry import StaffFactory
from factories.sheets import ItemFactory, SheetVersionFactory
from factories.standards import GradeFactory
from factories.tasks import photo

from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.models import Extension, Finding
from wuyou.domains.quality.queries.findings import photos_after, photos_before
from wuyou.domains.registry.actions import issue_tag
from wuyou.domains.work.actions.binding import bind
from wuyou.domains.work.actions.problems import Found
from wuyou.domains.work.actions.spotting import report_problem
from wuyou.kernel import clock

MOST = 12


def at(name: str, *given: object) -> str:
    return reverse(f"console:quality:{name}", args=[getattr(one, "pk", one) for one in given])


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


class TestList:
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_it_shows_what_is_wrong_where_and_by_when(self, estate: Estate, web, language: str) -> None:
        finding = enter(estate)
        body = text(web("project_manager", language).get(at("findings")))
        assert finding.number in body
        assert "楼梯有积灰" in body
        assert "0号楼道" in body

    @pytest.mark.parametrize(
        ("query", "expected"),
        [("?late=true", {"late"}), ("?late=false", {"mine", "proved"}), ("?waits=correct", {"late", "mine"}),
         ("?waits=verify", {"proved"}), ("?waits=wish", set()), ("?waits=explain", set()), ("?waits=effect", set()),
         ("?waits=look", {"proved"}),
         ("?state=proved", {"proved"}), ("?repeats=true", set()), ("?repeats=false", {"late", "mine", "proved"}),
         ("?severity=major", {"late"}), ("?q=扶手", {"late"}), ("?q=1号楼道", {"mine"}), ("?zone=none", {"late"}),
         ("?waits=nonsense", {"late", "mine", "proved"})],
    )  # fmt: skip
    def test_filters_and_presets(self, estate: Estate, web, moment: dt.datetime, query: str, expected: set) -> None:
        made = {
            "late": bare_finding(project=estate.project, deadline=moment - days(1), severity="major", text="扶手松"),
            "mine": enter(estate, stair=1),
            "proved": proved(enter(estate, stair=2), by=estate.user("department_lead")),
        }
        body = text(web("project_manager").get(at("findings") + query))
        assert {name for name, row in made.items() if row.number in body} == expected

    def test_a_cell_of_the_heat_map_leads_to_its_findings(self, estate: Estate, web) -> None:
        finding, other = enter(estate), bare_finding(project=estate.project)
        query = f"?zone={estate.zone.pk}&clause={estate.clause.pk}&found_at_after=2026-11-01"
        body = text(web("project_manager").get(at("findings") + query))
        assert finding.number in body
        assert other.number not in body

    def test_several_are_given_to_somebody(self, estate: Estate, web) -> None:
        rows = [enter(estate), enter(estate, stair=1)]
        other = StaffFactory(team=estate.team)
        given = {"bulk": "assign", "id": [row.pk for row in rows]}
        lead = web("department_lead")
        assert other.name in text(lead.post(at("findings"), given))
        lead.post(at("findings"), given | {"confirmed": "1", "owner": other.pk})
        assert set(Finding.objects.values_list("owner", flat=True)) == {other.pk}

    def test_several_are_merged(self, estate: Estate, web) -> None:
        rows = [enter(estate), enter(estate, stair=1)]
        given = {"bulk": "merge", "id": [row.pk for row in rows], "confirmed": "1", "into": rows[0].pk}
        web("project_manager").post(at("findings"), given)
        assert Finding.objects.get(state="merged").merged_into == rows[0]

    def test_a_front_desk_only_looks(self, estate: Estate, web) -> None:
        enter(estate)
        body = text(web("front_desk").get(at("findings")))
        assert at("finding-new") not in body
        assert 'name="bulk"' not in body

    def test_as_a_workbook(self, estate: Estate, web) -> None:
        enter(estate)
        answer = web("project_manager").get(at("findings") + "?export=csv")
        assert "楼梯有积灰" in b"".join(answer).decode("utf-8-sig")


class TestQueries:
    @pytest.mark.parametrize("page", ["findings", "finding-board", "finding-heat"])
    @pytest.mark.parametrize("role", ["project_manager", "city"])
    def test_rows_cost_none(self, estate: Estate, web, page: str, role: str) -> None:
        browser = web(role)
        enter(estate)
        browser.get(at(page))
        one = self.asked(browser, at(page))
        for number in range(50):
            bare_finding(
                project=estate.project, state=("open", "acting", "proved")[number % 3], clause=estate.clause,
                place=estate.stairs[number % 3], owner=estate.cleaner, zone=estate.zone, team=estate.team,
            )  # fmt: skip
        many = self.asked(browser, at(page))
        assert len(many) == len(one), "\n".join(many)
        assert len(many) <= MOST, "\n".join(many)

    def asked(self, browser: Client, url: str) -> list[str]:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(url).status_code == 200
        return [one["sql"][:150] for one in found.captured_queries]


class TestCase:
    def test_who_corrects_is_offered_the_next_step(self, estate: Estate, web) -> None:
        finding = enter(estate)
        body = text(web("department_lead").get(at("finding", finding)))
        for step in ("contain", "clean", "analyse"):
            assert at("finding-form", finding, step) in body
        assert at("finding-form", finding, "prove") not in body
        assert at("finding-step", finding, "verify") not in body

    def test_quick_is_offered_only_for_what_is_small(self, estate: Estate, web) -> None:
        finding = enter(estate, severity="major")
        assert at("finding-form", finding, "clean") not in text(web("department_lead").get(at("finding", finding)))

    def test_the_doer_is_not_offered_to_verify(self, estate: Estate, web) -> None:
        finding = proved(enter(estate), by=estate.user("department_lead"))
        verify = at("finding-step", finding, "verify")
        assert verify not in text(web("department_lead").get(at("finding", finding)))
        assert verify in text(web("project_manager").get(at("finding", finding)))

    def test_somebody_who_only_looks_is_offered_nothing(self, estate: Estate, web) -> None:
        finding = enter(estate)
        body = text(web("front_desk").get(at("finding", finding)))
        for way in ("finding-extend", "finding-assign", "finding-amend", "finding-photos"):
            assert at(way, finding) not in body
        assert "data-ask" not in body

    def test_a_neighbour_gets_nothing(self, estate: Estate) -> None:
        finding = enter(estate)
        project = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
        client = Client()
        client.force_login(role_at("project_manager", project.node))
        assert client.get(at("finding", finding)).status_code == 404

    def test_it_tells_what_was_done_and_what_happened(self, estate: Estate, web) -> None:
        finding = verified(enter(estate), by=estate.user("city"), doer=estate.user("department_lead"))
        body = text(web("project_manager").get(at("finding", finding)))
        for words in ("先围起来", "没人扫", "重新排班", "Verified by somebody else", "2026"):
            assert words in body

    def test_hidden_ones_are_not_there_for_the_project(self, estate: Estate, web) -> None:
        finding = enter(estate, is_hidden=True)
        assert web("project_manager").get(at("finding", finding)).status_code == 404
        assert "Hidden from the project" in text(web("city").get(at("finding", finding)))

    def test_a_page_asks_the_same_for_many_similar_places_and_photos(self, estate: Estate, web) -> None:
        finding = enter(estate, severity="major")
        browser = web("project_manager")
        browser.get(at("finding", finding))
        with CaptureQueriesContext(connection) as found:
            browser.get(at("finding", finding))
        for _ in range(3):
            actions.attach_proof(finding, upload=photo(), by=BY)
        with CaptureQueriesContext(connection) as more:
            browser.get(at("finding", finding))
        assert len(more) == len(found)

    @pytest.mark.parametrize("state", ["void", "merged"])
    def test_what_is_over_says_so(self, estate: Estate, web, state: str) -> None:
        first, second = enter(estate), enter(estate, stair=1)
        if state == "void":
            actions.void_finding(second, reason="看错了", by=BY)
        else:
            actions.merge_findings(first, [second], by=BY)
        body = text(web("project_manager").get(at("finding", second)))
        assert ("Declared void" if state == "void" else f"{first.number}</a>") in body
        assert 'aria-current="step"' not in body

    def test_it_names_where_it_came_from(self, estate: Estate, web) -> None:
        visit = inspection(project=estate.project)
        problem = report_problem(estate.stairs[0], found=Found("灯不亮", "major"), by=estate.user("field_staff"))
        lead = web("department_lead")
        of_problem = text(lead.get(at("finding", Finding.objects.get())))
        assert reverse("console:work:problem", args=[problem.pk]) in of_problem
        of_inspection = enter(estate, stair=1, source="inspection", inspection=visit)
        assert at("inspection", visit) in text(lead.get(at("finding", of_inspection)))

    def test_a_client_reads_it_without_the_talk(self, estate: Estate, web) -> None:
        visit = inspection(project=estate.project, state="published", submitted_at=clock.now())
        finding = enter(estate, source="inspection", inspection=visit)
        body = text(web("client").get(at("finding", finding)))
        assert finding.text in body
        assert at("finding-comment", finding) not in body


class TestSteps:
    def test_the_whole_way_by_pages(self, estate: Estate, web, moment: dt.datetime) -> None:
        finding = enter(estate)
        lead, manager = web("department_lead"), web("project_manager")
        lead.post(at("finding-form", finding, "contain"), {"containment": "先围起来"})
        why = {"why_1": "没人扫", "why_2": "", "why_3": "", "why_4": "", "why_5": "", "cause": "method"}
        lead.post(at("finding-form", finding, "analyse"), why)
        given = {"action": "重新排班", "action_owner": estate.cleaner.pk, "action_due": "2026-11-20"}
        lead.post(at("finding-form", finding, "act"), given)
        lead.post(at("finding-form", finding, "prove"), {"proof": "扫好了", "photos": [photo()]})
        assert Finding.objects.get().state == "proved"
        manager.post(at("finding-step", finding, "refuse"), {"verify_note": "角落还脏"})
        assert Finding.objects.get().state == "acting"
        lead.post(at("finding-photos", finding), {"photos": [photo()]})
        lead.post(at("finding-form", finding, "prove"), {"proof": "又扫好了"})
        manager.post(at("finding-step", finding, "verify"))
        assert Finding.objects.get().state == "verified"
        with clock.at(moment + days(30)):
            manager.post(at("finding-step", finding, "confirm"), {"effect_note": "一直干净"})
        assert Finding.objects.get().state == "closed"

    def test_put_right_at_once(self, estate: Estate, web) -> None:
        finding = enter(estate)
        given = {"proof": "扫了", "photos": [photo()]}
        web("field_staff").post(at("finding-form", finding, "clean"), given)
        finding.refresh_from_db()
        assert (finding.state, finding.correction.proof) == ("proved", "扫了")

    def test_what_is_wrong_is_said_on_the_form(self, estate: Estate, web) -> None:
        finding = enter(estate)
        answer = web("department_lead").post(at("finding-form", finding, "clean"), {"proof": "扫了"})
        assert answer.status_code == 422
        assert "A photo of what was put right is needed." in text(answer)

    def test_it_does_not_work(self, estate: Estate, web) -> None:
        finding = verified(enter(estate), by=estate.user("city"), doer=estate.user("department_lead"))
        web("city").post(at("finding-step", finding, "reopen"), {"effect_note": "第二天又脏"})
        assert Finding.objects.get().state == "open"

    def test_declared_void(self, estate: Estate, web) -> None:
        web("city").post(at("finding-step", enter(estate), "void"), {"void_because": "看错了"})
        assert Finding.objects.get().void_because == "看错了"

    @pytest.mark.parametrize(("name", "step"), [("finding-step", "contain"), ("finding-step", "odd")])
    def test_no_other_step(self, estate: Estate, web, name: str, step: str) -> None:
        assert web("city").post(at(name, enter(estate), step)).status_code == 409

    def test_no_form_of_that_name(self, estate: Estate, web) -> None:
        assert web("department_lead").get(at("finding-form", enter(estate), "verify")).status_code == 404

    @pytest.mark.parametrize("form", ["finding-extend", "finding-assign", "finding-amend"])
    def test_forms_are_shut_to_who_only_looks(self, estate: Estate, web, form: str) -> None:
        assert web("front_desk").get(at(form, enter(estate))).status_code == 403

    def test_more_time(self, estate: Estate, web) -> None:
        finding = enter(estate)
        given = {"until": "2026-11-25", "reason": "等配件"}
        web("project_manager").post(at("finding-extend", finding), given)
        wish = Extension.objects.get()
        assert wish.until == dt.datetime(2026, 11, 25, 16, tzinfo=dt.UTC)  # the end of that day
        assert at("finding-extension", wish, "approve") in text(web("city").get(at("finding", finding)))
        assert at("finding-extension", wish, "approve") not in text(web("project_manager").get(at("finding", finding)))
        web("city").post(at("finding-extension", wish, "approve"))
        finding.refresh_from_db()
        assert finding.deadline == wish.until

    def test_refused_without_a_reason_it_says_so(self, estate: Estate, web) -> None:
        finding = enter(estate)
        web("project_manager").post(at("finding-extend", finding), {"until": "2026-11-25", "reason": "等配件"})
        city = web("city")
        refuse = at("finding-extension", Extension.objects.get(), "refuse")
        assert "needed for this step" in text(city.post(refuse, follow=True))
        city.post(refuse, {"note": "不是理由"})
        assert Extension.objects.get().state == "refused"

    def test_given_to_somebody_and_amended(self, estate: Estate, web) -> None:
        finding, other = enter(estate), StaffFactory(team=estate.team)
        lead = web("department_lead")
        lead.post(at("finding-assign", finding), {"owner": other.pk})
        lead.post(at("finding-amend", finding), {"severity": "major", "text": finding.text})
        finding.refresh_from_db()
        assert (finding.owner, finding.severity) == (other, "major")
        same = {"severity": "major", "text": finding.text}
        assert lead.post(at("finding-amend", finding), same).status_code == 422

    def test_similar_places(self, estate: Estate, web) -> None:
        finding = enter(estate, severity="major")
        lead = web("department_lead")
        first, second = finding.similar.order_by("pk")
        assert at("finding-similar", first) in text(lead.get(at("finding", finding)))
        assert first.place.name in text(lead.get(at("finding-similar", first)))
        lead.post(at("finding-similar", first), {"state": "fine", "note": ""})
        answer = lead.post(at("finding-similar", second), {"state": "same", "note": "三楼也有"}, follow=True)
        assert Finding.objects.get(text="三楼也有").number in text(answer)

    def test_explained(self, estate: Estate, web) -> None:
        finding = enter(estate)
        version = SheetVersionFactory()
        ItemFactory(version=version, clause=estate.clause)
        visit = inspection(project=estate.project, sheet_version=version, started_at=clock.now() + days(1))
        actions.owe_explanations(visit, by=BY)
        owed = finding.explanations.get()
        lead = web("department_lead")
        assert "Explanation owed" in text(lead.get(at("finding", finding)))
        assert at("finding", finding) in text(lead.get(at("finding-explain", owed)))
        lead.post(at("finding-explain", owed), {"text": "等配件", "remedy": "周五换"})
        assert "周五换" in text(lead.get(at("finding", finding)))

    def test_merged_from_its_page(self, estate: Estate, web) -> None:
        visit = inspection(project=estate.project, level="project")
        first, second = (enter(estate, source="inspection", inspection=visit) for _ in range(2))
        web("project_manager").post(at("finding-merge", first), {"other": [second.pk]})
        second.refresh_from_db()
        assert second.merged_into == first

    def test_a_comment(self, estate: Estate, web) -> None:
        finding = enter(estate)
        web("front_desk").post(at("finding-comment", finding), {"text": "业主也在问"})
        assert "业主也在问" in text(web("project_manager").get(at("finding", finding)))


class TestPhotos:
    def test_shown_to_who_sees_the_finding_only(self, estate: Estate, web) -> None:
        finding = proved(enter(estate), by=estate.user("department_lead"))
        (row,) = photos_after(finding)
        for name in ("finding-thumb", "finding-photo"):
            answer = web("front_desk").get(at(name, finding, row))
            assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
            assert web("client").get(at(name, finding, row)).status_code == 404

    def test_only_its_own(self, estate: Estate, web) -> None:
        finding = proved(enter(estate), by=estate.user("department_lead"))
        (row,) = photos_after(finding)
        other = enter(estate, stair=1)
        assert web("front_desk").get(at("finding-photo", other, row)).status_code == 404

    def test_as_soon_as_they_are_shot(self, estate: Estate, web) -> None:
        finding = enter(estate)
        lead = web("department_lead")
        answer = lead.post(at("finding-photos", finding), {"photos": [photo()]}, headers={"HX-Request": "true"})
        (row,) = photos_after(finding)
        assert at("finding-thumb", finding, row) in text(answer)


class TestNew:
    def given(self, **more: object) -> dict[str, object]:
        return {"text": "地砖破损", "severity": "minor", "remedy": "", "hazard": ""} | more

    def test_at_a_place_that_was_scanned(self, estate: Estate, web) -> None:
        tag = issue_tag(estate.project, kind="place", subject_id=estate.stairs[0].pk, by=BY)
        lead = web("department_lead")
        new = at("finding-new-at", "place", estate.stairs[0])
        assert new in text(lead.get(reverse("console:scan", args=[tag.code])))
        lead.post(new, self.given(photos=[photo()]))
        finding = Finding.objects.get()
        assert (finding.place, finding.found_by, finding.source) == (
            estate.stairs[0], estate.user("department_lead"), "manual",
        )  # fmt: skip
        (row,) = photos_before(finding)
        assert at("finding-thumb", finding, row) in text(lead.get(at("finding", finding)))

    def test_on_a_device(self, estate: Estate, web) -> None:
        device = AssetFactory(project=estate.project, place=estate.stairs[0])
        new = at("finding-new-at", "asset", device)
        lead = web("department_lead")
        assert device.name in text(lead.get(new))
        lead.post(new, self.given(hazard="general"))
        assert (Finding.objects.get().asset, Finding.objects.get().severity) == (device, "major")

    def test_at_the_project_looked_at(self, estate: Estate, web) -> None:
        web("department_lead").post(at("finding-new"), self.given(place=estate.stairs[1].pk))
        assert Finding.objects.get().place == estate.stairs[1]

    def test_what_is_known_already_leads_there(self, estate: Estate, web) -> None:
        version = estate.clause.version
        version.state, version.issued_on = "issued", clock.today()
        version.save()
        bind(estate.project, version, GradeFactory(version=version), starts_on=clock.today(), by=BY)
        first = enter(estate)
        given = self.given(clause=estate.clause.pk)
        answer = web("department_lead").post(at("finding-new-at", "place", estate.stairs[0]), given)
        assert answer["Location"] == at("finding", first)

    def test_with_several_projects_one_is_chosen_first(self, estate: Estate, web) -> None:
        ProjectFactory(node=NodeFactory(kind="project", parent=estate.city))
        city = web("city")
        assert city.get(at("finding-new")).status_code == 404
        assert city.get(at("finding-new") + f"?project={estate.project.code}").status_code == 200

    def test_not_by_who_does_not_inspect(self, estate: Estate, web) -> None:
        for name in (at("finding-new"), at("finding-new-at", "place", estate.stairs[0])):
            assert web("front_desk").get(name).status_code in {403, 404}

    def test_of_a_problem(self, estate: Estate, web) -> None:
        problem = report_problem(estate.stairs[0], found=Found("灯不亮"), by=estate.user("field_staff"))
        lead = web("department_lead")
        page = reverse("console:work:problem", args=[problem.pk])
        assert at("finding-of-problem", problem) in text(lead.get(page))
        assert "灯不亮" in text(lead.get(at("finding-of-problem", problem)))
        lead.post(at("finding-of-problem", problem), {"severity": "major", "remedy": "repair", "hazard": ""})
        finding = Finding.objects.get()
        assert (finding.text, finding.severity) == ("灯不亮", "major")
        body = text(lead.get(page))
        assert at("finding", finding) in body
        assert at("finding-of-problem", problem) not in body
        assert lead.get(at("finding-of-problem", problem)).status_code == 404


class TestTogether:
    def test_the_board_shows_every_state_and_how_old(self, estate: Estate, web, moment: dt.datetime) -> None:
        enter(estate)
        proved(enter(estate, stair=1), by=estate.user("department_lead"))
        bare_finding(project=estate.project, found_at=moment - days(40))
        body = text(web("project_manager").get(at("finding-board")))
        assert body.count("kanban-card") == 3
        assert "1 of 3 findings in hand are older than 30 days" in body

    def test_the_heat_map_says_where_it_is_hottest_and_leads_there(self, estate: Estate, web) -> None:
        bare_finding(project=estate.project, zone=estate.zone, clause=estate.clause, weight=4)
        manager = web("project_manager")
        manager.get(at("findings") + f"?project={estate.project.code}")
        body = text(manager.get(at("finding-heat")))
        assert f"{estate.clause.code} 楼道楼梯 at {estate.zone.name} weighs most: 4" in body
        assert f"zone={estate.zone.pk}&amp;found_at_after=2026-08-23&amp;clause={estate.clause.pk}" in body

    def test_above_projects_it_is_by_project(self, estate: Estate, web) -> None:
        bare_finding(project=estate.project, clause=estate.clause)
        body = text(web("city").get(at("finding-heat") + "?across=part&by=team&days=30"))
        assert f"project={estate.project.code}" in body
        assert "Cleaning" in body

    @pytest.mark.parametrize("page", ["finding-board", "finding-heat"])
    def test_empty_and_shut(self, estate: Estate, web, page: str) -> None:
        assert web("project_manager").get(at(page)).status_code == 200
        assert web("field_staff").get(at(page)).status_code == 403
        assert web("project_manager").get(at(page) + "?days=x&across=x&by=x").status_code == 200


class TestStartPage:
    def test_what_waits_is_on_the_start_page(self, estate: Estate, web) -> None:
        proved(enter(estate), by=estate.user("department_lead"))
        enter(estate, stair=1)
        waiting = reverse("console:work:waiting")
        body = text(web("project_manager").get(waiting))
        assert f"{at('findings')}?waits=verify" in body
        assert f"{at('findings')}?waits=correct" in body
        assert "Findings waiting for you" not in text(web("client").get(waiting))
