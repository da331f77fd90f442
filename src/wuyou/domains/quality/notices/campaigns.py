"""What people are told of campaigns, and whom. A notice points at its record by `campaign:id` or `target:id`."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.queries import users_holding, users_in_role
from wuyou.domains.quality.models import Campaign, Guest, Target
from wuyou.domains.quality.policies.rights import PUBLISH_CAMPAIGNS, VIEW_INSPECTIONS
from wuyou.kernel import notify
from wuyou.kernel.clocks.events import News, Notice

INSPECTION_ASSIGNED = notify.declare(
    "quality.inspection_assigned",
    _("Inspection for you"),
    title=_("Inspect %(project)s: %(campaign)s"),
    body=_("From %(first)s to %(last)s."),
)
GUEST_INVITED = notify.declare(
    "quality.guest_invited",
    _("Invitation to an inspection"),
    title=_("You are invited to an inspection of %(project)s"),
    body=_("Open until %(until)s."),
)
CAMPAIGN_PUBLISHED = notify.declare(
    "quality.campaign_published",
    _("Results published"),
    title=_("Results of %(campaign)s"),
    body=_("The scores and findings of %(project)s can be read now."),
)
RESULTS_LATE = notify.declare(
    "quality.results_late",
    _("Results overdue"),
    title=_("The results of %(campaign)s are overdue"),
    body=_("They were to be delivered by %(at)s."),
)


def tell_of_assignment(target: Target) -> int:
    """Tell an inspector what is theirs."""
    campaign = target.campaign
    return notify.notify(
        INSPECTION_ASSIGNED.event,
        recipients=[target.inspector_id] if target.inspector_id else [],
        context={
            "project": target.project.name, "campaign": campaign.name, "first": campaign.starts_on,
            "last": campaign.ends_on,
        },
        url=f"target:{target.pk}",
    )  # fmt: skip


def tell_of_invitation(guest: Guest) -> int:
    """Tell a guest, by the one inspection they may see."""
    context = {"project": guest.target.project.name, "until": guest.ends_on}
    return notify.notify(
        GUEST_INVITED.event, recipients=[guest.user_id], context=context, url=f"target:{guest.target_id}"
    )


def tell_of_publication(target: Target) -> int:
    """Tell those who see inspections at a project that its results are out."""
    people = users_holding(VIEW_INSPECTIONS, target.project)
    context = {"campaign": target.campaign.name, "project": target.project.name}
    return notify.notify(
        CAMPAIGN_PUBLISHED.event, recipients=people, context=context, url=f"target:{target.pk}",
        dedupe=f"published:{target.pk}",
    )  # fmt: skip


def tell_of_time(notice: Notice) -> int:
    """Tell that results are overdue: at first who publishes them, then the people of each rung."""
    campaign = Campaign.objects.select_related("node").get(pk=notice.case_id)
    if notice.news == News.ESCALATED:
        people = users_in_role(notice.role, campaign.node)
    else:
        people = users_holding(PUBLISH_CAMPAIGNS, campaign.node)
    return notify.notify(
        RESULTS_LATE.event,
        recipients=people,
        context={"campaign": campaign.name, "at": notice.at},
        url=f"campaign:{campaign.pk}",
        urgent=True,
        dedupe=f"clock:{notice.clock_id}:{notice.news}:{notice.level}",
    )
