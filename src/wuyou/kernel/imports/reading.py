"""Read a table out of an .xlsx or CSV file that a stranger made (spec 01: bad input to handle)."""

import codecs
import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from wuyou.kernel.errors import Invalid, TooLarge, Unsupported

from .cells import is_blank, tidy
from .columns import Column, map_headers, plain_header
from .guards import MOST_COLUMNS, MOST_ROWS, OLE, ZIP, Extent, check_workbook

MOST_BYTES = 100 * 2**20
SHEETS_TRIED = 20
HEADER_WITHIN = 20  # rows: titles and notes stand above the header
_TOTAL = re.compile(r"(?:本[页栋]|全部)?(?:合计|总计|小计|共计|累计)|(?:grand|sub)?total\b")
_NOTE = re.compile(
    r"(?:制表|填表|填报|编制|审核|复核|审批|批准|经办|负责|统计|备注|说明|注)(?:人|者|单位|部门|日期|时间)?:"
)
_GROUP = re.compile(r"(?:基本)?(?:信息|情况|资料)$")  # 业主信息 over 姓名 is 业主姓名
WEB_PAGES = (b"<html", b"<!doctype", b"<table", b"<meta", b"<head", b"<?xml")
DELIMITERS = ",\t;|"
_SHEET = re.compile(rb'<(?:\w+:)?sheet\b[^>]*?\bname="([^"]*)"[^>]*?\b\w+:id="([^"]*)"')
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ATTRIBUTE = re.compile(rb'\b(Id|Target)="([^"]*)"')

Cells = list[object]


@dataclass(slots=True)
class Table:
    """A sheet as read: its headers and the rows below, each with its number as the sheet counts (from 1)."""

    sheet: str
    sheets: Sequence[str]
    header_row: int
    headers: list[str]
    rows: list[tuple[int, Cells]]
    broken: dict[tuple[int, int], str] = field(default_factory=dict)  # (row number, position) → formula or error
    left_out: list[tuple[int, str]] = field(default_factory=list)  # totals, signatures, headers again: not data


def digest_of(file: BinaryIO) -> str:
    """SHA-256 of a file, hexadecimal."""
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def read_table(file: BinaryIO, *, columns: Sequence[Column] = (), sheet: str = "", header_row: int = 0) -> Table:
    """The table in a file; the header row is the one that fits `columns` best, unless given (from 1).

    Raises TooLarge, Unsupported, or Invalid when there is no such sheet or nothing in it.
    """
    size = file.seek(0, io.SEEK_END)
    limit = getattr(settings, "IMPORT_MOST_BYTES", MOST_BYTES)
    if size > limit:
        raise TooLarge(
            _("The file has %(size)s MB; at most %(limit)s MB are taken."), size=size >> 20, limit=limit >> 20
        )
    file.seek(0)
    start = file.read(64)
    _refuse_start(start)
    grid = _read_workbook(file, sheet, columns) if start.startswith(ZIP) else _read_csv(file)
    return _table(grid, columns, header_row)


def _refuse_start(start: bytes) -> None:
    if start.startswith(OLE):
        raise Unsupported(
            _("This is an old .xls or a password-protected workbook. Save it as .xlsx without a password.")
        )
    if start.removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(WEB_PAGES):
        raise Unsupported(_("This is a web page with the name of a workbook. Open it in Excel and save it as .xlsx."))


@dataclass(slots=True)
class _Grid:
    sheet: str
    sheets: Sequence[str]
    rows: list[Cells]
    broken: dict[tuple[int, int], str]


def _table(grid: _Grid, columns: Sequence[Column], header_row: int) -> Table:
    if not any(not is_blank(cell) for row in grid.rows for cell in row):
        raise Invalid(_("The sheet is empty."))
    at = header_row - 1 if header_row else _find_header(grid.rows, columns)
    if not 0 <= at < len(grid.rows):
        raise Invalid(_("There is no such header row."))
    table = Table(grid.sheet, grid.sheets, at + 1, _headers_at(grid.rows, at, columns)[1], [])
    for number, row in enumerate(grid.rows[at + 1 :], start=at + 2):
        first = next((cell for cell in row if not is_blank(cell)), None)
        if _is_no_data(first) or row == grid.rows[at]:
            table.left_out.append((number, str(first)))
        elif first is not None:
            table.rows.append((number, row))
    table.broken = {(row + 1, position): why for (row, position), why in grid.broken.items() if row > at}
    return table


def _header(cell: object) -> str:
    """A cell as a header; a number too long to be sure of is none, and no reason to refuse the file."""
    if cell is None or isinstance(cell, float):
        return "" if cell is None else f"{cell:g}"
    return tidy(cell)


def _is_no_data(first: object) -> bool:
    """Whether a row begins like a total, a signature or the mark of an export."""
    if not isinstance(first, str):
        return False
    plain = "".join(unicodedata.normalize("NFKC", first).split()).casefold()
    return first.startswith("# ") or _TOTAL.match(plain) is not None or _NOTE.match(plain) is not None


def _find_header(rows: Sequence[Cells], columns: Sequence[Column]) -> int:
    """The row among the first that answers to most columns; without columns, the first with two words."""
    candidates = list(enumerate(rows[:HEADER_WITHIN]))
    if columns:
        best, at = max((_headers_at(rows, at, columns)[0], -at) for at, _row in candidates)
        if best:
            return -at
    return next((at for at, row in candidates if sum(isinstance(c, str) and not is_blank(c) for c in row) >= 2), 0)


def _headers_at(rows: Sequence[Cells], at: int, columns: Sequence[Column]) -> tuple[int, list[str]]:
    """The headers of a row and how many columns they feed; joined with the row above where that feeds more."""
    plain = [_header(cell) for cell in rows[at]]
    choices = [plain]
    if columns and at > 0 and not all(is_blank(cell) for cell in rows[at - 1]):
        choices.append(_joined(rows[at - 1], plain, columns))
    scored = [(len(map_headers(headers, columns).positions), headers) for headers in choices]
    return max(scored, key=lambda pair: pair[0])


def _joined(above: Cells, headers: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """A header of two rows as one: 业主信息 over 姓名 is 业主姓名, where a column is called so."""
    known = {plain_header(name) for column in columns for name in (*column.headers, column.code)}
    joined, group = [], ""
    for own, cell in zip(headers, above, strict=False):
        over = "" if is_blank(cell) else _header(cell)
        group = over or group
        both = f"{_GROUP.sub('', group)}{own}"
        joined.append(both if own and plain_header(both) in known else own or over)
    return joined


# --- workbooks


def _read_workbook(file: BinaryIO, sheet: str, columns: Sequence[Column]) -> _Grid:
    extents = check_workbook(file)
    parts = _sheet_parts(file)
    file.seek(0)
    try:
        with CalamineWorkbook.from_filelike(file) as book:
            names = _sheet_names(book)
            if sheet and sheet not in names:
                raise Invalid(_("There is no sheet called %(sheet)s."), sheet=sheet)
            name, rows = _fitting_sheet(book, [sheet] if sheet else names, columns)
    except PasswordError as error:
        raise Unsupported(_("The workbook is protected by a password. Save it without one.")) from error
    except (CalamineError, OSError, ValueError) as error:
        raise Unsupported(_("The workbook is damaged. Open it in Excel and save it again as .xlsx.")) from error
    extent = extents.get(parts.get(name, ""), Extent())
    return _Grid(name, names, rows, extent.broken)


def _sheet_names(book: CalamineWorkbook) -> list[str]:
    """The visible sheets; hidden ones are lists behind drop-downs."""
    names = [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
    ]
    if not names:
        raise Invalid(_("The workbook has no sheet."))
    return names


def _fitting_sheet(book: CalamineWorkbook, names: Sequence[str], columns: Sequence[Column]) -> tuple[str, list[Cells]]:
    """The first sheet whose headers feed every required column, else the first: covers and notes go before lists."""
    first = _filled_rows(book.get_sheet_by_name(names[0]))
    rows = first
    for name in names[:SHEETS_TRIED]:
        rows = rows if name == names[0] else _filled_rows(book.get_sheet_by_name(name))
        if not columns or (rows and _feeds_required(rows, columns)):
            return name, rows
    return names[0], first


def _feeds_required(rows: list[Cells], columns: Sequence[Column]) -> bool:
    headers = _headers_at(rows, _find_header(rows, columns), columns)[1]
    return not map_headers(headers, columns).missing


def _filled_rows(sheet: CalamineSheet) -> list[Cells]:
    """The rows, with merged cells filled from their top left one."""
    rows: list[Cells] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top < len(rows) and left < len(rows[top]):
            _fill(rows, (top, left), (bottom, right))
    return rows


def _fill(rows: list[Cells], first: tuple[int, int], last: tuple[int, int]) -> None:
    """Copy the top left cell; a title merged across a whole row stays one cell: it is no header of every column."""
    (top, left), (bottom, right) = first, last
    width, value = len(rows[top]), rows[top][left]
    is_title = top == bottom and right - left + 1 >= max(3, width - 1)
    if is_title or is_blank(value):
        return
    while len(rows) <= min(bottom, MOST_ROWS):
        rows.append([""] * width)
    for row in rows[top : bottom + 1]:
        row[left : right + 1] = [value] * (min(right, width - 1) + 1 - left)


def _sheet_parts(file: BinaryIO) -> dict[str, str]:
    """Sheet name → its part of the zip. The guards have refused whatever makes reading XML dangerous."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        book = archive.read("xl/workbook.xml")
        relations = _read_part(archive, "xl/_rels/workbook.xml.rels")
    targets = {}
    for relation in _RELATION.findall(relations):
        attributes = dict(_ATTRIBUTE.findall(relation))
        target = attributes.get(b"Target", b"").decode().removeprefix("/")
        targets[attributes.get(b"Id", b"")] = target if target.startswith("xl/") else f"xl/{target}"
    return {_unescape(name): targets.get(relation, "") for name, relation in _SHEET.findall(book)}


def _read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError as error:
        raise Unsupported(_("The workbook is damaged. Open it in Excel and save it again as .xlsx.")) from error


def _unescape(name: bytes) -> str:
    text = name.decode()
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text


# --- CSV


def _read_csv(file: BinaryIO) -> _Grid:
    file.seek(0)
    text = decode(file.read())
    rows = list(_csv_rows(text))
    return _Grid("", [], rows, {})


def decode(data: bytes) -> str:
    """The text of a CSV file in UTF-8, UTF-16 or GB18030 (GBK, GB2312); raises Unsupported for anything else."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(data, [encoding])
    if b"\0" in data[:4096]:
        odd, even = data[1:4096:2].count(0), data[0:4096:2].count(0)
        return _decoded(data, ["utf-16-le" if odd >= even else "utf-16-be"])
    return _decoded(data, ["utf-8", "gb18030"])


def _decoded(data: bytes, encodings: Sequence[str]) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text[:100_000]):
            return text
    raise Unsupported(_("This is neither an Excel workbook (.xlsx) nor a CSV file in UTF-8, UTF-16 or GBK."))


def _csv_rows(text: str) -> Iterator[Cells]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for number, row in enumerate(reader, start=1):
            if number > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise TooLarge(
                    _("The file has more than %(rows)s rows or %(columns)s columns. Split it."),
                    rows=MOST_ROWS, columns=MOST_COLUMNS,
                )  # fmt: skip
            yield list(row)
    except csv.Error as error:
        raise Unsupported(_("Line %(line)s is not CSV: %(why)s."), line=reader.line_num, why=error) from error


def _delimiter(text: str) -> str:
    """The sign that most evenly parts the first lines."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]
    counts = {sign: sorted(re.sub(r'"[^"]*"', "", line).count(sign) for line in lines) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: (counts[sign][len(lines) // 2], counts[sign][-1]) if lines else (0, 0))
