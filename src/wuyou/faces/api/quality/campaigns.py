"""Campaigns, the projects they owe, guests, levels and what is still to be covered (spec 05)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.quality.actions import campaigns as actions
from wuyou.domains.quality.actions import targets as staffing
from wuyou.domains.quality.actions.campaigns import CampaignSpec
from wuyou.domains.quality.actions.levels import set_level
from wuyou.domains.quality.choices import CampaignState, Feedback, Level, TargetState, Theme
from wuyou.domains.quality.flows.campaigns import CAMPAIGN_FLOW, TARGET_FLOW
from wuyou.domains.quality.models import Campaign, Guest, LevelSetting, Target
from wuyou.domains.quality.policies.rights import INSPECT, MANAGE_CAMPAIGNS, VIEW_INSPECTIONS
from wuyou.domains.quality.queries import campaigns as queries
from wuyou.domains.quality.queries.coverage import Debt, coverage
from wuyou.domains.quality.queries.inspectors import Candidate, candidates, possible_guests
from wuyou.domains.quality.queries.levels import level_settings_visible_to
from wuyou.faces.api.operations import Acts, maybe, possible, ref, refs, steps, told
from wuyou.faces.api.org.tree import NODES, PROJECTS
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.sheets import VERSIONS
from wuyou.faces.api.values import Bool, Day, Given, Id, choice, column, decimal, number, text
from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid
from wuyou.ui.visitor import user_of

from . import router

SEE = [VIEW_INSPECTIONS, MANAGE_CAMPAIGNS]
REASON = text(300, least=1)

CAMPAIGN = shape(
    "Campaign", Campaign,
    "id node number name level theme sheet_version starts_on ends_on state is_hidden recheck_of results_due note"
    " made_by made_at published_at cancelled_because",
    total=(int, "total"), inspected=(int, "inspected"), waived=(int, "waived"), steps=possible(CAMPAIGN_FLOW),
)  # fmt: skip
CAMPAIGNS = Resource(
    "campaigns",
    CAMPAIGN,
    queries.campaigns_for_list,
    view=SEE,
    filters={
        "node_id": ids("node"),
        "level": Filter(choice(Level), "level"),
        "state": Filter(choice(CampaignState), "state"),
        "theme": Filter(choice(Theme), "theme"),
        "project_id": Filter(Id, queries.about_project),
        "day_from": Filter(Day, "ends_on__gte"),
        "day_to": Filter(Day, "starts_on__lte"),
    },
    sorts={"starts_on": "starts_on", "number": "number", "results_due": "results_due"},
    search=("name", "number"),
)
TARGET = shape(
    "Target", Target, "id campaign project inspector state why waived_because",
    project_name="project.name", campaign_number="campaign.number", steps=possible(TARGET_FLOW),
)  # fmt: skip
TARGETS = Resource(
    "targets",
    TARGET,
    lambda user: (
        queries.targets_visible_to(user).select_related("campaign__node", "project__node", "inspector").order_by("pk")
    ),
    view=[*SEE, INSPECT],
    filters={
        "campaign_id": ids("campaign"),
        "project_id": ids("project"),
        "inspector_id": ids("inspector"),
        "state": Filter(choice(TargetState), "state"),
        "is_mine_to_do": Filter(bool, lambda rows, value: rows.filter(campaign__state="open") if value else rows),
    },
    sorts={"id": "id"},
    search=("project__name",),
)
GUESTS = Resource(
    "guests",
    shape("Guest", Guest, "id target user organisation ends_on", name="user.full_name"),
    queries.guests_visible_to,
    view=[MANAGE_CAMPAIGNS],
    filters={"target_id": ids("target"), "user_id": ids("user")},
)
LEVELS = Resource(
    "levels",
    shape("LevelSetting", LevelSetting, "id node level weight cover_percent feedback starts_on"),
    level_settings_visible_to,
    view=[MANAGE_CAMPAIGNS],
    filters={"node_id": ids("node"), "level": Filter(choice(Level), "level")},
)


class CandidateShown(Given):
    """Somebody who might inspect, and what stands against them."""

    user_id: int
    name: str
    obstacle: str | None


class DebtShown(Given):
    """What a level has covered and still owes in its running cycle."""

    level: str
    first: dt.date
    last: dt.date
    sites: int
    covered: int
    required: int
    owed: int
    missing_project_ids: list[int]
    regions_missing_ids: list[int]


# --- campaigns
SPEC = {
    "name": column(Campaign, "name"),
    "level": choice(Level),
    "sheet_version": ref(VERSIONS),
    "starts_on": Day,
    "ends_on": Day,
    "theme": maybe(column(Campaign, "theme")),
    "is_hidden": maybe(Bool),
    "note": maybe(text(500)),
}


def plan(*, node: Node, by: User, projects: Sequence[Project] = (), **given: Any) -> Campaign:
    """Draft a campaign of a node; its projects may be named now, added later, or drawn by lot."""
    return actions.plan_campaign(node=node, spec=CampaignSpec(projects=tuple(projects), **given), by=by)


def change(campaign: Campaign, *, by: User, **given: Any) -> Campaign:
    """Change a draft; everything is said anew, its projects stay as they are."""
    return actions.change_campaign(campaign, spec=CampaignSpec(**given), by=by)


def recheck(campaign: Campaign, *, by: User) -> Campaign:
    """Draft a re-check of the projects where findings of this campaign are still open."""
    return actions.plan_recheck(campaign=campaign, by=by)


def add_projects(campaign: Campaign, *, projects: list[Project], by: User, why: str = "") -> Campaign:
    """Let a draft or running campaign owe more projects."""
    actions.add_targets(campaign, projects=projects, why=why, by=by)
    return campaign


CAMPAIGNS.expose(router)
on_campaigns = Acts(router, CAMPAIGNS, [MANAGE_CAMPAIGNS])
on_campaigns.add(plan, {"node": ref(NODES), **SPEC, "projects": maybe(refs(PROJECTS))})
on_campaigns.put("plan", change, SPEC)
on_campaigns.post("projects", add_projects, {"projects": refs(PROJECTS), "why": maybe(text(180))})
on_campaigns.post("recheck", recheck, answer=told("DraftedRecheck", lambda made: {"id": made.pk}, id=int))


def cancel(campaign: Campaign, *, by: User, cancelled_because: str) -> Campaign:
    """Call a campaign off for a reason; inspections under way become void."""
    return actions.cancel_campaign(campaign, reason=cancelled_because, by=by)


steps(
    on_campaigns,
    CAMPAIGN_FLOW,
    {
        "open": (actions.open_campaign, {}),
        "close": (actions.close_campaign, {}),
        "reopen": (actions.reopen_campaign, {}),
        "publish": (actions.publish_campaign, {}),
        "cancel": (cancel, {"cancelled_because": REASON}),
    },
)

# --- their projects
TARGETS.expose(router)
on_targets = Acts(router, TARGETS, [MANAGE_CAMPAIGNS])


def waive(target: Target, *, by: User, waived_because: str) -> Target:
    """Let a project go uninspected for a reason that stays visible."""
    return staffing.waive_target(target, reason=waived_because, by=by)


def invite(target: Target, *, by: User, user_id: int, organisation: str, until: dt.date) -> Guest:
    """Let a client, a committee or an outside inspector see and take part in this one inspection until a day."""
    user = possible_guests(target).filter(pk=user_id).first()
    if user is None:
        raise Invalid(fields={"user_id": _("There is no such thing, or not for you.")})
    return staffing.invite_guest(target, user=user, organisation=organisation, until=until, by=by)


def name_inspector(target: Target, *, by: User, user_id: int | None) -> Target:
    """Say who inspects a project: somebody independent who did not make the last inspection; null for nobody yet."""
    chosen = next((one.user for one in candidates(target) if one.user.pk == user_id), None)
    if user_id is not None and chosen is None:
        raise Invalid(fields={"user_id": _("This person may not inspect at this project.")})
    try:
        return staffing.assign_inspector(target, inspector=chosen, by=by)
    except Invalid as error:
        raise Invalid(fields={"user_id": error.message}) from error


steps(
    on_targets,
    TARGET_FLOW,
    {"waive": (waive, {"waived_because": REASON}), "restore": (staffing.restore_target, {})},
    inner=("begin", "finish", "give_back"),
)
on_targets.post("inspector", name_inspector, {"user_id": Id | None})
on_targets.post(
    "guests", invite, {"user_id": Id, "organisation": text(120, least=1), "until": Day}, answer=GUESTS.shape
)


def who_might(target: Target, _request: HttpRequest, _asked: object) -> list[dict[str, Any]]:
    """Who might inspect a project, and what stands against the others."""
    return [_candidate(one) for one in candidates(target)]


def _candidate(one: Candidate) -> dict[str, Any]:
    obstacle = str(one.obstacle) if one.obstacle is not None else None
    return {"user_id": one.user.pk, "name": str(one.user), "obstacle": obstacle}


ask_of(router, TARGETS, "candidates", who_might, list[CandidateShown], [MANAGE_CAMPAIGNS])
GUESTS.expose(router)
Acts(router, GUESTS, [MANAGE_CAMPAIGNS]).post("dismiss", staffing.dismiss_guest)


# --- levels and coverage
def say_level(*, node: Node, by: User, **given: Any) -> LevelSetting:
    """Say what holds at a level below a node from a day on; the same day again replaces what was said."""
    return set_level(node, by=by, **given)


LEVELS.expose(router)
Acts(router, LEVELS, [MANAGE_CAMPAIGNS]).add(
    say_level,
    {
        "node": ref(NODES), "level": choice(Level), "weight": decimal(4, 2), "cover_percent": number(0, 100),
        "feedback": choice(Feedback), "starts_on": Day,
    },
)  # fmt: skip


def owed(node: Node, request: HttpRequest, asked: Any) -> list[dict[str, Any]]:
    """What every level has covered below a node and still owes, in the cycle of today or of the day asked for."""
    return [_debt(one) for one in coverage(user_of(request), node, asked.day or clock.today())]


def _debt(debt: Debt) -> dict[str, Any]:
    found = debt.coverage
    return {
        "level": found.level,
        "first": found.first,
        "last": found.last,
        "sites": found.sites,
        "covered": found.covered,
        "required": found.required,
        "owed": found.owed,
        "missing_project_ids": list(found.missing),
        "regions_missing_ids": [node.pk for node in debt.regions_missing],
    }


ask_of(router, NODES, "coverage", owed, list[DebtShown], [MANAGE_CAMPAIGNS], day=(Day | None, None))
