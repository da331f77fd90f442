"""Import of the buildings workbook: areas and buildings with what duties depend on (spec 01, 03)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.registry import documents, events
from wuyou.domains.registry.actions.places import lock_site
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Building, Place
from wuyou.domains.registry.rules.naming import building_key, place_key
from wuyou.kernel.actors import Actor
from wuyou.kernel.imports import Applied, CellError, Changes, Context, Report, Row, Sample, register

from . import columns as sheets
from .records import SHOWN, RegistryImporter, Writing, created, differing, problem, sample, warning
from .tree import PlaceTree, Spot

PLACE_FIELDS = ("x", "y")
BUILDING_FIELDS = (
    "floors", "height_m", "units", "structure", "completed_on", "has_lift", "lift_accepted_on", "has_fire_system",
    "has_second_supply",
)  # fmt: skip


class BuildingChanges(Changes):
    """The changes with the tree they were worked out on."""

    tree: PlaceTree


class BuildingsImporter(RegistryImporter):
    """Areas and buildings; a building is known by its area and name."""

    code = "registry.buildings"
    label = _("Buildings")
    natural_key = ()
    columns = sheets.BUILDINGS

    def validate(self, rows: Sequence[Row], context: Context) -> list[CellError]:
        """The same building twice, lifts without their month."""
        return [*_repeated(rows), *_odd_lifts(rows)]

    def plan(self, rows: Sequence[Row], context: Context) -> Changes:
        """Compare with the buildings that are there."""
        tree = PlaceTree(context.project_id or 0)
        changes = BuildingChanges()
        changes.tree = tree
        create, update = [], []
        samples: list[Sample] = []
        for row in rows:
            spot = _spot(tree, row)
            record = tree.buildings.get(spot.id or 0)
            values = _changed(spot, record, row)
            if record is None:
                create.append((row, spot))
            elif values:
                update.append((row, spot))
            if len(samples) < SHOWN and (record is None or values):
                shown = {name: value for name, value in values.items() if name in BUILDING_FIELDS}
                samples.append(sample(row, spot.label(), record=record, values=shown))
        changes.create, changes.update, changes.samples = create, update, samples
        changes.unchanged = len(rows) - len(create) - len(update)
        return changes

    def apply(self, changes: Changes, context: Context, *, by: Actor, report: Report) -> Applied:
        """Add and change, set-wise."""
        if not isinstance(changes, BuildingChanges):
            raise TypeError("these changes are of another import")
        tree, applied, writing = changes.tree, Applied(), Writing()
        lock_site(tree.project)
        for row, spot in changes.create:
            if spot.is_new:
                spot.values = _stated(_place_values(row))
        created(applied, tree.insert())
        new = [_building(row, spot) for row, spot in changes.create]
        Building.objects.bulk_create(new, batch_size=500)
        created(applied, new)
        places = Place.objects.in_bulk([spot.id for _row, spot in [*changes.create, *changes.update]])
        for row, spot in [*changes.create, *changes.update]:
            _write(row, tree.buildings.get(spot.id), places[spot.id], writing)
        applied.updated = writing.write()
        ids = [spot.id for _row, spot in [*changes.create, *changes.update]]
        report(done=len(ids), total=len(ids))
        documents.index_places([*ids, *(applied.created.get("registry.place", ()))])
        events.places_imported.send(Place, project_id=tree.project.pk)
        return applied


def _repeated(rows: Sequence[Row]) -> Iterator[CellError]:
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (place_key(row.phase), building_key(row.building))
        earlier = first.setdefault(key, row.number)
        if earlier != row.number:
            yield problem(row, "building", row.building, _("The same building stands in row %(row)s."), row=earlier)


def _odd_lifts(rows: Sequence[Row]) -> Iterator[CellError]:
    for row in rows:
        if row.has_lift and row.lift_accepted_on is None:
            yield warning(
                row, "lift_accepted_on", "", _("Without the month of acceptance no lift inspection can be planned.")
            )
        if row.has_lift is False and row.lift_accepted_on is not None:
            yield problem(row, "has_lift", row.building, _("The building has no lift but a month of acceptance."))


def _spot(tree: PlaceTree, row: Row) -> Spot:
    parent = tree.ensure(tree.site, level=PlaceLevel.AREA, name=row.phase) if row.phase else tree.site
    found = tree.building(row.building, area=row.phase) if not row.phase else []
    if len(found) == 1:
        return found[0]
    return tree.ensure(
        parent, level=PlaceLevel.BUILDING, name=building_key(row.building) if row.building.isdigit() else row.building
    )


def _values(row: Row, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _place_values(row: Row) -> dict[str, float | None]:
    return {name: None if value is None else float(value) for name, value in _values(row, PLACE_FIELDS).items()}


def _changed(spot: Spot, record: Building | None, row: Row) -> dict[str, Any]:
    wanted = _values(row, BUILDING_FIELDS)
    if record is None:
        return _stated(wanted)
    return {**differing(record, wanted), **differing(record.place, _place_values(row))}


def _stated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _building(row: Row, spot: Spot) -> Building:
    return Building(place_id=spot.pk, **_stated(_values(row, BUILDING_FIELDS)))


def _write(row: Row, record: Building | None, place: Place, writing: Writing) -> None:
    if record is not None and (values := differing(record, _values(row, BUILDING_FIELDS))):
        writing.change(record, values)
    if moved := differing(place, _place_values(row)):
        writing.change(place, moved)


register(BuildingsImporter())
