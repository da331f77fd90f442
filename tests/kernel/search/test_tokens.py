"""What a text is found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.search.tokens import LONGEST, MOST_TOKENS, MOST_WORDS, compact, number_parts, query_words, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("困人", ["困", "人", "困人"]),
        ("电梯困人", ["电", "梯", "困", "人", "电梯", "梯困", "困人"]),
        ("Pump Room", ["pump", "room"]),
        ("吉A12345", ["吉", "a12345", "a", "12345"]),
        ("WX-JT-20261120-0007", ["wx", "jt", "20261120", "1120", "0007"]),
        ("１－２－３０１", ["1", "2", "301"]),
        ("。、!", []),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("困", ["困"]),
        ("困人", ["困人"]),
        ("电梯困人", ["电梯", "梯困", "困人"]),
        ("1号楼 张", ["1", "号楼", "张"]),
        ("A12345", ["a12345"]),
    ],
)
def test_query_words(query: str, expected: list[str]) -> None:
    assert query_words(query) == expected


chinese = st.text(st.sampled_from("电梯困人水管爆裂业主"), min_size=1, max_size=12)


@given(chinese, st.data())
def test_every_part_of_a_chinese_text_finds_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert set(query_words(text[start:end])) <= set(tokens(text))


@given(st.text(max_size=80))
def test_tokens_are_what_both_engines_keep_whole(text: str) -> None:
    for token in [*tokens(text), *query_words(text)]:
        assert 0 < len(token) <= LONGEST
        assert not set(token) & set(" '\"\\*:&|!()<>\0")


def test_sizes_are_bounded() -> None:
    assert len(tokens(" ".join(f"w{n}" for n in range(5_000)))) == MOST_TOKENS
    assert len(query_words("一二三四五六七八九十" * 20 + "水电煤气" * 30)) <= MOST_WORDS
    assert tokens("x" * 500) == ["x" * LONGEST]


def test_compact_keeps_letters_and_digits() -> None:
    assert compact("１号楼-1 单元（东）") == "1号楼1单元东"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("138-1234-5678", ["13812345678", "1381234", "5678"]),
        ("88881234", ["88881234", "8888123", "1234"]),
        ("12345", ["12345", "2345"]),
        ("1234", ["1234"]),
        ("123", []),
        ("", []),
    ],
)
def test_parts_of_private_numbers(number: str, expected: list[str]) -> None:
    assert list(number_parts(number)) == expected
