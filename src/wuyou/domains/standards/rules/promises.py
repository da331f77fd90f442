"""What a contract promises, as clauses of a standard of its own (spec 03 Layers, 09 Contracts)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wuyou.domains.standards.choices import ClauseKind

from .clauses import ClauseSpec, SubjectFacts

CONTRACT_GRADE = "contract"

_PARTS: Mapping[str, str] = {"环境": "clean", "工程": "facility", "秩序": "order", "客服": "basic"}


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of a contract: do `what` to `subject` as often as `value` says, or another kind of value."""

    subject: str
    what: str
    value: str
    kind: str = ClauseKind.CADENCE
    unit: str = ""


def promise_clauses(promises: Iterable[Promise], subjects: Mapping[str, SubjectFacts]) -> list[ClauseSpec]:
    """Clauses K1, K2 … at the contract's one grade; the part follows from the team that does the work."""
    return [
        ClauseSpec(
            code=f"K{number}",
            part=_part(subjects.get(promise.subject)),
            subject_name=promise.subject,
            requirement_zh=promise.what,
            kind=promise.kind,
            unit=promise.unit,
            values={CONTRACT_GRADE: promise.value},
        )
        for number, promise in enumerate(promises, start=1)
    ]


def _part(subject: SubjectFacts | None) -> str:
    return _PARTS.get(subject.team, "contract") if subject else "contract"
