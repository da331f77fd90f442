"""When one frequency proves another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wuyou.domains.work.rules.strictness import rank, read, satisfies


def text(value: str) -> str:
    reading = read(value)
    assert reading is not None
    return reading.text


@pytest.mark.parametrize(
    ("done", "asked", "expected"),
    [
        ("1/1 d", "1/1 d", True),
        ("2/1 d", "1/1 d", True),
        ("1/1 d", "2/1 d", False),
        ("1/1 d", "1/3 d", True),
        ("1/1 w", "2/1 m", True),
        ("1/3 h", "1/4 h", True),
        ("1/4 h", "1/3 h", False),
        ("1/15 d", "1/1 m", True),
        # in winter nothing is done, so a weekly demand of the whole year is not proven
        ("1/1 d; season 5-10", "1/1 w", False),
        ("1/1 d", "1/1 w; season 5-10", True),
        ("2/1 m; season 4-10; else 1/1 m", "1/1 m", True),
        # sweeping by noon and by night does not promise it before eight
        ("2/1 d", "1/1 d; <08:00", False),
        ("1/1 d; <08:00", "1/1 d", True),
        ("1/1 d; 06:00-07:00", "1/1 d; <08:00", True),
        # weekends stay open
        ("2/1 d; workdays", "1/1 d", False),
        ("1/1 d", "1/1 d; workdays", True),
        ("3/1 w; on mon,wed,fri", "1/1 w", True),
        # what waits for something, and years of a life, are proven by themselves only
        ("cond:snow", "cond:snow", True),
        ("1/1 d", "cond:snow", False),
        ("cond:snow", "1/1 y", False),
        ("years 1;4;then 1/1 y", "1/1 y", False),
    ],
)
def test_satisfies(done: str, asked: str, expected: bool) -> None:
    assert satisfies(text(done), text(asked)) is expected


cadences = st.builds(
    "{}/{} {}".format, st.integers(1, 4), st.integers(1, 4), st.sampled_from(["h", "d", "w", "m", "q", "y"])
).map(text)


@given(one=cadences, other=cadences)
@settings(max_examples=60, deadline=None)
def test_of_two_plain_frequencies_one_proves_the_other(one: str, other: str) -> None:
    assert satisfies(one, other) or satisfies(other, one)


@given(one=cadences, other=cadences, third=cadences)
@settings(max_examples=60, deadline=None)
def test_proving_goes_on_along_a_chain(one: str, other: str, third: str) -> None:
    if satisfies(one, other) and satisfies(other, third):
        assert satisfies(one, third)


def test_the_strictest_sorts_first() -> None:
    texts = [text(value) for value in ("1/1 w", "cond:snow", "2/1 d", "1/1 d", "1/1 d; <08:00")]
    assert sorted(texts, key=rank) == ["2/1 d", "1/1 d; <08:00", "1/1 d", "1/1 w", "cond:snow"]


@pytest.mark.parametrize(
    ("value", "given", "expected"),
    [
        ("1/1 d", {"window": "<08:00"}, ("1/1 d; <08:00", False, "", False)),
        ("及时", {"is_condition": True}, ("cond:及时", True, "", False)),
        ("cond:trapped", {"is_condition": True}, ("cond:trapped", True, "", False)),
        ("及时;主要道路", {"is_condition": True}, ("cond:及时,主要道路", True, "", False)),
        ("2/1 job", {}, ("2/1 job", True, "", False)),
        ("years 5;then 1/2 y", {"anchor": "made_on"}, ("years 5; then 1/2 y", False, "made_on", True)),
        (
            "years 1;4;then 1/1 y;anchor=acceptance month",
            {},
            ("years 1;4; then 1/1 y; anchor=acceptance month", False, "accepted_on", True),
        ),
        ("years 1;4;then 1/1 y", {}, ("years 1;4; then 1/1 y", False, "", True)),
    ],
)
def test_read(value: str, given: dict, expected: tuple) -> None:
    reading = read(value, **given)
    assert reading is not None
    assert (reading.text, reading.is_triggered, reading.anchor, reading.needs_anchor) == expected


@pytest.mark.parametrize("value", ["定期", "posts 2x24h", "by city profile", "", "1/0 d"])
def test_what_is_no_frequency_is_not_read(value: str) -> None:
    assert read(value) is None
