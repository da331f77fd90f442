"""Lists as workbooks and CSV: text stays text, formulas stay out, every copy says who made it when (spec 00 rule 4)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from wuyou.kernel import clock

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
CSV_BATCH = 500


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column of a list: its header and its width in characters."""

    label: object
    width: int = 14


def export_workbook(
    columns: Sequence[ExportColumn], rows: Iterable[Sequence[object]], *, title: str, watermark: str
) -> bytes:
    """The rows as an .xlsx with a frozen header and filters.

    `watermark` (who, when) stands on a sheet of its own and on every printed page.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": False, "strings_to_formulas": False}) as book:
        formats = _formats(book)
        sheet = book.add_worksheet(_sheet_name(title))
        _write_head(sheet, columns, formats["head"])
        last = 0
        for last, row in enumerate(rows, start=1):
            for position, value in enumerate(row):
                write_value(sheet, last, position, value, formats)
        if columns:
            sheet.autofilter(0, 0, last, len(columns) - 1)
        _mark(book, sheet, title, watermark)
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format(
            {"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        ),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "note": book.add_format({"text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@"}),
    }


def _sheet_name(title: str) -> str:
    name = "".join(" " if sign in "[]:*?/\\'" else sign for sign in title).strip()[:31]
    return name or "Sheet1"


def _write_head(sheet: Any, columns: Sequence[ExportColumn], style: Any) -> None:
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, column.width)
        sheet.write_string(0, position, str(column.label), style)


def write_value(sheet: Any, row: int, position: int, value: object, formats: dict[str, Any]) -> None:
    """Write one value as what it is; whatever is not a number, a date or a truth value is text, never a formula."""
    match value:
        case None | "":
            return
        case bool():
            sheet.write_string(row, position, _("yes") if value else _("no"))
        case int() | float() | Decimal() if -(10**15) < value < 10**15:
            sheet.write_number(row, position, value)
        case datetime():
            sheet.write_datetime(row, position, clock.local(value).replace(tzinfo=None), formats["moment"])
        case date():
            sheet.write_datetime(row, position, value, formats["day"])
        case _:
            sheet.write_string(row, position, str(value)[:32_000])


def _mark(book: Any, sheet: Any, title: str, watermark: str) -> None:
    sheet.set_footer(f"&L{watermark.replace('&', '&&')[:200]}&R&P / &N")
    sheet.set_landscape()
    sheet.repeat_rows(0)
    about = book.add_worksheet(_("About this file"))
    about.set_column(0, 0, 80)
    about.write_string(0, 0, title)
    about.write_string(1, 0, watermark)
    book.set_properties({"title": title, "comments": watermark})


def export_csv(columns: Sequence[ExportColumn], rows: Iterable[Sequence[object]], *, watermark: str) -> Iterator[bytes]:
    """The rows as CSV in UTF-8 with its mark (so that Excel reads Chinese), piece by piece, the watermark last."""
    yield b"\xef\xbb\xbf" + _lines([[column.label for column in columns]])
    waiting: list[Sequence[object]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == CSV_BATCH:
            yield _lines(waiting)
            waiting = []
    yield _lines([*waiting, [f"# {watermark}"]])


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([plain_cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode()


def plain_cell(value: object) -> str:
    """A value as CSV text; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    match value:
        case bool():
            text = _("yes") if value else _("no")
        case datetime():
            text = clock.local(value).strftime("%Y-%m-%d %H:%M")
        case None | int() | float() | Decimal() | date():
            return "" if value is None else str(value)
        case _:
            text = str(value)
    return f"'{text}" if text.startswith(DANGEROUS) else text
