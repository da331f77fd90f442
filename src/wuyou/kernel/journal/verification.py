"""Verifying: chains are re-computed from what is stored; the first broken entry of each is named (spec 02)."""

from dataclasses import dataclass
from typing import Any

from . import store
from .hashing import hash_line

GAP = "gap"  # an entry is missing
ALTERED = "altered"  # a field does not belong to the entry's hash
LINK = "link"  # the entry does not continue the one before it
HEAD = "head"  # the chain's head is not its last entry
SEAL = "seal"  # a day was sealed with another hash


@dataclass(frozen=True, slots=True)
class Break:
    """The first wrong place of a chain: the sequence number and why (gap, altered, link, head, seal)."""

    chain: str
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was read and what was found; `breaks` has at most one entry per chain."""

    chains: int
    entries: int
    breaks: tuple[Break, ...] = ()

    @property
    def is_intact(self) -> bool:
        """Whether every chain holds."""
        return not self.breaks


@dataclass(slots=True)
class _Reading:
    chain: str
    seq: int
    hash: str
    entries: int = 0

    def check(self, rows: list[tuple[Any, ...]]) -> Break | None:
        """Walk over one page; stops at the first entry that does not follow."""
        chain, seq, before = self.chain, self.seq, self.hash
        for row in rows:
            seq += 1
            if row[0] != seq:
                return Break(chain, seq, GAP)
            if hash_line(chain, row[:-1]) != row[-1]:
                return Break(chain, seq, ALTERED)
            if row[-2] != before:
                return Break(chain, seq, LINK)
            before = row[-1]
        self.entries += len(rows)
        self.seq, self.hash = seq, before
        return None


def verify(chain: str | None = None, *, from_seq: int = 1) -> Verdict:
    """Re-compute one chain, or all, from `from_seq` on (1-based; the entry before it is taken as it stands)."""
    keys = [chain] if chain is not None else store.chain_keys()
    entries, breaks = 0, []
    for key in keys:
        read, broken = _verify_chain(key, from_seq=from_seq)
        entries += read
        breaks += [broken] if broken else []
    return Verdict(len(keys), entries, tuple(breaks))


def _verify_chain(key: str, *, from_seq: int) -> tuple[int, Break | None]:
    head = store.read_head(key)
    if head is None:
        return 0, Break(key, 0, GAP)
    start = min(from_seq, head.seq + 1) - 1
    before = store.hash_at(head.chain_id, start)
    if before is None:
        return 0, Break(key, start, GAP)
    reading = _Reading(key, start, before)
    broken = _read_to_head(reading, head.chain_id) or _check_seals(key, head.chain_id)
    return reading.entries, broken


def _read_to_head(reading: _Reading, chain_id: int) -> Break | None:
    """Read until the head is met; entries written meanwhile are read too."""
    while True:
        seen = reading.seq
        for rows in store.pages(chain_id, after=reading.seq):
            broken = reading.check(rows)
            if broken:
                return broken
        head = store.read_head(reading.chain)
        if head is None or head.seq < reading.seq:
            return Break(reading.chain, reading.seq, HEAD)
        if head.seq == reading.seq:
            return None if head.hash == reading.hash else Break(reading.chain, head.seq, HEAD)
        if seen == reading.seq:
            return Break(reading.chain, reading.seq + 1, GAP)


def _check_seals(key: str, chain_id: int) -> Break | None:
    for seq, sealed in store.seals_of_chain(chain_id):
        if store.hash_at(chain_id, seq) != sealed:
            return Break(key, seq, SEAL)
    return None
