"""The workbook a person fills: headers, drop-downs, a note on every column (spec 01)."""

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from .columns import Column
from .registry import Importer

ROWS = 20_000  # how far down formats and drop-downs reach
FORMATS = {"date": "yyyy-mm-dd", "number": "General"}
LONGEST_LIST = 255  # Excel's limit for a drop-down written in place


def template_workbook(importer: Importer) -> bytes:
    """An empty .xlsx for an importer: its own headers first, the notes as comments and on a second sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(str(importer.label)[:31])
        sheet.freeze_panes(1, 0)
        for position, column in enumerate(importer.columns):
            _write_column(book, sheet, position, column)
        _write_notes(book, importer)
    return buffer.getvalue()


def _write_column(book: Any, sheet: Any, position: int, column: Column) -> None:
    colour = "#FCE8E6" if column.required else "#E8EEF7"
    head = book.add_format({"bold": True, "bg_color": colour, "bottom": 1, "text_wrap": True})
    body = book.add_format({"num_format": FORMATS.get(column.parse.kind, "@")})
    sheet.set_column(position, position, max(12, 2 * len(column.header) + 4), body)
    sheet.write_string(0, position, column.header, head)
    note = _note(column)
    if note:
        sheet.write_comment(0, position, note, {"x_scale": 2})
    if column.choices:
        _offer(book, sheet, position, column)


def _offer(book: Any, sheet: Any, position: int, column: Column) -> None:
    """A drop-down; a long list lives on a hidden sheet. Something else may be typed: synonyms are known."""
    source: Any = list(column.choices)
    if len(",".join(source)) > LONGEST_LIST:
        lists = book.get_worksheet_by_name("lists") or book.add_worksheet("lists")
        lists.hide()
        for row, word in enumerate(column.choices):
            lists.write_string(row, position, word)
        source = f"=lists!{_column_range(position, len(column.choices))}"
    sheet.data_validation(1, position, ROWS, position, {"validate": "list", "source": source, "error_type": "warning"})


def _column_range(position: int, rows: int) -> str:
    top = xlsxwriter.utility.xl_rowcol_to_cell(0, position, row_abs=True, col_abs=True)
    bottom = xlsxwriter.utility.xl_rowcol_to_cell(rows - 1, position, row_abs=True, col_abs=True)
    return f"{top}:{bottom}"


def _note(column: Column) -> str:
    parts = [
        _("Required.") if column.required else "",
        str(column.help),
        _("Example: %(example)s") % {"example": column.example} if column.example else "",
    ]
    return "\n".join(part for part in parts if part)


def _write_notes(book: Any, importer: Importer) -> None:
    head = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(_("Notes on columns"))
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 4, 40)
    titles = [_("Column"), _("Required"), _("Note"), _("Allowed values"), _("Other headers understood")]
    for position, title in enumerate(titles):
        sheet.write_string(0, position, title, head)
    for row, column in enumerate(importer.columns, start=1):
        for position, text in enumerate(_notes_of(column)):
            sheet.write_string(row, position, text, wrapped)


def _notes_of(column: Column) -> list[str]:
    required = _("yes") if column.required else ""
    example = _("Example: %(example)s") % {"example": column.example} if column.example else ""
    note = "\n".join(part for part in (str(column.help), example) if part)
    return [column.header, required, note, "、".join(column.choices), "、".join(column.headers[1:])]
