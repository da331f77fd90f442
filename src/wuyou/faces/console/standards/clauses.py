"""One clause: reading it, and writing it in a draft (spec 03)."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.policies import may
from wuyou.domains.standards import actions
from wuyou.domains.standards.choices import Certainty, ClauseKind, VersionState
from wuyou.domains.standards.models import Clause, Grade, StandardVersion
from wuyou.domains.standards.policies import check_edit
from wuyou.domains.standards.queries import ClauseRow, clauses_visible_to, spec_of, subject_of
from wuyou.domains.standards.rules.clauses import EVIDENCE, WORKLOAD_UNITS, ClauseSpec
from wuyou.domains.standards.rules.values import NO_DUTY
from wuyou.faces.console.acting import act
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.visitor import user_of

from .library import version_for, version_url
from .version import clause_line, version_title
from .words import requirement

VALUES = "values."
WRITTEN = (
    "code",
    "part",
    "subject_name",
    "requirement_zh",
    "requirement_en",
    "kind",
    "window",
    "applies_when",
    "basis",
    "certainty",
    "in_force_from",
    "in_force_to",
    "criterion",
    "method",
    "check_text",
    "activity",
    "workload_unit",
    "minutes_per_unit",
    "qualification",
    "evidence",
)


def clause_for(request: HttpRequest, pk: int) -> Clause:
    """A clause the person may read; 404 for any other."""
    return get_object_or_404(clauses_visible_to(user_of(request)).select_related("version__standard__node"), pk=pk)


@require_GET
def clause_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything a clause says."""
    clause = clause_for(request, pk)
    grades = tuple(clause.version.grades.all())
    values = dict(clause.values.values_list("grade_id", "value"))
    row = ClauseRow(clause, tuple(values.get(grade.pk, NO_DUTY) for grade in grades))
    is_draft = clause.version.state == VersionState.DRAFT
    context = {
        "clause": clause,
        "title": f"{clause.code} {requirement(clause)}",
        "standard": version_title(clause.version),
        "line": clause_line(row, grades),
        "subject": subject_of(clause),
        "can_edit": is_draft and may(check_edit, user_of(request), clause.version.standard),
        "back": version_url(clause.version),
    }
    return render(request, "console/standards/clause.html", context)


class ClauseForm(forms.Form):
    """A clause with a value for each grade."""

    code = forms.CharField(label=_("Code"), max_length=20)
    part = forms.CharField(label=_("Part"), max_length=20)
    subject_name = forms.CharField(label=_("Clause subject"), max_length=60)
    requirement_zh = forms.CharField(label=_("Requirement"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    requirement_en = forms.CharField(label=_("Requirement (English)"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Kind of value"), choices=ClauseKind.choices)
    window = forms.CharField(label=_("Window in the day"), max_length=60, required=False)
    applies_when = forms.CharField(label=_("Applies when"), max_length=120, required=False)
    basis = forms.CharField(label=_("Basis"), max_length=120, required=False)
    certainty = forms.ChoiceField(label=_("Certainty"), choices=Certainty.choices)
    in_force_from = forms.DateField(
        label=_("In force from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    in_force_to = forms.DateField(
        label=_("In force to"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    criterion = forms.CharField(label=_("Acceptance criterion"), max_length=200, required=False)
    method = forms.CharField(label=_("Method and materials"), max_length=200, required=False)
    check_text = forms.CharField(label=_("What an inspector checks"), max_length=120, required=False)
    activity = forms.CharField(label=_("Activity"), max_length=40, required=False)
    workload_unit = forms.ChoiceField(
        label=_("Workload per"), required=False, choices=[("", "—"), *((u, u) for u in WORKLOAD_UNITS)]
    )
    minutes_per_unit = forms.DecimalField(label=_("Minutes per unit"), required=False, max_digits=8, decimal_places=2)
    qualification = forms.CharField(label=_("Qualification"), max_length=60, required=False)
    evidence = forms.ChoiceField(label=_("Evidence"), required=False, choices=[(e, e or "—") for e in EVIDENCE])

    def __init__(self, *args: Any, grades: list[Grade], **kwargs: Any) -> None:
        """One field for the value of each grade."""
        super().__init__(*args, **kwargs)
        for grade in grades:
            self.fields[VALUES + grade.code] = forms.CharField(label=grade.label_zh, max_length=120, required=False)
        values = tuple(VALUES + grade.code for grade in grades)
        self.layout = [
            Section(_("What is asked"), ("code", "part"), "subject_name", "requirement_zh", "requirement_en"),
            Section(_("Values by grade"), "kind", *([values] if len(values) <= 3 else values), "window"),
            Section(_("When and why"), "applies_when", "basis", ("certainty",), ("in_force_from", "in_force_to")),
            Section(_("How it is done and checked"), "criterion", "method", "check_text"),
            Section(
                _("Only when it differs from the subject"),
                ("activity", "workload_unit"),
                ("minutes_per_unit", "evidence"),
                "qualification",
            ),
        ]


class ClausePage(FormPage):
    """Writing a clause."""

    form_class = ClauseForm

    @cached_property
    def version(self) -> StandardVersion:
        """The draft."""
        raise NotImplementedError

    def allowed(self) -> None:
        """Only who writes this standard."""
        check_edit(self.user, self.version.standard)

    def form_arguments(self) -> dict[str, Any]:
        """The grades."""
        return {"grades": list(self.version.grades.all())}

    def back(self) -> str:
        """To the version."""
        return version_url(self.version)

    def written(self, data: dict[str, Any], before: ClauseSpec | None = None) -> ClauseSpec:
        """The clause as written; what the form does not ask stays as before."""
        fields = {name: data[name] for name in WRITTEN}
        values = {name.removeprefix(VALUES): text for name, text in data.items() if name.startswith(VALUES)}
        return replace(before, **fields, values=values) if before else ClauseSpec(**fields, values=values)


class AddClause(ClausePage):
    """One more clause of a draft."""

    title = _("Add a clause")
    submit = _("Add the clause")

    @cached_property
    def version(self) -> StandardVersion:
        """The draft."""
        return version_for(self.request, self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """The part that was looked at."""
        return {"part": self.request.GET.get("part", ""), "certainty": Certainty.HIGH}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add it."""
        actions.add_clause(self.version, self.written(data), by=self.user)
        return self.done(_("The clause was added."), to=self.back())


class EditClause(ClausePage):
    """A draft's clause is changed."""

    title = _("Change the clause")

    @cached_property
    def clause(self) -> Clause:
        """The clause."""
        return clause_for(self.request, self.kwargs["pk"])

    @cached_property
    def version(self) -> StandardVersion:
        """Its version."""
        return self.clause.version

    def initial(self) -> dict[str, Any]:
        """As it is."""
        spec = spec_of(self.clause)
        values = {VALUES + grade: text for grade, text in spec.values.items()}
        return {name: getattr(spec, name) for name in WRITTEN} | values

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        actions.change_clause(self.clause, self.written(data, spec_of(self.clause)), by=self.user)
        return self.done(_("The clause was changed."), to=self.back())


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a clause out of a draft."""
    clause = clause_for(request, pk)
    to = version_url(clause.version)
    return act(
        request, lambda: actions.remove_clause(clause, by=user_of(request)), said=_("The clause was removed."), to=to
    )
