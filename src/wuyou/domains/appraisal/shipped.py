"""The schemes the product ships: one JSON file each."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
ORDER = ("campus_monthly", "group_project", "team_monthly", "person_monthly")  # a scheme after those it reads


@dataclass(frozen=True, slots=True)
class ShippedScheme:
    """One shipped scheme and the digest of its file."""

    document: dict[str, Any]
    digest: str


def shipped_schemes() -> list[ShippedScheme]:
    """Every shipped scheme, a scheme after those it reads."""
    return [_read(DATA / f"{code}.json") for code in ORDER]


def _read(path: Path) -> ShippedScheme:
    text = path.read_text(encoding="utf8")
    return ShippedScheme(json.loads(text), hashlib.sha256(text.encode()).hexdigest())
