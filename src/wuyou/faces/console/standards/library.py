"""The library: every version of every standard, new ones, copies (spec 03)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from wuyou.domains.org.models import Node
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission, nodes_visible_to
from wuyou.domains.standards import actions
from wuyou.domains.standards.choices import StandardKind, VersionState
from wuyou.domains.standards.models import Standard, StandardVersion
from wuyou.domains.standards.policies import EDIT_STANDARDS, VIEW_STANDARDS, check_edit
from wuyou.domains.standards.queries import standards_visible_to, versions_visible_to
from wuyou.faces.console.acting import act
from wuyou.kernel import clock
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Button, Column, Empty, ListPage, Preset, cells
from wuyou.ui.lists.filters import ManyFilter
from wuyou.ui.visitor import user_of

from .words import VERSION_TONES, standard_name

KIND_TONES = {
    StandardKind.GRADE: "info",
    StandardKind.SERVICE_SET: "accent",
    StandardKind.CONTRACT: "ok",
    StandardKind.STATUTORY: "warn",
    StandardKind.MAKER: "muted",
    StandardKind.COMPANY: "accent",
}


def version_for(request: HttpRequest, pk: int) -> StandardVersion:
    """A version the person may read; 404 for any other."""
    return get_object_or_404(versions_visible_to(user_of(request)), pk=pk)


def version_url(version: StandardVersion) -> str:
    """A version's page."""
    return reverse("console:standards:version", args=[version.pk])


def name_cell(version: StandardVersion, value: str) -> Any:
    """The name, and where it comes from under it."""
    return cells.two_lines(value, version.standard.source) if version.standard.source else value


def certainty_words(version: Any) -> str:
    """How many clauses are not certain."""
    if not version.unsure:
        return _now("all seen in a source")
    return _now("%(unsure)s of %(all)s to be compared") % {"unsure": version.unsure, "all": version.clauses_count}


class VersionFilter(django_filters.FilterSet):
    """Versions by kind and state."""

    kind = ManyFilter(label=_("Kind"), field_name="standard__kind", choices=StandardKind.choices)
    state = ManyFilter(label=_("State"), choices=VersionState.choices)


class StandardList(ListPage):
    """Every version one may read, the newest of each standard first."""

    code = "standards.versions"
    title = _("Standards")
    sub = _("Clauses with their values by grade. A project is bound to a version; an issued version never changes.")
    icon = "book-2"
    filters = VersionFilter
    search_label = _("Search name or source")
    columns = (
        Column(
            "name",
            _("Standard"),
            lambda v: standard_name(v.standard),
            cell=name_cell,
            link=version_url,
            sort="standard__name_zh",
            always=True,
        ),
        Column(
            "kind",
            _("Kind"),
            lambda v: v.standard.get_kind_display(),
            sort="standard__kind",
            cell=lambda v, value: cells.badge(value, KIND_TONES[StandardKind(v.standard.kind)]),
        ),
        Column("number", _("Version"), lambda v: v.number, numeric=True, sort="number"),
        Column(
            "state",
            _("State"),
            lambda v: v.get_state_display(),
            cell=lambda v, value: cells.badge(value, VERSION_TONES[v.state]),
            sort="state",
        ),
        Column("clauses", _("Clauses"), lambda v: v.clauses_count, cell=cells.number, numeric=True),
        Column("certainty", _("Certainty"), certainty_words),
        Column("projects", _("Projects bound"), lambda v: v.projects_count, cell=cells.number, numeric=True),
        Column("issued", _("Issued on"), lambda v: v.issued_on, cell=cells.day, sort="issued_on"),
        Column(
            "owner",
            _("Belongs to"),
            lambda v: v.standard.node.name if v.standard.node else _now("Shipped"),
            shown=False,
        ),
        Column("code", _("Code"), lambda v: v.standard.code, cell=cells.mono, shown=False),
    )
    presets = (
        Preset("all", _("All"), ""),
        Preset("drafts", _("Being written"), "state=draft&state=review"),
        Preset("issued", _("Issued"), "state=issued"),
    )

    def allowed(self) -> None:
        """Whoever may read standards somewhere."""
        require(self.user, VIEW_STANDARDS)

    def rows(self) -> QuerySet[StandardVersion]:
        """Versions with the number of clauses, of those to be compared, and of projects bound today."""
        day = clock.today()
        open_now = Q(bindings__ends_on__isnull=True) | Q(bindings__ends_on__gte=day)
        return versions_visible_to(self.user).annotate(
            clauses_count=Count("clauses", distinct=True),
            unsure=Count("clauses", filter=~Q(clauses__certainty="H"), distinct=True),
            projects_count=Count("bindings__project", filter=open_now, distinct=True),
        )

    def search(self, rows: QuerySet[StandardVersion], text: str) -> QuerySet[StandardVersion]:
        """By name or source."""
        named = Q(standard__name_zh__icontains=text) | Q(standard__name_en__icontains=text)
        return rows.filter(named | Q(standard__source__icontains=text) | Q(standard__code=text))

    def header_actions(self) -> list[Button]:
        """Subjects, duties, and a new standard for those who write."""
        found = [
            Button(_("Statutory duties"), reverse("console:standards:duties"), icon="gavel"),
            Button(_("Subjects"), reverse("console:standards:subjects"), icon="tags"),
        ]
        if has_permission(self.user, EDIT_STANDARDS):
            found.append(
                Button(_("New standard"), reverse("console:standards:new"), icon="plus", tone="primary", drawer=True)
            )
        return found

    def empty(self) -> Empty:
        """The shipped library is loaded with the installation."""
        return Empty(
            _now("No standard yet"), _now("The shipped library is loaded when the product is set up."), icon="book-2"
        )


def nodes_to_write(request: HttpRequest) -> QuerySet[Node]:
    """Where the person may own standards."""
    return nodes_visible_to(user_of(request), EDIT_STANDARDS).order_by("path")


class NamesForm(forms.Form):
    """Names of a standard."""

    code = forms.CharField(label=_("Code"), max_length=60, help_text=_("Small letters, digits and dashes; it stays."))
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120)
    name_en = forms.CharField(label=_("Name (English)"), max_length=120, required=False)
    node: Any = forms.ModelChoiceField(label=_("Belongs to"), queryset=None, empty_label=None)

    def __init__(self, *args: Any, nodes: QuerySet[Node], **kwargs: Any) -> None:
        """Nodes that may own it."""
        super().__init__(*args, **kwargs)
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]
        self.fields["node"].label_from_instance = lambda node: node.name  # type: ignore[attr-defined]


class NewForm(NamesForm):
    """A standard from nothing; its grades one a line."""

    kind = forms.ChoiceField(label=_("Kind"), choices=StandardKind.choices, initial=StandardKind.COMPANY)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)
    grades = forms.CharField(
        label=_("Grades, the best first, one a line"),
        widget=forms.Textarea(attrs={"rows": 3}),
        initial="一级\n二级\n三级",
    )
    layout = (
        Section(_("Names"), "name_zh", "name_en", ("code", "kind")),
        Section(_("Where it comes from"), "source", "node"),
        Section("", "grades"),
    )

    def clean_grades(self) -> list[actions.GradeSpec]:
        """Lines as grades g1, g2, …"""
        labels = [line.strip() for line in self.cleaned_data["grades"].splitlines() if line.strip()]
        return [actions.GradeSpec(f"g{rank}", rank, label) for rank, label in enumerate(labels, start=1)]


class New(FormPage):
    """A company's own standard."""

    title = _("New standard")
    form_class = NewForm
    submit = _("Begin the draft")
    draft = "standards.new"

    def allowed(self) -> None:
        """Only who writes standards somewhere."""
        require(self.user, EDIT_STANDARDS)

    def form_arguments(self) -> dict[str, Any]:
        """Possible owners."""
        return {"nodes": nodes_to_write(self.request)}

    def back(self) -> str:
        """To the library."""
        return reverse("console:standards:list")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Begin it."""
        version = actions.create_standard(by=self.user, **data)
        return self.done(_("The draft was begun: add its clauses."), to=version_url(version))


class Copy(FormPage):
    """A company's own standard that begins as a copy."""

    title = _("Copy as the company's own standard")
    form_class = NamesForm
    submit = _("Copy")

    @cached_property
    def version(self) -> StandardVersion:
        """What is copied."""
        return version_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who writes standards somewhere."""
        require(self.user, EDIT_STANDARDS)

    def form_arguments(self) -> dict[str, Any]:
        """Possible owners."""
        return {"nodes": nodes_to_write(self.request)}

    def initial(self) -> dict[str, Any]:
        """Names close to the original's."""
        standard = self.version.standard
        return {"code": f"{standard.code}-own"[:60], "name_zh": standard.name_zh, "name_en": standard.name_en}

    def back(self) -> str:
        """To the version."""
        return version_url(self.version)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Copy it."""
        version = actions.copy_standard(self.version, by=self.user, **data)
        return self.done(_("The copy is a draft: change what the company does differently."), to=version_url(version))


class RenameForm(forms.Form):
    """Names and source of a standard."""

    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=120)
    name_en = forms.CharField(label=_("Name (English)"), max_length=120, required=False)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)


class Rename(FormPage):
    """Another name or source."""

    title = _("Name and source")
    form_class = RenameForm

    @cached_property
    def standard(self) -> Standard:
        """The standard."""
        return get_object_or_404(standards_visible_to(self.user), pk=self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who writes it."""
        check_edit(self.user, self.standard)

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.standard, name) for name in ("name_zh", "name_en", "source")}

    def back(self) -> str:
        """To the library."""
        return reverse("console:standards:list")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Rename it."""
        actions.change_standard(self.standard, by=self.user, **data)
        return self.done(_("Saved."), to=self.back())


@require_POST
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next version of a standard as a copy of the last."""
    standard = get_object_or_404(standards_visible_to(user_of(request)), pk=pk)
    to = reverse("console:standards:standard_newest", args=[standard.pk])
    return act(
        request,
        lambda: actions.new_version(standard, by=user_of(request)),
        said=_("The next version is a draft now."),
        to=to,
    )
