"""How the register's own kinds of cell become values: telephone and identity numbers, names in lists, room codes."""

import re
from collections.abc import Callable

from wuyou.domains.registry.rules.contact import normal_identity, normal_phone
from wuyou.domains.registry.rules.naming import floor_of, normal_room_code, split_list
from wuyou.kernel.errors import Invalid
from wuyou.kernel.imports import CellProblem, Parser, cells
from wuyou.kernel.imports.cells import key, tidy

NOBODY = frozenset({"无", "暂无", "没有", "空", "未知", "不详", "none", "null", "n/a", "na", "nil"})
_TWO_MOBILES = re.compile(r"(?<=1\d{10})\s+(?=1\d{10}\b)")


def checked(normal: Callable[[str], str]) -> Parser:
    """A text in the normal form a rule gives; what the rule refuses is a wrong cell."""

    def convert(cell: object) -> object:
        try:
            return normal(tidy(cell))
        except Invalid as error:
            raise CellProblem(error.message) from error

    return Parser(convert, blank="")


def several(normal: Callable[[str], str]) -> Parser:
    """A tuple of texts separated by 、；, or the like or on lines, each in the normal form a rule gives.

    Words for nobody (无, 暂无) and dashes are left out.
    """

    def convert(cell: object) -> object:
        try:
            return tuple(normal(part) for part in _parts(cell))
        except Invalid as error:
            raise CellProblem(error.message) from error

    return Parser(convert, blank=())


def _parts(cell: object) -> list[str]:
    lines = cell.splitlines() if isinstance(cell, str) else [cell]
    parts = [part for line in lines for part in split_list(_TWO_MOBILES.sub("、", tidy(line)))]
    return [part for part in parts if not cells.is_blank(part) and key(part) not in NOBODY]


def floor() -> Parser:
    """A floor as a number, below ground negative: 3, 3层, 三楼, 3F, -1, B1, 地下一层, 负1楼."""
    number = cells.integer(least=-9, most=200)

    def convert(cell: object) -> object:
        level = floor_of(cell) if isinstance(cell, str) else None
        return number.convert(cell if level is None else level)

    return Parser(convert, kind="number")


def present() -> Parser:
    """Whether there are any: yes or no, or how many (0, 2, 2部)."""
    flag, count = cells.yes_no(), cells.integer(least=0, units=("部", "台", "个"))

    def convert(cell: object) -> object:
        try:
            return flag.convert(cell)
        except CellProblem as problem:
            try:
                return bool(count.convert(cell))
            except CellProblem:
                raise problem from None

    return Parser(convert, kind="yes_no", choices=flag.choices)


def names(*, longest: int = 60) -> Parser:
    """A tuple of names of at most `longest` characters, without spaces between Chinese signs."""
    return several(lambda text: _plain_name(text, longest))


def name(*, longest: int = 60) -> Parser:
    """One name of at most `longest` characters, without spaces between Chinese signs: 张　三 is 张三."""
    return Parser(lambda cell: _plain_name(tidy(cell), longest), blank="")


def _plain_name(text: str, longest: int) -> str:
    plain = cells.text(longest=longest).convert(text if text.isascii() else text.replace(" ", ""))
    return str(plain)


def phones() -> Parser:
    """A tuple of telephone numbers."""
    return several(normal_phone)


def phone() -> Parser:
    """One telephone number."""
    return checked(normal_phone)


def identities() -> Parser:
    """A tuple of identity numbers."""
    return several(normal_identity)


def identity() -> Parser:
    """One identity number."""
    return checked(normal_identity)


def room_code() -> Parser:
    """A room code or number as the sheet writes it; raises for signs no room code has."""

    def convert(cell: object) -> object:
        written = tidy(cell)
        try:
            normal_room_code(written)
        except Invalid as error:
            raise CellProblem(error.message) from error
        return written

    return Parser(convert, blank="")


def days() -> Parser:
    """A tuple of dates: one for all licences of the row, or one for each."""
    one = cells.day()

    def convert(cell: object) -> object:
        parts = split_list(cell.replace("/", "-")) if isinstance(cell, str) else [cell]
        return tuple(one.convert(part) for part in parts)

    return Parser(convert, blank=(), kind="date")
