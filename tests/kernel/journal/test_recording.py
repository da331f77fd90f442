"""Recording: appended once before commit, nothing of what was undone, nothing outside an action."""

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel.journal.writing import CHAIN, WANG, act, enter
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import System
from wuyou.kernel.journal.hashing import GENESIS
from wuyou.kernel.journal.models import Chain, Entry
from wuyou.kernel.transactions import action, before_commit, unit_of_work

pytestmark = pytest.mark.django_db


class RefusedError(Exception):
    """Raised by the actions of these tests."""


@action
def refused(*inside: Callable[[], None]) -> None:
    """An action that does a few things and then fails."""
    for do in inside:
        do()
    raise RefusedError


def verbs(chain: str = CHAIN) -> list[str]:
    return list(Entry.objects.filter(chain__key=chain).order_by("seq").values_list("verb", flat=True))


def test_an_entry_keeps_what_was_given(moment: datetime) -> None:
    with unit_of_work():
        journal.record(
            "work.task_done",
            chain=CHAIN,
            by=WANG,
            subject=journal.Subject("work.task", 7, "大堂保洁"),
            data={"state": ["open", "done"]},
            on_behalf=System("li"),
        )
    entry = Entry.objects.select_related("chain").get()
    assert (entry.chain.key, entry.seq, entry.at) == (CHAIN, 1, moment)
    assert (entry.actor_id, entry.actor_label, entry.on_behalf) == ("system:wang", "wang", "system:li li")
    assert (entry.verb, entry.subject_kind, entry.subject_id) == ("work.task_done", "work.task", "7")
    assert (entry.subject_label, entry.details) == ("大堂保洁", {"state": ["open", "done"]})
    assert entry.prev_hash == GENESIS
    assert (entry.chain.head_seq, entry.chain.head_hash) == (1, entry.hash)


def test_entries_follow_each_other() -> None:
    act(3)
    act(2)
    rows = list(Entry.objects.order_by("seq").values_list("seq", "prev_hash", "hash"))
    assert [seq for seq, _before, _hash in rows] == [1, 2, 3, 4, 5]
    assert [before for _seq, before, _hash in rows] == [GENESIS, *(one[2] for one in rows[:-1])]
    assert journal.verify() == journal.Verdict(1, 5)


def test_chains_are_apart() -> None:
    with unit_of_work():
        enter(chain="project:2")
        enter(chain="project:1")
        enter(chain="project:2")
    heads = dict(Chain.objects.values_list("key", "head_seq"))
    assert heads == {"project:1": 1, "project:2": 2}


def test_nothing_outside_an_action() -> None:
    with pytest.raises(RuntimeError, match="call it from an action"):
        enter()
    assert Entry.objects.count() == 0


def test_an_action_that_fails_leaves_nothing_to_the_next() -> None:
    with pytest.raises(RefusedError):
        refused(enter)
    act()
    assert Entry.objects.count() == 1


def test_an_inner_action_that_failed_is_not_entered() -> None:
    with unit_of_work():
        enter("outer.before")
        with pytest.raises(RefusedError):
            refused(enter)
        enter("outer.after")
    assert verbs() == ["outer.before", "outer.after"]
    assert journal.verify().is_intact


def test_what_an_inner_failed_action_wrote_is_undone_too() -> None:
    with unit_of_work():
        with pytest.raises(RefusedError):
            refused(lambda: Chain.objects.create(key="half", head_hash=GENESIS))
        enter()
    assert not Chain.objects.filter(key="half").exists()


def test_an_inner_action_that_succeeded_is_undone_with_its_failed_outer() -> None:
    with unit_of_work():
        with pytest.raises(RefusedError):
            refused(act)
        enter("outer.done")
    assert verbs() == ["outer.done"]


def test_a_plain_savepoint_takes_its_entries_along() -> None:
    with unit_of_work():
        with contextlib.suppress(RefusedError), transaction.atomic():
            enter("inner.failed")
            raise RefusedError
        with transaction.atomic():
            enter("inner.done")
    assert verbs() == ["inner.done"]


def test_an_action_of_only_failed_parts_appends_nothing() -> None:
    with unit_of_work(), pytest.raises(RefusedError):
        refused(enter)
    assert Chain.objects.count() == 0


def test_an_entry_of_a_closer_is_appended_too() -> None:
    with unit_of_work():
        enter("first")
        before_commit("late", lambda: enter("late"))
    assert verbs() == ["first", "late"]


def test_labels_are_cut_to_their_columns_before_hashing() -> None:
    with unit_of_work():
        journal.record("v" * 300, chain=CHAIN, by=System("n" * 300), subject=("k", "\0x", "长" * 300))
    entry = Entry.objects.get()
    assert (len(entry.verb), len(entry.actor_id), len(entry.actor_label)) == (80, 60, 120)
    assert (entry.subject_id, entry.subject_label) == ("x", "长" * 200)
    assert journal.verify().is_intact


def test_a_whole_second_is_read_back_as_it_was_hashed() -> None:
    for moment in (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, microsecond=100, tzinfo=UTC)):
        with clock.at(moment):
            act()
    assert journal.verify() == journal.Verdict(1, 2)


def test_an_append_is_three_statements_for_any_number_of_entries() -> None:
    act()
    for count in (1, 50):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            act(count)
        inside = [one["sql"] for one in queries if "journal_" in one["sql"]]
        assert len(inside) == 3, inside


def test_more_rows_than_one_insert_takes() -> None:
    act(2500)
    assert journal.verify() == journal.Verdict(1, 2500)
    assert json.loads(Entry.objects.get(seq=2500).data) == {"number": 2499}
