"""The sheets the product ships: one row per item; checklists of tasks in one file, inspection sheets in another."""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from .choices import Scoring, SheetPurpose
from .rules.items import ItemSpec
from .rules.rows import inspection_item_of_row, item_of_row

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ShippedSheet:
    """One shipped sheet with its items and the digest of its rows; `clauses` are `standard:code` by item code."""

    code: str
    name_zh: str
    name_en: str
    activity: str
    items: tuple[ItemSpec, ...]
    digest: str
    purpose: str = SheetPurpose.TASK.value
    scoring: str = Scoring.NONE.value
    clauses: Mapping[str, str] = field(default_factory=dict)


def shipped_sheets() -> list[ShippedSheet]:
    """Every shipped sheet, in the order of the files."""
    return [_sheet(code, rows) for code, rows in _groups("sheets.csv")] + [
        _inspection_sheet(code, rows) for code, rows in _groups("inspections.csv")
    ]


def _groups(name: str) -> list[tuple[str, list[dict[str, str]]]]:
    with (DATA / name).open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(code, list(group)) for code, group in groupby(rows, key=itemgetter("sheet"))]


def _inspection_sheet(code: str, rows: list[dict[str, str]]) -> ShippedSheet:
    first = rows[0]
    return ShippedSheet(
        code=code,
        name_zh=first["name_zh"],
        name_en=first["name_en"],
        activity="",
        items=tuple(inspection_item_of_row(row) for row in rows),
        digest=_digest(rows),
        purpose=SheetPurpose.INSPECTION.value,
        scoring=first["scoring"],
        clauses={row["code"]: row["clause"] for row in rows if row["clause"]},
    )


def _digest(rows: list[dict[str, str]]) -> str:
    return hashlib.sha256(repr([sorted(row.items()) for row in rows]).encode()).hexdigest()


def _sheet(code: str, rows: list[dict[str, str]]) -> ShippedSheet:
    return ShippedSheet(
        code=code,
        name_zh=rows[0]["name_zh"],
        name_en=rows[0]["name_en"],
        activity=rows[0]["activity"],
        items=tuple(item_of_row(row) for row in rows),
        digest=_digest(rows),
    )
