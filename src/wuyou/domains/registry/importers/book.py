"""The people an import speaks of, matched with the people who are known: by number, else by name and room (spec 01)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wuyou.domains.org.models import Node
from wuyou.domains.registry.actions.people import number_columns
from wuyou.domains.registry.documents import chunks
from wuyou.domains.registry.models import Occupancy, Person
from wuyou.kernel.privacy import digest


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody a row names: plain values as the sheet has them, '' for what it does not say."""

    name: str
    phone: str = ""
    identity: str = ""


@dataclass(slots=True, eq=False)
class Known:
    """A person who is there (`id`) or is to be added, with what is to change."""

    name: str
    phone_digest: str
    identity_digest: str
    id: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    new: Mention | None = None
    is_restricted: bool = False

    @property
    def pk(self) -> int:
        """The id once the person is written; raises RuntimeError before."""
        if self.id is None:
            raise RuntimeError("this person is not written yet")
        return self.id

    def learn(self, mention: Mention, phone_digest: str, identity_digest: str) -> None:
        """Note what a mention says that is not known yet; silence changes nothing, and data only kept stay."""
        if self.is_restricted:
            return
        if mention.name != self.name:
            self.name = self.changes["name"] = mention.name
        if phone_digest and phone_digest != self.phone_digest:
            self.phone_digest = phone_digest
            self.changes |= number_columns("phone", mention.phone)
        if identity_digest and identity_digest != self.identity_digest:
            self.identity_digest = identity_digest
            self.changes |= number_columns("identity_number", mention.identity)

    def shown_changes(self) -> dict[str, Any]:
        """What changes, masked, for the preview."""
        return {name: value for name, value in self.changes.items() if name == "name" or name.endswith("_masked")}


@dataclass(slots=True, eq=False)
class Held:
    """An occupancy that stands: its row, role and person."""

    id: int
    role: str
    person: Known


class PersonBook:
    """Who is known in a register, as far as the mentions of one file may mean them."""

    def __init__(self, register: Node, mentions: Collection[Mention], *, project_id: int) -> None:
        """Read set-wise: who holds the numbers, and who lives at the project."""
        self.register = register
        self.digests = {"": "", **{number: digest(number) for one in mentions for number in (one.phone, one.identity)}}
        self.names_by_phone = _names_by_phone(mentions)
        self.by_phone: dict[str, list[Known]] = defaultdict(list)
        self.by_identity: dict[str, Known] = {}
        self.held: dict[int, list[Held]] = defaultdict(list)
        self._by_id: dict[int, Known] = {}
        self.new: list[Known] = []
        self._read_numbers()
        self._read_residents(project_id)

    def _read_numbers(self) -> None:
        wanted = sorted(set(self.digests.values()) - {""})
        for start in range(0, len(wanted), 5_000):
            lot = wanted[start : start + 5_000]
            rows = _usable(self.register)
            self._take(rows.filter(phone_digest__in=lot))
            self._take(rows.filter(identity_digest__in=lot))

    def _take(self, rows: Any) -> None:
        for values in rows.values_list("id", "name", "phone_digest", "identity_digest", "restricted_at"):
            self._enter(*values)

    def _enter(self, pk: int, name: str, phone: str, identity: str, restricted_at: datetime | None) -> Known:
        person = self._by_id.get(pk)
        if person is None:
            person = Known(name, phone, identity, id=pk, is_restricted=restricted_at is not None)
            self._by_id[pk] = person
            self._file(person)
        return person

    def _file(self, person: Known) -> None:
        if person.phone_digest:
            self.by_phone[person.phone_digest].append(person)
        if person.identity_digest:
            self.by_identity[person.identity_digest] = person

    def _read_residents(self, project_id: int) -> None:
        rows = Occupancy.objects.filter(
            room__place__project=project_id, ends_on__isnull=True, person__erased_at=None, person__merged_into=None
        )
        columns = ("name", "phone_digest", "identity_digest", "restricted_at")
        own = ("id", "room_id", "role", "person_id")
        for row in rows.order_by("id").values_list(*own, *(f"person__{name}" for name in columns)):
            pk, room_id, role = row[:3]
            self.held[room_id].append(Held(pk, role, self._enter(*row[3:])))

    def person(self, mention: Mention, *, room_id: int | None = None, role: str = "") -> Known:
        """Who a mention means, added when nobody known fits.

        An identity number names a person, a phone together with the name does; so does the name within the room. A
        phone alone does where the only person with it holds the same role in the room: a name was corrected.
        """
        phone, identity = self.digests[mention.phone], self.digests[mention.identity]
        found = (
            (self.by_identity.get(identity) if identity else None)
            or self._by_name(mention.name, self.by_phone.get(phone, ()) if phone else ())
            or self._by_name(mention.name, [one.person for one in self.held.get(room_id or 0, ())], identity=identity)
            or self._renamed(mention, phone, room_id, role)
        )
        if found is None:
            found = Known(mention.name, phone, identity, new=mention)
            self.new.append(found)
            self._file(found)
        elif found.new is None:
            found.learn(mention, phone, identity)
        return found

    def _by_name(self, name: str, people: Iterable[Known], *, identity: str = "") -> Known | None:
        """The one of that name; another identity number makes another person."""
        for person in people:
            if person.name == name and not (identity and person.identity_digest not in ("", identity)):
                return person
        return None

    def _renamed(self, mention: Mention, phone: str, room_id: int | None, role: str) -> Known | None:
        holders = self.by_phone.get(phone, []) if phone else []
        if len(holders) != 1 or len(self.names_by_phone.get(mention.phone, ())) > 1:
            return None
        is_here = any(one.person is holders[0] and one.role == role for one in self.held.get(room_id or 0, ()))
        return holders[0] if is_here else None

    def others_with(self, mention: Mention) -> list[str]:
        """Other names the phone of a mention goes with, in the file or in the register."""
        known = (
            {person.name for person in self.by_phone.get(self.digests[mention.phone], ())} if mention.phone else set()
        )
        return sorted((known | self.names_by_phone.get(mention.phone, set())) - {mention.name})

    def add_new(self) -> list[Person]:
        """Write the people to be added in one go."""
        rows = [_row(self.register, one.new) for one in self.new if one.new is not None]
        Person.objects.bulk_create(rows, batch_size=1_000)
        for known, row in zip(self.new, rows, strict=True):
            known.id = row.pk
        return rows

    def changed(self) -> Mapping[int, dict[str, Any]]:
        """What is to change of people who are there, by id."""
        return {pk: person.changes for pk, person in self._by_id.items() if person.changes}


def _usable(register: Node) -> Any:
    return Person.objects.filter(node=register, merged_into=None, erased_at=None).order_by("id")


def _names_by_phone(mentions: Iterable[Mention]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for one in mentions:
        if one.phone:
            names[one.phone].add(one.name)
    return names


def _row(register: Node, mention: Mention) -> Person:
    columns = {**number_columns("phone", mention.phone), **number_columns("identity_number", mention.identity)}
    return Person(node=register, name=mention.name, **columns)


def people_by_id(ids: Collection[int]) -> dict[int, Person]:
    """Records of people to be changed."""
    return {pk: person for lot in chunks(ids) for pk, person in Person.objects.in_bulk(lot).items()}
