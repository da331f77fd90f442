"""What the law gives a person: consent, reading with a reason, export, erasure, restriction (spec 13 §6)."""

# ruff: noqa: E501 - one case a line

import datetime as dt
import json

import pytest
from factories.org import ProjectFactory, user_with
from factories.registry import (
    OccupancyFactory,
    PersonFactory,
    PlaceFactory,
    QualificationFactory,
    RoomFactory,
    StaffFactory,
    VehicleFactory,
)

from wuyou.domains.org.models import Project, User
from wuyou.domains.registry import actions, queries
from wuyou.domains.registry.models import CareFlag, Consent, Occupancy, Person
from wuyou.kernel import search
from wuyou.kernel.errors import Conflict, Denied, Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]
RIGHTS = tuple(f"registry.{verb}_people" for verb in ("view", "manage", "reveal", "export", "erase"))
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def project() -> Project:
    """A project with places."""
    return PlaceFactory().project


@pytest.fixture
def officer(project: Project) -> User:
    """Somebody with every right over people here."""
    return user_with(*RIGHTS, at=project)


@pytest.fixture
def person(project: Project) -> Person:
    """A tenant with numbers."""
    room = RoomFactory(parent=project.places.get())
    known = {"phone": "19900000001", "identity_number": "11010519491231002X", "email": "a@b.cn"}
    return OccupancyFactory(
        room=room, role="tenant", person=PersonFactory(node=project.node, name="戴云明", **known)
    ).person


def test_consent_is_given_renewed_and_withdrawn(person: Person, officer: User) -> None:
    first = actions.give_consent(person, purpose="face", version="1", by=officer)
    with pytest.raises(Conflict):
        actions.give_consent(person, purpose="face", version="1", by=officer)
    second = actions.give_consent(person, purpose="face", version="2", by=officer)
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    actions.withdraw_consent(second, by=officer)
    with pytest.raises(Conflict):
        actions.withdraw_consent(second, by=officer)
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    for given in ({"purpose": " "}, {"version": ""}):
        with pytest.raises(Invalid):
            actions.give_consent(person, **{"purpose": "x", "version": "1", "by": officer, **given})


@pytest.mark.parametrize(
    ("field", "value"), [("phone", "19900000001"), ("identity_number", "11010519491231002X"), ("email", "a@b.cn")]
)
def test_a_reading_is_entered_and_its_value_is_not(person: Person, officer: User, field: str, value: str) -> None:
    assert actions.reveal(person, field, by=officer, reason="漏水联系") == value
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor_id, entry.subject_id) == (
        "registry.person_revealed",
        officer.actor_id,
        str(person.pk),
    )
    assert json.loads(entry.data) == {"field": field, "reason": "漏水联系"}
    assert value not in f"{entry.data}{entry.subject_label}"


def test_a_reading_needs_a_reason_a_masked_field_and_the_right(person: Person, officer: User, project: Project) -> None:
    for field, reason in (("phone", "  "), ("name", "x"), ("phone_digest", "x")):
        with pytest.raises(Invalid):
            actions.reveal(person, field, by=officer, reason=reason)
    with pytest.raises(Denied):
        actions.reveal(person, "phone", by=user_with("registry.view_people", at=project), reason="x")
    assert Entry.objects.count() == 0


def test_an_export_holds_everything_about_a_person(person: Person, officer: User, project: Project) -> None:
    twin = PersonFactory(node=project.node, name="戴云明", phone="19900000002")
    actions.merge_persons(person, absorb=twin, by=officer)
    VehicleFactory(project=project, person=person, plate="吉A12345")
    CareFlag.objects.create(person=person, kind="child", reason="三岁", review_on=dt.date(2027, 1, 1))
    actions.give_consent(person, purpose="face", version="1", by=officer)
    QualificationFactory(staff=StaffFactory(team__project=project, person=person, number="S9"), number="Z1")
    found = json.loads(json.dumps(actions.export_person(person, by=officer, reason="本人申请")))
    assert (found["person"]["phone"], found["person"]["identity_number"]) == ("19900000001", "11010519491231002X")
    assert [one["phone"] for one in found["merged_records"]] == ["19900000002"]
    assert [one["role"] for one in found["rooms"]] == ["tenant"]
    assert [one["plate"] for one in found["vehicles"]] == ["吉A12345"]
    assert [one["reason"] for one in found["care_flags"]] == ["三岁"]
    assert [one["purpose"] for one in found["consents"]] == ["face"]
    assert [(one["number"], one["qualifications"][0]["number"]) for one in found["employments"]] == [("S9", "Z1")]
    assert Entry.objects.filter(verb="registry.person_exported").count() == 1
    with pytest.raises(Invalid):
        actions.export_person(person, by=officer, reason="")


def test_erasure_blanks_everything_and_keeps_the_ids(person: Person, officer: User, project: Project) -> None:
    twin = PersonFactory(node=project.node, name="戴云明", phone="19900000002")
    actions.merge_persons(person, absorb=twin, by=officer)
    VehicleFactory(project=project, person=person, plate="吉A12345")
    former = StaffFactory(team__project=project, person=person, left_on=TODAY, born_on=dt.date(1990, 1, 1))
    CareFlag.objects.create(person=person, kind="child", reason="三岁", review_on=dt.date(2027, 1, 1))
    consent = actions.give_consent(person, purpose="face", version="1", by=officer)
    actions.change_person(person, by=officer, emergency_contact="王芳 13800001111")
    actions.erase_person(person, by=officer, reason="本人申请")
    for row in Person.objects.all():
        assert (row.name, row.phone, row.phone_digest, row.phone_masked, row.identity_number, row.email, row.emergency_contact) == (
            f"#{person.pk}", "", "", "", "", "", "",
        )  # fmt: skip
        assert row.erased_at is not None
    former.refresh_from_db()
    consent.refresh_from_db()
    assert (former.name, former.born_on) == (f"#{person.pk}", None)
    assert consent.withdrawn_at is not None
    assert list(person.vehicles.values_list("plate", "ends_on")) == [("", TODAY)]
    assert list(person.care_flags.values_list("reason", "ended_on")) == [("", TODAY)]
    assert Occupancy.objects.get().ends_on == TODAY
    assert search.find("戴云明", project_ids=[project.pk]) == []
    with pytest.raises(Conflict):
        actions.erase_person(person, by=officer, reason="x")


def test_a_legal_hold_restricts_instead(person: Person, officer: User, project: Project) -> None:
    actions.change_person(person, by=officer, name="戴云明二")
    kept = actions.erase_person(person, by=officer, reason="本人申请", legal_hold="诉讼中")
    assert (kept.phone, kept.restriction, kept.restricted_at is not None) == ("19900000001", "诉讼中", True)
    assert search.find("戴云明二", project_ids=[project.pk]) == []
    with pytest.raises(Conflict, match="诉讼中"):
        actions.reveal(person, "phone", by=officer, reason="x")
    actions.lift_restriction(person, by=officer, reason="结案")
    assert actions.reveal(person, "phone", by=officer, reason="x") == "19900000001"
    assert [hit.title for hit in search.find("戴云明二", project_ids=[project.pk])] == ["戴云明二"]
    with pytest.raises(Conflict):
        actions.lift_restriction(person, by=officer, reason="x")


def test_who_owns_or_works_here_is_not_erased(person: Person, officer: User, project: Project) -> None:
    staff = StaffFactory(team__project=project, person=person)
    with pytest.raises(Conflict):
        actions.erase_person(person, by=officer, reason="x")
    staff.left_on = TODAY
    staff.save()
    OccupancyFactory(room=RoomFactory(parent=project.places.get(level="site")), person=person)
    with pytest.raises(Conflict):
        actions.erase_person(person, by=officer, reason="x")
    assert Person.objects.get().phone == "19900000001"
    with pytest.raises(Invalid):
        actions.erase_person(person, by=officer, reason=" ")


@pytest.mark.parametrize("missing", RIGHTS[1:])
def test_each_act_has_its_own_right(person: Person, project: Project, missing: str) -> None:
    colleague = user_with(*(right for right in RIGHTS if right != missing), at=project)
    stranger = user_with(*RIGHTS, at=ProjectFactory())
    consent = Consent.objects.create(
        person=person, purpose="p", version="0", given_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    acts = {
        "registry.manage_people": [
            lambda by: actions.give_consent(person, purpose="x", version="1", by=by),
            lambda by: actions.withdraw_consent(consent, by=by),
        ],
        "registry.reveal_people": [lambda by: actions.reveal(person, "phone", by=by, reason="x")],
        "registry.export_people": [lambda by: actions.export_person(person, by=by, reason="x")],
        "registry.erase_people": [
            lambda by: actions.restrict_person(person, by=by, reason="x"),
            lambda by: actions.lift_restriction(person, by=by, reason="x"),
            lambda by: actions.erase_person(person, by=by, reason="x"),
        ],
    }
    for act in acts[missing]:
        for by in (colleague, stranger):
            with pytest.raises(Denied):
                act(by)
    assert Entry.objects.count() == 0
    assert queries.persons_with([person.pk]) == {person.pk: person}
