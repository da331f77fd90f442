"""The import wizard: choose and upload → confirm the columns → look at errors and changes → load → undo (spec 01)."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.policies import IMPORT_DATA
from wuyou.faces.console.acting import act
from wuyou.faces.console.offering import offer
from wuyou.kernel.errors import Missing
from wuyou.kernel.imports import actions, queries, template_workbook
from wuyou.kernel.imports.flow import IMPORT_RUN
from wuyou.kernel.imports.models import ImportRun
from wuyou.ui import scope
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import Button, Column, Empty, ListPage, cells
from wuyou.ui.visitor import user_of

from .import_kinds import Kind, kind_of, kinds

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {
    "uploaded": "info",
    "mapped": "info",
    "checking": "accent",
    "checked": "warn",
    "applying": "accent",
    "applied": "ok",
    "undone": "muted",
    "failed": "bad",
    "cancelled": "muted",
}


def projects_to_import(request: HttpRequest) -> Any:
    """The projects the person may import into."""
    return projects_visible_to(user_of(request), IMPORT_DATA)


def run_for(request: HttpRequest, pk: int) -> ImportRun:
    """A run of a project the person may import into; 404 for any other."""
    rows = queries.runs_of(projects_to_import(request).values("pk"))
    return get_object_or_404(rows, pk=pk)


class RunFilter(django_filters.FilterSet):
    """Runs by kind and state."""

    importer = django_filters.ChoiceFilter(label=_("Kind"), choices=lambda: [(k.code, k.label) for k in kinds()])
    state = django_filters.ChoiceFilter(label=_("State"), choices=lambda: list(IMPORT_RUN.states.items()))


class ImportList(ListPage):
    """What can be imported, and every import so far."""

    code = "registry.imports"
    title = _("Imports")
    sub = _("Your own workbooks, as they are. Nothing is written before you have seen what would change.")
    icon = "table-import"
    template_name = "console/registry/imports.html"
    filters = RunFilter
    default_sort = "-uploaded"
    columns = (
        Column(
            "file", _("File"), lambda run: run.file_name, always=True,
            link=lambda run: reverse("console:registry:import", args=[run.pk]),
        ),
        Column("kind", _("Kind"), lambda run: str(kind_of(run.importer).label)),
        Column("project", _("Project"), lambda run: run.project_name),
        Column("rows", _("Rows"), lambda run: run.rows_total, cell=cells.number, numeric=True, sort="rows_total"),
        Column("errors", _("Errors"), lambda run: run.errors_total, cell=cells.number, numeric=True),
        Column(
            "state", _("State"), lambda run: str(IMPORT_RUN.label_of(run.state)),
            cell=lambda run, value: cells.badge(value, TONES[run.state]), sort="state",
        ),
        Column("by", _("By"), lambda run: run.by_label),
        Column("uploaded", _("Uploaded"), lambda run: run.uploaded_at, cell=cells.moment, sort="uploaded_at"),
    )  # fmt: skip

    def allowed(self) -> None:
        """Only who may import somewhere."""
        require(self.user, IMPORT_DATA)

    def rows(self) -> Any:
        """Runs of the projects in view, with the project's name."""
        project = scope.of(self.request).project
        wanted = projects_to_import(self.request)
        wanted = wanted.filter(pk=project.pk) if project else wanted
        name = Subquery(wanted.filter(pk=OuterRef("project_id")).values("name")[:1])
        return queries.runs_of(wanted.values("pk")).annotate(project_name=name)

    def search(self, rows: Any, text: str) -> Any:
        """By file name."""
        return rows.filter(file_name__icontains=text)

    def context(self) -> dict[str, Any]:
        """The kinds to choose from."""
        return {"kinds": kinds()}

    def empty(self) -> Empty:
        """Where to begin."""
        first = kinds()[0]
        upload = reverse("console:registry:import_new", args=[first.code])
        return Empty(
            _("Nothing was imported yet"),
            _("Begin with the buildings; rooms, public places, equipment and staff then find their place."),
            [Button(_("Import buildings"), upload, icon="upload", tone="primary")],
            icon="table-import",
        )


class UploadForm(forms.Form):
    """A file and where it goes."""

    project: Any = forms.ModelChoiceField(label=_("Project"), queryset=None, empty_label=None)
    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv", "data-drop": "1"}))

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        """`projects` are those the person may import into."""
        super().__init__(*args, **kwargs)
        offer(self, project=projects)


class ImportNew(FormPage):
    """Step 1: choose a file."""

    form_class = UploadForm
    template_name = "console/registry/import_new.html"
    submit = _("Upload and read")

    @property
    def kind(self) -> Kind:
        """What is to be imported."""
        return kind_of(self.kwargs["code"])

    @property
    def title(self) -> object:  # type: ignore[override]
        """The kind's name."""
        return _("Import: %(kind)s") % {"kind": self.kind.label}

    def allowed(self) -> None:
        """Only who may import somewhere."""
        require(self.user, IMPORT_DATA)

    def form_arguments(self) -> dict[str, Any]:
        """The projects to choose from."""
        return {"projects": projects_to_import(self.request)}

    def initial(self) -> dict[str, Any]:
        """The project being looked at."""
        return {"project": scope.of(self.request).project}

    def back(self) -> str:
        """To the kinds and the history."""
        return reverse("console:registry:imports")

    def context(self) -> dict[str, Any]:
        """Limits and steps."""
        return {"kind": self.kind, "most_mb": settings.IMPORT_MOST_BYTES // 2**20, "step": 1}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Read the file and go on to its columns."""
        run = actions.upload_file(
            data["file"], by=self.user, importer=self.kind.code, project_id=data["project"].pk,
            file_name=data["file"].name,
        )  # fmt: skip
        return redirect("console:registry:import", pk=run.pk)


@require_GET
def template(request: HttpRequest, code: str) -> HttpResponse:
    """The empty workbook of a kind, to fill in."""
    require(user_of(request), IMPORT_DATA)
    kind = kind_of(code)
    response = HttpResponse(template_workbook(kind.importer), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{kind.label}.xlsx")
    return response


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Take a run one step on: load, check anew, cancel, undo."""
    run = run_for(request, pk)
    steps = {
        "check": (actions.start_check, _("The file is being checked.")),
        "load": (actions.start_apply, _("The rows are being loaded.")),
        "cancel": (actions.stop_run, _("The import was cancelled; nothing was changed.")),
        "undo": (actions.undo_run, _("The import was taken back.")),
    }
    if name not in steps:
        raise Missing(_("There is no such step."))
    what, said = steps[name]
    to = reverse("console:registry:import", args=[run.pk])
    return act(request, lambda: what(run, by=user_of(request)), said=said, to=to)


def header_choices(headers: Sequence[object]) -> list[tuple[str, str]]:
    """The headers of a file as choices for a column; first: none."""
    named = [(str(place), str(header)) for place, header in enumerate(headers) if str(header or "").strip()]
    return [("", "—"), *named]
