"""Who sees campaigns and their projects; a mystery visit is hidden from the project until it is published."""

import datetime as dt

import pytest
from factories.campaigns import BY, Company, drafted, opened, target_of
from factories.org import UserFactory
from factories.quality import inspection

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.quality.actions.campaigns import close_campaign, publish_campaign
from wuyou.domains.quality.actions.drawing import commit_project_draw
from wuyou.domains.quality.actions.targets import assign_inspector, invite_guest, note_progress
from wuyou.domains.quality.models import Campaign
from wuyou.domains.quality.queries.campaigns import (
    campaigns_for_list,
    campaigns_visible_to,
    planning_nodes,
    targets_of,
    targets_visible_to,
)
from wuyou.domains.quality.queries.coverage import coverage
from wuyou.domains.quality.queries.draws import draws_visible_to
from wuyou.kernel import clock
from wuyou.kernel.draws.sampling import Method
from wuyou.kernel.journal.models import Entry
from wuyou.kernel.notify import Notification
from wuyou.kernel.search.models import Document

DAY = dt.date(2026, 11, 20)


def who(at: Company, role: str, place: str) -> User:
    where: dict[str, Node | Project] = {
        "group": at.group, "east": at.regions[0], "west": at.regions[1], "city": at.cities[0], "A": at.projects[0],
        "D": at.projects[3],
    }  # fmt: skip
    return at.person(role, where[place])


def seen(campaign: Campaign, user: User) -> tuple[bool, list[str]]:
    """Whether somebody sees a campaign, and which of its projects."""
    targets = targets_visible_to(user).filter(campaign=campaign).order_by("project__code")
    return (
        campaigns_visible_to(user).filter(pk=campaign.pk).exists(),
        list(targets.values_list("project__code", flat=True)),
    )


def finished(campaign: Campaign, at: Company) -> Campaign:
    """Every project inspected, everything published."""
    for project in at.projects:
        target = target_of(campaign, project)
        inspection(
            project=project, campaign=campaign, target=target, sheet_version=campaign.sheet_version,
            is_hidden=campaign.is_hidden, state="submitted", submitted_at=clock.now(), level=campaign.level,
        )  # fmt: skip
        note_progress(target)
    return publish_campaign(close_campaign(campaign, by=BY), by=BY)


ALL, NOTHING = (True, ["A", "B", "C", "D"]), (False, [])


@pytest.mark.parametrize(
    ("role", "place", "draft", "open_", "hidden", "published"),
    [
        ("group_quality", "group", ALL, ALL, ALL, ALL),
        ("region", "east", NOTHING, (True, ["A", "B", "C"]), (True, ["A", "B", "C"]), (True, ["A", "B", "C"])),
        ("region", "west", NOTHING, (True, ["D"]), (True, ["D"]), (True, ["D"])),
        ("city", "city", NOTHING, (True, ["A", "B", "C"]), (True, ["A", "B", "C"]), (True, ["A", "B", "C"])),
        ("project_manager", "A", NOTHING, (True, ["A"]), NOTHING, (True, ["A"])),
        ("department_lead", "A", NOTHING, (True, ["A"]), NOTHING, (True, ["A"])),
        ("client", "A", NOTHING, NOTHING, NOTHING, (True, ["A"])),
        ("owners_committee", "D", NOTHING, NOTHING, NOTHING, (True, ["D"])),
        ("front_desk", "A", NOTHING, NOTHING, NOTHING, NOTHING),
        ("field_staff", "A", NOTHING, NOTHING, NOTHING, NOTHING),
        ("administrator", "group", NOTHING, NOTHING, NOTHING, NOTHING),
    ],
)
def test_who_sees_what(
    at: Company, role: str, place: str, draft: object, open_: object, hidden: object, published: object
) -> None:
    user = who(at, role, place)
    assert seen(drafted(at, projects=tuple(at.projects)), user) == draft
    assert seen(opened(at), user) == open_
    mystery = opened(at, level="special", theme="mystery", is_hidden=True)
    assert seen(mystery, user) == hidden
    assert seen(finished(mystery, at), user) == published


def test_an_inspector_sees_what_is_theirs(at: Company) -> None:
    stranger = who(at, "region", "west")
    mystery = opened(at, level="special", theme="mystery", is_hidden=True)
    invite_guest(target_of(mystery, at.projects[0]), user=stranger, organisation="x", until=DAY, by=BY)
    assign_inspector(target_of(mystery, at.projects[0]), inspector=stranger, by=at.quality)
    assert seen(mystery, stranger) == (True, ["A", "D"])


def test_a_guest_sees_one_inspection_and_no_campaign(at: Company) -> None:
    guest, campaign = UserFactory(), opened(at)
    invite_guest(target_of(campaign, at.projects[1]), user=guest, organisation="第三方", until=DAY, by=BY)
    assert seen(campaign, guest) == (False, ["B"])
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert seen(campaign, guest) == NOTHING


def test_a_stranger_and_a_machine(at: Company) -> None:
    campaign = opened(at)
    assert seen(campaign, UserFactory()) == NOTHING
    assert seen(campaign, BY) == ALL  # type: ignore[arg-type]


def test_a_draft_drawn_for_in_public_is_seen_below(at: Company) -> None:
    """So that somebody else can note the commitment and give the word; not for what is hidden."""
    plain, hidden = drafted(at), drafted(at, level="special", is_hidden=True)
    for campaign in (plain, hidden):
        commit_project_draw(campaign, method=Method(2, needs_word=True), by=at.quality)
    manager, region = at.manager, at.colleague
    assert [seen(campaign, manager)[0] for campaign in (plain, hidden)] == [True, False]
    assert [seen(campaign, region)[0] for campaign in (plain, hidden)] == [True, False]
    assert [draw.case_id for draw in draws_visible_to(manager)] == [plain.pk]
    assert draws_visible_to(who(at, "field_staff", "A")).count() == 0


def test_a_mystery_visit_leaves_no_trace_at_the_project(at: Company) -> None:
    """No entry in its chain, no message to its people, nothing to search for."""
    manager = at.manager
    before = Entry.objects.count()
    mystery = opened(at, level="special", theme="mystery", is_hidden=True, by=at.quality)
    assign_inspector(target_of(mystery, at.projects[0]), inspector=at.colleague, by=at.quality)
    chains = set(Entry.objects.order_by("pk")[before:].values_list("chain__key", flat=True))
    assert chains == {f"node:{at.group.pk}"}
    assert not Notification.objects.filter(user_id=manager.pk).exists()
    assert not Document.objects.filter(kind__startswith="quality").exists()


def test_coverage_does_not_tell_of_hidden_visits(at: Company) -> None:
    """Neither a project that plans its own campaigns may count them."""
    inspection(project=at.projects[0], level="special", is_hidden=True, state="submitted", submitted_at=clock.now())
    planner = who(at, "city", "A")  # a role that plans, but at the project itself

    def special(user: User, node: Node) -> int:
        return next(one.coverage.covered for one in coverage(user, node, DAY) if one.level == "special")

    assert special(at.quality, at.group) == 1
    assert special(at.colleague, at.regions[0]) == 1
    assert special(planner, at.projects[0].node) == 0


def test_lists_carry_progress(at: Company) -> None:
    campaign = opened(at)
    inspection(project=at.projects[0], target=target_of(campaign, at.projects[0]), campaign=campaign,
               state="submitted", submitted_at=clock.now())  # fmt: skip
    note_progress(target_of(campaign, at.projects[0]))
    row = campaigns_for_list(at.quality).get()
    assert (row.total, row.inspected, row.waived) == (4, 1, 0)
    shown = targets_of(campaign, user=at.manager)
    assert [(one.project.code, len(one.kept)) for one in shown] == [("A", 1)]


def test_of_two_inspectors_none_sees_the_other_s_score_before_both_have_submitted(at: Company) -> None:
    campaign, other = opened(at, projects=tuple(at.projects[:1])), at.person("city", at.cities[0])
    target = target_of(campaign, at.projects[0])
    first = inspection(project=at.projects[0], target=target, campaign=campaign, inspector=at.colleague,
                       state="submitted", submitted_at=clock.now())  # fmt: skip
    inspection(project=at.projects[0], target=target, campaign=campaign, inspector=other, second_of=first)
    assert [len(targets_of(campaign, user=user)[0].kept) for user in (other, at.quality)] == [1, 2]


def test_where_somebody_plans(at: Company) -> None:
    assert planning_nodes(at.quality).count() == 9
    assert set(planning_nodes(who(at, "region", "west"))) == {at.regions[1], at.cities[1], at.projects[3].node}
    assert planning_nodes(at.manager).count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_targets_cost_the_same_for_one_and_many(at: Company, count: int, django_assert_num_queries) -> None:
    campaign = opened(at, projects=tuple(at.projects[:count]))
    quality = User.objects.get(pk=at.quality.pk)
    with django_assert_num_queries(4):
        assert len(targets_of(campaign, user=quality)) == count
