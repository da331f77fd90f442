"""The database refuses to alter the journal."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from kernel.journal.writing import act
from wuyou.kernel import clock
from wuyou.kernel.journal import guard
from wuyou.kernel.journal.models import Chain, Entry
from wuyou.kernel.journal.sealing import seal_day

FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)

FORBIDDEN = [
    "UPDATE journal_entry SET actor_label = 'nobody'",
    "UPDATE journal_entry SET seq = seq + 10",
    "DELETE FROM journal_entry",
    "UPDATE journal_seal SET hash = 'x'",
    "DELETE FROM journal_seal",
    "UPDATE journal_chain SET head_seq = head_seq - 1",
    "UPDATE journal_chain SET head_hash = 'x'",
    "UPDATE journal_chain SET key = 'project:9', head_seq = head_seq + 1",
    "DELETE FROM journal_chain",
]


@pytest.fixture
def written(db: None) -> Iterator[None]:
    with clock.at(FRIDAY):
        act(2)
    with clock.at(FRIDAY + timedelta(days=1)):
        assert seal_day(FRIDAY.date()) == 1
    before = list(Entry.objects.values_list()), list(Chain.objects.values_list())
    yield
    assert (list(Entry.objects.values_list()), list(Chain.objects.values_list())) == before


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("sql", FORBIDDEN)
def test_history_is_not_rewritten(sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("table", ["journal_entry", "journal_seal", "journal_chain"])
def test_tables_are_not_emptied(table: str, on_sqlite: bool) -> None:
    connection.check_constraints()  # PostgreSQL would first complain of foreign keys not yet checked
    sql = f"DELETE FROM {table}" if on_sqlite else f"TRUNCATE {table} CASCADE"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.usefixtures("written")
def test_models_are_refused_as_well() -> None:
    entry = Entry.objects.first()
    assert entry is not None
    entry.verb = "other"
    for alter in (entry.save, entry.delete, Entry.objects.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            alter()


@pytest.mark.django_db
def test_missing_triggers_are_named_and_put_back() -> None:
    assert guard.missing() == []
    guard.remove()
    names = guard.missing()
    assert "journal_chain_forward" in names
    assert len(names) == (6 if connection.vendor == "sqlite" else 7)
    guard.install()
    guard.install()
    assert guard.missing() == []
