"""The only writers of the equipment ledger (spec 08)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets import documents, events, policies
from wuyou.domains.assets.choices import AssetState
from wuyou.domains.assets.flows import ASSET_FLOW
from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.models import Place, Zone
from wuyou.domains.registry.queries import zone_over
from wuyou.domains.registry.writing import change_fields, check_fields
from wuyou.kernel import flows, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

FIELDS = frozenset(
    {
        "system", "category", "name", "model", "serial", "maker", "contractor", "in_service_on", "accepted_on",
        "made_on", "life_years", "quantity", "x", "y", "note",
    }
)  # fmt: skip


@action
def add_asset(
    *, project: Project, code: str, category: str, name: str, by: Actor, place: Place | None = None, **fields: Any
) -> Asset:
    """Enter a device; its zone is that of its place.

    Raises Denied, Conflict for a closed place, Invalid for a number in use, no quantity or another project's place.
    """
    policies.check_manage_assets(by, project)
    wrong = set(fields) - FIELDS
    if wrong:
        raise Invalid(fields={one: _("This field cannot be given here.") for one in sorted(wrong)})
    _check_place(project, place)
    asset = Asset(
        project=project, code=code.strip(), category=category.strip(), name=name.strip(), place=place,
        zone=zone_over(place) if place else None, **{"system": category.strip()[:30], **fields},
    )  # fmt: skip
    check_fields(asset, {"code", "category", "name", *fields})
    asset.save()
    _record("asset_added", asset, by=by, data={"category": asset.category, "place": place.code if place else ""})
    documents.index_assets([asset.pk])
    return asset


def _check_place(project: Project, place: Place | None) -> None:
    if place is not None and place.project_id != project.pk:
        raise Invalid(fields={"place": _("The place belongs to another project.")})
    if place is not None and place.closed_on:
        raise Conflict(_("“%(name)s” is closed. Reopen it first."), name=place.name)


def _record(verb: str, asset: Asset, *, by: Actor, data: Mapping[str, Any]) -> None:
    subject = ("assets.asset", asset.pk, f"{asset.code} {asset.name}")
    journal.record(f"assets.{verb}", chain=chain_of(asset.project), by=by, subject=subject, data=data)


@action
def change_asset(asset: Asset, *, by: Actor, **fields: Any) -> Asset:
    """Change what is known of a device; raises Denied, Conflict when it is scrapped, Invalid with the field."""
    policies.check_change_asset(by, asset)
    _check_kept(asset)
    diff = change_fields(asset, fields, allowed=FIELDS)
    if diff:
        _record("asset_changed", asset, by=by, data=diff)
        events.asset_changed.send(Asset, asset_id=asset.pk, project_id=asset.project_id)
        documents.index_assets([asset.pk])
    return asset


def _check_kept(asset: Asset) -> None:
    asset.refresh_from_db(fields=["state"])
    if asset.state == AssetState.SCRAPPED:
        raise Conflict(_("This device is scrapped."))


@action
def move_asset(asset: Asset, *, to: Place | None, by: Actor, zone: Zone | None = None) -> Asset:
    """Put a device at another place; the zone follows the place unless one is given.

    Raises Denied, Conflict for a closed place or a scrapped device, Invalid for another project's place.
    """
    policies.check_change_asset(by, asset)
    _check_kept(asset)
    _check_place(asset.project, to)
    before = asset.place
    asset.place, asset.zone = to, zone or (zone_over(to) if to else None)
    asset.save(update_fields=["place", "zone"])
    data = {"from": before.code if before else "", "to": to.code if to else ""}
    _record("asset_moved", asset, by=by, data=data)
    events.asset_changed.send(Asset, asset_id=asset.pk, project_id=asset.project_id)
    documents.index_assets([asset.pk])
    return asset


@action
def set_state(asset: Asset, step: str, *, by: Actor, reason: str = "") -> Asset:
    """Take a step of the device's flow (report_fault, take_out, put_in_service, stand_by, scrap).

    Raises Denied, IllegalMove, Conflict when somebody else was faster, Invalid without the reason a step needs.
    """
    policies.check_change_asset(by, asset)
    before = asset.state
    ASSET_FLOW.transition(step).require({"reason": reason.strip()})
    flows.claim(asset, ASSET_FLOW, step)
    data = {"from": before, "to": asset.state, "reason": reason.strip()}
    _record("asset_state_set", asset, by=by, data=data)
    events.asset_changed.send(Asset, asset_id=asset.pk, project_id=asset.project_id)
    return asset
