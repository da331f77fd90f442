"""What the register's pages share: the record asked for, the project in view, tones of states."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.choices import PlaceLevel, RoomState
from wuyou.domains.registry.models import Place
from wuyou.domains.registry.policies import VIEW_PLACES
from wuyou.domains.registry.queries import places_visible_to
from wuyou.ui import scope
from wuyou.ui.pages import Tab
from wuyou.ui.visitor import user_of

LEVEL_ICONS = {
    PlaceLevel.SITE: "building-community",
    PlaceLevel.AREA: "map-2",
    PlaceLevel.BUILDING: "building",
    PlaceLevel.UNIT: "stairs",
    PlaceLevel.FLOOR: "layers-subtract",
    PlaceLevel.ROOM: "door",
    PlaceLevel.SPOT: "map-pin",
}
ROOM_TONES = {RoomState.OCCUPIED: "ok", RoomState.VACANT: "muted", RoomState.UNDELIVERED: "warn"}
BAND_TONES = {"expired": "bad", "7": "bad", "30": "warn", "60": "info", "valid": "ok", "unlimited": "ok"}
BAND_WORDS = {
    "expired": _("Expired"),
    "7": _("Within 7 days"),
    "30": _("Within 30 days"),
    "60": _("Within 60 days"),
    "valid": _("Valid"),
    "unlimited": _("Without end"),
}


def project_in_view(request: HttpRequest, permission: str = VIEW_PLACES) -> Project | None:
    """The project chosen in the top bar, or the only one there is; None when one of several must be chosen."""
    visible = projects_visible_to(user_of(request), permission).select_related("node")
    chosen = scope.of(request).project
    if chosen is not None:
        return visible.filter(pk=chosen.pk).first()
    some = list(visible[:2])
    return some[0] if len(some) == 1 else None


def row_for(rows: "QuerySet[Any]", pk: int) -> Any:
    """A record out of those that are visible; 404 for any other."""
    return get_object_or_404(rows, pk=pk)


def place_for(request: HttpRequest, pk: int) -> Place:
    """A visible place with its project."""
    place: Place = row_for(places_visible_to(user_of(request)).select_related("project__node", "zone"), pk)
    return place


def place_url(place: Model) -> str:
    """The page of a place."""
    return reverse("console:registry:place", args=[place.pk])


def place_tabs(current: str) -> list[Tab]:
    """The ways of looking at places."""
    pages = (
        ("places", _("Tree")),
        ("map", _("Map")),
        ("place_list", _("List")),
        ("zones", _("Zones")),
        ("labels", _("Code labels")),
    )
    return [Tab(label, reverse(f"console:registry:{name}"), current=name == current) for name, label in pages]


def staff_tabs(current: str) -> list[Tab]:
    """The ways of looking at staff."""
    pages = (
        ("staff", _("Staff")),
        ("qualifications", _("Licences")),
        ("teams", _("Teams and posts")),
        ("contractors", _("Contractors")),
    )
    return [Tab(label, reverse(f"console:registry:{name}"), current=name == current) for name, label in pages]


def people_tabs(current: str) -> list[Tab]:
    """The ways of looking at residents."""
    pages = (("people", _("Owners and residents")), ("care", _("Care flags")), ("duplicates", _("Likely duplicates")))
    return [Tab(label, reverse(f"console:registry:{name}"), current=name == current) for name, label in pages]
