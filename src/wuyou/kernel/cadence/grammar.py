"""Reading cadences from text."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

from .forms import (
    DAY,
    WEEKDAYS,
    Anniversaries,
    Cadence,
    DaysOff,
    Hours,
    Never,
    Often,
    OnCondition,
    Rate,
    Season,
    Unit,
    refuse,
)

LONGEST_TEXT = 160
OTHER_YEARS = "years except 1;4;7;9;11;13;15;then 1/1 y"  # lifts: TSG T7001-2023, T7008-2023
OTHER_YEARS_ANCHOR = ";anchor=acceptance month"

OFTEN = re.compile(r"(\d{1,5})\s*/\s*(\d{1,6}|0\.5)\s*(hy|h|d|w|m|q|y)\b\s*", re.ASCII)
IN_OTHER_YEARS = re.compile(r"1/1 y in other years\s*(;.*)?\s*", re.ASCII)
PER_JOB = re.compile(r"(\d{1,4})\s*/\s*1\s*job", re.ASCII)
CLOCK = r"(\d{1,2}):(\d{2})"
SPAN = re.compile(rf"{CLOCK}\s*[-–~]\s*{CLOCK}", re.ASCII)
EDGE = re.compile(rf"([<>])\s*{CLOCK}", re.ASCII)
SEASON = re.compile(r"(\d{1,2})(?:/(\d{1,2}))?\s*[-–~]\s*(\d{1,2})(?:/(\d{1,2}))?", re.ASCII)
NAME = re.compile(r"[\w][\w -]{0,39}")

NOT_CADENCES = {
    "posts": _("“%(text)s” says how a post is staffed, not how often something is done."),
    "retention": _("“%(text)s” says how long something is kept, not how often something is done."),
    "by ": _("“%(text)s” leaves the cadence to another document: write the cadence that applies here."),
    "date-versioned": _("“%(text)s” is a rule that changes with the date: write the cadence that applies now."),
    "season": _("“%(text)s” needs its numbers, for example 2/1 m; season 4-10; else 1/1 m."),
}
UNREADABLE = _("“%(text)s” is not a cadence. Write for example 1/1 d, 2/1 w, 1/4 h or 1/1 w; on mon; 06:00-08:00.")


def parse(text: str) -> Cadence:
    """The cadence a text means; raises Invalid, at the field `cadence`, for nonsense and for what can never occur."""
    plain = re.sub(" ?= ?", "=", " ".join(unicodedata.normalize("NFKC", text).split()))
    if len(plain) > LONGEST_TEXT:
        raise refuse(_("A cadence has at most %(most)s characters."), most=LONGEST_TEXT)
    if plain == "-":
        return Never()
    if plain.lower().startswith("cond"):
        return _on_condition(plain)
    lowered = plain.lower()
    if lowered.startswith("years"):
        return _anniversaries(lowered)
    return _other(lowered)


def is_cadence(text: str) -> bool:
    """True when `parse` takes the text."""
    try:
        parse(text)
    except Invalid:
        return False
    return True


def _other(text: str) -> Cadence:
    if found := PER_JOB.fullmatch(text):
        return OnCondition("job", int(found[1]))
    if found := IN_OTHER_YEARS.fullmatch(text):
        clauses = found[1] or ""
        return _anniversaries(OTHER_YEARS + ("" if "anchor=" in clauses else OTHER_YEARS_ANCHOR) + clauses)
    if OFTEN.match(text):
        return _rate(text)
    hint = next((words for start, words in NOT_CADENCES.items() if text.startswith(start)), UNREADABLE)
    raise refuse(hint, text=text)


def _on_condition(text: str) -> OnCondition:
    head, colon, trigger = text.partition(":")
    if head.lower() != "cond" or ";" in trigger or (colon and not trigger.strip()):
        raise refuse(UNREADABLE, text=text)
    return OnCondition(trigger.strip())


def _often(text: str) -> tuple[Often, str]:
    """The `n/k unit` a text begins with, and what follows it."""
    found = OFTEN.match(text)
    if found is None:
        raise refuse(UNREADABLE, text=text)
    times, every, unit = found.groups()
    rest = text[found.end() :]
    if every != "0.5":
        return Often(int(times), int(every), Unit(unit)), rest
    if unit != "m":
        raise refuse(_("Only months have halves: 0.5 m."))
    return Often(int(times), 1, Unit.HALF_MONTH), rest


def _rate(text: str) -> Rate:
    often, rest = _often(text)
    clauses = [clause.strip() for clause in rest.split(";")]
    fields: dict[str, Any] = {}
    for clause in filter(None, clauses):
        name, value = _clause(clause)
        if name in fields:
            raise refuse(_("“%(text)s” says the same kind of thing twice."), text=text)
        fields[name] = value
    return Rate(*often, **fields)


def _clause(clause: str) -> tuple[str, Any]:
    for start, (name, read) in CLAUSES.items():
        if clause.startswith(start):
            return name, read(clause.removeprefix(start).strip())
    return "hours", _hours(clause)


def _whole_often(text: str) -> Often:
    often, rest = _often(text)
    if rest:
        raise refuse(UNREADABLE, text=text)
    return often


def _weekdays(text: str) -> tuple[int, ...]:
    days: list[int] = []
    for part in re.split(r"\s*,\s*", text):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        days += range(_weekday(first), _weekday(last if dash else first) + 1)
    return tuple(sorted(days))


def _weekday(text: str) -> int:
    if text not in WEEKDAYS:
        raise refuse(_("Weekdays are mon, tue, wed, thu, fri, sat and sun, each once."))
    return WEEKDAYS.index(text) + 1


def _season(text: str) -> Season:
    found = SEASON.fullmatch(text)
    if found is None:
        raise refuse(_("A season is written 5-10 or 5/15-10/15."))
    first_month, first_day, last_month, last_day = found.groups()
    first = (int(first_month), int(first_day or 1))
    last = (int(last_month), int(last_day) if last_day else _month_end(int(last_month)))
    return Season(_day_of_year(*first), _day_of_year(*last))


def _month_end(month: int) -> int:
    return {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)


def _day_of_year(month: int, day: int) -> tuple[int, int]:
    if not (1 <= month <= 12 and 1 <= day <= _month_end(month)):
        raise refuse(_("There is no day %(month)s/%(day)s in any year."), month=month, day=day)
    return month, day


def _hours(text: str) -> tuple[Hours, ...]:
    spans = tuple(sorted(_span(part) for part in re.split(r"\s*,\s*", text)))
    return () if spans == ((0, DAY),) else spans


def _span(text: str) -> Hours:
    if found := EDGE.fullmatch(text):
        edge = _minutes(found[2], found[3])
        return (0, edge) if found[1] == "<" else (edge, DAY)
    if found := SPAN.fullmatch(text):
        opens, closes = _minutes(found[1], found[2]), _minutes(found[3], found[4])
        return (opens, closes) if opens <= closes else (opens, closes + DAY)
    raise refuse(UNREADABLE, text=text)


def _minutes(hour: str, minute: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if minutes > DAY or int(minute) > 59:
        raise refuse(_("There is no time %(hour)s:%(minute)s."), hour=hour, minute=minute)
    return minutes


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise refuse(_("“%(text)s” does not name a date."), text=text)
    return text


CLAUSES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "on ": ("weekdays", _weekdays),
    "season ": ("season", _season),
    "else ": ("otherwise", _whole_often),
    "workdays": ("days_off", lambda rest: _nothing_after(DaysOff.WORKDAYS, rest)),
    "not on holidays": ("days_off", lambda rest: _nothing_after(DaysOff.NO_HOLIDAYS, rest)),
    "anchor=": ("anchor", _name),
}


def _nothing_after(value: DaysOff, rest: str) -> DaysOff:
    if rest:
        raise refuse(UNREADABLE, text=f"{value} {rest}")
    return value


def _anniversaries(text: str) -> Anniversaries:
    body = text.removeprefix("years").strip()
    is_inverted = body.startswith("except ")
    fields: dict[str, Any] = {"is_inverted": is_inverted}
    years: list[int] = []
    for clause in filter(None, (piece.strip() for piece in re.split("[;,]", body.removeprefix("except ")))):
        if re.fullmatch(r"\d{1,3}", clause, re.ASCII):
            years.append(int(clause))
        else:
            fields.update([_year_clause(clause, known=fields)])
    return Anniversaries(tuple(years), **fields)


def _year_clause(clause: str, *, known: dict[str, Any]) -> tuple[str, Any]:
    patterns: dict[str, tuple[str, Callable[[str], Any]]] = {
        "then": (r"then\s*1\s*/\s*([1-9]\d{0,2})\s*y", int),
        "scrap": (r"scrap\s*([1-9]\d{0,2})", int),
        "early": (r"early\s*<=?\s*([1-9]\d?)\s*m", int),
        "anchor": (r"anchor=(.+)", _name),
    }
    for name, (pattern, read) in patterns.items():
        found = re.fullmatch(pattern, clause, re.ASCII)
        if found and name not in known:
            return name, read(found[1])
    raise refuse(UNREADABLE, text=clause)
