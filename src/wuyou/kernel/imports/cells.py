"""Cells as people write them, turned into values: full-width digits, dates as text, numbers as text (spec 01)."""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import WuyouError

EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(7_000, 110_000)  # 1919 to 2201: any other number is no date somebody meant
LONGEST_DASH = 8
EXACT_DIGITS = 10**15  # a spreadsheet keeps 15 digits of a number and loses the rest

_FULL_WIDTH = {
    code: code - 0xFEE0
    for code in range(0xFF01, 0xFF5F)
    if chr(code - 0xFEE0).isalnum() or chr(code - 0xFEE0) in "-/.:#_+*@"
}
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_SPACES = {0x3000: " ", 0x00A0: " ", 0x2002: " ", 0x2003: " "}
_TIDY = {**_FULL_WIDTH, **_INVISIBLE, **_SPACES}
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?")
_NOTHING = re.compile(r"[-‐‑–—―/\\\\]+")  # what people write into a cell that has nothing to say
YES = frozenset({"是", "有", "y", "yes", "true", "1", "√", "✓", "对"})
NO = frozenset({"否", "无", "没有", "n", "no", "false", "0", "×", "x", "✗", "错"})


class CellProblem(WuyouError):
    """Why a cell cannot be taken, in words for the person who fills the sheet."""

    status = 422
    code = "cell"


@dataclass(frozen=True, slots=True)
class Parser:
    """How the cells of a column become values; `convert` never gets a blank one, `blank` stands for those."""

    convert: Callable[[object], object]
    blank: object = None
    kind: str = "text"  # text, number, date, yes_no or choice: how templates format the column
    choices: tuple[str, ...] = ()  # what a drop-down offers


def is_blank(cell: object) -> bool:
    """Whether a cell says nothing: empty, invisible signs, or only a dash or a slash."""
    if not isinstance(cell, str):
        return cell is None
    written = cell.translate(_TIDY).strip()
    return not written or (len(written) <= LONGEST_DASH and _NOTHING.fullmatch(written) is not None)


def tidy(cell: object) -> str:
    """A cell as plain text: full-width letters and digits narrowed, invisible characters dropped, spaces collapsed.

    Raises CellProblem for a long number whose last digits the spreadsheet has lost.
    """
    if isinstance(cell, str):
        return " ".join(cell.translate(_TIDY).split())
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        return _number_text(cell)
    return _moment_text(cell)


def key(cell: object) -> str:
    """A text to compare by: compatibility forms folded, no spaces, no case."""
    return "".join(unicodedata.normalize("NFKC", tidy(cell)).split()).casefold()


def _number_text(cell: float) -> str:
    if abs(cell) >= EXACT_DIGITS:
        raise CellProblem(_("The number is longer than 15 digits and has lost its last ones. Format the cell as text."))
    return str(int(cell)) if float(cell).is_integer() else repr(cell)


def _moment_text(cell: object) -> str:
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def text(*, longest: int = 200, lines: bool = False) -> Parser:
    """Text of at most `longest` characters; `lines` keeps line breaks."""

    def convert(cell: object) -> object:
        value = "\n".join(tidy(line) for line in cell.splitlines()) if lines and isinstance(cell, str) else tidy(cell)
        if len(value) > longest:
            raise CellProblem(_("Longer than %(longest)s characters."), longest=longest)
        if any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in value):
            raise CellProblem(_("Contains a control character."))
        return value

    return Parser(convert, blank="")


def pattern(expression: str, message: object, *, longest: int = 200) -> Parser:
    """Text without spaces that matches `expression` in full, else `message`."""
    compiled = re.compile(expression)

    def convert(cell: object) -> object:
        value = tidy(cell).replace(" ", "")
        if len(value) > longest or not compiled.fullmatch(value):
            raise CellProblem(message)
        return value

    return Parser(convert, blank="")


def _decimal_of(cell: object, units: Sequence[str]) -> Decimal:
    if isinstance(cell, bool | date | time | timedelta):
        raise CellProblem(_("Not a number."))
    value = Decimal(repr(cell)) if isinstance(cell, int | float) else _decimal_written(str(cell), units)
    if not value.is_finite():
        raise CellProblem(_("Not a number."))
    if value.copy_abs() >= EXACT_DIGITS:
        raise CellProblem(_("The number is too large."))
    return value


def _decimal_written(text: str, units: Sequence[str]) -> Decimal:
    written = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").removeprefix("¥")
    for unit in sorted(units, key=len, reverse=True):
        written = written.removesuffix(unicodedata.normalize("NFKC", unit))
    try:
        return Decimal(written)
    except InvalidOperation:
        raise CellProblem(_("Not a number.")) from None


def decimal(
    *,
    places: int = 2,
    least: Decimal | int | None = None,
    above: Decimal | int | None = None,
    most: Decimal | int | None = None,
    units: Sequence[str] = (),
) -> Parser:
    """A Decimal with at most `places` places, ≥ `least`, > `above`, ≤ `most`; a trailing unit of `units` is dropped."""

    def convert(cell: object) -> object:
        value = _decimal_of(cell, units)
        if isinstance(cell, float):
            value = round(value, max(places, 9))  # 0.1 + 0.2 as a spreadsheet stores it
        _check_bounds(value, least=least, above=above, most=most)
        if value != round(value, places):
            raise CellProblem(_("More than %(places)s decimal places."), places=places)
        return round(value, places)

    return Parser(convert, kind="number")


def _check_bounds(
    value: Decimal, *, least: Decimal | int | None, above: Decimal | int | None, most: Decimal | int | None
) -> None:
    if least is not None and value < least:
        raise CellProblem(_("Must be at least %(limit)s."), limit=least)
    if above is not None and value <= above:
        raise CellProblem(_("Must be greater than %(limit)s."), limit=above)
    if most is not None and value > most:
        raise CellProblem(_("Must be at most %(limit)s."), limit=most)


def integer(*, least: int | None = None, most: int | None = None, units: Sequence[str] = ()) -> Parser:
    """A whole number within the bounds (inclusive)."""

    def convert(cell: object) -> object:
        value = _decimal_of(cell, units)
        if value != value.to_integral_value():
            raise CellProblem(_("Not a whole number."))
        _check_bounds(value, least=least, above=None, most=most)
        return int(value)

    return Parser(convert, kind="number")


def yes_no() -> Parser:
    """是/否, 有/无, yes/no, 1/0 as a bool; a blank cell is None."""

    def convert(cell: object) -> object:
        if isinstance(cell, bool):
            return cell
        word = key(cell)
        if word in YES:
            return True
        if word in NO:
            return False
        raise CellProblem(_("Write yes (是) or no (否)."))

    return Parser(convert, kind="yes_no", choices=("是", "否"))


def choice(options: Mapping[str, Sequence[str]]) -> Parser:
    """The code of one of `options`, each given as code → words people write for it (the first is offered)."""
    words = {key(word): code for code, written in options.items() for word in (code, *written)}
    offered = tuple(written[0] if written else code for code, written in options.items())

    def convert(cell: object) -> object:
        code = words.get(key(cell))
        if code is None:
            raise CellProblem(_("Not one of: %(choices)s."), choices="、".join(offered))
        return code

    return Parser(convert, blank="", kind="choice", choices=offered)


def day() -> Parser:
    """A date: a date cell, a serial number, or 2025-01-01, 2025/1/1, 2025.1.1, 2025年1月1日, 20250101 as text."""
    return Parser(_day_of, kind="date")


def _day_of(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _day_of_number(cell)
    written = unicodedata.normalize("NFKC", str(cell)).strip()
    found = _DATE.fullmatch(written) or _COMPACT_DATE.fullmatch(written)
    if found is None:
        raise CellProblem(_("Not a date. Write it like 2025-01-31."))
    return _calendar_day(*(int(part) for part in found.groups()))


def _is_serial(number: float) -> bool:
    return math.isfinite(number) and int(number) in SERIALS


def _day_of_number(number: float) -> date:
    if _is_serial(number):
        return EXCEL_EPOCH + timedelta(days=int(number))
    if 19000101 <= number <= 22001231 and float(number).is_integer():
        return _calendar_day(int(number) // 10000, int(number) // 100 % 100, int(number) % 100)
    raise CellProblem(_("Not a date. Write it like 2025-01-31."))


def _calendar_day(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise CellProblem(_("There is no such day in the calendar.")) from None


def month() -> Parser:
    """A month as the date of its first day: 2025-03, 2025/3, 2025年3月, 202503, or any date in it."""

    def convert(cell: object) -> object:
        if isinstance(cell, datetime | date):
            return date(cell.year, cell.month, 1)
        if isinstance(cell, float | int) and _is_serial(cell):
            return _day_of(cell).replace(day=1)
        found = _MONTH.fullmatch(unicodedata.normalize("NFKC", tidy(cell)))
        if found is None:
            raise CellProblem(_("Not a month. Write it like 2025-03."))
        return _calendar_day(int(found[1]), int(found[2]), 1)

    return Parser(convert, kind="date")
