"""Imports of workbooks: upload, columns, errors by cell, changes, load, take back (spec 01)."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import File, Form, UploadedFile
from pydantic import Field

from wuyou.domains.org.models import User
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.policies import IMPORT_DATA
from wuyou.faces.api.access import gates
from wuyou.faces.api.answers import done
from wuyou.faces.api.operations import IDEMPOTENCY, Acts, maybe, possible, told
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.questions import ask, ask_of
from wuyou.faces.api.resources import Filter, Resource, ids, needing
from wuyou.faces.api.shapes import extended, shape
from wuyou.faces.api.values import Given, PathId, choice, number, one_of, text
from wuyou.kernel.errors import Missing
from wuyou.kernel.imports import Importer, actions, all_importers, queries, template_workbook
from wuyou.kernel.imports.choices import OnError
from wuyou.kernel.imports.flow import IMPORT_RUN
from wuyou.kernel.imports.models import ImportRun
from wuyou.kernel.jobs import progress_of
from wuyou.kernel.jobs.queries import latest_job
from wuyou.ui.visitor import user_of

from . import router
from .jobs import PROGRESS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
INNER = {"check", "apply", "fail"}  # steps the worker takes


def runs_of(user: User) -> Any:
    """Runs of the projects the user may import into, newest first."""
    return queries.runs_of(projects_visible_to(user, IMPORT_DATA).values("pk"))


def _steps(run: ImportRun) -> list[str]:
    return [step.name for step in IMPORT_RUN.from_state(run.state) if step.name not in INNER]


RUN = shape(
    "ImportRun", ImportRun,
    "id importer file_name sha256 size sheet header_row on_error rows_total rows_wrong errors_total"
    " warnings_total failure by_label uploaded_at checked_at applied_at undone_at",
    project_id=(int | None, "project_id"), state="state", steps=(possible(IMPORT_RUN)[0], _steps),
)  # fmt: skip
RUNS = Resource(
    "imports",
    RUN,
    runs_of,
    view=[IMPORT_DATA],
    filters={
        "project_id": ids("project_id"), "importer": Filter(text(60), "importer"),
        "state": Filter(one_of(tuple(IMPORT_RUN.states)), "state"),
    },
    sorts={"uploaded_at": "uploaded_at"},
    detail=extended(
        RUN, "ImportRunDetail", sheets=(list[Any], "sheets"), headers=(list[Any], "headers"),
        mapping=(dict[str, int], "mapping"), mapping_how=(dict[str, str], "mapping_how"),
        preview=(list[Any], "preview"), errors=(list[Any], "errors"), changes=(dict[str, Any], "changes"),
    ),
)  # fmt: skip
COLUMN = shape(
    "ImportColumn", None, "", code="code", label=lambda one: str(one.label), required=(bool, "required"),
)  # fmt: skip
KIND = shape(
    "ImportKind", None, "", code="code", label=lambda one: str(one.label),
    columns=(list[COLUMN.model], lambda one: COLUMN.all(one.columns)),  # type: ignore[name-defined]
)  # fmt: skip


def kinds(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """What can be imported, with the columns of each kind."""
    return KIND.all(all_importers())


ask(router, "/import-kinds", "import_kinds_list", kinds, list[KIND.model], [IMPORT_DATA])  # type: ignore[name-defined]


def _kind(code: str) -> Importer:
    found = next((one for one in all_importers() if one.code == code), None)
    if found is None:
        raise Missing(_("There is no such kind of import."))
    return found


def template(request: HttpRequest, given: Any) -> HttpResponse:
    """The empty workbook of a kind, to fill in."""
    return HttpResponse(template_workbook(_kind(given.importer)), content_type=XLSX)


ask(router, "/import-template", "import_template", template, XLSX, [IMPORT_DATA], importer=text(60, least=1))


class UploadGiven(Given):
    """Where a file goes and what is in it."""

    project_id: PathId
    importer: text(60, least=1)  # type: ignore[valid-type]
    sheet: text(100) = ""  # type: ignore[valid-type]


@router.post(
    "/imports", operation_id="imports_upload", summary="Upload a file", response={201: RUNS.one.model},
    openapi_extra={"parameters": [IDEMPOTENCY], **needing([IMPORT_DATA])},
    auth=gates([IMPORT_DATA]),
)  # fmt: skip
def upload(request: HttpRequest, file: File[UploadedFile], given: Form[UploadGiven]) -> HttpResponse:
    """Take in a file and propose how its headers feed the importer's columns."""

    def act() -> dict[str, Any]:
        project = PROJECTS.named(request, given.project_id, at="project_id")
        run = actions.upload_file(
            file, by=user_of(request), importer=_kind(given.importer).code, project_id=project.pk,
            file_name=(file.name or "")[:200], sheet=given.sheet,
        )  # fmt: skip
        return RUNS.shown(request, run.pk)

    return done(request, act, status=201)


RUNS.expose(router)
on_runs = Acts(router, RUNS, [IMPORT_DATA])


def map_columns(run: ImportRun, *, by: User, **given: Any) -> ImportRun:
    """Settle which header feeds which column; without a mapping the proposed one."""
    return actions.confirm_mapping(run, by=by, **given)


on_runs.post("sheet", actions.choose_sheet, {"sheet": maybe(text(100)), "header_row": maybe(number(0, 10_000))})
on_runs.post(
    "map", map_columns,
    {
        "mapping": maybe(Annotated[dict[text(60, least=1), number(0, 1000)], Field(max_length=300)] | None),  # type: ignore[misc]
        "on_error": maybe(choice(OnError)),
    },
)  # fmt: skip
on_runs.post("check", actions.start_check)
on_runs.post("apply", actions.start_apply)
on_runs.post("cancel", actions.stop_run, atomic=False)
on_runs.post("undo", actions.undo_run)


def progress(run: ImportRun, request: HttpRequest, given: Any) -> dict[str, Any]:
    """How far the check or the load is."""
    name = "imports.apply" if run.state in {"applying", "applied", "undone"} else "imports.check"
    job = latest_job(name, key=f"{name}:{run.pk}")
    if job is None:
        return {"done": 0, "total": 0, "note": "", "percent": None}
    told_last = progress_of(job.pk)
    return {"done": told_last.done, "total": told_last.total, "note": told_last.note, "percent": told_last.percent}


ask_of(router, RUNS, "progress", progress, PROGRESS, [IMPORT_DATA])
DEPENDENT = told("ImportDependent", lambda one: one, label=str, count=int, examples=list[str]).model


def dependents(run: ImportRun, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """What stands in the way of taking the import back."""
    found = queries.dependents(run)
    return [{"label": str(one.label), "count": one.count, "examples": list(one.examples)} for one in found]


ask_of(router, RUNS, "dependents", dependents, list[DEPENDENT], [IMPORT_DATA])  # type: ignore[valid-type]
