"""Lists cost the same for one row and for fifty."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from faces.console.estates import Estate
from factories.assets import AssetFactory
from factories.registry import (
    OccupancyFactory,
    PersonFactory,
    QualificationFactory,
    RoomFactory,
    StaffFactory,
    ZoneFactory,
    place_below,
)

from wuyou.domains.registry.choices import PlaceLevel

MOST = 12


def people(estate: Estate, count: int) -> None:
    for _number in range(count):
        room = RoomFactory(place=place_below(estate.site, PlaceLevel.ROOM))
        OccupancyFactory(room=room, person=PersonFactory(node=estate.root))


def staff(estate: Estate, count: int) -> None:
    for _number in range(count):
        QualificationFactory(staff=StaffFactory(team=estate.team, person=PersonFactory(node=estate.root)))


def zones(estate: Estate, count: int) -> None:
    for _number in range(count):
        ZoneFactory(project=estate.project, owner=estate.staff)


def devices(estate: Estate, count: int) -> None:
    AssetFactory.create_batch(count, project=estate.project, place=estate.spot, zone=estate.zone)


LISTS = {
    "console:registry:people": people,
    "console:registry:rooms": people,
    "console:registry:place_list": people,
    "console:registry:staff": staff,
    "console:registry:qualifications": staff,
    "console:registry:zones": zones,
    "console:assets:list": devices,
}


def cost(estate: Estate, name: str) -> int:
    url = reverse(name)
    estate.web.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert estate.web.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("name", LISTS)
def test_as_many_queries_for_fifty_rows_as_for_one(db, name):
    estate = Estate()
    LISTS[name](estate, 1)
    one = cost(estate, name)
    LISTS[name](estate, 49)
    assert (cost(estate, name), one <= MOST) == (one, True)
