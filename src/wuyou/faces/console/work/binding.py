"""What projects are bound to: layers with their days, what a binding would change, deviations (spec 03)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import may, require
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.standards.models import Grade
from wuyou.domains.standards.queries import issued_grades_visible_to
from wuyou.domains.work.actions import binding as bindings
from wuyou.domains.work.actions.preview import Preview, preview_binding
from wuyou.domains.work.choices import GapReason, Layer
from wuyou.domains.work.models import Binding
from wuyou.domains.work.policies import BIND_STANDARDS, VIEW_PLAN, check_bind
from wuyou.domains.work.queries.binding import binding_clauses
from wuyou.domains.work.queries.plan import bindings_visible_to
from wuyou.domains.work.tables import activity_label
from wuyou.faces.console.standards.words import cadence_words, grade_name, requirement, standard_name, value_words
from wuyou.kernel import clock
from wuyou.ui import scope, wording
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Button, Column, Empty, ListPage, Preset, cells
from wuyou.ui.visitor import user_of

from .plan_looks import LAYER_TONES

MOST_SHOWN = 40


def binding_for(request: HttpRequest, pk: int) -> Binding:
    """A binding the person may see; 404 for any other."""
    return get_object_or_404(bindings_visible_to(user_of(request)).select_related("project__node"), pk=pk)


def binding_url(binding: Binding) -> str:
    """A binding's page."""
    return reverse("console:work:binding", args=[binding.pk])


def version_words(binding: Binding) -> str:
    """Standard and version."""
    return f"{standard_name(binding.version.standard)} v{binding.version.number}"


class BindingFilter(django_filters.FilterSet):
    """Bindings by layer and whether they count today."""

    layer = django_filters.ChoiceFilter(label=_("Layer"), choices=Layer.choices)
    now = django_filters.BooleanFilter(label=_("In force today"), method="by_now")

    def by_now(self, rows: QuerySet[Binding], _name: str, value: object) -> QuerySet[Binding]:
        """Those that count today, or those that do not."""
        day = clock.today()
        counts = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        return rows.filter(counts if value else ~counts)


class BindingList(ListPage):
    """Layers of the projects in view."""

    code = "work.bindings"
    title = _("Standards bound")
    sub = _("Every layer holds at once: grade, service set, contract, law. The strictest leads.")
    icon = "link"
    filters = BindingFilter
    columns = (
        Column("standard", _("Standard"), version_words, link=binding_url, always=True),
        Column("project", _("Project"), lambda row: row.project.name, sort="project__name"),
        Column(
            "layer",
            _("Layer"),
            lambda row: row.get_layer_display(),
            sort="layer",
            cell=lambda row, value: cells.badge(value, LAYER_TONES[Layer(row.layer)]),
        ),
        Column("grade", _("Grade"), lambda row: grade_name(row.grade)),
        Column("from", _("From"), lambda row: row.starts_on, cell=cells.day, sort="starts_on"),
        Column("to", _("To"), lambda row: row.ends_on, cell=cells.day, sort="ends_on"),
        Column("deviations", _("Deviations"), lambda row: row.deviations_count, cell=cells.number, numeric=True),
        Column("by", _("Bound by"), lambda row: row.bound_by, shown=False),
    )
    presets = (Preset("now", _("In force today"), "now=true"), Preset("all", _("All"), ""))

    def allowed(self) -> None:
        """Whoever may see plans somewhere."""
        require(self.user, VIEW_PLAN)

    def rows(self) -> QuerySet[Binding]:
        """Bindings in view with the number of deviations that hold."""
        open_ones = Count("deviations", filter=Q(deviations__ended_at__isnull=True))
        return scope.of(self.request).narrow(bindings_visible_to(self.user)).annotate(deviations_count=open_ones)

    def header_actions(self) -> list[Button]:
        """Bind the project looked at."""
        project = scope.of(self.request).project or only_project(self.request)
        if project is None or not may(check_bind, self.user, project):
            return []
        url = reverse("console:work:binding_new", args=[project.pk])
        return [Button(_("Bind a standard"), url, icon="plus", tone="primary")]

    def empty(self) -> Empty:
        """Where everything begins."""
        return Empty(
            _now("Bound to nothing yet"),
            _now("Choose a project at the top, then bind it to a standard: its plan follows from that."),
            self.header_actions(),
            icon="link",
        )


def only_project(request: HttpRequest) -> Project | None:
    """The project of somebody who binds at one project only."""
    projects = list(projects_visible_to(user_of(request), BIND_STANDARDS)[:2])
    return projects[0] if len(projects) == 1 else None


# --- one binding


@require_GET
def binding_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the bound grade asks for, clause by clause, with what was agreed instead."""
    binding = binding_for(request, pk)
    can = may(check_bind, user_of(request), binding.project)
    rows = [
        {
            "clause": row.clause,
            "text": requirement(row.clause),
            "value": value_words(row.clause.kind, row.value),
            "deviation": row.deviation,
            "instead": value_words(row.clause.kind, row.deviation.value) if row.deviation else "",
        }
        for row in binding_clauses(binding)
    ]
    only = request.GET.get("show") == "deviations"
    context = {
        "binding": binding,
        "title": version_words(binding),
        "grade": grade_name(binding.grade),
        "tone": LAYER_TONES[Layer(binding.layer)],
        "days": _days(binding),
        "rows": [row for row in rows if row["deviation"]] if only else rows,
        "is_only": only,
        "all": len(rows),
        "deviating": sum(row["deviation"] is not None for row in rows),
        "can_bind": can and (binding.ends_on is None or binding.ends_on >= clock.today()),
        "back": reverse("console:work:bindings"),
    }
    return render(request, "console/work/binding.html", context)


def _days(binding: Binding) -> str:
    start = wording.day(binding.starts_on)
    if binding.ends_on is None:
        return _now("from %(start)s") % {"start": start}
    return f"{start} – {wording.day(binding.ends_on)}"


# --- binding


class BindForm(forms.Form):
    """Which grade of which standard, from when."""

    grade: Any = forms.ModelChoiceField(label=_("Standard and grade"), queryset=None)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(
        label=_("To (open if empty)"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    layout = (Section("", "grade", ("starts_on", "ends_on")),)

    def __init__(self, *args: Any, grades: QuerySet[Grade], **kwargs: Any) -> None:
        """Grades of issued versions."""
        super().__init__(*args, **kwargs)
        field = self.fields["grade"]
        field.queryset = grades  # type: ignore[attr-defined]
        field.label_from_instance = grade_label  # type: ignore[attr-defined]


def grade_label(grade: Grade) -> str:
    """Standard, version and grade: one choice."""
    return f"{standard_name(grade.version.standard)} v{grade.version.number} · {grade_name(grade)}"


class Bind(FormPage):
    """Choose, see what it would change, bind."""

    form_class = BindForm
    template_name = "console/work/bind.html"
    submit = _("Bind")

    @cached_property
    def project(self) -> Project:
        """The project to be bound."""
        return get_object_or_404(projects_visible_to(self.user, VIEW_PLAN), pk=self.kwargs["project"])

    @property
    def title(self) -> object:  # type: ignore[override]
        """With the project's name."""
        return _("Bind %(project)s to a standard") % {"project": self.project.name}

    def allowed(self) -> None:
        """Only who binds here."""
        check_bind(self.user, self.project)

    def form_arguments(self) -> dict[str, Any]:
        """Grades to choose from."""
        return {"grades": issued_grades_visible_to(self.user)}

    def initial(self) -> dict[str, Any]:
        """From today, or what was looked at."""
        return {"starts_on": clock.today(), **self.request.GET.dict()}

    def back(self) -> str:
        """To the layers."""
        return reverse("console:work:bindings")

    def context(self) -> dict[str, Any]:
        """What the choice would change, when there is one in the address."""
        form = BindForm(self.request.GET or None, **self.form_arguments())
        if not (form.is_bound and form.is_valid()):
            return {"preview": None, "project": self.project}
        found = preview_binding(
            self.project, form.cleaned_data["grade"], on=form.cleaned_data["starts_on"], by=self.user
        )
        return {"preview": found, "parts": preview_parts(found), "project": self.project, "chosen": form.cleaned_data}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Bind."""
        made = bindings.bind(
            self.project,
            data["grade"].version,
            data["grade"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            by=self.user,
        )
        return self.done(_("Bound. Draft the next plan to let it take effect."), to=binding_url(made))


def preview_parts(found: Preview) -> list[dict[str, Any]]:
    """What happens to lines, in groups that can be read."""
    return [
        {
            "title": _("New lines"),
            "icon": "plus",
            "tone": "ok",
            "count": len(found.added),
            "rows": [
                (activity_label(line.activity), line.target.name, "", cadence_words(line.cadence))
                for line in found.added[:MOST_SHOWN]
            ],
        },
        {
            "title": _("More or less often"),
            "icon": "edit",
            "tone": "info",
            "count": len(found.changed),
            "rows": [
                (activity_label(new.activity), new.target.name, cadence_words(old.cadence), cadence_words(new.cadence))
                for old, new in found.changed[:MOST_SHOWN]
            ],
        },
        {
            "title": _("Lines that fall away"),
            "icon": "minus",
            "tone": "bad",
            "count": len(found.removed),
            "rows": [
                (activity_label(line.activity), line.target.name, cadence_words(line.cadence), "")
                for line in found.removed[:MOST_SHOWN]
            ],
        },
        {
            "title": _("Clauses without a line"),
            "icon": "alert-triangle",
            "tone": "warn",
            "count": len(found.gaps),
            "rows": [(code, GapReason(why).label, "", detail) for code, why, detail in found.gaps[:MOST_SHOWN]],
        },
    ]
