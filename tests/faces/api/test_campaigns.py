"""Campaigns, draws and lots through the API: the same rules as on pages, and nothing of a hidden visit."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.campaigns import BY, Company, company, drafted, inspection_sheet, opened, target_of
from factories.everything import bearer
from factories.quality import finding, inspection

from wuyou.domains.org.models import User
from wuyou.domains.quality.actions.campaigns import close_campaign
from wuyou.domains.quality.actions.drawing import commit_project_draw, conduct_draw
from wuyou.domains.quality.actions.targets import note_progress
from wuyou.domains.quality.models import Campaign, Guest, LevelSetting, Lot
from wuyou.kernel import clock
from wuyou.kernel.draws.models import Draw
from wuyou.kernel.draws.sampling import Method
from wuyou.kernel.draws.verification import verify
from wuyou.kernel.journal.models import Entry

API = "/api/v1"


@pytest.fixture
def here(db: None, moment: datetime) -> Company:
    """The company."""
    return company()


def send(client: Client, path: str, body: object, user: User, method: str = "post") -> Any:
    """A JSON request of a program."""
    call = getattr(client, method)
    return call(API + path, json.dumps(body), content_type="application/json", headers=bearer(user))


def get(client: Client, path: str, user: User) -> Any:
    """A question of a program."""
    return client.get(API + path, headers=bearer(user))


def plan(here: Company, **changes: Any) -> dict[str, Any]:
    values = {
        "node_id": here.group.pk, "name": "月检", "level": "city", "sheet_version_id": inspection_sheet().pk,
        "starts_on": "2026-11-20", "ends_on": "2026-11-27",
    }  # fmt: skip
    return {**values, **changes}


def test_a_campaign_is_planned_and_goes_its_way(here: Company, api: Client) -> None:
    quality = here.quality
    given = plan(here, project_ids=[here.projects[0].pk])
    made = send(api, "/campaigns", given, quality)
    assert (made.status_code, made.json()["state"], made.json()["total"]) == (201, "draft", 1)
    campaign = Campaign.objects.get()
    added = send(api, f"/campaigns/{campaign.pk}/projects", {"project_ids": [here.projects[1].pk]}, quality)
    assert added.json()["total"] == 2
    begun = send(api, f"/campaigns/{campaign.pk}/open", {}, quality).json()
    assert (begun["state"], begun["steps"]) == ("open", ["close", "cancel"])
    early = send(api, f"/campaigns/{campaign.pk}/close", {}, quality)
    assert (early.status_code, early.json()["type"]) == (409, "urn:wuyou:problem:conflict")
    for number in range(2):
        target = target_of(campaign, here.projects[number])
        inspection(project=target.project, campaign=campaign, target=target, state="submitted",
                   submitted_at=clock.now(), sheet_version=campaign.sheet_version)  # fmt: skip
        note_progress(target)
    states = [
        send(api, f"/campaigns/{campaign.pk}/{step}", {}, quality).json()["state"] for step in ("close", "publish")
    ]
    assert states == ["closed", "published"]
    assert send(api, f"/campaigns/{campaign.pk}/publish", {}, quality).status_code == 409


def test_wrong_plans_point_at_the_field(here: Company, api: Client) -> None:
    answer = send(api, "/campaigns", plan(here, theme="fire"), here.quality)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/theme")
    answer = send(api, "/campaigns", plan(here, ends_on="2026-11-01"), here.quality)
    assert answer.json()["errors"][0]["pointer"] == "/ends_on"
    above = send(api, "/campaigns", plan(here), here.colleague)  # the group is not theirs to see
    assert (above.status_code, above.json()["errors"][0]["pointer"]) == (422, "/node_id")
    assert send(api, "/campaigns", plan(here), here.manager).status_code == 403
    assert Campaign.objects.count() == 0


def test_a_draft_is_changed_whole(here: Company, api: Client) -> None:
    campaign = drafted(here)
    given = {name: value for name, value in plan(here, name="改名").items() if name != "node_id"}
    changed = send(api, f"/campaigns/{campaign.pk}/plan", given, here.quality, method="put")
    assert (changed.status_code, changed.json()["name"]) == (200, "改名")


def test_cancelling_says_why(here: Company, api: Client) -> None:
    campaign = opened(here)
    assert send(api, f"/campaigns/{campaign.pk}/cancel", {}, here.quality).status_code == 422
    done = send(api, f"/campaigns/{campaign.pk}/cancel", {"cancelled_because": "洪水"}, here.quality)
    assert (done.json()["state"], done.json()["cancelled_because"]) == ("cancelled", "洪水")


def test_a_recheck_is_drafted(here: Company, api: Client) -> None:
    campaign = opened(here, projects=tuple(here.projects[:1]))
    target = target_of(campaign, here.projects[0])
    own = inspection(project=target.project, campaign=campaign, target=target, sheet_version=campaign.sheet_version,
                     state="submitted", submitted_at=clock.now())  # fmt: skip
    note_progress(target)
    finding(project=target.project, inspection=own)
    close_campaign(campaign, by=BY)
    answer = send(api, f"/campaigns/{campaign.pk}/recheck", {}, here.quality)
    assert answer.json() == {"id": Campaign.objects.get(recheck_of=campaign).pk}


def test_a_hidden_campaign_is_nowhere_for_its_projects(here: Company, api: Client) -> None:
    mystery = opened(here, level="special", theme="mystery", is_hidden=True)
    opened(here, name="月检")
    draft = drafted(here, level="special", is_hidden=True)
    draw = commit_project_draw(draft, method=Method(2), by=here.quality)
    manager = here.manager
    listed = get(api, "/campaigns?with_total=true", manager).json()
    assert [one["name"] for one in listed["items"]] == ["月检"]
    targets = get(api, "/targets", manager).json()["items"]
    assert [one["campaign_number"] for one in targets] == [Campaign.objects.get(name="月检").number]
    hidden = target_of(mystery, here.projects[0])
    for path in (f"/campaigns/{mystery.pk}", f"/targets/{hidden.pk}", f"/draws/{draw.pk}", f"/draws/{draw.pk}/record"):
        assert get(api, path, manager).status_code == 404, path
    assert get(api, f"/campaigns/{mystery.pk}", here.colleague).status_code == 200


def test_inspectors_and_guests(here: Company, api: Client) -> None:
    target = target_of(opened(here), here.projects[0])
    quality, region, manager = here.quality, here.colleague, here.manager
    guest = here.person("inspector", here.projects[3])
    who = get(api, f"/targets/{target.pk}/candidates", quality).json()
    assert {one["user_id"]: one["obstacle"] is None for one in who} == {
        quality.pk: True, region.pk: True, manager.pk: False,
    }  # fmt: skip
    wrong = send(api, f"/targets/{target.pk}/inspector", {"user_id": manager.pk}, quality)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/user_id")
    stranger = send(api, f"/targets/{target.pk}/inspector", {"user_id": guest.pk}, quality)
    assert (stranger.status_code, stranger.json()["errors"][0]["pointer"]) == (422, "/user_id")
    named = send(api, f"/targets/{target.pk}/inspector", {"user_id": region.pk}, quality)
    assert named.json()["inspector_id"] == region.pk
    given = {"user_id": guest.pk, "organisation": "第三方", "until": "2026-11-27"}
    invited = send(api, f"/targets/{target.pk}/guests", given, quality).json()
    assert (invited["user_id"], invited["organisation"]) == (guest.pk, "第三方")
    nobody = send(api, f"/targets/{target.pk}/guests", {**given, "user_id": manager.pk}, quality)
    assert nobody.status_code == 422
    assert send(api, f"/guests/{Guest.objects.get().pk}/dismiss", {}, quality).json()["ends_on"] == "2026-11-19"
    waived = send(api, f"/targets/{target.pk}/waive", {"waived_because": "洪水"}, quality).json()
    assert (waived["state"], waived["steps"]) == ("waived", ["restore"])
    assert send(api, f"/targets/{target.pk}/restore", {}, quality).json()["state"] == "owed"


def test_coverage_is_computed(here: Company, api: Client) -> None:
    inspection(project=here.projects[0], level="special", state="submitted", submitted_at=clock.now())
    found = {one["level"]: one for one in get(api, f"/nodes/{here.group.pk}/coverage", here.quality).json()}
    assert found["special"] == {
        "level": "special", "first": "2026-01-01", "last": "2026-12-31", "sites": 4, "covered": 1, "required": 3,
        "owed": 2, "missing_project_ids": [project.pk for project in here.projects[1:]],
        "regions_missing_ids": [here.regions[1].pk],
    }  # fmt: skip
    assert get(api, f"/nodes/{here.group.pk}/coverage?day=2027-01-01", here.quality).json()[3]["covered"] == 0
    assert get(api, f"/nodes/{here.projects[0].node.pk}/coverage", here.manager).status_code == 403


def test_levels_are_set(here: Company, api: Client) -> None:
    given = {
        "node_id": here.group.pk, "level": "region", "weight": "30", "cover_percent": 90, "feedback": "days_3",
        "starts_on": "2026-11-20",
    }  # fmt: skip
    answer = send(api, "/levels", given, here.quality)
    assert (answer.status_code, answer.json()["cover_percent"], LevelSetting.objects.count()) == (201, 90, 1)
    late = send(api, "/levels", {**given, "starts_on": "2026-11-01"}, here.quality)
    assert (late.status_code, late.json()["errors"][0]["pointer"]) == (422, "/starts_on")


# --- draws


METHOD = {"number": 2, "allocation": "proportional", "at_least_one": True, "is_weighted": True}


def test_a_draw_from_commitment_to_record(here: Company, api: Client) -> None:
    campaign, quality = drafted(here), here.quality
    made = send(api, f"/campaigns/{campaign.pk}/draw", METHOD, quality).json()
    assert (made["state"], made["number"], made["steps"]) == ("committed", 2, ["draw", "abandon"])
    assert send(api, f"/campaigns/{campaign.pk}/draw", METHOD, quality).status_code == 409
    pk = made["id"]
    assert send(api, f"/draws/{pk}/draw", {}, quality).json()["state"] == "drawn"
    assert get(api, f"/draws/{pk}/record", quality).json()["seed"] is None
    assert send(api, f"/draws/{pk}/reveal", {}, quality).json()["state"] == "revealed"
    record = get(api, f"/draws/{pk}/record", here.colleague).json()
    assert verify(record, commitment=made["commitment"]) == []
    assert get(api, f"/campaigns/{campaign.pk}", quality).json()["total"] == 2


def test_numbers_by_stratum(here: Company, api: Client) -> None:
    shares = [{"stratum": "东区", "number": 1}, {"stratum": "西区", "number": 1}]
    given = {"number": 2, "allocation": "given", "numbers": shares}
    assert send(api, f"/campaigns/{drafted(here).pk}/draw", given, here.quality).status_code == 200
    wrong = {**given, "numbers": [{"stratum": "南区", "number": 2}]}
    answer = send(api, f"/campaigns/{drafted(here).pk}/draw", wrong, here.quality)
    assert (answer.status_code, "南区" in answer.json()["detail"]) == (422, True)


def test_a_person_gives_the_word_and_no_program(here: Company, api: Client) -> None:
    draw = commit_project_draw(drafted(here), method=Method(2, needs_word=True), by=here.quality)
    path = f"/draws/{draw.pk}/word"
    assert send(api, path, {"word": "雪"}, here.colleague).status_code == 403
    browser = Client()
    browser.force_login(here.colleague)
    given = browser.post(API + path, json.dumps({"word": "雪"}), content_type="application/json")
    assert (given.status_code, given.json()["word"], given.json()["waits_for_word"]) == (200, "雪", False)


def test_a_seed_asked_for_early_is_refused_and_noted(here: Company, api: Client) -> None:
    draw = commit_project_draw(drafted(here), method=Method(2), by=here.quality)
    answer = send(api, f"/draws/{draw.pk}/reveal", {}, here.quality)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:wuyou:problem:illegal_move")
    assert Entry.objects.filter(verb="quality.draw_reveal_refused").count() == 1


@pytest.mark.parametrize("is_drawn", [False, True])
def test_no_answer_gives_the_seed_away(here: Company, api: Client, is_drawn: bool) -> None:
    draw = commit_project_draw(drafted(here), method=Method(2), by=here.quality)
    if is_drawn:
        conduct_draw(draw, by=here.quality)
    paths = ("/draws", f"/draws/{draw.pk}", f"/draws/{draw.pk}/record", f"/campaigns/{draw.case_id}")
    found = [path for path in paths if draw.sealed_seed in get(api, path, here.quality).content.decode()]
    assert found == []


def test_things_at_a_project_are_drawn_and_given_up(here: Company, api: Client) -> None:
    target = target_of(opened(here), here.projects[0])
    for _ in range(3):
        finding(project=here.projects[0], state="closed", closed_at=clock.now())
    made = send(api, f"/targets/{target.pk}/draw", {"kind": "findings", "number": 2}, here.quality).json()
    assert (made["case_kind"], made["kind"]) == ("target", "findings")
    none = send(api, f"/targets/{target.pk}/draw", {"kind": "rooms", "number": 1}, here.quality)
    assert (none.status_code, none.json()["errors"][0]["pointer"]) == (422, "/frame")
    gone = send(api, f"/draws/{made['id']}/abandon", {"abandoned_because": "错"}, here.quality).json()
    assert (gone["state"], gone["abandoned_because"]) == ("abandoned", "错")


def test_lots_are_judged_and_series_switched(here: Company, api: Client) -> None:
    quality = here.quality
    given = {"node_id": here.group.pk, "name": "保洁", "inspection_level": "II", "aql": "1.5"}
    series = send(api, "/lot-series", given, quality).json()
    assert (series["severity"], series["score"], series["may_reduce"]) == ("normal", 0, False)
    for _ in range(2):
        lot = send(api, f"/lot-series/{series['id']}/lots", {"name": "批", "size": 150}, quality).json()
        assert (lot["letter"], lot["sample_size"], lot["accept"], lot["reject"]) == ("G", 32, 1, 2)
        assert send(api, f"/lots/{lot['id']}/judge", {"nonconforming": 5}, quality).json()["is_accepted"] is False
    assert get(api, f"/lot-series/{series['id']}", quality).json()["severity"] == "tightened"
    lacking = send(api, f"/lot-series/{series['id']}/lots", {"name": "批", "size": 150}, quality)
    assert [one["pointer"] for one in lacking.json()["errors"]] == ["/sample_size", "/accept"]
    assert send(api, f"/lot-series/{series['id']}/reduce", {"reason": "稳"}, quality).status_code == 409
    assert Lot.objects.count() == 2


def test_lists_cost_the_same_for_one_and_many(here: Company, api: Client) -> None:
    def queries(path: str) -> int:
        headers = bearer(here.quality)
        with CaptureQueriesContext(connection) as caught:
            assert api.get(API + path, headers=headers).status_code == 200
        return len(caught)

    paths = ("/campaigns", "/targets", "/draws")
    commit_project_draw(opened_draft(here), method=Method(2), by=here.quality)
    first = [queries(path) for path in paths]
    for _ in range(5):
        opened(here)
        commit_project_draw(opened_draft(here), method=Method(2), by=here.quality)
    assert [queries(path) for path in paths] == first
    assert Draw.objects.count() == 6


def opened_draft(here: Company) -> Campaign:
    """A draft to draw for, beside a campaign under way."""
    opened(here)
    return drafted(here)
