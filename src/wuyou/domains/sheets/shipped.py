"""The sheets the product ships: one file, one row per item."""

import csv
import hashlib
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from .rules.items import ItemSpec
from .rules.rows import item_of_row

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ShippedSheet:
    """One shipped sheet with its items and the digest of its rows."""

    code: str
    name_zh: str
    name_en: str
    activity: str
    items: tuple[ItemSpec, ...]
    digest: str


def shipped_sheets() -> list[ShippedSheet]:
    """Every shipped sheet, in the order of the file."""
    with (DATA / "sheets.csv").open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [_sheet(code, list(group)) for code, group in groupby(rows, key=itemgetter("sheet"))]


def _sheet(code: str, rows: list[dict[str, str]]) -> ShippedSheet:
    return ShippedSheet(
        code=code,
        name_zh=rows[0]["name_zh"],
        name_en=rows[0]["name_en"],
        activity=rows[0]["activity"],
        items=tuple(item_of_row(row) for row in rows),
        digest=hashlib.sha256(repr([sorted(row.items()) for row in rows]).encode()).hexdigest(),
    )
