"""Equipment somebody may see, and the facts duties depend on (spec 08, 03)."""

from collections import Counter
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from wuyou.domains.assets.choices import AssetState
from wuyou.domains.assets.models import Asset
from wuyou.domains.assets.policies import VIEW_ASSETS
from wuyou.domains.assets.rules import is_old_lift
from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.models import Place
from wuyou.domains.registry.queries import CONTROL_ROOM
from wuyou.domains.registry.tagging import Tagged
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor

LIFT, EXTINGUISHER, TANK, TRANSFORMER = "乘客电梯", "灭火器", "二次供水水箱", "变配电设备"
HYDRANTS = ("室内消火栓", "室外消火栓")
CAMERA, ALARM_PANEL = "监控摄像机", "火灾自动报警控制器"
DRY_POWDER = "MFZ"
DAYS_A_YEAR = Decimal("365.2425")
SERVING = (AssetState.IN_SERVICE, AssetState.STANDBY)


def assets_visible_to(user: Actor, permission: str = VIEW_ASSETS) -> QuerySet[Asset]:
    """Equipment of the projects where `user` holds the permission, scrapped devices included."""
    rows = Asset.objects.filter(project__in=projects_visible_to(user, permission))
    return rows.select_related("place", "zone", "project").order_by("project_id", "code")


def assets_in_use(project: Project) -> QuerySet[Asset]:
    """What of a project is not scrapped: the devices that duties apply to."""
    return Asset.objects.filter(project=project).exclude(state=AssetState.SCRAPPED).order_by("code")


def assets_at(place: Place) -> QuerySet[Asset]:
    """Equipment at a place or anywhere below it."""
    return Asset.objects.filter(place__path__startswith=place.path).order_by("code")


def categories(project: Project) -> dict[str, int]:
    """Number of records in use by category."""
    return Counter(assets_in_use(project).values_list("category", flat=True))


def facts_of(project: Project) -> dict[str, Any]:
    """Facts by the names of facts.csv as far as equipment tells them, and the number of pieces under plain names."""
    rows = assets_in_use(project)
    present = set(rows.values_list("category", flat=True).order_by().distinct())
    pieces = dict(rows.order_by().values_list("category").annotate(pieces=Sum("quantity")))
    return {
        "lift": LIFT in present,
        "lift&age>15y": bool(old_lifts(project)),
        "age": sorted(lift_ages(project).values()),
        "extinguisher": EXTINGUISHER in present,
        "extinguisher_dry": rows.filter(category=EXTINGUISHER, model__istartswith=DRY_POWDER).exists(),
        "hydrant": bool(present & set(HYDRANTS)),
        "tank": TANK in present,
        "transformer": TRANSFORMER in present,
        "cctv": CAMERA in present,
        "control_room": rows.filter(category=ALARM_PANEL, place__category=CONTROL_ROOM).exists(),
        "lifts": pieces.get(LIFT, 0),
        "extinguishers": pieces.get(EXTINGUISHER, 0),
        "tanks": pieces.get(TANK, 0),
    }


def lift_ages(project: Project) -> dict[int, Decimal]:
    """Years since acceptance, in hundredths, by the id of each lift that has a day of acceptance or of first use."""
    today = clock.today()
    rows = assets_in_use(project).filter(category=LIFT).values_list("id", "accepted_on", "in_service_on")
    since = {pk: accepted_on or in_service_on for pk, accepted_on, in_service_on in rows}
    return {pk: round(Decimal((today - day).days) / DAYS_A_YEAR, 2) for pk, day in since.items() if day}


def old_lifts(project: Project) -> list[int]:
    """Ids of lifts in use for more than 15 years."""
    today = clock.today()
    rows = assets_in_use(project).filter(category=LIFT).values_list("id", "accepted_on", "in_service_on")
    return [pk for pk, accepted_on, in_service_on in rows if is_old_lift(accepted_on, in_service_on, on=today)]


def tagged_assets(project_id: int, ids: Collection[int]) -> dict[int, Tagged]:
    """Devices of a project that are not scrapped, by id, as a sticker names them."""
    rows = Asset.objects.filter(~Q(state=AssetState.SCRAPPED), project_id=project_id, pk__in=ids)
    return {row.pk: Tagged(row.pk, row.name, _where(row)) for row in rows.select_related("place")}


def _where(row: Asset) -> str:
    return f"{row.place.name} {row.code}" if row.place else row.code


def assets_in_order(project: Project) -> Decimal | None:
    """Per cent of devices, by pieces, that are in service or on standby; None without devices."""
    rows = assets_in_use(project)
    pieces = rows.aggregate(all=Sum("quantity"), good=Sum("quantity", filter=Q(state__in=SERVING)))
    return round(Decimal(100 * (pieces["good"] or 0)) / pieces["all"], 1) if pieces["all"] else None


def ledger_counts(rows: QuerySet[Asset]) -> dict[tuple[str, str], int]:
    """Number of records by system and kind: what a list can be filtered by."""
    pairs = rows.select_related(None).order_by("system", "category").values_list("system", "category")
    return {(system, kind): count for system, kind, count in pairs.annotate(count=Count("pk"))}
