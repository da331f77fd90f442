"""Who inspects a project, who takes part from outside, what is waived."""

import datetime as dt
from typing import Any

import pytest
from factories.campaigns import BY, Company, drafted, opened, target_of
from factories.org import AssignmentFactory, UserFactory, user_with
from factories.quality import inspection
from factories.registry import StaffFactory, TeamFactory

from wuyou.domains.org.models import User
from wuyou.domains.quality.actions.targets import (
    assign_inspector,
    dismiss_guest,
    invite_guest,
    restore_target,
    waive_target,
)
from wuyou.domains.quality.choices import CampaignState, InspectionState, TargetState
from wuyou.domains.quality.models import Campaign, Guest, Target
from wuyou.domains.quality.queries.campaigns import my_targets
from wuyou.domains.quality.queries.inspectors import candidates, obstacle_for, under_way_by
from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid
from wuyou.kernel.notify import Notification

DAY = dt.date(2026, 11, 20)
A_DAY = dt.timedelta(days=1)


def target(at: Company, **given: Any) -> Target:
    return target_of(opened(at, **given), at.projects[0])


def told(event: str) -> list[int]:
    return list(Notification.objects.filter(event=f"quality.{event}").values_list("user_id", flat=True))


def test_an_independent_inspector_is_named_and_told(at: Company) -> None:
    owed = target(at)
    assign_inspector(owed, inspector=at.colleague, by=at.quality)
    assert Target.objects.get(pk=owed.pk).inspector == at.colleague
    assert told("inspection_assigned") == [at.colleague.pk]
    assign_inspector(owed, inspector=at.colleague, by=at.quality)
    assert len(told("inspection_assigned")) == 1
    assign_inspector(owed, inspector=None, by=at.quality)
    assert Target.objects.get(pk=owed.pk).inspector is None


def inspected_before(at: Company, user: User, *, level: str = "city", day: dt.date = DAY - A_DAY, **given: Any) -> None:
    values = {"state": InspectionState.PUBLISHED, "submitted_at": clock.now(), **given}
    inspection(project=at.projects[0], inspector=user, level=level, day=day, **values)


def test_nobody_from_the_project_inspects_it(at: Company) -> None:
    owed = target(at)
    with pytest.raises(Invalid, match="running the project"):
        assign_inspector(owed, inspector=at.manager, by=at.quality)
    AssignmentFactory(user=at.colleague, node=at.projects[0].node)  # a role that carries nothing
    StaffFactory(user=at.colleague, team=TeamFactory(project=at.projects[0]))
    with pytest.raises(Invalid, match="works at the project"):
        assign_inspector(owed, inspector=at.colleague, by=at.quality)
    elsewhere = target_of(owed.campaign, at.projects[1])
    assert assign_inspector(elsewhere, inspector=at.colleague, by=at.quality).inspector == at.colleague
    assert assign_inspector(target_of(owed.campaign, at.projects[1]), inspector=at.quality, by=at.quality)


def test_who_left_the_project_may_inspect_it(at: Company) -> None:
    StaffFactory(user=at.colleague, team=TeamFactory(project=at.projects[0]), left_on=DAY - A_DAY)
    assert obstacle_for(at.colleague, target(at)) is None


def test_the_same_pair_not_twice_running(at: Company) -> None:
    owed, other = target(at), at.person("city", at.cities[0])
    inspected_before(at, at.colleague, day=DAY - 9 * A_DAY)
    with pytest.raises(Invalid, match="last inspection"):
        assign_inspector(owed, inspector=at.colleague, by=at.quality)
    assert assign_inspector(owed, inspector=other, by=at.quality).inspector == other
    inspected_before(at, other, day=DAY - 2 * A_DAY)
    assert obstacle_for(at.colleague, owed) is None
    assert "last inspection" in str(obstacle_for(other, owed))


@pytest.mark.parametrize(
    "given",
    [{"level": "region"}, {"state": InspectionState.VOID, "void_because": "x"}, {"state": InspectionState.UNDER_WAY}],
)
def test_what_is_no_last_inspection_of_the_kind(at: Company, given: dict[str, Any]) -> None:
    inspected_before(at, at.colleague, **given)
    assert obstacle_for(at.colleague, target(at)) is None


def test_a_second_inspection_for_comparison_is_no_last_one(at: Company) -> None:
    other = at.person("city", at.cities[0])
    first = inspection(project=at.projects[0], inspector=other, state="submitted", submitted_at=clock.now())
    inspected_before(at, at.colleague, second_of=first)
    assert obstacle_for(at.colleague, target(at)) is None


def test_a_project_checks_itself(at: Company) -> None:
    owed = target_of(opened(at, level="project"), at.projects[0])
    inspected_before(at, at.manager, level="project")
    assert assign_inspector(owed, inspector=at.manager, by=at.quality).inspector == at.manager


def test_only_who_may_inspect_here(at: Company) -> None:
    owed = target(at)
    for person in (at.person("front_desk", at.projects[0]), at.person("region", at.regions[1]), UserFactory()):
        with pytest.raises(Invalid, match="may not inspect"):
            assign_inspector(owed, inspector=person, by=at.quality)
    gone = at.colleague
    gone.is_active = False
    gone.save()
    with pytest.raises(Invalid, match="may not inspect"):
        assign_inspector(owed, inspector=gone, by=at.quality)


def test_candidates_say_what_stands_against_them(at: Company) -> None:
    owed, guest = target(at), UserFactory(full_name="阿客")
    people = {at.quality, at.colleague, at.manager}
    inspected_before(at, at.colleague)
    invite_guest(owed, user=guest, organisation="第三方", until=DAY, by=BY)
    found = {one.user: one.obstacle for one in candidates(owed)}
    assert set(found) == people | {guest}
    assert {user for user, reason in found.items() if reason is None} == {at.quality, guest}
    assert [one.obstacle is None for one in candidates(owed)] == [True, True, False, False]


@pytest.mark.parametrize("state", [CampaignState.CLOSED, CampaignState.PUBLISHED, CampaignState.CANCELLED])
def test_nothing_changes_when_the_campaign_is_over(at: Company, state: str) -> None:
    owed = target(at)
    Campaign.objects.filter(pk=owed.campaign_id).update(state=state, published_at=clock.now(), cancelled_because="x")
    owed.campaign.refresh_from_db()
    acts = (
        lambda: assign_inspector(owed, inspector=at.colleague, by=at.quality),
        lambda: waive_target(owed, reason="x", by=at.quality),
        lambda: restore_target(owed, by=at.quality),
        lambda: invite_guest(owed, user=at.colleague, organisation="x", until=DAY, by=at.quality),
    )
    for act in acts:
        with pytest.raises(Conflict, match="is over"):
            act()


@pytest.mark.parametrize("state", [TargetState.INSPECTED, TargetState.WAIVED])
def test_what_is_inspected_keeps_its_inspector(at: Company, state: str) -> None:
    owed = target(at)
    Target.objects.filter(pk=owed.pk).update(state=state, waived_because="x")
    with pytest.raises(Conflict):
        assign_inspector(owed, inspector=at.colleague, by=at.quality)


def test_waiving_and_owing_after_all(at: Company) -> None:
    owed = target(at)
    with pytest.raises(Invalid):
        waive_target(owed, reason="  ", by=at.quality)
    with pytest.raises(IllegalMove):
        restore_target(owed, by=at.quality)
    waive_target(owed, reason="under reconstruction", by=at.quality)
    kept = Target.objects.get(pk=owed.pk)
    assert (kept.state, kept.waived_because) == (TargetState.WAIVED, "under reconstruction")
    with pytest.raises(IllegalMove):
        waive_target(owed, reason="again", by=at.quality)
    restore_target(owed, by=at.quality)
    kept.refresh_from_db()
    assert (kept.state, kept.waived_because) == (TargetState.OWED, "")


# --- guests


def test_a_guest_is_invited_told_and_dismissed(at: Company) -> None:
    owed, guest = target(at), UserFactory()
    made = invite_guest(owed, user=guest, organisation=" 业主委员会 ", until=DAY + 3 * A_DAY, by=at.quality)
    assert (made.organisation, made.ends_on) == ("业主委员会", DAY + 3 * A_DAY)
    assert told("guest_invited") == [guest.pk]
    assert list(my_targets(guest)) == [owed]
    dismiss_guest(made, by=at.quality)
    assert list(my_targets(guest)) == []
    with pytest.raises(Conflict):
        dismiss_guest(made, by=at.quality)
    again = invite_guest(owed, user=guest, organisation="业委会", until=DAY, by=at.quality)
    assert (again.pk, again.organisation, again.ends_on) == (made.pk, "业委会", DAY)
    with pytest.raises(Conflict):
        invite_guest(owed, user=guest, organisation="业委会", until=DAY, by=at.quality)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"organisation": " "}, "organisation"), ({"until": DAY - A_DAY}, "until"), ({"is_active": False}, "user")],
)
def test_invitations_that_cannot_be(at: Company, given: dict[str, Any], field: str) -> None:
    guest = UserFactory(is_active=given.pop("is_active", True))
    with pytest.raises(Invalid) as caught:
        invite_guest(target(at), user=guest, by=BY, **{"organisation": "x", "until": DAY, **given})
    assert [error.field for error in caught.value.fields] == [field]
    assert Guest.objects.count() == 0


def test_who_staffs_a_campaign(at: Company) -> None:
    owed = target(at)
    guest = invite_guest(owed, user=UserFactory(), organisation="x", until=DAY, by=BY)
    for person in (at.manager, at.colleague, at.person("client", at.projects[0]), user_with(at=at.group)):
        acts = (
            lambda who=person: assign_inspector(owed, inspector=None, by=who),
            lambda who=person: waive_target(owed, reason="x", by=who),
            lambda who=person: restore_target(owed, by=who),
            lambda who=person: invite_guest(owed, user=who, organisation="x", until=DAY, by=who),
            lambda who=person: dismiss_guest(guest, by=who),
        )
        for act in acts:
            with pytest.raises(Denied):
                act()


def test_my_inspections_are_those_under_way_and_owed(at: Company) -> None:
    running = opened(at, projects=tuple(at.projects[:3]))
    for number in range(3):
        Target.objects.filter(campaign=running, project=at.projects[number]).update(inspector=at.colleague)
    Target.objects.filter(campaign=running, project=at.projects[2]).update(state=TargetState.INSPECTED)
    waiting = drafted(at, projects=tuple(at.projects[:1]))
    waiting.targets.update(inspector=at.colleague)
    assert [one.project.code for one in my_targets(at.colleague)] == ["A", "B"]


def test_what_somebody_who_leaves_has_begun(at: Company) -> None:
    begun = inspection(project=at.projects[0], inspector=at.colleague)
    inspection(project=at.projects[0], inspector=at.colleague, state="submitted", submitted_at=clock.now())
    assert under_way_by(at.colleague) == [begun]
