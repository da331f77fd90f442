"""The table of days in the database."""

from datetime import date

import pytest
from django.test.utils import CaptureQueriesContext

from wuyou.kernel import jobs
from wuyou.kernel.actors import System
from wuyou.kernel.clocks.calendars import (
    calendar_for,
    confirm_year,
    day_table,
    load_calendar,
    set_day,
    shipped_days,
    unset_day,
)
from wuyou.kernel.clocks.choices import DayKind
from wuyou.kernel.clocks.models import CalendarDay
from wuyou.kernel.errors import Invalid
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db
BY = System("set-up")
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"


def entered() -> list[tuple[str, str]]:
    """Verbs and chains of the journal so far."""
    return list(Entry.objects.order_by("pk").values_list("verb", "chain__key"))


def test_loading_twice_changes_nothing_the_second_time() -> None:
    shipped = list(shipped_days())
    assert load_calendar(by=BY) == len(shipped)
    assert load_calendar(by=BY) == 0
    assert CalendarDay.objects.count() == len(shipped)
    assert entered() == [("clocks.calendar_loaded", "installation")]


def test_loading_mends_a_day_that_differs() -> None:
    load_calendar(by=BY)
    CalendarDay.objects.filter(day=date(2026, 1, 2)).update(kind=DayKind.WORKDAY)
    CalendarDay.objects.filter(day=date(2026, 1, 4)).delete()
    assert load_calendar(by=BY) == 2
    assert day_table().kinds[date(2026, 1, 2)] == "rest"


def test_loading_leaves_an_announced_year_alone() -> None:
    """A person entered 2027 as announced: the provisional days of the product do not come back."""
    load_calendar(by=BY)
    unset_day(date(2027, 2, 5), by=BY)
    confirm_year(2027, by=BY)
    assert load_calendar(by=BY) == 0
    assert date(2027, 2, 5) not in day_table().kinds


def test_the_table_as_a_value() -> None:
    load_calendar(by=BY)
    days = day_table()
    assert (days.is_workday(date(2026, 2, 14)), days.is_holiday(date(2027, 2, 6))) == (True, True)
    assert days.confirmed == {2026}


def test_the_table_takes_one_query(django_assert_num_queries: type[CaptureQueriesContext]) -> None:
    load_calendar(by=BY)
    with django_assert_num_queries(1):  # type: ignore[call-arg]
        day_table()


def test_a_calendar_of_service_hours() -> None:
    load_calendar(by=BY)
    calendar = calendar_for({"1": ["08:00", "18:00"]})
    assert calendar.spans(date(2026, 2, 14)) == ((480, 1080),)


def test_a_calendar_without_hours_is_refused() -> None:
    with pytest.raises(Invalid):
        calendar_for({})


def test_a_day_is_entered_as_announced() -> None:
    row = set_day(date(2027, 2, 11), kind="rest", name="Spring Festival", source=NOTICE, by=BY)
    assert (row.kind, row.confirmed, row.source) == ("rest", True, NOTICE)
    again = set_day(date(2027, 2, 11), kind="workday", name="Spring Festival", source=NOTICE, by=BY)
    assert (again.pk, again.kind) == (row.pk, "workday")
    assert [verb for verb, _chain in entered()] == ["clocks.day_set", "clocks.day_set"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [({"kind": "party"}, ["kind"]), ({"name": " ", "source": ""}, ["name", "source"]), ({"source": ""}, ["source"])],
)
def test_a_day_needs_kind_name_and_source(changes: dict[str, str], fields: list[str]) -> None:
    values = {"kind": "rest", "name": "Spring Festival", "source": NOTICE, **changes}
    with pytest.raises(Invalid) as error:
        set_day(date(2027, 2, 11), by=BY, **values)
    assert [field.field for field in error.value.fields] == fields
    assert CalendarDay.objects.count() == 0


def test_only_a_provisional_day_is_taken_out() -> None:
    load_calendar(by=BY)
    with pytest.raises(Invalid) as error:
        unset_day(date(2026, 1, 1), by=BY)
    assert [field.field for field in error.value.fields] == ["day"]
    unset_day(date(2027, 1, 1), by=BY)
    assert date(2027, 1, 1) not in day_table().kinds
    assert entered()[-1] == ("clocks.day_unset", "installation")


def test_a_year_is_confirmed() -> None:
    load_calendar(by=BY)
    assert confirm_year(2027, by=BY) == 13
    assert day_table().confirmed == {2026, 2027}
    assert confirm_year(2027, by=BY) == 0


def test_an_empty_year_is_not_confirmed() -> None:
    with pytest.raises(Invalid) as error:
        confirm_year(2030, by=BY)
    assert [field.field for field in error.value.fields] == ["year"]


def test_a_change_asks_once_to_compute_the_clocks_anew() -> None:
    load_calendar(by=BY)
    confirm_year(2027, by=BY)
    assert jobs.counts()["waiting"] == 1


@pytest.mark.parametrize(("name", "label"), [("Spring Festival", "Spring Festival"), ("厂庆", "厂庆")])
def test_a_day_reads_well(name: str, label: str, settings: object) -> None:
    from django.utils import translation

    with translation.override("en"):
        row = CalendarDay(day=date(2027, 2, 6), name=name)
        assert (row.label, str(row)) == (label, f"2027-02-06 {label}")
