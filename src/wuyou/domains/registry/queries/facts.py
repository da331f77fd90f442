"""Facts of a project that duties depend on, as far as the register knows them (spec 03; facts.csv)."""

from typing import Any

from django.db.models import Max, Q

from wuyou.domains.org.choices import ProjectKind
from wuyou.domains.org.models import Project
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Building, Place, Room
from wuyou.kernel import clock

from .places import CONTROL_ROOM
from .staff import counts as licence_counts
from .staff import held

TALL_M = 27  # a residential building above this is a high-rise (GB 50016)
OWN_WORD = ("key_unit", "lightning", "common_income")  # facts a person states on the project


def project_facts(project: Project) -> dict[str, Any]:
    """Facts by the names of facts.csv and figures behind them; `height` holds the heights of all open buildings (m)."""
    buildings = Building.objects.filter(place__project=project, place__closed_on__isnull=True)
    floors = buildings.aggregate(floors=Max("floors"))["floors"]
    residential = project.kind == ProjectKind.RESIDENTIAL
    heights = buildings.filter(height_m__isnull=False).values_list("height_m", flat=True)
    return {
        "it": True,
        "residential": False,
        str(project.kind): True,
        "height": sorted(set(heights.order_by())),
        "height>27m": residential and buildings.filter(height_m__gt=TALL_M).exists(),
        "height<=27m": residential and buildings.filter(height_m__lte=TALL_M).exists(),
        "fire_system": buildings.filter(has_fire_system=True).exists(),
        "control_room": _open_spots(project).filter(category=CONTROL_ROOM).exists(),
        "electrician": any(licence_counts(row, on=clock.today()) for row in held(project, kinds=["electrician_lv"])),
        **{name: bool(project.facts.get(name)) for name in OWN_WORD},
        "floors": floors,
        "buildings": buildings.count(),
        "rooms": Room.objects.filter(place__project=project, place__closed_on__isnull=True).count(),
        "second_supply": buildings.filter(has_second_supply=True).exists(),
    }


def tall_buildings(project: Project) -> list[int]:
    """Place ids of open residential buildings higher than 27 m."""
    if project.kind != ProjectKind.RESIDENTIAL:
        return []
    rows = Building.objects.filter(Q(height_m__gt=TALL_M), place__project=project, place__closed_on__isnull=True)
    return list(rows.order_by("place__path").values_list("place_id", flat=True))


def _open_spots(project: Project) -> Any:
    return Place.objects.filter(project=project, level=PlaceLevel.SPOT, closed_on__isnull=True)
