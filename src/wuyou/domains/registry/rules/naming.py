"""Names and numbers of buildings, units and rooms as workbooks write them (spec 01: two units with the same name)."""

import functools
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_NUMERAL = "[零〇一二三四五六七八九十百两]+"
_COUNTED = re.compile(rf"({_NUMERAL})(?=号楼|号|栋|幢|座|单元|层|楼|期|区|室)")
_BUILDING_WORD = re.compile(r"(?<=[0-9A-Z])(?:号楼|栋|幢|座|#楼|#)|(?<=[0-9])楼$")
_LOCATION = re.compile(
    r"(?P<area>.*?[区期])?(?P<building>.*?[0-9A-Z零〇一二三四五六七八九十百两]+(?:号楼|栋|幢|座|#楼|#))"
    r"(?:(?P<unit>[0-9A-Z零〇一二三四五六七八九十百两]+单元))?(?P<rest>.*)"
)
_ROOM = re.compile(r"[0-9A-Za-z\u4e00-\u9fff]+(?:-[0-9A-Za-z\u4e00-\u9fff]+)*")
_SPLIT = re.compile(r"[-—–_/#]|号楼|栋|幢|座|单元")
_FLOOR = re.compile(
    rf"(?:第|F)?(?P<below>地下|负|B|-)?第?(?P<number>[0-9]{{1,3}}|{_NUMERAL})(?:层|楼|F)?", re.IGNORECASE
)
LONGEST_CODE = 60


@dataclass(frozen=True, slots=True)
class Location:
    """What a name says about where it is: A区, 1号楼, 2单元 and what is left (楼道); '' where it says nothing."""

    area: str
    building: str
    unit: str
    rest: str


def number_of(numeral: str) -> int:
    """A Chinese numeral up to 999 as a number: 十二 → 12, 一百零五 → 105."""
    total, digit = 0, 0
    for sign in numeral:
        if sign in "十百":
            total += (digit or (1 if sign == "十" else 0)) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[sign] if not total and digit else _DIGITS[sign]
    return total + digit


@functools.lru_cache(maxsize=1 << 16)
def place_key(name: str) -> str:
    """A name to compare by: 一单元 is 1单元, １ 号楼, 1栋 and 1# are 1号楼, letters are capitals."""
    plain = "".join(unicodedata.normalize("NFKC", name).split()).upper()
    counted = _COUNTED.sub(lambda found: str(number_of(found[1])), plain)
    return _BUILDING_WORD.sub("号楼", counted)


def unit_key(name: str) -> str:
    """A unit's name to compare by; a bare number is a unit: 2 and 二单元 are 2单元."""
    key = place_key(name)
    return f"{key}单元" if key.isdigit() else key


def floor_of(text: str) -> int | None:
    """The floor a text names, below ground negative: 三层 and 3F are 3, B1 and 地下一层 are -1; None for no floor."""
    found = _FLOOR.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if found is None:
        return None
    digits = found["number"]
    number = int(digits) if digits.isascii() else number_of(digits)
    return -number if found["below"] else number


def building_key(name: str) -> str:
    """A building's name to compare by; a bare number is a building: 12 and 12栋 are 12号楼."""
    key = place_key(name)
    return f"{key}号楼" if key.isdigit() else key


def location_in(name: str) -> Location | None:
    """The building and unit a name speaks of (97号楼1单元电梯); None when it speaks of none."""
    found = _LOCATION.fullmatch("".join(unicodedata.normalize("NFKC", name).split()))
    if found is None:
        return None
    return Location(found["area"] or "", found["building"], found["unit"] or "", found["rest"])


def short_number(name: str) -> str:
    """What a room code says for a building or unit: 1号楼 → 1, 2单元 → 2, A座 → A, 兰苑 → 兰苑."""
    key = place_key(name)
    return key.removesuffix("号楼").removesuffix("单元") or key


@functools.lru_cache(maxsize=1 << 15)
def normal_room_code(text: str) -> str:
    """A room code in its written form with plain hyphens: １-1-101 and 1号楼1单元101室 are 1-1-101.

    Raises Invalid for signs no room code has.
    """
    key = place_key(text).removesuffix("室").removesuffix("号")
    code = "-".join(part for part in _SPLIT.split(key) if part)
    if not _ROOM.fullmatch(code) or len(code) > LONGEST_CODE:
        raise Invalid(_("Not a room code. Write it like 1-1-101 or 101."))
    return code


def full_room_code(number: str, *, building: str, unit: str) -> str:
    """The code of a room within its project: building and unit are put in front where they are not there yet.

    101 and 2-101 of unit 2 in building 1 are 1-2-101; a code that names its building stays as the company writes it.
    Raises Invalid for a code that is longer than a code may be.
    """
    return _short_enough(_with_building(normal_room_code(number).split("-"), building, unit))


def _short_enough(code: str) -> str:
    if len(code) > LONGEST_CODE:
        raise Invalid(_("The code of this room is too long with its building and unit."))
    return code


def _with_building(parts: list[str], building: str, unit: str) -> str:
    in_building, in_unit = short_number(building), short_number(unit) if unit else ""
    if in_building in parts[:-1]:
        return "-".join(parts)
    if parts[0] == in_unit and len(parts) > 1:
        parts = parts[1:]
    return "-".join(part for part in (in_building, in_unit, *parts) if part)


def split_list(text: str) -> list[str]:
    """The entries of a cell that holds several: separated by 、；;，, or a line break."""
    return [part.strip() for part in re.split(r"[、;；,，/\n]", text) if part.strip()]


def natural_order(code: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts 2-1-101 before 10-1-101."""
    parts = re.findall(r"\d+|\D+", code)
    return tuple((0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part) for part in parts)
