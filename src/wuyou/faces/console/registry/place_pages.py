"""The tree of places, the map, and the page of one place (spec 01, 11)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wuyou.domains.assets.policies import VIEW_ASSETS
from wuyou.domains.assets.queries import assets_at, assets_visible_to
from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.domains.registry import policies, queries
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Place
from wuyou.domains.registry.rules.naming import natural_order
from wuyou.domains.registry.rules.tags import shown
from wuyou.domains.work.queries.places import Standing, standing_by, tasks_at_place
from wuyou.faces.console.history import timeline_of
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui.pictures import Pin, PlanMap, Shape
from wuyou.ui.visitor import user_of

from .looking import LEVEL_ICONS, place_for, place_tabs, place_url, project_in_view

MOST_CHILDREN = 400
MOST_PINS = 700
MOST_TASKS = 12
MOST_ASSETS = 20
NEAR_X, NEAR_Y = 130, 90  # metres around a place on its small plan


def nothing_chosen(request: HttpRequest, current: str) -> HttpResponse:
    """Ask which project: a tree or map shows one."""
    projects = projects_visible_to(user_of(request), policies.VIEW_PLACES)
    context = {"projects": projects, "tabs": place_tabs(current), "here": request.path}
    return render(request, "console/registry/choose_project.html", context)


@require_GET
def tree(request: HttpRequest) -> HttpResponse:
    """The places of a project, opened level by level."""
    user = user_of(request)
    require(user, policies.VIEW_PLACES)
    project = project_in_view(request)
    if project is None:
        return nothing_chosen(request, "places")
    site = queries.site_of(project)
    context = {
        "project": project,
        "site": site,
        "places": branch(site) if site else [],
        "tabs": place_tabs("places"),
        "may_manage": may(policies.check_manage_places, user, project),
        "may_import": may(policies.check_import_data, user, project),
        "figures": queries.level_counts(project),
    }
    return render(request, "console/registry/places.html", context)


@require_GET
def tree_branch(request: HttpRequest, pk: int) -> HttpResponse:
    """The places directly below one: fetched when its branch is opened."""
    place = place_for(request, pk)
    rows = branch(place)
    context = {"places": rows[:MOST_CHILDREN], "more": max(len(rows) - MOST_CHILDREN, 0), "parent": place}
    return render(request, "console/registry/parts_branch.html", context)


def branch(place: Place) -> list[dict[str, Any]]:
    """The places below one in the order people count (2号楼 before 10号楼), with their icons."""
    rows = sorted(queries.children(place), key=lambda row: (row.level == PlaceLevel.SPOT, natural_order(row.code)))
    return [{"place": row, "icon": LEVEL_ICONS[PlaceLevel(row.level)], "is_leaf": not row.numchild} for row in rows]


# --- map


@require_GET
def site_map(request: HttpRequest) -> HttpResponse:
    """Where things are, and where something is late."""
    user = user_of(request)
    require(user, policies.VIEW_PLACES)
    project = project_in_view(request)
    if project is None:
        return nothing_chosen(request, "map")
    points = queries.map_points(project)
    standing = standing_by(project, "place_id", user=user)
    devices = may(require, user, VIEW_ASSETS, project)
    kinds = kinds_on_map(project, points, user) if devices else place_kinds(points)
    kind = request.GET.get("kind", "")
    context = {
        "project": project,
        "tabs": place_tabs("map"),
        "plan": plan_of(project, points, standing, kind, user) if points else None,
        "kinds": kinds,
        "kind": kind,
        "late": sum(one.late for one in standing.values()),
        "open": sum(one.open for one in standing.values()),
        "may_import": may(policies.check_import_data, user, project),
    }
    return render(request, "console/registry/map.html", context)


def place_kinds(points: list[queries.MapPoint]) -> list[tuple[str, str]]:
    """Kinds of public spots on the map."""
    names = sorted({point.category for point in points if point.category})
    return [(f"p:{name}", name) for name in names]


def kinds_on_map(project: Project, points: list[queries.MapPoint], user: Any) -> list[tuple[str, str]]:
    """Kinds of public spots and of devices on the map."""
    rows = assets_visible_to(user).filter(project=project, x__isnull=False).order_by("category")
    devices = rows.values_list("category", flat=True).distinct()
    return [*place_kinds(points), *((f"a:{name}", name) for name in devices)]


def plan_of(
    project: Project, points: list[queries.MapPoint], standing: dict[int, Standing], kind: str, user: Any
) -> PlanMap:
    """Buildings as shapes; as pins the devices or spots of the chosen kind, else wherever something is to be done."""
    placed = [point for point in points if point.x is not None and point.y is not None]
    if kind.startswith("a:"):
        pins = device_pins(project, kind[2:], user)
    elif kind:
        pins = [place_pin(point, standing) for point in placed if point.category == kind[2:]]
    else:
        gathered = gathered_by_building(user, project, placed, standing)
        pins = [place_pin(point, gathered) for point in placed if point.id in gathered]
    names: dict[str, object] = {
        "bad": _("Late"),
        "info": _("Open now"),
        "ok": _("Nothing open"),
        "muted": _("Out of use"),
    }
    title = _("%(count)s pins: %(kind)s") % {"count": len(pins), "kind": kind[2:] or _("places with open work")}
    return PlanMap(title, pins[:MOST_PINS], shapes_of(placed), names=names)


def shapes_of(points: list[queries.MapPoint]) -> list[Shape]:
    """The buildings."""
    return [
        Shape(point.x or 0, point.y or 0, point.name.removesuffix("号楼"), width=26, height=12, url=_page(point.id))
        for point in points
        if point.level == PlaceLevel.BUILDING
    ]


def shapes_near(project: Project, x: float, y: float) -> list[Shape]:
    """The buildings around a position."""
    near = [
        point
        for point in queries.map_points(project)
        if abs((point.x or 0) - x) < NEAR_X and abs((point.y or 0) - y) < NEAR_Y
    ]
    return shapes_of(near)


def gathered_by_building(
    user: Any, project: Project, points: list[queries.MapPoint], standing: dict[int, Standing]
) -> dict[int, Standing]:
    """Standing by place, what lies inside a building told of the building: a stair needs no pin of its own."""
    wanted = {*standing, *(point.id for point in points if point.level == PlaceLevel.BUILDING)}
    rows = queries.places_visible_to(user).filter(project=project, pk__in=wanted)
    paths = dict(rows.values_list("pk", "path"))
    buildings = {paths[point.id]: point.id for point in points if point.level == PlaceLevel.BUILDING}
    found: dict[int, Standing] = {}
    for pk, one in standing.items():
        path = paths.get(pk, "")
        above = (path[:end] for end in range(len(path), 0, -Place.steplen))
        at = next((buildings[part] for part in above if part in buildings), pk)
        known = found.get(at, Standing(0, 0))
        found[at] = Standing(known.open + one.open, known.late + one.late)
    return found


def _page(pk: int) -> str:
    return reverse("console:registry:place", args=[pk])


def place_pin(point: queries.MapPoint, standing: dict[int, Standing]) -> Pin:
    """A spot with what is open there."""
    tone, note = looks(standing.get(point.id))
    return Pin(point.x or 0, point.y or 0, point.name, tone, _page(point.id), note)


def looks(standing: Standing | None) -> tuple[str, str]:
    """Tone and words of what is open somewhere."""
    if standing is None:
        return "ok", ""
    if standing.late:
        return "bad", _("%(late)s late, %(open)s open") % {"late": standing.late, "open": standing.open}
    return "info", _("%(open)s open") % {"open": standing.open}


def device_pins(project: Project, category: str, user: Any) -> list[Pin]:
    """Devices of a kind with what is open at them."""
    standing = standing_by(project, "asset_id", user=user)
    rows = assets_visible_to(user).filter(project=project, category=category, x__isnull=False, y__isnull=False)
    return [_device_pin(row, standing.get(row.pk)) for row in rows[:MOST_PINS]]


def _device_pin(row: Any, standing: Standing | None) -> Pin:
    tone, note = looks(standing)
    serves = row.state in {"in_service", "standby"}
    word = note if serves else row.get_state_display()
    return Pin(
        row.x, row.y, row.name, tone if serves else "muted", reverse("console:assets:asset", args=[row.pk]), word
    )


# --- one place


@require_GET
def place_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a place is, who answers for it, what is to be done there, what stands there, what happened."""
    user = user_of(request)
    place = place_for(request, pk)
    project = place.project
    tasks = tasks_at_place(user, place)
    context = {
        "place": place,
        "icon": LEVEL_ICONS[PlaceLevel(place.level)],
        "path": list(queries.ancestors(place)),
        "building": queries.buildings_visible_to(user).filter(pk=place.pk).first()
        if place.level == PlaceLevel.BUILDING
        else None,
        "zone": queries.zone_over(place),
        "children": branch(place)[:60],
        "tasks": tasks[:MOST_TASKS],
        "tasks_total": tasks[: MOST_TASKS + 1].count(),
        "tag": _tag(user, place),
        "position": _position(place),
        "history": timeline_of(entries_of("registry.place", place.pk).order_by("-seq")[:20])
        if has_permission(user, "org.view_journal", project.node)
        else [],
        "may_change": may(policies.check_change_place, user, place),
        "may_print": may(policies.check_print_labels, user, project),
        **_devices(user, place),
        **_household(user, place),
    }
    return render(request, "console/registry/place.html", context)


def _tag(user: Any, place: Place) -> str:
    tags = queries.tags_visible_to(user).filter(subject_kind="place", subject_id=place.pk, revoked_at__isnull=True)
    tag = tags.first()
    return shown(tag.code) if tag else ""


def _position(place: Place) -> PlanMap | None:
    """The place on a small plan, with the buildings around it."""
    if place.x is None or place.y is None:
        return None
    return PlanMap(
        _("Where it is"),
        [Pin(place.x, place.y, place.name, "accent", place_url(place))],
        shapes_near(place.project, place.x, place.y),
    )


def _devices(user: Any, place: Place) -> dict[str, Any]:
    if not has_permission(user, VIEW_ASSETS, place.project.node):
        return {"assets": [], "assets_total": 0}
    rows = assets_at(place).exclude(state="scrapped").select_related("place")
    return {"assets": rows[:MOST_ASSETS], "assets_total": rows.count()}


def _household(user: Any, place: Place) -> dict[str, Any]:
    """Who lives there, for those who may see people."""
    allowed = has_permission(user, policies.VIEW_PEOPLE, place.project.node)
    room = queries.rooms_visible_to(user).filter(pk=place.pk).first() if place.level == PlaceLevel.ROOM else None
    if not allowed or room is None:
        return {"room": room, "household": [], "former": [], "may_move": False}
    now = list(queries.household_of(room))
    ids = [row.pk for row in now]
    former = queries.occupancies_visible_to(user).filter(room=room).exclude(pk__in=ids)
    return {
        "room": room,
        "household": now,
        "former": former,
        "may_move": may(policies.check_manage_household, user, place.project),
    }
