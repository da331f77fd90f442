"""Standards and their versions."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.standards import policies
from wuyou.domains.standards.choices import StandardKind
from wuyou.domains.standards.models import Grade, Standard, StandardVersion
from wuyou.domains.standards.queries import latest_version, specs_of
from wuyou.domains.standards.writing import (
    copy_grades,
    next_number,
    record,
    refuse_long,
    refuse_open_draft,
    write_clauses,
)
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.transactions import action

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True)
class GradeSpec:
    """A column of the table: rank 1 is the best, whatever the label says."""

    code: str
    rank: int
    label_zh: str
    label_en: str = ""


def check_grades(grades: Iterable[GradeSpec]) -> None:
    """Raise Invalid for grades without code, label or rank, or with a code or rank that stands twice."""
    listed = list(grades)
    if any(not _CODE.fullmatch(grade.code) or not grade.label_zh.strip() or grade.rank < 1 for grade in listed):
        raise Invalid(fields={"grades": _("A grade needs a code, a label and a rank from 1.")})
    if len({grade.code for grade in listed}) < len(listed) or len({grade.rank for grade in listed}) < len(listed):
        raise Invalid(fields={"grades": _("Two grades have the same code or rank.")})
    for grade in listed:
        refuse_long(Grade, {"code": grade.code, "label_zh": grade.label_zh, "label_en": grade.label_en})


@action
def create_standard(
    *,
    by: Actor,
    code: str,
    name_zh: str,
    kind: str,
    node: Node | None = None,
    name_en: str = "",
    source: str = "",
    grades: Sequence[GradeSpec] = (),
) -> StandardVersion:
    """Begin a standard of a node (of everybody without one) and give its first draft (spec 03).

    Raises Denied and Invalid.
    """
    policies.check_create(by, node)
    _check_names(code, name_zh, kind)
    check_grades(grades)
    values = {
        "code": code,
        "name_zh": name_zh.strip(),
        "kind": kind,
        "name_en": name_en.strip(),
        "source": source.strip(),
    }
    refuse_long(Standard, values)
    standard = Standard.objects.create(**values, node=node)
    version = open_version(standard, grades=grades)
    record("standard_created", version, by=by, code=code, kind=kind)
    return version


def _check_names(code: str, name_zh: str, kind: str) -> None:
    wrong: dict[str, object] = {}
    if not _CODE.fullmatch(code):
        wrong["code"] = _("A code is small letters, digits and dashes, at most 60 of them.")
    elif Standard.objects.filter(code=code).exists():
        wrong["code"] = _("There is a standard of this code already.")
    if not name_zh.strip():
        wrong["name_zh"] = _("This is needed.")
    if kind not in StandardKind.values:
        wrong["kind"] = _("There is no such kind of standard.")
    if wrong:
        raise Invalid(fields=wrong)


def open_version(standard: Standard, *, note: str = "", grades: Iterable[GradeSpec] = ()) -> StandardVersion:
    """The next draft of a standard with these grades and no clauses. For actions of this app."""
    version = StandardVersion.objects.create(standard=standard, number=next_number(standard), note=note)
    Grade.objects.bulk_create(
        Grade(version=version, code=one.code, rank=one.rank, label_zh=one.label_zh, label_en=one.label_en)
        for one in grades
    )
    return version


@action
def change_standard(standard: Standard, *, by: Actor, name_zh: str, name_en: str = "", source: str = "") -> Standard:
    """Rename a standard or its source; the code and the kind stay. Raises Denied and Invalid."""
    policies.check_edit(by, standard)
    values = {"name_zh": name_zh.strip(), "name_en": name_en.strip(), "source": source.strip()}
    if not values["name_zh"]:
        raise Invalid(fields={"name_zh": _("This is needed.")})
    refuse_long(Standard, values)
    before = {name: getattr(standard, name) for name in values}
    Standard.objects.filter(pk=standard.pk).update(**values)
    standard.refresh_from_db()
    version = latest_version(standard)
    if version:
        record("standard_changed", version, by=by, before=before, after=values)
    return standard


@action
def new_version(standard: Standard, *, by: Actor, note: str = "") -> StandardVersion:
    """A new draft that begins as a copy of the last version. Raises Denied, and Conflict while one is being written."""
    policies.check_edit(by, standard)
    number = next_number(standard)  # locks the standard before the look at its drafts
    refuse_open_draft(standard)
    refuse_long(StandardVersion, {"note": note})
    last = latest_version(standard)
    version = StandardVersion.objects.create(standard=standard, number=number, note=note)
    if last:
        _copy(last, version)
    record("version_opened", version, by=by, number=number, note=note)
    return version


@action
def copy_standard(
    source: StandardVersion, *, by: Actor, code: str, name_zh: str, node: Node, name_en: str = ""
) -> StandardVersion:
    """A company's own standard that begins as a copy of a version, e.g. of a shipped one. Raises Denied and Invalid."""
    standard = source.standard
    kind = StandardKind.COMPANY if standard.kind == StandardKind.SERVICE_SET else standard.kind
    version = create_standard(
        by=by, code=code, name_zh=name_zh, kind=kind, node=node, name_en=name_en, source=standard.source
    )
    _copy(source, version)
    record("standard_copied", version, by=by, copied_from=str(source))
    return version


def _copy(source: StandardVersion, target: StandardVersion) -> None:
    copy_grades(source, target)
    write_clauses(target, specs_of(source))
