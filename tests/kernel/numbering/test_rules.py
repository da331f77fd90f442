"""How a number reads."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.numbering.rules import compose

DAY = date(2026, 11, 20)
CODES = st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True)


@pytest.mark.parametrize(
    ("parts", "number"),
    [
        (("WX", "JT", DAY, 7), "WX-JT-20261120-0007"),
        (("WX", "jt", DAY, 7), "WX-JT-20261120-0007"),
        (("TS", "九台-1", DAY, 9999), "TS-九台-1-20261120-9999"),
        (("WX", "JT", date(987, 1, 2), 10000), "WX-JT-09870102-10000"),
    ],
)
def test_numbers(parts: tuple[str, str, date, int], number: str) -> None:
    assert compose(*parts) == number


@pytest.mark.parametrize(
    "parts", [("", "JT", DAY, 1), ("W-X", "JT", DAY, 1), ("wx", "JT", DAY, 1), ("WX", "", DAY, 1), ("WX", "JT", DAY, 0)]
)
def test_parts_that_make_no_number(parts: tuple[str, str, date, int]) -> None:
    with pytest.raises(ValueError, match="no number can be made"):
        compose(*parts)


@given(st.lists(st.tuples(CODES, CODES, st.dates(date(1000, 1, 1)), st.integers(1, 10**9)), unique=True))
def test_different_parts_make_different_numbers(parts: list[tuple[str, str, date, int]]) -> None:
    assert len({compose(*one) for one in parts}) == len(parts)
