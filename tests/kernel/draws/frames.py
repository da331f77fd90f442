"""Frames and records to draw from, and a second implementation of the written definition that shares no code."""

import hashlib
import json
from typing import Any

from wuyou.kernel.draws.sampling import Method, Unit

SEED = "00" * 31 + "2a"
WORD = "物优 2026"
UNITS = [
    Unit("1", "1号楼 A", "A", 1),
    Unit("2", "2号楼", "A", 3),
    Unit("3", "3号楼", "B", 2),
    Unit("4", "4号楼", "B", 1),
    Unit("5", "5号楼", "B", 1),
]
METHOD = Method(3, "proportional", at_least_one=True, is_weighted=True, needs_word=True)


def many(count: int, *, strata: int = 1) -> list[Unit]:
    """So many units, dealt out to strata in turn, of weights 1 to 7."""
    return [Unit(f"u{n}", f"Unit {n}", f"s{n % strata}", 1 + n % 7) for n in range(count)]


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def told(frame: list[dict[str, Any]], method: dict[str, Any], seed: str, word: str) -> list[tuple[str, int, int]]:
    """What docs/reference/draws.md says is drawn: (id, roll, of) in order. Slow and plain on purpose."""
    key = sha(b"wuyou-draw-1\nkey\n" + seed.encode() + b"\n" + word.encode())
    used = 0

    def below(n: int) -> int:
        nonlocal used
        while True:
            x = int.from_bytes(sha(key + used.to_bytes(8, "big"))[:8], "big")
            used += 1
            if x < 2**64 - (2**64 % n):
                return x % n

    drawn = []
    for stratum, count in told_shares(frame, method):
        left = [unit for unit in frame if method["allocation"] == "none" or unit["stratum"] == stratum]
        for _ in range(count):
            weights = [unit["weight"] if method["is_weighted"] else 1 for unit in left]
            of = sum(weights)
            roll = below(of)
            place = next(n for n in range(len(left)) if sum(weights[: n + 1]) > roll)
            drawn.append((left.pop(place)["id"], roll, of))
    return drawn


def told_shares(frame: list[dict[str, Any]], method: dict[str, Any]) -> list[tuple[str, int]]:
    """How many of each stratum, in the order they are worked through."""
    if method["allocation"] == "none":
        return [("", method["number"])]
    names = sorted({unit["stratum"] for unit in frame})
    if method["allocation"] == "given":
        given = {one["stratum"]: one["number"] for one in method["numbers"]}
        return [(name, given.get(name, 0)) for name in names]
    first = 1 if method["at_least_one"] else 0
    number = method["number"] - first * len(names)
    sizes = {name: sum(unit["stratum"] == name for unit in frame) - first for name in names}
    whole = max(1, sum(sizes.values()))
    shares = {name: number * sizes[name] // whole for name in names}
    by_rest = sorted(names, key=lambda name: (-(number * sizes[name] % whole), name))
    for name in by_rest[: number - sum(shares.values())]:
        shares[name] += 1
    return [(name, shares[name] + first) for name in names]


def told_digest(value: Any) -> str:
    return sha(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hex()


def record(**changes: Any) -> dict[str, Any]:
    """The whole draw of the test vectors, as published; put together by the second implementation."""
    frame = [{"id": u.id, "label": u.label, "stratum": u.stratum, "weight": u.weight} for u in UNITS]
    method = {
        "number": 3, "allocation": "proportional", "at_least_one": True, "numbers": [], "is_weighted": True,
        "needs_word": True,
    }  # fmt: skip
    lines = ["wuyou-draw-1", "commitment", SEED, told_digest(frame), told_digest(method)]
    found: dict[str, Any] = {
        "version": "wuyou-draw-1",
        "title": "Buildings to inspect",
        "about": {"kind": "target", "id": 7, "label": "Jiutai", "drawn": "buildings"},
        "state": "revealed",
        "method": method,
        "frame": frame,
        "frame_digest": told_digest(frame),
        "commitment": sha("\n".join(lines).encode()).hex(),
        "committed_by": {"id": "user:1", "label": "Anna"},
        "committed_at": "2026-11-20T02:00:00+00:00",
        "word": WORD,
        "word_by": {"id": "user:2", "label": "Ben"},
        "word_at": "2026-11-20T02:05:00+00:00",
        "result": [
            {"position": 1, "id": "2", "label": "2号楼", "stratum": "A", "turn": 1, "roll": 2, "of": 4},
            {"position": 2, "id": "5", "label": "5号楼", "stratum": "B", "turn": 1, "roll": 3, "of": 4},
            {"position": 3, "id": "3", "label": "3号楼", "stratum": "B", "turn": 2, "roll": 0, "of": 3},
        ],
        "drawn_at": "2026-11-20T02:10:00+00:00",
        "seed": SEED,
        "revealed_at": "2026-11-20T02:15:00+00:00",
        "abandoned_at": None,
        "reason": None,
    }
    return {**found, **changes}
