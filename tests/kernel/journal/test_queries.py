"""Reads for the journal page."""

from datetime import UTC, date, datetime

import pytest

from kernel.journal.writing import CHAIN, act, enter
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import System
from wuyou.kernel.journal.queries import entries, entries_of, head_of, seals
from wuyou.kernel.journal.sealing import seal_day
from wuyou.kernel.transactions import unit_of_work

pytestmark = pytest.mark.django_db

THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)


@pytest.fixture(autouse=True)
def history() -> None:
    """Two days on one chain, one entry on another."""
    with clock.at(datetime(2026, 11, 19, 4, tzinfo=UTC)):
        act(3)
    with clock.at(datetime(2026, 11, 20, 4, tzinfo=UTC)), unit_of_work():
        enter("tickets.ticket_closed", subject_id=1)
        journal.record("work.plan_published", chain=CHAIN, by=System("li"), subject=("work.plan", 1, "plan"))
        enter("work.task_done", chain="project:2", subject_id=1)


def numbers(**filters: object) -> list[int]:
    return [one.seq for one in entries([CHAIN], **filters)]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"actor_id": "system:li"}, [5]),
        ({"verb": "work.task_done"}, [3, 2, 1]),
        ({"verb": "work."}, [5, 3, 2, 1]),
        ({"verb": "work"}, []),
        ({"subject_kind": "work.plan"}, [5]),
        ({"day": THURSDAY}, [3, 2, 1]),
        ({"day": FRIDAY}, [5, 4]),
        ({"before_seq": 3}, [2, 1]),
        ({"before_seq": 3, "day": FRIDAY}, []),
    ],
)
def test_filters(filters: dict[str, object], expected: list[int]) -> None:
    assert numbers(**filters) == expected


def test_several_chains_are_mixed_by_time() -> None:
    assert entries([CHAIN, "project:2"]).count() == 6
    assert list(entries([])) == []


def test_the_history_of_a_subject() -> None:
    found = [(one.chain_id, one.verb) for one in entries_of("work.task", 1)]
    first, other = (head_of(key) for key in (CHAIN, "project:2"))
    assert first is not None
    assert other is not None
    assert found == [
        (first.pk, "work.task_done"),
        (first.pk, "tickets.ticket_closed"),
        (other.pk, "work.task_done"),
    ]


def test_seals_latest_first() -> None:
    with clock.at(datetime(2026, 11, 21, 4, tzinfo=UTC)):
        seal_day(THURSDAY)
        seal_day(FRIDAY)
    assert [(one.day, one.seq) for one in seals(CHAIN)] == [(FRIDAY, 5), (THURSDAY, 3)]


def test_no_head_before_anything_happened() -> None:
    assert head_of("project:404") is None
