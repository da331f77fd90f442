"""Counting: in order, apart by series, without gaps, with many writers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from wuyou.kernel.numbering import next_number, next_numbers
from wuyou.kernel.numbering.models import Counter

DAY = date(2026, 11, 20)


@pytest.mark.django_db
def test_a_series_counts_from_one() -> None:
    assert [next_number("WX", "JT", DAY) for _ in range(3)] == [f"WX-JT-20261120-000{n}" for n in (1, 2, 3)]


@pytest.mark.django_db
def test_kind_project_and_day_have_series_of_their_own() -> None:
    series = [("WX", "JT", DAY), ("TS", "JT", DAY), ("WX", "XH", DAY), ("WX", "JT", date(2026, 11, 21))]
    assert [next_number(*one)[-4:] for one in series] == ["0001"] * 4
    assert Counter.objects.count() == 4


@pytest.mark.django_db
def test_small_and_capital_letters_are_one_series() -> None:
    assert [next_number("WX", code, DAY)[-4:] for code in ("JT", "jt", "Jt")] == ["0001", "0002", "0003"]


@pytest.mark.django_db
def test_many_numbers_at_once() -> None:
    next_number("WX", "JT", DAY)
    assert next_numbers("WX", "JT", DAY, count=3) == [f"WX-JT-20261120-000{n}" for n in (2, 3, 4)]
    assert next_number("WX", "JT", DAY) == "WX-JT-20261120-0005"
    with pytest.raises(ValueError, match="at least one"):
        next_numbers("WX", "JT", DAY, count=0)


@pytest.mark.django_db
def test_a_number_undone_is_used_again() -> None:
    with transaction.atomic():
        assert next_number("SJ", "JT", DAY) == "SJ-JT-20261120-0001"
        transaction.set_rollback(True)
    assert next_number("SJ", "JT", DAY) == "SJ-JT-20261120-0001"


@pytest.mark.django_db(transaction=True)
def test_no_number_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"):
        next_number("WX", "JT", DAY)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_writers_leave_no_gap_even_when_some_fail() -> None:
    def draw(number: int) -> str | None:
        try:
            with transaction.atomic():
                drawn = next_number("SJ", "JT", DAY)
                transaction.set_rollback(number % 4 == 0)
                return drawn if number % 4 else None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        drawn = sorted(filter(None, pool.map(draw, range(80))))
    assert drawn == [f"SJ-JT-20261120-{n:04d}" for n in range(1, 61)]
