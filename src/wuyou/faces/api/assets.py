"""The equipment ledger (spec 08)."""

from collections.abc import Callable
from typing import Any

from ninja import Router

from wuyou.domains.assets import actions
from wuyou.domains.assets.choices import AssetState
from wuyou.domains.assets.flows import ASSET_FLOW
from wuyou.domains.assets.models import Asset
from wuyou.domains.assets.policies import MANAGE_ASSETS, VIEW_ASSETS
from wuyou.domains.assets.queries import assets_visible_to
from wuyou.domains.org.models import User
from wuyou.kernel.flows import Transition

from .operations import Acts, Step, maybe, possible, ref, steps
from .org.tree import PROJECTS
from .registry.places import PLACES, ZONES
from .registry.staff import CONTRACTORS
from .resources import Filter, Resource, ids
from .shapes import shape
from .values import Day, Metres, choice, column, number, text

router = Router()

ASSETS = Resource(
    "assets",
    shape(
        "Asset", Asset,
        "id project code system category name place zone model serial maker contractor in_service_on accepted_on"
        " made_on life_years quantity state x y note",
        place_name=(str | None, "place.name"), steps=possible(ASSET_FLOW),
    ),
    lambda user: assets_visible_to(user).select_related("place", "zone", "project__node"),
    view=[VIEW_ASSETS],
    filters={
        "project_id": ids("project"), "place_id": ids("place"), "zone_id": ids("zone"),
        "category": Filter(text(30), "category"), "system": Filter(text(30), "system"),
        "state": Filter(choice(AssetState), "state"), "code": Filter(text(40), "code"),
    },
    sorts={"code": "code", "name": "name", "category": "category", "in_service_on": "in_service_on"},
    search=("name", "code", "model"),
)  # fmt: skip
KNOWN = {
    "system": maybe(column(Asset, "system")),
    "model": maybe(column(Asset, "model")),
    "serial": maybe(column(Asset, "serial")),
    "maker": maybe(column(Asset, "maker")),
    "contractor": maybe(ref(CONTRACTORS, empty=True)),
    "in_service_on": maybe(Day | None),
    "accepted_on": maybe(Day | None),
    "made_on": maybe(Day | None),
    "life_years": maybe(number(0, 200) | None),
    "quantity": maybe(number(1, 1_000_000)),
    "x": maybe(Metres | None),
    "y": maybe(Metres | None),
    "note": maybe(column(Asset, "note")),
}

ASSETS.expose(router)
on_assets = Acts(router, ASSETS, [MANAGE_ASSETS])
on_assets.add(
    actions.add_asset,
    {
        "project": ref(PROJECTS), "code": column(Asset, "code"), "category": column(Asset, "category"),
        "name": column(Asset, "name"), "place": maybe(ref(PLACES, empty=True)), **KNOWN,
    },
)  # fmt: skip
on_assets.patch(
    actions.change_asset,
    {"category": maybe(column(Asset, "category")), "name": maybe(column(Asset, "name")), **KNOWN},
)
on_assets.post("move", actions.move_asset, {"to": ref(PLACES, empty=True), "zone": maybe(ref(ZONES, empty=True))})


def stepping(transition: Transition) -> Step:
    """A step of the device's flow as an operation."""

    def step(asset: Asset, *, by: User, reason: str = "") -> Asset:
        return actions.set_state(asset, transition.name, by=by, reason=reason)

    step.__doc__ = f"Take the step `{transition.name}` of the device's flow."
    return step, {"reason": text(200) if transition.needs else maybe(text(200))}


def _table() -> dict[str, tuple[Callable[..., Any], Any]]:
    return {transition.name: stepping(transition) for transition in ASSET_FLOW.transitions}


steps(on_assets, ASSET_FLOW, _table())
