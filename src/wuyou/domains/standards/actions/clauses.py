"""Editing a draft: clauses, grades and the values where they cross. Issued versions never change (spec 03)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.db.models.deletion import ProtectedError
from django.utils.translation import gettext_lazy as _

from wuyou.domains.standards import policies
from wuyou.domains.standards.models import Clause, ClauseValue, Grade, StandardVersion
from wuyou.domains.standards.queries import spec_of, specs_of
from wuyou.domains.standards.rules.clauses import FIELDS, ClauseSpec, stored_values, wrong_value
from wuyou.domains.standards.rules.comparing import Differences, compare_clauses
from wuyou.domains.standards.rules.values import NO_DUTY, is_no_duty
from wuyou.domains.standards.writing import check_specs, claim_draft, record, refuse_long, write_clauses
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid, Missing
from wuyou.kernel.transactions import action

from .library import GradeSpec, check_grades


def _open(version: StandardVersion, by: Actor) -> None:
    policies.check_edit(by, version.standard)
    claim_draft(version)


def _grade_codes(version: StandardVersion) -> list[str]:
    return list(version.grades.values_list("code", flat=True))


def _refuse_taken(version: StandardVersion, code: str, *, but: int | None = None) -> None:
    if any(pk != but for pk in version.clauses.filter(code=code).values_list("pk", flat=True)):
        raise Invalid(fields={"code": _("There is a clause of this code already.")})


def _told(changes: Differences) -> list[str]:
    """Changes as short texts for the journal."""
    return [f"{change.field}: {change.before} → {change.after}" for change in changes.changed]


@action
def add_clause(version: StandardVersion, spec: ClauseSpec, *, by: Actor) -> Clause:
    """Add a clause at the end of a draft. Raises Denied, IllegalMove and Invalid by field."""
    _open(version, by)
    check_specs([spec], _grade_codes(version))
    _refuse_taken(version, spec.code)
    last = version.clauses.aggregate(last=Max("position"))["last"] or 0
    clause = write_clauses(version, [spec], start=last)[0]
    record("clause_added", version, by=by, code=spec.code, requirement=spec.requirement_zh, values=stored_values(spec))
    return clause


@action
def change_clause(clause: Clause, spec: ClauseSpec, *, by: Actor) -> Clause:
    """Make a draft's clause say what `spec` says, its values included. Raises Denied, IllegalMove and Invalid."""
    version = clause.version
    _open(version, by)
    check_specs([spec], _grade_codes(version))
    _refuse_taken(version, spec.code, but=clause.pk)
    before = spec_of(clause)
    Clause.objects.filter(pk=clause.pk).update(**{name: getattr(spec, name) for name in FIELDS})
    _write_values(clause, spec)
    clause.refresh_from_db()
    changed = compare_clauses([before], [spec]) if before.code == spec.code else compare_clauses([], [])
    record("clause_changed", version, by=by, code=before.code, new_code=spec.code, changes=_told(changed))
    return clause


def _write_values(clause: Clause, spec: ClauseSpec) -> None:
    clause.values.all().delete()
    grades = {grade.code: grade for grade in clause.version.grades.all()}
    ClauseValue.objects.bulk_create(
        ClauseValue(clause=clause, grade=grades[code], value=text) for code, text in stored_values(spec).items()
    )


@action
def set_value(clause: Clause, grade: Grade, *, by: Actor, value: str) -> str:
    """Set one cell of a draft's table and give the value written ("-" for no duty).

    Raises Denied, IllegalMove, and Invalid at `value` when it is none of the clause's kind.
    """
    _open(clause.version, by)
    if grade.version_id != clause.version_id:
        raise Missing(_("This version has no such grade."))
    text = NO_DUTY if is_no_duty(value) else value.strip()
    refuse_long(ClauseValue, {"value": text})
    if message := wrong_value(clause.kind, text):
        raise Invalid(fields={"value": message})
    before = clause.values.filter(grade=grade).values_list("value", flat=True).first() or NO_DUTY
    clause.values.filter(grade=grade).delete()
    if text != NO_DUTY:
        ClauseValue.objects.create(clause=clause, grade=grade, value=text)
    record("value_set", clause.version, by=by, code=clause.code, grade=grade.code, before=before, after=text)
    return text


@action
def remove_clause(clause: Clause, *, by: Actor) -> None:
    """Take a clause out of a draft; the journal keeps what it said. Raises Denied, IllegalMove, Conflict if used."""
    version = clause.version
    _open(version, by)
    spec = spec_of(clause)
    _remove([clause])
    record(
        "clause_removed", version, by=by, code=spec.code, requirement=spec.requirement_zh, values=stored_values(spec)
    )


def _remove(clauses: Sequence[Clause]) -> None:
    ClauseValue.objects.filter(clause__in=clauses).delete()
    try:
        Clause.objects.filter(pk__in=[clause.pk for clause in clauses]).delete()
    except ProtectedError as error:
        raise Conflict(_("A sheet refers to this clause; take it out of the sheet first.")) from error


@action
def add_grade(version: StandardVersion, spec: GradeSpec, *, by: Actor) -> Grade:
    """Add a column to a draft's table. Raises Denied, IllegalMove and Invalid."""
    _open(version, by)
    check_grades([*_grade_specs(version), spec])
    grade = Grade.objects.create(
        version=version, code=spec.code, rank=spec.rank, label_zh=spec.label_zh, label_en=spec.label_en
    )
    record("grade_added", version, by=by, code=spec.code, rank=spec.rank)
    return grade


def _grade_specs(version: StandardVersion, *, but: int | None = None) -> list[GradeSpec]:
    return [GradeSpec(row.code, row.rank, row.label_zh, row.label_en) for row in version.grades.all() if row.pk != but]


@action
def change_grade(grade: Grade, spec: GradeSpec, *, by: Actor) -> Grade:
    """Change a draft's column. Raises Denied, IllegalMove and Invalid."""
    _open(grade.version, by)
    check_grades([*_grade_specs(grade.version, but=grade.pk), spec])
    values: dict[str, Any] = {
        "code": spec.code, "rank": spec.rank, "label_zh": spec.label_zh, "label_en": spec.label_en,
    }  # fmt: skip
    before = {name: getattr(grade, name) for name in values}
    Grade.objects.filter(pk=grade.pk).update(**values)
    grade.refresh_from_db()
    record("grade_changed", grade.version, by=by, before=before, after=values)
    return grade


@action
def remove_grade(grade: Grade, *, by: Actor) -> None:
    """Take a column with its values out of a draft. Raises Denied and IllegalMove."""
    version = grade.version
    _open(version, by)
    values = dict(grade.values.values_list("clause__code", "value"))
    grade.values.all().delete()
    Grade.objects.filter(pk=grade.pk).delete()
    record("grade_removed", version, by=by, code=grade.code, values=values)


@action
def import_clauses(version: StandardVersion, specs: Sequence[ClauseSpec], *, by: Actor) -> Differences:
    """Make a draft say exactly what a workbook says: clauses are joined by code, in the workbook's order.

    Gives what changed; the same workbook again changes nothing. Raises Denied, IllegalMove, Invalid and Conflict.
    """
    _open(version, by)
    check_specs(specs, _grade_codes(version))
    changes = compare_clauses(specs_of(version), specs)
    _remove(list(version.clauses.filter(code__in=[spec.code for spec in changes.removed])))
    write_clauses(version, changes.added)
    _rewrite(version, specs)
    if not changes.is_empty:
        codes = {change.code for change in changes.changed}
        record(
            "clauses_imported",
            version,
            by=by,
            added=len(changes.added),
            removed=len(changes.removed),
            changed=len(codes),
        )
    return changes


def _rewrite(version: StandardVersion, specs: Sequence[ClauseSpec]) -> None:
    """Give every clause the fields, values and position of its spec, set-wise."""
    stored = {clause.code: clause for clause in version.clauses.all()}
    for position, spec in enumerate(specs, start=1):
        clause = stored[spec.code]
        clause.position = position
        for name in FIELDS:
            setattr(clause, name, getattr(spec, name))
    Clause.objects.bulk_update(stored.values(), ["position", *FIELDS])
    ClauseValue.objects.filter(clause__version=version).delete()
    grades = {grade.code: grade for grade in version.grades.all()}
    ClauseValue.objects.bulk_create(
        ClauseValue(clause=stored[spec.code], grade=grades[code], value=text)
        for spec in specs
        for code, text in stored_values(spec).items()
    )
