"""Places, buildings, rooms, zones, teams, posts (spec 01)."""

from typing import Any

from django.http import HttpRequest

from wuyou.domains.org.models import Project, User
from wuyou.domains.registry import queries
from wuyou.domains.registry.actions import places as actions
from wuyou.domains.registry.choices import PlaceLevel, RoomState, RoomUse
from wuyou.domains.registry.models import Building, Place, Post, Room, Team, Zone
from wuyou.domains.registry.policies import MANAGE_PLACES, VIEW_PLACES, VIEW_STAFF
from wuyou.faces.api.operations import Acts, maybe, one, ref, refs
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Given, Id, Latitude, Longitude, Metres, choice, column, decimal, listed, number, text

from . import router

PLACES = Resource(
    "places",
    shape(
        "Place", Place,
        "id project level category code name zone area_m2 quantity material x y latitude longitude note closed_on path",
        zone_name=(str | None, "zone.name"),
    ),
    lambda user: queries.places_visible_to(user).select_related("zone", "project__node"),
    view=[VIEW_PLACES],
    filters={
        "project_id": ids("project"), "zone_id": ids("zone"), "level": Filter(choice(PlaceLevel), "level"),
        "category": Filter(text(30), "category"), "below": Filter(text(200), "path__startswith"),
        "is_open": Filter(bool, "closed_on__isnull"),
    },
    sorts={"code": "code", "name": "name", "path": "path"},
    search=("name", "code"),
)  # fmt: skip
BUILDINGS = Resource(
    "buildings",
    shape(
        "Building",
        Building,
        "place floors height_m units structure completed_on has_lift lift_accepted_on has_fire_system"
        " has_second_supply",
        name="place.name",
        code="place.code",
        project_id=(int, "place.project_id"),
    ),
    queries.buildings_visible_to,
    view=[VIEW_PLACES],
    filters={"project_id": ids("place__project"), "has_lift": Filter(bool, "has_lift")},
    sorts={"floors": "floors", "name": "place__name"},
)
ROOMS = Resource(
    "rooms",
    shape(
        "Room", Room, "place use state is_let handed_over_on residents",
        name="place.name", code="place.code", project_id=(int, "place.project_id"),
    ),
    queries.rooms_visible_to,
    view=[VIEW_PLACES],
    filters={
        "project_id": ids("place__project"), "state": Filter(choice(RoomState), "state"),
        "use": Filter(choice(RoomUse), "use"), "code": Filter(text(60), "place__code"),
    },
    sorts={"name": "place__name", "code": "place__code", "residents": "residents"},
    search=("place__name", "place__code"),
)  # fmt: skip


ZONES = Resource(
    "zones",
    shape("Zone", Zone, "id project name owner", owner_name=(str | None, "owner.name")),
    lambda user: queries.zones_visible_to(user).select_related("owner", "project__node"),
    view=[VIEW_PLACES],
    filters={"project_id": ids("project")},
    sorts={"name": "name"},
)
TEAMS = Resource(
    "teams",
    shape("Team", Team, "id project name contractor"),
    lambda user: queries.teams_visible_to(user).select_related("project__node"),
    view=[VIEW_PLACES],
    filters={"project_id": ids("project")},
    sorts={"name": "name"},
)
POSTS = Resource(
    "posts",
    shape("Post", Post, "id project team name place heads hours_per_day days_per_week qualification closed_on"),
    lambda user: queries.posts_visible_to(user).select_related("project__node", "team", "place", "qualification"),
    view=[VIEW_PLACES],
    filters={"project_id": ids("project"), "team_id": ids("team")},
    sorts={"name": "name"},
)
# whom to make accountable for a zone; the list itself is with staff
OWNERS = Resource(
    "zone-owners", shape("ZoneOwner", None, "", id=(int, "pk")),
    lambda user: queries.staff_visible_to(user).select_related("team", "project__node"), view=[VIEW_STAFF],
)  # fmt: skip
WHERE = {
    "category": maybe(column(Place, "category")),
    "area_m2": maybe(decimal(8, 2) | None),
    "quantity": maybe(number(1, 1_000_000)),
    "material": maybe(column(Place, "material")),
    "x": maybe(Metres | None),
    "y": maybe(Metres | None),
    "latitude": maybe(Latitude | None),
    "longitude": maybe(Longitude | None),
    "note": maybe(column(Place, "note")),
}

PLACES.expose(router)
on_places = Acts(router, PLACES, [MANAGE_PLACES])
on_places.add(
    actions.add_place,
    {
        "project": ref(PROJECTS), "parent": ref(PLACES, empty=True), "level": choice(PlaceLevel),
        "code": column(Place, "code"), "name": column(Place, "name"), **WHERE,
    },
)  # fmt: skip
on_places.patch(actions.change_place, {"name": maybe(column(Place, "name")), **WHERE})
on_places.post("move", actions.move_place, {"to": ref(PLACES)})
on_places.post("close", actions.close_place, {"reason": text(200)}, answer=one("ClosedPlaces", "place_ids", list[int]))
on_places.post("reopen", actions.reopen_place)
on_places.free(
    "/places/set-zone", "set_zone", actions.set_zone, {"places": refs(PLACES), "zone": ref(ZONES, empty=True)},
    answer=one("ZonedPlaces", "changed", int),
)  # fmt: skip


class Position(Given):
    """Where a place stands on the plan, in metres."""

    place_id: Id
    x: Metres
    y: Metres


def put_on_plan(*, project: Project, positions: list[Position], by: User) -> int:
    """Put places on the plan; gives how many moved."""
    points = [(point.place_id, point.x, point.y) for point in positions]
    return actions.set_positions(project, positions=points, by=by)


on_places.free(
    "/places/set-positions", "set_positions", put_on_plan,
    {"project": ref(PROJECTS), "positions": listed(Position, 2000)}, answer=one("PlacedPlaces", "changed", int),
)  # fmt: skip


def children(place: Place, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The places directly below, in the order of the tree; at most a thousand."""
    return PLACES.shape.all(queries.children(place).select_related("zone")[:1000])


ask_of(router, PLACES, "children", children, list[PLACES.shape.model], [VIEW_PLACES])  # type: ignore[name-defined]

BUILDINGS.expose(router)
ROOMS.expose(router)

ZONES.expose(router)
on_zones = Acts(router, ZONES, [MANAGE_PLACES])
on_zones.add(
    actions.add_zone,
    {"project": ref(PROJECTS), "name": column(Zone, "name"), "owner": maybe(ref(OWNERS, empty=True))},
)
on_zones.put("owner", actions.set_zone_owner, {"owner": ref(OWNERS, empty=True)})

TEAMS.expose(router)
Acts(router, TEAMS, [MANAGE_PLACES]).add(actions.add_team, {"project": ref(PROJECTS), "name": column(Team, "name")})
