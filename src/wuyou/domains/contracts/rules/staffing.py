"""Promised staff against present staff: heads, age, sex, education, licence (spec 01 Staff, 09 Contracts)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wuyou.domains.registry.rules.contact import age_on
from wuyou.domains.registry.rules.licences import is_in_force

# from the least to the most; words on one line count the same
EDUCATION: Sequence[frozenset[str]] = (
    frozenset({"小学"}),
    frozenset({"初中"}),
    frozenset({"高中", "中专", "技校", "职高", "中技"}),
    frozenset({"大专", "专科", "高职"}),
    frozenset({"本科", "大学", "大学本科", "学士"}),
    frozenset({"硕士", "研究生", "硕士研究生"}),
    frozenset({"博士", "博士研究生"}),
)


class Misfit(StrEnum):
    """Why a person does not count towards a promise."""

    TOO_OLD = "too_old"
    AGE_UNKNOWN = "age_unknown"
    WRONG_SEX = "wrong_sex"
    SEX_UNKNOWN = "sex_unknown"
    LESS_EDUCATED = "less_educated"
    EDUCATION_UNKNOWN = "education_unknown"
    LICENCE_MISSING = "licence_missing"
    LICENCE_EXPIRED = "licence_expired"


WORDS: Mapping[str, str | Promise] = {
    Misfit.TOO_OLD: _("%(found)s years old, at most %(asked)s promised"),
    Misfit.AGE_UNKNOWN: _("date of birth not recorded, at most %(asked)s years promised"),
    Misfit.WRONG_SEX: _("another sex than promised"),
    Misfit.SEX_UNKNOWN: _("sex not recorded"),
    Misfit.LESS_EDUCATED: _("education %(found)s, at least %(asked)s promised"),
    Misfit.EDUCATION_UNKNOWN: _("education not recorded or not known, at least %(asked)s promised"),
    Misfit.LICENCE_MISSING: _("no %(asked)s"),
    Misfit.LICENCE_EXPIRED: _("%(asked)s not in force since %(found)s"),
}


@dataclass(frozen=True, slots=True)
class LicenceHeld:
    """A licence of a person as registered."""

    kind: str
    valid_from: date | None = None
    valid_to: date | None = None
    reviewed_on: date | None = None

    def counts(self, *, on: date) -> bool:
        """Whether it is in force on a day (spec 13 §5)."""
        return is_in_force(
            self.kind, issued_on=self.valid_from, valid_to=self.valid_to, reviewed_on=self.reviewed_on, on=on
        )


@dataclass(frozen=True, slots=True)
class Worker:
    """A member of staff, as far as contracts ask."""

    id: int
    number: str
    name: str
    job: str
    sex: str = ""
    born_on: date | None = None
    education: str = ""
    licences: tuple[LicenceHeld, ...] = ()
    hired_on: date | None = None
    left_on: date | None = None

    def is_present(self, *, on: date) -> bool:
        """Whether employed on a day; the first and the last day count."""
        return (self.hired_on is None or self.hired_on <= on) and (self.left_on is None or self.left_on >= on)


@dataclass(frozen=True, slots=True)
class StaffingTerm:
    """A promise for a job; `licence` is a code, `licence_name` its words; heads None: no number agreed, so one."""

    job: str
    heads: int | None = None
    max_age: int | None = None
    sex: str = ""
    education: str = ""
    licence: str = ""
    licence_name: str = ""
    coverage: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One failing of a person against a promise, with what was found and what was asked."""

    code: Misfit
    found: str = ""
    asked: str = ""

    def __str__(self) -> str:
        """The reason in the language active now."""
        return str(WORDS[self.code]) % {"found": self.found, "asked": self.asked}


@dataclass(frozen=True, slots=True)
class Failing:
    """A person who does not fit, and every reason why."""

    worker: Worker
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class StaffingResult:
    """A promise against the people present on a day."""

    term: StaffingTerm
    present: int
    fitting: int
    failing: tuple[Failing, ...]

    @property
    def needed(self) -> int:
        """Heads promised; one where no number was agreed."""
        return 1 if self.term.heads is None else self.term.heads

    @property
    def short(self) -> int:
        """Heads missing."""
        return max(0, self.needed - self.fitting)

    @property
    def is_kept(self) -> bool:
        """Whether enough fitting people are there."""
        return self.short == 0


def check_staffing(terms: Iterable[StaffingTerm], workers: Iterable[Worker], *, on: date) -> list[StaffingResult]:
    """One result per promise, in the contract's order: who counts on the day, who does not and why."""
    present = [worker for worker in workers if worker.is_present(on=on)]
    return [_result(term, [worker for worker in present if worker.job.strip() == term.job], on) for term in terms]


def _result(term: StaffingTerm, workers: Sequence[Worker], on: date) -> StaffingResult:
    judged = [Failing(worker, tuple(_reasons(term, worker, on))) for worker in workers]
    failing = tuple(one for one in judged if one.reasons)
    return StaffingResult(term, present=len(workers), fitting=len(workers) - len(failing), failing=failing)


def _reasons(term: StaffingTerm, worker: Worker, on: date) -> list[Reason]:
    found = [
        _age(term, worker, on),
        _sex(term, worker),
        _education(term, worker),
        _licence(term, worker, on),
    ]
    return [reason for reason in found if reason is not None]


def _age(term: StaffingTerm, worker: Worker, on: date) -> Reason | None:
    if term.max_age is None:
        return None
    if worker.born_on is None:
        return Reason(Misfit.AGE_UNKNOWN, asked=str(term.max_age))
    age = age_on(worker.born_on, on)
    return Reason(Misfit.TOO_OLD, str(age), str(term.max_age)) if age > term.max_age else None


def _sex(term: StaffingTerm, worker: Worker) -> Reason | None:
    if not term.sex or worker.sex == term.sex:
        return None
    return Reason(Misfit.WRONG_SEX if worker.sex else Misfit.SEX_UNKNOWN)


def education_rank(word: str) -> int | None:
    """How much an education is, from 0; None for a word that is not known."""
    return next((rank for rank, words in enumerate(EDUCATION) if word.strip() in words), None)


def _education(term: StaffingTerm, worker: Worker) -> Reason | None:
    asked = education_rank(term.education)
    if asked is None:
        return None
    found = education_rank(worker.education)
    if found is None:
        return Reason(Misfit.EDUCATION_UNKNOWN, asked=term.education)
    return Reason(Misfit.LESS_EDUCATED, worker.education, term.education) if found < asked else None


def _licence(term: StaffingTerm, worker: Worker, on: date) -> Reason | None:
    if not term.licence:
        return None
    held = [licence for licence in worker.licences if licence.kind == term.licence]
    if any(licence.counts(on=on) for licence in held):
        return None
    asked = term.licence_name or term.licence
    ended = [licence.valid_to for licence in held if licence.valid_to is not None]
    return (
        Reason(Misfit.LICENCE_EXPIRED, str(max(ended)), asked) if ended else Reason(Misfit.LICENCE_MISSING, asked=asked)
    )
