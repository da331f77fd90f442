"""Import of the public places workbook: stairs, lobbies, roads, gates, plant rooms … with their zones (spec 01)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.registry import documents, events
from wuyou.domains.registry.actions.places import lock_site
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Place, Zone
from wuyou.domains.registry.rules.naming import Location, location_in, place_key, unit_key
from wuyou.kernel.actors import Actor
from wuyou.kernel.imports import Applied, CellError, Changes, Context, Report, Row, Sample, register

from . import columns as sheets
from .records import SHOWN, RegistryImporter, Writing, created, differing, problem
from .tree import PlaceTree, Spot

FIELDS = ("category", "area_m2", "quantity", "material", "note", "x", "y", "latitude", "longitude")
FLOATS = ("x", "y", "latitude", "longitude")


@dataclass(slots=True)
class PlacePlan:
    """What is to become of one public place."""

    row: Any
    spot: Spot
    record: Place | None
    values: dict[str, Any]
    zone: str  # name of a zone to put it in, '' to leave it


@dataclass(slots=True)
class PlaceChanges(Changes):
    """The changes with the tree they were worked out on."""

    tree: Any = None
    new_zones: Any = ()


class PlacesImporter(RegistryImporter):
    """Public places; one is known by its code, else by the zone or area and name it came with."""

    code = "registry.places"
    label = _("Public places")
    columns = sheets.PLACES

    def validate(self, rows: Sequence[Row], context: Context) -> list[CellError]:
        """Unknown or ambiguous places above, the same place twice."""
        tree = PlaceTree(context.project_id or 0)
        seats = _Seats(tree)
        errors = [error for row in rows for error in seats.errors(row)]
        return [*errors, *_repeated(rows)]

    def plan(self, rows: Sequence[Row], context: Context) -> Changes:
        """Compare with the places that are there."""
        tree = PlaceTree(context.project_id or 0)
        seats = _Seats(tree)
        records = {row.pk: row for row in Place.objects.filter(project=tree.project, level=PlaceLevel.SPOT)}
        plans = [_plan_of(row, seats.spot(row), records, tree) for row in rows]
        changes = PlaceChanges(tree=tree)
        changes.create = [one for one in plans if one.record is None]
        changes.update = [one for one in plans if one.record is not None and (one.values or one.zone)]
        changes.unchanged = len(plans) - len(changes.create) - len(changes.update)
        changes.new_zones = {
            place_key(one.zone): one.zone for one in plans if one.zone and place_key(one.zone) not in tree.zones
        }
        changes.counts = {str(_("new zones")): len(changes.new_zones)}
        changes.samples = [_sample(one) for one in [*changes.create, *changes.update][:SHOWN]]
        return changes

    def apply(self, changes: Changes, context: Context, *, by: Actor, report: Report) -> Applied:
        """Add and change, set-wise."""
        if not isinstance(changes, PlaceChanges):
            raise TypeError("these changes are of another import")
        tree, applied, writing = changes.tree, Applied(), Writing()
        lock_site(tree.project)
        created(applied, add_zones(tree, changes.new_zones))
        for plan in changes.create:
            plan.spot.values = plan.values
            plan.spot.zone_id = tree.zones.get(place_key(plan.zone)) if plan.zone else None
        created(applied, tree.insert())
        for plan in changes.update:
            zone = {"zone_id": tree.zones[place_key(plan.zone)]} if plan.zone else {}
            writing.change(plan.record, {**plan.values, **zone})
        applied.updated = writing.write()
        documents.index_places([plan.spot.id for plan in [*changes.create, *changes.update]])
        events.places_imported.send(Place, project_id=tree.project.pk)
        report(done=len(changes.create) + len(changes.update), total=len(changes.create) + len(changes.update))
        return applied


def add_zones(tree: PlaceTree, names: dict[str, str]) -> list[Zone]:
    """New zones of the tree's project, by key and name."""
    zones = [Zone(project=tree.project, name=name) for name in names.values()]
    Zone.objects.bulk_create(zones)
    tree.zones |= {place_key(zone.name): zone.pk for zone in zones}
    return zones


class _Seats:
    """Where a row's place stands: below what its name, its own cell, its area or its zone says."""

    def __init__(self, tree: PlaceTree) -> None:
        self.tree = tree
        self.has_areas = tree.has(PlaceLevel.AREA)

    def errors(self, row: Row) -> Iterator[CellError]:
        """What is wrong with the places a row names."""
        known = self._known(row)
        if known is not None and known.is_closed:
            yield problem(row, "name", row.name, _("This place is closed. Reopen it first."))
        if row.phase and self.has_areas and not self.tree.named(row.phase, level=PlaceLevel.AREA):
            yield problem(row, "phase", row.phase, _("There is no area of this name."))
        elif row.zone and self.has_areas and not row.phase and self._zone_is_unknown(row.zone):
            yield problem(row, "zone", row.zone, _("There is no zone or area of this name. Add it first."))
        elif row.parent and self.tree.find(row.parent):
            yield from self._named(row, "parent", row.parent, self.tree.find(row.parent))
        elif row.parent:
            said = location_in(row.parent)
            yield from self._said(row, "parent", said if said and not said.rest else None)
        else:
            said = location_in(row.name)
            yield from self._said(row, "name", said) if said else ()

    def _zone_is_unknown(self, name: str) -> bool:
        return place_key(name) not in self.tree.zones and not self.tree.named(name, level=PlaceLevel.AREA)

    def _named(self, row: Row, column: str, value: str, found: Sequence[Spot]) -> Iterator[CellError]:
        if not found:
            yield problem(row, column, value, _("There is no place of this name above it."))
        elif len(found) > 1:
            yield problem(row, column, value, _("Several places have this name: name the area."))

    def _said(self, row: Row, column: str, said: Location | None) -> Iterator[CellError]:
        value = getattr(row, column)
        found = self.tree.building(said.building, area=said.area or self._area_name(row)) if said else []
        yield from self._named(row, column, value, found)
        if len(found) == 1 and said is not None and said.unit:
            record = self.tree.buildings.get(found[0].id or 0)
            number = unit_key(said.unit).removesuffix("单元")
            if record is not None and number.isdigit() and int(number) > max(record.units, 1):
                yield problem(row, column, value, _("The building has %(units)s units."), units=record.units)

    def _area_name(self, row: Row) -> str:
        """The area a row names: its own cell, or its zone when an area is called so."""
        if row.phase or not row.zone:
            return str(row.phase)
        return str(row.zone) if self.tree.named(row.zone, level=PlaceLevel.AREA) else ""

    def spot(self, row: Row) -> Spot:
        """The row's place, added when it is not there."""
        known = self._known(row)
        if known is not None:
            return known
        return self.tree.ensure(self._parent(row), level=PlaceLevel.SPOT, name=row.name, code=natural_code(row))

    def _known(self, row: Row) -> Spot | None:
        """Codes stay when a place is moved, so the code goes before where it stands."""
        known = self.tree.coded(natural_code(row))
        return known if known is not None and known.level == PlaceLevel.SPOT else None

    def _parent(self, row: Row) -> Spot:
        found = self.tree.find(row.parent) if row.parent else []
        if found:
            return found[0]
        area = self._area_name(row)
        said = location_in(row.parent or row.name)
        if said is not None:
            return self._inside(self.tree.building(said.building, area=said.area or area)[0], said.unit)
        return self.tree.ensure(self.tree.site, level=PlaceLevel.AREA, name=area) if area else self.tree.site

    def _inside(self, building: Spot, unit: str) -> Spot:
        if not unit:
            return building
        name = unit_key(unit)
        return self.tree.ensure(building, level=PlaceLevel.UNIT, name=name, code=f"{building.code}-{name}")


def natural_code(row: Row) -> str:
    """What a public place is known by from one import to the next."""
    if row.code:
        return str(row.code)
    where = row.phase or row.zone
    return str(row.name) if not where or row.name.startswith(where) else f"{where}/{row.name}"[:60]


def _repeated(rows: Sequence[Row]) -> Iterator[CellError]:
    first: dict[str, int] = {}
    for row in rows:
        earlier = first.setdefault(place_key(natural_code(row)), row.number)
        if earlier != row.number:
            yield problem(
                row, "code" if row.code else "name", row.name, _("The same place stands in row %(row)s."), row=earlier
            )


def _plan_of(row: Row, spot: Spot, records: dict[int, Place], tree: PlaceTree) -> PlacePlan:
    record = records.get(spot.id or 0)
    wanted = {name: getattr(row, name) for name in FIELDS}
    wanted |= {name: float(wanted[name]) for name in FLOATS if wanted[name] is not None}
    stated = {name: value for name, value in wanted.items() if value is not None and value != ""}
    if record is None:
        return PlacePlan(row, spot, None, stated, row.zone)
    zone_id = tree.zones.get(place_key(row.zone)) if row.zone else record.zone_id
    stays = zone_id is not None and zone_id == record.zone_id
    return PlacePlan(row, spot, record, differing(record, {**wanted, "name": row.name}), "" if stays else row.zone)


def _sample(plan: PlacePlan) -> Sample:
    before = {name: getattr(plan.record, name) for name in plan.values} if plan.record else {}
    after = {**plan.values, **({"zone": plan.zone} if plan.zone else {})}
    if plan.record is not None and plan.zone:
        before["zone"] = ""
    return Sample(plan.row.number, plan.spot.label(), before, after)


register(PlacesImporter())
