"""Ledgers: entries with what the law asks, corrected only by later ones."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.tasks import MORNING, site

from wuyou.domains.work.actions.ledgers import record_disinfection, record_refuse
from wuyou.domains.work.models import DisinfectionEntry, RefuseEntry
from wuyou.domains.work.queries.tasks import disinfections_visible_to, refuse_visible_to
from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Denied, Invalid

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def estate():
    with clock.at(MORNING):
        yield site()


def disinfect(estate, **given):
    values = {"place": estate.places[0], "by": estate.cleaners[0].user, "agent": "含氯消毒剂",
              "concentration_mg_l": Decimal(500), "area_m2": Decimal(87)}  # fmt: skip
    return record_disinfection(**(values | given))


def collect(estate, **given):
    values = {"place": estate.places[0], "by": estate.cleaners[0].user, "sort": "kitchen", "weight_kg": Decimal("83.5")}
    return record_refuse(**(values | given))


def test_a_disinfection(estate):
    row = disinfect(estate, signs_up_at=MORNING, signs_down_at=MORNING + HOUR, reentry_at=MORNING + HOUR, weather="晴")
    assert (row.at, row.by_label) == (MORNING, estate.cleaners[0].user.full_name)
    assert list(disinfections_visible_to(estate.lead)) == [row]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"agent": " "}, "agent"),
        ({"concentration_mg_l": Decimal(0)}, "concentration_mg_l"),
        ({"area_m2": Decimal(-1)}, "area_m2"),
        ({"signs_up_at": MORNING, "signs_down_at": MORNING - HOUR}, "signs_down_at"),
        ({"reentry_at": MORNING - HOUR}, "reentry_at"),
    ],
)
def test_bad_disinfections(estate, given, field):
    with pytest.raises(Invalid) as error:
        disinfect(estate, **given)
    assert [one.field for one in error.value.fields] == [field]
    assert not DisinfectionEntry.objects.exists()


def test_a_collection(estate):
    row = collect(estate, vehicle="吉A12345", destination="转运站", is_overflowing=True)
    assert list(refuse_visible_to(estate.lead)) == [row]


@pytest.mark.parametrize(("given", "field"), [({"sort": "gold"}, "sort"), ({"weight_kg": Decimal(-1)}, "weight_kg")])
def test_bad_collections(estate, given, field):
    with pytest.raises(Invalid) as error:
        collect(estate, **given)
    assert [one.field for one in error.value.fields] == [field]


def test_a_mistake_is_corrected_by_a_later_entry_once(estate):
    for record in (collect, disinfect):
        wrong = record(estate)
        right = record(estate, corrects=wrong)
        assert right.corrects == wrong
        with pytest.raises(Conflict):
            record(estate, corrects=wrong)
    assert RefuseEntry.objects.count() == 2


def test_not_at_another_project(estate):
    with pytest.raises(Denied):
        collect(estate, by=site().cleaners[0].user)
