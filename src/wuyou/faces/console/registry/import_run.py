"""One import on its way: the page shows what the state asks for, and nothing else."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.http import require_GET

from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.choices import Employment, RoomState, RoomUse, Sex
from wuyou.kernel import jobs
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.imports import actions, queries
from wuyou.kernel.imports.choices import OnError
from wuyou.kernel.imports.flow import IMPORT_RUN
from wuyou.kernel.imports.models import ImportRun
from wuyou.kernel.jobs.queries import latest_job
from wuyou.ui.forms import field_errors
from wuyou.ui.pages import Progress, progress_response
from wuyou.ui.visitor import user_of

from .import_kinds import Kind, kind_of
from .imports import TONES, header_choices, run_for

STEP = {"uploaded": 2, "mapped": 2, "failed": 2, "checking": 3, "checked": 3, "applying": 4, "applied": 4, "undone": 4}
BUSY = {"checking": "imports.check", "applying": "imports.apply"}
MOST_ERRORS = 200


class MappingForm(forms.Form):
    """Which header feeds which column, and what happens to wrong rows."""

    def __init__(self, *args: Any, run: ImportRun, kind: Kind, **kwargs: Any) -> None:
        """One choice of header per column of the importer."""
        super().__init__(*args, **kwargs)
        choices = header_choices(run.headers)
        for column in kind.importer.columns:
            at = run.mapping.get(column.code)
            self.fields[column.code] = forms.ChoiceField(
                label=str(column.label), choices=choices, required=False, initial="" if at is None else str(at)
            )

    def mapping(self) -> dict[str, int]:
        """Column code → position of its header."""
        return {code: int(place) for code, place in self.cleaned_data.items() if place != ""}


@dataclass(frozen=True, slots=True)
class MappingRow:
    """A column of the importer beside the header that feeds it."""

    column: Any
    field: Any
    how: str
    examples: list[str]


def mapping_rows(run: ImportRun, kind: Kind, form: MappingForm) -> list[MappingRow]:
    """The columns in order, each with what stands under its header in the first rows."""
    return [
        MappingRow(column, form[column.code], run.mapping_how.get(column.code, ""), _examples(run, column.code))
        for column in kind.importer.columns
    ]


def _examples(run: ImportRun, code: str) -> list[str]:
    at = run.mapping.get(code)
    if at is None:
        return []
    seen = [row[at].removesuffix(".0") for row in run.preview if at < len(row) and row[at]]
    return list(dict.fromkeys(seen))[:3]


class ImportPage(View):
    """Columns, findings, changes, result: whichever the run is at."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        run = run_for(request, pk)
        return self.show(run, MappingForm(run=run, kind=kind_of(run.importer)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another sheet, or the columns confirmed and the check begun."""
        run = run_for(request, pk)
        kind = kind_of(run.importer)
        if "sheet" in request.POST:
            return self.read_sheet(run, request.POST["sheet"], request.POST.get("header_row", ""))
        form = MappingForm(request.POST, run=run, kind=kind)
        if form.is_valid():
            with field_errors(form) as outcome:
                self.confirm(run, form, request.POST.get("on_error", OnError.NOTHING))
            if outcome.ok:
                return redirect("console:registry:import", pk=run.pk)
        return self.show(run, form, status=422)

    def confirm(self, run: ImportRun, form: MappingForm, on_error: str) -> None:
        """Settle the columns and have the file checked."""
        user = user_of(self.request)
        chosen = on_error if on_error in OnError.values else OnError.NOTHING.value
        actions.confirm_mapping(run, by=user, mapping=form.mapping(), on_error=chosen)
        actions.start_check(run, by=user)

    def read_sheet(self, run: ImportRun, sheet: str, header_row: str) -> HttpResponse:
        """Take the table from another sheet or row."""
        number = int(header_row) if header_row.isdecimal() else 0
        try:
            actions.choose_sheet(run, by=user_of(self.request), sheet=sheet, header_row=number)
        except (Invalid, Conflict) as error:
            form = MappingForm(run=run, kind=kind_of(run.importer))
            return self.show(run, form, problem=str(error), status=error.status)
        return redirect("console:registry:import", pk=run.pk)

    def show(self, run: ImportRun, form: MappingForm, *, problem: str = "", status: int = 200) -> HttpResponse:
        """Render the page for the run's state."""
        kind = kind_of(run.importer)
        columns = {column.code: column.label for column in kind.importer.columns}
        context = {
            "run": run,
            "kind": kind,
            "problem": problem,
            "project": projects_visible_to(user_of(self.request)).filter(pk=run.project_id or 0).first(),
            "state": IMPORT_RUN.label_of(run.state),
            "tone": TONES[run.state],
            "step": STEP.get(run.state, 2),
            "form": form,
            "mapping": mapping_rows(run, kind, form),
            "ignored": ignored(run),
            "errors": [ErrorRow.of(error, columns) for error in run.errors[:MOST_ERRORS]],
            "samples": [SampleRow.of(sample, columns) for sample in run.changes.get("samples", [])[:20]],
            "figures": figures(run),
            "dependents": queries.dependents(run) if run.state == "applied" else [],
            "progress_url": reverse("console:registry:import_progress", args=[run.pk]) if run.state in BUSY else "",
        }
        return render(self.request, "console/registry/import.html", context, status=status)


def ignored(run: ImportRun) -> list[str]:
    """Headers of the file that feed no column."""
    used = set(run.mapping.values())
    return [str(header) for place, header in enumerate(run.headers) if place not in used and str(header or "").strip()]


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A wrong cell as the page lists it."""

    row: int
    column: object
    value: str
    message: str
    is_warning: bool

    @classmethod
    def of(cls, error: dict[str, Any], columns: dict[str, object]) -> "ErrorRow":
        """From what the run keeps."""
        label = columns.get(error["column"], error["column"])
        return cls(error["row"], label, error["value"], error["message"], error.get("is_warning", False))


CODES: dict[str, object] = {
    "True": _("yes"),
    "False": _("no"),
    **{str(value): label for kind in (RoomUse, RoomState, Employment, Sex) for value, label in kind.choices},
}


def worded(value: str) -> object:
    """A stored value as people say it: yes for True, the label of a code."""
    return CODES.get(value, value)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A change before it is made: each field with what it was and will be."""

    row: int
    label: str
    is_new: bool
    fields: list[tuple[object, object, object]]

    @classmethod
    def of(cls, sample: dict[str, Any], columns: dict[str, object]) -> "SampleRow":
        """From what the run keeps."""
        before, after = sample["before"], sample["after"]
        fields = [
            (columns.get(name, name), worded(before.get(name, "")), worded(value))
            for name, value in after.items()
            if value
        ]
        return cls(sample["row"], sample["label"], not before, fields)


def figures(run: ImportRun) -> dict[str, Any]:
    """How many rows are new, changed, the same, wrong; and what else comes with them."""
    changes = run.changes
    return {
        "create": changes.get("create", 0),
        "update": changes.get("update", 0),
        "unchanged": changes.get("unchanged", 0),
        "counts": list(changes.get("counts", {}).items()),
        "is_nothing": bool(changes) and not changes.get("create") and not changes.get("update"),
    }


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the check or the load is; when it is over the whole page is shown anew."""
    run = run_for(request, pk)
    here = reverse("console:registry:import", args=[run.pk])
    if run.state not in BUSY:
        return HttpResponse(status=204, headers={"HX-Redirect": here})
    job = latest_job(BUSY[run.state], key=f"{BUSY[run.state]}:{run.pk}")
    told = jobs.progress_of(job.pk) if job else jobs.Progress(0, 0, "")
    state = "running" if job and job.state == "running" else "waiting"
    note = _("%(rows)s rows") % {"rows": run.rows_total}
    cancel = reverse("console:registry:import_step", args=[run.pk, "cancel"])
    return progress_response(request, Progress(told.done, told.total, told.note or note, state, cancel_url=cancel))
