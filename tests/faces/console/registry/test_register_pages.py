"""Places, people, staff, imports: who may open what."""

import pytest
from django.urls import reverse
from faces.console.estates import Estate
from faces.console.pages import PageTest

R = "console:registry:"


class TestPlaces(PageTest):
    pages = {
        f"{R}places": lambda e: [],
        f"{R}place_list": lambda e: [],
        f"{R}map": lambda e: [],
        f"{R}labels": lambda e: [],
        f"{R}zones": lambda e: [],
        f"{R}zone_new": lambda e: [],
        f"{R}zone_owner": lambda e: [e.zone],
        f"{R}rooms": lambda e: [],
        f"{R}place": lambda e: [e.spot],
        f"{R}place_branch": lambda e: [e.site],
        f"{R}place_add": lambda e: [e.site],
        f"{R}place_change": lambda e: [e.spot],
        f"{R}place_move": lambda e: [e.spot],
        f"{R}place_zone": lambda e: [e.spot],
        f"{R}move_in": lambda e: [e.room.place],
    }


class TestPeople(PageTest):
    pages = {
        f"{R}people": lambda e: [],
        f"{R}care": lambda e: [],
        f"{R}duplicates": lambda e: [],
        f"{R}person_new": lambda e: [],
        f"{R}person": lambda e: [e.person],
        f"{R}person_change": lambda e: [e.person],
        f"{R}person_care": lambda e: [e.person],
        f"{R}person_consent": lambda e: [e.person],
        f"{R}person_vehicle": lambda e: [e.person],
        f"{R}person_export": lambda e: [e.person],
        f"{R}person_erase": lambda e: [e.person],
        f"{R}person_reveal": lambda e: [e.person, "phone"],
        f"{R}merge": lambda e: [e.person, e.staff.person],
    }


class TestStaff(PageTest):
    pages = {
        f"{R}staff": lambda e: [],
        f"{R}qualifications": lambda e: [],
        f"{R}contractors": lambda e: [],
        f"{R}contractor_new": lambda e: [],
        f"{R}teams": lambda e: [],
        f"{R}team_new": lambda e: [],
        f"{R}post_new": lambda e: [],
        f"{R}hire": lambda e: [],
        f"{R}staff_member": lambda e: [e.staff],
        f"{R}staff_change": lambda e: [e.staff],
        f"{R}staff_zones": lambda e: [e.staff],
        f"{R}staff_login": lambda e: [e.staff],
        f"{R}licence_new": lambda e: [e.staff],
    }


class TestImports(PageTest):
    pages = {
        f"{R}imports": lambda e: [],
        f"{R}import_new": lambda e: ["registry.rooms"],
        f"{R}import_template": lambda e: ["registry.rooms"],
    }

    def test_a_neighbour_sees_nothing_of_the_estate(self, estate: Estate) -> None:
        """The kinds of import are the same for everybody who imports; runs are tried in test_imports."""


@pytest.mark.parametrize("name", ["places", "map", "labels"])
def test_one_of_several_projects_is_asked_for(db, name):
    estate = Estate()
    other = Estate(code="YX")
    other.__dict__["root"] = estate.root
    assert {estate.site.project.code, other.site.project.code} == {"JT", "YX"}
    page = estate.web.get(reverse(f"{R}{name}")).text
    assert "?project=JT" in page
    assert "?project=YX" in page
