"""Who is likely the same person; shown to somebody who decides, never guessed (spec 01)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a person: digests instead of plain values, and the rooms they belong to."""

    id: int
    name: str
    phone_digest: str = ""
    identity_digest: str = ""
    rooms: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Persons (ascending ids) that share something: `why` is identity, phone or name_room."""

    ids: tuple[int, ...]
    why: str


def likely_duplicates(persons: Iterable[Known]) -> list[Likeness]:
    """Groups of two or more that share an identity number, a telephone number, or a name in one room."""
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    for person in persons:
        for mark in _marks(person):
            groups[mark].add(person.id)
    found = {Likeness(tuple(sorted(ids)), why) for (why, _), ids in groups.items() if len(ids) > 1}
    return sorted(found, key=lambda one: (("identity", "phone", "name_room").index(one.why), one.ids))


def _marks(person: Known) -> list[tuple[str, str]]:
    marks = [("name_room", f"{person.name}|{room}") for room in person.rooms]
    if person.phone_digest:
        marks.append(("phone", person.phone_digest))
    if person.identity_digest:
        marks.append(("identity", person.identity_digest))
    return marks
