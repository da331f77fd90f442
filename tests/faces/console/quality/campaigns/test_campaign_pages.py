"""Pages of campaigns: the board with its debt, planning, step by step, projects, guests, levels, lots."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.campaigns import BY, Company, drafted, inspection_sheet, opened, target_of
from factories.org import NodeFactory, ProjectFactory, UserFactory
from factories.quality import finding, inspection

from wuyou.domains.org.models import User
from wuyou.domains.quality.actions.campaigns import close_campaign, open_campaign
from wuyou.domains.quality.actions.lots import begin_series, open_lot
from wuyou.domains.quality.actions.targets import assign_inspector, invite_guest, note_progress, waive_target
from wuyou.domains.quality.choices import CampaignState
from wuyou.domains.quality.models import Campaign, Guest, LevelSetting, Lot, Series, Target
from wuyou.domains.quality.queries.lots import standing
from wuyou.kernel import clock
from wuyou.kernel.draws import switching
from wuyou.kernel.draws.models import Draw

Web = Callable[..., Client]
DAY = dt.date(2026, 11, 20)


def url(name: str, *args: Any, query: str = "") -> str:
    return reverse(f"console:quality:{name}", args=args) + query


def inspected(campaign: Campaign, at: Company, *numbers: int) -> None:
    for number in numbers:
        target = target_of(campaign, at.projects[number])
        inspection(
            project=target.project, campaign=campaign, target=target, sheet_version=campaign.sheet_version,
            state="submitted", submitted_at=clock.now(), level=campaign.level,
        )  # fmt: skip
        note_progress(target)


# --- the board


def test_the_board_says_what_is_owed(at: Company, web: Web) -> None:
    inspection(project=at.projects[0], level="region", state="submitted", submitted_at=clock.now())
    opened(at)
    page = web().get(url("campaigns")).content.decode()
    assert "3 projects are still owed" in page
    assert "No project yet in" in page  # the group's special inspections: no region has any
    assert "城市月检" in page
    east = web().get(url("campaigns", query=f"?below={at.regions[1].pk}")).content.decode()
    assert "1 project is still owed" in east


def test_the_board_of_a_project_shows_its_campaigns_and_no_debt(at: Company, web: Web) -> None:
    opened(at, name="月检")
    hidden = opened(at, name="暗访", level="special", theme="mystery", is_hidden=True)
    page = web(at.manager).get(url("campaigns")).content.decode()
    assert ("月检" in page, "暗访" in page, "still owed" in page) == (True, False, False)
    assert web(at.manager).get(url("campaign", hidden.pk)).status_code == 404
    assert web(at.manager).get(url("target", target_of(hidden, at.projects[0]).pk)).status_code == 404


@pytest.mark.parametrize("role", ["front_desk", "field_staff"])
def test_who_sees_no_inspections_sees_no_board(at: Company, web: Web, role: str) -> None:
    person = at.person(role, at.projects[0])
    for name in ("campaigns", "draws", "lots", "levels", "campaign-new", "lot-series-new"):
        assert web(person).get(url(name)).status_code == 403, name


def test_the_board_costs_the_same_for_one_and_many(at: Company, web: Web) -> None:
    def queries() -> int:
        client = web(User.objects.get(pk=at.quality.pk))
        client.get(url("draws"))  # logs in
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(url("campaigns")).status_code == 200
        return len(caught)

    opened(at)
    first = queries()
    for number in range(12):
        opened(at, name=f"月检{number}")
        ProjectFactory(node=NodeFactory(parent=at.cities[0], kind="project"))
    assert queries() == first
    assert first <= 14


def test_the_list_searches_and_exports(at: Company, web: Web) -> None:
    opened(at, name="消防专项", level="special", theme="fire")
    opened(at, name="月检")
    page = web().get(url("campaigns", query="?q=消防")).content.decode()
    assert ("消防专项" in page, "月检" in page) == (True, False)
    file = web().get(url("campaigns", query="?export=csv"))
    assert file.status_code == 200


# --- planning


def form(at: Company, **changes: Any) -> dict[str, Any]:
    values = {
        "name": "十一月城市检查", "node": at.group.pk, "level": "city", "theme": "", "sheet_version":
        inspection_sheet().pk, "starts_on": "2026-11-20", "ends_on": "2026-11-27", "take": "all", "note": "",
    }  # fmt: skip
    return {**values, **changes}


def test_a_campaign_is_planned(at: Company, web: Web) -> None:
    answer = web().post(url("campaign-new"), form(at))
    campaign = Campaign.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("campaign", campaign.pk))
    assert (campaign.name, campaign.level, campaign.targets.count(), campaign.made_by) == (
        "十一月城市检查", "city", 4, at.quality,
    )  # fmt: skip


def test_the_form_opens_with_the_level_of_the_node(at: Company, web: Web) -> None:
    inspection_sheet()
    assert web().get(url("campaign-new")).context["form"].initial["level"] == "special"
    region = web(at.colleague).get(url("campaign-new")).context["form"].initial
    assert (region["level"], region["ends_on"]) == ("region", dt.date(2026, 12, 3))


def test_what_does_not_fit_is_said_at_the_field(at: Company, web: Web) -> None:
    answer = web().post(url("campaign-new"), form(at, theme="fire"))
    assert (answer.status_code, Campaign.objects.count()) == (422, 0)
    assert "Only special inspections have a theme." in answer.content.decode()


def test_the_last_placed_are_taken(at: Company, web: Web) -> None:
    nobody = web().post(url("campaign-new"), form(at, level="yearend", take="last"))
    assert (nobody.status_code, Campaign.objects.count()) == (422, 0)
    for score in (60, 70):
        inspection(project=at.projects[1], state="published", submitted_at=clock.now(), score=score)
    web().post(url("campaign-new"), form(at, level="yearend", take="last"))
    assert [one.project for one in Campaign.objects.get().targets.all()] == [at.projects[1]]


def test_a_draft_is_changed(at: Company, web: Web) -> None:
    campaign = drafted(at)
    change = url("campaign-change", campaign.pk)
    page = web().get(change)
    assert ("node" in page.context["form"].fields, page.context["form"].initial["name"]) == (False, "城市月检")
    given = form(at, name="改名", sheet_version=campaign.sheet_version_id)
    assert web().post(change, given).status_code == 302
    assert Campaign.objects.get().name == "改名"
    assert web(at.colleague).get(change).status_code == 404


# --- step by step


def test_a_campaign_goes_its_way(at: Company, web: Web) -> None:
    campaign, client = drafted(at, projects=tuple(at.projects[:1])), web()

    def press(step: str) -> str:
        answer = client.post(url("campaign-step", campaign.pk, step))
        assert answer["Location"] == url("campaign", campaign.pk)
        return Campaign.objects.get(pk=campaign.pk).state

    assert press("open") == "open"
    assert press("close") == "open"  # a project is still owed: the page says so
    assert "neither inspected nor waived" in client.get(url("campaign", campaign.pk)).content.decode()
    inspected(campaign, at, 0)
    assert [press(step) for step in ("close", "reopen", "close", "publish")] == [
        "closed",
        "open",
        "closed",
        "published",
    ]
    assert web().post(url("campaign-step", campaign.pk, "fly")).status_code == 404


def test_the_page_offers_what_this_person_may_do(at: Company, web: Web) -> None:
    campaign = opened(at)
    mine = web().get(url("campaign", campaign.pk)).content.decode()
    theirs = web(at.colleague).get(url("campaign", campaign.pk)).content.decode()
    assert (url("campaign-step", campaign.pk, "close") in mine, "Add projects" in mine) == (True, True)
    assert (url("campaign-step", campaign.pk, "close") in theirs, "Add projects" in theirs) == (False, False)
    assert ("A园" in theirs, "D园" in theirs) == (True, False)


def test_the_page_of_a_hidden_one_says_so(at: Company, web: Web) -> None:
    hidden = opened(at, level="special", theme="mystery", is_hidden=True)
    assert "Hidden from the projects" in web().get(url("campaign", hidden.pk)).content.decode()


def test_cancelling_needs_a_reason(at: Company, web: Web) -> None:
    campaign = opened(at)
    cancel = url("campaign-cancel", campaign.pk)
    assert web().get(cancel).status_code == 200
    assert web().post(cancel, {"reason": ""}).status_code == 422
    web().post(cancel, {"reason": "the flood"})
    page = web().get(url("campaign", campaign.pk)).content.decode()
    assert "the flood" in page
    assert Campaign.objects.get().state == CampaignState.CANCELLED


def test_projects_are_added(at: Company, web: Web) -> None:
    campaign = opened(at, projects=tuple(at.projects[:1]))
    page = web().get(url("campaign-projects", campaign.pk)).content.decode()
    assert ("A A园" in page, "B B园" in page) == (False, True)
    web().post(url("campaign-projects", campaign.pk), {"projects": [at.projects[1].pk], "why": ""})
    assert target_of(campaign, at.projects[1]).why == "asked for"
    assert web(at.manager).get(url("campaign-projects", campaign.pk)).status_code == 403


def test_a_recheck_is_drafted_from_what_is_open(at: Company, web: Web) -> None:
    campaign = opened(at, projects=tuple(at.projects[:1]))
    inspected(campaign, at, 0)
    finding(project=at.projects[0], inspection=campaign.inspections.get())
    close_campaign(campaign, by=BY)
    web().post(url("campaign-step", campaign.pk, "publish"))
    assert "1 finding of this campaign is not closed." in web().get(url("campaign", campaign.pk)).content.decode()
    answer = web().post(url("campaign-recheck", campaign.pk))
    recheck = Campaign.objects.get(recheck_of=campaign)
    assert answer["Location"] == url("campaign", recheck.pk)
    assert "Re-check of" in web().get(answer["Location"]).content.decode()


def test_the_campaign_costs_the_same_for_one_and_many(at: Company, web: Web) -> None:
    def queries(campaign: Campaign) -> int:
        client = web(User.objects.get(pk=at.quality.pk))
        client.get(url("draws"))  # logs in
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url("campaign", campaign.pk)).status_code == 200
        return len(caught)

    few = queries(opened(at, projects=tuple(at.projects[:1])))
    for _ in range(12):
        at.projects.append(ProjectFactory(node=NodeFactory(parent=at.cities[0], kind="project")))
    many = opened(at)
    inspected(many, at, *range(10))
    assert queries(many) == few
    assert few <= 12


# --- projects of a campaign


def test_an_inspector_is_named(at: Company, web: Web) -> None:
    target = target_of(opened(at), at.projects[0])
    page = web().get(url("target-inspector", target.pk)).content.decode()
    assert ("a part in running the project" in page, str(at.manager) in page) == (False, False)
    manager, region = at.manager, at.colleague
    page = web().get(url("target-inspector", target.pk)).content.decode()
    assert f"{manager} — This person has a part in running the project" in page
    refused = web().post(url("target-inspector", target.pk), {"inspector": manager.pk})
    assert (refused.status_code, Target.objects.get(pk=target.pk).inspector) == (422, None)
    web().post(url("target-inspector", target.pk), {"inspector": region.pk})
    assert Target.objects.get(pk=target.pk).inspector == region
    web().post(url("target-inspector", target.pk), {"inspector": ""})
    assert Target.objects.get(pk=target.pk).inspector is None


def test_a_project_is_waived_and_owed_again(at: Company, web: Web) -> None:
    target = target_of(opened(at), at.projects[0])
    web().post(url("target-waive", target.pk), {"reason": "under reconstruction"})
    assert "under reconstruction" in web().get(url("target", target.pk)).content.decode()
    web().post(url("target-restore", target.pk))
    assert Target.objects.get(pk=target.pk).state == "owed"
    assert web(at.manager).post(url("target-waive", target.pk), {"reason": "x"}).status_code == 403
    assert web(at.manager).post(url("target-restore", target.pk)).status_code == 403


def test_a_guest_is_invited_and_sees_this_page_only(at: Company, web: Web) -> None:
    campaign = opened(at)
    target = target_of(campaign, at.projects[0])
    guest, committee = at.person("inspector", at.projects[3]), at.person("owners_committee", at.projects[0])
    offered = web().get(url("target-guest", target.pk)).context["form"].fields["user"].queryset
    assert set(offered) == {guest, committee}
    web().post(url("target-guest", target.pk), {"user": guest.pk, "organisation": "第三方", "until": "2026-11-27"})
    assert Guest.objects.get().user == guest
    page = web(guest).get(url("target", target.pk))
    assert (page.status_code, url("campaign", campaign.pk) in page.content.decode()) == (200, False)
    assert web(guest).get(url("campaign", campaign.pk)).status_code == 404
    assert web(guest).get(url("target", target_of(campaign, at.projects[1]).pk)).status_code == 404
    assert web(guest).get(url("campaigns")).status_code == 403
    web().post(url("target-guest-dismiss", target.pk, Guest.objects.get().pk))
    assert web(guest).get(url("target", target.pk)).status_code == 404
    assert web().post(url("target-guest-dismiss", target.pk, 999_999)).status_code == 404


def test_the_page_lets_the_inspector_begin(at: Company, web: Web) -> None:
    campaign = opened(at)
    target = target_of(campaign, at.projects[0])
    begin = reverse("console:quality:inspection_start", args=[target.pk])
    assign_inspector(target, inspector=at.colleague, by=at.quality)
    assert begin in web(at.colleague).get(url("target", target.pk)).content.decode()
    assert begin not in web(at.manager).get(url("target", target.pk)).content.decode()
    waive_target(target, reason="x", by=BY)
    assert begin not in web(at.colleague).get(url("target", target.pk)).content.decode()


# --- levels


def test_levels_are_shown_and_set(at: Company, web: Web) -> None:
    page = web().get(url("levels")).content.decode()
    assert ("and every region" in page, "60 %" in page) == (True, True)
    one = url("level", "special", query=f"?at={at.regions[0].pk}")
    assert web().get(one).context["form"].initial["cover_percent"] == 60
    given = {"weight": "25", "cover_percent": "80", "feedback": "days_3", "starts_on": "2026-11-20"}
    assert web().post(one, given)["Location"] == url("levels", query=f"?at={at.regions[0].pk}")
    assert LevelSetting.objects.get().node == at.regions[0]
    assert "set by 东区" in web().get(url("levels", query=f"?at={at.regions[0].pk}")).content.decode()
    assert web().post(one, {**given, "starts_on": "2026-11-01"}).status_code == 422
    assert web().get(url("level", "planet")).status_code == 404
    assert web(at.colleague).get(url("levels", query=f"?at={at.group.pk}")).status_code == 404
    assert web(at.manager).get(url("levels")).status_code == 403


# --- lots


def series(at: Company) -> Series:
    return begin_series(node=at.group, name="楼层保洁", inspection_level="II", aql="1.5", by=at.quality)


def test_a_series_is_begun_and_its_lots_judged(at: Company, web: Web) -> None:
    given = {"node": at.group.pk, "name": "楼层保洁", "inspection_level": "II", "aql": "1.5"}
    answer = web().post(url("lot-series-new"), given)
    row = Series.objects.get()
    assert answer["Location"] == url("lot-series", row.pk)
    assert web().get(url("lot-new", row.pk)).status_code == 200
    web().post(url("lot-new", row.pk), {"name": "十一月", "size": "150"})
    lot = Lot.objects.get()
    page = web().get(url("lot-series", row.pk)).content.decode()
    assert ("n 32, Ac 1, Re 2" in page, "What the plan is worth" in page) == (True, True)
    assert web().post(url("lot-judge", lot.pk), {"nonconforming": "33"}).status_code == 422
    web().post(url("lot-judge", lot.pk), {"nonconforming": "2"})
    page = web().get(url("lot-series", row.pk)).content.decode()
    assert "Rejected" in page
    assert "楼层保洁" in web().get(url("lots")).content.decode()


def test_tightened_plans_are_entered(at: Company, web: Web) -> None:
    row = series(at)
    row.state = switching.Series("tightened").as_json()
    row.save()
    assert web().post(url("lot-new", row.pk), {"name": "x", "size": "150"}).status_code == 422
    web().post(url("lot-new", row.pk), {"name": "x", "size": "150", "sample_size": "50", "accept": "1"})
    assert Lot.objects.get().sample_size == 50


@pytest.mark.parametrize(
    ("severity", "score", "step", "becomes"),
    [("normal", 30, "reduce", "reduced"), ("reduced", 0, "resume", "normal"), ("stopped", 0, "restart", "tightened")],
)
def test_a_series_is_switched_for_a_reason(
    at: Company, web: Web, severity: str, score: int, step: str, becomes: str
) -> None:
    row = series(at)
    row.state = switching.Series(severity, score=score).as_json()
    row.save()
    assert url("lot-series-switch", row.pk, step) in web().get(url("lot-series", row.pk)).content.decode()
    assert web().get(url("lot-series-switch", row.pk, step)).status_code == 200
    web().post(url("lot-series-switch", row.pk, step), {"reason": "steady"})
    row.refresh_from_db()
    assert standing(row).severity == becomes
    assert web().get(url("lot-series-switch", row.pk, "fly")).status_code == 404


def test_a_lot_s_sample_is_drawn(at: Company, web: Web) -> None:
    campaign = opened(at)
    target = target_of(campaign, at.projects[0])
    for _ in range(4):
        finding(project=at.projects[0], state="closed", closed_at=clock.now())
    row = series(at)
    given = {"name": "复查", "target": target.pk, "kind": "findings"}
    web().post(url("lot-new", row.pk), given)
    assert Lot.objects.get().size == 4
    assert url("draw", Draw.objects.get().pk) in web().get(url("lot-series", row.pk)).content.decode()


def test_who_runs_series(at: Company, web: Web) -> None:
    row = series(at)
    lot = open_lot(row, name="x", size=150, by=BY)
    for person in (at.colleague, at.manager, UserFactory()):
        for address in (url("lot-series", row.pk), url("lot-new", row.pk), url("lot-judge", lot.pk)):
            assert web(person).get(address).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(at: Company, web: Web, language: str) -> None:
    campaign, row = opened(at), series(at)
    draft = drafted(at)
    target = target_of(campaign, at.projects[0])
    invite_guest(target, user=UserFactory(), organisation="x", until=DAY, by=BY)
    waived = waive_target(target_of(campaign, at.projects[1]), reason="x", by=BY)
    lot = open_lot(row, name="x", size=150, by=BY)
    pages = [
        url("campaigns"), url("campaign-new"), url("campaign", campaign.pk), url("campaign", draft.pk),
        url("campaign-change", draft.pk), url("campaign-projects", campaign.pk), url("campaign-draw", draft.pk),
        url("campaign-cancel", campaign.pk), url("target", target.pk), url("target", waived.pk),
        url("target-inspector", target.pk), url("target-waive", target.pk), url("target-guest", target.pk),
        url("target-draw", target.pk), url("draws"), url("levels"), url("level", "city"), url("lots"),
        url("lot-series-new"), url("lot-series", row.pk), url("lot-new", row.pk), url("lot-judge", lot.pk),
    ]  # fmt: skip
    found = {page: web(language=language).get(page).status_code for page in pages}
    assert found == dict.fromkeys(pages, 200)


def test_opening_twice_is_said(at: Company, web: Web) -> None:
    campaign = drafted(at, projects=tuple(at.projects[:1]))
    open_campaign(campaign, by=BY)
    client = web()
    client.post(url("campaign-step", campaign.pk, "open"))
    assert "is not possible while" in client.get(url("campaign", campaign.pk)).content.decode()
