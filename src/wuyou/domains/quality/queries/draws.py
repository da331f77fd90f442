"""Draws of campaigns, their projects and lots: seen by whoever may see what they belong to (spec 05: Draws)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, User
from wuyou.domains.quality.choices import CampaignState, Level, TargetState
from wuyou.domains.quality.models import Campaign, Lot, Target
from wuyou.kernel.actors import Actor
from wuyou.kernel.draws.models import Draw
from wuyou.kernel.errors import Missing

from .campaigns import campaigns_visible_to, made_by, targets_visible_to
from .hiding import hidden_projects
from .lots import lots_visible_to

CAMPAIGN, TARGET, LOT = "campaign", "target", "lot"
SELF_CHECKS = (Level.TEAM, Level.PROJECT)
CASES: Mapping[str, type[Campaign | Target | Lot]] = MappingProxyType({CAMPAIGN: Campaign, TARGET: Target, LOT: Lot})


@dataclass(frozen=True, slots=True)
class Owner:
    """What a draw belongs to: the campaign, the project of one, or the lot; and the node whose people conduct it."""

    row: Campaign | Target | Lot
    node: Node

    @property
    def campaign(self) -> Campaign | None:
        """The campaign around it; none for a lot on its own."""
        if isinstance(self.row, Campaign):
            return self.row
        target = self.row if isinstance(self.row, Target) else self.row.target
        return target.campaign if target else None


def draws_visible_to(user: Actor) -> QuerySet[Draw]:
    """Draws of visible campaigns, projects and lots, the newest first.

    What is drawn at a project its own people learn when it is inspected: what is known before is tidied up before.
    """
    sites, lots = sites_open_to(user), lots_visible_to(user).order_by()
    judged = Q(target__isnull=True) | Q(judged_at__isnull=False) | Q(target__in=sites)
    seen = Q(case_kind=CAMPAIGN, case_id__in=campaigns_visible_to(user).values("pk"))
    seen |= Q(case_kind=TARGET, case_id__in=sites.values("pk"))
    seen |= Q(case_kind=LOT, case_id__in=lots.filter(judged).values("pk"))
    return Draw.objects.filter(seen).order_by("-pk")


def sites_open_to(user: Actor) -> QuerySet[Target]:
    """Projects of campaigns of which somebody may know what is drawn there: from above, as who inspects, or after."""
    rows = targets_visible_to(user)
    if not isinstance(user, User):
        return rows
    after = Q(state=TargetState.INSPECTED) | Q(campaign__state=CampaignState.PUBLISHED)
    own = Q(campaign__level__in=SELF_CHECKS)
    return rows.filter(after | own | Q(project__in=hidden_projects(user)) | made_by(user))


def draws_about(rows: Iterable[Campaign | Target | Lot], *, user: Actor) -> QuerySet[Draw]:
    """The visible draws of some campaigns, projects and lots, without their frames; the oldest first."""
    keys = [(case_of(row), row.pk) for row in rows]
    seen = Q(pk=None)
    for kind in CASES:
        seen |= Q(case_kind=kind, case_id__in=[pk for one, pk in keys if one == kind])
    return draws_visible_to(user).filter(seen).defer("frame", "sealed_seed").order_by("pk")


def case_of(row: Campaign | Target | Lot) -> str:
    """The kind of case a draw names."""
    return next(kind for kind, model in CASES.items() if isinstance(row, model))


def owner_of(draw: Draw) -> Owner:
    """What a draw belongs to; raises Missing for a draw of something else."""
    if draw.case_kind == CAMPAIGN:
        campaign = Campaign.objects.select_related("node").get(pk=draw.case_id)
        return Owner(campaign, campaign.node)
    if draw.case_kind == TARGET:
        target = Target.objects.select_related("campaign__node", "project__node").get(pk=draw.case_id)
        return Owner(target, target.campaign.node)
    if draw.case_kind == LOT:
        lot = Lot.objects.select_related("series__node", "target__campaign__node", "target__project").get(
            pk=draw.case_id
        )
        return Owner(lot, lot.series.node)
    raise Missing(_("There is no such draw."))


def drawn_ids(draw: Draw) -> list[int]:
    """The records drawn, in order; empty before the draw."""
    return [int(one["id"]) for one in draw.result or []]
