"""Checklists of tasks: answers at each item, readings against the last one, photos, the version kept."""

from decimal import Decimal

import pytest
from factories.assets import AssetFactory
from factories.sheets import ItemFactory, SheetFactory, SheetVersionFactory
from factories.tasks import MORNING, photo, site, task

from wuyou.domains.work.actions.attaching import attach_evidence
from wuyou.domains.work.actions.batches import complete_batch
from wuyou.domains.work.actions.tasks import Completion, complete_task
from wuyou.domains.work.models import Answer, Task
from wuyou.domains.work.queries.tasks import last_readings, readings_of
from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def estate():
    with clock.at(MORNING):
        yield site()


def meter_sheet(**more):
    version = SheetVersionFactory(state="issued", issued_on=MORNING.date())
    values = {"version": version, "code": "reading", "answer_type": "number", "position": 1, "is_increasing": True,
              "low": Decimal(0), "high": Decimal(1000)}  # fmt: skip
    ItemFactory(**(values | more))
    return version


def finish(row, estate, **answers):
    return complete_task(row, by=estate.cleaners[0].user, with_=Completion(answers=answers))


def test_a_reading_is_kept_with_its_device(estate):
    device, version = AssetFactory(project=estate.project), meter_sheet()
    finish(task(estate, asset=device, sheet_version=version, evidence="reading"), estate, reading="12.50")
    assert last_readings(device.pk, version.sheet_id) == {"reading": Decimal("12.5")}
    assert [row.value for row in readings_of(device.pk)] == ["12.5"]


def test_a_meter_that_fell_is_flagged_not_refused(estate):
    device, version = AssetFactory(project=estate.project), meter_sheet()
    for number, reading in enumerate(("500", "480", "2000")):
        finish(task(estate, asset=device, sheet_version=version, seq=number + 1), estate, reading=reading)
    assert list(Answer.objects.order_by("pk").values_list("is_implausible", flat=True)) == [False, True, True]


def test_each_wrong_answer_says_where_and_nothing_is_lost(estate):
    row = task(estate, sheet_version=meter_sheet())
    for answers in ({}, {"reading": "abc"}, {"reading": "1", "other": "2"}):
        with pytest.raises(Invalid):
            finish(row, estate, **answers)
    assert Task.objects.get(pk=row.pk).state == "open"
    assert not Answer.objects.exists()


def test_a_photo_item_is_answered_by_the_task_s_photos(estate):
    row = task(estate, sheet_version=meter_sheet(answer_type="photo", is_increasing=False, low=None, high=None))
    with pytest.raises(Invalid):
        finish(row, estate)
    attach_evidence(row, upload=photo(), by=estate.cleaners[0].user)
    assert finish(row, estate).state == "done"


def test_a_sheet_changed_meanwhile_leaves_the_open_task_its_own(estate):
    sheet = SheetFactory()
    old = SheetVersionFactory(sheet=sheet, number=1, state="issued", issued_on=MORNING.date())
    ItemFactory(version=old, code="old", answer_type="text", position=1)
    row = task(estate, sheet_version=old)
    new = SheetVersionFactory(sheet=sheet, number=2, state="issued", issued_on=MORNING.date())
    ItemFactory(version=new, code="new", answer_type="text", position=1)
    with pytest.raises(Invalid):
        finish(row, estate, new="x")
    assert finish(row, estate, old="x").sheet_version == old


def test_a_batch_is_answered_once_for_all(estate):
    version = meter_sheet()
    rows = [task(estate, sheet_version=version), task(estate, place=2, sheet_version=version)]
    with pytest.raises(Invalid):
        complete_batch(rows, by=estate.cleaners[0].user)
    complete_batch(rows, by=estate.cleaners[0].user, answers={"reading": "7"})
    assert set(Answer.objects.values_list("task", "value")) == {(row.pk, "7") for row in rows}


def test_different_checklists_go_apart(estate):
    rows = [task(estate, sheet_version=meter_sheet()), task(estate, place=2)]
    with pytest.raises(Invalid):
        complete_batch(rows, by=estate.cleaners[0].user, answers={"reading": "7"})
    assert set(Task.objects.values_list("state", flat=True)) == {"open"}
