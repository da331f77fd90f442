"""Reading JSON strictly: every wrong value gets its JSON pointer and what is wrong with it (spec 00, rule 2)."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import filled
from wuyou.kernel.explain import Words

T = TypeVar("T")

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
LARGEST = Decimal(10) ** 9
MOST_PLACES = 6


class Fields:
    """One JSON object being read; `wrong` is shared by all objects of a document (pointer → message)."""

    def __init__(self, data: object, pointer: str, wrong: dict[str, object]) -> None:
        """Keep the object; anything else than an object is an error at the pointer."""
        self.pointer = pointer
        self.wrong = wrong
        self._asked: set[str] = set()
        self._data: Mapping[str, Any] = {}
        if isinstance(data, Mapping):
            self._data = data
        else:
            self.say("", _("This must be an object."))

    def say(self, name: str, message: object) -> None:
        """Note an error at a member, or at the object itself with ""."""
        self.wrong.setdefault(f"{self.pointer}/{name}" if name else self.pointer or "/", message)

    def has(self, name: str) -> bool:
        """Whether the member is there and not null."""
        self._asked.add(name)
        return self._data.get(name) is not None

    def raw(self, name: str) -> Any:
        """The member as it is; None where it is absent."""
        self._asked.add(name)
        return self._data.get(name)

    def text(self, name: str, default: str | None = None, *, most: int = 60) -> str:
        """A text that is not empty."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and 0 < len(value.strip()) <= most and "\0" not in value:
            return value.strip()
        self.say(name, filled(_("This must be a text of 1 to %(most)s characters."), most=most))
        return ""

    def key(self, name: str, default: str | None = None) -> str:
        """A code: small letters, digits and underscores, beginning with a letter."""
        value = self.text(name, default)
        if value and value != default and not KEY.fullmatch(value):
            self.say(name, _("A code is made of small letters, digits and underscores and begins with a letter."))
        return value

    def words(self, name: str) -> Words:
        """A text in both languages: {"zh": …, "en": …}."""
        inner = self.inner(name)
        words = Words(inner.text("zh", most=200), inner.text("en", "", most=200))
        inner.close()
        return words

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        """A decimal number, as text or whole number; floats are refused, for they do not say what they are."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        found = decimal_of(value)
        if found is not None:
            return found
        self.say(name, _('This must be a decimal number written as text, such as "12.5".'))
        return Decimal(0)

    def number_or_none(self, name: str, default: Decimal | None) -> Decimal | None:
        """A decimal number, null for none; the default only where the member is absent."""
        if name not in self._data:
            self._asked.add(name)
            return default
        return self.number(name) if self.has(name) else None

    def whole(self, name: str, default: int | None = None, *, low: int = 0, high: int = 10**15) -> int:
        """A whole number within bounds."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.say(name, filled(_("This must be a whole number from %(low)s to %(high)s."), low=low, high=high))
        return low

    def flag(self, name: str, default: bool) -> bool:  # noqa: FBT001 — the default of a flag is one
        """True or false."""
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        self.say(name, _("This must be true or false."))
        return default

    def choice(self, name: str, kind: Callable[[str], T], default: T | None = None) -> T:
        """A member of choices; the first of them where the value is none, which is noted."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        try:
            return kind(value)
        except ValueError:
            members: Sequence[T] = list(kind)  # type: ignore[call-overload]
            codes = ", ".join(str(member) for member in members)
            self.say(name, filled(_("This must be one of: %(codes)s."), codes=codes))
            return members[0]

    def inner(self, name: str) -> "Fields":
        """The object behind a member."""
        return Fields(self.raw(name), f"{self.pointer}/{name}", self.wrong)

    def each(self, name: str) -> list["Fields"]:
        """The objects of a list; an absent list is empty."""
        return [
            Fields(one, f"{self.pointer}/{name}/{index}", self.wrong) for index, one in enumerate(self.listed(name))
        ]

    def listed(self, name: str) -> list[Any]:
        """A list as it is; an absent one is empty."""
        value = self.raw(name)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        self.say(name, _("This must be a list."))
        return []

    def keys(self, name: str) -> tuple[str, ...]:
        """A list of codes."""
        found = self.listed(name)
        for index, one in enumerate(found):
            if not (isinstance(one, str) and KEY.fullmatch(one)):
                self.say(f"{name}/{index}", _("This must be a code."))
        return tuple(one for one in found if isinstance(one, str))

    def numbers(self, name: str) -> dict[str, Decimal]:
        """An object of decimal numbers by code; an absent one is empty."""
        if not self.has(name):
            return {}
        inner = self.inner(name)
        return {code: inner.number(code) for code in inner.members()}

    def wholes(self, name: str, *, low: int = 0, high: int = 1000) -> dict[str, int]:
        """An object of whole numbers by code; an absent one is empty."""
        if not self.has(name):
            return {}
        inner = self.inner(name)
        return {code: inner.whole(code, low=low, high=high) for code in inner.members()}

    def members(self) -> list[str]:
        """The names of all members."""
        return list(self._data)

    def close(self) -> None:
        """Note members nobody asked for: a misspelt name must not pass silently."""
        for name in self._data:
            if name not in self._asked:
                self.say(str(name), _("There is no such setting."))


def decimal_of(value: object) -> Decimal | None:
    """A whole number or a text as a decimal number within reason (below 10⁹, at most six places); None otherwise."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    if not found.is_finite() or abs(found) >= LARGEST:
        return None
    return found if found == round(found, MOST_PLACES) else None
