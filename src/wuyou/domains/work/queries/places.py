"""What is to be done at places and devices: for maps and the pages of a place or device (spec 11)."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Place
from wuyou.domains.work.models import Task
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor

from .tasks import OPEN, RELATED, tasks_visible_to


@dataclass(frozen=True, slots=True)
class Standing:
    """Open tasks of a place or device now, and how many of them are late."""

    open: int
    late: int


def standing_by(project: Project, field: str, *, user: Actor) -> dict[int, Standing]:
    """Standing by place or device (`field`: place_id or asset_id) of the opened tasks the user may see."""
    now = clock.now()
    rows = tasks_visible_to(user).filter(project=project, state__in=OPEN, opens__lte=now, **{f"{field}__isnull": False})
    figures = rows.order_by().values_list(field).annotate(open=Count("pk"), late=Count("pk", filter=Q(due__lt=now)))
    return {pk: Standing(count, late) for pk, count, late in figures}


def tasks_at_place(user: Actor, place: Place) -> QuerySet[Task]:
    """Visible tasks of today, and open ones of before, at a place or anywhere below it; the first due first."""
    below = Q(place__path__startswith=place.path)
    return _of_now(tasks_visible_to(user).filter(below, project_id=place.project_id))


def tasks_at_asset(user: Actor, asset: Asset) -> QuerySet[Task]:
    """Visible tasks of today, and open ones of before, at a device; the first due first."""
    return _of_now(tasks_visible_to(user).filter(asset=asset))


def _of_now(rows: QuerySet[Task]) -> QuerySet[Task]:
    today = clock.today()
    now = clock.now()
    wanted = Q(day=today) | Q(state__in=OPEN, opens__lte=now)
    return rows.filter(wanted).select_related(*RELATED).order_by("due", "pk")
