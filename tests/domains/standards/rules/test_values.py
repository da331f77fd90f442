"""Values of clauses by kind."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.standards.choices import ClauseKind
from wuyou.domains.standards.rules.values import DIRECTIONS, NO_DUTY, is_no_duty, is_stricter, parse_value
from wuyou.kernel.errors import Invalid

NUMBERS = [ClauseKind.MINUTES, ClauseKind.HOURS, ClauseKind.YEARS]


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("minutes", "30", 30),
        ("minutes", " 30 ", 30),
        ("hours", "0.5", "0.5"),
        ("hours_per_day", "24", 24),
        ("percent", "95", 95),
        ("percent", "95%", 95),
        ("percent", "99.5 %", "99.5"),
        ("years", "1", 1),
        ("posts", "2x24h", 48),
        ("posts", "posts 2x24h", 48),
        ("posts", "1 × 8.5 h", "8.5"),
        ("retention", "30 d", 30),
        ("retention", "retention 183 d", 183),
        ("retention", "4 y", 1460),
        ("retention", "6m", 180),
    ],
)
def test_numbers(kind, text, number):
    value = parse_value(kind, text)
    assert (value.number, value.cadence, value.is_duty) == (Decimal(number), None, True)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("minutes", "soon"),
        ("minutes", "-5"),
        ("minutes", "0"),
        ("minutes", "12345678"),
        ("minutes", "1e3"),
        ("hours_per_day", "25"),
        ("percent", "101"),
        ("percent", "%"),
        ("posts", "2"),
        ("posts", "0x24h"),
        ("posts", "2x25h"),
        ("posts", "2x0h"),
        ("retention", "for ever"),
        ("retention", "0 d"),
        ("cadence", "often"),
        ("cadence", "0/1 d"),
    ],
)
def test_what_is_no_value(kind, text):
    with pytest.raises(Invalid):
        parse_value(kind, text)


@pytest.mark.parametrize("kind", ClauseKind.values)
@pytest.mark.parametrize("text", ["", " ", "-", " - "])
def test_no_duty(kind, text):
    value = parse_value(kind, text)
    assert (value.text, value.is_duty, value.number, value.cadence) == (NO_DUTY, False, None, None)
    assert is_no_duty(text) is True


def test_words_stay_words():
    assert parse_value("duty", "及时").text == "及时"
    assert parse_value("cond", "cond:trapped").text == "cond:trapped"


@pytest.mark.parametrize(
    ("kind", "one", "other", "expected"),
    [
        ("cadence", "2/1 d", "1/1 d", True),
        ("cadence", "1/1 d", "2/1 d", False),
        ("cadence", "1/1 d", "1/1 d", False),
        ("cadence", "1/1 h", "1/4 h", True),
        ("cadence", "1/1 m", "1/2 m", True),
        ("minutes", "30", "60", True),
        ("minutes", "60", "30", False),
        ("hours", "8", "72", True),
        ("percent", "95", "90", True),
        ("hours_per_day", "18", "24", False),
        ("posts", "2x24h", "1x24h", True),
        ("retention", "4 y", "1 y", True),
        ("duty", "yes", "-", True),
        ("duty", "-", "yes", False),
        ("duty", "定期", "适时", False),
        ("minutes", "60", "", True),
        ("percent", "-", "-", False),
    ],
)
def test_stricter(kind, one, other, expected):
    assert is_stricter(kind, one, other) is expected


@given(
    st.sampled_from(sorted(set(DIRECTIONS) - {"posts", "retention", "hours_per_day", "percent"})),
    st.integers(1, 999),
    st.integers(1, 999),
)
def test_of_two_different_numbers_one_is_stricter(kind, a, b):
    stricter = [is_stricter(kind, str(a), str(b)), is_stricter(kind, str(b), str(a))]
    assert sum(stricter) == (a != b)
