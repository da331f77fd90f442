"""Reads of places and facts; every list starts from what is visible."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.org import ProjectFactory, user_with
from factories.registry import (
    BuildingFactory,
    PlaceFactory,
    PostFactory,
    QualificationFactory,
    RoomFactory,
    TagFactory,
    TeamFactory,
    VehicleFactory,
    ZoneFactory,
    place_below,
)

from wuyou.domains.org.policies import may
from wuyou.domains.registry import policies, queries
from wuyou.domains.registry.models import Place, QualificationKind
from wuyou.kernel.actors import System

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moment")]


@pytest.fixture
def site() -> Place:
    """The root of a project's places."""
    return PlaceFactory()


LISTS = ["places", "rooms", "buildings", "zones", "teams", "posts", "tags"]


def fill(site: Place) -> None:
    """One of each kind at a project."""
    BuildingFactory(place=place_below(site, "building"))
    RoomFactory(parent=site)
    ZoneFactory(project=site.project)
    PostFactory(team=TeamFactory(project=site.project))
    TagFactory(project=site.project)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_starts_from_what_is_visible(site: Place, name: str) -> None:
    fill(site)
    fill(PlaceFactory())
    visible = getattr(queries, f"{name}_visible_to")
    viewer = user_with("registry.view_places", at=site.project)
    expected = 3 if name == "places" else 1
    assert visible(viewer).count() == expected
    assert visible(user_with("registry.view_staff", at=site.project)).count() == 0
    assert visible(System("x")).count() == 2 * expected


def test_a_closed_post_is_not_staffed(site: Place) -> None:
    PostFactory(team=TeamFactory(project=site.project), closed_on=dt.date(2026, 1, 1))
    assert queries.posts_visible_to(System("x")).count() == 0


def test_the_tree_up_and_down(site: Place) -> None:
    area = place_below(site, "area")
    building = place_below(area, "building")
    room = place_below(building, "room")
    assert list(queries.children(site)) == [area]
    assert list(queries.descendants(area)) == [building, room]
    assert list(queries.ancestors(room)) == [site, area, building]
    assert list(queries.ancestors(site)) == []
    assert (queries.parent_of(area), queries.parent_of(site)) == (site, None)
    assert (queries.site_of(site.project), queries.site_of(ProjectFactory())) == (site, None)


def test_the_zone_of_a_place_is_the_nearest_above(site: Place) -> None:
    outer, inner = ZoneFactory(project=site.project), ZoneFactory(project=site.project)
    area = place_below(site, "area", zone=outer)
    building = place_below(area, "building", zone=inner)
    room = place_below(building, "room")
    assert [queries.zone_over(one) for one in (site, area, building, room)] == [None, outer, inner, inner]


def test_map_points_are_open_and_have_a_position(site: Place) -> None:
    zone = ZoneFactory(project=site.project, name="A区")
    pin = place_below(site, name="东门", x=1.0, y=2.0, zone=zone, category="出入口")
    earth = place_below(site, name="西门", latitude=43.9, longitude=125.3)
    place_below(site, x=1.0)
    place_below(site, x=1.0, y=1.0, closed_on=dt.date(2026, 1, 1))
    points = queries.map_points(site.project)
    assert [(one.id, one.x, one.y, one.latitude, one.zone) for one in points] == [
        (pin.pk, 1.0, 2.0, None, "A区"), (earth.pk, None, None, 43.9, ""),
    ]  # fmt: skip


def test_map_points_cost_one_query(site: Place) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.map_points(site.project)
        return len(captured)

    place_below(site, x=1.0, y=1.0, zone=ZoneFactory(project=site.project))
    first = cost()
    for _more in range(5):
        place_below(site, x=1.0, y=1.0, zone=ZoneFactory(project=site.project))
    assert (first, cost()) == (1, 1)


def test_facts_of_an_empty_project() -> None:
    project = ProjectFactory(kind="office")
    assert queries.project_facts(project) == {
        "it": True, "residential": False, "office": True, "height": [], "height>27m": False, "height<=27m": False,
        "fire_system": False, "control_room": False, "electrician": False, "key_unit": False, "lightning": False,
        "common_income": False, "floors": None, "buildings": 0, "rooms": 0, "second_supply": False,
    }  # fmt: skip


def test_facts_come_from_buildings_places_staff_and_the_project(site: Place) -> None:
    project = site.project
    project.facts = {"key_unit": True}
    BuildingFactory(place=place_below(site, "building"), height_m=Decimal("32.6"), floors=11, has_fire_system=True)
    low = BuildingFactory(place=place_below(site, "building"), height_m=Decimal("27.0"), has_second_supply=True)
    gone = BuildingFactory(place=place_below(site, "building", closed_on=dt.date(2026, 1, 1)), height_m=Decimal(90))
    place_below(site, category="监控室")
    RoomFactory(parent=site)
    kind = QualificationKind.objects.get(code="electrician_lv")
    QualificationFactory(staff__team__project=project, kind=kind, valid_to=dt.date(2026, 11, 20))
    facts = queries.project_facts(project)
    assert [name for name, value in sorted(facts.items()) if value is True] == [
        "control_room", "electrician", "fire_system", "height<=27m", "height>27m", "it", "key_unit", "residential",
        "second_supply",
    ]  # fmt: skip
    assert (facts["height"], facts["floors"], facts["buildings"], facts["rooms"]) == (
        [Decimal("27.0"), Decimal("32.6")], 11, 2, 1,
    )  # fmt: skip
    assert {low.pk, gone.pk} & set(queries.tall_buildings(project)) == set()
    assert len(queries.tall_buildings(project)) == 1


def test_an_expired_electrician_is_none(site: Place) -> None:
    kind = QualificationKind.objects.get(code="electrician_lv")
    QualificationFactory(staff__team__project=site.project, kind=kind, valid_to=dt.date(2026, 11, 19))
    assert queries.project_facts(site.project)["electrician"] is False


def test_only_homes_are_tall(site: Place) -> None:
    project = site.project
    BuildingFactory(place=place_below(site, "building"), height_m=Decimal("32.6"))
    assert len(queries.tall_buildings(project)) == 1
    project.kind = "office"
    assert queries.tall_buildings(project) == []


def test_rooms_lived_in(site: Place) -> None:
    assert queries.occupied_rooms(site.project) is None
    RoomFactory(parent=site)
    RoomFactory(parent=site, state="vacant")
    RoomFactory(parent=site, state="vacant")
    assert queries.occupied_rooms(site.project) == Decimal("33.3")


def test_levels_and_kinds_are_counted(site: Place) -> None:
    place_below(site, category="出入口")
    place_below(site, category="出入口", closed_on=dt.date(2026, 1, 1))
    place_below(site, "area")
    assert queries.level_counts(site.project) == {"site": 1, "spot": 1, "area": 1}
    assert queries.category_counts(site.project) == {"出入口": 1}
    assert queries.place_categories(System("x")) == ["出入口"]


def test_vehicles_that_are_here(site: Place) -> None:
    here = VehicleFactory(project=site.project)
    VehicleFactory(project=site.project, ends_on=dt.date(2026, 1, 1))
    VehicleFactory()
    viewer = user_with("registry.view_people", at=site.project)
    assert list(queries.vehicles_visible_to(viewer)) == [here]
    assert str(here) == here.plate


def test_who_may_look_at_what(site: Place) -> None:
    viewer = user_with("registry.view_places", "registry.view_people", at=site.project)
    person = VehicleFactory(project=site.project).person
    policies.check_view_places(viewer, site.project)
    policies.check_view_person(viewer, person)
    for check, thing in (
        (policies.check_add_person, site.project.node),
        (policies.check_view_places, ProjectFactory()),
    ):
        assert may(check, viewer, thing) is False
    assert may(policies.check_view_person, viewer, VehicleFactory().person) is False
