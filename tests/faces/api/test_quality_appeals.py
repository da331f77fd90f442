"""Appeals and improvement as programs use them (spec 05, 11)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from factories.corrections import estate
from factories.everything import bearer
from factories.inspections import done, sheet, target
from factories.org import UserFactory
from factories.standards import ClauseFactory, GradeFactory, StandardFactory, VersionFactory
from factories.tasks import photo

from wuyou.domains.quality.actions.appeals import file_appeal
from wuyou.domains.quality.actions.inspections import publish_inspection, start_inspection
from wuyou.domains.quality.models import Appeal
from wuyou.domains.quality.queries.subjects import counting_findings
from wuyou.domains.quality.rules.appeals import Decision
from wuyou.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
PLAN = {
    "name": "楼道", "problem": "反复", "metric": "quality.recurrence", "target": "10", "before_from": "2026-08-01",
    "before_to": "2026-09-30", "ends_on": "2027-01-31",
}  # fmt: skip


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
def ask(at):
    """Ask as somebody of the estate: method, path, body → status and answer."""
    client, headers = Client(), {}

    def program(who: Any, method: str, path: str, given: Any = None) -> tuple[int, Any]:
        user = at.user(who) if isinstance(who, str) else who
        if user.pk not in headers:
            headers[user.pk] = bearer(user)
        more = {"content_type": "application/json", "data": given} if given is not None else {}
        answer = getattr(client, method)(f"/api/v1{path}", headers=headers[user.pk], **more)
        return answer.status_code, answer.json() if answer.content else None

    return program


def wrong(answer: tuple[int, Any]) -> tuple[int, list[str]]:
    """Status, and where it says that something is wrong."""
    return answer[0], [error["pointer"] for error in answer[1].get("errors", [])]


class TestAppeals:
    def file(self, ask, finding, who="project_manager") -> Any:
        given = {"subject_kind": "finding", "subject_id": finding.pk, "grounds": "灯是好的", "wanted": "撤销"}
        return ask(who, "post", "/appeals", given)

    def test_are_filed_decided_and_score_again(self, at, ask, inspected):
        lamp = next(one for one in counting_findings(inspected) if one.answer.item.code == "lamp")
        before = inspected.score
        asked = f"?subject_kind=finding&subject_id={lamp.pk}"
        assert ask("project_manager", "get", f"/appeal-chance{asked}")[1] == {"until": "2026-11-27T15:59:59Z"}
        status, made = self.file(ask, lamp)
        assert (status, made["state"], made["decider_ids"]) == (201, "filed", [at.user("group_quality").pk])
        assert [stage["step"] for stage in made["stages"]] == ["department"]
        assert ask("project_manager", "get", f"/appeal-chance{asked}")[1] == {"until": None}
        path = f"/appeals/{made['id']}"
        assert ask("city", "post", f"{path}/decide", {"outcome": "void", "reasons": "x"})[0] == 403
        lacking = ask("group_quality", "post", f"{path}/decide", {"outcome": "amend", "reasons": "x"})
        assert wrong(lacking) == (422, ["/amended_to"])
        status, decided = ask("group_quality", "post", f"{path}/decide", {"outcome": "void", "reasons": "照片不符"})
        assert (status, decided["outcome"], decided["stages"][0]["reasons"]) == (200, "void", "照片不符")
        inspected.refresh_from_db()
        (change,) = ask("project_manager", "get", f"{path}/rescored")[1]
        assert (change["inspection_id"], change["before"], change["after"]) == (
            inspected.pk, str(before), str(inspected.score),
        )  # fmt: skip

    def test_take_evidence_and_hand_it_out(self, at, ask, inspected):
        made = self.file(ask, counting_findings(inspected).first())[1]
        headers = bearer(at.user("project_manager"))
        upload = SimpleUploadedFile("a.jpg", photo().read(), content_type="image/jpeg")
        sent = Client().post(f"/api/v1/appeals/{made['id']}/evidence", {"file": upload}, headers=headers)
        assert sent.status_code == 201
        (row,) = ask("group_quality", "get", f"/appeals/{made['id']}/evidence")[1]
        address = f"/api/v1/appeals/{made['id']}/evidence-file?evidence_id="
        file = Client().get(f"{address}{row['id']}", headers=headers)
        assert (file.status_code, file["Content-Type"], file.getvalue()[:2]) == (200, "image/jpeg", b"\xff\xd8")
        assert Client().get(f"{address}{row['id'] + 1}", headers=headers).status_code == 404

    def test_go_further_and_are_withdrawn(self, ask, inspected):
        made = self.file(ask, counting_findings(inspected).first())[1]
        path = f"/appeals/{made['id']}"
        ask("group_quality", "post", f"{path}/decide", {"outcome": "uphold", "reasons": "清楚"})
        lacking = ask("project_manager", "post", f"{path}/further", {"grounds": " "})
        assert wrong(lacking) == (422, ["/grounds"])
        status, further = ask("project_manager", "post", f"{path}/further", {"grounds": "照片时间不对"})
        assert (status, further["state"]) == (200, "filed")
        assert ask("region", "post", f"{path}/withdraw")[0] == 403
        assert ask("project_manager", "post", f"{path}/withdraw")[1]["state"] == "withdrawn"
        assert ask("project_manager", "post", f"{path}/withdraw")[0] == 409

    def test_of_who_is_no_party_are_refused(self, ask, inspected):
        finding = counting_findings(inspected).first()
        assert self.file(ask, finding, who="city")[0] == 403
        assert self.file(ask, finding, who="client")[0] == 403
        given = {"subject_kind": "weather", "subject_id": 1, "grounds": "x", "wanted": "x"}
        assert ask("project_manager", "post", "/appeals", given)[0] == 404

    def test_without_a_decider_are_given_one(self, at, ask):
        decided = (at.user("group_quality").pk, at.user("region").pk)
        decision = Decision("test", 1, "x", clock.now(), decided_by=decided)
        manager = at.user("project_manager")
        stuck = file_appeal(project=at.project, decision=decision, grounds="x", wanted="x", by=manager)
        admin = UserFactory(is_admin=True)
        status, listed = ask(admin, "get", "/appeals?is_stuck=true")
        assert (status, [one["id"] for one in listed["items"]]) == (200, [stuck.pk])
        status, stage = ask(admin, "post", f"/appeals/{stuck.pk}/appoint", {"user_id": at.user("city").pk})
        assert (status, stage["step"], stage["appointee_id"]) == (200, "appointed", at.user("city").pk)
        assert Appeal.objects.get().stuck_at is None

    def test_climb_the_ladder_that_was_set(self, at, ask):
        steps = [{"step": "department", "role": "group_quality", "days": 2}]
        given = {"node_id": at.region.pk, "starts_on": "2026-11-20", "days": 3, "steps": steps}
        status, made = ask("region", "post", "/appeal-ladders", given)
        assert (status, made["steps"]) == (201, steps)
        assert [one["id"] for one in ask("region", "get", "/appeal-ladders")[1]["items"]] == [made["id"]]
        steps[0]["role"] = "client"
        assert wrong(ask("region", "post", "/appeal-ladders", given)) == (422, ["/steps/1/role"])


class TestImprovement:
    def test_goes_its_way(self, at, ask):
        status, made = ask("region", "post", "/improvements", {"node_id": at.region.pk, **PLAN})
        assert (status, made["state"], made["target"]) == (201, "plan", "10.0000")
        path = f"/improvements/{made['id']}"
        assert ask("region", "patch", path, {"name": "楼道积灰"})[1]["name"] == "楼道积灰"
        assert ask("region", "post", f"{path}/start")[0] == 409
        given = {"text": "湿拖", "due_on": "2026-11-20", "owner_id": at.cleaner.pk}
        measure = ask("region", "post", f"{path}/measures", given)[1]
        assert ask("region", "post", f"{path}/start")[1]["state"] == "do"
        assert ask("field_staff", "post", f"/measures/{measure['id']}/finish", {"note": "已做"})[1]["done_on"]
        assert len(ask("region", "get", "/measures?is_done=true")[1]["items"]) == 1
        assert ask("region", "get", "/measures?is_done=false")[1]["items"] == []
        period = {"after_from": "2026-10-01", "after_to": "2026-11-20"}
        checked = ask("region", "post", f"{path}/check", period)[1]
        assert (checked["state"], checked["result"]["is_too_few"]) == ("check", True)
        assert ask("region", "post", f"{path}/standardise")[0] == 409
        lesson = {"node_id": at.region.pk, "improvement_id": made["id"], "title": "湿拖", "text": "看不出效果"}
        assert ask("region", "post", "/lessons", lesson)[0] == 201
        assert ask("region", "post", f"{path}/close")[1]["state"] == "closed"
        assert len(ask("region", "get", f"{path}/trend")[1]) == 12
        found = ask("department_lead", "get", "/lessons?q=效果")[1]["items"]
        assert [one["title"] for one in found] == ["湿拖"]

    def test_proposes_to_change_a_standard(self, at, ask):
        version = VersionFactory(standard=StandardFactory(node=at.group, kind="company"), issued=True)
        GradeFactory(version=version)
        clause = ClauseFactory(version=version, code="C1")
        made = ask("region", "post", "/improvements", {"node_id": at.region.pk, **PLAN})[1]
        path = f"/improvements/{made['id']}/propose"
        first, second = (
            ask("region", "post", path, {"clause_id": clause.pk, "text": text})[1] for text in ("更严", "更松")
        )
        assert ask("region", "post", f"/standard-proposals/{first['id']}/accept", {})[0] == 403
        accepted = ask("group_quality", "post", f"/standard-proposals/{first['id']}/accept", {})[1]
        assert (accepted["state"], accepted["version_id"] is None) == ("accepted", False)
        declined = ask("group_quality", "post", f"/standard-proposals/{second['id']}/decline", {"note": "不行"})[1]
        assert (declined["state"], declined["note"]) == ("declined", "不行")

    def test_is_dropped_with_a_reason(self, at, ask):
        made = ask("region", "post", "/improvements", {"node_id": at.region.pk, **PLAN})[1]
        path = f"/improvements/{made['id']}/drop"
        assert wrong(ask("region", "post", path, {"dropped_because": " "})) == (422, ["/dropped_because"])
        assert ask("region", "post", path, {"dropped_because": "退出"})[1]["state"] == "dropped"

    def test_a_figure_is_asked_over_days(self, at, ask, inspected):
        address = "/quality/figures?metric=quality.inspection_pass_rate&first=2026-11-01&last=2026-11-20"
        found = ask("region", "get", f"{address}&project_id={at.project.pk}")[1]
        assert (found["kind"], found["count"], found["size"], found["value"]) == ("share", 1, 3, "33.3333")
        assert ask("region", "get", address.replace("2026-11-01", "2026-12-01"))[0] == 422


class TestTheMeeting:
    def test_gives_its_data(self, at, ask, inspected):
        pack = ask("region", "get", f"/quality/meeting?node_id={at.region.pk}&month=2026-11")[1]
        assert [(row["level"], row["count"]) for row in pack["levels"]] == [("city", 1)]
        assert [one["number"] for one in pack["inspections"]] == [inspected.number]
        assert (pack["found"], [one["code"] for one in pack["decisions"]]) == (2, ["owed"])

    @pytest.mark.parametrize(("who", "status"), [("project_manager", 404), ("department_lead", 403)])
    def test_of_another_node_is_not_given(self, at, ask, who, status):
        assert ask(who, "get", f"/quality/meeting?node_id={at.region.pk}&month=2026-11")[0] == status

    def test_of_no_month_is_refused(self, at, ask):
        assert ask("region", "get", f"/quality/meeting?node_id={at.region.pk}&month=2026-13")[0] == 422
