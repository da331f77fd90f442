"""Verifying a published record: draw again from what it says and name everything that differs (spec 05: Draws)."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wuyou.kernel.errors import Invalid

from .choices import State
from .generator import VERSION, is_seed, normal_word
from .record import Json, Malformed, commitment_of, digest, read_frame, read_method, redraw
from .sampling import Method, Unit

MOMENTS = ("committed_at", "word_at", "drawn_at", "revealed_at")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a record does not keep: a code of `.words`, where (JSON pointer), what should stand there and does."""

    code: str
    where: str = ""
    expected: str = ""
    found: str = ""


def verify(record: object, *, commitment: str = "") -> list[Problem]:
    """What is wrong with a published record; empty when the same list is drawn again from it.

    `commitment` is the one that was noted when it was published: without it a record that was forged as a whole,
    with a seed of its own, cannot be told.
    """
    if not isinstance(record, dict):
        return [Problem("malformed", "/")]
    if record.get("version") != VERSION:
        return [Problem("version", "/version", VERSION, _short(record.get("version")))]
    try:
        frame, method = read_frame(record.get("frame")), read_method(record.get("method"))
    except Malformed as wrong:
        return [Problem("malformed", wrong.where)]
    found = [*_digest(record), *_promise(record, commitment), *_word(record, method), *_order(record)]
    return found + _result(record, frame, method)


def _short(value: object) -> str:
    return str(value)[:80]


def _digest(record: Json) -> Iterator[Problem]:
    """The frame is the one that was committed to."""
    computed = digest(record["frame"])
    if record.get("frame_digest") != computed:
        yield Problem("frame_changed", "/frame", _short(record.get("frame_digest")), computed)


def _promise(record: Json, noted: str) -> Iterator[Problem]:
    """The commitment is the one that was published, and it is kept by what has been revealed."""
    stated, seed = record.get("commitment"), record.get("seed")
    if noted and stated != noted:
        yield Problem("other_commitment", "/commitment", noted, _short(stated))
    if seed is None:
        return
    if not is_seed(seed):
        yield Problem("malformed", "/seed")
        return
    computed = commitment_of(seed, _short(record.get("frame_digest")), digest(record["method"]))
    if stated != computed:
        yield Problem("commitment_broken", "/commitment", _short(stated), computed)


def _word(record: Json, method: Method) -> Iterator[Problem]:
    """A word where one was promised, given by somebody else, and none where none was."""
    word = record.get("word")
    if word is not None and (not isinstance(word, str) or normal_word(word) != word or not word):
        yield Problem("malformed", "/word")
    elif word is None and method.needs_word and record.get("result") is not None:
        yield Problem("word_missing", "/word")
    elif word is not None and not method.needs_word:
        yield Problem("word_unasked", "/word", "", _short(word))
    elif word is not None and record.get("word_by") == record.get("committed_by"):
        yield Problem("own_word", "/word_by", "", _name(record.get("word_by")))


def _name(actor: Any) -> str:
    return _short(actor.get("label", "") if isinstance(actor, dict) else actor)


def _order(record: Json) -> Iterator[Problem]:
    """Commitment, word, draw and revelation happened in this order."""
    moments: list[tuple[str, datetime]] = []
    for name in MOMENTS:
        text = record.get(name)
        moment = _moment(text)
        if text is not None and moment is None:
            yield Problem("malformed", f"/{name}")
        if moment is not None:
            moments.append((name, moment))
    for (earlier, first), (later, second) in itertools.pairwise(moments):
        if second < first:
            yield Problem("order", f"/{later}", f"{earlier} {first.isoformat()}", second.isoformat())


def _moment(text: object) -> datetime | None:
    """A moment with its time zone."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _result(record: Json, frame: list[Unit], method: Method) -> list[Problem]:
    """The same units are drawn again, in the same order, by the same numbers."""
    if record.get("state") == State.ABANDONED:
        return [Problem("abandoned", "/state", "", _short(record.get("reason")))]
    if record.get("result") is None:
        return [Problem("not_drawn", "/result")]
    if record.get("seed") is None:
        return [Problem("seed_not_revealed", "/seed")]
    if not is_seed(record["seed"]):
        return []  # said before
    try:
        expected = redraw(frame, method, seed=record["seed"], word=str(record.get("word") or ""))
    except Invalid as wrong:
        return [Problem("cannot_be_drawn", "/method", "", str(wrong))]
    return list(_differences(expected, record["result"]))


def _differences(expected: list[Json], found: object) -> Iterator[Problem]:
    if not isinstance(found, list):
        yield Problem("malformed", "/result")
        return
    for position, (ours, theirs) in enumerate(itertools.zip_longest(expected, found)):
        if ours != theirs:
            yield Problem("other_list", f"/result/{position}", _unit(ours), _unit(theirs))


def _unit(one: Any) -> str:
    """A drawn unit in a few words; nothing where there is none."""
    if not isinstance(one, dict):
        return _short("" if one is None else one)
    return " ".join(_short(one.get(key, "")) for key in ("id", "label")) + f" ({one.get('roll')}/{one.get('of')})"
