"""Import of the rooms workbook: units, floors, rooms and who owns and rents them (spec 01)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.registry import documents, events
from wuyou.domains.registry.actions.people import root_of
from wuyou.domains.registry.actions.places import lock_site
from wuyou.domains.registry.choices import OccupancyRole, PlaceLevel, RoomState, RoomUse
from wuyou.domains.registry.models import Building, Occupancy, Place, Room
from wuyou.domains.registry.rules.naming import building_key, full_room_code, location_in, normal_room_code, unit_key
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.imports import Applied, CellError, Changes, Context, Report, Row, Sample, register
from wuyou.kernel.privacy import mask_phone

from . import columns as sheets
from .book import Held, Known, Mention, PersonBook, people_by_id
from .records import SHOWN, RegistryImporter, Writing, created, differing, problem, warning
from .tree import PlaceTree, Spot

SHARED_PHONE = _("This phone is also that of %(names)s: perhaps the same person.")
OWNER, TENANT = OccupancyRole.OWNER, OccupancyRole.TENANT


@dataclass(slots=True)
class RoomPlan:
    """What is to become of one room."""

    row: Any
    spot: Spot
    room: Room | None
    room_values: dict[str, Any]
    place_values: dict[str, Any]
    joins: list[tuple[str, Known]] = field(default_factory=list)  # (role, person) to move in
    ends: list[int] = field(default_factory=list)  # occupancies to end
    people: list[Known] = field(default_factory=list)

    @property
    def is_change(self) -> bool:
        """Whether an existing room, its place, its people or their names are to change."""
        told = any(person.changes for person in self.people)
        return bool(self.room_values or self.place_values or self.joins or self.ends or told)


@dataclass(slots=True)
class RoomChanges(Changes):
    """The changes with the tree and the people they were worked out on."""

    tree: Any = None
    book: Any = None


class RoomsImporter(RegistryImporter):
    """Rooms with their households; a room is known by its code within the project."""

    code = "registry.rooms"
    label = _("Rooms and residents")
    columns = sheets.ROOMS

    def validate(self, rows: Sequence[Row], context: Context) -> list[CellError]:
        """Unknown buildings, rooms twice, people without a name; people who may be the same are shown."""
        tree = PlaceTree(context.project_id or 0)
        finder, rows = _Finder(tree), [_located(row) for row in rows]
        errors = [error for row in rows for error in finder.errors(row)]
        wrong = {error.row for error in errors}
        errors += _repeated([row for row in rows if row.number not in wrong], finder)
        return [*errors, *_look_alikes([row for row in rows if row.number not in wrong], tree)]

    def plan(self, rows: Sequence[Row], context: Context) -> Changes:
        """Compare with the rooms and people that are there."""
        tree = PlaceTree(context.project_id or 0)
        rows = [_located(row) for row in rows]
        finder, book = _Finder(tree), _book(rows, tree)
        rooms = {room.pk: room for room in Room.objects.filter(place__project=tree.project).select_related("place")}
        plans = [_plan_of(row, finder.spot(row), rooms, book) for row in rows]
        changes = RoomChanges(tree=tree, book=book)
        changes.create = [one for one in plans if one.room is None]
        changes.update = [one for one in plans if one.room is not None and one.is_change]
        changes.unchanged = len(plans) - len(changes.create) - len(changes.update)
        shown = [one for one in plans if one.room is None or one.is_change][:SHOWN]
        changes.samples = [_sample(one) for one in shown]
        changes.counts = {str(_("new people")): len(book.new), str(_("new places")): len(tree.new)}
        return changes

    def apply(self, changes: Changes, context: Context, *, by: Actor, report: Report) -> Applied:
        """Add and change places, rooms, people and occupancies, set-wise."""
        if not isinstance(changes, RoomChanges):
            raise TypeError("these changes are of another import")
        plans = [*changes.create, *changes.update]
        total = 2 * len(plans)
        applied, writing = Applied(), Writing()
        lock_site(changes.tree.project)
        _add_places(changes, applied)
        report(done=len(plans) // 2, total=total, note=str(_("Rooms are in, people follow")))
        _add_people(changes, applied, writing)
        report(done=len(plans), total=total, note=str(_("People are in, households follow")))
        _settle(plans, applied, writing, context)
        applied.updated = writing.write()
        report(done=len(plans) * 3 // 2, total=total, note=str(_("Search index")))
        _index(plans, applied)
        events.places_imported.send(Place, project_id=changes.tree.project.pk)
        report(done=total, total=total)
        return applied


def _located(row: Row) -> Row:
    """The row with the building and unit its room names (1-1-101, A区1号楼1单元101室), where no cell says them."""
    if row.building:
        return row
    said, parts = location_in(row.room), normal_room_code(row.room).split("-")
    if said is not None and said.rest:
        place = {"phase": row.phase or said.area, "unit": row.unit or said.unit, "room": said.rest}
        return row._replace(building=said.building, **place)
    if len(parts) == 1:
        return row
    return row._replace(building=parts[0], unit=row.unit or (parts[1] if len(parts) > 2 else ""))


class _Finder:
    """Where a row's room stands, and what is wrong with that."""

    def __init__(self, tree: PlaceTree) -> None:
        self.tree = tree
        self.has_areas = tree.has(PlaceLevel.AREA)
        self.has_buildings = tree.has(PlaceLevel.BUILDING)

    def errors(self, row: Row) -> Iterator[CellError]:
        """Errors of one row by itself."""
        yield from self._place_errors(row)
        yield from _people_errors(row)

    def _place_errors(self, row: Row) -> Iterator[CellError]:
        if not row.building:
            yield problem(row, "building", "", _("Name the building here, or in the room's code (1-1-101)."))
            return
        if row.phase and self.has_areas and not self.tree.named(row.phase, level=PlaceLevel.AREA):
            yield problem(row, "phase", row.phase, _("There is no area of this name."))
            return
        found = self.tree.building(row.building, area=row.phase)
        if len(found) > 1:
            yield problem(row, "building", row.building, _("Several buildings have this name: name the area."))
        elif found:
            yield from self._limits(row, found[0])
        elif self.has_buildings:
            text = _("There is no building of this name. Import the buildings first.")
            yield problem(row, "building", row.building, text)
        if len(found) <= 1:
            yield from self._code_errors(row, found[0] if found else None)

    def _limits(self, row: Row, building: Spot) -> Iterator[CellError]:
        """Units and floors the building has not."""
        record = self.tree.buildings.get(building.id or 0)
        number = unit_key(row.unit).removesuffix("单元") if row.unit else ""
        if record is not None and number.isdigit() and int(number) > max(record.units, 1):
            yield problem(row, "unit", row.unit, _("The building has %(units)s units."), units=record.units)
        if record is not None and row.floor is not None and row.floor > record.floors:
            yield problem(row, "floor", row.floor, _("The building has %(floors)s floors."), floors=record.floors)

    def _code_errors(self, row: Row, building: Spot | None) -> Iterator[CellError]:
        """A code that cannot be, belongs elsewhere, or is closed."""
        try:
            known = self.tree.coded(self.code(row))
        except Invalid as error:
            yield problem(row, "room", row.room, error.message)
            return
        if known is None:
            return
        if known.level != PlaceLevel.ROOM or (building is not None and building not in known.above()):
            yield problem(row, "room", row.room, _("This code belongs to %(place)s."), place=known.label())
        elif known.is_closed:
            yield problem(row, "room", row.room, _("This room is closed. Reopen it first."))

    def code(self, row: Row) -> str:
        """The room's code within the project; raises Invalid for one that is too long."""
        found = self.tree.building(row.building, area=row.phase)
        name = found[0].code if found else building_key(row.building)
        return full_room_code(row.room, building=name, unit=row.unit)

    def spot(self, row: Row) -> Spot:
        """The room's place, with building, unit and floor added where they are not there."""
        building = self._building(row)
        code = self.code(row)
        known = self.tree.coded(code)
        if known is not None:
            return known
        parent = building
        if row.unit:
            parent = self.tree.ensure(
                parent, level=PlaceLevel.UNIT, name=unit_key(row.unit), code=f"{parent.code}-{unit_key(row.unit)}"
            )
        if row.floor is not None:
            parent = self.tree.ensure(
                parent, level=PlaceLevel.FLOOR, name=f"{row.floor}层", code=f"{parent.code}-{row.floor}层"
            )
        return self.tree.ensure(parent, level=PlaceLevel.ROOM, name=code, code=code)

    def _building(self, row: Row) -> Spot:
        found = self.tree.building(row.building, area=row.phase)
        if found:
            return found[0]
        parent = (
            self.tree.ensure(self.tree.site, level=PlaceLevel.AREA, name=row.phase) if row.phase else self.tree.site
        )
        name = building_key(row.building) if row.building.isdigit() else row.building
        return self.tree.ensure(parent, level=PlaceLevel.BUILDING, name=name)


def _people_errors(row: Row) -> Iterator[CellError]:
    for role in ("owner", "tenant"):
        people, numbers = getattr(row, f"{role}_name"), getattr(row, f"{role}_phone")
        if numbers and not people:
            yield problem(row, f"{role}_name", "", _("There is a phone but no name."))
        elif len(numbers) > len(people):
            yield problem(row, f"{role}_phone", "、".join(numbers), _("There are more phones than names."))
    if len(row.owner_identity) > len(row.owner_name):
        yield problem(row, "owner_identity", "", _("There are more identity numbers than names."))


def _repeated(rows: Sequence[Row], finder: _Finder) -> Iterator[CellError]:
    first: dict[str, int] = {}
    for row in rows:
        code = finder.code(row)
        earlier = first.setdefault(code, row.number)
        if earlier != row.number:
            yield problem(row, "room", code, _("The same room stands in row %(row)s."), row=earlier)


def _look_alikes(rows: Sequence[Row], tree: PlaceTree) -> Iterator[CellError]:
    """Phones that go with several names: likely one person, or one family; shown, not guessed."""
    book = _book(rows, tree)
    for row in rows:
        for role, mention in _named(row):
            others = book.others_with(mention)
            if others:
                told, shown = "、".join(others[:3]), mask_phone(mention.phone)
                yield warning(row, f"{role}_phone", shown, SHARED_PHONE, names=told)


def _named(row: Row) -> Iterator[tuple[str, Mention]]:
    """Everybody a row names, with the role."""
    for role in ("owner", "tenant"):
        yield from ((role, mention) for mention in _mentions(row, role))


def _mentions(row: Row, role: str) -> list[Mention]:
    people, numbers = getattr(row, f"{role}_name"), getattr(row, f"{role}_phone")
    papers = row.owner_identity if role == "owner" else ()
    return [
        Mention(name, numbers[at] if at < len(numbers) else "", papers[at] if at < len(papers) else "")
        for at, name in enumerate(people)
    ]


def _book(rows: Sequence[Row], tree: PlaceTree) -> PersonBook:
    mentions = [one for row in rows for role in ("owner", "tenant") for one in _mentions(row, role)]
    return PersonBook(root_of(tree.project.node), mentions, project_id=tree.project.pk)


def _plan_of(row: Row, spot: Spot, rooms: Mapping[int, Room], book: PersonBook) -> RoomPlan:
    room = rooms.get(spot.id or 0)
    plan = RoomPlan(row, spot, room, _room_values(row, room), _place_values(row, room))
    held = book.held.get(spot.id or 0, [])
    _match(plan, OWNER, _mentions(row, "owner"), held, book)
    tenants = _mentions(row, "tenant")
    _match(plan, TENANT, tenants, held, book)
    if not tenants and row.occupation == "own":
        plan.ends += [one.id for one in held if one.role == TENANT]
    return plan


def _match(plan: RoomPlan, role: str, mentions: Sequence[Mention], held: Sequence[Held], book: PersonBook) -> None:
    """Who moves in and who has gone; a role the sheet names nobody for stays as it is."""
    standing = {one.person: one.id for one in held if one.role == role}
    people = [book.person(mention, room_id=plan.spot.id, role=role) for mention in mentions]
    people = list(dict.fromkeys(people))
    plan.people += people
    plan.joins += [(role, person) for person in people if person not in standing]
    if people:
        plan.ends += [pk for person, pk in standing.items() if person not in people]


def _room_values(row: Row, room: Room | None) -> dict[str, Any]:
    is_let = {"let": True, "own": False, "empty": False}.get(row.occupation, True if row.tenant_name else None)
    stated = {
        "use": row.use, "state": row.state, "is_let": is_let, "handed_over_on": row.handed_over_on,
        "residents": row.residents,
    }  # fmt: skip
    if room is not None:
        return differing(room, stated)
    values = {name: value for name, value in stated.items() if value is not None and value != ""}
    return {"use": RoomUse.DWELLING, "state": _likely_state(row), **values}


def _likely_state(row: Row) -> str:
    """The state of a new room the sheet says nothing of."""
    if row.residents or row.tenant_name:
        return RoomState.OCCUPIED
    return RoomState.VACANT if row.owner_name or row.handed_over_on else RoomState.UNDELIVERED


def _place_values(row: Row, room: Room | None) -> dict[str, Any]:
    wanted = {"area_m2": row.area_m2}
    return differing(room.place, wanted) if room is not None else {k: v for k, v in wanted.items() if v is not None}


def _sample(plan: RoomPlan) -> Sample:
    values = {**plan.room_values, **plan.place_values}
    before = {name: getattr(plan.room, name, None) for name in plan.room_values} if plan.room else {}
    if plan.room and "area_m2" in plan.place_values:
        before["area_m2"] = plan.room.place.area_m2
    for role, column in ((OWNER, "owner_name"), (TENANT, "tenant_name")):
        joining = [person.name for other, person in plan.joins if other == role]
        if joining:
            values[column] = "、".join(joining)
    for person in plan.people:
        values |= {f"{name}": value for name, value in person.shown_changes().items()}
    return Sample(plan.row.number, plan.spot.code, before, values)


def _add_places(changes: RoomChanges, applied: Applied) -> None:
    for plan in changes.create:
        if plan.spot.is_new:
            plan.spot.values |= plan.place_values
    created(applied, changes.tree.insert())
    lacking = _buildings_without_record(changes)
    Building.objects.bulk_create(lacking, batch_size=500)
    created(applied, lacking)
    rooms = [Room(place_id=plan.spot.pk, **plan.room_values) for plan in changes.create]
    Room.objects.bulk_create(rooms, batch_size=1_000)
    created(applied, rooms)


def _buildings_without_record(changes: RoomChanges) -> list[Building]:
    """Buildings that came with the rooms: floors and units as far as the rooms show them."""
    floors: dict[int, int] = {}
    units: dict[int, set[str]] = {}
    for plan in changes.create:
        building = next(spot for spot in plan.spot.above() if spot.level == PlaceLevel.BUILDING)
        if building.id is not None and building.id not in changes.tree.buildings:
            floors[building.id] = max(floors.get(building.id, 1), plan.row.floor or 1)
            units.setdefault(building.id, set()).add(unit_key(plan.row.unit) if plan.row.unit else "")
    return [Building(place_id=pk, floors=top, units=len(units[pk] - {""}) or 1) for pk, top in floors.items()]


def _add_people(changes: RoomChanges, applied: Applied, writing: Writing) -> None:
    created(applied, changes.book.add_new())
    wanted = changes.book.changed()
    for pk, person in people_by_id(wanted).items():
        writing.change(person, wanted[pk])


def _settle(plans: Sequence[RoomPlan], applied: Applied, writing: Writing, context: Context) -> None:
    """Rooms and places that change, occupancies that end and begin."""
    for plan in plans:
        if plan.room is not None and plan.room_values:
            writing.change(plan.room, plan.room_values)
        if plan.room is not None and plan.place_values:
            writing.change(plan.room.place, plan.place_values)
    ended = Occupancy.objects.in_bulk([pk for plan in plans for pk in plan.ends])
    for row in ended.values():
        writing.change(row, {"ends_on": max(context.today, row.starts_on or context.today)})
    # whoever is in the first list of a room lives there since nobody knows when; a successor since today
    new = [
        Occupancy(room_id=plan.spot.pk, person_id=person.pk, role=role, starts_on=context.today if plan.ends else None)
        for plan in plans
        for role, person in plan.joins
    ]
    Occupancy.objects.bulk_create(new, batch_size=1_000)
    created(applied, new)


def _index(plans: Sequence[RoomPlan], applied: Applied) -> None:
    documents.index_places(applied.created.get("registry.place", ()))
    people = {person.id for plan in plans for person in plan.people if person.id is not None}
    documents.index_persons(people)


register(RoomsImporter())
