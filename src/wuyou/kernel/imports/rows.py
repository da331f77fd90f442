"""From the cells of a table to the rows an importer works with, with an error for every cell that cannot be taken."""

from collections import namedtuple
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

from .cells import CellProblem, is_blank, key
from .columns import Column, HeaderMap
from .reading import Table
from .registry import CellError, Context, Importer, Row

PASSES = 20  # a row left out may leave others without their parent, and so on

BROKEN = {
    "formula": _("The formula has no stored result. Open the file in Excel, save it and upload it again."),
    "error": _("The cell shows an error of Excel."),
}


@dataclass(slots=True)
class Checked:
    """The rows that can be taken and everything that was found wrong."""

    rows: list[Row]
    errors: list[CellError]

    @property
    def stopping(self) -> list[CellError]:
        """Errors without the warnings."""
        return [error for error in self.errors if not error.is_warning]


def row_type(columns: Sequence[Column]) -> type[Any]:
    """A named tuple with the row's number and one field per column code."""
    return namedtuple("ImportedCells", ["number", *(column.code for column in columns)])


def parse_rows(table: Table, mapping: HeaderMap, columns: Sequence[Column]) -> Checked:
    """Read every cell; a row with a wrong cell is left out and its errors are told."""
    make = row_type(columns)
    takers = [(column, mapping.positions.get(column.code)) for column in columns]
    checked = Checked([], [])
    for number, cells in table.rows:
        values, errors = _parse_row(number, cells, takers, table)
        if errors:
            checked.errors.extend(errors)
        else:
            checked.rows.append(make(number, *values))
    return checked


def _parse_row(
    number: int, cells: Sequence[object], takers: Sequence[tuple[Column, int | None]], table: Table
) -> tuple[list[object], list[CellError]]:
    values: list[object] = []
    errors: list[CellError] = []
    for column, position in takers:
        cell = cells[position] if position is not None and position < len(cells) else None
        broken = table.broken.get((number, position)) if table.broken and position is not None else None
        try:
            values.append(_value(cell, column, broken))
        except CellProblem as problem:
            errors.append(CellError(number, column.code, cell, problem))
    return values, errors


def _value(cell: object, column: Column, broken: str | None) -> object:
    if broken:
        raise CellProblem(BROKEN[broken])
    if not is_blank(cell):
        return column.parse.convert(cell)
    if column.required:
        raise CellProblem(_("A value is needed here."))
    return column.parse.blank


def left_out(table: Table) -> list[CellError]:
    """Rows that were taken for totals or signatures, so that nobody wonders where they are."""
    why = _("Taken for a total, a note or a header, so left out.")
    return [CellError(row, "", value, CellProblem(why), is_warning=True) for row, value in table.left_out]


def check_rows(table: Table, mapping: HeaderMap, importer: Importer, context: Context) -> Checked:
    """Cells, then doubles, then what the importer finds; wrong rows are taken out until the rest is consistent."""
    checked = parse_rows(table, mapping, importer.columns)
    for _pass in range(PASSES):
        found = [*_doubles(checked.rows, importer), *importer.validate(checked.rows, context)]
        wrong = {error.row for error in found if not error.is_warning}
        checked.errors = [*[error for error in checked.errors if not error.is_warning], *found]
        if not wrong:
            break
        checked.rows = [row for row in checked.rows if row.number not in wrong]
    else:
        raise Invalid(_("Too many rows depend on rows that are wrong. Correct those and upload the file again."))
    checked.errors += left_out(table)
    checked.errors.sort(key=lambda error: (error.row, error.column))
    return checked


def _doubles(rows: Sequence[Row], importer: Importer) -> Iterator[CellError]:
    for column in importer.columns:
        if column.unique:
            yield from _repeated(rows, [column.code], _("The same value stands in row %(row)s."))
    if importer.natural_key:
        yield from _repeated(rows, importer.natural_key, _("The same record stands in row %(row)s."))


def _repeated(rows: Sequence[Row], codes: Sequence[str], message: object) -> Iterator[CellError]:
    """Rows whose key an earlier row has; a row without any part of the key has none."""
    first: dict[tuple[object, ...], int] = {}
    for row in rows:
        parts = tuple(getattr(row, code) for code in codes)
        if all(is_blank(part) for part in parts):
            continue
        earlier = first.setdefault(tuple(key(part) for part in parts), row.number)
        if earlier != row.number:
            shown = " ".join(str(part) for part in parts if not is_blank(part))
            yield CellError(row.number, codes[-1], shown, CellProblem(message, row=earlier))


def as_json(errors: Collection[CellError]) -> list[dict[str, object]]:
    """Errors as they are stored with a run, worded in the language active now."""
    return [
        {"row": error.row, "column": error.column, "value": _shown(error.value), "message": str(error.message),
         "is_warning": error.is_warning}
        for error in errors
    ]  # fmt: skip


def _shown(value: object) -> str:
    return "" if value is None else str(value)[:100]
