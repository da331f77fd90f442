"""What a workbook must not be: a bomb, a trap for XML readers, endless, encrypted (spec 00 rule 2, spec 01).

An .xlsx is a zip of XML parts. The zip's own directory may lie about sizes, so every part is really inflated once,
with a counter, before the reader of workbooks sees the file.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import TooLarge, Unsupported

MOST_PARTS = 2_000
MOST_INFLATED = 600 * 2**20
MOST_RATIO = 250  # XML of real workbooks shrinks 5 to 40 times
RATIO_FROM = 4 * 2**20
MOST_ROWS = 200_000
MOST_COLUMNS = 300
MOST_CELLS = 6_000_000
CHUNK = 1 << 20
OVERLAP = 4_096

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_FULL_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*?\br="([A-Z]{1,3})(\d{1,7})")(?P<attributes>[^>]*)(?<!/)>(?P<body>.*?)</(?:\w+:)?c>',
    re.DOTALL,
)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?v>[^<]|<(?:\w+:)?is>")


@dataclass(slots=True)
class Extent:
    """What a sheet's XML holds: the furthest row and column with a value, and the cells that show no usable value."""

    rows: int = 0
    columns: int = 0
    broken: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column) from 0 → formula or error


def check_workbook(file: BinaryIO) -> dict[str, Extent]:
    """Look at every part of an .xlsx; the extents of its sheets by part name. Raises TooLarge or Unsupported."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
        raise Unsupported(_("The workbook is damaged. Open it in Excel and save it again as .xlsx.")) from error
    _check_directory(parts)
    inflated = 0
    extents: dict[str, Extent] = {}
    for part in parts:
        extent, size = _check_part(file, part, MOST_INFLATED - inflated)
        inflated += size
        if part.filename.startswith("xl/worksheets/"):
            extents[part.filename] = extent
    return extents


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        raise TooLarge(_("The workbook has too many parts to be a workbook."))
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unsupported(_("The workbook is protected by a password. Save it without one."))
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise Unsupported(_("The workbook is damaged. Open it in Excel and save it again as .xlsx."))
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise Unsupported(_("This is not an Excel workbook (.xlsx)."))
    if sum(part.file_size for part in parts) > MOST_INFLATED:
        raise TooLarge(_("Unpacked, the workbook is far larger than any list. It was not opened."))


def _check_part(file: BinaryIO, part: zipfile.ZipInfo, allowance: int) -> tuple[Extent, int]:
    extent = Extent()
    size = 0
    tail = b""
    is_xml = part.filename.endswith((".xml", ".rels", ".vml"))
    for chunk in _inflate(file, part):
        size += len(chunk)
        if size > allowance or (size > RATIO_FROM and size > MOST_RATIO * max(part.compress_size, 1)):
            raise TooLarge(_("Unpacked, the workbook is far larger than any list. It was not opened."))
        if is_xml:
            _check_xml(tail + chunk, starts=size == len(chunk))
            tail = _measure(tail + chunk, extent) if part.filename.startswith("xl/worksheets/") else chunk[-64:]
    _measure(tail, extent, is_last=True)
    if size != part.file_size:
        raise Unsupported(_("The workbook is damaged. Open it in Excel and save it again as .xlsx."))
    return extent, size


def _inflate(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's real content in bounded pieces, whatever the directory says about its size."""
    left = _seek_content(file, part)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0:
        raw = file.read(min(left, CHUNK))
        if not raw:
            raise Unsupported(_("The file is cut off. Upload it again."))
        left -= len(raw)
        yield from _pieces(inflater, raw) if inflater else [raw]


def _pieces(inflater: "zlib._Decompress", raw: bytes) -> Iterator[bytes]:
    try:
        piece = inflater.decompress(raw, CHUNK)
        while piece:
            yield piece
            piece = inflater.decompress(inflater.unconsumed_tail, CHUNK)
    except zlib.error as error:
        raise Unsupported(_("The workbook is damaged. Open it in Excel and save it again as .xlsx.")) from error


def _seek_content(file: BinaryIO, part: zipfile.ZipInfo) -> int:
    file.seek(part.header_offset)
    header = file.read(30)
    if len(header) < 30 or not header.startswith(ZIP):
        raise Unsupported(_("The workbook is damaged. Open it in Excel and save it again as .xlsx."))
    name, extra = struct.unpack("<HH", header[26:30])
    file.seek(name + extra, 1)
    return part.compress_size


def _check_xml(content: bytes, *, starts: bool) -> None:
    if starts and b"\0" in content[:64]:
        raise Unsupported(_("The workbook holds XML in an encoding that workbooks do not use. It was not opened."))
    if _DTD.search(content):
        raise Unsupported(_("The workbook holds a document type or entities, as attacks do. It was not opened."))


def _measure(content: bytes, extent: Extent, *, is_last: bool = False) -> bytes:
    """Note the cells of `content`; what is left over is the start of a cell that goes on in the next piece."""
    cut = len(content) if is_last else _last_cell_end(content)
    whole = content[:cut]
    for found in _CELL.finditer(whole):
        extent.columns = max(extent.columns, column_number(found[1]) + 1)
        extent.rows = max(extent.rows, int(found[2]))
    if extent.rows > MOST_ROWS or extent.columns > MOST_COLUMNS or extent.rows * extent.columns > MOST_CELLS:
        raise TooLarge(
            _("The sheet reaches to row %(rows)s, column %(columns)s. Delete empty ones, or split the file."),
            rows=extent.rows, columns=extent.columns,
        )  # fmt: skip
    if _FORMULA.search(whole) or b't="e"' in whole:
        _note_broken(whole, extent)
    return content[cut:]


def _last_cell_end(content: bytes) -> int:
    """Where the last whole cell ends; a cell that never ends is kept no longer than a piece."""
    end = max(content.rfind(b"</c>"), content.rfind(b":c>"))
    if end >= 0:
        return content.index(b">", end) + 1
    return 0 if len(content) <= CHUNK + OVERLAP else len(content) - OVERLAP


def _note_broken(content: bytes, extent: Extent) -> None:
    for found in _FULL_CELL.finditer(content):
        at = (int(found[2]) - 1, column_number(found[1]))
        if b't="e"' in found["attributes"]:
            extent.broken[at] = "error"
        elif _FORMULA.search(found["body"]) and not _VALUE.search(found["body"]):
            extent.broken[at] = "formula"


def column_number(letters: bytes) -> int:
    """A → 0, Z → 25, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
