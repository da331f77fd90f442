"""A working day through the API: proof, completion, bulk, review, problems, absence, compliance."""

import io
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from factories.everything import bearer
from factories.tasks import Site, site, task
from PIL import Image

from wuyou.domains.org.models import User
from wuyou.domains.work.models import Absence, DisinfectionEntry, Problem, Task
from wuyou.kernel import clock
from wuyou.kernel.evidence.models import Evidence

API = "/api/v1"


@pytest.fixture
def here(db: None, moment: object) -> Site:
    """A small estate with three cleaners."""
    return site()


def send(client: Client, path: str, body: object, user: User, method: str = "post", **headers: str) -> Any:
    """A JSON request of a program."""
    call = getattr(client, method)
    return call(API + path, json.dumps(body), content_type="application/json", headers=bearer(user) | headers)


def photo(shade: int = 90) -> SimpleUploadedFile:
    """A picture that shows something."""
    book = io.BytesIO()
    Image.effect_noise((64, 64), shade).convert("RGB").save(book, "JPEG")
    return SimpleUploadedFile("stair.jpg", book.getvalue(), content_type="image/jpeg")


def attach(client: Client, row: Task, user: User, **given: Any) -> Any:
    """Send a photo in for a task."""
    return client.post(f"{API}/tasks/{row.pk}/evidence", {"file": photo(), **given}, headers=bearer(user))


def worker(here: Site, number: int = 0) -> User:
    """A cleaner's log-in."""
    user = here.cleaners[number].user
    assert user is not None
    return user


def test_a_task_is_done_with_its_photo(here: Site, api: Client) -> None:
    row = task(here, evidence="photo")
    lacking = send(api, f"/tasks/{row.pk}/complete", {}, worker(here))
    assert (lacking.status_code, lacking.json()["errors"][0]["pointer"]) == (422, "/photos")
    sent = attach(api, row, worker(here), taken_at="2026-11-20T09:00:00+08:00", latitude="43.9", longitude="125.3")
    assert (sent.status_code, sent.json()["kind"], sent.json()["latitude"]) == (201, "photo", 43.9)
    done = send(api, f"/tasks/{row.pk}/complete", {"note": "干净"}, worker(here))
    assert (done.status_code, done.json()["state"], done.json()["evidence_count"]) == (200, "done", 1)
    shown = api.get(f"{API}/tasks/{row.pk}/evidence", headers=bearer(here.lead)).json()
    assert [one["id"] for one in shown] == [sent.json()["id"]]
    picture = api.get(f"{API}/evidence/{sent.json()['id']}/file", headers=bearer(here.lead))
    assert (picture.status_code, picture["X-Content-Type-Options"]) == (200, "nosniff")
    assert b"".join(picture.streaming_content)[:3] == b"\xff\xd8\xff"
    history = api.get(f"{API}/tasks/{row.pk}/history", headers=bearer(here.lead)).json()
    assert "work.task_done" in [entry["verb"] for entry in history]


def test_a_photo_sent_twice_with_its_key_is_kept_once(here: Site, api: Client) -> None:
    row, headers = task(here, evidence="photo"), {**bearer(worker(here)), "Idempotency-Key": "photo-1"}
    picture = photo().read()
    answers = [
        api.post(
            f"{API}/tasks/{row.pk}/evidence", {"file": SimpleUploadedFile("a.jpg", picture)}, headers=headers
        )
        for _ in range(2)
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [201, 201]
    assert (answers[0].json(), Evidence.objects.count()) == (answers[1].json(), 1)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"file": SimpleUploadedFile("a.jpg", b"%PDF-1.4 not a photo")}, 415),
        ({"latitude": "91"}, 422),
        ({"latitude": "43"}, 422),
        ({"taken_at": "2026-11-20T09:00:00"}, 422),
        ({"kind": "painting"}, 422),
    ],
)
def test_files_that_prove_nothing(here: Site, api: Client, given: dict[str, Any], status: int) -> None:
    answer = attach(api, task(here), worker(here), **given)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert not Evidence.objects.exists()


def test_somebody_elses_task_is_not_mine_to_do(here: Site, api: Client) -> None:
    row = task(here, assignee=here.cleaners[1])
    assert send(api, f"/tasks/{row.pk}/complete", {}, worker(here)).status_code == 404
    assert Task.objects.get(pk=row.pk).state == "open"


def test_a_stair_is_finished_in_one_go(here: Site, api: Client) -> None:
    rows, batch = [task(here, evidence="photo", activity="sweep") for _ in range(3)], uuid.uuid4()
    wanted = [row.pk for row in rows]
    sent = api.post(
        f"{API}/batches/{batch}/evidence", {"file": photo(), "task_ids": wanted}, headers=bearer(worker(here))
    )
    assert sent.status_code == 201, sent.content
    done = send(api, "/tasks/complete-batch", {"task_ids": wanted, "batch": str(batch)}, worker(here))
    assert (done.status_code, sorted(done.json()["task_ids"])) == (200, wanted)
    assert set(Task.objects.values_list("state", flat=True)) == {"done"}


def test_a_batch_names_the_task_that_is_not_there(here: Site, api: Client) -> None:
    answer = send(api, "/tasks/complete-batch", {"task_ids": [task(here).pk, 999]}, worker(here))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/task_ids/1")


def test_a_series_is_all_or_none(here: Site, api: Client) -> None:
    rows = [task(here), task(here, evidence="record")]
    series = [{"task_id": row.pk, "note": ""} for row in rows]
    assert send(api, "/tasks/complete-series", {"tasks": series}, worker(here)).status_code == 422
    assert set(Task.objects.values_list("state", flat=True)) == {"open"}
    series[1]["note"] = "written down"
    assert send(api, "/tasks/complete-series", {"tasks": series}, worker(here)).json() == {"finished": 2}


def test_work_is_handed_over_in_bulk(here: Site, api: Client) -> None:
    rows = [task(here) for _ in range(3)]
    given = {"task_ids": [row.pk for row in rows], "to_id": here.cleaners[1].pk, "reason": "sick"}
    lead = User.objects.get(pk=here.lead.pk)
    assert send(api, "/tasks/hand-over", given, worker(here)).status_code == 403
    refused = send(api, "/tasks/hand-over", given, lead)  # a lead who does not see staff cannot name one
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/to_id")
    role = lead.assignments.get().role
    role.permissions = [*role.permissions, "registry.view_staff"]
    role.save()
    assert send(api, "/tasks/hand-over", given, lead).json() == {"tasks": 3}
    assert set(Task.objects.values_list("assignee", flat=True)) == {here.cleaners[1].pk}


def test_evidence_is_reviewed_by_somebody_else(here: Site, api: Client) -> None:
    row = task(here)
    send(api, f"/tasks/{row.pk}/complete", {}, worker(here))
    sample = api.get(f"{API}/tasks/to-review", headers=bearer(here.lead)).json()
    assert [one["id"] for one in sample] == [row.pk]
    without = send(api, f"/tasks/{row.pk}/reject", {"review_note": " "}, here.lead)
    assert without.status_code == 422
    rejected = send(api, f"/tasks/{row.pk}/reject", {"review_note": "dark"}, here.lead).json()
    assert (rejected["state"], rejected["rejections"], rejected["steps"]) == ("rejected", 1, ["complete"])


def test_a_problem_found_goes_its_way(here: Site, api: Client) -> None:
    row = task(here)
    found = {"found": {"text": "漏水", "severity": "major"}}
    assert send(api, f"/tasks/{row.pk}/complete", found, worker(here)).json()["result"] == "problem"
    problem = api.get(f"{API}/problems?severity=major", headers=bearer(here.lead)).json()["items"][0]
    assert (problem["task_id"], problem["steps"]) == (row.pk, ["acknowledge", "resolve"])
    path = f"/problems/{problem['id']}"
    assert send(api, f"{path}/close", {}, here.lead).status_code == 409
    assert send(api, f"{path}/resolve", {}, here.lead).json()["errors"][0]["pointer"] == "/remedy"
    assert send(api, f"{path}/resolve", {"remedy": "pipe replaced"}, here.lead).json()["state"] == "resolved"
    assert send(api, f"{path}/close", {}, here.lead).json()["state"] == "closed"
    assert Problem.objects.get().remedy == "pipe replaced"


def test_lists_are_narrowed_and_sorted(here: Site, api: Client) -> None:
    late = task(here, opens=clock.now() - timedelta(days=2))
    now = task(here, place=1)
    headers = bearer(here.lead)

    def ids(query: str) -> list[int]:
        return [one["id"] for one in api.get(f"{API}/tasks?{query}", headers=headers).json()["items"]]

    assert ids("timing=late") == [late.pk]
    assert ids("sort=-due") == [now.pk, late.pk]
    assert ids(f"zone_id={here.zones[1].pk}") == [now.pk]
    assert ids("day_from=2026-11-20") == [now.pk]
    assert ids("q=1号楼道") == [now.pk]
    mine = api.get(f"{API}/me/day", headers=bearer(worker(here))).json()
    assert ([one["id"] for one in mine["late"]], mine["total"]) == ([late.pk], 0)


def test_an_absence_is_tried_before_it_is_recorded(here: Site, api: Client) -> None:
    task(here)
    lead = here.lead
    role = lead.assignments.get().role
    role.permissions = [*role.permissions, "registry.view_staff"]
    role.save()
    given = {"staff_id": here.cleaners[0].pk, "starts_on": "2026-11-20", "ends_on": "2026-11-20"}
    shared = send(api, "/absences/preview", given, lead).json()
    assert (shared["left_open"], sum(one["tasks"] for one in shared["taken"]), Absence.objects.count()) == (0, 1, 0)
    made = send(api, "/absences", {**given, "kind": "sick"}, lead)
    assert (made.status_code, made.json()["taken"]) == (201, shared["taken"])
    assert send(api, "/absences", {**given, "kind": "sick"}, lead).status_code == 409
    cancelled = send(api, f"/absences/{made.json()['absence']['id']}/cancel", {}, lead)
    assert cancelled.json()["cancelled_at"] is not None


def test_the_number_beside_the_promise(here: Site, api: Client) -> None:
    done = task(here)
    task(here, place=1)
    send(api, f"/tasks/{done.pk}/complete", {}, worker(here))
    query = f"by=zone&first=2026-11-20&last=2026-11-20&project_id={here.project.pk}"
    answer = api.get(f"{API}/compliance?{query}", headers=bearer(here.lead)).json()
    assert [(row["label"], row["on_time"], row["waiting"]) for row in answer["rows"]] == [("A区", 1, 0), ("B区", 0, 1)]
    assert (answer["total"]["due"], answer["total"]["rate"]) == (1, "100.0")
    long = api.get(f"{API}/compliance?by=day&first=2020-01-01&last=2026-11-20", headers=bearer(here.lead))
    assert long.status_code == 422
    board = api.get(f"{API}/projects/{here.project.pk}/board", headers=bearer(here.lead)).json()
    assert sum(row["done"] for row in board) == 1


def test_a_board_is_for_who_sees_its_tasks(here: Site, api: Client) -> None:
    """A right held at one project opens nothing at another where the same person holds some other role."""
    from factories.org import AssignmentFactory, RoleFactory

    other = site()
    AssignmentFactory(user=here.lead, node=other.project.node, role=RoleFactory(permissions=["registry.view_places"]))
    for path in ("board", "duplicates"):
        answer = api.get(f"{API}/projects/{other.project.pk}/{path}", headers=bearer(here.lead))
        assert answer.status_code == 403, path


def test_ledgers_are_corrected_by_later_entries(here: Site, api: Client) -> None:
    from factories.org import user_with

    clerk = user_with("work.view_tasks", "work.do_tasks", "registry.view_places", at=here.project)
    given = {"place_id": here.places[0].pk, "agent": "84", "concentration_mg_l": "500.0", "area_m2": "12.50"}
    first = send(api, "/disinfections", given, clerk)
    assert (first.status_code, first.json()["area_m2"]) == (201, "12.50")
    better = {**given, "area_m2": "21.50", "corrects_id": first.json()["id"]}
    assert send(api, "/disinfections", better, clerk).json()["corrects_id"] == first.json()["id"]
    assert send(api, "/disinfections", better, clerk).status_code == 409
    assert DisinfectionEntry.objects.count() == 2


def test_a_rule_points_at_the_name_the_request_has(here: Site, api: Client) -> None:
    """The action calls it `to`; the request said `to_id`."""
    from factories.org import AssignmentFactory, RoleFactory

    other = site()
    seeing = RoleFactory(permissions=["registry.view_staff"])
    for project in (here.project, other.project):
        AssignmentFactory(user=here.lead, node=project.node, role=seeing)
    given = {"task_ids": [task(here).pk], "to_id": other.cleaners[0].pk, "reason": "sick"}
    answer = send(api, "/tasks/hand-over", given, here.lead)
    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, ["/to_id"])
