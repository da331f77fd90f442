"""Values of clauses by kind: reading them, and which of two is stricter (spec 03)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.domains.standards.choices import ClauseKind
from wuyou.kernel import cadence as cadences
from wuyou.kernel.cadence import Cadence
from wuyou.kernel.errors import Invalid

NO_DUTY = "-"

AT_MOST = "at_most"
AT_LEAST = "at_least"

# the side of the number on which a promise is kept
DIRECTIONS: Mapping[str, str] = {
    ClauseKind.MINUTES: AT_MOST,
    ClauseKind.HOURS: AT_MOST,
    ClauseKind.HOURS_PER_DAY: AT_LEAST,
    ClauseKind.PERCENT: AT_LEAST,
    ClauseKind.YEARS: AT_LEAST,
    ClauseKind.POSTS: AT_LEAST,
    ClauseKind.RETENTION: AT_LEAST,
}

_NUMBER = re.compile(r"\d{1,7}(\.\d{1,4})?")
_POSTS = re.compile(r"(?:posts\s+)?(\d{1,3})\s*[x×]\s*(\d{1,2}(?:\.\d)?)\s*h")
_RETENTION = re.compile(r"(?:retention\s+)?(\d{1,5})\s*(d|m|y)")
_DAYS = {"d": 1, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class Value:
    """A value read: its number (minutes, percent, hours, days kept …) or its cadence, and its text as written."""

    kind: str
    text: str
    number: Decimal | None = None
    cadence: Cadence | None = None

    @property
    def is_duty(self) -> bool:
        """False where the grade has no such duty."""
        return self.text != NO_DUTY


def is_no_duty(text: str) -> bool:
    """Whether a value says that the grade has no such duty."""
    return text.strip() in {"", NO_DUTY}


def parse_value(kind: str, text: str) -> Value:
    """Read a value of a clause kind; `-` or nothing is no duty. Raises Invalid that says what was expected."""
    stripped = text.strip()
    if is_no_duty(stripped):
        return Value(kind, NO_DUTY)
    return _READERS.get(kind, _text)(kind, stripped)


def _number(kind: str, text: str, *, top: int | None = None) -> Value:
    if not _NUMBER.fullmatch(text):
        raise Invalid(_("“%(text)s” is not a number."), text=text)
    number = Decimal(text)
    if top is not None and number > top:
        raise Invalid(_("%(text)s is more than %(top)s."), text=text, top=top)
    if number == 0:
        raise Invalid(_("Zero promises nothing; write “-” for no such duty."))
    return Value(kind, text, number=number)


def _percent(kind: str, text: str) -> Value:
    return _number(kind, text.removesuffix("%").strip(), top=100)


def _hours_per_day(kind: str, text: str) -> Value:
    return _number(kind, text, top=24)


def _cadence(kind: str, text: str) -> Value:
    return Value(kind, text, cadence=cadences.parse(text))


def _posts(kind: str, text: str) -> Value:
    found = _POSTS.fullmatch(text)
    if not found or not 0 < Decimal(found[2]) <= 24 or int(found[1]) == 0:
        raise Invalid(_("Write posts as heads × hours a day, e.g. 2x24h."))
    return Value(kind, text, number=int(found[1]) * Decimal(found[2]))


def _retention(kind: str, text: str) -> Value:
    found = _RETENTION.fullmatch(text)
    if not found or int(found[1]) == 0:
        raise Invalid(_("Write how long it is kept as days, months or years, e.g. 30 d or 4 y."))
    return Value(kind, text, number=Decimal(int(found[1]) * _DAYS[found[2]]))


def _text(kind: str, text: str) -> Value:
    return Value(kind, text)


_READERS: Mapping[str, Callable[[str, str], Value]] = {
    ClauseKind.CADENCE: _cadence,
    ClauseKind.MINUTES: _number,
    ClauseKind.HOURS: _number,
    ClauseKind.HOURS_PER_DAY: _hours_per_day,
    ClauseKind.PERCENT: _percent,
    ClauseKind.YEARS: _number,
    ClauseKind.POSTS: _posts,
    ClauseKind.RETENTION: _retention,
}


def is_stricter(kind: str, one: str, other: str) -> bool:
    """Whether the first value of a kind asks for more than the second; wordings cannot be compared and are not."""
    a, b = parse_value(kind, one), parse_value(kind, other)
    if not a.is_duty or not b.is_duty:
        return a.is_duty and not b.is_duty
    if a.cadence is not None and b.cadence is not None:
        return cadences.is_stricter(a.cadence, b.cadence)
    if a.number is None or b.number is None:
        return False
    return a.number < b.number if DIRECTIONS[kind] == AT_MOST else a.number > b.number
