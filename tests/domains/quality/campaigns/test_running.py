"""A campaign under way: opened under a clock, inspected, closed, published, cancelled."""

import datetime as dt
from typing import Any

import pytest
from factories.campaigns import BY, Company, drafted, opened, target_of
from factories.org import UserFactory
from factories.quality import inspection

from wuyou.domains.quality import events
from wuyou.domains.quality.actions.campaigns import (
    cancel_campaign,
    close_campaign,
    open_campaign,
    publish_campaign,
    reopen_campaign,
)
from wuyou.domains.quality.actions.targets import assign_inspector, invite_guest, note_progress, waive_target
from wuyou.domains.quality.choices import CampaignState, InspectionState, TargetState
from wuyou.domains.quality.flows.campaigns import CAMPAIGN_FLOW
from wuyou.domains.quality.models import Campaign, Inspection, Target
from wuyou.domains.quality.queries.campaigns import results_in_time
from wuyou.kernel import clock, flows
from wuyou.kernel.clocks.actions import escalate_due
from wuyou.kernel.clocks.models import Clock
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.notify import Notification

DAY = dt.date(2026, 11, 20)
A_DAY = dt.timedelta(days=1)


def told(event: str) -> list[int]:
    return sorted(Notification.objects.filter(event=f"quality.{event}").values_list("user_id", flat=True))


def inspected(campaign: Campaign, at: Company, *numbers: int, state: str = InspectionState.SUBMITTED) -> None:
    """Inspections of some projects, as another action leaves them."""
    for number in numbers:
        target = target_of(campaign, at.projects[number])
        inspection(
            project=target.project, campaign=campaign, target=target, sheet_version=campaign.sheet_version, state=state,
            submitted_at=clock.now(), level=campaign.level, is_hidden=campaign.is_hidden,
        )  # fmt: skip
        note_progress(target)


def closed(at: Company, **given: Any) -> Campaign:
    campaign = opened(at, projects=tuple(at.projects[:2]), **given)
    inspected(campaign, at, 0, 1)
    return close_campaign(campaign, by=BY)


def test_opening_starts_the_clock_of_the_results(at: Company) -> None:
    campaign = open_campaign(drafted(at, projects=tuple(at.projects)), by=at.quality)
    kept = Campaign.objects.get(pk=campaign.pk)
    running = Clock.objects.get(case_kind="campaign", case_id=kept.pk, kind="results")
    assert (kept.state, clock.local(kept.results_due).isoformat()) == (CampaignState.OPEN, "2026-12-14T23:59:00+08:00")
    assert (running.due_at, running.project_id, running.chain) == (kept.results_due, 0, f"node:{at.group.pk}")


def test_a_team_s_check_has_no_deadline(at: Company) -> None:
    campaign = opened(at, level="team", projects=tuple(at.projects[:1]))
    assert (campaign.results_due, Clock.objects.count()) == (None, 0)


def test_opening_tells_the_inspectors(at: Company) -> None:
    campaign = drafted(at, projects=tuple(at.projects[:2]))
    assign_inspector(target_of(campaign, at.projects[0]), inspector=at.colleague, by=at.quality)
    assert told("inspection_assigned") == []
    open_campaign(campaign, by=at.quality)
    assert told("inspection_assigned") == [at.colleague.pk]


def test_a_campaign_needs_a_project(at: Company) -> None:
    campaign = drafted(at)
    with pytest.raises(Invalid, match="needs a project"):
        open_campaign(campaign, by=BY)
    with_one = drafted(at, projects=tuple(at.projects[:1]))
    waive_target(target_of(with_one, at.projects[0]), reason="flood", by=BY)
    with pytest.raises(Invalid, match="needs a project"):
        open_campaign(with_one, by=BY)


def test_results_that_would_be_late_already(at: Company) -> None:
    campaign = drafted(at, level="recheck", projects=tuple(at.projects[:1]), starts_on=DAY - 9 * A_DAY,
                       ends_on=DAY - 4 * A_DAY)  # fmt: skip
    with pytest.raises(Conflict, match="overdue already"):
        open_campaign(campaign, by=BY)
    assert Campaign.objects.get(pk=campaign.pk).state == CampaignState.DRAFT


def test_a_joint_inspection_needs_the_client(at: Company) -> None:
    campaign = drafted(at, level="joint", projects=tuple(at.projects[:2]))
    guest = at.person("client", at.projects[0])
    invite_guest(target_of(campaign, at.projects[0]), user=guest, organisation="房管局", until=DAY, by=BY)
    with pytest.raises(Invalid, match="B园"):
        open_campaign(campaign, by=BY)
    invite_guest(target_of(campaign, at.projects[1]), user=guest, organisation="房管局", until=DAY, by=BY)
    assert open_campaign(campaign, by=BY).state == CampaignState.OPEN


def test_closing_names_what_is_owed(at: Company) -> None:
    campaign = opened(at, projects=tuple(at.projects[:3]))
    inspected(campaign, at, 0)
    inspected(campaign, at, 1, state=InspectionState.UNDER_WAY)
    with pytest.raises(Conflict, match=r"2 projects are neither inspected nor waived: B园, C园|2 .*"):
        close_campaign(campaign, by=BY)
    Inspection.objects.filter(target__project=at.projects[1]).update(state=InspectionState.SUBMITTED)
    note_progress(target_of(campaign, at.projects[1]))
    waive_target(target_of(campaign, at.projects[2]), reason="under reconstruction", by=BY)
    assert close_campaign(campaign, by=BY).state == CampaignState.CLOSED
    assert reopen_campaign(campaign, by=BY).state == CampaignState.OPEN


def test_publishing(at: Company) -> None:
    campaign, heard = closed(at), []
    manager = at.manager

    def hear(sender: object, *, campaign_id: int, **_given: Any) -> None:
        heard.append(campaign_id)

    events.campaign_published.connect(hear)
    try:
        publish_campaign(campaign, by=at.quality)
    finally:
        events.campaign_published.disconnect(hear)
    kept = Campaign.objects.get(pk=campaign.pk)
    assert (kept.state, kept.published_at, heard) == (CampaignState.PUBLISHED, clock.now(), [kept.pk])
    assert set(kept.inspections.values_list("state", flat=True)) == {InspectionState.PUBLISHED}
    assert Clock.objects.get(case_kind="campaign").stopped_at == clock.now()
    assert manager.pk in told("campaign_published")


def test_results_in_time_and_late(at: Company) -> None:
    campaign = closed(at)
    quality, region = at.quality, at.colleague
    with clock.at(clock.midnight(dt.date(2026, 12, 15)) + dt.timedelta(minutes=1)):
        escalate_due()
    assert (quality.pk in told("results_late"), region.pk in told("results_late")) == (True, False)
    with clock.at(clock.midnight(dt.date(2026, 12, 23))):
        escalate_due()
    assert Clock.objects.get(case_id=campaign.pk).level == 3


def test_results_delivered_in_time_are_counted(at: Company) -> None:
    year = {"first": dt.date(2026, 1, 1), "last": dt.date(2026, 12, 31)}
    publish_campaign(closed(at), by=BY)
    late, never = closed(at), opened(at)
    opened(at, level="team")  # no deadline
    cancel_campaign(opened(at), reason="x", by=BY)
    assert results_in_time(at.quality, **year) == (1, 1)  # what is not due yet counts once it is published
    with clock.at(clock.midnight(dt.date(2026, 12, 20))):
        publish_campaign(late, by=BY)
        assert results_in_time(at.quality, **year) == (1, 3)
        assert results_in_time(at.manager, **year) == (1, 3)
        assert results_in_time(at.quality, first=dt.date(2027, 1, 1), last=dt.date(2027, 12, 31)) == (0, 0)
    assert never.results_due == late.results_due


def test_publishing_again_or_too_early(at: Company) -> None:
    campaign = closed(at)
    publish_campaign(campaign, by=BY)
    for early in (campaign, opened(at), drafted(at)):
        with pytest.raises(IllegalMove):
            publish_campaign(early, by=BY)


def test_cancelling(at: Company) -> None:
    campaign = opened(at)
    inspected(campaign, at, 0, state=InspectionState.UNDER_WAY)
    cancel_campaign(campaign, reason=" the flood ", by=at.quality)
    kept = Campaign.objects.get(pk=campaign.pk)
    assert (kept.state, kept.cancelled_because) == (CampaignState.CANCELLED, "the flood")
    assert kept.inspections.get().state == InspectionState.VOID
    assert Clock.objects.get(case_kind="campaign").stopped_at is not None
    assert target_of(kept, at.projects[0]).state == TargetState.OWED


def test_what_was_submitted_is_not_cancelled_away(at: Company) -> None:
    campaign = opened(at)
    inspected(campaign, at, 0)
    with pytest.raises(Conflict, match="were submitted"):
        cancel_campaign(campaign, reason="it does not suit", by=BY)
    assert Campaign.objects.get(pk=campaign.pk).state == CampaignState.OPEN
    with pytest.raises(Invalid):
        cancel_campaign(drafted(at), reason=" ", by=BY)


def standing_at(state: str, at: Company) -> Campaign:
    """A campaign in a state, without what led there."""
    campaign = drafted(at, projects=tuple(at.projects[:1]))
    values = {"published_at": clock.now()} if state == "published" else {}
    values |= {"cancelled_because": "x"} if state == "cancelled" else {}
    Campaign.objects.filter(pk=campaign.pk).update(state=state, **values)
    campaign.refresh_from_db()
    return campaign


MOVES: dict[str, Any] = {
    "open": open_campaign, "close": close_campaign, "reopen": reopen_campaign, "publish": publish_campaign,
    "cancel": lambda campaign, by: cancel_campaign(campaign, reason="x", by=by),
}  # fmt: skip


@pytest.mark.parametrize(("state", "step"), list(flows.illegal_moves(CAMPAIGN_FLOW)))
def test_illegal_moves(at: Company, state: str, step: str) -> None:
    with pytest.raises(IllegalMove):
        MOVES[step](standing_at(state, at), by=BY)


@pytest.mark.parametrize("step", MOVES)
@pytest.mark.parametrize(
    ("role", "place", "may"),
    [
        ("group_quality", "group", True),
        ("region", "region", False),  # of a campaign of the group
        ("project_manager", "project", False),
        ("department_lead", "project", False),
        ("client", "project", False),
        ("administrator", "group", False),
    ],
)
def test_who_moves_a_campaign(at: Company, role: str, place: str, step: str, may: bool) -> None:
    where: Any = {"group": at.group, "region": at.regions[0], "project": at.projects[0]}[place]
    start = {"open": "draft", "close": "open", "reopen": "closed", "publish": "closed", "cancel": "open"}[step]
    campaign = standing_at(start, at)
    if step == "close":
        waive_target(target_of(campaign, at.projects[0]), reason="x", by=BY)
    person = at.person(role, where)
    if may:
        assert MOVES[step](campaign, by=person).state != start
    else:
        with pytest.raises(Denied):
            MOVES[step](campaign, by=person)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], "owed"),
        (["void"], "owed"),
        (["under_way"], "under_way"),
        (["void", "under_way"], "under_way"),
        (["submitted"], "inspected"),
        (["published", "void"], "inspected"),
        (["submitted", "under_way"], "under_way"),
    ],
)
def test_a_target_follows_its_inspections(at: Company, states: list[str], expected: str) -> None:
    campaign = opened(at)
    target = target_of(campaign, at.projects[0])
    for state in states:
        inspection(
            project=target.project, target=target, campaign=campaign, state=state, submitted_at=clock.now(),
            inspector=UserFactory(), void_because="x" if state == "void" else "",
        )  # fmt: skip
    note_progress(target)
    assert target.state == expected


def test_a_waived_target_stays_waived(at: Company) -> None:
    campaign = opened(at)
    target = waive_target(target_of(campaign, at.projects[0]), reason="flood", by=BY)
    inspection(project=target.project, target=target, campaign=campaign)
    note_progress(target)
    assert Target.objects.get(pk=target.pk).state == TargetState.WAIVED
