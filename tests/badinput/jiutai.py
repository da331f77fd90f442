"""The Jiutai estate's own workbooks, changed by code: one thing is wrong in each."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from python_calamine import CalamineWorkbook

FOLDER = Path(settings.PACKAGE) / "config" / "demo" / "jiutai"
KINDS = {
    "buildings": "registry.buildings", "rooms": "registry.rooms", "places": "registry.places",
    "staff": "registry.staff", "assets": "assets.assets",
}  # fmt: skip
Rows = list[list[Any]]


@cache
def _read(name: str) -> tuple[tuple[Any, ...], ...]:
    book = CalamineWorkbook.from_path(str(FOLDER / f"{name}.xlsx"))
    return tuple(tuple(row) for row in book.get_sheet_by_name(book.sheet_names[0]).to_python())


def rows(name: str, count: int | None = None) -> Rows:
    """The header and the first rows of a workbook, to be changed."""
    return [list(row) for row in _read(name)[: None if count is None else count + 1]]


def file(name: str) -> io.BytesIO:
    """The workbook as it is."""
    return io.BytesIO((FOLDER / f"{name}.xlsx").read_bytes())


def written(made: Rows, *, shape: Callable[[Any, Any], None] | None = None) -> io.BytesIO:
    """These rows as an .xlsx; `shape(book, sheet)` adds what rows cannot say."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("表")
        for number, row in enumerate(made):
            sheet.write_row(number, 0, row)
        if shape:
            shape(book, sheet)
    buffer.seek(0)
    return buffer


def changed(name: str, column: str, cell: object, *, at: int = 3, count: int = 6) -> io.BytesIO:
    """The first rows with one cell replaced; `at` is the row as the sheet counts."""
    made = rows(name, count)
    made[at - 1][made[0].index(column)] = cell
    return written(made)


def some_buildings() -> io.BytesIO:
    """The first buildings of each area."""
    head, *body = rows("buildings")
    return written([head, *(row for at, row in enumerate(body) if at < 6 or row[0] != body[at - 1][0])])
