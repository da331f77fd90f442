"""The daily seal."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kernel.journal.writing import CHAIN, act
from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid
from wuyou.kernel.journal.models import Entry, Seal
from wuyou.kernel.journal.sealing import seal_day, seal_due_days

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def act_on(day: date, *, chain: str = CHAIN) -> None:
    with clock.at(noon(day)):
        act(2, chain=chain)


def days(number: int) -> date:
    return FRIDAY + timedelta(days=number)


def test_a_seal_is_the_head_at_the_end_of_the_day() -> None:
    act_on(FRIDAY)
    act_on(days(1))
    act_on(days(1), chain="project:2")
    with clock.at(noon(days(2))):
        assert seal_day(FRIDAY) == 1
        assert seal_day(days(1)) == 2
    seals = list(Seal.objects.order_by("day", "chain__key").values_list("day", "chain__key", "seq", "hash"))
    head = {(one.chain.key, one.seq): one.hash for one in Entry.objects.select_related("chain")}
    assert seals == [
        (FRIDAY, CHAIN, 2, head[CHAIN, 2]),
        (days(1), CHAIN, 4, head[CHAIN, 4]),
        (days(1), "project:2", 2, head["project:2", 2]),
    ]


def test_the_day_ends_at_midnight_in_shanghai() -> None:
    for text in ("2026-11-20T15:59:59", "2026-11-20T16:00:00"):
        with clock.at(datetime.fromisoformat(text).replace(tzinfo=UTC)):
            act()
    with clock.at(noon(days(1))):
        seal_day(FRIDAY)
    assert Seal.objects.get().seq == 1


def test_sealing_twice_changes_nothing() -> None:
    act_on(FRIDAY)
    with clock.at(noon(days(1))):
        assert [seal_day(FRIDAY), seal_day(FRIDAY)] == [1, 0]
    assert Seal.objects.count() == 1


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_day_that_is_not_over_is_not_sealed(ahead: int) -> None:
    with clock.at(noon(FRIDAY)), pytest.raises(Invalid, match="over"):
        seal_day(days(ahead))


def test_days_missed_are_sealed_later() -> None:
    act_on(FRIDAY)
    with clock.at(noon(days(1))):
        assert [seal_due_days(), seal_due_days()] == [1, 0]
    with clock.at(noon(days(4))):
        assert seal_due_days() == 3
    assert list(Seal.objects.order_by("day").values_list("day", flat=True)) == [FRIDAY, days(1), days(2), days(3)]


def test_an_empty_journal_needs_no_seal() -> None:
    assert seal_due_days() == 0
