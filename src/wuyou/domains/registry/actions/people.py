"""People and the rooms they hold (spec 01). Personal values never reach the journal."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project
from wuyou.domains.registry import documents, events, policies
from wuyou.domains.registry.choices import CareKind, OccupancyRole
from wuyou.domains.registry.models import CareFlag, Occupancy, Person, Room, Staff, Vehicle
from wuyou.domains.registry.queries import in_force
from wuyou.domains.registry.rules.contact import normal_identity, normal_phone, normal_plate
from wuyou.domains.registry.writing import change_fields, check_fields
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.privacy import digest, mask_id, mask_phone
from wuyou.kernel.transactions import action

from .recording import reason_given, record_person, record_place

PLAIN_FIELDS = frozenset({"name", "email", "emergency_contact", "language", "channel"})
NUMBERS = {"phone": normal_phone, "identity_number": normal_identity}
PERSON_FIELDS = PLAIN_FIELDS | frozenset(NUMBERS)


def root_of(node: Node) -> Node:
    """The register a node's people are kept in: that of the organisation's root, so that a person is kept once."""
    return node if node.depth == 1 else Node.objects.get(path=node.path[: Node.steplen])


def number_columns(field: str, value: str) -> dict[str, str]:
    """The columns that hold a phone or identity number: encrypted, digest to find it by, masked to show."""
    stem, mask = ("phone", mask_phone) if field == "phone" else ("identity", mask_id)
    return {field: value, f"{stem}_digest": digest(value), f"{stem}_masked": mask(value)}


def _with_numbers(fields: dict[str, Any]) -> dict[str, Any]:
    """The given fields with numbers in their normal form and the columns that follow; raises Invalid at the field."""
    given = dict(fields)
    for name, normal in NUMBERS.items():
        if name not in given:
            continue
        try:
            given.update(number_columns(name, normal(str(given[name] or ""))))
        except Invalid as error:
            raise Invalid(fields={name: error.message}) from error
    return given


def _columns(fields: dict[str, Any]) -> set[str]:
    return set(_with_numbers(dict.fromkeys(fields, "")))


@action
def add_person(*, project: Project, name: str, by: Actor, **fields: Any) -> Person:
    """Add a person to the register the project belongs to; likely duplicates are the caller's to show.

    Raises Denied, or Invalid for an empty name, a wrong phone or identity number.
    """
    policies.check_manage_household(by, project)
    return _add_person(root_of(project.node), name=name, by=by, fields=fields)


def _add_person(register: Node, *, name: str, by: Actor, fields: dict[str, Any]) -> Person:
    _refuse_others(fields)
    person = Person(node=register, name=name.strip(), **_with_numbers(fields))
    check_fields(person, {"name", *_columns(fields)})
    person.save()
    record_person("person_added", person, by=by, data={"fields": sorted(fields)})
    documents.index_persons([person.pk])
    return person


def _refuse_others(fields: dict[str, Any]) -> None:
    wrong = set(fields) - PERSON_FIELDS
    if wrong:
        raise Invalid(fields={name: _("This field cannot be given here.") for name in sorted(wrong)})


@action
def change_person(person: Person, *, by: Actor, **fields: Any) -> Person:
    """Change a person's name, numbers, contacts or language.

    Raises Denied, Conflict when the record was merged, erased or is only kept, Invalid with the field.
    """
    policies.check_change_person(by, person)
    check_usable(person)
    _refuse_others(fields)
    allowed = PLAIN_FIELDS | _columns(fields)
    diff = change_fields(person, _with_numbers(fields), allowed=allowed)
    if diff:
        record_person("person_changed", person, by=by, data={"fields": sorted(set(diff) & PERSON_FIELDS)})
        Staff.objects.filter(person=person).exclude(name=person.name).update(name=person.name)
        documents.index_persons([person.pk])
    return person


def check_usable(person: Person) -> None:
    """Raise Conflict when a person's record was merged, erased, or may only be kept (PIPL 47)."""
    person.refresh_from_db(fields=["restricted_at", "erased_at", "merged_into"])
    if person.merged_into_id:
        raise Conflict(_("This record was merged into another one."))
    if person.erased_at:
        raise Conflict(_("This person's data have been erased."))
    if person.restricted_at:
        raise Conflict(_("This person's data may only be kept: %(why)s"), why=person.restriction)


@action
def merge_persons(keep: Person, *, absorb: Person, by: Actor) -> Person:
    """Make two records of one person one: everything of `absorb` goes to `keep`, which takes what it has not itself.

    The absorbed record stays and names the kept one, so both histories can be read. Raises Denied or Conflict.
    """
    policies.check_change_person(by, keep)
    policies.check_change_person(by, absorb)
    if keep.pk == absorb.pk:
        raise Conflict(_("These are the same record."))
    check_usable(keep)
    check_usable(absorb)
    if Person.objects.filter(pk=absorb.pk, merged_into__isnull=True).update(merged_into=keep) != 1:
        raise Conflict(_("This record was merged into another one."))
    absorb.merged_into = keep
    _take_missing(keep, absorb)
    moved = _take_belongings(keep, absorb)
    record_person("person_merged", keep, by=by, data={"absorbed": absorb.pk, **moved})
    events.persons_merged.send(Person, kept_id=keep.pk, absorbed_id=absorb.pk)
    documents.index_persons([keep.pk, absorb.pk])
    return keep


def _take_missing(keep: Person, absorb: Person) -> None:
    groups = (
        ("phone", "phone_digest", "phone_masked"), ("identity_number", "identity_digest", "identity_masked"),
        ("email",), ("emergency_contact",), ("channel",),
    )  # fmt: skip
    for group in groups:
        if not getattr(keep, group[0]):
            for name in group:
                setattr(keep, name, getattr(absorb, name))
    keep.save()


def _take_belongings(keep: Person, absorb: Person) -> dict[str, int]:
    """Hand over what points at the absorbed record; an occupancy both hold is ended on the absorbed one."""
    today = clock.today()
    both = in_force(keep.occupancies.all()).values_list("room_id", "role")
    for room_id, role in both:
        doubled = absorb.occupancies.filter(room_id=room_id, role=role, ends_on__isnull=True)
        doubled.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=today)).update(ends_on=today)
        doubled.update(ends_on=today, starts_on=today)
    return {
        "occupancies": absorb.occupancies.update(person=keep),
        "vehicles": absorb.vehicles.update(person=keep),
        "care_flags": absorb.care_flags.update(person=keep),
        "consents": absorb.consents.update(person=keep),
        "employments": absorb.employments.update(person=keep, name=keep.name),
    }


# --- households


@action
def move_in(
    room: Room,
    *,
    person: Person,
    role: str,
    by: Actor,
    starts_on: date | None = None,
    share: Decimal | None = None,
) -> Occupancy:
    """Let a person own, rent or live in a room from a day (today by default).

    Raises Denied, Conflict when the person holds that role there or the room is closed, Invalid for shares above 1.
    """
    policies.check_manage_household(by, room.place.project)
    check_usable(person)
    if room.place.closed_on:
        raise Conflict(_("“%(name)s” is closed. Reopen it first."), name=room.place.name)
    row = Occupancy(room=room, person=person, role=role, share=share, starts_on=starts_on or clock.today())
    if Occupancy.objects.filter(room=room, person=person, role=role, ends_on__isnull=True).exists():
        raise Conflict(_("This person is entered for this room already."))
    check_fields(row, {"role", "share", "starts_on"})
    _check_shares(room, share)
    row.save()
    record_place("moved_in", room.place, by=by, data={"person": person.pk, "role": role, "from": row.starts_on})
    documents.index_persons([person.pk])
    return row


@action
def add_resident(
    room: Room,
    *,
    name: str,
    role: str,
    by: Actor,
    starts_on: date | None = None,
    share: Decimal | None = None,
    **fields: Any,
) -> Occupancy:
    """Add a person and let them own, rent or live in a room, in one step; raises what add_person and move_in raise."""
    person = add_person(project=room.place.project, name=name, by=by, **fields)
    return move_in(room, person=person, role=role, by=by, starts_on=starts_on, share=share)


def _check_shares(room: Room, share: Decimal | None) -> None:
    if share is None:
        return
    owners = room.occupancies.filter(role=OccupancyRole.OWNER, ends_on__isnull=True).values_list("share", flat=True)
    others: Decimal = sum((other for other in owners if other), Decimal(0))
    if not 0 < share <= 1 or others + share > 1:
        raise Invalid(fields={"share": _("Shares are greater than 0 and add up to 1 at most.")})


@action
def move_out(occupancy: Occupancy, *, by: Actor, ends_on: date | None = None) -> Occupancy:
    """End an occupancy on a day (today by default); raises Denied, Conflict when ended, Invalid for a day before it."""
    policies.check_manage_household(by, occupancy.room.place.project)
    day = ends_on or clock.today()
    if occupancy.starts_on and day < occupancy.starts_on:
        raise Invalid(fields={"ends_on": _("The occupancy cannot end before it starts.")})
    if Occupancy.objects.filter(pk=occupancy.pk, ends_on__isnull=True).update(ends_on=day) != 1:
        raise Conflict(_("This occupancy has ended already."))
    occupancy.ends_on = day
    data = {"person": occupancy.person_id, "role": occupancy.role, "to": day}
    record_place("moved_out", occupancy.room.place, by=by, data=data)
    return occupancy


@action
def add_vehicle(*, project: Project, person: Person, plate: str, by: Actor, room: Room | None = None) -> Vehicle:
    """Enter a vehicle by its plate; raises Denied, Conflict for a plate known here, Invalid for no plate."""
    policies.check_manage_household(by, project)
    check_usable(person)
    try:
        normal = normal_plate(plate)
    except Invalid as error:
        raise Invalid(fields={"plate": error.message}) from error
    if Vehicle.objects.filter(project=project, plate=normal, ends_on__isnull=True).exists():
        raise Conflict(_("This plate is entered already."))
    row = Vehicle.objects.create(project=project, person=person, plate=normal, room=room, starts_on=clock.today())
    record_person("vehicle_added", person, by=by, data={"vehicle": row.pk, "project": project.code})
    return row


@action
def end_vehicle(vehicle: Vehicle, *, by: Actor) -> Vehicle:
    """A vehicle leaves the project's list today; raises Denied, or Conflict when it has left."""
    policies.check_manage_household(by, vehicle.project)
    today = clock.today()
    if Vehicle.objects.filter(pk=vehicle.pk, ends_on__isnull=True).update(ends_on=today) != 1:
        raise Conflict(_("This vehicle has left already."))
    vehicle.ends_on = today
    record_person("vehicle_ended", vehicle.person, by=by, data={"vehicle": vehicle.pk})
    return vehicle


# --- care


@action
def flag_care(person: Person, *, kind: str, reason: str, review_on: date, by: Actor) -> CareFlag:
    """Note that a person needs attention, why, and when to look again (spec 01).

    Raises Denied, Conflict when the flag stands, Invalid without a reason or with a review day that is over.
    """
    policies.check_change_person(by, person)
    check_usable(person)
    why = reason_given(reason)
    if kind not in CareKind.values:
        raise Invalid(fields={"kind": _("There is no such kind of care.")})
    if review_on <= clock.today():
        raise Invalid(fields={"review_on": _("The day of review lies in the future.")})
    if person.care_flags.filter(kind=kind, ended_on__isnull=True).exists():
        raise Conflict(_("This person is flagged for this already."))
    flag = CareFlag.objects.create(person=person, kind=kind, reason=why, review_on=review_on)
    record_person("care_flagged", person, by=by, data={"flag": flag.pk, "review_on": review_on})
    return flag


@action
def end_care(flag: CareFlag, *, by: Actor) -> CareFlag:
    """End a care flag today; raises Denied, or Conflict when it has ended."""
    policies.check_change_person(by, flag.person)
    today = clock.today()
    if CareFlag.objects.filter(pk=flag.pk, ended_on__isnull=True).update(ended_on=today) != 1:
        raise Conflict(_("This flag has ended already."))
    flag.ended_on = today
    record_person("care_ended", flag.person, by=by, data={"flag": flag.pk})
    return flag
