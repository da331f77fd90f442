"""Inspections through the API: begun, filled, photographed, signed, published, scored with the whole arithmetic."""

import io
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from explained import value_of
from factories import inspections as made
from factories.corrections import Estate
from factories.corrections import estate as make_estate
from factories.everything import bearer
from factories.tasks import photo

from wuyou.domains.org.models import User
from wuyou.domains.quality.models import Inspection, Target

API = "/api/v1"


class Program:
    """A program of somebody's: sends JSON, gives (status, body)."""

    def __init__(self, client: Client, user: User) -> None:
        self.client, self.headers = client, bearer(user)

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        data = "" if body is None else json.dumps(body)
        call = getattr(self.client, method)
        answer = call(API + path, data, content_type="application/json", headers=self.headers | headers)
        return answer.status_code, answer.json() if "json" in answer.get("Content-Type", "") else answer

    def send(self, path: str, **given: Any) -> tuple[int, Any]:
        """A file."""
        file = SimpleUploadedFile("a.jpg", photo().read(), content_type="image/jpeg")
        answer = self.client.post(API + path, {"file": file, **given}, headers=self.headers)
        return answer.status_code, answer.json()


@pytest.fixture
def estate(db: None, moment: object) -> Estate:
    return make_estate()


@pytest.fixture
def target(estate: Estate) -> Target:
    return made.target(estate, made.sheet(made.specs(estate.clause.pk)), inspector=estate.user("city"))


@pytest.fixture
def ask(api: Client, estate: Estate) -> Program:
    """The inspector's program."""
    return Program(api, estate.user("city"))


def pointers(answer: tuple[int, Any]) -> tuple[int, list[str]]:
    return answer[0], [one["pointer"] for one in answer[1].get("errors", [])]


def answers(**given: Any) -> list[dict[str, Any]]:
    return [{"code": code, "value": value} for code, value in given.items()]


def test_a_whole_inspection(ask: Program, api: Client, estate: Estate, target: Target) -> None:
    status, begun = ask("post", "/inspections", {"target_id": target.pk})
    assert (status, begun["state"], begun["level"], begun["answers"]) == (201, "under_way", "city", [])
    assert begun["missing"] == ["lamp", "stairs", "exit", "lifts", "sign"]
    path = f"/inspections/{begun['id']}"
    first = ask("put", f"{path}/section", {"section": "设施", "answers": answers(lamp="pass", stairs="dust,junk")})[1]
    assert (first["revision"], first["missing"]) == (1, ["stairs", "exit", "lifts", "sign"])
    assert [(one["code"], one["value"], one["verdict"]) for one in first["answers"]] == [
        ("lamp", "pass", "pass"), ("stairs", "dust,junk", "fail"),
    ]  # fmt: skip
    status, kept = ask.send(f"{path}/photos", item_code="stairs", taken_at="2026-11-20T09:00:00+08:00")
    assert (status, kept["subject_id"]) == (201, str(first["answers"][1]["id"]))
    ask("put", f"{path}/section", {"section": "安全", "answers": answers(exit="pass", lifts="no", sign="张三")})
    status, done = ask("post", f"{path}/submit", {"note": "尚可", "signed_as": "李四"})
    assert (status, done["state"], done["score"], done["signed_as"]) == (200, "submitted", "70.00", "李四")
    assert ask("post", f"{path}/publish")[1]["state"] == "published"
    client = Program(api, estate.user("client"))
    assert client("get", path)[1]["score"] == "70.00"
    scores = client("get", f"{path}/scores")[1]
    assert [(one["value"], one["reason"]) for one in scores] == [("70.00", "")]
    assert value_of(scores[0]["tree"]) == 70  # by docs/reference/explain.md alone
    assert [one["id"] for one in client("get", f"{path}/photos")[1]] == [kept["id"]]
    picture = api.get(f"{API}{path}/photo?photo_id={kept['id']}", headers=client.headers)
    assert (picture.content[:3], picture["X-Content-Type-Options"]) == (b"\xff\xd8\xff", "nosniff")
    assert client("get", f"{path}/photo?photo_id={kept['id'] + 1}")[0] == 404


def test_the_same_identifier_is_the_same_inspection(ask: Program, target: Target) -> None:
    given = {"target_id": target.pk, "client_id": str(uuid.uuid4())}
    first, second = ask("post", "/inspections", given)[1], ask("post", "/inspections", given)[1]
    assert (first["id"], Inspection.objects.count()) == (second["id"], 1)


def test_a_self_check_and_what_it_lacks(api: Client, estate: Estate, target: Target) -> None:
    manager = Program(api, estate.user("project_manager"))
    assert pointers(manager("post", "/inspections", {})) == (422, ["/target_id"])
    given = {"project_id": estate.project.pk, "sheet_version_id": target.campaign.sheet_version_id}
    assert pointers(manager("post", "/inspections", {**given, "level": "city"})) == (422, ["/level"])
    status, own = manager("post", "/inspections", given)
    assert (status, own["level"], own["campaign_id"]) == (201, "project", None)
    assert manager("get", "/inspections?level=project&state=under_way")[1]["items"][0]["id"] == own["id"]
    assert manager("post", "/inspections", {"target_id": target.pk})[0] == 403


def test_wrong_answers_point_at_themselves(ask: Program, target: Target) -> None:
    begun = ask("post", "/inspections", {"target_id": target.pk})[1]
    path = f"/inspections/{begun['id']}"
    wrong = {"section": "设施", "answers": answers(lamp="perhaps", stairs="moss")}
    assert pointers(ask("put", f"{path}/section", wrong)) == (422, ["/answers/lamp", "/answers/stairs"])
    assert pointers(ask("post", f"{path}/submit", {}))[1][0] == "/answers/lamp"
    assert ask("put", f"{path}/section", {"section": "绿化", "answers": []})[0] == 404
    ask("put", f"{path}/section", {"section": "设施", "answers": answers(lamp="pass")})
    late = {"section": "设施", "answers": answers(lamp="fail"), "revision": 0}
    assert ask("put", f"{path}/section", late)[0] == 409


def test_a_photo_by_mistake(ask: Program, target: Target) -> None:
    begun = ask("post", "/inspections", {"target_id": target.pk})[1]
    path = f"/inspections/{begun['id']}"
    kept = ask.send(f"{path}/photos", item_code="lamp")[1]
    left = ask("post", f"{path}/discard-photo", {"item_code": "lamp", "photo_id": kept["id"]})
    assert (left[0], left[1]["answers"][0]["photos"]) == (200, 0)
    assert ask("post", f"{path}/discard-photo", {"item_code": "lamp", "photo_id": kept["id"] + 1})[0] == 404
    answer = ask.client.post(
        f"{API}{path}/photos", {"file": io.BytesIO(b"no picture"), "item_code": "lamp"}, headers=ask.headers
    )
    assert answer.status_code in {415, 422}


def test_two_inspectors_are_compared_once_both_are_done(
    ask: Program, api: Client, estate: Estate, target: Target
) -> None:
    first = Inspection.objects.get(pk=ask("post", "/inspections", {"target_id": target.pk})[1]["id"])
    region = Program(api, estate.user("region"))
    second = Inspection.objects.get(pk=region("post", "/inspections", {"second_of_id": first.pk})[1]["id"])
    made.done(first, {"lamp": "fail"})
    assert region("get", f"/inspections/{first.pk}")[0] == 404
    assert region("get", f"/inspections/{second.pk}/agreement")[1] == []
    made.done(second)
    rows = region("get", f"/inspections/{second.pk}/agreement")[1]
    assert [(row["code"], row["first_verdict"], row["second_verdict"], row["is_same"]) for row in rows] == [
        ("lamp", "fail", "pass", False), ("stairs", "pass", "pass", True), ("exit", "pass", "pass", True),
    ]  # fmt: skip


def test_handed_on_and_declared_void(ask: Program, api: Client, estate: Estate, target: Target) -> None:
    begun = ask("post", "/inspections", {"target_id": target.pk})[1]
    path = f"/inspections/{begun['id']}"
    quality = Program(api, estate.user("group_quality"))
    to = {"to_id": estate.user("region").pk, "reason": "离职"}
    for wrong in (10**9, estate.user("project_manager").pk):
        assert pointers(quality("post", f"{path}/hand-on", {**to, "to_id": wrong})) == (422, ["/to_id"])
    handed = quality("post", f"{path}/hand-on", to)
    assert (handed[0], handed[1]["inspector_id"]) == (200, estate.user("region").pk)
    void = quality("post", f"{path}/void", {"reason": "走错小区"})
    assert (void[0], void[1]["state"], void[1]["void_because"]) == (200, "void", "走错小区")
    assert quality("post", f"{path}/void", {"reason": "走错小区"})[0] == 409
