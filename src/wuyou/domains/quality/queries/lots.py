"""Series of lots inspected by GB/T 2828.1, as somebody may see them (spec 05: Draws)."""

from django.db.models import Q, QuerySet

from wuyou.domains.org.models import User
from wuyou.domains.org.queries import nodes_visible_to
from wuyou.domains.quality.models import Lot, Series
from wuyou.domains.quality.policies.rights import MANAGE_CAMPAIGNS, VIEW_INSPECTIONS
from wuyou.kernel.actors import Actor
from wuyou.kernel.draws import switching

from .campaigns import targets_visible_to


def series_visible_to(user: Actor) -> QuerySet[Series]:
    """Series of nodes where `user` sees inspections or plans campaigns."""
    nodes = Q(node__in=nodes_visible_to(user, VIEW_INSPECTIONS)) | Q(node__in=nodes_visible_to(user, MANAGE_CAMPAIGNS))
    return Series.objects.filter(nodes).select_related("node").order_by("node__path", "name")


def lots_visible_to(user: Actor) -> QuerySet[Lot]:
    """Lots of visible series; one of a hidden campaign's project only where that project is shown."""
    rows = Lot.objects.filter(series__in=series_visible_to(user).order_by())
    if isinstance(user, User):
        rows = rows.filter(Q(target__isnull=True) | Q(target__in=targets_visible_to(user)))
    return rows.select_related("series__node", "target__campaign", "target__project").order_by("-pk")


def standing(series: Series) -> switching.Series:
    """Where a series stands by the switching rules."""
    return switching.read_series(series.state)


def open_lot_of(series: Series) -> Lot | None:
    """The lot of a series that waits to be judged, if there is one."""
    return series.lots.filter(judged_at__isnull=True).first()
