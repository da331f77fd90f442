"""What several actions of the library share: claiming a draft, writing clauses set-wise, entering acts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, IllegalMove, Invalid

from .choices import VersionState
from .models import Clause, ClauseValue, Grade, Standard, StandardVersion
from .queries import journal_chain
from .rules.clauses import FIELDS, ClauseSpec, check_clause, stored_values


def claim_draft(version: StandardVersion) -> None:
    """Lock a draft for an edit; raises IllegalMove when the version is not, or no longer, a draft."""
    drafts = StandardVersion.objects.filter(pk=version.pk, state=VersionState.DRAFT)
    if drafts.update(revision=F("revision") + 1) != 1:
        raise IllegalMove(_("Only a draft can be edited; make a new version of an issued one."))
    version.refresh_from_db(fields=["state", "revision"])


def refuse_long(model: type[models.Model], values: Mapping[str, Any]) -> None:
    """Raise Invalid for texts longer than their columns."""
    limits = {field.name: field.max_length for field in model._meta.concrete_fields if field.max_length}
    long = {
        name: _("This is too long.")
        for name, value in values.items()
        if isinstance(value, str) and len(value) > limits.get(name, len(value))
    }
    if long:
        raise Invalid(fields=long)


def check_specs(specs: Sequence[ClauseSpec], grades: Iterable[str]) -> None:
    """Raise Invalid for the first wrong clause, or for a code that stands twice."""
    known = frozenset(grades)
    seen: set[str] = set()
    for spec in specs:
        check_clause(spec, grades=known)
        refuse_long(Clause, {name: getattr(spec, name) for name in FIELDS})
        refuse_long(ClauseValue, {"value": max(spec.values.values(), key=len, default="")})
        if spec.code in seen:
            raise Invalid(fields={"code": _("This code stands twice.")})
        seen.add(spec.code)


def write_clauses(version: StandardVersion, specs: Sequence[ClauseSpec], *, start: int = 0) -> list[Clause]:
    """Insert checked clauses with their values in two statements."""
    grades = {grade.code: grade for grade in version.grades.all()}
    clauses = Clause.objects.bulk_create(
        Clause(version=version, position=start + nth, **{name: getattr(spec, name) for name in FIELDS})
        for nth, spec in enumerate(specs, start=1)
    )
    ClauseValue.objects.bulk_create(
        ClauseValue(clause=clause, grade=grades[code], value=text)
        for clause, spec in zip(clauses, specs, strict=True)
        for code, text in stored_values(spec).items()
    )
    return clauses


def copy_grades(source: StandardVersion, target: StandardVersion) -> None:
    """Give a version the grades of another."""
    Grade.objects.bulk_create(
        Grade(version=target, code=row.code, rank=row.rank, label_zh=row.label_zh, label_en=row.label_en)
        for row in source.grades.all()
    )


def next_number(standard: Standard) -> int:
    """The number of the standard's next version; the standard's row is locked so that two people get two numbers."""
    Standard.objects.select_for_update().get(pk=standard.pk)
    last = standard.versions.aggregate(last=models.Max("number"))["last"]
    return (last or 0) + 1


def refuse_open_draft(standard: Standard) -> None:
    """Raise Conflict while a version is still being written: two drafts would lose each other's changes."""
    if standard.versions.filter(state__in=[VersionState.DRAFT, VersionState.REVIEW]).exists():
        raise Conflict(_("A version of this standard is being written already."))


def record(verb: str, version: StandardVersion, *, by: Actor, **data: Any) -> None:
    """Enter an act on a version in the chain of its owner."""
    subject = journal.Subject("standards.version", version.pk, version)
    journal.record(f"standards.{verb}", chain=journal_chain(version.standard.node), by=by, subject=subject, data=data)
