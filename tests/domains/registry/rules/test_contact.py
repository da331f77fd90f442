"""Telephone numbers, identity numbers, plates, ages."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.registry.rules import contact
from wuyou.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ""),
        ("   ", ""),
        ("13800001111", "13800001111"),
        ("138 0000 1111", "13800001111"),
        ("138-0000-1111", "13800001111"),
        ("１３８００００１１１１", "13800001111"),
        ("+86 13800001111", "13800001111"),
        ("(+86)138 0000 1111", "13800001111"),
        ("008613800001111", "13800001111"),
        ("8613800001111", "13800001111"),
        ("0431-82223333", "043182223333"),
        ("010 8222 3333", "01082223333"),
    ],
)
def test_a_phone_is_plain_digits(written: str, expected: str) -> None:
    assert contact.normal_phone(written) == expected


@pytest.mark.parametrize("written", ["1380000111a", "电话", "13800001111转2", "1380000l111"])
def test_letters_in_a_phone_are_named(written: str) -> None:
    with translation.override("en"), pytest.raises(Invalid, match="digits only"):
        contact.normal_phone(written)


@pytest.mark.parametrize("written", ["1.99E+10", "1.99e10", "1.1010519491231E+17", " １.９９Ｅ＋１０ "])
@pytest.mark.parametrize("normal", [contact.normal_phone, contact.normal_identity])
def test_a_number_a_spreadsheet_shortened_says_so(written: str, normal: Callable[[str], str]) -> None:
    with translation.override("en"), pytest.raises(Invalid, match="shortened"):
        normal(written)


@pytest.mark.parametrize("written", ["1380000111", "138000011112", "12800001111", "82223333", "0431", "+"])
def test_a_phone_has_its_digits(written: str) -> None:
    with pytest.raises(Invalid):
        contact.normal_phone(written)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86", "86", "0086", "+86 "]))
def test_a_country_code_makes_no_difference(phone: str, country: str) -> None:
    assert contact.normal_phone(country + phone) == phone


def test_an_old_identity_number_is_lengthened() -> None:
    assert contact.normal_identity("110105491231002") == "11010519491231002X"


@pytest.mark.parametrize(
    ("written", "expected"),
    [("", ""), ("11010519491231002x", "11010519491231002X"), (" 110105 19491231 002X ", "11010519491231002X")],
)
def test_an_identity_number_is_tidied(written: str, expected: str) -> None:
    assert contact.normal_identity(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "110105194912310021",  # check digit
        "11010519491331002X",  # month 13
        "110105490231002",  # 31 February 1949
        "1101051949123100",  # 16 digits
        "01010519491231002X",  # region 0
        "1101051949123100AX",
        "身份证号码",
    ],
)
def test_a_wrong_identity_number_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        contact.normal_identity(written)


BODIES = st.builds(
    lambda region, day, serial: f"{region}{day:%Y%m%d}{serial:03d}",
    st.integers(110000, 659999),
    st.dates(dt.date(1900, 1, 1), dt.date(2026, 1, 1)),
    st.integers(0, 999),
)


@given(BODIES)
def test_the_check_digit_makes_a_number_whole(body: str) -> None:
    number = body + contact.check_sign(body)
    assert contact.normal_identity(number) == number
    assert contact.born_on(number) == dt.date(int(body[6:10]), int(body[10:12]), int(body[12:14]))


@given(BODIES, st.integers(14, 16), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(body: str, at: int, more: int) -> None:
    number = body + contact.check_sign(body)
    wrong = number[:at] + str((int(number[at]) + more) % 10) + number[at + 1 :]
    with pytest.raises(Invalid):
        contact.normal_identity(wrong)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("吉A12345", "吉A12345"),
        ("吉a·12345", "吉A12345"),
        ("吉A•12345", "吉A12345"),
        ("京AD12345", "京AD12345"),
        ("吉A1234学", "吉A1234学"),
        ("粤Ｚ1234港", "粤Z1234港"),
    ],
)
def test_a_plate_is_capitals(written: str, expected: str) -> None:
    assert contact.normal_plate(written) == expected


@pytest.mark.parametrize("written", ["", "A12345", "吉A1234", "吉AI2345", "吉A12O45", "吉A1234567"])
def test_a_wrong_plate_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        contact.normal_plate(written)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ((1976, 11, 20), (2026, 11, 20), 50),
        ((1976, 11, 21), (2026, 11, 20), 49),
        ((2000, 2, 29), (2026, 2, 28), 25),
        ((2000, 2, 29), (2026, 3, 1), 26),
    ],
)
def test_age_is_full_years(born: tuple[int, int, int], on: tuple[int, int, int], age: int) -> None:
    assert contact.age_on(dt.date(*born), dt.date(*on)) == age
