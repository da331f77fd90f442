"""Campaigns: planned, opened, closed, published under a clock, or cancelled for a reason (spec 05, Campaigns)."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.actions import announce
from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.quality import events
from wuyou.domains.quality.actions.inspections import publish_inspection, void_inspection
from wuyou.domains.quality.choices import CampaignState, InspectionState, Level, TargetState
from wuyou.domains.quality.flows.campaigns import CAMPAIGN_FLOW
from wuyou.domains.quality.models import Campaign, Finding, Target
from wuyou.domains.quality.notices import campaigns as notices
from wuyou.domains.quality.policies import campaigns as policies
from wuyou.domains.quality.queries.campaigns import open_findings_of, projects_for, unfinished
from wuyou.domains.quality.queries.levels import levels_at
from wuyou.domains.quality.rules import campaigns as rules
from wuyou.domains.quality.rules.deadlines import results_due
from wuyou.domains.sheets.choices import SheetPurpose, SheetState
from wuyou.domains.sheets.models import SheetVersion
from wuyou.kernel import clock, flows
from wuyou.kernel.actors import Actor
from wuyou.kernel.clocks.actions import start_clock, stop_clock
from wuyou.kernel.clocks.queries import open_clock
from wuyou.kernel.errors import Conflict, Invalid, filled
from wuyou.kernel.numbering import next_number
from wuyou.kernel.transactions import action

from .journaling import chain_at, enter

NUMBER_PREFIX = "HD"  # 活动
ABOVE_PROJECTS = 0  # the clock of a campaign is no project's
RECHECK_DAYS = 14
A_MINUTE = dt.timedelta(minutes=1)
LADDER = (
    ("city", dt.timedelta(0)),
    ("region", dt.timedelta(days=2)),
    ("group_quality", dt.timedelta(days=5)),
)


@dataclass(frozen=True, slots=True)
class CampaignSpec:
    """What a campaign is to be; `projects` may stay empty where they are drawn."""

    name: str
    level: str
    sheet_version: SheetVersion
    starts_on: dt.date
    ends_on: dt.date
    theme: str = ""
    is_hidden: bool = False
    note: str = ""
    projects: tuple[Project, ...] = ()


@action
def plan_campaign(*, node: Node, spec: CampaignSpec, by: Actor) -> Campaign:
    """Draft a campaign of a node (spec 05).

    Raises Denied, or Invalid for a level, theme, time or sheet that does not fit, and for projects not below the node.
    """
    policies.check_plan(by, node)
    _check(node, spec)
    campaign = Campaign.objects.create(
        node=node,
        number=next_number(NUMBER_PREFIX, node.code, clock.today()),
        made_by=by if isinstance(by, User) else None,
        made_at=clock.now(),
        **_columns(spec),
    )
    enter("campaign_planned", campaign, by=by, level=campaign.level, hidden=int(campaign.is_hidden))
    if spec.projects:
        _owe(campaign, spec.projects, why=str(_("asked for")), by=by)
    return campaign


def _columns(spec: CampaignSpec) -> dict[str, object]:
    return {
        "name": spec.name.strip(), "level": spec.level, "theme": spec.theme, "sheet_version": spec.sheet_version,
        "starts_on": spec.starts_on, "ends_on": spec.ends_on, "is_hidden": spec.is_hidden, "note": spec.note.strip(),
    }  # fmt: skip


def _check(node: Node, spec: CampaignSpec) -> None:
    version = spec.sheet_version
    is_usable = version.state == SheetState.ISSUED and version.sheet.purpose == SheetPurpose.INSPECTION
    is_project = Project.objects.filter(node=node).exists()
    plan = rules.Plan(
        name=spec.name, level=spec.level, theme=spec.theme, starts_on=spec.starts_on, ends_on=spec.ends_on,
        is_hidden=spec.is_hidden, is_above=not is_project or node.depth == 1, sheet_is_issued=is_usable,
    )  # fmt: skip
    wrong = rules.problems(plan)
    if spec.level not in Level.values:
        wrong["level"] = _("Choose a level.")
    if wrong:
        raise Invalid(fields=wrong)


@action
def change_campaign(campaign: Campaign, *, spec: CampaignSpec, by: Actor) -> Campaign:
    """Change a draft; its projects stay as they are. Raises Denied, Invalid, or Conflict when it is no draft."""
    policies.check_manage(by, campaign)
    _check(campaign.node, spec)
    if Campaign.objects.filter(pk=campaign.pk, state=CampaignState.DRAFT).update(**_columns(spec)) != 1:
        raise Conflict(_("Only a draft can be changed."))
    campaign.refresh_from_db()
    enter("campaign_changed", campaign, by=by, level=campaign.level, hidden=int(campaign.is_hidden))
    return campaign


@action
def add_targets(campaign: Campaign, *, projects: Collection[Project], why: str, by: Actor) -> list[Target]:
    """Let a draft or running campaign owe more projects; those it owes already stay as they are.

    Raises Denied, Conflict when the campaign is over, Invalid for projects that are not below its node.
    """
    policies.check_manage(by, campaign)
    if campaign.state not in (CampaignState.DRAFT, CampaignState.OPEN):
        raise Conflict(_("Projects can be added until all is inspected."))
    return _owe(campaign, projects, why=why, by=by)


def _owe(campaign: Campaign, projects: Collection[Project], *, why: str, by: Actor) -> list[Target]:
    wanted = {project.pk for project in projects}
    known = set(projects_for(campaign, user=by).filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - known:
        strange = ", ".join(project.name for project in projects if project.pk not in known)
        raise Invalid(
            fields={"projects": filled(_("Not in service below this node in that time: %(names)s."), names=strange)}
        )
    there = set(Target.objects.filter(campaign=campaign, project__in=wanted).values_list("project_id", flat=True))
    made = [
        Target(campaign=campaign, project=project, why=why[:200]) for project in projects if project.pk not in there
    ]
    Target.objects.bulk_create(made)
    back = Target.objects.filter(campaign=campaign, project__in=there, state=TargetState.WAIVED)
    back.update(state=TargetState.OWED, waived_because="", why=why[:200])
    codes = sorted(project.code for project in projects)
    enter("campaign_targets_added", campaign, by=by, projects=codes, why=why)
    return list(Target.objects.filter(campaign=campaign, project__in=wanted).select_related("project", "campaign"))


@action
def open_campaign(campaign: Campaign, *, by: Actor) -> Campaign:
    """Begin a campaign: its inspectors are told and the clock of its results starts (spec 05: results delivered by).

    Raises Denied, IllegalMove, Invalid without projects or where a guest is needed and missing, and Conflict when its
    results would be due already.
    """
    policies.check_manage(by, campaign)
    owed = list(campaign.targets.exclude(state=TargetState.WAIVED).select_related("project", "campaign"))
    if not owed:
        raise Invalid(_("A campaign needs a project: choose some or draw them."))
    rule = levels_at(campaign.node, clock.today())[campaign.level]
    if rule.needs_guest:
        _check_guests(owed)
    due = results_due(rule.feedback, campaign.ends_on)
    moment = clock.midnight(due + dt.timedelta(days=1)) - A_MINUTE if due else None  # people read 23:59, not 00:00
    if moment is not None and moment <= clock.now():
        raise Conflict(_("Its results would be overdue already: give it a later end."))
    flows.claim(campaign, CAMPAIGN_FLOW, "open", results_due=moment)
    if moment is not None:
        _start_clock(campaign, moment, by=by)
    for target in owed:
        notices.tell_of_assignment(target)
    enter("campaign_opened", campaign, by=by, projects=len(owed), results_due=moment)
    return campaign


def _check_guests(targets: Iterable[Target]) -> None:
    without = [target.project.name for target in targets if not target.guests.exists()]
    if without:
        message = _("Somebody from outside takes part at this level; nobody is invited for: %(names)s.")
        raise Invalid(message, names=", ".join(without))


def _start_clock(campaign: Campaign, due: dt.datetime, *, by: Actor) -> None:
    start_clock(
        "results",
        case=("campaign", campaign.pk, campaign.number),
        project_id=ABOVE_PROJECTS,
        target=due - clock.now(),
        ladder=LADDER,
        chain=chain_at(campaign.node),
        by=by,
    )


@action
def close_campaign(campaign: Campaign, *, by: Actor) -> Campaign:
    """All is inspected or waived. Raises Denied, IllegalMove, or Conflict naming what is still owed."""
    policies.check_manage(by, campaign)
    CAMPAIGN_FLOW.check("close", campaign.state)
    left = unfinished(campaign.targets.select_related("project"))
    if left:
        names = ", ".join(target.project.name for target in left[:5])
        raise Conflict(
            _("%(count)d projects are neither inspected nor waived: %(names)s."), count=len(left), names=names
        )
    flows.claim(campaign, CAMPAIGN_FLOW, "close")
    enter("campaign_closed", campaign, by=by)
    return campaign


@action
def reopen_campaign(campaign: Campaign, *, by: Actor) -> Campaign:
    """Go on inspecting before the results are published; raises Denied or IllegalMove."""
    policies.check_manage(by, campaign)
    flows.claim(campaign, CAMPAIGN_FLOW, "reopen")
    enter("campaign_reopened", campaign, by=by)
    return campaign


@action
def publish_campaign(campaign: Campaign, *, by: Actor) -> Campaign:
    """Publish every submitted inspection of a closed campaign: what was hidden is seen from now on.

    Raises Denied or IllegalMove.
    """
    policies.check_publish(by, campaign)
    flows.claim(campaign, CAMPAIGN_FLOW, "publish", published_at=clock.now())
    submitted = campaign.inspections.filter(state=InspectionState.SUBMITTED).order_by("pk")
    for inspection in submitted.select_related("project__node", "campaign", "sheet_version", "inspector"):
        publish_inspection(inspection, by=by)
    _stop_clock(campaign, by=by)
    for target in campaign.targets.filter(state=TargetState.INSPECTED).select_related("project__node", "campaign"):
        notices.tell_of_publication(target)
        announce("campaign.published", project=target.project, payload={"number": campaign.number})
    enter("campaign_published", campaign, by=by)
    events.campaign_published.send(Campaign, campaign_id=campaign.pk)
    return campaign


def _stop_clock(campaign: Campaign, *, by: Actor) -> None:
    running = open_clock("campaign", campaign.pk, "results")
    if running is not None:
        stop_clock(running, by=by)


@action
def cancel_campaign(campaign: Campaign, *, reason: str, by: Actor) -> Campaign:
    """Call a campaign off for a reason; inspections under way become void.

    Raises Denied, IllegalMove, Invalid without a reason, Conflict when an inspection was submitted already.
    """
    policies.check_manage(by, campaign)
    CAMPAIGN_FLOW.check("cancel", campaign.state)
    made = campaign.inspections.exclude(state=InspectionState.VOID)
    if made.exclude(state=InspectionState.UNDER_WAY).exists():
        raise Conflict(_("Inspections of this campaign were submitted: publish them, or declare them void one by one."))
    flows.claim(campaign, CAMPAIGN_FLOW, "cancel", cancelled_because=reason.strip()[:300])
    for inspection in made.select_related("project__node", "campaign", "target"):
        void_inspection(inspection, reason=reason, by=by)
    _stop_clock(campaign, by=by)
    enter("campaign_cancelled", campaign, by=by, reason=campaign.cancelled_because)
    return campaign


@action
def plan_recheck(
    *, campaign: Campaign | None = None, findings: Iterable[Finding] = (), starts_on: dt.date | None = None, by: Actor
) -> Campaign:
    """Draft a re-check of what is still open: of a campaign's findings, or of the findings given (spec 05, level f).

    The sheet is that of the first inspection. Raises Denied, Conflict while the campaign is hidden, or Invalid when
    nothing is open or no inspection stands behind the findings.
    """
    given = [one for one in findings if one.inspection_id and not one.is_hidden]
    if campaign is not None and campaign.is_hidden and campaign.state != CampaignState.PUBLISHED:
        raise Conflict(_("What is hidden is checked again after it is published."))
    rows = list(open_findings_of(campaign)) if campaign else given
    if not rows:
        raise Invalid(_("Nothing is open: there is nothing to check again."))
    versions = [one.inspection.sheet_version for one in rows if one.inspection]
    node = campaign.node if campaign else _node_above(rows)
    day = starts_on or clock.today()
    spec = CampaignSpec(
        name=str(_("Re-check: %(name)s") % {"name": campaign.name if campaign else rows[0].number})[:120],
        level=Level.RECHECK,
        sheet_version=_newest(versions[0]),
        starts_on=day,
        ends_on=day + dt.timedelta(days=RECHECK_DAYS),
        is_hidden=False,
    )
    made = plan_campaign(node=node, spec=spec, by=by)
    Campaign.objects.filter(pk=made.pk).update(recheck_of=campaign)
    made.recheck_of = campaign
    projects = {one.project_id: one.project for one in rows}
    for pk, project in projects.items():
        count = sum(one.project_id == pk for one in rows)
        _owe(made, [project], why=str(_("%(count)d open findings") % {"count": count}), by=by)
    return made


def _newest(version: SheetVersion) -> SheetVersion:
    """A sheet withdrawn meanwhile is not used again: its newest issued version is."""
    issued = SheetVersion.objects.filter(sheet=version.sheet, state=SheetState.ISSUED).order_by("-number").first()
    return issued or version


def _node_above(findings: list[Finding]) -> Node:
    """The lowest node above the projects of some findings; a single project's campaign is planned one level up."""
    paths = list(Project.objects.filter(findings__in=findings).values_list("node__path", flat=True).distinct())
    common = min(paths)
    while not all(path.startswith(common) for path in paths):
        common = common[: -Node.steplen]
    above = Q(path=common[: -Node.steplen]) if len(common) > Node.steplen and len(paths) == 1 else Q(path=common)
    return Node.objects.get(above)
