"""The whole Jiutai estate from the company's own workbooks, as they are."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from factories.tables import figures, load

from wuyou.domains.assets.models import Asset
from wuyou.domains.assets.queries import facts_of
from wuyou.domains.org.models import Project
from wuyou.domains.registry import queries
from wuyou.domains.registry.models import Building, Occupancy, Person, Place, Qualification, Room, Staff
from wuyou.domains.registry.rules.contact import age_on

FOLDER = Path(settings.PACKAGE) / "config" / "demo" / "jiutai"
KINDS = ["registry.buildings", "registry.rooms", "registry.places", "registry.staff", "assets.assets"]


@pytest.mark.slow
@pytest.mark.usefixtures("moment")
def test_the_estate_comes_in_whole_and_only_once(project: Project) -> None:
    runs = [load_file(kind, project) for kind in KINDS]
    assert [figures(run) for run in runs] == [(100, 0, 0), (10_000, 0, 0), (545, 0, 0), (35, 0, 0), (2_320, 0, 0)]
    assert [run.errors_total + run.warnings_total for run in runs] == [0, 0, 0, 0, 0]
    levels = {
        level: Place.objects.filter(level=level).count() for level in ("area", "building", "unit", "room", "spot")
    }
    assert levels == {"area": 4, "building": 100, "unit": 400, "room": 10_000, "spot": 545}
    assert Place.objects.find_problems() == ([], [], [], [], [])
    check_people()
    check_equipment()
    check_facts(project)
    again = [load_file(kind, project) for kind in KINDS]
    assert [figures(run)[:2] for run in again] == [(0, 0)] * 5


def load_file(kind: str, project: Project):
    """One of the workbooks, by the kind of import."""
    with (FOLDER / f"{kind.partition('.')[2]}.xlsx").open("rb") as file:
        return load(kind, file, project)


def check_people() -> None:
    """Households, staff and licences as the workbooks count them."""
    roles = dict.fromkeys(("owner", "tenant"), 0) | {
        role: Occupancy.objects.filter(role=role).count() for role in ("owner", "tenant")
    }
    assert roles == {"owner": 9_726, "tenant": 1_206}
    assert Person.objects.count() == 9_726 + 1_206 + 35
    states = {state: Room.objects.filter(state=state).count() for state in ("occupied", "vacant", "undelivered")}
    assert states == {"occupied": 8_853, "vacant": 873, "undelivered": 274}
    jobs = {job: Staff.objects.filter(job=job).count() for job in ("保安员", "保洁员", "垃圾清运员", "电工")}
    assert jobs == {"保安员": 10, "保洁员": 18, "垃圾清运员": 2, "电工": 2}
    guards = Staff.objects.filter(job="保安员")
    over = [guard.number for guard in guards if guard.born_on and age_on(guard.born_on, dt.date(2026, 11, 20)) > 50]
    assert over == ["JT012"]
    kinds = {
        code: Qualification.objects.filter(kind__code=code).count() for code in ("guard", "fire_operator_mid", "health")
    }
    assert kinds == {"guard": 10, "fire_operator_mid": 4, "health": 12}


def check_equipment() -> None:
    """Devices stand where the sheet says, lifts know their month, extinguishers their age."""
    lifts = Asset.objects.filter(category="乘客电梯")
    assert (lifts.count(), lifts.filter(accepted_on=dt.date(2015, 6, 1)).count()) == (16, 16)
    assert Asset.objects.filter(place=None).count() == 0
    assert Asset.objects.filter(zone=None).count() == 0
    assert Asset.objects.filter(category="灭火器", made_on=None).count() == 0
    lift = lifts.select_related("place").order_by("code").first()
    assert lift.place.category == "电梯轿厢"


def check_facts(project: Project) -> None:
    """What duties are going to ask for."""
    facts = {**queries.project_facts(project), **facts_of(project)}
    true = {name for name, value in facts.items() if value is True}
    assert true == {
        "it", "residential", "height>27m", "height<=27m", "fire_system", "control_room", "electrician", "second_supply",
        "lift", "extinguisher", "extinguisher_dry", "hydrant", "tank", "transformer", "cctv",
    }  # fmt: skip
    assert facts["height"] == [Decimal("17.7"), Decimal("32.6")]
    assert Building.objects.filter(has_lift=True).count() == len(queries.tall_buildings(project)) == 4
