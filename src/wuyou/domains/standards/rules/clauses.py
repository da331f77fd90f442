"""A clause as a value: what an editor or a file says it is, checked before it is written (spec 03)."""

import functools
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wuyou.domains.standards.choices import Certainty, ClauseKind
from wuyou.kernel import cadence as cadences
from wuyou.kernel.errors import Invalid, WuyouError

from .facts import parse_predicate
from .values import is_no_duty, is_stricter, parse_value

WORKLOAD_UNITS = ("place", "asset", "100m2", "project", "post", "point", "person", "event", "ticket", "job")
EVIDENCE = ("", "photo", "log", "record", "reading", "certificate", "document", "scan", "handover", "survey", "ticket")

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_ACTIVITY = re.compile(r"[a-z][a-z0-9_-]{0,39}")

Message = str | Promise


@dataclass(frozen=True, slots=True)
class ClauseSpec:
    """Everything a clause says; `values` maps the codes of grades to texts. Empty particulars mean: as its subject."""

    code: str
    part: str
    subject_name: str
    requirement_zh: str
    kind: str
    requirement_en: str = ""
    unit: str = ""
    window: str = ""
    applies_when: str = ""
    basis: str = ""
    retention: str = ""
    certainty: str = Certainty.HIGH
    in_force_from: date | None = None
    in_force_to: date | None = None
    response: str = ""
    criterion: str = ""
    method: str = ""
    activity: str = ""
    workload_unit: str = ""
    minutes_per_unit: Decimal | None = None
    qualification: str = ""
    evidence: str = ""
    check_text: str = ""
    deduct_points: Decimal | None = None
    values: Mapping[str, str] = field(default_factory=dict)


FIELDS = tuple(name for name in ClauseSpec.__dataclass_fields__ if name != "values")


def check_clause(spec: ClauseSpec, *, grades: Collection[str]) -> None:
    """Raise Invalid naming every wrong field of a clause; a value's field is `values.<grade>`."""
    wrong = {**_wrong_texts(spec), **_wrong_force(spec), **_wrong_work(spec), **_wrong_values(spec, grades)}
    if wrong:
        raise Invalid(fields=wrong)


def _wrong_texts(spec: ClauseSpec) -> dict[str, object]:
    wrong: dict[str, object] = {
        name: _("This is needed.")
        for name in ("part", "subject_name", "requirement_zh")
        if not getattr(spec, name).strip()
    }
    if not _CODE.fullmatch(spec.code):
        wrong["code"] = _("A code is letters, digits, dots and dashes, at most 20 of them.")
    if spec.kind not in ClauseKind.values:
        wrong["kind"] = _("There is no such kind of value.")
    if spec.certainty not in Certainty.values:
        wrong["certainty"] = _("Certainty is H, M or L.")
    return wrong


def _wrong_force(spec: ClauseSpec) -> dict[str, object]:
    wrong: dict[str, object] = {}
    if spec.in_force_from and spec.in_force_to and spec.in_force_to < spec.in_force_from:
        wrong["in_force_to"] = _("A clause cannot go out of force before it comes into force.")
    if message := _refusal(parse_predicate, spec.applies_when):
        wrong["applies_when"] = message
    if spec.window and (message := _refusal(cadences.parse, f"1/1 d; {spec.window}")):
        wrong["window"] = message
    return wrong


def _refusal(parse: Callable[[str], object], text: str) -> str:
    """Why a parser refuses a text; empty when it takes it."""
    try:
        parse(text)
    except WuyouError as error:
        return str(error)
    return ""


def _wrong_work(spec: ClauseSpec) -> dict[str, object]:
    wrong: dict[str, object] = {}
    if spec.activity and not _ACTIVITY.fullmatch(spec.activity):
        wrong["activity"] = _("An activity is small letters, digits and underscores.")
    if spec.workload_unit and spec.workload_unit not in WORKLOAD_UNITS:
        wrong["workload_unit"] = _("There is no such unit of workload.")
    if spec.evidence not in EVIDENCE:
        wrong["evidence"] = _("There is no such kind of evidence.")
    for name in ("minutes_per_unit", "deduct_points"):
        number = getattr(spec, name)
        if number is not None and not Decimal(0) <= number < Decimal(10_000):
            wrong[name] = _("This must be between 0 and 9,999.")
    return wrong


def _wrong_values(spec: ClauseSpec, grades: Collection[str]) -> dict[str, object]:
    wrong: dict[str, object] = {}
    for grade, text in spec.values.items():
        if grade not in grades:
            wrong[f"values.{grade}"] = _("This version has no such grade.")
        elif message := wrong_value(spec.kind, text):
            wrong[f"values.{grade}"] = message
    return wrong


def wrong_value(kind: str, text: str) -> str:
    """Why a text is no value of a kind; empty when it is one."""
    return _refusal(functools.partial(parse_value, kind), text)


def stored_values(spec: ClauseSpec) -> dict[str, str]:
    """The values worth a row: no duty is the absence of one."""
    return {grade: text.strip() for grade, text in spec.values.items() if not is_no_duty(text)}


class SubjectFacts(Protocol):
    """What a clause takes from its subject when it does not say otherwise."""

    activity: str
    team: str
    unit: str
    minutes_per_unit: Decimal
    qualification: str
    evidence: str
    check_text: str
    deduct_points: Decimal


class ClauseFacts(Protocol):
    """The particulars a clause may state itself."""

    activity: str
    workload_unit: str
    minutes_per_unit: Decimal | None
    qualification: str
    evidence: str
    check_text: str
    deduct_points: Decimal | None


@dataclass(frozen=True, slots=True)
class Particulars:
    """How the work of a clause is done, counted, proven and checked: its own words first, then its subject's."""

    activity: str
    team: str
    unit: str
    minutes_per_unit: Decimal
    qualification: str
    evidence: str
    check_text: str
    deduct_points: Decimal


def particulars(clause: ClauseFacts, subject: SubjectFacts) -> Particulars:
    """Join a clause with its subject (spec 03 Layers): emptying 化粪池 is another activity than inspecting it."""
    return Particulars(
        activity=clause.activity or subject.activity,
        team=subject.team,
        unit=clause.workload_unit or subject.unit,
        minutes_per_unit=subject.minutes_per_unit if clause.minutes_per_unit is None else clause.minutes_per_unit,
        qualification=clause.qualification or subject.qualification,
        evidence=clause.evidence or subject.evidence,
        check_text=clause.check_text or subject.check_text,
        deduct_points=subject.deduct_points if clause.deduct_points is None else clause.deduct_points,
    )


@dataclass(frozen=True, slots=True)
class Issue:
    """Something an editor should look at; `is_blocking` refuses the review."""

    code: str  # of the clause; empty for the version
    message: Message
    is_blocking: bool


def review_issues(specs: Iterable[ClauseSpec], *, ranks: Mapping[str, int], subjects: Collection[str]) -> list[Issue]:
    """What stands against issuing a version: nothing in it, values that say nothing, grades in the wrong order."""
    listed = list(specs)
    issues: list[Issue] = []
    if not ranks:
        issues.append(Issue("", _("The version has no grade."), is_blocking=True))
    if not listed:
        issues.append(Issue("", _("The version has no clause."), is_blocking=True))
    for spec in listed:
        issues += _issues_of(spec, ranks=ranks, subjects=subjects)
    return issues


def _issues_of(spec: ClauseSpec, *, ranks: Mapping[str, int], subjects: Collection[str]) -> list[Issue]:
    issues = []
    wrong = [wrong_value(spec.kind, text) for text in spec.values.values()]
    issues += [Issue(spec.code, message, is_blocking=True) for message in wrong if message]
    if not stored_values(spec):
        issues.append(Issue(spec.code, _("No grade has a value for this clause."), is_blocking=True))
    if spec.kind == ClauseKind.CADENCE and spec.subject_name not in subjects:
        issues.append(
            Issue(
                spec.code, _("The subject is not in the list of subjects: no work follows from it."), is_blocking=False
            )
        )
    if not any(wrong) and _is_inverted(spec, ranks):
        issues.append(Issue(spec.code, _("A lower grade asks for more than a higher one."), is_blocking=False))
    return issues


def _is_inverted(spec: ClauseSpec, ranks: Mapping[str, int]) -> bool:
    ordered = sorted((grade for grade in ranks), key=lambda grade: ranks[grade])
    texts = [spec.values.get(grade, "") for grade in ordered]
    return any(is_stricter(spec.kind, worse, better) for better, worse in itertools.pairwise(texts))
