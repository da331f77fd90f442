"""Predicates over facts."""

import contextlib
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.standards.rules.facts import (
    ALWAYS,
    KNOWN,
    OBJECT,
    facts_lacking,
    holds,
    holds_for,
    is_per_object,
    parse_predicate,
)
from wuyou.kernel.errors import Invalid

D = Decimal


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("", {}, True),
        ("it", {}, True),
        ("lift", {"lift": True}, True),
        ("lift", {"lift": False}, False),
        ("lift", {}, False),
        ("lift", {"lift": None}, False),
        ("!lift", {}, True),
        ("height>27m", {"height": D("27.1")}, True),
        ("height>27m", {"height": D(27)}, False),
        ("height<=27m", {"height": D(27)}, True),
        ("height>=27m", {"height": D(27)}, True),
        ("height<27m", {"height": D(27)}, False),
        ("height=27m", {"height": D(27)}, True),
        ("height > 26.5 m", {"height": 27}, True),
        ("height>27m", {"height": [D("17.7"), D("53.2")]}, True),
        ("height<=27m", {"height": [D("17.7"), D("53.2")]}, True),
        ("height>27m", {"height": []}, False),
        ("height>27m", {}, False),
        ("height>27m", {"height": None, "height>27m": True}, True),
        ("height>27m", {"height>27m": False}, False),
        ("lift&age>15y", {"lift": True, "age": [D(3), D(16)]}, True),
        ("lift&age>15y", {"lift": True, "age": [D(3)]}, False),
        ("lift&age>15y", {"lift": False, "age": [D(16)]}, False),
        ("tank|hydrant", {"hydrant": True}, True),
        ("tank|hydrant", {}, False),
        ("tank | lift & cctv", {"lift": True}, False),
        ("tank | lift & cctv", {"tank": True}, True),
        ("(tank|lift)&cctv", {"tank": True}, False),
        ("(tank|lift)&cctv", {"tank": True, "cctv": True}, True),
        ("!(tank|lift)", {"lift": True}, False),
        ("!!lift", {"lift": True}, True),
    ],
)
def test_what_holds(text, facts, expected):
    assert holds(text, facts) is expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("helicopter", "helicopter"),
        ("lift>15y", "lift"),
        ("age", "age>15y"),
        ("age>15m", "y"),
        ("age>15", "breaks off"),
        ("age>y", "y"),
        ("lift&", "breaks off"),
        ("lift lift", "lift"),
        ("(lift", "breaks off"),
        ("(lift tank", "tank"),
        ("(lift&(tank|", "breaks off"),
        ("(lift!", "bracket"),
        ("lift)", ")"),
        ("lift;drop", ";drop"),
        ("&lift", "&"),
        ("15y>age", "15"),
        ("!" * 40 + "lift", "deeply"),
    ],
)
def test_what_is_refused(text, words):
    with pytest.raises(Invalid) as error:
        parse_predicate(text)
    with translation.override("en"):
        assert words in str(error.value)


def test_one_building_answers_for_itself():
    project = {"height": [D("17.7"), D("53.2")], "lift": True, "height>27m": True}
    assert holds_for("height>27m", project, {"height": D("53.2")}) is True
    assert holds_for("height>27m", project, {"height": D("17.7")}) is False
    assert holds_for("lift", project, {"height": D("17.7")}) is True


@pytest.mark.parametrize(
    ("text", "expected"), [("", False), ("lift", False), ("age>15y", True), ("lift&height>27m", True), ("!lift", False)]
)
def test_what_depends_on_the_single_object(text, expected):
    assert is_per_object(text) is expected


def test_facts_nobody_collected_are_named():
    asked = ["lift&age>15y", "height>27m", "tank", "it", ""]
    assert facts_lacking(asked, {"lift": True, "height>27m": True, "tank": None}) == {"age", "tank"}
    assert facts_lacking(asked, {"lift": False, "age": [], "height": [], "tank": False}) == frozenset()


TRUTHS = sorted(name for name, fact in KNOWN.items() if not fact.is_number and name != ALWAYS)


def predicates():
    """Texts of predicates and what they are for a set of true facts."""
    names = st.sampled_from(TRUTHS).map(lambda name: (name, lambda true: name in true))
    return st.recursive(
        names,
        lambda inner: st.one_of(
            inner.map(lambda one: (f"!({one[0]})", lambda true: not one[1](true))),
            st.tuples(inner, inner).map(lambda p: (f"({p[0][0]})&({p[1][0]})", lambda t: p[0][1](t) and p[1][1](t))),
            st.tuples(inner, inner).map(lambda p: (f"({p[0][0]})|({p[1][0]})", lambda t: p[0][1](t) or p[1][1](t))),
        ),
        max_leaves=6,
    )


@given(predicates(), st.frozensets(st.sampled_from(TRUTHS)))
def test_logic_is_logic(predicate, true):
    text, meaning = predicate
    assert holds(text, dict.fromkeys(true, True)) is meaning(true)


@given(st.lists(st.decimals("0", "200", places=1)), st.integers(0, 200))
def test_a_project_has_the_duty_when_one_building_has(heights, limit):
    text = f"height>{limit}m"
    assert holds(text, {"height": heights}) is any(holds_for(text, {}, {"height": height}) for height in heights)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(Invalid):  # nothing but Invalid may come out
        assert isinstance(holds(text, {}), bool)


def test_objects_have_units():
    assert {fact.name for fact in KNOWN.values() if fact.scope == OBJECT} == {"age", "height"}
