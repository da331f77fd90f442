"""People, households, vehicles, care (spec 01). Numbers are masked; reading one is an operation with a reason."""

from typing import Any

from django.http import HttpRequest

from wuyou.domains.org.models import Project, User
from wuyou.domains.registry import queries
from wuyou.domains.registry.actions import people as actions
from wuyou.domains.registry.choices import CareKind, OccupancyRole
from wuyou.domains.registry.models import CareFlag, Occupancy, Person, Vehicle
from wuyou.domains.registry.policies import MANAGE_PEOPLE, VIEW_PEOPLE, check_manage_household
from wuyou.faces.api.operations import Acts, maybe, ref, told
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Day, choice, column, decimal, text
from wuyou.ui.visitor import user_of

from . import router
from .places import ROOMS

PERSONS = Resource(
    "persons",
    shape(
        "Person", Person, "id node name phone_masked identity_masked language channel restricted_at erased_at",
    ),
    queries.persons_visible_to,
    view=[VIEW_PEOPLE],
    filters={"room_id": ids("occupancies__room"), "node_id": ids("node")},
    sorts={"id": "id"},
    search=("name",),
)  # fmt: skip
OCCUPANCIES = Resource(
    "occupancies",
    shape(
        "Occupancy", Occupancy, "id room person role share starts_on ends_on",
        person_name="person.name", room_name="room.place.name",
    ),
    lambda user: queries.occupancies_visible_to(user).select_related("room__place__project__node", "person"),
    view=[VIEW_PEOPLE],
    filters={
        "room_id": ids("room"), "person_id": ids("person"), "project_id": ids("room__place__project"),
        "role": Filter(choice(OccupancyRole), "role"),
        "has_ended": Filter(bool, lambda rows, value: rows.filter(ends_on__isnull=not value)),
    },
    sorts={"starts_on": "starts_on"},
)  # fmt: skip
VEHICLES = Resource(
    "vehicles",
    shape("Vehicle", Vehicle, "id project plate person room starts_on ends_on", person_name="person.name"),
    lambda user: queries.vehicles_visible_to(user).select_related("person", "room__place", "project__node"),
    view=[VIEW_PEOPLE],
    filters={"project_id": ids("project"), "plate": Filter(text(12), "plate"), "person_id": ids("person")},
    sorts={"plate": "plate"},
)
CARE = Resource(
    "care-flags",
    shape("CareFlag", CareFlag, "id person kind reason review_on ended_on", person_name="person.name"),
    queries.care_flags_visible_to,
    view=[VIEW_PEOPLE],
    filters={"person_id": ids("person"), "kind": Filter(choice(CareKind), "kind")},
    sorts={"review_on": "review_on"},
)
CONTACT = {
    "phone": maybe(text(30)),
    "identity_number": maybe(text(30)),
    "email": maybe(text(254)),
    "emergency_contact": maybe(text(120)),
    "language": maybe(column(Person, "language")),
    "channel": maybe(column(Person, "channel")),
}

PERSONS.expose(router)
on_persons = Acts(router, PERSONS, [MANAGE_PEOPLE])
on_persons.add(actions.add_person, {"project": ref(PROJECTS), "name": column(Person, "name"), **CONTACT})
on_persons.patch(actions.change_person, {"name": maybe(column(Person, "name")), **CONTACT})
on_persons.post("merge", actions.merge_persons, {"absorb": ref(PERSONS)})


def find_by_number(*, number: str, by: User) -> list[Person]:
    """Visible people with this telephone or identity number; asked by POST, so that numbers stand in no address."""
    return list(queries.persons_by_phone(by, number)[:20])


on_persons.free(
    "/persons/find-by-number", "find_by_number", find_by_number, {"number": text(30, least=1)}, needs=[VIEW_PEOPLE],
    answer=told("FoundPersons", lambda found: {"items": PERSONS.shape.all(found)}, items=list[PERSONS.shape.model]),  # type: ignore[name-defined]
)  # fmt: skip

LIKENESS = told("LikelyDuplicates", lambda one: one, person_ids=list[int], why=str).model


def duplicates(project: Project, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Residents and staff of a project who are likely one person, for somebody to decide."""
    check_manage_household(user_of(request), project)
    found = queries.find_duplicates(project)
    return [{"person_ids": list(one.ids), "why": one.why} for one in found]


ask_of(router, PROJECTS, "duplicates", duplicates, list[LIKENESS], [MANAGE_PEOPLE])  # type: ignore[valid-type]

OCCUPANCIES.expose(router)
on_occupancies = Acts(router, OCCUPANCIES, [MANAGE_PEOPLE])


def move_in(*, room: Any, by: User, **given: Any) -> Occupancy:
    """Let a person own, rent or live in a room from a day."""
    return actions.move_in(room, by=by, **given)


on_occupancies.add(
    move_in,
    {
        "room": ref(ROOMS), "person": ref(PERSONS), "role": choice(OccupancyRole), "starts_on": maybe(Day | None),
        "share": maybe(decimal(1, 4) | None),
    },
)  # fmt: skip
on_occupancies.post("end", actions.move_out, {"ends_on": maybe(Day | None)})

VEHICLES.expose(router)
on_vehicles = Acts(router, VEHICLES, [MANAGE_PEOPLE])
on_vehicles.add(
    actions.add_vehicle,
    {
        "project": ref(PROJECTS), "person": ref(PERSONS), "plate": column(Vehicle, "plate"),
        "room": maybe(ref(ROOMS, empty=True)),
    },
)  # fmt: skip
on_vehicles.post("end", actions.end_vehicle, answer=None)

CARE.expose(router)
on_care = Acts(router, CARE, [MANAGE_PEOPLE])


def flag_care(*, person: Person, by: User, **given: Any) -> CareFlag:
    """Note that a person needs attention, why, and when to look again."""
    return actions.flag_care(person, by=by, **given)


on_care.add(
    flag_care,
    {"person": ref(PERSONS), "kind": choice(CareKind), "reason": column(CareFlag, "reason"), "review_on": Day},
)
on_care.post("end", actions.end_care, answer=None)
