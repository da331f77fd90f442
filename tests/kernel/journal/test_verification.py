"""Verification names the first broken entry; the tests forge with the triggers lifted, as an intruder would."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.db.models import F

from kernel.journal.writing import CHAIN, act
from wuyou.kernel import clock
from wuyou.kernel.journal import Break, Verdict, guard, store, verify
from wuyou.kernel.journal.hashing import hash_line
from wuyou.kernel.journal.models import Chain, Entry, Seal
from wuyou.kernel.journal.sealing import seal_day

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def forger() -> None:
    """Ten entries of Friday, sealed, two of Saturday; the triggers are away."""
    with clock.at(FRIDAY):
        act(10)
    with clock.at(FRIDAY + timedelta(days=1)):
        seal_day(FRIDAY.date())
        act(2)
    guard.remove()


def entry(seq: int) -> Entry:
    return Entry.objects.get(chain__key=CHAIN, seq=seq)


def alter(seq: int, **values: object) -> None:
    assert Entry.objects.filter(chain__key=CHAIN, seq=seq).update(**values) == 1


def rewrite(from_seq: int) -> None:
    """Recompute every hash from an entry on and move the head: what a patient forger does."""
    chain = Chain.objects.get(key=CHAIN)
    before = store.hash_at(chain.pk, from_seq - 1)
    for rows in list(store.pages(chain.pk, after=from_seq - 1)):
        for row in rows:
            line = (*row[:-2], before)
            before = hash_line(CHAIN, line)
            alter(row[0], prev_hash=line[-1], hash=before)
    Chain.objects.update(head_hash=before)


def test_an_untouched_chain_is_intact() -> None:
    assert verify() == Verdict(chains=1, entries=12)
    assert verify().is_intact


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("actor_id", "user:2"),
        ("actor_label", "someone"),
        ("on_behalf", "user:3"),
        ("verb", "work.task_skipped"),
        ("subject_kind", "work.problem"),
        ("subject_id", "9"),
        ("subject_label", "other"),
        ("data", '{"number":99}'),
        ("at", FRIDAY + timedelta(seconds=1)),
        ("hash", "f" * 64),
        ("prev_hash", "f" * 64),
    ],
)
def test_an_altered_field_is_found(field: str, value: object) -> None:
    alter(5, **{field: value})
    alter(8, verb="later.too")
    assert verify().breaks == (Break(CHAIN, 5, "altered"),)


def test_a_hidden_entry_is_a_gap() -> None:
    Entry.objects.filter(seq=4).delete()
    assert verify().breaks == (Break(CHAIN, 4, "gap"),)


def test_the_first_entry_missing_is_a_gap() -> None:
    Entry.objects.filter(seq=1).delete()
    assert verify().breaks == (Break(CHAIN, 1, "gap"),)


def test_a_cut_tail_is_a_gap() -> None:
    Entry.objects.filter(seq__gt=10).delete()
    assert verify().breaks == (Break(CHAIN, 11, "gap"),)


def test_an_entry_with_a_new_hash_breaks_the_next_link() -> None:
    alter(5, verb="forged")
    (row,) = next(iter(store.pages(Chain.objects.get().pk, after=4)))[:1]
    alter(5, hash=hash_line(CHAIN, row[:-1]))
    assert verify().breaks == (Break(CHAIN, 6, "link"),)


def test_a_head_set_back_is_found() -> None:
    Chain.objects.update(head_seq=11, head_hash=entry(11).hash)
    assert verify().breaks == (Break(CHAIN, 12, "head"),)


def test_a_head_with_another_hash_is_found() -> None:
    Chain.objects.update(head_hash="0" * 64)
    assert verify().breaks == (Break(CHAIN, 12, "head"),)


def test_a_chain_rewritten_to_its_end_breaks_its_seal() -> None:
    alter(5, actor_label="someone")
    rewrite(5)
    assert verify().breaks == (Break(CHAIN, 10, "seal"),)


def test_a_chain_cut_before_its_seal_breaks_it() -> None:
    Entry.objects.filter(seq__gt=8).delete()
    Chain.objects.update(head_seq=8, head_hash=entry(8).hash)
    assert verify().breaks == (Break(CHAIN, 10, "seal"),)


def test_a_rewriting_after_the_last_seal_only_is_beyond_proof() -> None:
    alter(11, actor_label="someone")
    rewrite(11)
    assert verify().is_intact  # why a day is sealed as soon as it is over


def test_a_chain_that_is_gone_is_named() -> None:
    assert verify("project:404").breaks == (Break("project:404", 0, "gap"),)


def test_only_the_later_part_is_read_on_demand() -> None:
    alter(2, verb="forged")
    assert verify(CHAIN, from_seq=4) == Verdict(1, 9)
    assert verify(CHAIN, from_seq=13) == Verdict(1, 0)
    assert verify(CHAIN, from_seq=999) == Verdict(1, 0)


def test_the_entry_before_the_part_must_be_there() -> None:
    Entry.objects.filter(seq=3).delete()
    assert verify(CHAIN, from_seq=4).breaks == (Break(CHAIN, 3, "gap"),)


def test_each_broken_chain_is_named_once() -> None:
    act(3, chain="project:2")
    act(3, chain="project:3")
    alter(1, verb="forged")
    Entry.objects.filter(chain__key="project:3").update(verb=F("subject_label"))
    assert verify().breaks == (Break("project:1", 1, "altered"), Break("project:3", 1, "altered"))
    assert verify("project:2") == Verdict(1, 3)


def test_reading_goes_on_over_pages() -> None:
    with mock.patch.object(store, "ROWS_PER_PAGE", 5):
        assert verify() == Verdict(1, 12)
        alter(11, verb="forged")
        assert verify().breaks == (Break(CHAIN, 11, "altered"),)


def test_entries_written_while_reading_are_read_too() -> None:
    read = store.pages
    late: list[Callable[[], None]] = [act]

    def pages(chain_id: int, *, after: int) -> object:
        yield from read(chain_id, after=after)
        if late:
            late.pop()()

    with mock.patch.object(store, "pages", pages):
        assert verify() == Verdict(1, 13)


def test_a_seal_of_an_empty_day_is_the_same_head() -> None:
    with clock.at(FRIDAY + timedelta(days=3)):
        seal_day(FRIDAY.date() + timedelta(days=2))
    assert Seal.objects.latest("day").seq == 12
    assert verify().is_intact
