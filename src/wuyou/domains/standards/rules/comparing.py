"""Comparing versions clause by clause, and grades side by side (spec 03)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .clauses import FIELDS, ClauseSpec, stored_values
from .values import is_stricter

STRICTER = "stricter"
LOOSER = "looser"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: a field of a clause, or `values.<grade>`; `effect` is stricter, looser or "" (not comparable)."""

    code: str
    field: str
    before: str
    after: str
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """What two versions differ in."""

    added: tuple[ClauseSpec, ...]
    removed: tuple[ClauseSpec, ...]
    changed: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the two say the same."""
        return not (self.added or self.removed or self.changed)


def compare_clauses(before: Iterable[ClauseSpec], after: Iterable[ClauseSpec]) -> Differences:
    """Join two versions by clause code; the order of clauses does not count."""
    old = {spec.code: spec for spec in before}
    new = {spec.code: spec for spec in after}
    return Differences(
        added=tuple(spec for code, spec in new.items() if code not in old),
        removed=tuple(spec for code, spec in old.items() if code not in new),
        changed=tuple(change for code, spec in new.items() if code in old for change in _changes(old[code], spec)),
    )


def _changes(old: ClauseSpec, new: ClauseSpec) -> list[Change]:
    fields = [
        Change(new.code, name, _shown(getattr(old, name)), _shown(getattr(new, name)))
        for name in FIELDS
        if getattr(old, name) != getattr(new, name)
    ]
    return fields + _value_changes(old, new)


def _value_changes(old: ClauseSpec, new: ClauseSpec) -> list[Change]:
    was, now = stored_values(old), stored_values(new)
    return [
        Change(new.code, f"values.{grade}", was.get(grade, "-"), now.get(grade, "-"), _effect(old, new, grade))
        for grade in dict.fromkeys([*was, *now])
        if was.get(grade) != now.get(grade)
    ]


def _effect(old: ClauseSpec, new: ClauseSpec, grade: str) -> str:
    if old.kind != new.kind:
        return ""
    was, now = old.values.get(grade, "-"), new.values.get(grade, "-")
    if is_stricter(new.kind, now, was):
        return STRICTER
    return LOOSER if is_stricter(new.kind, was, now) else ""


def _shown(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A clause with its value at each grade ("-" for none); `differs` when the grades do not agree."""

    spec: ClauseSpec
    values: Mapping[str, str]

    @property
    def differs(self) -> bool:
        """Whether any two grades ask for different things."""
        return len(set(self.values.values())) > 1


def compare_grades(specs: Iterable[ClauseSpec], grades: Iterable[str]) -> list[GradeRow]:
    """The table clause × grade, with "-" where a grade has no such duty."""
    codes = list(grades)
    return [GradeRow(spec, {code: stored_values(spec).get(code, "-") for code in codes}) for spec in specs]
