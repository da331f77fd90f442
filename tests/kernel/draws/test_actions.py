"""Draws as they are kept: committed, given a word, drawn, published, or given up."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.draws.frames import METHOD, UNITS
from wuyou.kernel import clock, flows
from wuyou.kernel.actors import System
from wuyou.kernel.draws.actions import abandon, commit, conduct, give_word, reveal
from wuyou.kernel.draws.choices import State
from wuyou.kernel.draws.flow import DRAW
from wuyou.kernel.draws.models import Draw
from wuyou.kernel.draws.queries import draw_of, draws_of, is_drawn_for, record_of
from wuyou.kernel.draws.sampling import Method
from wuyou.kernel.draws.verification import verify
from wuyou.kernel.errors import Conflict, Denied, IllegalMove, Invalid, Missing
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db

ANNA, BEN = System("anna"), System("ben")
CASE = ("campaign", 7, "JC-JT-20261120-0001")
WITHOUT_WORD = Method(3, "proportional", at_least_one=True, is_weighted=True)


def committed(method: Method = METHOD, **options: Any) -> Draw:
    given = {"kind": "buildings", "title": "Buildings to inspect", "frame": UNITS, "method": method, "by": ANNA}
    return commit(CASE, **{**given, **options})


def revealed(**options: Any) -> Draw:
    draw = committed(**options)
    give_word(draw, word="雪", by=BEN)
    conduct(draw, by=ANNA)
    return reveal(draw, by=ANNA)


def test_a_commitment_fixes_frame_and_method(moment: datetime) -> None:
    draw = Draw.objects.get(pk=committed().pk)
    assert (draw.state, draw.committed_at, draw.result) == (State.COMMITTED, moment, None)
    assert (draw.case_kind, draw.case_id, draw.case_label, draw.kind) == (*CASE, "buildings")
    assert (draw.committed_by_id, draw.needs_word, draw.waits_for_word) == ("system:anna", True, True)
    assert [unit["id"] for unit in draw.frame] == ["1", "2", "3", "4", "5"]
    assert re.fullmatch(r"[0-9a-f]{64}", draw.commitment)


def test_two_commitments_to_the_same_are_two_seeds() -> None:
    one, other = committed(), committed(kind="rooms")
    assert one.frame_digest == other.frame_digest
    assert one.commitment != other.commitment


@pytest.mark.parametrize("options", [{"frame": []}, {"method": Method(6)}, {"frame": [*UNITS, UNITS[0]]}])
def test_nothing_is_committed_to_what_cannot_be_drawn(options: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        committed(**options)
    assert Draw.objects.count() == 0


def test_nobody_draws_until_it_suits() -> None:
    first = committed()
    with pytest.raises(Conflict):
        committed()
    abandon(first, reason="a building was missing", by=ANNA)
    assert committed().pk != first.pk


def test_somebody_else_gives_the_word(moment: datetime) -> None:
    draw = committed()
    give_word(draw, word="  瑞雪 2026 ", by=BEN)
    kept = Draw.objects.get(pk=draw.pk)
    assert (kept.word, kept.word_by_id, kept.word_by_label, kept.word_at) == ("瑞雪 2026", "system:ben", "ben", moment)
    assert (draw.word, draw.waits_for_word) == ("瑞雪 2026", False)


def test_whoever_committed_gives_no_word() -> None:
    with pytest.raises(Denied):
        give_word(committed(), word="mine", by=ANNA)


@pytest.mark.parametrize("word", ["", "   ", "x" * 201, "a\nb", "a\x00"])
def test_words_that_are_none(word: str) -> None:
    with pytest.raises(Invalid):
        give_word(committed(), word=word, by=BEN)


def test_a_word_is_given_once() -> None:
    draw = committed()
    stale = Draw.objects.get(pk=draw.pk)
    give_word(draw, word="first", by=BEN)
    with pytest.raises(Conflict):
        give_word(stale, word="second", by=System("carla"))
    assert Draw.objects.get(pk=draw.pk).word == "first"


def test_no_word_where_none_is_promised_or_it_is_too_late() -> None:
    with pytest.raises(IllegalMove):
        give_word(committed(WITHOUT_WORD), word="x", by=BEN)
    late = abandon(committed(kind="rooms"), reason="wrong frame", by=ANNA)
    with pytest.raises(IllegalMove):
        give_word(late, word="x", by=BEN)


def test_the_draw_waits_for_the_promised_word() -> None:
    draw = committed()
    with pytest.raises(Conflict, match=r"."):
        conduct(draw, by=ANNA)
    assert Draw.objects.get(pk=draw.pk).state == State.COMMITTED
    give_word(draw, word="雪", by=BEN)
    assert len(conduct(draw, by=ANNA).result) == 3


def test_a_draw_without_a_word_verifies() -> None:
    draw = conduct(committed(WITHOUT_WORD), by=ANNA)
    reveal(draw, by=ANNA)
    assert verify(record_of(draw), commitment=draw.commitment) == []


def test_the_published_record_verifies_and_survives_its_file() -> None:
    draw = Draw.objects.get(pk=revealed().pk)
    record = json.loads(json.dumps(record_of(draw), ensure_ascii=False))
    assert verify(record, commitment=draw.commitment) == []
    assert (record["word"], record["state"]) == ("雪", "revealed")
    assert record["word_by"] == {"id": "system:ben", "label": "ben"}
    assert record["about"] == {"kind": "campaign", "id": 7, "label": CASE[2], "drawn": "buildings"}


def test_the_same_seed_gives_the_same_list_whenever_it_is_drawn(moment: datetime) -> None:
    draw = committed(WITHOUT_WORD)
    twin = Draw.objects.get(pk=draw.pk)
    with clock.at(moment + timedelta(days=3)):
        conduct(draw, by=ANNA)
    Draw.objects.filter(pk=draw.pk).update(state=State.COMMITTED, result=None, drawn_at=None)
    assert conduct(twin, by=BEN).result == draw.result


def test_it_is_drawn_once() -> None:
    draw = committed(WITHOUT_WORD)
    stale = Draw.objects.get(pk=draw.pk)
    first = conduct(draw, by=ANNA).result
    for again in (draw, stale):
        with pytest.raises(Conflict):
            conduct(again, by=ANNA)
    assert Draw.objects.get(pk=draw.pk).result == first


@pytest.mark.parametrize("change", ["frame", "frame_and_digest", "method"])
def test_what_was_changed_after_the_commitment_is_not_drawn(change: str) -> None:
    from wuyou.kernel.draws.record import digest

    draw = committed(WITHOUT_WORD)
    fewer = draw.frame[:4]
    changes: dict[str, Any] = {
        "frame": {"frame": fewer},
        "frame_and_digest": {"frame": fewer, "frame_digest": digest(fewer)},
        "method": {"method": {**draw.method, "number": 2}},
    }[change]
    Draw.objects.filter(pk=draw.pk).update(**changes)
    with pytest.raises(Conflict):
        conduct(draw, by=ANNA)
    assert abandon(draw, reason="the frame was tampered with", by=ANNA).state == State.ABANDONED


@pytest.mark.parametrize("state", [State.COMMITTED, State.ABANDONED, State.REVEALED])
def test_the_seed_is_published_after_the_draw_only(state: str) -> None:
    draw = revealed() if state == State.REVEALED else committed()
    if state == State.ABANDONED:
        abandon(draw, reason="a mistake", by=ANNA)
    with pytest.raises(IllegalMove):
        reveal(draw, by=ANNA)


def seen(draw: Draw) -> str:
    """Everything that can be seen of a draw outside the database, as one text."""
    rows = [record_of(draw), str(draw), repr(draw), *Entry.objects.values()]
    listed = draws_of(draw.case_kind, [draw.case_id]).values()
    hidden = [{name: value for name, value in row.items() if name != "sealed_seed"} for row in listed]
    return json.dumps([*rows, *hidden], default=str)


def test_nobody_learns_the_seed_before_it_is_published(caplog: pytest.LogCaptureFixture) -> None:
    draw = committed()
    seed = draw.sealed_seed
    assert re.fullmatch(r"[0-9a-f]{64}", seed)
    give_word(draw, word="雪", by=BEN)
    assert (seed in seen(draw), record_of(draw)["seed"]) == (False, None)
    conduct(draw, by=ANNA)
    assert (seed in seen(draw), record_of(draw)["seed"]) == (False, None)
    assert seed not in caplog.text
    reveal(draw, by=ANNA)
    assert record_of(draw)["seed"] == seed


def test_the_seed_is_unreadable_at_rest() -> None:
    draw = committed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_seed FROM draws_draw WHERE id = %s", [draw.pk])
        stored = cursor.fetchone()[0]
    assert draw.sealed_seed not in stored
    assert Draw.objects.get(pk=draw.pk).sealed_seed == draw.sealed_seed


def test_a_draw_given_up_stays_visible_with_its_reason(moment: datetime) -> None:
    draw = conduct(committed(WITHOUT_WORD), by=ANNA)
    abandon(draw, reason="  two buildings were missing ", by=ANNA)
    kept = draws_of("campaign", [7]).get()
    assert (kept.state, kept.abandoned_because, kept.abandoned_at) == (
        State.ABANDONED, "two buildings were missing", moment,
    )  # fmt: skip
    record = record_of(draw_of(draw.pk, case_kind="campaign"))
    assert (record["reason"], record["seed"]) == ("two buildings were missing", None)
    assert [problem.code for problem in verify(record)] == ["abandoned"]


def test_giving_up_needs_a_reason_and_comes_before_publication() -> None:
    draw = committed()
    with pytest.raises(Invalid):
        abandon(draw, reason="  ", by=ANNA)
    assert Draw.objects.get(pk=draw.pk).state == State.COMMITTED
    with pytest.raises(IllegalMove):
        abandon(revealed(kind="rooms"), reason="it does not suit", by=ANNA)


def test_a_case_knows_whether_it_was_drawn_for() -> None:
    assert not is_drawn_for("campaign", 7, kind="buildings")
    draw = committed()
    assert is_drawn_for("campaign", 7, kind="buildings")
    assert not is_drawn_for("campaign", 7, kind="rooms")
    abandon(draw, reason="a mistake", by=ANNA)
    assert not is_drawn_for("campaign", 7, kind="buildings")


def test_draws_are_found_by_their_case() -> None:
    draw = committed()
    assert draw_of(draw.pk, case_kind="campaign") == draw
    for pk, kind in ((draw.pk, "target"), (draw.pk + 1, "campaign")):
        with pytest.raises(Missing):
            draw_of(pk, case_kind=kind)
    assert list(draws_of("campaign", [8])) == []


@pytest.mark.parametrize(
    "values",
    [
        {"state": State.DRAWN},
        {"state": State.REVEALED, "result": []},
        {"state": State.ABANDONED},
        {"word": "x"},
    ],
)
def test_the_database_refuses_half_a_step(values: dict[str, Any]) -> None:
    draw = committed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(**values)


@pytest.mark.parametrize(("state", "step"), list(flows.illegal_moves(DRAW)))
def test_illegal_moves(state: str, step: str) -> None:
    draw = committed(WITHOUT_WORD)
    if state in (State.DRAWN, State.REVEALED):
        conduct(draw, by=ANNA)
    if state == State.REVEALED:
        reveal(draw, by=ANNA)
    if state == State.ABANDONED:
        abandon(draw, reason="a mistake", by=ANNA)
    moves: dict[str, Callable[[], object]] = {
        "draw": lambda: conduct(draw, by=ANNA),
        "reveal": lambda: reveal(draw, by=ANNA),
        "abandon": lambda: abandon(draw, reason="again", by=ANNA),
    }
    with pytest.raises(IllegalMove):
        moves[step]()


@pytest.fixture
def at_once() -> Iterator[Callable[[Callable[[], object]], Counter[str]]]:
    """Let four people do the same at the same moment; how many did it and how many were told no."""
    barrier = Barrier(4)

    def press(act: Callable[[], object]) -> str:
        barrier.wait()
        try:
            act()
        except Conflict as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(4) as pool:
        yield lambda act: Counter(pool.map(press, [act] * 4))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_draws(at_once: Callable[[Callable[[], object]], Counter[str]]) -> None:
    draw = committed(WITHOUT_WORD)
    told = at_once(lambda: conduct(Draw.objects.get(pk=draw.pk), by=ANNA))
    assert told["done"] == 1
    assert Draw.objects.get(pk=draw.pk).state == State.DRAWN


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_several_words_at_once_one_counts(at_once: Callable[[Callable[[], object]], Counter[str]]) -> None:
    draw = committed()
    told = at_once(lambda: give_word(Draw.objects.get(pk=draw.pk), word="雪", by=BEN))
    assert (told["done"], told["Conflict"]) == (1, 3)
