"""Planning campaigns, levels of a company's own, and who may."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from factories.campaigns import Company, drafted, inspection_sheet, opened, spec, target_of
from factories.org import ProjectFactory
from factories.quality import finding, inspection
from factories.sheets import SheetVersionFactory

from wuyou.domains.quality.actions.campaigns import (
    add_targets,
    change_campaign,
    open_campaign,
    plan_campaign,
    plan_recheck,
)
from wuyou.domains.quality.actions.levels import set_level
from wuyou.domains.quality.choices import CampaignState, InspectionState, TargetState
from wuyou.domains.quality.models import Campaign, LevelSetting, Target
from wuyou.domains.quality.queries.campaigns import last_placed
from wuyou.domains.quality.queries.levels import level_settings_visible_to, levels_at
from wuyou.domains.quality.rules.levels import LEVELS
from wuyou.domains.sheets.models import SheetVersion
from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.journal.models import Entry

DAY = dt.date(2026, 11, 20)


def owed(campaign: Campaign) -> list[tuple[str, str]]:
    return list(campaign.targets.order_by("project__code").values_list("project__code", "state"))


def verbs(kind: str, pk: int) -> list[str]:
    found = Entry.objects.filter(subject_kind=kind, subject_id=str(pk)).order_by("pk")
    return [verb.removeprefix("quality.") for verb in found.values_list("verb", flat=True)]


def test_a_draft_with_projects(at: Company) -> None:
    campaign = plan_campaign(node=at.group, spec=spec(projects=tuple(at.projects[:2])), by=at.quality)
    kept = Campaign.objects.get(pk=campaign.pk)
    assert (kept.state, kept.made_by, kept.made_at) == (CampaignState.DRAFT, at.quality, clock.now())
    assert kept.number == f"HD-{at.group.code}-20261120-0001"
    assert owed(kept) == [("A", "owed"), ("B", "owed")]
    assert verbs("campaign", kept.pk) == ["campaign_planned", "campaign_targets_added"]
    chains = set(Entry.objects.filter(subject_kind="campaign").values_list("chain__key", flat=True))
    assert chains == {f"node:{at.group.pk}"}


def test_a_project_s_own_campaign_is_told_in_its_own_chain(at: Company) -> None:
    campaign = drafted(at, node=at.projects[0].node, level="project")
    assert Entry.objects.get(subject_kind="campaign").chain.key == f"project:{at.projects[0].pk}"
    assert campaign.number.startswith("HD-")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"level": "planet"}, "level"),
        ({"theme": "fire"}, "theme"),
        ({"ends_on": DAY - dt.timedelta(days=1)}, "ends_on"),
    ],
)
def test_what_does_not_fit_is_said_by_field(at: Company, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        drafted(at, **changes)
    assert [error.field for error in caught.value.fields] == [field]
    assert Campaign.objects.count() == 0


def withdrawn() -> SheetVersion:
    version = inspection_sheet()
    version.state = "withdrawn"
    version.save()
    return version


@pytest.mark.parametrize(
    "make", [withdrawn, lambda: SheetVersionFactory(issued=True), SheetVersionFactory], ids=["old", "task", "draft"]
)
def test_only_issued_inspection_sheets(at: Company, make: Any) -> None:
    with pytest.raises(Invalid) as caught:
        drafted(at, sheet_version=make())
    assert [error.field for error in caught.value.fields] == ["sheet_version"]


def test_projects_of_somebody_else_or_out_of_service_are_refused(at: Company) -> None:
    closed = at.projects[1]
    closed.closed_on = DAY - dt.timedelta(days=1)
    closed.save()
    for project in (ProjectFactory(), closed):
        with pytest.raises(Invalid, match=project.name):
            drafted(at, projects=(project,))
    with pytest.raises(Invalid, match="D园"):
        drafted(at, node=at.regions[0], projects=tuple(at.projects[3:]))


def test_who_may_plan(at: Company) -> None:
    plan_campaign(node=at.regions[0], spec=spec(), by=at.colleague)
    for person in (at.manager, at.person("client", at.projects[0]), at.person("region", at.regions[1])):
        with pytest.raises(Denied):
            plan_campaign(node=at.regions[0], spec=spec(), by=person)
    with pytest.raises(Denied):
        plan_campaign(node=at.group, spec=spec(), by=at.colleague)


def test_a_project_hides_nothing_from_itself(at: Company) -> None:
    with pytest.raises(Invalid) as caught:
        drafted(at, node=at.projects[0].node, is_hidden=True)
    assert [error.field for error in caught.value.fields] == ["is_hidden"]


def test_a_draft_is_changed_a_running_campaign_is_not(at: Company) -> None:
    campaign = drafted(at, projects=tuple(at.projects[:1]))
    change_campaign(
        campaign, spec=spec(name="改名", level="region", sheet_version=campaign.sheet_version), by=at.quality
    )
    assert (campaign.name, campaign.level, owed(campaign)) == ("改名", "region", [("A", "owed")])
    with pytest.raises(Invalid):
        change_campaign(campaign, spec=spec(name=""), by=at.quality)
    with pytest.raises(Denied):
        change_campaign(campaign, spec=spec(), by=at.manager)
    open_campaign(campaign, by=at.quality)
    with pytest.raises(Conflict):
        change_campaign(campaign, spec=spec(), by=at.quality)


def test_more_projects_until_all_is_inspected(at: Company) -> None:
    campaign = opened(at, projects=tuple(at.projects[:1]))
    made = add_targets(campaign, projects=at.projects[:3], why="many findings", by=at.quality)
    assert sorted(target.project.code for target in made) == ["A", "B", "C"]
    assert list(campaign.targets.order_by("pk").values_list("why", flat=True)) == [
        "asked for", "many findings", "many findings",
    ]  # fmt: skip
    Target.objects.filter(campaign=campaign, project=at.projects[1]).update(
        state=TargetState.WAIVED, waived_because="flood"
    )
    add_targets(campaign, projects=at.projects[1:2], why="after all", by=at.quality)
    assert (target_of(campaign, at.projects[1]).state, target_of(campaign, at.projects[1]).why) == ("owed", "after all")
    with pytest.raises(Denied):
        add_targets(campaign, projects=at.projects, why="", by=at.manager)
    Campaign.objects.filter(pk=campaign.pk).update(state=CampaignState.CLOSED)
    campaign.refresh_from_db()
    with pytest.raises(Conflict):
        add_targets(campaign, projects=at.projects, why="", by=at.quality)


# --- re-checks


def test_a_recheck_looks_at_what_is_open(at: Company) -> None:
    campaign = opened(at)
    first, second, third = (
        inspection(project=project, campaign=campaign, sheet_version=campaign.sheet_version)
        for project in at.projects[:3]
    )
    finding(project=at.projects[0], inspection=first)
    finding(project=at.projects[0], inspection=first)
    finding(project=at.projects[1], inspection=second)
    finding(project=at.projects[2], inspection=third, state="closed", closed_at=clock.now())
    recheck = plan_recheck(campaign=campaign, by=at.quality)
    kept = Campaign.objects.get(pk=recheck.pk)
    assert (kept.level, kept.state, kept.recheck_of, kept.node) == ("recheck", "draft", campaign, at.group)
    assert kept.name == "Re-check: 城市月检"
    assert owed(kept) == [("A", "owed"), ("B", "owed")]
    assert list(kept.targets.order_by("project__code").values_list("why", flat=True)) == [
        "2 open findings", "1 open findings",
    ]  # fmt: skip


def test_a_recheck_of_single_findings_stands_above_their_projects(at: Company) -> None:
    made = [inspection(project=project, sheet_version=inspection_sheet()) for project in at.projects]
    found = [finding(project=one.project, inspection=one) for one in made]
    assert plan_recheck(findings=found[:1], by=at.quality).node == at.cities[0]
    assert plan_recheck(findings=found[:2], by=at.quality).node == at.cities[0]
    assert plan_recheck(findings=found, by=at.quality).node == at.group


def test_a_recheck_uses_the_sheet_in_force(at: Company) -> None:
    campaign = opened(at)
    old = campaign.sheet_version
    old.state = "withdrawn"
    old.save()
    newer = SheetVersionFactory(sheet=old.sheet, number=2, issued=True)
    finding(project=at.projects[0], inspection=inspection(project=at.projects[0], campaign=campaign, sheet_version=old))
    assert plan_recheck(campaign=campaign, by=at.quality).sheet_version == newer


def test_a_recheck_gives_no_hidden_visit_away(at: Company) -> None:
    mystery = opened(at, level="special", theme="mystery", is_hidden=True)
    own = inspection(project=at.projects[0], campaign=mystery, sheet_version=mystery.sheet_version, is_hidden=True)
    found = finding(project=at.projects[0], inspection=own, is_hidden=True)
    with pytest.raises(Conflict):
        plan_recheck(campaign=mystery, by=at.quality)
    with pytest.raises(Invalid):
        plan_recheck(findings=[found], by=at.quality)


def test_nothing_open_is_nothing_to_check(at: Company) -> None:
    with pytest.raises(Invalid):
        plan_recheck(campaign=opened(at), by=at.quality)
    with pytest.raises(Invalid):
        plan_recheck(findings=[finding(project=at.projects[0])], by=at.quality)  # no inspection stands behind it


# --- the year-end review


def test_the_last_placed_come_first(at: Company) -> None:
    def scored(project: int, *scores: int, **given: Any) -> None:
        for score in scores:
            inspection(
                project=at.projects[project], sheet_version=sheet, score=Decimal(score), submitted_at=clock.now(),
                **{"state": InspectionState.PUBLISHED, **given},
            )  # fmt: skip

    sheet = inspection_sheet()
    scored(0, 90, 92)
    scored(1, 70, 80)
    scored(2, 10)  # one inspection says little
    scored(3, 20, 20, day=dt.date(2025, 12, 31))  # last year
    scored(3, 30, 30, state=InspectionState.SUBMITTED)  # not published
    assert [project.code for project in last_placed(at.group, user=at.quality, day=DAY)] == ["B", "A"]
    assert last_placed(at.group, user=at.manager, day=DAY) == []


# --- levels


def level(at: Company, node: Any = None, **given: Any) -> LevelSetting:
    values = {"weight": Decimal(30), "cover_percent": 80, "feedback": "days_3", "starts_on": DAY, "by": at.quality}
    return set_level(node or at.group, level="region", **{**values, **given})


def test_a_company_sets_its_levels_from_a_day_on(at: Company) -> None:
    level(at)
    level(at, starts_on=DAY + dt.timedelta(days=10), cover_percent=90)
    level(at, node=at.regions[0], weight=Decimal(40))
    assert levels_at(at.group, DAY - dt.timedelta(days=1)) == dict(LEVELS)
    assert levels_at(at.group, DAY)["region"].cover_percent == 80
    assert levels_at(at.group, DAY + dt.timedelta(days=10))["region"].cover_percent == 90
    assert levels_at(at.cities[0], DAY)["region"].weight == Decimal(40)
    assert levels_at(at.cities[1], DAY)["region"].weight == Decimal(30)
    assert levels_at(at.group, DAY)["city"] == LEVELS["city"]


def test_the_same_day_again_replaces(at: Company) -> None:
    assert level(at).pk == level(at, cover_percent=70).pk
    assert LevelSetting.objects.get().cover_percent == 70
    assert verbs("node", at.group.pk) == ["level_set", "level_set"]


@pytest.mark.parametrize(
    ("given_values", "field"),
    [
        ({"feedback": "soon"}, "feedback"),
        ({"weight": Decimal(-1)}, "weight"),
        ({"weight": Decimal(10_000)}, "weight"),
        ({"cover_percent": 101}, "cover_percent"),
        ({"cover_percent": -1}, "cover_percent"),
        ({"starts_on": DAY - dt.timedelta(days=1)}, "starts_on"),
    ],
)
def test_levels_that_cannot_be(at: Company, given_values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        level(at, **given_values)
    assert [error.field for error in caught.value.fields] == [field]


def test_who_sets_and_sees_levels(at: Company) -> None:
    with pytest.raises(Invalid):
        set_level(
            at.group, level="x", weight=Decimal(1), cover_percent=1, feedback="none", starts_on=DAY, by=at.quality
        )
    with pytest.raises(Denied):
        level(at, by=at.colleague)
    level(at)
    level(at, node=at.regions[0])
    assert level_settings_visible_to(at.quality).count() == 2
    assert level_settings_visible_to(at.colleague).count() == 1
    assert level_settings_visible_to(at.manager).count() == 0
