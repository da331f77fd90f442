"""Lists of places, rooms and zones."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.policies import may, require
from wuyou.domains.registry import actions, policies, queries
from wuyou.domains.registry.choices import PlaceLevel, RoomState, RoomUse
from wuyou.domains.registry.models import Zone
from wuyou.faces.console.offering import offer
from wuyou.ui import scope
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import BulkAction, Button, Column, Empty, ListPage, ManyFilter, YesNoFilter, cells
from wuyou.ui.visitor import user_of

from .looking import ROOM_TONES, place_tabs, place_url, project_in_view, row_for


class PlaceFilter(django_filters.FilterSet):
    """Places by level, kind, zone, open or closed."""

    level = ManyFilter(label=_("Level"), choices=PlaceLevel.choices)
    category = django_filters.ChoiceFilter(label=_("Kind"))
    zone = django_filters.ModelChoiceFilter(label=_("Zone"), queryset=None)
    closed = YesNoFilter(label=_("Closed"), field_name="closed_on", lookup_expr="isnull", exclude=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Kinds and zones the person can see."""
        super().__init__(*args, **kwargs)
        user = user_of(self.request)
        self.filters["category"].extra["choices"] = lambda: [(one, one) for one in queries.place_categories(user)]
        self.filters["zone"].queryset = scope.of(self.request).narrow(queries.zones_visible_to(user))


class ZonesForm(forms.Form):
    """A zone by name: the rows may be of several projects."""

    zone = forms.CharField(
        label=_("Zone"), max_length=40, required=False, help_text=_("Its name; empty takes them out of their zone.")
    )


def put_into_zone(page: Any, rows: list[Any], data: dict[str, Any]) -> object:
    """Put the ticked places into a zone of their project."""
    zones = queries.zones_visible_to(page.user).filter(project=rows[0].project, name=data["zone"])
    zone = row_for(zones, zones.values_list("pk", flat=True).first() or 0) if data["zone"] else None
    count = actions.set_zone(rows, zone=zone, by=page.user)
    return _("%(count)s places are in the zone now.") % {"count": count}


class PlaceList(ListPage):
    """Every place, to filter and to export."""

    code = "registry.places"
    title = _("Places")
    icon = "map-pin"
    template_name = "console/registry/tabbed_list.html"
    filters = PlaceFilter
    columns = (
        Column("code", _("Code"), lambda p: p.code, cell=cells.mono, link=place_url, sort="code", always=True),
        Column("name", _("Name"), lambda p: p.name, link=place_url, sort="name", always=True),
        Column("level", _("Level"), lambda p: p.get_level_display(), sort="level"),
        Column("category", _("Kind"), lambda p: p.category, sort="category"),
        Column("zone", _("Zone"), lambda p: p.zone.name if p.zone else "", sort="zone__name"),
        Column("area", _("Area (m²)"), lambda p: p.area_m2, numeric=True, sort="area_m2"),
        Column("quantity", _("Quantity"), lambda p: p.quantity, numeric=True, shown=False),
        Column("material", _("Material"), lambda p: p.material, shown=False),
        Column("x", _("x (m)"), lambda p: p.x, numeric=True, shown=False),
        Column("y", _("y (m)"), lambda p: p.y, numeric=True, shown=False),
        Column("project", _("Project"), lambda p: p.project.name, shown=False),
        Column("closed", _("Closed on"), lambda p: p.closed_on, cell=cells.day, shown=False),
        Column("note", _("Note"), lambda p: p.note, shown=False),
    )
    bulk = (BulkAction("zone", _("Put into a zone"), run=put_into_zone, icon="map-2", form=ZonesForm),)

    def allowed(self) -> None:
        """Only who may see places somewhere."""
        require(self.user, policies.VIEW_PLACES)

    def rows(self) -> Any:
        """Visible places of the project in view, in the order of the tree."""
        return scope.of(self.request).narrow(queries.places_visible_to(self.user)).select_related("zone", "project")

    def search(self, rows: Any, text: str) -> Any:
        """By name or code."""
        return rows.filter(Q(name__icontains=text) | Q(code__icontains=text))

    def bulk_for(self) -> Any:
        """Zones are set by who manages places."""
        return self.bulk if may(require, self.user, policies.MANAGE_PLACES) else ()

    def context(self) -> dict[str, Any]:
        """Tabs above the list."""
        return {"tabs": place_tabs("place_list")}

    def empty(self) -> Empty:
        """Import the buildings first."""
        button = Button(
            _("Import buildings"), reverse("console:registry:import_new", args=["registry.buildings"]),
            icon="table-import", tone="primary",
        )  # fmt: skip
        return Empty(_("No places yet"), _("Import your buildings, rooms and public places."), [button], icon="map-pin")


class RoomFilter(django_filters.FilterSet):
    """Rooms by use, state, let or not."""

    use = ManyFilter(label=_("Use"), choices=RoomUse.choices)
    state = ManyFilter(label=_("State"), choices=RoomState.choices)
    is_let = YesNoFilter(label=_("Let"))
    area = django_filters.RangeFilter(label=_("Area (m²)"), field_name="place__area_m2")
    zone = django_filters.ModelChoiceFilter(label=_("Zone"), field_name="place__zone", queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Zones the person can see."""
        super().__init__(*args, **kwargs)
        self.filters["zone"].queryset = scope.of(self.request).narrow(queries.zones_visible_to(user_of(self.request)))


class RoomList(ListPage):
    """Every room."""

    code = "registry.rooms"
    title = _("Rooms")
    icon = "door"
    filters = RoomFilter
    search_label = _("Room, e.g. 12-2-301")
    columns = (
        Column(
            "code", _("Room"), lambda r: r.place.code, link=lambda r: place_url(r.place), sort="place__path",
            always=True,
        ),
        Column("use", _("Use"), lambda r: r.get_use_display(), sort="use"),
        Column(
            "state", _("State"), lambda r: r.get_state_display(), sort="state",
            cell=lambda r, value: cells.badge(value, ROOM_TONES[RoomState(r.state)]),
        ),
        Column("let", _("Let"), lambda r: _("let") if r.is_let else ""),
        Column("area", _("Area (m²)"), lambda r: r.place.area_m2, numeric=True, sort="place__area_m2"),
        Column("residents", _("Number of residents"), lambda r: r.residents, numeric=True, sort="residents"),
        Column("handed", _("Handed over on"), lambda r: r.handed_over_on, cell=cells.day, sort="handed_over_on"),
        Column("project", _("Project"), lambda r: r.place.project.name, shown=False),
    )  # fmt: skip

    def allowed(self) -> None:
        """Only who may see places somewhere."""
        require(self.user, policies.VIEW_PLACES)

    def rows(self) -> Any:
        """Visible rooms of the project in view, in the order of the tree."""
        rows = queries.rooms_visible_to(self.user).select_related("place__project")
        return scope.of(self.request).narrow(rows, "place__project")

    def search(self, rows: Any, text: str) -> Any:
        """By the room's code."""
        return rows.filter(place__code__icontains=text)

    def empty(self) -> Empty:
        """Import them."""
        button = Button(
            _("Import rooms and residents"), reverse("console:registry:import_new", args=["registry.rooms"]),
            icon="table-import", tone="primary",
        )  # fmt: skip
        return Empty(_("No rooms yet"), _("Rooms and residents come from your workbook."), [button], icon="door")


# --- zones


def owner_of(zone: Zone) -> str:
    """Who answers for a zone."""
    return zone.owner.name if zone.owner else ""


class ZoneList(ListPage):
    """Zones and who answers for them."""

    code = "registry.zones"
    title = _("Zones")
    sub = _("A zone is a set of places with one accountable person.")
    icon = "map-2"
    template_name = "console/registry/tabbed_list.html"
    columns = (
        Column(
            "name", _("Zone"), lambda z: z.name, sort="name", always=True,
            link=lambda z: reverse("console:registry:place_list") + f"?zone={z.pk}&project={z.project.code}",
        ),
        Column("owner", _("Accountable"), owner_of, sort="owner__name"),
        Column("places", _("Places"), lambda z: z.place_count, numeric=True, cell=cells.number),
        Column("staff", _("Staff"), lambda z: z.staff_count, numeric=True, cell=cells.number),
        Column("project", _("Project"), lambda z: z.project.name),
        Column(
            "change", "", lambda z: _("Change"), always=True,
            cell=lambda z, value: cells.link(value, reverse("console:registry:zone_owner", args=[z.pk])),
        ),
    )  # fmt: skip

    def allowed(self) -> None:
        """Only who may see places somewhere."""
        require(self.user, policies.VIEW_PLACES)

    def rows(self) -> Any:
        """Visible zones with their figures."""
        rows = scope.of(self.request).narrow(queries.zones_visible_to(self.user))
        return rows.annotate(place_count=Count("places", distinct=True), staff_count=Count("staff", distinct=True))

    def header_actions(self) -> Any:
        """A new zone, for who manages the project in view."""
        project = project_in_view(self.request)
        if project is None or not may(policies.check_manage_places, self.user, project):
            return ()
        url = reverse("console:registry:zone_new")
        return (Button(_("New zone"), url, icon="plus", tone="primary", drawer=True),)

    def context(self) -> dict[str, Any]:
        """Tabs above the list."""
        return {"tabs": place_tabs("zones")}

    def empty(self) -> Empty:
        """How zones come about."""
        return Empty(
            _("No zones yet"), _("They come with the import of public places and staff, or are added here."),
            icon="map-2",
        )  # fmt: skip


class OwnerForm(forms.Form):
    """Who answers for a zone."""

    owner: Any = forms.ModelChoiceField(label=_("Accountable"), queryset=None, required=False, empty_label=_("Nobody"))

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        """`staff` of the project."""
        super().__init__(*args, **kwargs)
        offer(self, owner=staff)


class NewZoneForm(OwnerForm):
    """A zone's name and owner."""

    name = forms.CharField(label=_("Name"), max_length=40)
    field_order = ("name", "owner")


class NewZone(FormPage):
    """A zone in the project in view."""

    title = _("New zone")
    form_class = NewZoneForm
    submit = _("Add")

    @property
    def project(self) -> Any:
        """The project in view; 404 without one."""
        project = project_in_view(self.request)
        return row_for(scope.visible(self.request), project.pk if project else 0)

    def allowed(self) -> None:
        """Only who manages the project's places."""
        policies.check_manage_places(self.user, self.project)

    def form_arguments(self) -> dict[str, Any]:
        """The staff to choose from."""
        return {"staff": queries.staff_present(self.project)}

    def back(self) -> str:
        """To the zones."""
        return reverse("console:registry:zones")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add it."""
        actions.add_zone(project=self.project, name=data["name"], owner=data["owner"], by=self.user)
        return self.done(_("The zone was added."), to=self.back())


class ZoneOwner(FormPage):
    """Who answers for one zone."""

    title = _("Who answers for the zone")
    form_class = OwnerForm

    @property
    def zone(self) -> Zone:
        """The zone of the address."""
        zone: Zone = row_for(queries.zones_visible_to(self.user).select_related("project__node"), self.kwargs["pk"])
        return zone

    def allowed(self) -> None:
        """Only who manages the project's places."""
        policies.check_manage_places(self.user, self.zone.project)

    def form_arguments(self) -> dict[str, Any]:
        """The staff to choose from."""
        return {"staff": queries.staff_present(self.zone.project)}

    def initial(self) -> dict[str, Any]:
        """The present owner."""
        return {"owner": self.zone.owner}

    def back(self) -> str:
        """To the zones."""
        return reverse("console:registry:zones")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Set the owner."""
        actions.set_zone_owner(self.zone, owner=data["owner"], by=self.user)
        return self.done(_("The zone was changed."), to=self.back())
