"""What is done on the register's pages: good and bad input."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from faces.console.estates import Estate
from factories.registry import ContractorFactory, PersonFactory, QualificationKindFactory

from wuyou.domains.registry.models import Person, Place, Zone

R = "console:registry:"


@pytest.fixture
def estate(db) -> Estate:
    estate = Estate()
    assert estate.site.project == estate.project
    return estate


def post(estate: Estate, page: str, /, *args: object, **given: object):
    return estate.web.post(reverse(R + page, args=[getattr(one, "pk", one) for one in args]), given)


def test_a_place_is_added_below_another(estate):
    answer = post(estate, "place_add", estate.site, level="spot", code="G1", name="南门", category="出入口", quantity=1)
    place = Place.objects.get(code="G1")
    assert (answer["Location"], place.category) == (reverse(f"{R}place", args=[place.pk]), "出入口")


def test_a_code_in_use_is_said_at_its_field(estate):
    code = estate.spot.code
    answer = post(estate, "place_add", estate.site, level="spot", code=code, name="南门", quantity=1)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])


def test_a_place_is_closed_with_a_reason_and_opened_again(estate):
    spot = estate.spot
    post(estate, "place_step", spot, "close", reason="")
    spot.refresh_from_db()
    assert spot.closed_on is None
    post(estate, "place_step", spot, "close", reason="wall built")
    spot.refresh_from_db()
    assert spot.closed_on is not None
    post(estate, "place_step", spot, "reopen")
    spot.refresh_from_db()
    assert spot.closed_on is None


def test_a_place_moves_below_the_place_named_by_its_code(estate):
    spot, building = estate.spot, estate.building.place
    post(estate, "place_move", spot, code=building.code)
    spot.refresh_from_db()
    building.refresh_from_db()
    assert spot.path.startswith(building.path)
    assert post(estate, "place_move", spot, code="nowhere").status_code == 404


def test_ticked_places_are_put_into_a_zone(estate):
    given = {"bulk": "zone", "id": [estate.spot.pk], "confirmed": "1", "zone": estate.zone.name}
    estate.web.post(reverse(f"{R}place_list"), given)
    estate.spot.refresh_from_db()
    assert estate.spot.zone == estate.zone


def test_a_zone_has_an_owner(estate):
    post(estate, "zone_new", name="B区", owner=estate.staff.pk)
    assert Zone.objects.get(name="B区").owner == estate.staff


def test_labels_of_a_kind_are_one_pdf(estate):
    assert estate.spot.category == "出入口"
    answer = post(estate, "labels", what="spot:出入口", near="", layout_of_sheet="3x8")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert post(estate, "labels", what="spot:出入口", near="nowhere", layout_of_sheet="3x8").status_code == 422


def test_a_number_is_shown_once_for_a_reason(estate):
    page = estate.web.get(reverse(f"{R}person", args=[estate.person.pk])).text
    assert "13800001111" not in page
    assert "138****1111" in page
    assert post(estate, "person_reveal", estate.person, "phone", reason=" ").status_code == 422
    answer = post(estate, "person_reveal", estate.person, "phone", reason="a burst pipe")
    assert ("13800001111" in answer.text, answer["Cache-Control"]) == (True, "no-store")
    assert estate.web.get(reverse(f"{R}person_reveal", args=[estate.person.pk, "node"])).status_code == 404


def test_the_list_finds_a_whole_number_and_shows_it_masked(estate):
    assert estate.person.phone_masked == "138****1111"
    page = estate.web.get(reverse(f"{R}people"), {"q": "13800001111"})
    assert [row.pk for row in page.context["pages"].items] == [estate.person.pk]
    assert "138****1111" in page.text


def test_erasing_wants_to_be_sure_and_nobody_who_owns_a_room(estate):
    assert post(estate, "person_erase", estate.person, reason="asked for it").status_code == 422
    refused = post(estate, "person_erase", estate.person, reason="asked for it", is_sure="on")
    assert "owns a room here" in refused.context["form"].non_field_errors()[0]
    post(estate, "person_row_step", estate.person, "move-out", estate.person.occupancies.get())
    post(estate, "person_erase", estate.person, reason="asked for it", is_sure="on")
    person = Person.objects.get(pk=estate.person.pk)
    assert (person.phone, person.erased_at is not None) == ("", True)


def test_a_person_takes_their_data_along(estate):
    answer = post(estate, "person_export", estate.person, reason="asked for it")
    assert "戴云明" in json.dumps(json.loads(answer.content), ensure_ascii=False)


def test_a_vehicle_comes_and_goes(estate):
    assert post(estate, "person_vehicle", estate.person, plate="nonsense").status_code == 422
    post(estate, "person_vehicle", estate.person, plate="吉a·12345")
    vehicle = estate.person.vehicles.get()
    assert (vehicle.plate, vehicle.room, vehicle.project) == ("吉A12345", estate.room, estate.project)
    post(estate, "person_row_step", estate.person, "end-vehicle", vehicle)
    vehicle.refresh_from_db()
    assert vehicle.ends_on is not None


def test_the_work_with_a_contractor_ends(estate):
    contractor = ContractorFactory(node=estate.root)
    assert estate.web.get(reverse(f"{R}contractor", args=[contractor.pk])).status_code == 200
    post(estate, "contractor_end", contractor)
    contractor.refresh_from_db()
    assert contractor.ended_on is not None


def test_two_records_become_one(estate):
    other = PersonFactory(node=estate.root, name="戴云明", phone="13800001111")
    post(estate, "merge", estate.person, other)
    other.refresh_from_db()
    assert other.merged_into == estate.person


def test_who_is_known_moves_in_without_a_second_record(estate):
    before = Person.objects.filter(name=estate.person.name).count()
    given = {"name": estate.person.name, "phone": "138 0000 1111", "role": "family", "starts_on": "2026-01-01"}
    post(estate, "move_in", estate.room.place, **given)
    assert Person.objects.filter(name=estate.person.name).count() == before
    assert set(estate.person.occupancies.values_list("role", flat=True)) == {"owner", "family"}
    post(estate, "move_in", estate.room.place, name="新人", phone="13900002222", role="tenant")
    assert Person.objects.filter(name="新人").exists()


def test_somebody_is_hired_with_hours(estate):
    hours = {"weekly_hours_0": "8:00–17:00"}
    field = {f"weekly_hours_{day}": "" for day in range(1, 8)}
    field["weekly_hours_1"] = hours["weekly_hours_0"]
    answer = post(
        estate, "hire", number="JT009", name="新员工", phone="13700003333", team=estate.team.pk, job="保安员",
        employment="own", hired_on="2026-11-01", **field,
    )  # fmt: skip
    staff = estate.project.staff.get(number="JT009")
    assert answer["Location"] == reverse(f"{R}staff_member", args=[staff.pk])
    assert (staff.weekly_hours, staff.hired_on) == ({"1": ["08:00", "17:00"]}, dt.date(2026, 11, 1))


def test_a_licence_is_entered_and_revoked(estate):
    kind = QualificationKindFactory()
    post(estate, "licence_new", estate.staff, kind=kind.pk, number="N1", valid_to="2027-01-31")
    row = estate.staff.qualifications.get()
    assert row.valid_to == dt.date(2027, 1, 31)
    post(estate, "staff_row_step", estate.staff, "revoke", row, reason="withdrawn")
    row.refresh_from_db()
    assert row.revoked_why == "withdrawn"


@pytest.mark.parametrize("name", ["place_list", "rooms", "people", "staff", "zones", "qualifications", "contractors"])
def test_a_list_is_a_workbook_too(estate, name):
    answer = estate.web.get(reverse(R + name), {"export": "xlsx"})
    assert (answer.status_code, b"".join(answer)[:2]) == (200, b"PK")
