"""The table of subjects: what a clause is about → places, devices, activity, team, minutes (spec 03, Layers)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.policies import may, require
from wuyou.domains.standards import actions
from wuyou.domains.standards.models import Subject
from wuyou.domains.standards.policies import VIEW_STANDARDS, check_edit_subjects
from wuyou.domains.standards.queries import subjects
from wuyou.domains.standards.rules.clauses import EVIDENCE, WORKLOAD_UNITS
from wuyou.domains.standards.rules.subjects import SUBJECT_FIELDS, SubjectSpec
from wuyou.domains.work.tables import activity_label
from wuyou.faces.console.work.looks import PROOFS, said
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Button, Column, ListPage, YesNoFilter, cells

UNITS = {
    "place": _("place"),
    "asset": _("device"),
    "100m2": _("100 m²"),
    "project": _("project"),
    "post": _("post"),
    "point": _("point"),
    "person": _("person"),
    "event": _("event"),
    "ticket": _("ticket"),
    "job": _("job"),
}


OTHER_PROOFS = {"survey": _("A survey"), "ticket": _("The ticket itself"), "handover": _("A handover record")}


def proof_name(code: str) -> object:
    """What kind of proof it is."""
    return OTHER_PROOFS.get(code) or (PROOFS[code].label if code in PROOFS else code)


def subject_url(subject: Subject) -> str:
    """The form of a subject."""
    return reverse("console:standards:subject", args=[subject.pk])


def short(value: str) -> Any:
    """A word that is not broken over lines."""
    return format_html('<span class="nowrap">{}</span>', value)


class SubjectFilter(django_filters.FilterSet):
    """Subjects by team and whether the company changed them."""

    team = django_filters.AllValuesFilter(label=_("Team"))
    is_edited = YesNoFilter(label=_("Changed by the company"))


class SubjectList(ListPage):
    """Every subject."""

    code = "standards.subjects"
    title = _("Subjects of clauses")
    sub = _(
        "What joins a clause to places, devices, minutes and proof. Calibrate the minutes: workload follows from them."
    )
    icon = "tags"
    filters = SubjectFilter
    columns = (
        Column("name", _("Subject"), lambda s: said(s.name, s.name_en), link=subject_url, sort="name", always=True),
        Column("activity", _("Activity"), lambda s: activity_label(s.activity), sort="activity"),
        Column("team", _("Team"), lambda s: s.team, cell=short, sort="team"),
        Column(
            "minutes",
            _("Minutes"),
            lambda s: s.minutes_per_unit.normalize(),
            numeric=True,
            sort="minutes_per_unit",
            cell=lambda value: f"{value:f}",
        ),
        Column("unit", _("per"), lambda s: str(UNITS.get(s.unit, s.unit)), sort="unit"),
        Column("places", _("Kinds of place"), lambda s: "、".join(s.matches_place)),
        Column("assets", _("Kinds of device"), lambda s: "、".join(s.matches_asset)),
        Column(
            "evidence",
            _("Proof"),
            lambda s: str(proof_name(s.evidence)),
            cell=short,
        ),
        Column("licence", _("Licence"), lambda s: s.qualification, shown=False),
        Column("check", _("What an inspector checks"), lambda s: s.check_text, shown=False),
        Column(
            "edited",
            _("Changed by the company"),
            lambda s: _now("yes") if s.is_edited else "",
            cell=lambda value: cells.badge(value, "accent") if value else cells.BLANK,
        ),
    )

    def allowed(self) -> None:
        """Whoever may read standards somewhere."""
        require(self.user, VIEW_STANDARDS)

    def rows(self) -> QuerySet[Subject]:
        """All of them."""
        return subjects()

    def search(self, rows: QuerySet[Subject], text: str) -> QuerySet[Subject]:
        """By name or activity."""
        return rows.filter(Q(name__icontains=text) | Q(name_en__icontains=text) | Q(activity__icontains=text))

    def header_actions(self) -> list[Button]:
        """A new one."""
        if not may(check_edit_subjects, self.user):
            return []
        return [
            Button(_("New subject"), reverse("console:standards:subject_new"), icon="plus", tone="primary", drawer=True)
        ]


class WordsField(forms.CharField):
    """Words with commas between, as a list."""

    def prepare_value(self, value: Any) -> Any:
        """A list as words."""
        return "、".join(value) if isinstance(value, (list, tuple)) else value

    def clean(self, value: Any) -> Any:
        """Words as a list."""
        text = super().clean(value).replace("，", "、").replace(",", "、")
        return [word.strip() for word in text.split("、") if word.strip()]


class SubjectForm(forms.Form):
    """A subject."""

    name = forms.CharField(label=_("Name as clauses write it"), max_length=60)
    name_en = forms.CharField(label=_("Name (English)"), max_length=80, required=False)
    matches_place = WordsField(label=_("Kinds of place"), required=False, help_text=_("With commas between."))
    matches_asset = WordsField(label=_("Kinds of device"), required=False, help_text=_("With commas between."))
    activity = forms.CharField(label=_("Activity"), max_length=40)
    team = forms.CharField(label=_("Team"), max_length=40)
    unit = forms.ChoiceField(label=_("per"), choices=[(unit, UNITS[unit]) for unit in WORKLOAD_UNITS])
    minutes_per_unit = forms.DecimalField(label=_("Minutes"), min_value=0, max_digits=8, decimal_places=2)
    qualification = forms.CharField(label=_("Licence"), max_length=60, required=False)
    evidence = forms.ChoiceField(
        label=_("Proof"),
        required=False,
        choices=[(one, proof_name(one)) for one in EVIDENCE],
    )
    check_text = forms.CharField(label=_("What an inspector checks"), max_length=120, required=False)
    deduct_points = forms.DecimalField(label=_("Deduction"), min_value=0, max_digits=6, decimal_places=2, initial=0)
    layout = (
        Section(_("What it is"), ("name", "name_en"), "matches_place", "matches_asset"),
        Section(_("The work"), ("activity", "team"), ("minutes_per_unit", "unit"), ("evidence", "qualification")),
        Section(_("Inspection"), "check_text", "deduct_points"),
    )


class SubjectPage(FormPage):
    """Writing a subject."""

    form_class = SubjectForm

    def allowed(self) -> None:
        """Only who writes standards."""
        check_edit_subjects(self.user)

    def back(self) -> str:
        """To the table."""
        return reverse("console:standards:subjects")


class NewSubject(SubjectPage):
    """One more subject."""

    title = _("New subject")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add it."""
        actions.add_subject(SubjectSpec(**data), by=self.user)
        return self.done(_("The subject was added."), to=self.back())


class EditSubject(SubjectPage):
    """Minutes are calibrated, kinds of place added."""

    title = _("Change the subject")
    intro = _("Plans drafted from now on use it; what the product ships later leaves it alone.")

    @cached_property
    def subject(self) -> Subject:
        """The subject."""
        return get_object_or_404(subjects(), pk=self.kwargs["pk"])

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.subject, name) for name in SUBJECT_FIELDS}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change it."""
        actions.edit_subject(self.subject, SubjectSpec(**data), by=self.user)
        return self.done(_("The subject was changed."), to=self.back())
