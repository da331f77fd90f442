"""Ways in, errors, repeated requests, ETags, pages: what all operations have in common."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.everything import World, bearer, token_for
from factories.org import AssignmentFactory, RoleFactory, UserFactory

from wuyou.domains.org.actions import revoke_token
from wuyou.domains.org.models import ApiToken, Node, User
from wuyou.domains.org.queries import has_permission, narrow_to
from wuyou.domains.work.models import Task
from wuyou.kernel import clock
from wuyou.kernel.idempotency.models import Key
from wuyou.kernel.journal.models import Entry

API = "/api/v1"


def send(client: Client, method: str, path: str, body: object = None, **headers: str) -> Any:
    """A JSON request."""
    data = "" if body is None else json.dumps(body)
    return getattr(client, method)(API + path, data, content_type="application/json", headers=headers)


def task_url(at: World) -> str:
    """The task of the estate."""
    return f"/tasks/{at.ids['tasks']}"


# --- tokens


def test_a_token_acts_for_its_user(at: World, api: Client) -> None:
    answer = api.get(f"{API}/me", headers=bearer(at.manager, "read"))
    assert (answer.status_code, answer.json()["full_name"], answer.json()["scopes"]) == (200, "秘密经理", ["read"])


def test_a_token_is_spent_when_revoked_expired_or_its_user_shut_out(at: World, api: Client) -> None:
    headers = bearer(at.manager)
    token = ApiToken.objects.latest("id")
    with clock.at(clock.now() + timedelta(days=1)):
        assert api.get(f"{API}/me", headers=headers).status_code == 200
    ApiToken.objects.filter(pk=token.pk).update(expires_at=clock.now())
    assert api.get(f"{API}/me", headers=headers).status_code == 401
    ApiToken.objects.filter(pk=token.pk).update(expires_at=None)
    User.objects.filter(pk=at.manager.pk).update(is_active=False)
    assert api.get(f"{API}/me", headers=headers).status_code == 401
    User.objects.filter(pk=at.manager.pk).update(is_active=True)
    revoke_token(token, by=at.manager)
    assert api.get(f"{API}/me", headers=headers).status_code == 401


def test_use_of_a_token_is_noted_every_ten_minutes_at_most(at: World, api: Client) -> None:
    headers = bearer(at.manager)
    first = clock.now()
    api.get(f"{API}/me", headers=headers)
    with clock.at(first + timedelta(minutes=9)):
        api.get(f"{API}/me", headers=headers)
    assert ApiToken.objects.latest("id").last_used_at == first
    with clock.at(first + timedelta(minutes=10)):
        api.get(f"{API}/me", headers=headers)
    assert ApiToken.objects.latest("id").last_used_at == first + timedelta(minutes=10)


def test_actions_see_the_narrowed_rights(at: World) -> None:
    user = User.objects.get(pk=at.manager.pk)
    assert has_permission(user, "work.do_tasks", at.project.node)
    narrow_to(user, ["read", "assets.*"])
    allowed = {code: has_permission(user, code, at.project.node) for code in (
        "work.view_tasks", "work.do_tasks", "assets.manage_assets", "registry.manage_places",
    )}  # fmt: skip
    assert allowed == {
        "work.view_tasks": True, "work.do_tasks": False, "assets.manage_assets": True, "registry.manage_places": False,
    }  # fmt: skip
    assert user.is_admin is False
    assert User.objects.get(pk=user.pk).is_admin is True


def test_a_scope_does_not_give_what_the_user_lacks(at: World, api: Client) -> None:
    headers = bearer(at.colleague, "*", "work.view_tasks")
    assert api.get(f"{API}/tasks", headers=headers).status_code == 403


def test_a_token_with_one_right_cannot_reach_another_action_of_the_same_record(at: World, api: Client) -> None:
    headers = bearer(at.manager, "work.view_tasks", "work.do_tasks")
    assert send(api, "post", f"{task_url(at)}/claim", **headers).status_code == 200
    assert send(api, "post", f"{task_url(at)}/withdraw", {"note": "x"}, **headers).status_code == 403
    assert Task.objects.get(pk=at.ids["tasks"]).state == "claimed"


def test_no_token_makes_a_token_or_a_code(at: World, api: Client) -> None:
    headers = bearer(at.manager, "*")
    given = {"name": "more", "scopes": ["*"]}
    assert send(api, "post", "/me/tokens", given, **headers).status_code == 403
    assert send(api, "post", f"/users/{at.ids['users']}/new-code", **headers).status_code == 403


# --- the browser's session


def test_a_session_changes_things_only_with_its_csrf_token(at: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(at.manager)
    assert client.get(f"{API}/me").json()["scopes"] is None
    refused = send(client, "post", f"{task_url(at)}/claim")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    client.cookies["csrftoken"] = "a" * 32
    assert send(client, "post", f"{task_url(at)}/claim", **{"X-CSRFToken": "a" * 32}).status_code == 200


def test_a_person_makes_a_token_and_sees_it_once(at: World, api: Client) -> None:
    api.force_login(at.manager)
    made = send(api, "post", "/me/tokens", {"name": "till", "scopes": ["work.view_tasks"]})
    assert made.status_code == 201
    listed = api.get(f"{API}/me/tokens?sort=-made_at").json()["items"]
    assert made.json()["token"] not in json.dumps(listed)
    api.logout()
    assert api.get(f"{API}/tasks", headers={"authorization": f"Bearer {made.json()['token']}"}).status_code == 200


def test_too_many_requests_wait(at: World, api: Client, settings: Any) -> None:
    settings.API_PER_MINUTE = 3
    headers = bearer(at.manager)
    assert [api.get(f"{API}/me", headers=headers).status_code for _ in range(4)] == [200, 200, 200, 429]
    waiting = api.get(f"{API}/me", headers=headers)
    assert (waiting["Retry-After"], waiting.json()["type"]) == ("60", "urn:wuyou:problem:too_many_requests")
    assert api.get(f"{API}/me", headers=bearer(at.manager)).status_code == 200  # each token counts for itself
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert api.get(f"{API}/me", headers=headers).status_code == 200


# --- errors


def test_wrong_methods_and_addresses_are_problems(at: World, api: Client) -> None:
    headers = bearer(at.manager)
    wrong = api.delete(f"{API}/tasks", headers=headers)
    assert (wrong.status_code, wrong.json()["status"], wrong["Allow"]) == (405, 405, "GET")
    assert api.get(f"{API}/nothing", headers=headers).json()["status"] == 404


def test_a_problem_says_where(at: World, api: Client) -> None:
    headers = {**bearer(at.manager), "Accept-Language": "en", "X-Request-ID": "abcdefgh1234"}
    answer = send(api, "post", "/assets", {"project_id": 0, "code": "x", "name": "n", "extra": 1}, **headers)
    body = answer.json()
    assert answer.status_code == 422
    assert (body["type"], body["instance"], body["reference"]) == (
        "urn:wuyou:problem:invalid", "/api/v1/assets", "abcdefgh1234",
    )  # fmt: skip
    assert {(one["in"], one["pointer"]) for one in body["errors"]} == {
        ("body", "/project_id"), ("body", "/category"), ("body", "/extra"),
    }  # fmt: skip


def test_a_rule_of_the_domain_says_its_field(at: World, api: Client) -> None:
    answer = send(api, "post", f"{task_url(at)}/skip", {"skip_reason": "other"}, **bearer(at.manager))
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/note"]


def test_a_move_that_is_not_allowed_from_here(at: World, api: Client) -> None:
    answer = send(api, "post", f"{task_url(at)}/accept", {}, **bearer(at.manager))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:wuyou:problem:illegal_move")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("project_id", "1"),
        ("project_id", True),
        ("project_id", 2**63),
        ("project_id", 1.5),
        ("code", "a\u0000b"),
        ("code", "x" * 41),
        ("quantity", 0),
        ("in_service_on", 1700000000),
        ("in_service_on", "1700000000"),
        ("in_service_on", "0001-01-01"),
        ("in_service_on", "2026-02-30"),
        ("x", "NaN"),
    ],
)
def test_values_of_another_kind_are_refused(at: World, api: Client, field: str, value: object) -> None:
    good = {"project_id": at.project.pk, "code": "N1", "category": "路灯", "name": "灯"}
    answer = send(api, "post", "/assets", good | {field: value}, **bearer(at.manager))
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [f"/{field}"])


@pytest.mark.parametrize("moment", ["2026-11-20T08:00:00", 1700000000, "1700000000", "2026-11-20"])
def test_moments_carry_a_zone(at: World, api: Client, moment: object) -> None:
    given = {"place_id": at.ids["places"], "sort": "kitchen", "weight_kg": "1.5", "at": moment}
    answer = send(api, "post", "/refuse", given, **bearer(at.manager))
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/at"]


@pytest.mark.parametrize("weight", [1.5, 1, "1e3", "NaN", "-1", "1.555", "１"])
def test_decimals_are_written_as_text(at: World, api: Client, weight: object) -> None:
    given = {"place_id": at.ids["places"], "sort": "kitchen", "weight_kg": weight}
    answer = send(api, "post", "/refuse", given, **bearer(at.manager))
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/weight_kg"]


def test_a_body_that_is_no_object(at: World, api: Client) -> None:
    headers = bearer(at.manager)
    for body in ('"AAA"', "[]", "null", "{", ""):
        answer = api.post(f"{API}/assets", body, content_type="application/json", headers=headers)
        assert answer.status_code in {400, 422}, body
        assert answer["Content-Type"] == "application/problem+json"


def test_a_record_of_another_estate_in_a_body_is_not_there(at: World, api: Client) -> None:
    given = {"project_id": at.project.pk, "code": "N1", "category": "路灯", "name": "灯"}
    answer = send(api, "post", "/assets", given, **bearer(at.outsider))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/project_id")


# --- the same request again


def test_a_repeated_request_is_answered_not_done_again(at: World, api: Client) -> None:
    headers = {**bearer(at.manager), "Idempotency-Key": "k1"}
    given = {"project_id": at.project.pk, "code": "N1", "category": "路灯", "name": "灯"}
    first = send(api, "post", "/assets", given, **headers)
    again = send(api, "post", "/assets", given, **headers)
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (201, 201, "true")
    assert first.json() == again.json()
    assert Entry.objects.filter(verb__startswith="assets.", subject_id=str(first.json()["id"])).count() == 1


def test_a_key_is_for_one_request(at: World, api: Client) -> None:
    headers = {**bearer(at.manager), "Idempotency-Key": "k1"}
    send(api, "post", f"{task_url(at)}/claim", **headers)
    answer = send(api, "post", f"{task_url(at)}/release", **headers)
    assert (answer.status_code, Task.objects.get(pk=at.ids["tasks"]).state) == (409, "claimed")


def test_a_request_that_failed_may_be_sent_again(at: World, api: Client) -> None:
    headers = {**bearer(at.manager), "Idempotency-Key": "k1"}
    assert send(api, "post", f"{task_url(at)}/release", **headers).status_code == 409
    assert not Key.objects.exists()
    send(api, "post", f"{task_url(at)}/claim", **bearer(at.manager))
    assert send(api, "post", f"{task_url(at)}/release", **headers).status_code == 200


def test_a_secret_answer_is_kept_nowhere(at: World, api: Client) -> None:
    given = {"field": "phone", "reason": "call back"}
    path = f"/persons/{at.ids['persons']}/reveal"
    assert send(api, "post", path, given, **bearer(at.manager), **{"Idempotency-Key": "k"}).status_code == 422
    answer = send(api, "post", path, given, **bearer(at.manager))
    assert answer.json()["value"].startswith("138")
    assert not Key.objects.exists()


def test_a_task_is_finished_once_whatever_the_phone_repeats(at: World, api: Client) -> None:
    given = {"note": "done", "client_id": str(uuid.uuid4())}
    answers = [send(api, "post", f"{task_url(at)}/complete", given, **bearer(at.manager)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Entry.objects.filter(verb="work.task_done").count() == 1
    other = send(api, "post", f"{task_url(at)}/complete", {"client_id": str(uuid.uuid4())}, **bearer(at.manager))
    assert other.status_code == 409


# --- ETags


def test_who_has_it_already_hears_only_that(at: World, api: Client) -> None:
    headers = bearer(at.manager)
    first = api.get(API + task_url(at), headers=headers)
    again = api.get(API + task_url(at), headers={**headers, "If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_a_change_of_what_has_changed_since_is_refused(at: World, api: Client) -> None:
    headers = bearer(at.manager)
    read = api.get(API + task_url(at), headers=headers)["ETag"]
    assert send(api, "post", f"{task_url(at)}/claim", **headers, **{"If-Match": read}).status_code == 200
    stale = send(api, "post", f"{task_url(at)}/release", **headers, **{"If-Match": read})
    assert (stale.status_code, Task.objects.get(pk=at.ids["tasks"]).state) == (412, "claimed")
    now = api.get(API + task_url(at), headers=headers)["ETag"]
    assert send(api, "post", f"{task_url(at)}/release", **headers, **{"If-Match": f'"x", {now}'}).status_code == 200


# --- pages


@pytest.mark.parametrize("query", ["page=0", "page=10001", "size=0", "size=201", "sort=note", "nothing=1", "state=x"])
def test_lists_have_bounds(at: World, api: Client, query: str) -> None:
    answer = api.get(f"{API}/tasks?{query}", headers=bearer(at.manager))
    assert (answer.status_code, answer.json()["errors"][0]["in"]) == (422, "query")


def test_pages_follow_each_other(at: World, api: Client) -> None:
    node = Node.objects.get(pk=at.ids["nodes"])
    for _ in range(4):
        AssignmentFactory(user=UserFactory(), role=RoleFactory(), node=node)
    headers = bearer(at.manager)
    pages = [
        api.get(f"{API}/roles?size=4&sort=code&with_total=true&page={n}", headers=headers).json() for n in (1, 2, 3)
    ]
    codes = [role["code"] for page in pages for role in page["items"]]
    assert codes == sorted(set(codes))
    assert pages[0]["has_more"] is True
    assert len(codes) == min(12, pages[0]["total"])


def queries(client: Client, path: str, headers: dict[str, str]) -> int:
    """How often a request asks the database."""
    with CaptureQueriesContext(connection) as found:
        assert client.get(API + path, headers=headers).status_code == 200
    return len(found)


def described(client: Client, at: World) -> dict[str, Any]:
    """The description of the API."""
    answer = client.get(f"{API}/openapi.json", headers=bearer(at.manager))
    found: dict[str, Any] = answer.json()
    return found


def test_a_list_asks_the_database_as_often_for_fifty_rows_as_for_one(at: World, api: Client) -> None:
    headers = bearer(at.manager)
    queries(api, "/tasks", headers)  # the first request also notes that the token is used
    few = queries(api, "/tasks", headers)
    task = Task.objects.get(pk=at.ids["tasks"])
    for _ in range(49):
        task.pk = None
        task.save()
    assert len(api.get(f"{API}/tasks", headers=headers).json()["items"]) == 50
    assert (queries(api, "/tasks", headers), few <= 12) == (few, True)


def test_every_list_keeps_to_twelve_queries(at: World, api: Client) -> None:
    headers = bearer(at.manager)
    listed = {path.removeprefix(API) for path, ways in described(api, at)["paths"].items() if "get" in ways}
    names = [name for name in at.ids if f"/{name}" in listed and name not in {"evidence", "comments"}]
    queries(api, "/tasks", headers)
    assert {name: found for name in names if (found := queries(api, f"/{name}", headers)) > 12} == {}


def test_the_description_is_served(at: World, api: Client) -> None:
    answer = api.get(f"{API}/openapi.json", headers={"authorization": f"Bearer {token_for(at.manager)}"})
    assert answer.json()["openapi"] == "3.1.0"
