"""Verifying a record: the honest one passes, everything changed in it is named."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.draws.frames import METHOD, SEED, UNITS, WORD, many, record
from wuyou.kernel.draws.generator import new_seed
from wuyou.kernel.draws.record import (
    Malformed,
    canonical,
    commitment_of,
    digest,
    frame_json,
    method_json,
    read_frame,
    read_method,
    redraw,
)
from wuyou.kernel.draws.sampling import Method, Unit
from wuyou.kernel.draws.verification import Problem, verify
from wuyou.kernel.draws.words import SENTENCES, sentence

COMMITMENT = "27c6499f622c056585771d9e49fcb48ea55f9a941d93af523993cdae0433517e"


def codes(found: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in found]


def test_the_honest_record_passes() -> None:
    assert verify(record()) == []
    assert verify(record(), commitment=COMMITMENT) == []


def test_the_published_vector_of_a_whole_draw() -> None:
    assert record()["commitment"] == COMMITMENT
    assert digest(frame_json(UNITS)) == "957c8a2d6b091cc332efce695ccb0a7f2a9dd9cdcb063695313593c8237f8bde"
    assert digest(method_json(METHOD)) == "5253c5a7f9703b74b4da458370dce76ef0b205d0a767e6acdaae588ae87e038b"
    assert redraw(UNITS, METHOD, seed=SEED, word=WORD) == record()["result"]


def changed(path: str, value: Any) -> dict[str, Any]:
    """The honest record with one thing changed; `path` is a JSON pointer without its first stroke."""
    found = copy.deepcopy(record())
    *parents, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    target: Any = found
    for part in parents:
        target = target[part]
    target[last] = value
    return found


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("version", "wuyou-draw-2", [("version", "/version")]),
        ("version", None, [("version", "/version")]),
        # the frame changed between draw and verification: what is drawn from it may differ too
        ("frame/0/label", "2号楼 B", [("frame_changed", "/frame")]),
        ("frame/1/weight", 9, [("frame_changed", "/frame"), ("other_list", "/result/0")]),
        ("frame_digest", "0" * 64, [("frame_changed", "/frame"), ("commitment_broken", "/commitment")]),
        ("method/is_weighted", False, [("commitment_broken", "/commitment"), ("other_list", "/result/0")]),
        ("commitment", "0" * 64, [("commitment_broken", "/commitment")]),
        ("commitment", None, [("commitment_broken", "/commitment")]),
        ("seed", None, [("seed_not_revealed", "/seed")]),
        ("seed", "2a", [("malformed", "/seed")]),
        ("result/0/id", "1", [("other_list", "/result/0")]),
        ("result/2/roll", 1, [("other_list", "/result/2")]),
        ("result", [], [("other_list", f"/result/{n}") for n in range(3)]),
        ("result", [1, *record()["result"][1:]], [("other_list", "/result/0")]),
        ("result", "2, 5, 3", [("malformed", "/result")]),
        ("result", None, [("not_drawn", "/result")]),
        ("word", None, [("word_missing", "/word")]),  # by chance the same list
        ("word", "雾", [("other_list", "/result/0")]),
        ("word", "  ", [("malformed", "/word")]),
        ("word", 5, [("malformed", "/word")]),
        ("word_by", {"id": "user:1", "label": "Anna"}, [("own_word", "/word_by")]),
        ("word_at", "2026-11-20T01:00:00+00:00", [("order", "/word_at")]),
        ("drawn_at", "yesterday", [("malformed", "/drawn_at")]),
        ("drawn_at", "2026-11-20T02:10:00", [("malformed", "/drawn_at")]),
        ("drawn_at", 5, [("malformed", "/drawn_at")]),
        ("state", "abandoned", [("abandoned", "/state")]),
        ("frame", None, [("malformed", "/frame")]),
        ("frame/2", {"id": "3"}, [("malformed", "/frame/2")]),
        ("frame/2/weight", True, [("malformed", "/frame/2/weight")]),
        ("frame/2/weight", 1.0, [("malformed", "/frame/2/weight")]),
        ("frame/2/label", None, [("malformed", "/frame/2/label")]),
        ("method", None, [("malformed", "/method")]),
        ("method/number", "3", [("malformed", "/method/number")]),
        ("method/allocation", "by_mood", [("malformed", "/method/allocation")]),
        ("method/numbers", [{"stratum": "A"}], [("malformed", "/method/numbers/0")]),
        ("method/numbers", [{"stratum": "A", "number": 1}] * 2, [("malformed", "/method/numbers")]),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(path: str, value: Any, expected: list[tuple[str, str]]) -> None:
    found = codes(verify(changed(path, value)))
    # after a changed weight, method or word the whole list is another one: one place stands for the rest
    assert [one for one in found if one[0] != "other_list" or one in expected] == expected


@pytest.mark.parametrize("thing", [None, [], "record", 5])
def test_what_is_no_record_is_refused(thing: object) -> None:
    assert codes(verify(thing)) == [("malformed", "/")]


def test_a_record_forged_as_a_whole_is_told_by_the_noted_commitment() -> None:
    """Somebody makes a new seed and everything that follows from it: consistent, but not what was promised."""
    seed = new_seed()
    forged = record(
        seed=seed,
        commitment=commitment_of(seed, digest(frame_json(UNITS)), digest(method_json(METHOD))),
        result=redraw(UNITS, METHOD, seed=seed, word=WORD),
    )
    assert verify(forged) == []
    assert codes(verify(forged, commitment=COMMITMENT)) == [("other_commitment", "/commitment")]


def test_a_word_nobody_promised_lets_the_drawer_choose() -> None:
    method = method_json(Method(3, "proportional", at_least_one=True, is_weighted=True))
    promised = commitment_of(SEED, record()["frame_digest"], digest(method))
    assert codes(verify(record(method=method, commitment=promised))) == [("word_unasked", "/word")]


def test_before_the_draw_there_is_nothing_to_check_but_the_frame() -> None:
    early = record(state="committed", seed=None, result=None, word=None, word_by=None, word_at=None, drawn_at=None)
    assert codes(verify(early)) == [("not_drawn", "/result")]


def test_a_frame_that_cannot_serve_the_method_is_told() -> None:
    """A commitment to an impossible draw: no program of ours makes one."""
    method = {**record()["method"], "number": 9}
    promised = commitment_of(SEED, record()["frame_digest"], digest(method))
    assert codes(verify(record(method=method, commitment=promised))) == [("cannot_be_drawn", "/method")]


@given(st.integers(2, 30), st.data())
def test_any_other_order_is_another_list(count: int, data: st.DataObject) -> None:
    units, method = many(count), Method(count)
    drawn = redraw(units, method, seed=SEED, word="")
    one, other = data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))
    swapped = list(drawn)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    listed, how = frame_json(units), method_json(method)
    honest = record(
        frame=listed,
        frame_digest=digest(listed),
        method=how,
        commitment=commitment_of(SEED, digest(listed), digest(how)),
        result=drawn,
        **dict.fromkeys(["word", "word_by", "word_at"]),
    )
    assert verify(honest) == []
    found = codes(verify({**honest, "result": swapped}))
    assert found == [("other_list", f"/result/{place}") for place in sorted((one, other))]


@given(st.lists(st.builds(Unit, st.text(min_size=1), st.text(), st.text(), st.integers(1, 99)), max_size=5))
def test_frames_survive_publication(units: list[Unit]) -> None:
    assert read_frame(frame_json(units)) == units


@pytest.mark.parametrize("method", [METHOD, Method(2), Method(3, "given", numbers={"乙": 1, "甲": 2})])
def test_methods_survive_publication(method: Method) -> None:
    assert read_method(method_json(method)) == method


def test_a_malformed_part_says_where() -> None:
    with pytest.raises(Malformed) as caught:
        read_method({"number": 1})
    assert caught.value.where == "/method"


def test_canonical_json_is_one_text() -> None:
    assert canonical({"b": [1, None, True], "a": '楼\n"\x7f'}) == '{"a":"楼\\n\\"\x7f","b":[1,null,true]}'


@pytest.mark.parametrize("code", SENTENCES)
def test_every_problem_has_its_sentence(code: str, english: None) -> None:
    words = str(sentence(Problem(code, "/here", "this", "that")))
    assert "%(" not in words
    assert any(part in words for part in ("/here", "that", ".")) or code == "abandoned"
