"""When a duty applies: predicates over named facts, e.g. `lift&age>15y` (spec 03, 13 §3).

    expr := term ("|" term)* ; term := factor ("&" factor)* ; factor := "!" factor | "(" expr ")" | comparison | name
    comparison := name (">=" | "<=" | ">" | "<" | "=") number unit

A fact is a truth or one or more numbers: a project has the heights of all its buildings, and a comparison holds when
any of them satisfies it; one building has its own height only, so the same predicate asked with its facts is exact.
A fact nobody has collected is not established: a duty does not follow from it, and `facts_lacking` names it.
"""

import functools
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

FactValue = bool | int | Decimal | Sequence[Decimal] | None
Facts = Mapping[str, FactValue]

PROJECT = "project"
OBJECT = "object"  # known of one building or device

MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact predicates may name; `unit` is empty for a truth, `scope` says whether single objects have it."""

    name: str
    meaning: str | Promise
    unit: str = ""
    scope: str = PROJECT

    @property
    def is_number(self) -> bool:
        """Whether it is compared with a number."""
        return bool(self.unit)


ALWAYS = "it"

KNOWN: Mapping[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact(ALWAYS, _("always")),
        Fact("lift", _("there are passenger lifts")),
        Fact("age", _("years since a lift was accepted"), "y", OBJECT),
        Fact("height", _("height of a building"), "m", OBJECT),
        Fact("residential", _("the project is residential")),
        Fact("office", _("the project is an office building")),
        Fact("hospital", _("the project is a hospital")),
        Fact("campus", _("the project is a campus")),
        Fact("fire_system", _("a building has automatic fire systems")),
        Fact("control_room", _("there is a fire control room")),
        Fact("extinguisher", _("there are extinguishers")),
        Fact("extinguisher_dry", _("there are dry-powder extinguishers")),
        Fact("hydrant", _("there are hydrants")),
        Fact("key_unit", _("the project is a key fire unit")),
        Fact("tank", _("there are drinking-water tanks")),
        Fact("lightning", _("there is lightning protection")),
        Fact("transformer", _("there is power-distribution equipment")),
        Fact("cctv", _("there are surveillance cameras")),
        Fact("contract", _("there is a service contract")),
        Fact("common_income", _("common parts bring income")),
        Fact("electrician", _("staff hold an electrician's licence")),
    )
}

_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "=": operator.eq,
}  # fmt: skip
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[a-z_][a-z0-9_]*)|(?P<op>>=|<=|>|<|=)|(?P<number>\d+(?:\.\d+)?)|(?P<mark>[&|!()]))"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A fact that must be true, or a number that must be known."""

    name: str

    def holds(self, facts: Facts) -> bool:
        """Whether the facts establish it."""
        if self.name == ALWAYS:
            return True
        value = facts.get(self.name, False)
        return bool(value)

    def names(self) -> frozenset[str]:
        """The facts it asks for."""
        return frozenset({self.name} - {ALWAYS})


@dataclass(frozen=True, slots=True)
class Compared:
    """A number that must lie on one side of a limit."""

    name: str
    sign: str
    limit: Decimal
    unit: str

    def holds(self, facts: Facts) -> bool:
        """Whether any known number satisfies the comparison.

        Where no number is known, a collector may have stated the comparison as a whole (`height>27m`: true).
        """
        value = facts.get(self.name)
        if value is None:
            return facts.get(f"{self.name}{self.sign}{self.limit}{self.unit}") is True
        numbers = value if isinstance(value, Sequence) else (Decimal(value),)
        return any(_COMPARE[self.sign](number, self.limit) for number in numbers)

    def names(self) -> frozenset[str]:
        """The facts it asks for."""
        return frozenset({self.name})


@dataclass(frozen=True, slots=True)
class Joined:
    """All (`&`) or any (`|`) of the parts."""

    sign: str
    parts: tuple["Predicate", ...]

    def holds(self, facts: Facts) -> bool:
        """Whether all, or any, of the parts hold."""
        held = (part.holds(facts) for part in self.parts)
        return all(held) if self.sign == "&" else any(held)

    def names(self) -> frozenset[str]:
        """The facts it asks for."""
        return frozenset().union(*(part.names() for part in self.parts))


@dataclass(frozen=True, slots=True)
class Negated:
    """The part does not hold."""

    part: "Predicate"

    def holds(self, facts: Facts) -> bool:
        """Whether the part does not hold."""
        return not self.part.holds(facts)

    def names(self) -> frozenset[str]:
        """The facts it asks for."""
        return self.part.names()


Predicate = Named | Compared | Joined | Negated


class _Reader:
    """Recursive descent over the tokens of one predicate."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, kind: str = "") -> str:
        """The next token, of that kind when one is asked for."""
        if self.at >= len(self.tokens):
            raise Invalid(_("“%(text)s” breaks off at its end."), text=self.text)
        found, token = self.tokens[self.at]
        if kind and found != kind:
            raise Invalid(_("“%(token)s” is out of place in “%(text)s”."), token=token, text=self.text)
        self.at += 1
        return token

    def expression(self) -> Predicate:
        return self.joined("|", self.term)

    def term(self) -> Predicate:
        return self.joined("&", self.factor)

    def joined(self, sign: str, part: Callable[[], Predicate]) -> Predicate:
        parts = [part()]
        while self.peek() == sign:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Joined(sign, tuple(parts))

    def factor(self) -> Predicate:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Invalid(_("“%(text)s” is nested too deeply."), text=self.text)
        try:
            return self.single()
        finally:
            self.depth -= 1

    def single(self) -> Predicate:
        if self.peek() == "!":
            self.take()
            return Negated(self.factor())
        if self.peek() == "(":
            return self.bracketed()
        return self.atom()

    def bracketed(self) -> Predicate:
        self.take()
        inner = self.expression()
        if self.take("mark") != ")":
            raise Invalid(_("A bracket in “%(text)s” is not closed."), text=self.text)
        return inner

    def atom(self) -> Predicate:
        name = self.take("name")
        if name not in KNOWN:
            raise Invalid(_("There is no fact “%(name)s”."), name=name)
        if self.peek() in _COMPARE:
            return self.compared(KNOWN[name])
        if KNOWN[name].is_number:
            raise Invalid(
                _("“%(name)s” must be compared with a number, e.g. %(name)s>15%(unit)s."),
                name=name,
                unit=KNOWN[name].unit,
            )
        return Named(name)

    def compared(self, fact: Fact) -> Predicate:
        if not fact.is_number:
            raise Invalid(_("“%(name)s” is true or not; it cannot be compared."), name=fact.name)
        sign, number = self.take("op"), Decimal(self.take("number"))
        unit = self.take("name")
        if unit != fact.unit:
            raise Invalid(_("“%(name)s” is counted in %(unit)s."), name=fact.name, unit=fact.unit)
        return Compared(fact.name, sign, number, unit)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    stripped = text.rstrip()
    while at < len(stripped):
        found = _TOKEN.match(stripped, at)
        if not found:
            raise Invalid(_("“%(token)s” is out of place in “%(text)s”."), token=stripped[at:].strip()[:10], text=text)
        kind = str(found.lastgroup)
        tokens.append((kind, found.group(kind)))
        at = found.end()
    return tokens


@functools.lru_cache(maxsize=512)
def parse_predicate(text: str) -> Predicate:
    """Read a predicate; empty text is always true. Raises Invalid for an unknown fact, a wrong unit or bad grammar."""
    if not text.strip():
        return Named(ALWAYS)
    reader = _Reader(text)
    predicate = reader.expression()
    if reader.peek():
        raise Invalid(_("“%(token)s” is out of place in “%(text)s”."), token=reader.peek(), text=text)
    return predicate


def holds(text: str, facts: Facts) -> bool:
    """Whether a predicate holds on the facts; raises Invalid for a malformed predicate."""
    return parse_predicate(text).holds(facts)


def holds_for(text: str, project_facts: Facts, object_facts: Facts) -> bool:
    """Whether it holds for one building or device: its own facts stand before the project's."""
    return holds(text, {**project_facts, **object_facts})


def is_per_object(text: str) -> bool:
    """Whether the answer depends on the single building or device (its height, its age)."""
    return any(KNOWN[name].scope == OBJECT for name in parse_predicate(text).names())


def facts_lacking(predicates: Iterable[str], facts: Facts) -> frozenset[str]:
    """Facts the predicates ask for that nobody has collected; raises Invalid for a malformed predicate."""
    asked = frozenset().union(*(parse_predicate(text).names() for text in predicates))
    known = {name for name, value in facts.items() if value is not None}
    stated = {name for text in known - set(KNOWN) for name in asked if text.startswith((f"{name}>", f"{name}<"))}
    return asked - known - stated
