"""Random numbers as the written definition has them: its test vectors, its bounds, and that they are fair."""

import math
import re
from collections import Counter
from itertools import permutations

import pytest
from house.source import ROOT
from hypothesis import given
from hypothesis import strategies as st

from kernel.draws.frames import SEED, WORD
from wuyou.kernel.draws.generator import Stream, block, is_seed, key_of, new_seed, normal_word, pick, sample, shuffle

LETTERS = list("ABCDEFGHIJ")
DOCS = (ROOT / "docs" / "reference" / "draws.md").read_text(encoding="utf8")


def vectors(column: int) -> dict[str, str]:
    """The table of test vectors: what each row says without (1) and with (2) a word."""
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \|$", DOCS.partition("## Test vectors")[2], re.MULTILINE)
    return {row[0]: row[column].strip("`") for row in rows}


@pytest.mark.parametrize(("column", "word"), [(1, ""), (2, WORD)])
def test_the_published_vectors_come_out(column: int, word: str) -> None:
    key, said = key_of(SEED, word), vectors(column)
    wide = Stream(key)
    integers = [wide.integer(2**63 + 1) for _ in range(3)]
    dice, thousands = Stream(key), Stream(key)
    abcd = [(1, "a"), (2, "b"), (3, "c"), (4, "d")]
    picks = pick(Stream(key), [weight for weight, _ in abcd], 3)
    assert {
        "key": key.hex(),
        "block 0": block(key, 0).hex(),
        "block 1": block(key, 1).hex(),
        "ten integers below 6": " ".join(str(dice.integer(6)) for _ in range(10)),
        "five integers below 1000": " ".join(str(thousands.integer(1000)) for _ in range(5)),
        "three integers below 2^63 + 1": " ".join(map(str, integers)),
        "blocks used for these": str(wide.used),
        "four of A…J": " ".join(sample(Stream(key), LETTERS, 4)),
        "A…J shuffled": "".join(shuffle(Stream(key), LETTERS)),
        "three of a, b, c, d with weights 1, 2, 3, 4": " ".join(abcd[one.place][1] for one in picks),
    } == {name: text for name, text in said.items() if name.strip() and name != "---"}


def test_a_new_seed_is_another_one_each_time() -> None:
    seeds = {new_seed() for _ in range(50)}
    assert (len(seeds), all(is_seed(seed) for seed in seeds)) == (50, True)


@pytest.mark.parametrize("text", ["", "2a", SEED.upper(), SEED + "0", SEED[:-1] + "g", SEED + "\n", None, 42])
def test_what_is_no_seed_is_refused(text: object) -> None:
    assert not is_seed(text)
    with pytest.raises(ValueError, match="64 lower-case"):
        key_of(text)


@pytest.mark.parametrize(("text", "normal"), [("  雪 ", "雪"), ("e\u0301", "\u00e9"), ("", "")])
def test_a_word_has_one_form(text: str, normal: str) -> None:
    assert normal_word(text) == normal


@pytest.mark.parametrize("bound", [0, -1, 2**64 + 1])
def test_bounds_outside_the_span_are_refused(bound: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 2"):
        Stream(key_of(SEED)).integer(bound)


def test_every_attempt_uses_one_block() -> None:
    stream = Stream(key_of(SEED))
    assert [stream.integer(1) for _ in range(3)] == [0, 0, 0]
    assert stream.used == 3
    assert Stream(key_of(SEED)).integer(2**64) == int(vectors(1)["block 0"][:16], 16)


@given(st.integers(1, 2**64), st.integers(0, 2**32))
def test_integers_lie_below_their_bound(bound: int, salt: int) -> None:
    assert 0 <= Stream(key_of(SEED, str(salt))).integer(bound) < bound


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.data())
def test_picks_are_what_plain_running_sums_say(weights: list[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(weights)))
    picks = pick(Stream(key_of(SEED, str(count))), weights, count)
    left = dict(enumerate(weights))
    for one in picks:
        assert one.of == sum(left.values())
        before = sum(weight for place, weight in left.items() if place < one.place)
        assert before <= one.roll < before + left.pop(one.place)


@pytest.mark.parametrize(("weights", "count"), [([1, 0], 1), ([-1], 1), ([1, 2], 3), ([1], -1), ([], 1)])
def test_what_cannot_be_picked_is_refused(weights: list[int], count: int) -> None:
    with pytest.raises(ValueError, match=r"weight|more is asked"):
        pick(Stream(key_of(SEED)), weights, count)


def chi_square(counts: Counter[str], expected: dict[str, float]) -> float:
    return math.fsum((counts[name] - hope) ** 2 / hope for name, hope in expected.items())


def test_every_order_is_equally_likely() -> None:
    """4,800 shuffles of four: 24 orders; the 99.99 % point of chi-square with 23 degrees is 56.0."""
    stream = Stream(key_of(SEED))
    counts = Counter("".join(shuffle(stream, list("abcd"))) for _ in range(4_800))
    orders = ["".join(order) for order in permutations("abcd")]
    assert chi_square(counts, dict.fromkeys(orders, 200.0)) < 56.0


def test_weights_weigh_what_they_say() -> None:
    """6,000 ordered pairs of three with weights 1, 2, 3: the first step w/6, the second w/(6 − first)."""
    stream, names, weights = Stream(key_of(SEED)), "abc", [1, 2, 3]
    counts = Counter("".join(names[one.place] for one in pick(stream, weights, 2)) for _ in range(6_000))
    pairs = permutations(range(3), 2)
    expected = {
        names[one] + names[two]: 6_000 * weights[one] / 6 * weights[two] / (6 - weights[one]) for one, two in pairs
    }
    assert chi_square(counts, expected) < 25.7  # 99.99 % point, 5 degrees
