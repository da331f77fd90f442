"""The data files the product ships: standards, subjects, staffing ratios."""

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from .rules.clauses import ClauseSpec
from .rules.rows import ratios_of_row, spec_of_row, subject_of_row
from .rules.subjects import SubjectSpec

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ShippedStandard:
    """One shipped standard with its grades as (code, rank, label_zh, label_en), its clauses and its file's digest."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    source: str
    grades: tuple[tuple[str, int, str, str], ...]
    clauses: tuple[ClauseSpec, ...]
    digest: str


def shipped_standards() -> list[ShippedStandard]:
    """Every shipped standard, read from its files."""
    listed = json.loads((DATA / "shipped.json").read_text(encoding="utf8"))
    return [_standard(entry) for entry in listed]


def _standard(entry: dict[str, object]) -> ShippedStandard:
    path = DATA / f"{entry['code']}.csv"
    listed = entry["grades"]
    assert isinstance(listed, list)  # noqa: S101 — the shape of our own file
    grades = tuple((one["code"], one["rank"], one["label_zh"], one["label_en"]) for one in listed)
    codes = tuple(grade[0] for grade in grades)
    described = json.dumps(entry, ensure_ascii=False, sort_keys=True).encode()
    return ShippedStandard(
        **{name: str(entry[name]) for name in ("code", "name_zh", "name_en", "kind", "source")},
        grades=grades,
        clauses=tuple(spec_of_row(row, grades=codes) for row in _rows(path)),
        digest=hashlib.sha256(described + path.read_bytes()).hexdigest(),
    )


def shipped_subjects() -> list[SubjectSpec]:
    """The subjects that join clauses to places and assets."""
    return [subject_of_row(row) for row in _rows(DATA / "subjects.csv")]


def shipped_ratios() -> list[tuple[str, str, int, int, int]]:
    """Customary staffing as (role, unit, rank, low, high)."""
    rows = _rows(DATA / "staffing.csv")
    return [(row["role"], row["unit"], rank, low, high) for row in rows for rank, low, high in ratios_of_row(row)]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))
