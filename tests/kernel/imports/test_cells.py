"""Every way people write a cell."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.imports import cells
from wuyou.kernel.imports.cells import CellProblem, Parser


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (" １－２－３０１ ", "1-2-301"),
        ("Ａ区　１号楼", "A区 1号楼"),
        ("甲\u200b\xa0 乙\n丙", "甲 乙 丙"),
        ("（A区），B", "（A区），B"),
        (101.0, "101"),
        (72.08, "72.08"),
        (13812345678.0, "13812345678"),
        (True, "是"),
        (False, "否"),
        (date(2025, 1, 31), "2025-01-31"),
        (datetime(2025, 1, 31), "2025-01-31"),
        (datetime(2025, 1, 31, 8, 5), "2025-01-31T08:05:00"),
        (time(8, 0), "08:00:00"),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_text_is_tidied(cell: object, expected: str) -> None:
    assert cells.tidy(cell) == expected
    assert cells.text().convert(cell) == expected


def test_a_long_number_that_lost_its_digits_is_refused() -> None:
    with pytest.raises(CellProblem, match="15"):
        cells.tidy(220102198001011234.0)


def test_text_has_a_length_and_no_control_characters() -> None:
    assert cells.text(longest=3).convert("一二三") == "一二三"
    with pytest.raises(CellProblem):
        cells.text(longest=3).convert("一二三四")
    with pytest.raises(CellProblem):
        cells.text().convert("a\x07b")


def test_text_may_keep_its_lines() -> None:
    assert cells.text(lines=True).convert("一 \r\n二") == "一\n二"
    assert cells.text(lines=True).convert(5.0) == "5"


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000", "\ufeff", "\xa0\n", "-", "——", "／", " \\ ", "--------"])
def test_what_nobody_can_see_is_blank(cell: object) -> None:
    assert cells.is_blank(cell)


@pytest.mark.parametrize("cell", [0, 0.0, False, "0", "无", "-1", "---------"])
def test_a_nought_is_not_blank(cell: object) -> None:
    assert not cells.is_blank(cell)


def test_keys_fold_width_case_and_spaces() -> None:
    assert cells.key("Ａ区 （1）") == cells.key("a区(1)")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (72.08, "72.08"),
        ("７２．０８", "72.08"),
        ("1,234.5", "1234.50"),
        ("¥12", "12.00"),
        ("￥12", "12.00"),
        ("72.08㎡", "72.08"),
        (" 72.08 平方米", "72.08"),
        (0.1 + 0.2, "0.30"),
        (5, "5.00"),
    ],
)
def test_decimals(cell: object, expected: str) -> None:
    assert cells.decimal(units=("㎡", "平方米")).convert(cell) == Decimal(expected)


@pytest.mark.parametrize(
    "cell",
    [
        "abc",
        "1.2.3",
        "NaN",
        "Infinity",
        True,
        date(2025, 1, 1),
        "12元",
        1.234,
        "1.234",
        1e15,
        1e300,
        "1e999999999",
        "-1e99999999999999999999",
        float("inf"),
        float("nan"),
    ],
)
def test_what_is_no_decimal(cell: object) -> None:
    with pytest.raises(CellProblem):
        cells.decimal().convert(cell)


@pytest.mark.parametrize(
    ("parser", "cell", "good"),
    [
        (cells.decimal(above=0), 0, False),
        (cells.decimal(above=0), -1, False),
        (cells.decimal(above=0), 0.01, True),
        (cells.decimal(least=0), 0, True),
        (cells.decimal(least=0), -0.01, False),
        (cells.decimal(most=5), 5, True),
        (cells.decimal(most=5), 5.01, False),
        (cells.integer(least=1, most=3), "3", True),
        (cells.integer(least=1), 0, False),
        (cells.integer(most=3), 4, False),
        (cells.integer(), 1.5, False),
        (cells.integer(units=("层",)), "6层", True),
        (cells.integer(), "一", False),
    ],
)
def test_bounds(parser: Parser, cell: object, good: bool) -> None:
    if good:
        parser.convert(cell)
    else:
        with pytest.raises(CellProblem):
            parser.convert(cell)


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_come_back_from_floats_and_text(number: int) -> None:
    assert cells.integer().convert(float(number)) == number
    assert cells.integer().convert(f"{number:,}") == number
    assert cells.tidy(float(number)) == str(number)


@pytest.mark.parametrize(
    "cell",
    [
        date(2025, 1, 31),
        datetime(2025, 1, 31, 8),
        "2025-01-31",
        "2025/1/31",
        "2025.1.31",
        "2025年1月31日",
        "2025年1月31",
        "20250131",
        20250131.0,
        45688,
        45688.75,
        "２０２５－０１－３１",
        " 2025-1-31 ",
        "2025-01-31 00:00:00",
        "2025-01-31T08:00",
    ],
)
def test_days(cell: object) -> None:
    assert cells.day().convert(cell) == date(2025, 1, 31)


@pytest.mark.parametrize(
    "cell",
    [
        "2025-02-30",
        "2025-13-01",
        "25-01-31",
        "昨天",
        5,
        -3.0,
        float("inf"),
        float("-inf"),
        float("nan"),
        20251301,
        1e12,
        True,
        "45688",
        "0000-01-01",
    ],
)
def test_what_is_no_day(cell: object) -> None:
    with pytest.raises(CellProblem):
        cells.day().convert(cell)


@given(st.dates(date(1920, 1, 1), date(2199, 12, 31)))
def test_days_come_back_from_every_form(day: date) -> None:
    forms = [day.isoformat(), f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日", (day - date(1899, 12, 30)).days]
    assert [cells.day().convert(form) for form in forms] == [day] * 4


@pytest.mark.parametrize(
    "cell", ["2025-03", "2025/3", "2025年3月", "202503", "2025.03", date(2025, 3, 9), datetime(2025, 3, 9), 45720]
)
def test_months(cell: object) -> None:
    assert cells.month().convert(cell) == date(2025, 3, 1)


@pytest.mark.parametrize("cell", ["3月", "2025-13", "x", 7, float("inf"), float("nan")])
def test_what_is_no_month(cell: object) -> None:
    with pytest.raises(CellProblem):
        cells.month().convert(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("是", True),
        ("有", True),
        ("Y", True),
        (1.0, True),
        (True, True),
        ("√", True),
        ("否", False),
        ("无", False),
        ("no", False),
        (0, False),
        (False, False),
        ("×", False),
    ],
)
def test_yes_and_no(cell: object, expected: bool) -> None:
    assert cells.yes_no().convert(cell) is expected


def test_neither_yes_nor_no() -> None:
    with pytest.raises(CellProblem):
        cells.yes_no().convert("也许")


def test_choices_know_their_words() -> None:
    parser = cells.choice({"home": ("住宅", "住房"), "shop": ("商铺",), "bare": ()})
    assert [parser.convert(word) for word in ("住宅", "住 房", "HOME", "商铺", "bare")] == [
        "home",
        "home",
        "home",
        "shop",
        "bare",
    ]
    assert parser.choices == ("住宅", "商铺", "bare")
    with pytest.raises(CellProblem, match="住宅、商铺"):
        parser.convert("车库")


def test_patterns() -> None:
    parser = cells.pattern(r"\d{11}", "not a phone")
    assert parser.convert("１３８ 1234 5678") == "13812345678"
    for wrong in ("1381234567a", "138123456789"):
        with pytest.raises(CellProblem, match="not a phone"):
            parser.convert(wrong)
