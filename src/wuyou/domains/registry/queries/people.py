"""People, households and vehicles somebody may see (spec 01). Values are masked; `reveal` gives the plain ones."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import nodes_visible_to, projects_visible_to
from wuyou.domains.registry.models import CareFlag, Consent, Occupancy, Person, Room, Staff, Vehicle
from wuyou.domains.registry.policies import VIEW_PEOPLE
from wuyou.domains.registry.rules.contact import normal_identity, normal_phone
from wuyou.domains.registry.rules.duplicates import Known, Likeness, likely_duplicates
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.privacy import digest


def persons_visible_to(user: Actor, permission: str = VIEW_PEOPLE) -> QuerySet[Person]:
    """People of the registers and projects where `user` holds the permission; absorbed records are left out."""
    projects = projects_visible_to(user, permission)
    lives = Occupancy.objects.filter(person=OuterRef("pk"), room__place__project__in=projects)
    works = Staff.objects.filter(person=OuterRef("pk"), project__in=projects)
    drives = Vehicle.objects.filter(person=OuterRef("pk"), project__in=projects)
    known = Q(node__in=nodes_visible_to(user, permission)) | Exists(lives) | Exists(works) | Exists(drives)
    return Person.objects.filter(known, merged_into__isnull=True).order_by("id")


def residents_of(project: Project, *, on: date | None = None) -> QuerySet[Occupancy]:
    """Who owns, rents or lives at a project on a day (today by default)."""
    return in_force(Occupancy.objects.filter(room__place__project=project), on=on)


def in_force(rows: QuerySet[Occupancy], *, on: date | None = None) -> QuerySet[Occupancy]:
    """Of some occupancies those that have begun and not ended on a day (today by default); the last day counts."""
    day = on or clock.today()
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=day)
    return rows.filter(begun, Q(ends_on__isnull=True) | Q(ends_on__gte=day))


def occupancies_visible_to(user: Actor) -> QuerySet[Occupancy]:
    """Occupancies at visible projects, with room, place and person."""
    rows = Occupancy.objects.filter(room__place__project__in=projects_visible_to(user, VIEW_PEOPLE))
    return rows.select_related("room__place", "person").order_by("room__place__path", "role", "id")


def household_of(room: Room, *, on: date | None = None) -> QuerySet[Occupancy]:
    """Owners, tenants and family of a room on a day, owners first."""
    return in_force(room.occupancies.all(), on=on).select_related("person").order_by("-role", "id")


def vehicles_visible_to(user: Actor) -> QuerySet[Vehicle]:
    """Vehicles of visible projects that have not left."""
    rows = Vehicle.objects.filter(project__in=projects_visible_to(user, VIEW_PEOPLE), ends_on__isnull=True)
    return rows.select_related("person", "room__place").order_by("plate")


def care_flags_visible_to(user: Actor) -> QuerySet[CareFlag]:
    """Flags that have not ended, the next review first."""
    rows = CareFlag.objects.filter(person__in=persons_visible_to(user), ended_on__isnull=True)
    return rows.select_related("person").order_by("review_on", "id")


def consents_visible_to(user: Actor) -> QuerySet[Consent]:
    """What visible people agreed to, withdrawn consents included, newest first."""
    rows = Consent.objects.filter(person__in=persons_visible_to(user).order_by())
    return rows.select_related("person").order_by("-id")


def persons_by_phone(user: Actor, text: str) -> QuerySet[Person]:
    """Visible people with this telephone or identity number, found by its digest; none for anything else."""
    marks = Q(pk__in=[])
    for normal, column in ((normal_phone, "phone_digest"), (normal_identity, "identity_digest")):
        try:
            number = normal(text)
        except Invalid:  # what is no number of this kind is looked for as the other kind only
            continue
        if number:
            marks |= Q(**{column: digest(number)})
    return persons_visible_to(user).filter(marks)


def find_duplicates(project: Project) -> list[Likeness]:
    """Residents and staff of a project who are likely one person, for somebody to decide."""
    living = Person.objects.filter(occupancies__room__place__project=project)
    working = Person.objects.filter(employments__project=project)
    return duplicates_among((living | working).filter(merged_into__isnull=True, erased_at__isnull=True).distinct())


def duplicates_among(persons: QuerySet[Person]) -> list[Likeness]:
    """Groups of likely duplicates among some people, compared set-wise."""
    rooms: dict[int, set[int]] = defaultdict(set)
    for person_id, room_id in Occupancy.objects.filter(person__in=persons).values_list("person_id", "room_id"):
        rooms[person_id].add(room_id)
    known = [
        Known(pk, name, phone, identity, frozenset(rooms[pk]))
        for pk, name, phone, identity in persons.values_list("id", "name", "phone_digest", "identity_digest")
    ]
    return likely_duplicates(known)


def histories_of(person: Person) -> list[tuple[str, int]]:
    """The journal subjects that tell a person's history: the record and everything merged into it, however deep."""
    found, frontier = [person.pk], [person.pk]
    while frontier:
        frontier = list(Person.objects.filter(merged_into__in=frontier).values_list("pk", flat=True))
        found += frontier
    return [("registry.person", pk) for pk in found]


def persons_with(ids: Iterable[int]) -> dict[int, Person]:
    """People by id."""
    return Person.objects.in_bulk(list(ids))
