"""Workbooks for tests, good ones and traps."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter


def workbook(
    rows: Sequence[Sequence[Any]], *, shape: Callable[[Any, Any], None] | None = None, sheet: str = "表"
) -> io.BytesIO:
    """An .xlsx with these rows; `shape(book, sheet)` adds what rows cannot say."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"}) as book:
        made = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            made.write_row(number, 0, row)
        if shape:
            shape(book, made)
    buffer.name = "表.xlsx"
    buffer.seek(0)
    return buffer


def with_part(name: str, content: bytes, rows: Sequence[Sequence[Any]] = (("编码",), ("a",))) -> io.BytesIO:
    """A workbook in which one part of the zip has been replaced or added."""
    source = zipfile.ZipFile(workbook(rows))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, content)
    buffer.seek(0)
    return buffer


def lying_bomb(megabytes: int) -> io.BytesIO:
    """A workbook whose sheet says it has 100 bytes and inflates to `megabytes`."""
    content = b"<worksheet>" + b" " * (megabytes << 20) + b"</worksheet>"
    good = with_part("xl/worksheets/sheet1.xml", content).getvalue()
    crc = struct.pack("<I", zlib.crc32(content[:100]))
    directory = good.rindex(b"PK\x01\x02")
    patched = bytearray(good)
    patched[directory + 16 : directory + 20] = crc
    patched[directory + 24 : directory + 28] = struct.pack("<I", 100)
    return io.BytesIO(bytes(patched))


def sheet_xml(cells: str) -> bytes:
    """The XML of a sheet with this inside its data."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()
