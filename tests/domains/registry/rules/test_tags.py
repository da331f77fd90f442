"""Short codes: no look-alikes, every slip noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.registry.rules import tags
from wuyou.kernel.errors import Invalid

CODES = st.text(tags.ALPHABET, min_size=tags.BODY, max_size=tags.BODY).map(lambda body: body + tags.check_sign(body))


def test_no_sign_looks_like_another() -> None:
    assert set("0O1IL") & set(tags.ALPHABET) == set()
    assert len(tags.ALPHABET) == 31


def test_a_code_is_drawn_sign_by_sign() -> None:
    signs = iter("ABCDEFG")
    code = tags.new_code(lambda _alphabet: next(signs))
    assert (code[:7], tags.shown(code)) == ("ABCDEFG", f"ABCD-EFG{code[7]}")


@given(CODES)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    assert tags.read_code(f" {tags.shown(code).lower()} ") == code


@given(CODES, st.integers(0, 7), st.integers(1, 30))
def test_one_wrong_sign_is_noticed(code: str, at: int, more: int) -> None:
    wrong = tags.ALPHABET[(tags.ALPHABET.index(code[at]) + more) % 31]
    with pytest.raises(Invalid):
        tags.read_code(code[:at] + wrong + code[at + 1 :])


@given(CODES, st.integers(0, 5))
def test_two_signs_swapped_are_noticed(code: str, at: int) -> None:
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    if swapped != code:
        with pytest.raises(Invalid):
            tags.read_code(swapped)


@pytest.mark.parametrize("text", ["", "ABC", "ABCD-EFG0", "ABCDEFGHJ"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        tags.read_code(text)
