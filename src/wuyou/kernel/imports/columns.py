"""Columns as data, and the way from the headers people write to them (spec 01)."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .cells import Parser, text

CLOSE = 0.75
_BRACKETS = re.compile(r"[(\[【〔〈{].*?[)\]】〕〉}]")
_NOISE = re.compile(r"[\s*::_/、\-]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column an importer takes: its code, its words, how a cell is read, whether it must be there."""

    code: str
    label: object  # lazily translated: what pages and templates call it
    headers: tuple[str, ...] = ()  # what workbooks call it, the template's own header first
    parse: Parser = field(default_factory=text)
    required: bool = False  # every row needs a value
    unique: bool = False  # no two rows may have the same value
    help: object = ""
    example: object = ""

    @property
    def header(self) -> str:
        """The header a template writes."""
        return self.headers[0] if self.headers else str(self.label)

    @property
    def choices(self) -> tuple[str, ...]:
        """The words a drop-down offers."""
        return self.parse.choices


@dataclass(frozen=True, slots=True)
class HeaderMap:
    """Which found header (by position) feeds which column, and how sure that is."""

    positions: Mapping[str, int]
    how: Mapping[str, str]  # exact or close: a close one wants a look
    unknown: Sequence[int]  # headers nobody asked for
    missing: Sequence[str]  # required columns without a header


def plain_header(header: object) -> str:
    """A header to compare by: no unit in brackets, no spaces, no stars, no case."""
    folded = unicodedata.normalize("NFKC", str(header))
    return _NOISE.sub("", _BRACKETS.sub("", folded)).casefold()


def _names(column: Column) -> Iterable[str]:
    return (plain_header(name) for name in (*column.headers, column.code, column.label))


def _scores(found: Sequence[object], columns: Sequence[Column]) -> list[tuple[float, int, int]]:
    """(likeness, position, number of the column) of every pair that is alike, best first, in the order of the sheet."""
    plain = [plain_header(header) for header in found]
    pairs = []
    for number, column in enumerate(columns):
        names = list(_names(column))
        for position, header in enumerate(plain):
            if header:
                likeness = max(_likeness(header, name) for name in names)
                pairs.append((likeness, position, number))
    return sorted((pair for pair in pairs if pair[0] >= CLOSE), key=lambda pair: (-pair[0], pair[1], pair[2]))


def _likeness(header: str, name: str) -> float:
    if header == name:
        return 1.0
    # what cannot be close, by length or by letters, is not compared: data rows are tried as headers too
    shared = 2 * min(len(header), len(name), len(set(header) & set(name)) * max(len(header), len(name)))
    if shared < CLOSE * (len(header) + len(name)):
        return 0.0
    return min(difflib.SequenceMatcher(None, header, name).ratio(), 0.99)


def map_headers(found: Sequence[object], columns: Sequence[Column]) -> HeaderMap:
    """Pair the found headers with the columns: exact words and synonyms first, then close ones; each is used once."""
    positions: dict[str, int] = {}
    how: dict[str, str] = {}
    taken: set[int] = set()
    for likeness, position, number in _scores(found, columns):
        code = columns[number].code
        if position not in taken and code not in positions:
            positions[code] = position
            how[code] = "exact" if likeness == 1 else "close"
            taken.add(position)
    return _header_map(positions, how, found, columns)


def confirmed_map(positions: Mapping[str, int], found: Sequence[object], columns: Sequence[Column]) -> HeaderMap:
    """The pairing a person has settled on; raises ValueError when it names a column or a position that is not there."""
    codes = {column.code for column in columns}
    if set(positions) - codes or any(not 0 <= position < len(found) for position in positions.values()):
        raise ValueError("the mapping names a column that is not there")
    if len(set(positions.values())) != len(positions):
        raise ValueError("one header feeds two columns")
    return _header_map(dict(positions), dict.fromkeys(positions, "exact"), found, columns)


def _header_map(
    positions: Mapping[str, int], how: Mapping[str, str], found: Sequence[object], columns: Sequence[Column]
) -> HeaderMap:
    taken = set(positions.values())
    return HeaderMap(
        positions=positions,
        how=how,
        unknown=[at for at, header in enumerate(found) if at not in taken and plain_header(header)],
        missing=[column.code for column in columns if column.required and column.code not in positions],
    )
