"""Random numbers that any language can repeat: SHA-256 over a key and a counter, with rejection (spec 05: Draws).

Definition `wuyou-draw-1` (the same, with test vectors, in docs/reference/draws.md):

1. The seed is 32 bytes, written as 64 lower-case hexadecimal digits. The word is any text in Unicode form NFC without
   white space at its ends; without a word it is the empty text.
2. key = SHA-256 of the UTF-8 bytes of: `wuyou-draw-1`, LF, `key`, LF, the 64 digits of the seed, LF, the word. LF is
   the byte 0x0A; nothing follows the word.
3. Block i = SHA-256 of 40 bytes: the 32 bytes of the key, then i as an unsigned 8-byte big-endian integer; i = 0, 1 …
4. A bounded integer below n (1 ≤ n ≤ 2^64): take the next block's first 8 bytes as an unsigned big-endian integer x.
   If x ≥ 2^64 − (2^64 mod n), reject it and go on with the next block; otherwise the integer is x mod n. Every attempt
   uses one whole block, also for n = 1.
5. One of several things with whole weights ≥ 1, in their given order: r = a bounded integer below the sum of the
   weights of those not yet drawn; it is the first thing, in that order and skipping those drawn already, at which the
   running sum of weights exceeds r. Repeated k times this samples k things without replacement (successive sampling:
   the chance at every step is exactly weight ÷ sum of the weights left). With all weights 1 it is a simple random
   sample, and with k = all things a shuffle.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

VERSION = "wuyou-draw-1"
WORD_LENGTH = 200  # characters
_SPAN = 2**64
_SEED = re.compile(r"[0-9a-f]{64}")

T = TypeVar("T")


def new_seed() -> str:
    """A seed nobody knows yet: 32 bytes of the operating system's randomness as 64 hexadecimal digits."""
    return secrets.token_hex(32)


def is_seed(text: object) -> bool:
    """Whether this is a seed as the definition writes it."""
    return isinstance(text, str) and _SEED.fullmatch(text) is not None


def normal_word(text: str) -> str:
    """A public word as it enters the key: form NFC, without white space at its ends."""
    return unicodedata.normalize("NFC", text).strip()


def key_of(seed: str, word: str = "") -> bytes:
    """The 32-byte key of a seed and a word (definition, 2); raises ValueError for a seed that is none."""
    if not is_seed(seed):
        raise ValueError("a seed has 64 lower-case hexadecimal digits")
    return hashlib.sha256(f"{VERSION}\nkey\n{seed}\n{word}".encode()).digest()


def block(key: bytes, number: int) -> bytes:
    """Block `number` of a key: 32 bytes (definition, 3)."""
    return hashlib.sha256(key + number.to_bytes(8, "big")).digest()


@dataclass(slots=True)
class Stream:
    """The blocks of one key in order; `used` says how many have been taken."""

    key: bytes
    used: int = field(default=0)

    def integer(self, bound: int) -> int:
        """An integer in [0, bound), every one equally likely (definition, 4); raises ValueError outside 1…2^64."""
        if not 1 <= bound <= _SPAN:
            raise ValueError("a bound lies between 1 and 2^64")
        limit = _SPAN - _SPAN % bound
        while (taken := self._next()) >= limit:
            pass
        return taken % bound

    def _next(self) -> int:
        found = int.from_bytes(block(self.key, self.used)[:8], "big")
        self.used += 1
        return found


class Pick(NamedTuple):
    """One thing drawn: its place in the given order (from 0), the integer that chose it and that integer's bound."""

    place: int
    roll: int
    of: int


def pick(stream: Stream, weights: Sequence[int], count: int) -> list[Pick]:
    """Draw `count` of the things that have these weights, without replacement, in order drawn (definition, 5).

    Raises ValueError for a weight below one or for more than there are.
    """
    if any(weight < 1 for weight in weights):
        raise ValueError("a weight is a whole number of at least one")
    if not 0 <= count <= len(weights):
        raise ValueError("more is asked for than there is")
    sums = _Sums(weights)
    picks = []
    for _ in range(count):
        of = sums.total
        roll = stream.integer(of)
        index = sums.find(roll)
        sums.take(index)
        picks.append(Pick(index, roll, of))
    return picks


def sample(stream: Stream, things: Sequence[T], count: int) -> list[T]:
    """A simple random sample without replacement, in order drawn; raises ValueError for more than there are."""
    return [things[found.place] for found in pick(stream, [1] * len(things), count)]


def shuffle(stream: Stream, things: Sequence[T]) -> list[T]:
    """All things in random order, every order equally likely."""
    return sample(stream, things, len(things))


class _Sums:
    """Running sums of weights of which some are taken away, as a binary indexed tree: log n for each step."""

    def __init__(self, weights: Sequence[int]) -> None:
        self.left = list(weights)
        self.total = sum(weights)
        self.tree = [0, *weights]
        for node in range(1, len(self.tree)):
            parent = node + (node & -node)
            if parent < len(self.tree):
                self.tree[parent] += self.tree[node]

    def find(self, roll: int) -> int:
        """The first index at which the running sum exceeds `roll`."""
        found, step = 0, 1 << (len(self.tree).bit_length() - 1)
        while step:
            if found + step < len(self.tree) and self.tree[found + step] <= roll:
                found += step
                roll -= self.tree[found]
            step >>= 1
        return found

    def take(self, index: int) -> None:
        """Take a thing out: it weighs nothing from now on."""
        weight, self.left[index] = self.left[index], 0
        self.total -= weight
        node = index + 1
        while node < len(self.tree):
            self.tree[node] -= weight
            node += node & -node
