"""People and households are changed by their actions only; personal values stay out of the journal."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.org import NodeFactory, ProjectFactory, user_with
from factories.registry import (
    OccupancyFactory,
    PersonFactory,
    PlaceFactory,
    RoomFactory,
    StaffFactory,
    VehicleFactory,
)

from wuyou.domains.org.models import Project, User
from wuyou.domains.registry import actions, queries
from wuyou.domains.registry.models import CareFlag, Occupancy, Person, Place, Room, Vehicle
from wuyou.kernel import search
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def site() -> Place:
    """The places of a project below a group."""
    project = ProjectFactory(node=NodeFactory(parent=NodeFactory(code="G"), kind="project"))
    return PlaceFactory(project=project)


@pytest.fixture
def project(site: Place) -> Project:
    """Its project."""
    return site.project


@pytest.fixture
def clerk(project: Project) -> User:
    """Somebody who keeps the households."""
    return user_with("registry.manage_people", "registry.view_people", at=project)


@pytest.fixture
def room(site: Place) -> Room:
    """A room of the project."""
    return RoomFactory(parent=site)


@pytest.fixture
def person(room: Room, project: Project) -> Person:
    """The owner of the room."""
    return OccupancyFactory(
        room=room, person__node=project.node, person__name="戴云明", person__phone="19900000001"
    ).person


def journal_text() -> str:
    """Everything the journal holds."""
    return "\n".join(f"{one.verb} {one.subject_label} {one.data}" for one in Entry.objects.all())


def test_a_person_is_added_to_the_register_of_the_root(project: Project, clerk: User) -> None:
    person = actions.add_person(
        project=project, name=" 王芳 ", by=clerk, phone="+86 138 0000 1111", identity_number="110105491231002"
    )
    person.refresh_from_db()
    assert (person.node.code, person.name, person.phone, person.phone_masked) == (
        "G",
        "王芳",
        "13800001111",
        "138****1111",
    )
    assert (person.identity_number, person.identity_masked) == ("11010519491231002X", "1****************X")
    text = journal_text()
    assert "registry.person_added" in text
    assert not {"王芳", "13800001111", "11010519491231002X"} & set(text.replace('"', " ").split())


@pytest.mark.parametrize(
    ("given", "field"),
    [({"phone": "1380000111a"}, "phone"), ({"identity_number": "110105194912310021"}, "identity_number"),
     ({"name": " "}, "name"), ({"language": "x" * 11}, "language"), ({"node": 1}, "node")],
)  # fmt: skip
def test_a_wrong_field_is_named(project: Project, clerk: User, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as raised:
        actions.add_person(**{"project": project, "name": "王芳", "by": clerk, **given})
    assert [error.field for error in raised.value.fields] == [field]
    assert Person.objects.count() == 0


def test_a_person_is_changed(person: Person, clerk: User, project: Project) -> None:
    staff = StaffFactory(team__project=project, person=person)
    actions.change_person(person, by=clerk, name="戴云鸣", phone="19900000002")
    person.refresh_from_db()
    staff.refresh_from_db()
    assert (person.name, person.phone, person.phone_masked, staff.name) == (
        "戴云鸣",
        "19900000002",
        "199****0002",
        "戴云鸣",
    )
    assert Entry.objects.get().data.count("199") == 0
    assert [hit.title for hit in search.find("19900000002", project_ids=[project.pk])] == ["戴云鸣"]
    actions.change_person(person, by=clerk, name="戴云鸣")
    assert Entry.objects.count() == 1
    with pytest.raises(Invalid):
        actions.change_person(person, by=clerk, phone="abc")
    with pytest.raises(Invalid):
        actions.change_person(person, by=clerk, erased_at=None)
    actions.change_person(person, by=clerk, phone="")
    assert Person.objects.get(pk=person.pk).phone_digest == ""


@pytest.mark.parametrize("state", ["restricted_at", "erased_at"])
def test_a_record_out_of_use_is_not_changed(person: Person, clerk: User, room: Room, state: str) -> None:
    Person.objects.filter(pk=person.pk).update(**{state: dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    for act in (
        lambda: actions.change_person(person, by=clerk, name="x"),
        lambda: actions.move_in(room, person=person, role="family", by=clerk),
        lambda: actions.add_vehicle(project=room.place.project, person=person, plate="吉A12345", by=clerk),
        lambda: actions.flag_care(person, kind="child", reason="x", review_on=dt.date(2027, 1, 1), by=clerk),
        lambda: actions.give_consent(person, purpose="x", version="1", by=clerk),
    ):
        with pytest.raises(Conflict):
            act()


def test_merging_keeps_both_histories(person: Person, room: Room, project: Project, clerk: User) -> None:
    twin = PersonFactory(node=person.node, name="戴云明", phone="", identity_number="11010519491231002X")
    both = OccupancyFactory(room=room, person=twin)
    later = OccupancyFactory(room=room, person=twin, role="family", starts_on=dt.date(2027, 1, 1))
    OccupancyFactory(room=room, person=person, role="family")
    other = OccupancyFactory(room=RoomFactory(parent=Place.objects.get(project=project, level="site")), person=twin)
    VehicleFactory(project=project, person=twin)
    staff = StaffFactory(team__project=project, person=twin)
    actions.merge_persons(person, absorb=twin, by=clerk)
    person.refresh_from_db()
    twin.refresh_from_db()
    assert (twin.merged_into, person.identity_number, person.phone) == (person, "11010519491231002X", "19900000001")
    for row in (both, later, other, staff):
        row.refresh_from_db()
        assert row.person == person
    assert (both.ends_on, later.ends_on, other.ends_on) == (TODAY, TODAY, None)
    assert queries.histories_of(person) == [("registry.person", person.pk), ("registry.person", twin.pk)]
    assert list(queries.persons_visible_to(clerk)) == [person]
    with pytest.raises(Conflict):
        actions.merge_persons(person, absorb=twin, by=clerk)
    with pytest.raises(Conflict):
        actions.merge_persons(twin, absorb=person, by=clerk)
    with pytest.raises(Conflict):
        actions.merge_persons(person, absorb=person, by=clerk)


def test_people_move_in_and_out(room: Room, person: Person, clerk: User, project: Project) -> None:
    tenant = PersonFactory(node=project.node)
    row = actions.move_in(room, person=tenant, role="tenant", by=clerk)
    assert (row.starts_on, row.ends_on) == (TODAY, None)
    assert [one.person for one in queries.household_of(room)] == [tenant, person]
    with pytest.raises(Conflict):
        actions.move_in(room, person=tenant, role="tenant", by=clerk)
    with pytest.raises(Invalid):
        actions.move_out(row, by=clerk, ends_on=dt.date(2026, 11, 19))
    actions.move_out(row, by=clerk)
    assert Occupancy.objects.get(pk=row.pk).ends_on == TODAY
    with pytest.raises(Conflict):
        actions.move_out(row, by=clerk)
    assert [one.person for one in queries.household_of(room, on=dt.date(2026, 11, 21))] == [person]
    assert list(Entry.objects.order_by("id").values_list("verb", flat=True)) == [
        "registry.moved_in",
        "registry.moved_out",
    ]


def test_a_resident_is_added_in_one_step(room: Room, project: Project, clerk: User) -> None:
    row = actions.add_resident(room, name="王芳", role="family", by=clerk, phone="13800001111")
    assert (row.person.phone, row.role, list(queries.persons_visible_to(clerk))) == (
        "13800001111",
        "family",
        [row.person],
    )
    with pytest.raises(Invalid):
        actions.add_resident(room, name="王芳", role="ghost", by=clerk)
    assert Person.objects.count() == 1


def test_shares_add_up_to_one(room: Room, project: Project, clerk: User) -> None:
    one, two = PersonFactory(node=project.node), PersonFactory(node=project.node)
    actions.move_in(room, person=one, role="owner", by=clerk, share=Decimal("0.6"))
    for share in ("0.41", "0", "-0.1", "1.1"):
        with pytest.raises(Invalid) as raised:
            actions.move_in(room, person=two, role="owner", by=clerk, share=Decimal(share))
        assert [error.field for error in raised.value.fields] == ["share"]
    actions.move_in(room, person=two, role="owner", by=clerk, share=Decimal("0.4"))
    assert Occupancy.objects.count() == 2


def test_nobody_moves_into_a_closed_room_or_as_nothing(room: Room, person: Person, clerk: User) -> None:
    with pytest.raises(Invalid):
        actions.move_in(room, person=person, role="ghost", by=clerk)
    Place.objects.filter(pk=room.place_id).update(closed_on=TODAY)
    with pytest.raises(Conflict):
        actions.move_in(Room.objects.get(), person=person, role="family", by=clerk)


def test_vehicles_by_their_plates(project: Project, person: Person, room: Room, clerk: User) -> None:
    car = actions.add_vehicle(project=project, person=person, plate="吉a·12345", by=clerk, room=room)
    assert (car.plate, car.starts_on) == ("吉A12345", TODAY)
    with pytest.raises(Conflict):
        actions.add_vehicle(project=project, person=person, plate="吉A12345", by=clerk)
    with pytest.raises(Invalid) as raised:
        actions.add_vehicle(project=project, person=person, plate="12345", by=clerk)
    assert [error.field for error in raised.value.fields] == ["plate"]
    actions.end_vehicle(car, by=clerk)
    with pytest.raises(Conflict):
        actions.end_vehicle(car, by=clerk)
    actions.add_vehicle(project=project, person=person, plate="吉A12345", by=clerk)
    assert Vehicle.objects.count() == 2
    assert "12345" not in journal_text()


def test_care_has_a_reason_and_a_review(person: Person, clerk: User) -> None:
    later = dt.date(2027, 5, 20)
    flag = actions.flag_care(person, kind="elderly_alone", reason="独居", review_on=later, by=clerk)
    assert list(queries.care_flags_visible_to(clerk)) == [flag]
    bad = [
        ({"reason": " "}, Invalid),
        ({"review_on": TODAY}, Invalid),
        ({"kind": "rich"}, Invalid),
        ({}, Conflict),
    ]
    for given, error in bad:
        with pytest.raises(error):
            actions.flag_care(
                person, **{"kind": "elderly_alone", "reason": "独居", "review_on": later, "by": clerk, **given}
            )
    actions.end_care(flag, by=clerk)
    with pytest.raises(Conflict):
        actions.end_care(flag, by=clerk)
    assert (CareFlag.objects.get().ended_on, "独居" in journal_text()) == (TODAY, False)


@pytest.mark.parametrize("permissions", [(), ("registry.view_people", "registry.reveal_people")])
def test_nobody_else_may(person: Person, room: Room, project: Project, permissions: tuple[str, ...]) -> None:
    colleague = user_with(*permissions, at=project)
    stranger = user_with("registry.manage_people", at=ProjectFactory())
    occupancy, car = Occupancy.objects.get(), VehicleFactory(project=project, person=person)
    twin = PersonFactory(node=project.node)
    flag = CareFlag.objects.create(person=person, kind="child", reason="x", review_on=dt.date(2027, 1, 1))
    acts = [
        lambda by: actions.add_person(project=project, name="x", by=by),
        lambda by: actions.change_person(person, by=by, name="x"),
        lambda by: actions.merge_persons(person, absorb=twin, by=by),
        lambda by: actions.move_in(room, person=person, role="family", by=by),
        lambda by: actions.move_out(occupancy, by=by),
        lambda by: actions.add_vehicle(project=project, person=person, plate="吉A12345", by=by),
        lambda by: actions.end_vehicle(car, by=by),
        lambda by: actions.flag_care(person, kind="child", reason="x", review_on=dt.date(2027, 1, 1), by=by),
        lambda by: actions.end_care(flag, by=by),
    ]
    for by in (colleague, stranger):
        for act in acts:
            with pytest.raises(Denied):
                act(by)


def test_people_are_seen_where_they_live_work_or_drive(person: Person, project: Project, site: Place) -> None:
    elsewhere = ProjectFactory(node=NodeFactory(parent=NodeFactory(code="H"), kind="project"))
    viewer = user_with("registry.view_people", at=project)
    other = user_with("registry.view_people", at=elsewhere)
    assert [list(queries.persons_visible_to(user)) for user in (viewer, other)] == [[person], []]
    VehicleFactory(project=elsewhere, person=person)
    assert list(queries.persons_visible_to(other)) == [person]
    worker = StaffFactory(team__project=elsewhere, person__node=NodeFactory()).person
    assert set(queries.persons_visible_to(other)) == {person, worker}
    assert list(queries.persons_visible_to(user_with(at=project))) == []


def test_people_are_found_by_number(person: Person, project: Project) -> None:
    viewer = user_with("registry.view_people", at=project)
    assert list(queries.persons_by_phone(viewer, "199 0000 0001")) == [person]
    assert list(queries.persons_by_phone(viewer, "19900000002")) == []
    assert list(queries.persons_by_phone(viewer, "戴云明")) == []
    PersonFactory(node=project.node, phone="", identity_number="11010519491231002X")
    assert queries.persons_by_phone(viewer, "110105491231002").count() == 1
    assert list(queries.persons_by_phone(viewer, "")) == []


def test_duplicates_are_shown(person: Person, room: Room, project: Project) -> None:
    twin = OccupancyFactory(
        room=room, person__node=project.node, person__name="李四", person__phone="19900000001"
    ).person
    namesake = OccupancyFactory(room=room, person__node=project.node, person__name="李四", person__phone="").person
    worker = StaffFactory(team__project=project, person__phone="19900000001").person
    found = [(one.ids, one.why) for one in queries.find_duplicates(project)]
    assert found == [((person.pk, twin.pk, worker.pk), "phone"), ((twin.pk, namesake.pk), "name_room")]


def test_residents_on_a_day(project: Project, room: Room, person: Person) -> None:
    past = OccupancyFactory(room=room, person__node=project.node, ends_on=dt.date(2026, 11, 19))
    future = OccupancyFactory(room=room, person__node=project.node, starts_on=dt.date(2026, 11, 21))
    OccupancyFactory(room=RoomFactory(parent=PlaceFactory()))
    assert [one.person for one in queries.residents_of(project)] == [person]
    assert {one.person for one in queries.residents_of(project, on=dt.date(2026, 11, 19))} == {person, past.person}
    assert {one.person for one in queries.residents_of(project, on=dt.date(2026, 11, 21))} == {person, future.person}
    viewer = user_with("registry.view_people", at=project)
    assert queries.occupancies_visible_to(viewer).count() == 3
