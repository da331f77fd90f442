"""The equipment ledger as a list."""

from typing import Any

import django_filters
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets import policies
from wuyou.domains.assets.choices import AssetState
from wuyou.domains.assets.models import Asset
from wuyou.domains.assets.queries import assets_visible_to, ledger_counts
from wuyou.domains.org.policies import may, require
from wuyou.domains.registry.queries import zones_visible_to
from wuyou.faces.console.registry.looking import place_url, project_in_view
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.lists import Button, Column, Empty, ListPage, ManyFilter, Preset, cells
from wuyou.ui.visitor import user_of

TONES = {
    AssetState.IN_SERVICE: "ok",
    AssetState.STANDBY: "info",
    AssetState.FAULTY: "bad",
    AssetState.OUT_OF_SERVICE: "warn",
    AssetState.SCRAPPED: "muted",
}


def asset_url(asset: Asset) -> str:
    """The page of a device."""
    return reverse("console:assets:asset", args=[asset.pk])


def ends_on_year(asset: Asset) -> int | None:
    """The year in which the design life is over."""
    start = asset.in_service_on or asset.accepted_on or asset.made_on
    return start.year + asset.life_years if start and asset.life_years else None


def end_cell(value: int | None) -> Any:
    """The year, marked when it has come."""
    if value is None:
        return cells.BLANK
    return cells.badge(value, "warn") if value <= clock.today().year else value


class AssetFilter(django_filters.FilterSet):
    """Devices by system, kind, state, zone."""

    system = django_filters.ChoiceFilter(label=_("System"))
    category = django_filters.ChoiceFilter(label=_("Kind"))
    state = ManyFilter(label=_("State"), choices=AssetState.choices)
    zone = django_filters.ModelChoiceFilter(label=_("Zone"), queryset=None)
    in_service_on = django_filters.NumberFilter(label=_("In service since (year)"), lookup_expr="year")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Systems, kinds and zones the person can see."""
        super().__init__(*args, **kwargs)
        rows = scope.of(self.request).narrow(assets_visible_to(user_of(self.request)))
        counts = ledger_counts(rows)
        self.filters["system"].extra["choices"] = [(one, one) for one in sorted({system for system, _kind in counts})]
        self.filters["category"].extra["choices"] = [(kind, f"{kind} ({n})") for (_s, kind), n in counts.items()]
        self.filters["zone"].queryset = scope.of(self.request).narrow(zones_visible_to(user_of(self.request)))


class AssetList(ListPage):
    """Everything that has to be looked after."""

    code = "assets.assets"
    title = _("Equipment")
    icon = "engine"
    filters = AssetFilter
    search_label = _("Name, number, model or serial number")
    presets = (
        Preset("serving", _("In service"), "state=in_service"),
        Preset("faulty", _("Faulty"), "state=faulty"),
        Preset("out", _("Out of service"), "state=out_of_service"),
    )
    columns = (
        Column("code", _("Number"), lambda a: a.code, cell=cells.mono, link=asset_url, sort="code", always=True),
        Column("name", _("Name"), lambda a: a.name, link=asset_url, sort="name", always=True),
        Column("category", _("Kind"), lambda a: a.category, sort="category"),
        Column("system", _("System"), lambda a: a.system, sort="system", shown=False),
        Column(
            "place", _("Place"), lambda a: a.place.name if a.place else "", sort="place__path",
            link=lambda a: place_url(a.place) if a.place else "",
        ),
        Column("zone", _("Zone"), lambda a: a.zone.name if a.zone else "", sort="zone__name", shown=False),
        Column("model", _("Model"), lambda a: a.model),
        Column("quantity", _("Quantity"), lambda a: a.quantity, numeric=True, sort="quantity"),
        Column("since", _("In service since"), lambda a: a.in_service_on, cell=cells.day, sort="in_service_on"),
        Column("accepted", _("Accepted"), lambda a: a.accepted_on, cell=cells.day, sort="accepted_on", shown=False),
        Column("made", _("Made on"), lambda a: a.made_on, cell=cells.day, sort="made_on", shown=False),
        Column("ends", _("Design life to"), ends_on_year, cell=end_cell, numeric=True),
        Column(
            "state", _("State"), lambda a: a.get_state_display(), sort="state",
            cell=lambda a, value: cells.badge(value, TONES[AssetState(a.state)]),
        ),
        Column("maker", _("Maker"), lambda a: a.maker, shown=False),
        Column("serial", _("Serial number"), lambda a: a.serial, shown=False),
        Column("project", _("Project"), lambda a: a.project.name, shown=False),
    )  # fmt: skip

    def allowed(self) -> None:
        """Only who may see the ledger somewhere."""
        require(self.user, policies.VIEW_ASSETS)

    def rows(self) -> Any:
        """Visible devices of the project in view."""
        return scope.of(self.request).narrow(assets_visible_to(self.user))

    def search(self, rows: Any, text: str) -> Any:
        """By name, number, model or serial number."""
        found = Q(name__icontains=text) | Q(code__icontains=text) | Q(model__icontains=text) | Q(serial__icontains=text)
        return rows.filter(found)

    def header_actions(self) -> Any:
        """A new device, for who manages the ledger of the project in view."""
        project = project_in_view(self.request, policies.VIEW_ASSETS)
        if project is None or not may(policies.check_manage_assets, self.user, project):
            return ()
        return (Button(_("New device"), reverse("console:assets:new"), icon="plus", tone="primary", drawer=True),)

    def empty(self) -> Empty:
        """Import it."""
        button = Button(
            _("Import equipment"), reverse("console:registry:import_new", args=["assets.assets"]),
            icon="table-import", tone="primary",
        )  # fmt: skip
        text = _("Lifts, pumps, extinguishers: import your ledger. Statutory duties follow from it.")
        return Empty(_("No equipment yet"), text, [button], icon="engine")
