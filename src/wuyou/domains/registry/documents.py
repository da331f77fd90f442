"""What of the register can be searched: places, rooms, people by name or number, staff (spec 02: search)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.db.models import QuerySet

from wuyou.kernel import search

from .choices import PlaceLevel
from .models import Occupancy, Person, Place, Staff

PLACE, PERSON, STAFF = "registry.place", "registry.person", "registry.staff"
PLACE_PAGE, PERSON_PAGE, STAFF_PAGE = (
    "console:registry:place",
    "console:registry:person",
    "console:registry:staff_member",
)
FINDABLE = ("area", "building", "unit", "room", "spot")  # floors are found by their rooms
CHUNK = 5_000


def chunks(ids: Collection[int]) -> Iterator[list[int]]:
    """Ids in lots a database takes as parameters."""
    known = sorted(set(ids))
    return (known[start : start + CHUNK] for start in range(0, len(known), CHUNK))


def index_places(ids: Collection[int]) -> None:
    """Make places findable by name, code and kind; a room by its code."""
    for lot in chunks(ids):
        rows = Place.objects.filter(pk__in=lot, level__in=FINDABLE)
        search.bulk_index(map(_place, _columns(rows)))


def _columns(rows: QuerySet[Place]) -> Iterable[tuple[int, int, str, str, str, str]]:
    return rows.values_list("id", "project_id", "level", "code", "name", "category")


def _place(columns: tuple[int, int, str, str, str, str]) -> search.Entry:
    pk, project_id, level, code, name, category = columns
    title = code if level == PlaceLevel.ROOM else name
    subtitle = category or str(PlaceLevel(level).label)
    return search.Entry(
        PLACE, pk, project_id, title, f"{code} {name}", subtitle=subtitle, url_name=PLACE_PAGE, url_args=[pk]
    )


def index_persons(ids: Collection[int]) -> None:
    """Make people findable at every project they live or work at; who was merged, erased or restricted is not."""
    for lot in chunks(ids):
        rooms = _rooms(lot)
        for pk, project_id in _staffed(lot):
            rooms[(pk, project_id)] = rooms.get((pk, project_id), [])
        people = _usable(lot)
        search.bulk_index(
            _person(pk, project_id, codes, people[pk]) for (pk, project_id), codes in rooms.items() if pk in people
        )
        gone = [key for key in rooms if key[0] not in people]
        search.remove_many(PERSON, [f"{pk}-{project_id}" for pk, project_id in gone])


def _rooms(ids: list[int]) -> dict[tuple[int, int], list[str]]:
    """Codes of the rooms held by (person, project)."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    rows = Occupancy.objects.filter(person__in=ids)
    for pk, project_id, code in rows.values_list("person_id", "room__place__project_id", "room__place__code"):
        found[(pk, project_id)].append(code)
    return found


def _staffed(ids: list[int]) -> Iterable[tuple[int, int]]:
    return Staff.objects.filter(person__in=ids).values_list("person_id", "project_id")


def _usable(ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = Person.objects.filter(pk__in=ids, merged_into=None, erased_at=None, restricted_at=None)
    return {pk: (name, phone) for pk, name, phone in rows.values_list("id", "name", "phone")}


def _person(pk: int, project_id: int, codes: list[str], known: tuple[str, str]) -> search.Entry:
    name, phone = known
    return search.Entry(
        PERSON, f"{pk}-{project_id}", project_id, name, " ".join(codes), subtitle=" ".join(codes[:3]),
        url_name=PERSON_PAGE, url_args=[pk], private=[phone] if phone else [],
    )  # fmt: skip


def index_staff(ids: Collection[int]) -> None:
    """Make staff findable by name, number, team and job."""
    for lot in chunks(ids):
        rows = Staff.objects.filter(pk__in=lot).values_list("id", "project_id", "name", "number", "team__name", "job")
        search.bulk_index(map(_staff, rows))


def _staff(columns: tuple[int, int, str, str, str, str]) -> search.Entry:
    pk, project_id, name, number, team, job = columns
    words = f"{number} {team} {job}"
    return search.Entry(STAFF, pk, project_id, name, words, subtitle=words, url_name=STAFF_PAGE, url_args=[pk])


def forget_missing(project_id: int) -> None:
    """Take out of the search what an undone import removed from a project's register."""
    known = {
        PLACE: {str(pk) for pk in Place.objects.filter(project=project_id).values_list("pk", flat=True)},
        STAFF: {str(pk) for pk in Staff.objects.filter(project=project_id).values_list("pk", flat=True)},
        PERSON: {f"{pk}-{project_id}" for pk in _people_of(project_id)},
    }
    for kind, ids in known.items():
        gone = [one for one in search.indexed_ids(kind, project_id=project_id) if one not in ids]
        search.remove_many(kind, gone)


def _people_of(project_id: int) -> set[int]:
    living = Occupancy.objects.filter(room__place__project=project_id).values_list("person_id", flat=True)
    return {*living, *Staff.objects.filter(project=project_id).values_list("person_id", flat=True)}
