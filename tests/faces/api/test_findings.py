"""Findings by the API: the whole way of a correction, who may, what is refused and where it is said."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from factories.corrections import BY, Estate, days, enter, proved
from factories.corrections import estate as make_estate
from factories.everything import bearer
from factories.quality import inspection
from factories.registry import StaffFactory
from factories.sheets import ItemFactory, SheetVersionFactory
from factories.tasks import photo

from wuyou.domains.quality.actions import findings as actions
from wuyou.domains.quality.models import Finding
from wuyou.domains.work.actions.problems import Found
from wuyou.domains.work.actions.spotting import report_problem
from wuyou.kernel import clock

ROOT = "/api/v1"


@pytest.fixture
def estate(db: None, moment: dt.datetime) -> Estate:
    """Four levels, one estate, its people."""
    return make_estate()


class Caller:
    """A program of somebody of a role."""

    def __init__(self, estate: Estate, role: str) -> None:
        """With a token for everything they may."""
        self.client, self.headers = Client(), bearer(estate.user(role))

    def get(self, path: str) -> Any:
        return self.client.get(ROOT + path, headers=self.headers)

    def send(self, path: str, given: dict[str, Any] | None = None, *, method: str = "post") -> Any:
        call = getattr(self.client, method)
        return call(ROOT + path, json.dumps(given or {}), content_type="application/json", headers=self.headers)

    def attach(self, path: str) -> Any:
        return self.client.post(ROOT + path, {"file": photo()}, headers=self.headers)


def fields(answer: Any) -> set[str]:
    return {one["pointer"] for one in answer.json()["errors"]}


class TestTheWholeWay:
    def test_from_entering_to_verified(self, estate: Estate) -> None:
        lead, manager = Caller(estate, "department_lead"), Caller(estate, "project_manager")
        given = {
            "project_id": estate.project.pk, "text": "楼梯有积灰", "severity": "minor",
            "place_id": estate.stairs[0].pk, "hazard": "",
        }  # fmt: skip
        answer = lead.send("/findings", given)
        assert answer.status_code == 201
        made = answer.json()
        assert (made["state"], made["owner_name"], made["steps"]) == (
            "open", estate.cleaner.name, ["contain", "clean", "analyse", "merge", "void"],
        )  # fmt: skip
        here = f"/findings/{made['id']}"
        assert lead.send(f"{here}/contain", {"containment": "围起来"}).json()["state"] == "contained"
        cause = {"cause": "method", "whys": ["没人扫"]}
        assert lead.send(f"{here}/analyse", cause).json()["correction"]["whys"] == ["没人扫"]
        plan = {"action": "排班", "action_owner_id": estate.cleaner.pk, "action_due": "2026-11-20"}
        assert lead.send(f"{here}/act", plan).json()["state"] == "acting"
        assert lead.attach(f"{here}/proof").status_code == 201
        assert lead.send(f"{here}/prove", {"proof": "扫好了"}).json()["state"] == "proved"
        assert lead.send(f"{here}/verify").status_code == 403
        assert manager.send(f"{here}/refuse", {"verify_note": "角落"}).json()["correction"]["rejections"] == 1
        assert lead.send(f"{here}/prove", {"proof": "又扫"}).status_code == 422
        lead.attach(f"{here}/proof")
        lead.send(f"{here}/prove", {"proof": "又扫"})
        seen = manager.send(f"{here}/verify", {"note": "好"}).json()
        assert (seen["state"], seen["correction"]["effect_due"]) == ("verified", "2026-12-20")
        assert manager.send(f"{here}/confirm", {"effect_note": "好"}).status_code == 409  # too early
        assert manager.send(f"{here}/reopen", {"effect_note": "又脏"}).json()["state"] == "open"

    def test_what_is_missing_is_said_where(self, estate: Estate) -> None:
        lead = Caller(estate, "department_lead")
        finding = enter(estate)
        answer = lead.send(f"/findings/{finding.pk}/contain", {"containment": " "})
        assert (answer.status_code, fields(answer)) == (422, {"/containment"})
        answer = lead.send(f"/findings/{finding.pk}/prove", {"proof": "好"})
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:wuyou:problem:illegal_move")

    def test_put_right_at_once_by_whoever_owns_it(self, estate: Estate) -> None:
        finding = enter(estate)
        cleaner = Caller(estate, "field_staff")
        assert cleaner.attach(f"/findings/{finding.pk}/proof").status_code == 201
        assert cleaner.send(f"/findings/{finding.pk}/clean", {"proof": "扫了"}).json()["state"] == "proved"

    def test_effect_after_the_period(self, estate: Estate, moment: dt.datetime) -> None:
        finding = proved(enter(estate), by=estate.user("department_lead"))
        city = Caller(estate, "city")
        city.send(f"/findings/{finding.pk}/verify")
        with clock.at(moment + days(30)):
            closed = city.send(f"/findings/{finding.pk}/confirm", {"effect_note": "好"}).json()
        assert (closed["state"], closed["correction"]["is_effective"]) == ("closed", True)


class TestAround:
    def test_amended_merged_void(self, estate: Estate) -> None:
        city = Caller(estate, "city")
        first, second, third = (enter(estate, stair=number) for number in range(3))
        amended = city.send(f"/findings/{first.pk}", {"severity": "major"}, method="patch").json()
        assert amended["severity"] == "major"
        merged = city.send(f"/findings/{second.pk}/merge", {"into_id": first.pk}).json()
        assert merged["merged_into_id"] == first.pk
        voided = city.send(f"/findings/{third.pk}/void", {"void_because": "看错了"}).json()
        assert (voided["state"], voided["void_because"]) == ("void", "看错了")

    def test_given_to_somebody(self, estate: Estate) -> None:
        other = StaffFactory(team=estate.team)
        findings = [enter(estate), enter(estate, stair=1)]
        lead = Caller(estate, "department_lead")
        given = {"finding_ids": [row.pk for row in findings], "owner_id": other.pk}
        assert lead.send("/findings/assign", given).json() == {"findings": 2}
        back = {"owner_id": estate.cleaner.pk}
        assert (
            lead.send(f"/findings/{findings[0].pk}/owner", back, method="put").json()["owner_id"] == estate.cleaner.pk
        )
        assert set(Finding.objects.values_list("owner", flat=True)) == {other.pk, estate.cleaner.pk}

    def test_more_time(self, estate: Estate) -> None:
        finding = enter(estate)
        wish = {"until": "2026-11-25T18:00:00+08:00", "reason": "等配件"}
        asked = Caller(estate, "project_manager").send(f"/findings/{finding.pk}/extension", wish).json()
        city = Caller(estate, "city")
        (listed,) = city.get("/finding-extensions?state=asked").json()["items"]
        assert listed["id"] == asked["id"]
        assert city.send(f"/finding-extensions/{asked['id']}/refuse", {"note": " "}).status_code == 422
        assert city.send(f"/finding-extensions/{asked['id']}/approve").json()["state"] == "approved"
        finding.refresh_from_db()
        assert finding.deadline == dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC)

    def test_refused(self, estate: Estate) -> None:
        finding = enter(estate)
        until = finding.deadline + days(2)
        wish = actions.ask_extension(finding, until=until, reason="等件", by=estate.user("project_manager"))
        refused = Caller(estate, "city").send(f"/finding-extensions/{wish.pk}/refuse", {"note": "不是理由"}).json()
        assert (refused["state"], refused["decision_note"]) == ("refused", "不是理由")

    def test_explained(self, estate: Estate) -> None:
        enter(estate)
        version = SheetVersionFactory()
        ItemFactory(version=version, clause=estate.clause)
        visit = inspection(project=estate.project, sheet_version=version, started_at=clock.now() + days(1))
        actions.owe_explanations(visit, by=BY)
        lead = Caller(estate, "department_lead")
        (owed,) = lead.get("/finding-explanations?is_owed=true").json()["items"]
        given = {"text": "等配件", "remedy": "周五换"}
        assert lead.send(f"/finding-explanations/{owed['id']}/explain", given).json()["remedy"] == "周五换"
        assert lead.get("/finding-explanations?is_owed=true").json()["items"] == []
        assert len(lead.get("/finding-explanations?is_owed=false").json()["items"]) == 1

    def test_looked_elsewhere(self, estate: Estate) -> None:
        finding = enter(estate, severity="major")
        lead = Caller(estate, "department_lead")
        first, second = lead.get(f"/similar-places?finding_id={finding.pk}").json()["items"]
        assert lead.send(f"/similar-places/{first['id']}/look", {"state": "fine"}).json()["state"] == "fine"
        same = lead.send(f"/similar-places/{second['id']}/look", {"state": "same", "note": "也有"}).json()
        assert Finding.objects.get(pk=same["led_to_id"]).text == "也有"

    def test_made_of_a_problem(self, estate: Estate) -> None:
        problem = report_problem(estate.stairs[0], found=Found("灯不亮"), by=estate.user("field_staff"))
        lead = Caller(estate, "department_lead")
        made = lead.send(f"/problems/{problem.pk}/finding", {"severity": "major"}).json()
        assert (made["source"], made["source_id"], made["severity"]) == ("problem", problem.pk, "major")
        assert lead.send(f"/problems/{problem.pk}/finding").status_code == 409

    def test_photos(self, estate: Estate) -> None:
        finding = enter(estate)
        lead = Caller(estate, "department_lead")
        seen = lead.attach(f"/findings/{finding.pk}/evidence").json()
        lead.attach(f"/findings/{finding.pk}/proof")
        kinds = [row["subject_kind"] for row in lead.get(f"/findings/{finding.pk}/photos").json()]
        assert kinds == ["finding", "correction"]
        file = lead.get(f"/findings/{finding.pk}/photo?photo={seen['id']}")
        assert (file.status_code, file["Content-Type"], file.getvalue()[:2]) == (200, "image/jpeg", b"\xff\xd8")
        other = enter(estate, stair=1)
        assert lead.get(f"/findings/{other.pk}/photo?photo={seen['id']}").status_code == 404

    def test_a_comment(self, estate: Estate) -> None:
        finding = enter(estate)
        lead = Caller(estate, "department_lead")
        given = {"kind": "finding", "subject_id": finding.pk, "text": "业主也在问"}
        assert lead.send("/comments", given).status_code == 201
        assert [row["text"] for row in lead.get(f"/comments?kind=finding&id={finding.pk}").json()] == ["业主也在问"]


class TestLooking:
    @pytest.mark.parametrize(
        ("query", "count"),
        [("", 2), ("?state=proved", 1), ("?is_late=true", 0), ("?is_late=false", 2), ("?severity=critical", 0),
         ("?cause=method", 1), ("?q=积灰", 2), ("?sort=-deadline", 2)],
    )  # fmt: skip
    def test_lists(self, estate: Estate, query: str, count: int) -> None:
        enter(estate)
        proved(enter(estate, stair=1), by=estate.user("department_lead"))
        assert len(Caller(estate, "project_manager").get(f"/findings{query}").json()["items"]) == count

    def test_duplicates(self, estate: Estate) -> None:
        visit = inspection(project=estate.project)
        first, second = (enter(estate, source="inspection", inspection=visit) for _ in range(2))
        (found,) = Caller(estate, "city").get(f"/findings/{first.pk}/duplicates").json()
        assert found["id"] == second.pk

    def test_board_ages_heat_and_pareto(self, estate: Estate) -> None:
        enter(estate)
        manager = Caller(estate, "project_manager")
        here = f"project_id={estate.project.pk}&found_from=2026-11-01"
        columns = manager.get(f"/findings/board?{here}").json()
        assert [(one["state"], one["count"]) for one in columns][:2] == [("open", 1), ("contained", 0)]
        assert manager.get(f"/findings/ages?{here}").json()[0] == {"band": "0-3", "count": 1, "by_state": {"open": 1}}
        (cell,) = manager.get(f"/findings/heat?{here}").json()
        assert (cell["row"], cell["column"], cell["weight"]) == (estate.zone.pk, estate.clause.pk, 1)
        (cell,) = manager.get(f"/findings/heat?{here}&down=project&across=part").json()
        assert (cell["row"], cell["column"]) == (estate.project.code, "clean")
        (bar,) = manager.get(f"/findings/pareto?{here}&by=team").json()
        assert (bar["label"], bar["percent"], bar["cumulative"]) == ("环境", "100.0", "100.0")
        assert manager.get("/findings/board?found_from=2026-11-21").json()[0]["count"] == 0

    def test_what_waits(self, estate: Estate) -> None:
        proved(enter(estate), by=estate.user("department_lead"))
        waits = Caller(estate, "project_manager").get("/findings/waiting").json()
        assert (waits["to_verify"], waits["to_correct"], waits["places"]) == (1, 0, 2)

    def test_hidden_from_the_project(self, estate: Estate) -> None:
        finding = enter(estate, is_hidden=True)
        assert Caller(estate, "project_manager").get(f"/findings/{finding.pk}").status_code == 404
        assert Caller(estate, "city").get(f"/findings/{finding.pk}").json()["is_hidden"] is True
