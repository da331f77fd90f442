"""How often, and which is the strictest."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from kernel.cadence.cadences import cadences
from wuyou.kernel.cadence import Cadence, is_stricter, parse, per_year, strictest, windows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/1 h", "8765.8200"),
        ("1/5 h", "1753.1640"),
        ("2/8 h", "2191.4550"),
        ("1/4 h; 08:00-18:00", "1095.7275"),
        ("1/48 h", "182.6213"),
        ("1/5 h; on mon", "250.4520"),
        ("1/1 d", "365.2425"),
        ("2/1 d", "730.4850"),
        ("1/1 d; on mon,thu", "104.3550"),
        ("1/1 d; season 4-10", "214.0000"),
        ("1/1 d; season 2-2", "28.2425"),
        ("1/1 d; workdays", "248.0000"),
        ("1/1 d; not on holidays", "352.2425"),
        ("1/15 d", "24.3495"),
        ("2/1 w", "104.3550"),
        ("2/1 w; on mon,thu", "104.3550"),
        ("1/0.5 m", "24.0000"),
        ("1/6 m", "2.0000"),
        ("1/1 q", "4.0000"),
        ("1/2 hy", "1.0000"),
        ("1/3 y", "0.3333"),
        ("1/1 y; season 11-3", "1.0000"),
        ("2/1 m; season 4-10", "14.0000"),
        ("2/1 m; season 4-10; else 1/1 m", "19.0000"),
        ("1/1 m; season 4-10; workdays", "7.0000"),
        ("years 1;4;7;9;11;13;15; then 1/1 y", "0.4667"),
        ("years except 1;4;7;9;11;13;15; then 1/1 y", "0.5333"),
        ("years 5;then 1/2 y;scrap 10", "0.4000"),
        ("years except 1", "1.0000"),
        ("years except 1; then 1/2 y", "0.5000"),
        ("2/1 job", "0"),
        ("cond:snow", "0"),
        ("-", "0"),
    ],
)
def test_per_year(text: str, expected: str) -> None:
    assert per_year(parse(text)) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["1/1 h", "3/1 d", "2/1 m", "1/0.5 m", "1/1 q", "1/1 y", "2/1 m; season 4-10; else 1/1 m"]
)
def test_an_ordinary_year_holds_what_per_year_says(text: str) -> None:
    count = sum(1 for _ in windows(parse(text), start=date(2026, 1, 1), end=date(2027, 1, 1)))
    assert count == int(per_year(parse(text)) * 365 / Decimal("365.2425") + Decimal("0.5"))


@pytest.mark.parametrize(
    ("strict", "lax"),
    [
        ("1/1 d", "1/3 d"),
        ("1/1 d", "1/1 w"),
        ("1/1 h", "1/4 h"),
        ("2/1 w", "1/1 w"),
        ("1/15 d", "1/0.5 m"),
        ("1/1 d; <08:00", "1/1 d"),
        ("1/1 d; 06:00-08:00", "1/1 d; <08:00"),
        ("2/1 w; on mon,thu", "2/1 w"),
        ("2/1 w; on mon,wed,fri", "2/1 w"),
        ("1/1 m; <08:00", "1/1 m"),
        ("1/1 y; season 5-10", "1/1 y"),
        ("1/5 h", "1/10 h"),
        ("12/60 h", "1/5 h; season 5-10"),
        ("years 1; then 1/1 y", "years 1;3"),
        ("years 1;2; early<=1 m", "years 1;2; early<=2 m"),
        ("1/1 y", "2/1 job"),
        ("years 1;9", "cond:snow"),
        ("2/1 job", "cond:snow"),
        ("cond:snow", "-"),
    ],
)
def test_the_stricter_of_two(strict: str, lax: str) -> None:
    one, other = parse(strict), parse(lax)
    assert (is_stricter(one, other), is_stricter(other, one)) == (True, False)
    assert strictest([other, one]) is one


@pytest.mark.parametrize(("one", "other"), [("1/1 q", "1/3 m"), ("cond:snow", "cond:storm"), ("1/24 h", "1/1 d")])
def test_equal_demands_are_neither_stricter(one: str, other: str) -> None:
    first, second = parse(one), parse(other)
    assert not is_stricter(first, second)
    assert not is_stricter(second, first)
    assert strictest([first, second]) is first


@given(cadences())
def test_nothing_is_stricter_than_itself(cadence: Cadence) -> None:
    assert not is_stricter(cadence, cadence)
    assert per_year(cadence) >= 0


def test_the_strictest_of_none() -> None:
    with pytest.raises(ValueError, match="empty"):
        strictest([])
