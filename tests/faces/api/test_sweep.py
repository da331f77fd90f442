"""Every operation of the description, asked by everybody who may not: nothing happens and nothing leaks."""

import json
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from factories.everything import World, bearer
from factories.examples import example

from wuyou.faces.api import problems
from wuyou.faces.api.access import OWN
from wuyou.faces.api.door import description

DOCUMENT = description()
SCHEMAS = DOCUMENT["components"]["schemas"]
SHARED = {"roles", "subjects", "qualification-kinds", "jobs"}  # known or closed to everybody alike
MARK = "秘密"
QUERIES = {
    "inspections_photo": "?photo_id={inspection-photos}",
    "findings_photo": "?photo={evidence}",
    "compliance_get": "?by=day&first=2026-11-01&last=2026-11-20",
    "tags_resolve": "?code=23450000",
    "appeals_evidence_file": "?evidence_id={evidence}",
    "appeal_chance": "?subject_kind=finding&subject_id={findings}",
    "quality_figure": "?metric=quality.recurrence&first=2026-11-01&last=2026-11-20",
    "quality_meeting": "?node_id={nodes}&month=2026-11",
    "quality_control_chart": "?chart=pass_rate&first=2026-11-01&last=2026-11-20",
    "quality_projects_compared": "?first=2026-11-01&last=2026-11-20",
    "quality_inspectors_compared": "?first=2026-11-01&last=2026-11-20",
    "quality_causes_compared": "?first=2026-11-01&last=2026-11-20",
    "comments_list": "?kind=place&id={places}",
    "import_template": "?importer=registry.rooms",
    "enrolments_year": "?year=2026",
    "enrolments_simulation": "?version_id={appraisal-versions}",
    "journal_seals_list": "?chain=project:{projects}",
    "journal_verify": "?chain=project:{projects}",
    "search": "?q=a",
    "standard_versions_compare": "?to={standard-versions}",
    "plans_calendar": "?start=2026-11-01&end=2026-11-30",
    "plans_overfull_days": "?start=2026-11-01&end=2026-11-30",
}


@dataclass(frozen=True)
class Operation:
    """One operation as described."""

    method: str
    path: str
    about: dict[str, Any]

    @property
    def name(self) -> str:
        """Its id."""
        return self.about["operationId"]

    @property
    def rights(self) -> list[str]:
        """The rights of which one is needed."""
        return self.about["x-permissions"]

    @property
    def resource(self) -> str:
        """`tasks` of /api/v1/tasks/{id}/claim."""
        return self.path.removeprefix("/api/v1/").partition("/{")[0]

    def address(self, at: World) -> str:
        """The path at this estate, with the query it cannot do without."""
        path = self.path.replace("{batch}", "00000000-0000-4000-8000-000000000001")
        query = QUERIES.get(self.name, "")
        for name, pk in at.ids.items():
            query = query.replace(f"{{{name}}}", str(pk))
        return path.replace("{id}", str(at.ids.get(self.resource, 1))) + query

    def send(self, client: Client, at: World, **headers: str) -> Any:
        """Ask with the smallest body that fits."""
        content = self.about.get("requestBody", {}).get("content", {})
        call = getattr(client, self.method)
        address = self.address(at)
        if "multipart/form-data" in content:
            given = example(content["multipart/form-data"]["schema"], SCHEMAS)
            return call(address, {**given, "file": SimpleUploadedFile("a.txt", b"a")}, headers=headers)
        if content:
            given = example(content["application/json"]["schema"], SCHEMAS)
            return call(address, json.dumps(given), content_type="application/json", headers=headers)
        return call(address, headers=headers)


OPERATIONS = [
    Operation(method, path, about) for path, methods in DOCUMENT["paths"].items() for method, about in methods.items()
]
ON_RECORDS = [one for one in OPERATIONS if "{id}" in one.path and one.resource not in SHARED]
READS = [one for one in OPERATIONS if one.method == "get"]


def names(operations: list[Operation]) -> list[str]:
    """For the report."""
    return [one.name for one in operations]


def test_names_are_said_once() -> None:
    found = names(OPERATIONS)
    assert sorted(set(found)) == sorted(found)


def is_problem(answer: Any, status: int, name: str) -> bool:
    """Whether an answer is the problem document of a status."""
    body = answer.json()
    problems.Problem.model_validate(body)
    assert (answer.status_code, body["status"]) == (status, status), (name, body)
    assert answer["Content-Type"] == "application/problem+json", name
    return True


def test_strangers_are_asked_who_they_are(at: World, api: Client) -> None:
    for one in OPERATIONS:
        answer = one.send(api, at)
        assert is_problem(answer, 401, one.name)
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_wrong_token_is_no_token_even_beside_a_session(at: World, api: Client) -> None:
    api.force_login(at.manager)
    for one in READS:
        assert is_problem(one.send(api, at, authorization="Bearer wy_wrong"), 401, one.name)


def test_scopes_hold_back_what_the_user_may(at: World, api: Client) -> None:
    headers = bearer(at.manager, "nothing.at_all")
    for one in OPERATIONS:
        assert is_problem(one.send(api, at, **headers), 403, one.name)


def test_a_colleague_without_rights_is_refused(at: World, api: Client) -> None:
    headers = bearer(at.colleague)
    for one in OPERATIONS:
        if not set(one.rights) & OWN:
            assert is_problem(one.send(api, at, **headers), 403, one.name)


def test_other_estates_do_not_exist(at: World, api: Client) -> None:
    headers = bearer(at.outsider)
    wrong = {}
    for one in ON_RECORDS:
        answer = one.send(api, at, **headers)
        refused = one.about.get("x-person-only") and answer.status_code == 403
        if answer.status_code != 404 and not refused:
            wrong[one.name] = (answer.status_code, answer.content.decode()[:200])
        assert MARK not in answer.content.decode(), one.name
    assert wrong == {}


def test_nothing_of_other_estates_is_listed(at: World, api: Client) -> None:
    headers = bearer(at.outsider)
    for one in READS:
        text = one.send(api, at, **headers).content.decode(errors="replace")
        assert MARK not in text, one.name
        assert "\\u79d8" not in text, one.name


def test_who_may_reads_what_the_description_says(at: World, api: Client) -> None:
    headers = bearer(at.manager)
    # there are no files behind this world's evidence, and none that belongs to the appeal
    files = {"appeals_evidence_file", "evidence_file", "evidence_thumbnail", "findings_photo"}
    unknown = {"tags_resolve"}  # its code is not one that is issued
    for one in READS:
        answer = one.send(api, at, **headers)
        if one.name in files | unknown:
            continue
        assert answer.status_code == 200, (one.name, answer.content.decode()[:300])
        described = one.about["responses"].get("200", {}).get("content", {}).get("application/json")
        if described:
            document = {**described["schema"], "components": DOCUMENT["components"]}
            errors = [error.message for error in jsonschema_rs.validator_for(document).iter_errors(answer.json())]
            assert errors == [], one.name


def test_every_list_has_something_to_show(at: World, api: Client) -> None:
    """So that the tests of leaks look at real records."""
    headers = bearer(at.manager)
    empty = []
    for one in READS:
        if one.name.endswith("_list") and "{" not in one.path:
            body = one.send(api, at, **headers).json()
            rows = body["items"] if isinstance(body, dict) else body
            empty += [] if rows else [one.name]
    assert set(empty) <= {"journal_seals_list", "contract_renewals_list"}  # need a night, and an end that is near


CHANGES = [one for one in OPERATIONS if one.method != "get"]


def test_nothing_falls_over_when_it_is_asked_for_the_first_thing_at_hand(at: World, api: Client) -> None:
    """The smallest bodies, each at a fresh savepoint: done, or refused with a reason, as the description says."""
    session = Client(raise_request_exception=False)
    session.force_login(at.manager)
    wrong = {}
    for one in CHANGES:
        point = transaction.savepoint()
        answer = one.send(session, at)
        if answer.status_code >= 500 or (answer.status_code < 400 and not is_described(one, answer)):
            wrong[one.name] = (answer.status_code, answer.content.decode()[:300])
        transaction.savepoint_rollback(point)
    assert wrong == {}


def is_described(one: Operation, answer: Any) -> bool:
    """Whether an answer has a status and a body that the description speaks of."""
    described = one.about["responses"].get(str(answer.status_code))
    if described is None:
        return False
    schema = described.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return True
    document = {**schema, "components": DOCUMENT["components"]}
    return not [*jsonschema_rs.validator_for(document).iter_errors(answer.json())]
