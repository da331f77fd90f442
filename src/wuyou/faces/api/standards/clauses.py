"""The table clause × grade of a version, and how a draft's is written (spec 03)."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from wuyou.domains.org.models import User
from wuyou.domains.standards import actions, queries
from wuyou.domains.standards.choices import Certainty, ClauseKind
from wuyou.domains.standards.models import Clause, Grade, StandardVersion
from wuyou.domains.standards.policies import EDIT_STANDARDS, VIEW_STANDARDS
from wuyou.domains.standards.rules.clauses import EVIDENCE, WORKLOAD_UNITS, ClauseSpec
from wuyou.faces.api.operations import Acts, maybe, one, ref, told
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import Amount, shape
from wuyou.faces.api.values import Day, choice, column, decimal, number, one_of, text

from . import router
from .library import VERSIONS

GRADES = Resource(
    "grades",
    shape("Grade", Grade, "id version code rank label_zh label_en"),
    queries.grades_visible_to,
    view=[VIEW_STANDARDS],
    filters={"version_id": ids("version")},
    sorts={"rank": "rank"},
)
TEXTS = (
    "requirement_en unit window applies_when basis retention response criterion method activity qualification"
    " check_text"
)
CLAUSES = Resource(
    "clauses",
    shape(
        "Clause",
        Clause,
        f"id version position code part subject_name requirement_zh kind certainty in_force_from in_force_to"
        f" workload_unit minutes_per_unit evidence deduct_points {TEXTS}",
        values=(dict[str, str], lambda clause: {row.grade.code: row.value for row in clause.values.all()}),
    ),
    queries.clauses_visible_to,
    view=[VIEW_STANDARDS],
    filters={
        "version_id": ids("version"),
        "part": Filter(text(20), "part"),
        "kind": Filter(choice(ClauseKind), "kind"),
        "subject_name": Filter(text(60), "subject_name"),
    },
    sorts={"position": "position", "code": "code"},
    search=("code", "requirement_zh", "requirement_en", "subject_name"),
)
CLAUSE = {
    "code": column(Clause, "code"),
    "part": column(Clause, "part"),
    "subject_name": column(Clause, "subject_name"),
    "requirement_zh": column(Clause, "requirement_zh"),
    "kind": choice(ClauseKind),
    "certainty": maybe(choice(Certainty)),
    "in_force_from": maybe(Day | None),
    "in_force_to": maybe(Day | None),
    "workload_unit": maybe(one_of(("", *WORKLOAD_UNITS))),
    "minutes_per_unit": maybe(decimal(6, 2) | None),
    "evidence": maybe(one_of(EVIDENCE)),
    "deduct_points": maybe(decimal(4, 2) | None),
    "values": maybe(dict[text(20, least=1), text(120)]),  # type: ignore[misc]
    **{name: maybe(column(Clause, name)) for name in TEXTS.split()},
}


def add_clause(*, version: StandardVersion, by: User, **given: Any) -> Clause:
    """Add a clause at the end of a draft."""
    return actions.add_clause(version, ClauseSpec(**given), by=by)


def change_clause(clause: Clause, *, by: User, **given: Any) -> Clause:
    """Change what a draft's clause says; what is left out stays."""
    present = queries.spec_of(clause)
    return actions.change_clause(clause, replace(present, **given), by=by)


CLAUSES.expose(router)
on_clauses = Acts(router, CLAUSES, [EDIT_STANDARDS])
on_clauses.add(add_clause, {"version": ref(VERSIONS), **CLAUSE})
on_clauses.patch(change_clause, {name: kind if hasattr(kind, "kind") else maybe(kind) for name, kind in CLAUSE.items()})
on_clauses.take_out(actions.remove_clause)
on_clauses.put(
    "value", actions.set_value, {"grade": ref(GRADES), "value": text(120)}, answer=one("ClauseValue", "value", str)
)


def add_grade(*, version: StandardVersion, by: User, **given: Any) -> Grade:
    """Add a column to a draft's table."""
    return actions.add_grade(version, actions.GradeSpec(**given), by=by)


def change_grade(grade: Grade, *, by: User, **given: Any) -> Grade:
    """Change a draft's column; what is left out stays."""
    present = {name: getattr(grade, name) for name in ("code", "rank", "label_zh", "label_en")}
    return actions.change_grade(grade, actions.GradeSpec(**present | given), by=by)


GRADES.expose(router)
on_grades = Acts(router, GRADES, [EDIT_STANDARDS])
GRADE = {
    "code": column(Grade, "code"), "rank": number(1, 99), "label_zh": column(Grade, "label_zh"),
    "label_en": maybe(column(Grade, "label_en")),
}  # fmt: skip
on_grades.add(add_grade, {"version": ref(VERSIONS), **GRADE})
on_grades.patch(change_grade, {name: kind if hasattr(kind, "kind") else maybe(kind) for name, kind in GRADE.items()})
on_grades.take_out(actions.remove_grade)

# --- the whole table, and the figures promised
ROW = told(
    "ClauseRow", lambda row: row, id=int, code=str, part=str, subject=str, requirement=str, kind=str, values=list[str]
)
TABLE = told("ClauseTable", lambda table: table, grades=list[GRADES.shape.model], rows=list[ROW.model])  # type: ignore[name-defined]


def table(version: StandardVersion, request: HttpRequest, given: Any) -> dict[str, Any]:
    """The table clause × grade, best grade first; “-” where a grade has no such duty."""
    found = queries.clause_table(version)
    rows = [
        {
            "id": row.clause.pk, "code": row.clause.code, "part": row.clause.part, "subject": row.clause.subject_name,
            "requirement": row.clause.requirement_zh, "kind": row.clause.kind, "values": list(row.values),
        }
        for row in found.rows
    ]  # fmt: skip
    return {"grades": GRADES.shape.all(found.grades), "rows": rows}


ask_of(router, VERSIONS, "table", table, TABLE.model, [VIEW_STANDARDS])
TARGET = shape(
    "Target", None, "", clause_id=(int, "clause_id"), code="code", subject="subject", requirement="requirement",
    kind="kind", number=(Amount, "number"), unit="unit", direction="direction",
)  # fmt: skip


def targets(grade: Grade, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The measurable promises of a grade: response minutes, lamps working, satisfaction …"""
    return TARGET.all(queries.targets_of(grade.version, grade))


ask_of(router, GRADES, "targets", targets, list[TARGET.model], [VIEW_STANDARDS])  # type: ignore[name-defined]
