"""Standards, their versions and states, comparison, workbooks, subjects (spec 03)."""

from typing import Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from ninja import File, UploadedFile

from wuyou.domains.org.models import User
from wuyou.domains.standards import actions, queries
from wuyou.domains.standards.choices import StandardKind, VersionState
from wuyou.domains.standards.flows import VERSION_FLOW
from wuyou.domains.standards.models import Standard, StandardVersion, Subject
from wuyou.domains.standards.policies import EDIT_STANDARDS, ISSUE_STANDARDS, VIEW_STANDARDS
from wuyou.domains.standards.rules.clauses import EVIDENCE, WORKLOAD_UNITS
from wuyou.domains.standards.rules.comparing import Differences
from wuyou.domains.standards.rules.subjects import SubjectSpec
from wuyou.faces.api.access import gates
from wuyou.faces.api.answers import done
from wuyou.faces.api.operations import IDEMPOTENCY, Acts, maybe, possible, ref, steps, told
from wuyou.faces.api.org.tree import NODES
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.resources import Filter, Resource, ids, needing
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Given, PathId, choice, column, decimal, listed, number, one_of, text
from wuyou.ui.visitor import user_of

from . import router

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STANDARDS = Resource(
    "standards",
    shape("Standard", Standard, "id code name_zh name_en kind source node"),
    lambda user: queries.standards_visible_to(user).select_related("node").order_by("code"),
    view=[VIEW_STANDARDS],
    filters={"kind": Filter(choice(StandardKind), "kind"), "code": Filter(text(60), "code")},
    sorts={"code": "code", "name": "name_zh"},
    search=("name_zh", "name_en", "code"),
)
VERSIONS = Resource(
    "standard-versions",
    shape(
        "StandardVersion", StandardVersion, "id standard number state note issued_on withdrawn_on revision",
        standard_code="standard.code", steps=possible(VERSION_FLOW),
    ),
    lambda user: queries.versions_visible_to(user).select_related("standard__node"),
    view=[VIEW_STANDARDS],
    filters={"standard_id": ids("standard"), "state": Filter(choice(VersionState), "state")},
    sorts={"number": "number", "issued_on": "issued_on"},
)  # fmt: skip
SUBJECTS = Resource(
    "subjects",
    shape(
        "Subject", Subject,
        "id name name_en matches_place matches_asset activity team unit minutes_per_unit qualification evidence"
        " check_text deduct_points is_edited",
    ),
    lambda user: queries.subjects(),
    view=[VIEW_STANDARDS],
    filters={"team": Filter(text(40), "team"), "activity": Filter(text(40), "activity")},
    sorts={"name": "name", "team": "team"},
    search=("name", "name_en"),
)  # fmt: skip


class GradeGiven(Given):
    """A column of the table; rank 1 is the best."""

    code: text(20, least=1)  # type: ignore[valid-type]
    rank: number(1, 99)  # type: ignore[valid-type]
    label_zh: text(30, least=1)  # type: ignore[valid-type]
    label_en: text(30) = ""  # type: ignore[valid-type]


def grade_spec(given: GradeGiven) -> actions.GradeSpec:
    """A grade as the action wants it."""
    return actions.GradeSpec(**given.model_dump())


def begin(*, by: User, grades: list[GradeGiven] | None = None, **given: Any) -> Standard:
    """Begin a standard of a node (of everybody without one) with its first draft."""
    return actions.create_standard(by=by, grades=[grade_spec(one) for one in grades or []], **given).standard


NAMES = {"name_zh": column(Standard, "name_zh"), "name_en": maybe(column(Standard, "name_en"))}
SOURCE = {"source": maybe(column(Standard, "source"))}
STANDARDS.expose(router)
on_standards = Acts(router, STANDARDS, [EDIT_STANDARDS])
on_standards.add(
    begin,
    {
        "code": column(Standard, "code"), **NAMES, "kind": choice(StandardKind), **SOURCE,
        "node": maybe(ref(NODES, empty=True)), "grades": maybe(listed(GradeGiven, 20, 0)),
    },
)  # fmt: skip
on_standards.patch(actions.change_standard, {**NAMES, **SOURCE})
on_standards.post("new-version", actions.new_version, {"note": maybe(text(300))}, answer=VERSIONS.shape)

VERSIONS.expose(router)
on_versions = Acts(router, VERSIONS, [EDIT_STANDARDS])
steps(
    on_versions,
    VERSION_FLOW,
    {
        "submit": (actions.submit, {}),
        "send_back": (actions.send_back, {"reason": text(300)}),
        "issue": (actions.issue, {}),
        "withdraw": (actions.withdraw, {"reason": text(300)}),
    },
)
on_versions.post(
    "copy", actions.copy_standard, {"code": column(Standard, "code"), **NAMES, "node": ref(NODES)},
    answer=VERSIONS.shape,
)  # fmt: skip

# --- what two versions differ in
CHANGE = shape("ClauseChange", None, "", code="code", field="field", before="before", after="after", effect="effect")


def compared(found: Differences) -> dict[str, Any]:
    """Differences as plain values."""
    return {
        "added": [spec.code for spec in found.added],
        "removed": [spec.code for spec in found.removed],
        "changed": CHANGE.all(found.changed),
    }


DIFFERENCES = told(
    "Differences",
    compared,
    added=list[str], removed=list[str], changed=list[CHANGE.model],  # type: ignore[name-defined]
)  # fmt: skip


def compare(version: StandardVersion, request: HttpRequest, given: Any) -> dict[str, Any]:
    """What another version says otherwise: clauses added, removed, changed, each stricter or looser."""
    return compared(queries.differences(version, VERSIONS.found(user_of(request), given.to)))


ask_of(router, VERSIONS, "compare", compare, DIFFERENCES.model, [VIEW_STANDARDS], to=PathId)
ISSUE = shape(
    "VersionIssue", None, "", code="code", message=lambda one: str(one.message), is_blocking=(bool, "is_blocking")
)


def issues(version: StandardVersion, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """What an editor should mend before the version is issued."""
    return ISSUE.all(queries.issues_of(version))


ask_of(router, VERSIONS, "issues", issues, list[ISSUE.model], [EDIT_STANDARDS, ISSUE_STANDARDS])  # type: ignore[name-defined]


def workbook(version: StandardVersion, request: HttpRequest, given: Any) -> HttpResponse:
    """The version as a workbook with a watermark; the export is journaled."""
    return HttpResponse(actions.export_clauses(version, by=user_of(request)), content_type=XLSX)


ask_of(router, VERSIONS, "workbook", workbook, XLSX, [VIEW_STANDARDS])


@router.post(
    "/standard-versions/{int:id}/workbook", operation_id="standard_versions_load_workbook", summary="Load a workbook",
    response=DIFFERENCES.model, openapi_extra={"parameters": [IDEMPOTENCY], **needing([EDIT_STANDARDS])},
    auth=gates([EDIT_STANDARDS]),
)  # fmt: skip
def load_workbook(request: HttpRequest, id: PathId, file: File[UploadedFile]) -> HttpResponse:  # noqa: A002
    """Make a draft say what a workbook says and give what changed; all or nothing."""
    by = user_of(request)
    book = cast(BinaryIO, file.file)
    return done(request, lambda: compared(actions.import_workbook(VERSIONS.subject(request, id), book, by=by)))


# --- subjects
PARTICULARS = {
    "name_en": maybe(column(Subject, "name_en")),
    "matches_place": maybe(listed(text(40, least=1), 50, 0)),
    "matches_asset": maybe(listed(text(40, least=1), 50, 0)),
    "qualification": maybe(column(Subject, "qualification")),
    "evidence": maybe(one_of(EVIDENCE)),
    "check_text": maybe(column(Subject, "check_text")),
    "deduct_points": maybe(decimal(4, 2)),
}
SUBJECT = {
    "name": column(Subject, "name"),
    "activity": column(Subject, "activity"),
    "team": column(Subject, "team"),
    "unit": one_of(WORKLOAD_UNITS),
    "minutes_per_unit": decimal(6, 2),
    **PARTICULARS,
}


def add_subject(*, by: User, **given: Any) -> Subject:
    """Add a subject that clauses can name."""
    return actions.add_subject(SubjectSpec(**given), by=by)


def edit_subject(subject: Subject, *, by: User, **given: Any) -> Subject:
    """Say anew what a subject is; from now on what the product ships leaves it alone."""
    return actions.edit_subject(subject, SubjectSpec(**given), by=by)


SUBJECTS.expose(router)
on_subjects = Acts(router, SUBJECTS, [EDIT_STANDARDS])
on_subjects.add(add_subject, SUBJECT)
on_subjects.patch(edit_subject, SUBJECT)
