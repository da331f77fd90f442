"""Campaigns and the projects they owe, as somebody may see them; a hidden one only from above (spec 05)."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Avg, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.org.queries import held_by, nodes_visible_to, projects_visible_to
from wuyou.domains.quality.choices import CampaignState, InspectionState, TargetState
from wuyou.domains.quality.models import Campaign, Finding, Guest, Inspection, Target
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS, VIEW_INSPECTIONS
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.draws.models import Draw

from .hiding import hidden_projects, own_projects
from .inspections import unseen_firsts, unseen_seconds
from .levels import path_up

DRAFT, PUBLISHED, CANCELLED = CampaignState.DRAFT, CampaignState.PUBLISHED, CampaignState.CANCELLED
DONE = (InspectionState.SUBMITTED, InspectionState.PUBLISHED)


def targets_visible_to(user: Actor) -> QuerySet[Target]:
    """Projects of campaigns: those one plans, those of one's own projects, one's own inspections, and as a guest."""
    if not isinstance(user, User):
        return Target.objects.all()
    shown = Q(campaign__is_hidden=False) | Q(campaign__state=PUBLISHED) | Q(project__in=hidden_projects(user))
    planned = Q(campaign__node__in=nodes_visible_to(user, MANAGE_CAMPAIGNS))
    known = Q(campaign__state=PUBLISHED) | (~Q(campaign__state=DRAFT) & Q(project__in=own_projects(user)))
    seen = Q(project__in=projects_visible_to(user, VIEW_INSPECTIONS)) & known
    return Target.objects.filter((shown & (planned | seen)) | made_by(user))


def made_by(user: User) -> Q:
    """One's own inspections, and those one is a guest of."""
    guest = Guest.objects.filter(user=user, ends_on__gte=clock.today()).values("target")
    return ~Q(campaign__state=DRAFT) & (Q(inspector=user) | Q(pk__in=guest))


def my_targets(user: User) -> QuerySet[Target]:
    """What a person is to inspect, or takes part in as a guest, in campaigns under way; the first to end first."""
    rows = Target.objects.filter(made_by(user), campaign__state=CampaignState.OPEN)
    rows = rows.filter(state__in=[TargetState.OWED, TargetState.UNDER_WAY])
    return rows.select_related("campaign", "project").order_by("campaign__ends_on", "pk")


def campaigns_visible_to(user: Actor) -> QuerySet[Campaign]:
    """Campaigns one plans, those with a visible project, and drafts above one that were drawn for in public."""
    if not isinstance(user, User):
        return Campaign.objects.all()
    drawn = Draw.objects.filter(case_kind="campaign", case_id=OuterRef("pk"))
    above = Q(is_hidden=False) & Q(node__path__in=_paths_above(user)) & Exists(drawn)
    targets = targets_visible_to(user).exclude(pk__in=_only_as_guest(user)).values("campaign")
    planned = Q(node__in=nodes_visible_to(user, MANAGE_CAMPAIGNS))
    return Campaign.objects.filter(planned | Q(pk__in=targets) | above)


def _only_as_guest(user: User) -> QuerySet[Target]:
    """A guest sees one inspection and nothing of the campaign around it."""
    others = Q(inspector=user) | Q(project__in=projects_visible_to(user, VIEW_INSPECTIONS))
    return Target.objects.filter(guests__user=user).exclude(others)


def _paths_above(user: User) -> list[str]:
    paths = [held.path for held in held_by(user) if VIEW_INSPECTIONS in held.permissions]
    return sorted({above for path in paths for above in path_up(path)})


def campaigns_for_list(user: Actor) -> QuerySet[Campaign]:
    """Visible campaigns with all that a list shows of them, the newest first."""
    return with_progress(campaigns_visible_to(user)).order_by("-starts_on", "-pk")


def about_project(rows: QuerySet[Campaign], project_id: int) -> QuerySet[Campaign]:
    """Those that owe a project an inspection; their progress stays that of all their projects."""
    return rows.filter(pk__in=Target.objects.filter(project_id=project_id).values("campaign"))


def guests_visible_to(user: Actor) -> QuerySet[Guest]:
    """Guests of campaigns one plans, and one's own invitations."""
    rows = Guest.objects.select_related("user", "target__campaign__node", "target__project").order_by("pk")
    seen = Q(target__campaign__node__in=nodes_visible_to(user, MANAGE_CAMPAIGNS))
    return rows.filter(seen | Q(user=user)) if isinstance(user, User) else rows


def with_progress(rows: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Campaigns with how many projects they owe, have inspected and waived."""
    counted = {
        "total": Count("targets"),
        "inspected": Count("targets", filter=Q(targets__state=TargetState.INSPECTED)),
        "waived": Count("targets", filter=Q(targets__state=TargetState.WAIVED)),
    }
    return rows.select_related("node", "sheet_version__sheet", "made_by").annotate(**counted)


def targets_of(campaign: Campaign, *, user: Actor) -> list[Target]:
    """The visible projects of a campaign with inspector, guests and inspections."""
    inspections = Inspection.objects.exclude(state=InspectionState.VOID).select_related("inspector").order_by("pk")
    if isinstance(user, User):
        inspections = inspections.exclude(pk__in=unseen_firsts(user)).exclude(pk__in=unseen_seconds(user))
    rows = targets_visible_to(user).filter(campaign=campaign).select_related("project__node", "inspector", "campaign")
    rows = rows.prefetch_related(
        Prefetch("inspections", inspections, to_attr="kept"),
        Prefetch("guests", Guest.objects.select_related("user")),
    )
    return list(rows.order_by("project__code"))


def projects_for(campaign: Campaign, *, user: Actor) -> QuerySet[Project]:
    """Projects in service below the campaign's node where `user` plans campaigns: what it may owe and draw from."""
    return projects_below(campaign.node, user=user, first=campaign.starts_on, last=campaign.ends_on)


def projects_below(node: Node, *, user: Actor, first: dt.date, last: dt.date) -> QuerySet[Project]:
    """Projects in service at some time of these days at or below a node where `user` plans campaigns."""
    rows = projects_visible_to(user, MANAGE_CAMPAIGNS).filter(node__path__startswith=node.path)
    opened = Q(opened_on__isnull=True) | Q(opened_on__lte=last)
    return rows.filter(opened, Q(closed_on__isnull=True) | Q(closed_on__gte=first)).order_by("code")


def planning_nodes(user: Actor) -> QuerySet[Node]:
    """Nodes at which `user` plans campaigns, from the top down."""
    return nodes_visible_to(user, MANAGE_CAMPAIGNS).order_by("path")


def last_placed(node: Node, *, user: Actor, day: dt.date, least: int = 2) -> list[Project]:
    """Projects by the mean of their published scores of the year so far, the lowest first: for the year-end review.

    Projects with fewer than `least` scored inspections are left out: one inspection says little.
    """
    scored = Q(inspections__state=InspectionState.PUBLISHED, inspections__score__isnull=False)
    year = Q(inspections__day__gte=day.replace(month=1, day=1), inspections__day__lte=day)
    rows = projects_below(node, user=user, first=day, last=day)
    rows = rows.annotate(
        mean=Avg("inspections__score", filter=scored & year), scores=Count("inspections", filter=scored & year)
    )
    return list(rows.filter(scores__gte=least).order_by(F("mean").asc(), "code"))


def open_findings_of(campaign: Campaign) -> QuerySet[Finding]:
    """Findings of the campaign's inspections that are not closed: what a re-check looks at."""
    over = ["closed", "merged", "void"]
    rows = Finding.objects.filter(inspection__campaign=campaign).exclude(state__in=over)
    return rows.select_related("project", "inspection__sheet_version__sheet").order_by("project__code", "pk")


def results_in_time(user: Actor, *, first: dt.date, last: dt.date) -> tuple[int, int]:
    """Of visible campaigns whose results were due in these days: how many were published by then, and of how many.

    What is not due yet counts once it is published.
    """
    start, end = clock.midnight(first), clock.midnight(last + dt.timedelta(days=1))
    rows = campaigns_visible_to(user).filter(results_due__gte=start, results_due__lt=end).exclude(state=CANCELLED)
    rows = rows.filter(Q(results_due__lte=clock.now()) | Q(state=PUBLISHED))
    kept = Q(published_at__lte=F("results_due"))
    found = rows.order_by().aggregate(kept=Count("pk", filter=kept), due=Count("pk"))
    return found["kept"], found["due"]


def unfinished(targets: Iterable[Target]) -> list[Target]:
    """Projects neither inspected nor waived."""
    return [one for one in targets if one.state in (TargetState.OWED, TargetState.UNDER_WAY)]
