"""Every resource once as it should be and once as it should not: register, standards, contracts, imports, one's own."""

import io
import json
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from factories.everything import World, bearer

from wuyou.domains.assets.models import Asset
from wuyou.domains.contracts.models import Contract
from wuyou.domains.org.models import Node, SavedView, WebhookDelivery, WebhookEndpoint
from wuyou.domains.registry.models import Building, Person, Place
from wuyou.domains.standards.models import Clause
from wuyou.domains.work.models import Plan
from wuyou.kernel import clock, jobs
from wuyou.kernel.jobs.models import Job
from wuyou.kernel.journal.models import Entry

API = "/api/v1"


class Program:
    """A program of the manager's: sends JSON, gives (status, body)."""

    def __init__(self, client: Client, at: World) -> None:
        self.client, self.at, self.headers = client, at, bearer(at.manager)

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        data = "" if body is None else json.dumps(body)
        for name, pk in self.at.ids.items():
            path = path.replace(f"{{{name}}}", str(pk))
        call = getattr(self.client, method)
        answer = call(API + path, data, content_type="application/json", headers=self.headers | headers)
        is_json = "json" in answer.get("Content-Type", "")
        return answer.status_code, answer.json() if is_json else answer.content


@pytest.fixture
def ask(api: Client, at: World) -> Program:
    """The manager's program."""
    return Program(api, at)


def where(answer: tuple[int, Any]) -> tuple[int, list[str]]:
    """Status and pointers of a refusal."""
    return answer[0], [one["pointer"] for one in answer[1].get("errors", [])]


def test_a_node_hangs_where_it_may(ask: Program, at: World) -> None:
    root = Node.objects.get_parent(at.project.node).pk
    status, made = ask("post", "/nodes", {"parent_id": root, "kind": "city", "name": "长春", "code": "CC"})
    assert (status, made["kind"], made["depth"]) == (201, "city", 2)
    below = {"parent_id": at.project.node.pk, "kind": "city", "name": "x", "code": "X"}
    assert where(ask("post", "/nodes", below)) == (422, ["/kind"])
    assert ask("patch", f"/nodes/{made['id']}", {"name": "长春公司"})[1]["name"] == "长春公司"


def test_roles_and_assignments(ask: Program, at: World) -> None:
    given = {"code": "night", "name_zh": "夜班", "name_en": "Night", "permissions": ["work.do_tasks"]}
    status, role = ask("post", "/roles", given)
    assert (status, role["permissions"]) == (201, ["work.do_tasks"])
    assert ask("post", "/roles", {**given, "code": "other", "permissions": ["no.such"]})[0] == 422
    held = {"user_id": at.ids["users"], "role_id": role["id"], "node_id": at.ids["nodes"]}
    status, made = ask("post", "/assignments", held)
    assert (status, made["role_code"]) == (201, "night")
    assert ask("post", f"/assignments/{made['id']}/end")[1]["revoked_at"] is not None
    assert ask("post", f"/assignments/{made['id']}/end")[0] == 409


def test_webhooks(ask: Program, at: World, settings: Any) -> None:
    settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
    given = {"node_id": at.ids["nodes"], "url": "https://example.test/h", "events": ["task.done"]}
    status, made = ask("post", "/webhooks", given)
    assert (status, made["secret"]) == (201, WebhookEndpoint.objects.get(pk=made["id"]).secret)
    assert "secret" not in ask("get", f"/webhooks/{made['id']}")[1]
    WebhookDelivery.objects.create(endpoint_id=made["id"], event="task.done", body="{}", made_at=clock.now())
    assert [one["event"] for one in ask("get", f"/webhooks/{made['id']}/deliveries")[1]] == ["task.done"]
    assert ask("post", f"/webhooks/{made['id']}/disable")[0] == 204
    assert where(ask("post", "/webhooks", {**given, "events": ["everything"]})) == (422, ["/events/0"])


def test_places_are_added_moved_closed(ask: Program, at: World) -> None:
    site = Place.objects.get_parent(at.place)
    given = {
        "project_id": at.project.pk, "parent_id": site.pk, "level": "spot", "code": "N1", "name": "东门",
        "category": "大门", "area_m2": "12.50", "x": 1.5, "y": 2,
    }  # fmt: skip
    status, made = ask("post", "/places", given)
    assert (status, made["area_m2"], made["x"]) == (201, "12.50", 1.5)
    assert where(ask("post", "/places", {**given, "name": "西门"})) == (422, ["/code"])
    zoned = {"place_ids": [made["id"]], "zone_id": at.ids["zones"]}
    assert ask("post", "/places/set-zone", zoned) == (200, {"changed": 1})
    moved = {"project_id": at.project.pk, "positions": [{"place_id": made["id"], "x": 9.0, "y": 9.0}]}
    assert ask("post", "/places/set-positions", moved)[1] == {"changed": 1}
    assert ask("post", f"/places/{made['id']}/close", {"reason": "gone"})[1] == {"place_ids": [made["id"]]}
    assert ask("post", f"/places/{made['id']}/reopen")[1]["closed_on"] is None
    names = [one["name"] for one in ask("get", f"/places/{site.pk}/children")[1]]
    assert "东门" in names


def test_people_are_masked_until_somebody_says_why(ask: Program, at: World) -> None:
    given = {"project_id": at.project.pk, "name": "李四", "phone": "13912345678"}
    status, made = ask("post", "/persons", given)
    assert (status, made["phone_masked"]) == (201, "139****5678")
    assert "13912345678" not in json.dumps(ask("get", f"/persons/{made['id']}")[1])
    path = f"/persons/{made['id']}/reveal"
    assert ask("post", path, {"field": "phone", "reason": " "})[0] == 422
    assert ask("post", path, {"field": "phone", "reason": "call back"}) == (200, {"value": "13912345678"})
    assert Entry.objects.filter(verb="registry.person_revealed", subject_id=str(made["id"])).count() == 1
    ask("post", "/occupancies", {"room_id": at.ids["rooms"], "person_id": made["id"], "role": "tenant"})
    found = ask("post", "/persons/find-by-number", {"number": "13912345678"})[1]["items"]
    assert [one["id"] for one in found] == [made["id"]]
    assert where(ask("post", "/persons", {**given, "phone": "12"})) == (422, ["/phone"])
    assert ask("post", f"/persons/{made['id']}/erase", {"reason": "asked"})[1]["erased_at"] is not None
    assert Person.objects.get(pk=made["id"]).phone == ""


def test_staff_and_licences(ask: Program, at: World) -> None:
    given = {"person_id": at.ids["persons"], "team_id": at.ids["teams"], "number": "S9", "job": "电工"}
    status, made = ask("post", "/staff", given)
    assert (status, made["number"]) == (201, "S9")
    assert where(ask("post", "/staff", given))[0] in {409, 422}
    assert ask("put", f"/staff/{made['id']}/zones", {"zone_ids": [at.ids["zones"]]})[1]["zone_ids"] == [at.ids["zones"]]
    licence = {"staff_id": made["id"], "kind_id": at.ids["qualification-kinds"], "valid_to": "2027-01-01"}
    status, held = ask("post", "/qualifications", licence)
    assert (status, held["is_in_force"]) == (201, True)
    assert ask("post", f"/qualifications/{held['id']}/revoke", {"reason": "fraud"})[0] == 204
    assert ask("post", f"/staff/{made['id']}/leave", {"on": "2026-11-20"})[1]["left_on"] == "2026-11-20"


def test_a_code_is_scanned(ask: Program, at: World) -> None:
    given = {"project_id": at.project.pk, "kind": "asset", "subject_id": at.ids["assets"]}
    status, tag = ask("post", "/tags", given)
    assert status == 201
    found = ask("get", f"/tags/resolve?code={tag['code']}")
    assert found == (200, {
        "kind": "asset", "id": at.ids["assets"], "project_id": at.project.pk, "is_replaced": False, "replaced_by": "",
    })  # fmt: skip
    assert ask("get", "/tags/resolve?code=00000000")[0] in {404, 422}
    items = [{"kind": "asset", "id": at.ids["assets"]}]
    status, pdf = ask("post", "/tags/print", {"project_id": at.project.pk, "items": items, "layout": "3x8"})
    assert (status, pdf[:5]) == (200, b"%PDF-")


def test_a_device_takes_the_steps_of_its_flow(ask: Program, at: World) -> None:
    assert ask("post", "/assets/{assets}/report_fault", {"reason": "dark"})[1]["state"] == "faulty"
    assert ask("post", "/assets/{assets}/report_fault", {"reason": "dark"})[0] == 409
    assert ask("post", "/assets/{assets}/take_out", {"reason": ""})[0] == 422
    assert ask("patch", "/assets/{assets}", {"maker": "Opple"})[1]["maker"] == "Opple"
    assert Asset.objects.get(pk=at.ids["assets"]).state == "faulty"


def test_a_standard_is_written_compared_issued(ask: Program, at: World) -> None:
    grade = {"code": "g1", "rank": 1, "label_zh": "一级"}
    given = {"code": "own", "name_zh": "自有标准", "kind": "service_set", "node_id": at.ids["nodes"], "grades": [grade]}
    status, standard = ask("post", "/standards", given)
    assert status == 201
    version = ask("get", f"/standard-versions?standard_id={standard['id']}")[1]["items"][0]
    clause = {
        "version_id": version["id"], "code": "A1", "part": "clean", "subject_name": "楼道楼梯",
        "requirement_zh": "清扫", "kind": "cadence", "values": {"g1": "1/1 d"},
    }  # fmt: skip
    status, made = ask("post", "/clauses", clause)
    assert (status, made["values"]) == (201, {"g1": "1/1 d"})
    never = ask("post", "/clauses", {**clause, "code": "A2", "values": {"g1": "never"}})
    assert where(never) == (422, ["/values/g1"])
    assert ask("patch", f"/clauses/{made['id']}", {"requirement_zh": "每日清扫"})[1]["code"] == "A1"
    assert ask("get", f"/standard-versions/{version['id']}/table")[1]["rows"][0]["values"] == ["1/1 d"]
    assert ask("post", f"/standard-versions/{version['id']}/issue")[0] == 409
    assert ask("post", f"/standard-versions/{version['id']}/submit")[1]["steps"] == ["send_back", "issue"]
    assert ask("post", f"/standard-versions/{version['id']}/issue")[1]["state"] == "issued"
    assert ask("delete", f"/clauses/{made['id']}")[0] == 409
    assert Clause.objects.filter(pk=made["id"]).exists()
    compared = ask("get", f"/standard-versions/{version['id']}/compare?to={{standard-versions}}")[1]
    assert compared["removed"] == ["A1"]


def test_a_sheet_is_written_and_issued(ask: Program, at: World) -> None:
    status, sheet = ask("post", "/sheets", {"code": "pump", "name_zh": "泵房", "node_id": at.ids["nodes"]})
    assert status == 201
    version = ask("get", f"/sheet-versions?sheet_id={sheet['id']}")[1]["items"][0]
    item = {"code": "p1", "text_zh": "压力", "answer_type": "number", "low": "0.1", "high": "1.6"}
    path = f"/sheet-versions/{version['id']}"
    assert ask("put", f"{path}/items", {"items": [item]})[1]["items"][0]["high"] == "1.6000"
    backwards = ask("put", f"{path}/items", {"items": [{**item, "low": "2"}]})
    assert where(backwards)[0] == 422
    assert where(backwards)[1][0].startswith("/items/1/")
    assert ask("post", f"{path}/issue")[1]["state"] == "issued"


def test_an_inspection_sheet_is_written_and_scored(ask: Program, at: World) -> None:
    given = {"code": "monthly", "name_zh": "月检", "node_id": at.ids["nodes"], "purpose": "inspection"}
    sheet = ask("post", "/sheets", given)[1]
    listed = ask("get", "/sheets?purpose=inspection&size=200")[1]["items"]
    assert sheet in listed
    assert {row["purpose"] for row in listed} == {"inspection"}
    version = ask("get", f"/sheet-versions?sheet_id={sheet['id']}")[1]["items"][0]
    path = f"/sheet-versions/{version['id']}"
    lifts = {"code": "lifts", "text_zh": "有电梯", "answer_type": "pass_fail", "points": "0"}
    dust = {
        "code": "dust", "text_zh": "清洁", "answer_type": "deduct", "points": "4", "weight": "2.50",
        "severity": "major", "condition_code": "lifts", "condition_value": "pass",
        "deductions": [{"code": "web", "points": "0.5", "zh": "蛛网", "en": "Cobwebs"}],
    }  # fmt: skip
    made = ask("put", f"{path}/items", {"items": [lifts, dust]})[1]["items"][1]
    assert made["deductions"] == [{"code": "web", "zh": "蛛网", "en": "Cobwebs", "points": "0.5"}]
    assert (made["points"], made["weight"], made["condition_code"]) == ("4.00", "2.50", "lifts")
    refused = ask("put", f"{path}/items", {"items": [{**dust, "condition_value": "perhaps"}]})
    assert where(refused) == (422, ["/items/1/condition_code"])
    scored = ask("post", f"{path}/scoring", {"scoring": "points", "doubles_repeats": True})[1]
    assert (scored["scoring"], scored["doubles_repeats"]) == ("points", True)
    assert ask("post", f"{path}/issue")[1]["state"] == "issued"


def test_a_contract_and_its_people(ask: Program, at: World) -> None:
    given = {
        "project_id": at.project.pk, "code": "HT-2", "name": "合同", "client": "甲方", "mode": "fixed",
        "starts_on": "2029-01-01", "ends_on": "2030-12-31", "yearly_fee_fen": 100_00,
        "staffing": [{"job": "保安员", "heads": 2, "max_age": 55}],
    }  # fmt: skip
    status, made = ask("post", "/contracts", given)
    assert (status, made["yearly_fee_fen"], made["staffing"][0]["heads"]) == (201, 10_000, 2)
    assert where(ask("post", "/contracts", {**given, "code": "HT-3", "ends_on": "2028-01-01"}))[0] == 422
    check = ask("get", "/contracts/{contracts}/staffing-check")[1][0]
    assert (check["job"], check["needed"], check["short"]) == ("保安员", 10, 9)
    change = {"contract_id": made["id"], "summary": "more", "effective_on": "2029-06-01", "yearly_fee_delta_fen": 500}
    status, proposed = ask("post", "/contract-changes", change)
    assert (status, proposed["steps"]) == (201, ["approve", "decline"])
    path = f"/contract-changes/{proposed['id']}"
    ask("post", f"{path}/approve", {"approved_on": "2026-11-20", "reference": "letter 7"})
    assert ask("get", f"/contracts/{made['id']}/fee?on=2029-07-01")[1] == {"yearly_fee_fen": 10_500}
    assert Contract.objects.filter(code="HT-3").count() == 0


def test_a_plan_goes_its_way(ask: Program, at: World) -> None:
    line = {
        "plan_id": at.ids["plans"], "title": "拜访", "activity": "visit", "cadence": "1/1 m", "minutes": "15.0",
        "team_id": at.ids["teams"],
    }  # fmt: skip
    status, made = ask("post", "/plan-lines", line)
    assert (status, made["is_custom"], made["minutes"]) == (201, True, "15.0")
    assert where(ask("post", "/plan-lines", {**line, "cadence": "now and then"})) == (422, ["/cadence"])
    assert ask("post", "/plans/{plans}/publish", {"effective_from": "2026-12-01"})[0] == 409
    assert ask("post", "/plans/{plans}/submit")[1]["state"] == "review"
    assert ask("delete", f"/plan-lines/{made['id']}")[0] == 409
    assert ask("post", "/plans/{plans}/send_back", {"remark": "too few"})[1]["state"] == "draft"
    assert ask("delete", f"/plan-lines/{made['id']}")[0] == 204
    assert Plan.objects.get(pk=at.ids["plans"]).remark == "too few"


def book() -> SimpleUploadedFile:
    """A workbook of two buildings."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream)
    sheet = workbook.add_worksheet("楼栋")
    heads = ("区域", "楼栋", "层数", "单元数", "高度(米)")
    for number, row in enumerate([heads, ("A区", "A1栋", 6, 4, 18.0), ("A区", "A2栋", 11, 2, 33.0)]):
        sheet.write_row(number, 0, row)
    workbook.close()
    return SimpleUploadedFile("楼栋.xlsx", stream.getvalue())


def test_a_workbook_is_imported_and_taken_back(ask: Program, at: World) -> None:
    before = Building.objects.count()
    given = {"file": book(), "project_id": at.project.pk, "importer": "registry.buildings"}
    answer = ask.client.post(f"{API}/imports", given, headers=ask.headers)
    assert answer.status_code == 201, answer.content
    path = f"/imports/{answer.json()['id']}"
    assert ask("post", f"{path}/apply")[0] == 409
    assert ask("post", f"{path}/map", {})[1]["state"] == "mapped"
    assert ask("post", f"{path}/check")[1]["state"] == "checking"
    jobs.drain()
    status, checked = ask("get", path)
    assert (status, checked["state"], checked["errors"]) == (200, "checked", [])
    ask("post", f"{path}/apply")
    jobs.drain()
    assert ask("get", path)[1]["state"] == "applied"
    assert Building.objects.count() == before + 2
    assert ask("get", f"{path}/dependents") == (200, [])
    assert ask("post", f"{path}/undo")[1]["state"] == "undone"
    assert Building.objects.count() == before


def test_a_file_that_is_no_workbook(ask: Program, at: World) -> None:
    broken = SimpleUploadedFile("a.xlsx", b"PK\x03\x04 no workbook")
    given = {"file": broken, "project_id": at.project.pk, "importer": "registry.buildings"}
    answer = ask.client.post(f"{API}/imports", given, headers=ask.headers)
    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")


def test_an_import_is_given_up(ask: Program, at: World) -> None:
    assert ask("post", "/imports/{imports}/cancel")[1]["state"] == "cancelled"
    assert ask("post", "/imports/{imports}/cancel")[0] == 409


def test_a_job_is_cancelled_and_tried_again(ask: Program, at: World) -> None:
    assert ask("post", "/jobs/{jobs}/cancel")[1]["state"] == "cancelled"
    assert ask("post", "/jobs/{jobs}/retry")[1]["state"] == "waiting"
    assert ask("post", "/jobs/{jobs}/retry")[0] == 409
    assert Job.objects.get(pk=at.ids["jobs"]).state == "waiting"


def test_jobs_are_for_who_manages_everything(at: World, api: Client) -> None:
    assert api.get(f"{API}/jobs", headers=bearer(at.outsider)).status_code == 403


def test_the_journal_is_read_and_verified(ask: Program, at: World) -> None:
    chain = f"project:{at.project.pk}"
    entries = ask("get", f"/journal?chain={chain}&verb=work.")[1]["items"]
    assert [one["verb"] for one in entries] == ["work.test"]
    assert ask("get", f"/journal-verify?chain={chain}")[1]["is_intact"] is True
    assert ask("get", "/journal-verify?chain=project:999")[0] == 404


def test_one_keeps_views_and_is_told_of_things(ask: Program, at: World) -> None:
    assert ask("post", "/notifications/mark-read", {}) == (200, {"marked": 1})
    quiet = ask("put", "/notification-settings/quiet-hours", {"starts": "22:00", "ends": "07:00"})[1]
    assert (quiet["quiet_from"], quiet["quiet_to"], quiet["unread"]) == ("22:00", "07:00", 0)
    wrong = {"event": "no.such", "channel": "email", "is_on": False}
    assert where(ask("put", "/notification-settings/choices", wrong)) == (422, ["/event"])
    assert ask("patch", "/me/preferences", {"language": "en"})[1]["language"] == "en"
    assert ask("delete", "/me/views/{me/views}") == (204, b"")
    assert not SavedView.objects.exists()


def test_a_remark_on_what_one_can_see(ask: Program, at: World, api: Client) -> None:
    given = {"kind": "task", "subject_id": at.ids["tasks"], "text": "see photo"}
    status, made = ask("post", "/comments", given)
    assert (status, made["author_name"]) == (201, "秘密经理")
    refused = api.post(
        f"{API}/comments", json.dumps(given), content_type="application/json", headers=bearer(at.outsider)
    )
    assert refused.status_code == 404
    assert ask("post", f"/comments/{made['id']}/withdraw")[1]["withdrawn_at"] is not None
