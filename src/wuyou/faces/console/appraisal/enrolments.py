"""Who is appraised by what (spec 06)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.actions.enrolments import Subject, end_enrolment, enrol
from wuyou.domains.appraisal.choices import SubjectKind
from wuyou.domains.appraisal.models import Enrolment, Scheme
from wuyou.domains.appraisal.queries.periods import enrolments_visible_to
from wuyou.domains.appraisal.queries.schemes import schemes_in_force
from wuyou.domains.contracts.queries import contracts_visible_to
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.domains.registry.queries.places import teams_visible_to
from wuyou.domains.registry.queries.staff import contractors_visible_to, staff_visible_to
from wuyou.faces.console.offering import offer
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Column, ListPage, cells
from wuyou.ui.lists.filters import ManyFilter

from .entering import DATE


class EnrolmentFilter(django_filters.FilterSet):
    """Enrolments by kind."""

    kind = ManyFilter(label=_("Who is appraised"), choices=SubjectKind.choices)


class EnrolmentList(ListPage):
    """Who is appraised, by which scheme, since when."""

    code = "appraisal.enrolments"
    title = _("Who is appraised")
    icon = "users"
    filters = EnrolmentFilter
    columns = (
        Column("label", _("Appraised"), lambda e: e.label, sort="label", always=True,
               cell=lambda e, v: cells.two_lines(v, e.get_kind_display())),
        Column("scheme", _("Scheme"), lambda e: e.scheme.name_zh, sort="scheme__name_zh"),
        Column("contract", _("Contract"), lambda e: e.contract.code if e.contract else ""),
        Column("klass", _("Class"), lambda e: e.klass, sort="klass"),
        Column("from", _("From"), lambda e: e.starts_on, cell=cells.day, sort="starts_on"),
        Column("to", _("To"), lambda e: e.ends_on, cell=cells.day, sort="ends_on"),
        Column("project", _("Project"), lambda e: e.project.name, sort="project__name"),
        Column("end", _("End"), lambda e: "", cell=lambda e, v: "" if e.ends_on else cells.link(_("End"), end_url(e))),
    )  # fmt: skip

    def rows(self) -> QuerySet[Enrolment]:
        """Visible ones of the project looked at."""
        return scope.of(self.request).narrow(enrolments_visible_to(self.user))


def end_url(row: Enrolment) -> str:
    """The form that ends it."""
    return reverse("console:appraisal:enrolment_end", args=[row.pk])


class EnrolForm(forms.Form):
    """Who, by which scheme, from when."""

    project: Any = forms.ModelChoiceField(label=_("Project"), queryset=None, empty_label=None)
    scheme: Any = forms.ModelChoiceField(label=_("Scheme"), queryset=None, empty_label=None)
    contractor: Any = forms.ModelChoiceField(label=_("Contractor"), queryset=None, required=False)
    team: Any = forms.ModelChoiceField(label=_("Team"), queryset=None, required=False)
    staff: Any = forms.ModelChoiceField(label=_("Person"), queryset=None, required=False)
    contract: Any = forms.ModelChoiceField(
        label=_("Contract"),
        queryset=None,
        required=False,
        help_text=_("Its bond and fee are what money is a share of."),
    )
    klass = forms.CharField(
        label=_("Class of comparable ones"), max_length=40, required=False,
        help_text=_("Last places are looked for within a class; the kind of the project where this is empty."),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("From"), widget=DATE)
    layout = (Section("", "project", "scheme", "starts_on"), Section(_("Who"), "contractor", "team", "staff"),
              Section(_("Money and class"), "contract", "klass"))  # fmt: skip

    def __init__(self, *args: Any, choices: dict[str, Any], **kwargs: Any) -> None:
        """Offer what the person may see."""
        super().__init__(*args, **kwargs)
        offer(self, **choices)


class Enrol(FormPage):
    """Put somebody under a scheme."""

    title = _("Appraise somebody")
    form_class = EnrolForm
    submit = _("Begin")

    def allowed(self) -> None:
        """Only who appraises somewhere."""
        if not has_permission(self.user, policies.right_to_appraise("project")):
            require(self.user, policies.right_to_appraise("person"))

    def form_arguments(self) -> dict[str, Any]:
        """Projects where the person appraises, and what is there."""
        projects = projects_visible_to(self.user, policies.right_to_appraise("project"))
        projects |= projects_visible_to(self.user, policies.right_to_appraise("person"))
        return {
            "choices": {
                "project": projects.distinct().order_by("code"),
                "scheme": schemes_in_force(),
                "contractor": contractors_visible_to(self.user),
                "team": teams_visible_to(self.user),
                "staff": staff_visible_to(self.user).filter(left_on__isnull=True),
                "contract": contracts_visible_to(self.user),
            }
        }

    def initial(self) -> dict[str, Any]:
        """The project looked at, from the first of this month."""
        return {"project": scope.of(self.request).project, "starts_on": clock.today().replace(day=1)}

    def back(self) -> str:
        """To the list."""
        return reverse("console:appraisal:enrolments")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Enrol."""
        subject = Subject(**{name: data[name] for name in ("contractor", "team", "staff", "contract", "klass")})
        scheme: Scheme = data["scheme"]
        enrol(data["project"], scheme=scheme, subject=subject, starts_on=data["starts_on"], by=self.user)
        return self.done(_("The appraisal begins."), to=self.back())


class EndForm(forms.Form):
    """The last day that counts."""

    on = forms.DateField(label=_("Last day"), widget=DATE)


class EndEnrolment(FormPage):
    """End an enrolment."""

    title = _("End the appraisal")
    form_class = EndForm
    submit = _("End")

    @cached_property
    def row(self) -> Enrolment:
        """The enrolment."""
        return get_object_or_404(enrolments_visible_to(self.user), pk=self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who appraises here."""
        policies.check_enrol(self.user, self.row.project, self.row.kind)

    def back(self) -> str:
        """To the list."""
        return reverse("console:appraisal:enrolments")

    def context(self) -> dict[str, Any]:
        """Whose."""
        return {"intro": self.row.label}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """End it."""
        end_enrolment(self.row, on=data["on"], by=self.user)
        return self.done(_("The appraisal ends with that day."), to=self.back())
