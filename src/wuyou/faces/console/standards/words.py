"""Clauses and their values in words, in the language active now."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuyou.domains.standards.choices import Certainty, ClauseKind
from wuyou.domains.standards.models import Clause, Grade, Standard
from wuyou.domains.standards.rules.facts import KNOWN
from wuyou.domains.standards.rules.values import is_no_duty, parse_value
from wuyou.faces.console.work.looks import said
from wuyou.kernel.cadence import describe, parse
from wuyou.kernel.errors import WuyouError

CERTAINTY_TONES = {Certainty.HIGH: "ok", Certainty.MEDIUM: "warn", Certainty.LOW: "bad"}
VERSION_TONES = {"draft": "accent", "review": "warn", "issued": "ok", "withdrawn": "muted"}


def standard_name(standard: Standard) -> str:
    """What the standard is called."""
    return said(standard.name_zh, standard.name_en)


def grade_name(grade: Grade) -> str:
    """What the grade is called."""
    return said(grade.label_zh, grade.label_en)


def requirement(clause: Clause) -> str:
    """What the clause asks for, and of what."""
    return said(f"{clause.subject_name} · {clause.requirement_zh}", clause.requirement_en)


def cadence_words(text: str) -> str:
    """A frequency in words; the text itself when it cannot be read."""
    try:
        return str(describe(parse(text)))
    except WuyouError:
        return text


PHRASES = (  # values that are neither a frequency nor a number, as the shipped sets write them
    (re.compile(r"posts (?P<a>\d+)x(?P<b>\d+)h"), gettext_lazy("%(a)s people at a time, %(b)s hours a day")),
    (re.compile(r"retention (?P<a>\d+) d"), gettext_lazy("kept for %(a)s days")),
    (
        re.compile(r"review (?P<a>\d+) y; renewal (?P<b>\d+) y"),
        gettext_lazy("reviewed after %(a)s, renewed after %(b)s years"),
    ),
    (re.compile(r"renewal (?P<a>\d+) y"), gettext_lazy("renewed after %(a)s years")),
    (re.compile(r"(?:cond:)?age>(?P<a>\d+)y"), gettext_lazy("once older than %(a)s years")),
    (re.compile(r"(?:cond:)?trapped"), gettext_lazy("whenever people are trapped")),
    (re.compile(r"(?:cond:)?after cleaning"), gettext_lazy("after every cleaning")),
    (re.compile(r"(?:cond:)?after discharge"), gettext_lazy("after every discharge")),
    (re.compile(r"by city profile"), gettext_lazy("as the city demands")),
    (re.compile(r"immediate"), gettext_lazy("at once")),
    (re.compile(r"on the spot or (?P<a>\d+) days"), gettext_lazy("on the spot, else within %(a)s days")),
)


def phrase(text: str) -> str:
    """A value of a known shape in words; empty for any other."""
    for shape, words in PHRASES:
        found = shape.fullmatch(text.strip())
        if found:
            return str(words) % found.groupdict()
    return ""


def value_words(kind: str, text: str) -> str:
    """The value of a grade in words; a dash for no such duty."""
    if is_no_duty(text):
        return "–"
    if said_so := phrase(text):
        return said_so
    if kind == ClauseKind.CADENCE:
        return cadence_words(text)
    try:
        value = parse_value(kind, text)
    except WuyouError:
        return text
    if value.number is None:
        return _("yes") if kind in {ClauseKind.DUTY, ClauseKind.RECORD} and text in {"yes", "1"} else text
    number = f"{value.number.normalize():f}"
    return _worded(kind, number) or text


def _worded(kind: str, number: str) -> str:
    words = {
        ClauseKind.MINUTES: _("within %(number)s minutes"),
        ClauseKind.HOURS: _("within %(number)s hours"),
        ClauseKind.HOURS_PER_DAY: _("%(number)s hours a day"),
        ClauseKind.PERCENT: _("%(number)s %%"),
        ClauseKind.YEARS: _("every %(number)s years"),
    }
    return words[ClauseKind(kind)] % {"number": number} if kind in words else ""


PARTS = {
    "basic": gettext_lazy("Basic service"), "house": gettext_lazy("Buildings"), "facility": gettext_lazy("Facilities"),
    "order": gettext_lazy("Order keeping"), "clean": gettext_lazy("Cleaning"), "green": gettext_lazy("Greenery"),
    "community": gettext_lazy("Community life"), "lift": gettext_lazy("Lifts"), "fire": gettext_lazy("Fire safety"),
    "water": gettext_lazy("Drinking water"), "lightning": gettext_lazy("Lightning protection"),
    "power": gettext_lazy("Electric power"), "video": gettext_lazy("Video surveillance"),
    "pest": gettext_lazy("Pest control"), "publication": gettext_lazy("Publication"),
    "certificate": gettext_lazy("Certificates"), "network": gettext_lazy("Network"),
    "waste": gettext_lazy("Waste"), "transport": gettext_lazy("Transport"), "contract": gettext_lazy("Contract duties"),
}  # fmt: skip


def part_name(part: str) -> str:
    """What a part of a standard is called; its own word when the company made it."""
    return str(PARTS.get(part, part))


JOINS = {"&": gettext_lazy("and"), "|": gettext_lazy("or"), "!": gettext_lazy("not"), "(": "(", ")": ")"}
UNITS = {"y": gettext_lazy("years"), "m": gettext_lazy("metres")}
_PIECE = re.compile(r"(?P<fact>[a-z_]+)(?P<sign>>=|<=|>|<|=)?(?P<number>[\d.]+)?(?P<unit>[a-z])?|(?P<join>[&|!()])")
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}


def predicate_words(text: str) -> str:
    """A predicate over facts in words."""
    return " ".join(_piece(found) for found in _PIECE.finditer(text.replace(" ", ""))) or str(KNOWN["it"].meaning)


def _piece(found: re.Match[str]) -> str:
    if found["join"]:
        return str(JOINS[found["join"]])
    meaning = str(KNOWN[found["fact"]].meaning) if found["fact"] in KNOWN else found["fact"]
    if not found["sign"]:
        return meaning
    return f"{meaning} {_SIGNS[found['sign']]} {found['number']} {UNITS.get(found['unit'] or '', '')}".rstrip()
