"""Reads of the library. Shipped standards are everybody's; others are seen along the branch of their owner."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from wuyou.domains.org.models import Node, User
from wuyou.domains.org.queries import chain_of, held_by
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor, System

from .choices import ClauseKind, StandardKind, VersionState
from .models import Clause, ClauseValue, Grade, StaffingRatio, Standard, StandardVersion, Subject
from .policies import VIEW_STANDARDS
from .rules.clauses import FIELDS, ClauseSpec, Issue, review_issues
from .rules.comparing import Differences, GradeRow, compare_clauses, compare_grades
from .rules.facts import Facts, facts_lacking, holds, is_per_object
from .rules.values import DIRECTIONS, NO_DUTY, Value, is_no_duty, parse_value

LIBRARY_CHAIN = "node:0"  # acts on shipped standards before there is an organisation


def along_branch(user: Actor, permission: str) -> Q:
    """Rows with a `node` of their owner that a user may read: everybody's (no owner), and those owned above or below
    the nodes where the user holds the permission. A system actor reads all; without the permission nothing.
    """
    if isinstance(user, System):
        return Q()
    held_roles = held_by(user) if isinstance(user, User) else []
    paths = [held.path for held in held_roles if permission in held.permissions]
    if not paths:
        return Q(pk__in=[])
    seen = Q(node__isnull=True) | Q(node__path__in={above for path in paths for above in branch(path)})
    for path in paths:
        seen |= Q(node__path__startswith=path)
    return seen


def branch(path: str) -> list[str]:
    """The path of a node itself and those of all nodes above it, from the root down."""
    return [path[:end] for end in range(Node.steplen, len(path) + 1, Node.steplen)]


def standards_visible_to(user: Actor) -> QuerySet[Standard]:
    """Shipped standards, and those owned above or below the nodes where the user may read standards."""
    return Standard.objects.filter(along_branch(user, VIEW_STANDARDS))


def versions_visible_to(user: Actor) -> QuerySet[StandardVersion]:
    """Versions of the standards the user may read, newest version of each standard first."""
    versions = StandardVersion.objects.filter(standard__in=standards_visible_to(user))
    return versions.select_related("standard", "standard__node").order_by("standard__code", "-number")


def grades_visible_to(user: Actor) -> QuerySet[Grade]:
    """The columns of the versions the user may read, best first."""
    rows = Grade.objects.filter(version__in=versions_visible_to(user).order_by())
    return rows.select_related("version__standard__node").order_by("version_id", "rank", "id")


def clauses_visible_to(user: Actor) -> QuerySet[Clause]:
    """The clauses of the versions the user may read, with their values, in the order of each version."""
    rows = Clause.objects.filter(version__in=versions_visible_to(user).order_by())
    found = rows.select_related("version__standard__node").prefetch_related("values__grade")
    return found.order_by("version_id", "position", "id")


def issued_versions_visible_to(user: Actor) -> QuerySet[StandardVersion]:
    """Versions a project may be bound to."""
    return versions_visible_to(user).filter(state=VersionState.ISSUED)


def issued_grades_visible_to(user: Actor) -> QuerySet[Grade]:
    """Grades of the versions a project may be bound to, by standard, the newest version and the best grade first."""
    rows = Grade.objects.filter(version__in=issued_versions_visible_to(user).order_by())
    return rows.select_related("version__standard").order_by("version__standard__code", "-version__number", "rank")


def latest_version(standard: Standard) -> StandardVersion | None:
    """The version with the highest number, in whatever state."""
    return standard.versions.order_by("-number").first()


def latest_issued(code: str) -> StandardVersion | None:
    """The newest issued version of the standard of that code."""
    versions = StandardVersion.objects.filter(standard__code=code, state=VersionState.ISSUED)
    return versions.select_related("standard").order_by("-number").first()


def issued_clause_ids(names: Iterable[str]) -> dict[str, int]:
    """Ids by `standard:code`, of the clauses of the newest issued versions; names that lead nowhere are left out."""
    wanted = set(names)
    rows = Clause.objects.filter(
        version__standard__code__in={name.partition(":")[0] for name in wanted}, version__state=VersionState.ISSUED
    )
    found = rows.order_by("version__number").values_list("version__standard__code", "code", "pk")
    ids = {f"{standard}:{code}": pk for standard, code, pk in found}
    return {name: ids[name] for name in wanted if name in ids}


def journal_chain(node: Node | None) -> str:
    """The chain an act on a standard of this owner belongs to; shipped ones use the first root's."""
    root = node or Node.objects.filter(depth=1).order_by("path").first()
    return chain_of(root) if root else LIBRARY_CHAIN


# --- clauses × grades


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause with its values in the order of the table's grades; "-" where a grade has no such duty."""

    clause: Clause
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseTable:
    """The table clause × grade of one version, best grade first."""

    grades: tuple[Grade, ...]
    rows: tuple[ClauseRow, ...]


def _values_of(version: StandardVersion) -> dict[tuple[int, int], str]:
    rows = ClauseValue.objects.filter(clause__version=version).values_list("clause_id", "grade_id", "value")
    return {(clause_id, grade_id): value for clause_id, grade_id, value in rows}


def clause_table(version: StandardVersion) -> ClauseTable:
    """The whole table in three queries, whatever its size."""
    grades = tuple(version.grades.all())
    values = _values_of(version)
    rows = tuple(
        ClauseRow(clause, tuple(values.get((clause.pk, grade.pk), NO_DUTY) for grade in grades))
        for clause in version.clauses.all()
    )
    return ClauseTable(grades, rows)


def spec_of(clause: Clause, values: Mapping[str, str] | None = None) -> ClauseSpec:
    """A stored clause as a value; its values by grade code are read unless given."""
    if values is None:
        values = dict(clause.values.values_list("grade__code", "value"))
    return ClauseSpec(**{name: getattr(clause, name) for name in FIELDS}, values=values)


def specs_of(version: StandardVersion) -> list[ClauseSpec]:
    """Every clause of a version as a value, in its order."""
    table = clause_table(version)
    codes = [grade.code for grade in table.grades]
    return [
        spec_of(row.clause, {code: text for code, text in zip(codes, row.values, strict=True) if text != NO_DUTY})
        for row in table.rows
    ]


def differences(before: StandardVersion, after: StandardVersion) -> Differences:
    """What changed from one version to another."""
    return compare_clauses(specs_of(before), specs_of(after))


def grades_side_by_side(version: StandardVersion) -> list[GradeRow]:
    """The clauses with the values of all grades, best first, and whether they differ."""
    return compare_grades(specs_of(version), [grade.code for grade in version.grades.all()])


def issues_of(version: StandardVersion) -> list[Issue]:
    """What an editor should mend before a version is issued."""
    specs = specs_of(version)
    ranks = dict(version.grades.values_list("code", "rank"))
    is_law = version.standard.kind == StandardKind.STATUTORY  # its subjects are objects of the law
    return review_issues(
        specs, ranks=ranks, subjects={spec.subject_name for spec in specs} if is_law else _known_subjects()
    )


def _known_subjects() -> set[str]:
    return set(Subject.objects.values_list("name", flat=True))


# --- what applies here


@dataclass(frozen=True, slots=True)
class Duty:
    """A clause with a duty at a grade, and whether it depends on the single building or device."""

    clause: Clause
    value: Value
    is_per_object: bool


def clauses_in_force(version: StandardVersion, *, on: date | None = None) -> QuerySet[Clause]:
    """The clauses in force on a day (today by default): some duties change with a date."""
    day = on or clock.today()
    started = Q(in_force_from__isnull=True) | Q(in_force_from__lte=day)
    return version.clauses.filter(started, Q(in_force_to__isnull=True) | Q(in_force_to__gte=day))


def duties_for(version: StandardVersion, grade: Grade, facts: Facts, *, on: date | None = None) -> list[Duty]:
    """The clauses that ask for something at this grade, on this day, on these facts of a project (spec 03, 13 §3).

    A predicate about buildings or devices holds here when any of them satisfies it; `rules.facts.holds_for` says for
    which. A fact nobody collected is not established: ask `facts_missing` to show the gap.
    """
    values = dict(ClauseValue.objects.filter(clause__version=version, grade=grade).values_list("clause_id", "value"))
    return [
        Duty(clause, parse_value(clause.kind, values[clause.pk]), is_per_object(clause.applies_when))
        for clause in clauses_in_force(version, on=on)
        if not is_no_duty(values.get(clause.pk, NO_DUTY)) and holds(clause.applies_when, facts)
    ]


def facts_missing(version: StandardVersion, facts: Facts) -> frozenset[str]:
    """Names of facts the version's clauses ask for and nobody collected."""
    return facts_lacking(version.clauses.exclude(applies_when="").values_list("applies_when", flat=True), facts)


@dataclass(frozen=True, slots=True)
class Target:
    """A figure promised that makes no tasks but is measured: percent, minutes, hours, heads …"""

    clause_id: int
    code: str
    subject: str
    requirement: str
    kind: str
    number: Decimal
    unit: str
    direction: str  # at_most | at_least


def targets_of(version: StandardVersion, grade: Grade, *, on: date | None = None) -> list[Target]:
    """The measurable promises of a grade (response minutes, lamps working, satisfaction …), for metrics."""
    clauses = {clause.pk: clause for clause in clauses_in_force(version, on=on) if clause.kind in DIRECTIONS}
    values = ClauseValue.objects.filter(clause__in=clauses, grade=grade).order_by("clause__position", "clause_id")
    read = ((clauses[row.clause_id], parse_value(clauses[row.clause_id].kind, row.value)) for row in values)
    return [_target(clause, value.number) for clause, value in read if value.number is not None]


def _target(clause: Clause, number: Decimal) -> Target:
    return Target(
        clause_id=clause.pk,
        code=clause.code,
        subject=clause.subject_name,
        requirement=clause.requirement_zh,
        kind=clause.kind,
        number=number,
        unit=clause.unit,
        direction=DIRECTIONS[clause.kind],
    )


# --- subjects and ratios


def subject_of(clause: Clause) -> Subject | None:
    """The subject a clause joins; None is a gap that coverage shows."""
    return Subject.objects.filter(name=clause.subject_name).first()


def subjects() -> QuerySet[Subject]:
    """Every subject, by team and name."""
    return Subject.objects.order_by("team", "name")


def subjects_by_name(names: Iterable[str] | None = None) -> dict[str, Subject]:
    """Subjects by name, all of them or these."""
    rows = Subject.objects.all() if names is None else Subject.objects.filter(name__in=list(names))
    return {subject.name: subject for subject in rows}


def unknown_subjects(version: StandardVersion) -> list[str]:
    """Names of subjects of scheduled clauses that are not in the list, in the order of the clauses."""
    asked = version.clauses.filter(kind=ClauseKind.CADENCE).values_list("subject_name", flat=True)
    known = _known_subjects()
    return [name for name in dict.fromkeys(asked) if name not in known]


def staffing_ratios(rank: int) -> QuerySet[StaffingRatio]:
    """Customary ratios of a grade rank (1 is the best), a sanity check and not a rule."""
    return StaffingRatio.objects.filter(rank=rank).order_by("role")
