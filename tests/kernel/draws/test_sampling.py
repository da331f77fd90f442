"""Frames and methods: what is refused, how a sample is shared out, and that another hand draws the same."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.draws.frames import METHOD, SEED, UNITS, WORD, many, told, told_shares
from wuyou.kernel.draws.generator import Stream, key_of
from wuyou.kernel.draws.record import frame_json, method_json
from wuyou.kernel.draws.sampling import (
    MOST_UNITS,
    Method,
    Unit,
    allot,
    check_frame,
    check_method,
    draw,
    proportional,
    strata_of,
)
from wuyou.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ([], "nothing to draw from"),
        ([Unit("", "x")], "identifier"),
        ([Unit("1", "x"), Unit("2", "y"), Unit("1", "x")], "“x” stands in the frame twice"),
        ([Unit("1", "x", "A"), Unit("1", "x", "B")], "in two strata: “A” and “B”"),
        ([Unit("1", "x", weight=-1)], "from 1 to 1,000,000"),
        ([Unit("1", "x", weight=0)], "from 1 to 1,000,000"),
        ([Unit("1", "x", weight=1_000_001)], "from 1 to 1,000,000"),
        ([Unit("1", "x")] * (MOST_UNITS + 1), "at most 200,000"),
    ],
)
def test_frames_nothing_can_be_drawn_from(units: list[Unit], said: str, english: None) -> None:
    with pytest.raises(Invalid, match=said):
        check_frame(units)


def test_a_wrong_unit_is_named_by_its_place() -> None:
    with pytest.raises(Invalid) as caught:
        check_frame([Unit("1", "x"), Unit("2", "y", weight=0)])
    assert [error.field for error in caught.value.fields] == ["frame/1/weight"]


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (Method(0), "at least one"),
        (Method(1, "by_mood"), "how the sample is shared out"),
        (Method(6), "6 are asked for but there are only 5"),
        (Method(1, "proportional", at_least_one=True), "There are 2 strata"),
        (Method(2, "given", numbers={"A": 1, "C": 1}), "no stratum “C”"),
        (Method(3, "given", numbers={"A": 3}), "3 are asked for in “A”, which has 2"),
        (Method(1, "given", numbers={"A": -1, "B": 2}), "-1 are asked for in “A”"),
        (Method(3, "given", numbers={"A": 1, "B": 1}), "add up to 2, not to 3"),
        (Method(2, "proportional", numbers={"A": 2}), "numbers given by stratum only"),
        (Method(2, numbers={"A": 2}), "numbers given by stratum only"),
    ],
)
def test_methods_a_frame_cannot_serve(method: Method, said: str, english: None) -> None:
    with pytest.raises(Invalid, match=said):
        check_method(method, UNITS)


@pytest.mark.parametrize(
    ("method", "shares"),
    [
        (Method(5), {"": 5}),
        (Method(2, "proportional"), {"A": 1, "B": 1}),
        (Method(1, "proportional"), {"A": 0, "B": 1}),
        (Method(3, "proportional", at_least_one=True), {"A": 1, "B": 2}),
        (Method(2, "proportional", at_least_one=True), {"A": 1, "B": 1}),
        (Method(5, "proportional", at_least_one=True), {"A": 2, "B": 3}),
        (Method(3, "given", numbers={"B": 3}), {"A": 0, "B": 3}),
    ],
)
def test_shares_of_the_strata(method: Method, shares: dict[str, int]) -> None:
    assert allot(method, strata_of(UNITS, method)) == shares


@pytest.mark.parametrize(
    ("number", "sizes", "shares"),
    [
        (10, {"a": 50, "b": 30, "c": 20}, {"a": 5, "b": 3, "c": 2}),
        (7, {"a": 50, "b": 30, "c": 20}, {"a": 4, "b": 2, "c": 1}),  # 3.5, 2.1, 1.4
        (1, {"a": 10, "b": 10}, {"a": 1, "b": 0}),  # a tie goes to the name that sorts first
        (0, {"a": 0}, {"a": 0}),
    ],
)
def test_largest_remainder(number: int, sizes: dict[str, int], shares: dict[str, int]) -> None:
    assert proportional(number, sizes) == shares


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8), st.booleans(), st.data())
def test_shares_add_up_and_no_stratum_gives_more_than_it_has(
    sizes: list[int], at_least_one: bool, data: st.DataObject
) -> None:
    number = data.draw(st.integers(len(sizes), sum(sizes)))
    strata = {f"s{n}": many(size) for n, size in enumerate(sizes)}
    shares = allot(Method(number, "proportional", at_least_one=at_least_one), strata)
    assert sum(shares.values()) == number
    assert all(int(at_least_one) <= shares[f"s{n}"] <= size for n, size in enumerate(sizes))


def methods(units: list[Unit]) -> st.SearchStrategy[Method]:
    sizes = {name: sum(unit.stratum == name for unit in units) for name in {unit.stratum for unit in units}}
    yes_or_no, enough = st.booleans(), st.integers(len(sizes), len(units))
    given_numbers = st.fixed_dictionaries({name: st.integers(0, size) for name, size in sizes.items()})
    return st.one_of(
        st.builds(Method, st.integers(1, len(units)), is_weighted=st.booleans()),
        st.builds(Method, st.integers(1, len(units)), st.just("proportional"), is_weighted=st.booleans()),
        st.builds(Method, enough, st.just("proportional"), st.just(True), is_weighted=yes_or_no),
        given_numbers.filter(lambda numbers: sum(numbers.values()) > 0).map(
            lambda numbers: Method(sum(numbers.values()), "given", numbers=numbers)
        ),
    )  # fmt: skip


@given(st.integers(1, 60), st.integers(1, 6), st.text(max_size=8), st.data())
def test_another_hand_draws_the_same(count: int, strata: int, word: str, data: st.DataObject) -> None:
    units = many(count, strata=strata)
    method = data.draw(methods(units))
    drawn = draw(Stream(key_of(SEED, word)), units, method)
    frame, how = frame_json(units), method_json(method)
    assert [(one.unit.id, one.roll, one.of) for one in drawn] == told(frame, how, SEED, word)
    assert [one.position for one in drawn] == list(range(1, method.number + 1))
    turns = [(one.unit.stratum if method.allocation != "none" else "", one.turn) for one in drawn]
    assert turns == [(name, turn) for name, number in told_shares(frame, how) for turn in range(1, number + 1)]


def test_the_whole_draw_of_the_documents() -> None:
    drawn = draw(Stream(key_of(SEED, WORD)), UNITS, METHOD)
    assert [(one.unit.id, one.roll, one.of) for one in drawn] == [("2", 2, 4), ("5", 3, 4), ("3", 0, 3)]


def test_weights_count_only_where_the_method_says_so() -> None:
    heavy = [Unit("1", "x", weight=1_000_000), *[Unit(str(n), "y") for n in range(2, 22)]]
    plain = [Unit(unit.id, unit.label) for unit in heavy]
    first: dict[str, Any] = {"weighted": [], "plain": []}
    for word in map(str, range(20)):
        first["weighted"].append(draw(Stream(key_of(SEED, word)), heavy, Method(1, is_weighted=True))[0].unit.id)
        unweighted = [draw(Stream(key_of(SEED, word)), units, Method(1))[0] for units in (heavy, plain)]
        assert unweighted[0].roll == unweighted[1].roll
        first["plain"].append(unweighted[0].unit.id)
    assert first["weighted"] == ["1"] * 20
    assert len(set(first["plain"])) > 5


def test_drawing_checks_its_frame() -> None:
    with pytest.raises(Invalid):
        draw(Stream(key_of(SEED)), [], Method(1))
