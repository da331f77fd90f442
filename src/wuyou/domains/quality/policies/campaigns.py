"""Who may plan, staff, draw for and publish campaigns (spec 05)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, User
from wuyou.domains.org.policies import require
from wuyou.domains.quality.models import Campaign, Series
from wuyou.kernel.actors import Actor
from wuyou.kernel.draws.models import Draw
from wuyou.kernel.errors import Denied

from .rights import MANAGE_CAMPAIGNS, PUBLISH_CAMPAIGNS


def check_plan(by: Actor, node: Node) -> None:
    """Raise Denied unless `by` plans campaigns and their levels at this node."""
    require(by, MANAGE_CAMPAIGNS, node)


def check_manage(by: Actor, campaign: Campaign) -> None:
    """Raise Denied unless `by` plans campaigns at the campaign's node."""
    require(by, MANAGE_CAMPAIGNS, campaign.node)


def check_publish(by: Actor, campaign: Campaign) -> None:
    """Raise Denied unless `by` publishes results at the campaign's node."""
    require(by, PUBLISH_CAMPAIGNS, campaign.node)


def check_series(by: Actor, series: Series) -> None:
    """Raise Denied unless `by` plans campaigns at the node of the series."""
    require(by, MANAGE_CAMPAIGNS, series.node)


def check_give_word(by: Actor, draw: Draw) -> None:
    """Raise Denied unless `by` is a person, and not the one who committed the seed (spec 05: Draws)."""
    if not isinstance(by, User) or by.actor_id == draw.committed_by_id:
        raise Denied(_("The public word comes from somebody else than the one who committed the seed."))
