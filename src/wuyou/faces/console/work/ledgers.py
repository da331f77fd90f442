"""Ledgers of disinfection and refuse: entries are added and corrected by later ones, never changed (spec 03)."""

from collections.abc import Callable
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.domains.registry.models import Place
from wuyou.domains.work import policies
from wuyou.domains.work.actions.ledgers import record_disinfection, record_refuse
from wuyou.domains.work.choices import RefuseSort
from wuyou.domains.work.models import DisinfectionEntry, RefuseEntry
from wuyou.domains.work.queries.day import corrected_ids, place_named, spots_of
from wuyou.domains.work.queries.tasks import disinfections_visible_to, refuse_visible_to
from wuyou.kernel import clock
from wuyou.ui import scope
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Column, ListPage, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter, YesNoFilter
from wuyou.ui.pages import Button, Empty, Tab

MOMENT = "%Y-%m-%dT%H:%M"
MOST_SPOTS = 600


class Spots(forms.TextInput):
    """A text with suggestions: a spot is found by typing part of its name."""

    template_name = "console/work/parts/spots.html"
    spots: Any = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The suggestions beside the text."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{name}-spots"
        return context | {"spots": self.spots}


class SpotField(forms.CharField):
    """A public spot of one project, by name or code."""

    widget = Spots
    project: Project | None = None

    def clean(self, value: Any) -> Place:
        """The spot; raises ValidationError where there is none of that name."""
        found = place_named(self.project, super().clean(value)) if self.project else None
        if found is None:
            raise forms.ValidationError(_("Choose a place from the list."))
        return found


def moment_field(label: Any, *, required: bool = False) -> forms.DateTimeField:
    """A date and time of day."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    formats = [MOMENT, "%Y-%m-%dT%H:%M:%S"]
    return forms.DateTimeField(label=label, required=required, widget=widget, input_formats=formats)


class LedgerForm(forms.Form):
    """An entry at a spot."""

    place = SpotField(label=_("Place"), widget=Spots(attrs={"placeholder": _("Type part of the name")}))
    at = moment_field(_("When"), required=True)

    def __init__(self, *args: Any, project: Project, **kwargs: Any):
        """The spots of one project."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.project = project
        field.widget.spots = spots_of(project)[:MOST_SPOTS]


class DisinfectionForm(LedgerForm):
    """What was used where, how strong, and until when people keep away."""

    layout = (
        Section("", ("place", "at")),
        Section(_("Agent"), ("agent", "concentration_mg_l"), ("batch", "area_m2"), "weather"),
        Section(_("Warning signs"), ("signs_up_at", "signs_down_at"), "reentry_at"),
    )
    agent = forms.CharField(label=_("Agent"), max_length=60)
    concentration_mg_l = forms.DecimalField(label=_("Concentration (mg/L)"), max_digits=9, decimal_places=1)
    batch = forms.CharField(label=_("Batch number"), max_length=40, required=False)
    area_m2 = forms.DecimalField(label=_("Area (m²)"), max_digits=10, decimal_places=2)
    weather = forms.CharField(label=_("Weather"), max_length=40, required=False)
    signs_up_at = moment_field(_("Signs put up"))
    signs_down_at = moment_field(_("Signs removed"))
    reentry_at = moment_field(_("Re-entry from"))


class RefuseForm(LedgerForm):
    """What was collected where."""

    layout = (Section("", ("place", "at"), ("sort", "weight_kg"), ("vehicle", "destination"), "is_overflowing"),)
    sort = forms.ChoiceField(label=_("Kind of refuse"), choices=RefuseSort.choices)
    weight_kg = forms.DecimalField(label=_("Weight (kg)"), max_digits=9, decimal_places=2)
    vehicle = forms.CharField(label=_("Vehicle"), max_length=20, required=False)
    destination = forms.CharField(label=_("Destination"), max_length=80, required=False)
    is_overflowing = forms.BooleanField(label=_("The point was overflowing"), required=False)


class LedgerFilter(django_filters.FilterSet):
    """What both ledgers may be looked for by."""

    at = DateRangeFilter(label=_("When"))


class RefuseFilter(LedgerFilter):
    """And refuse by sort and overflow."""

    sort = ManyFilter(label=_("Kind of refuse"), choices=RefuseSort.choices)
    is_overflowing = YesNoFilter(label=_("Overflowing"))


def place_link(name: str) -> Callable[[Any], str]:
    """The page that corrects an entry."""
    return lambda row: reverse(f"console:work:{name}", args=[row.pk])


def correction(row: Any, _value: object) -> Any:
    """Whether an entry corrects another one."""
    return cells.badge(_("Correction"), "info") if row.corrects_id else cells.BLANK


def last_columns() -> tuple[Column, ...]:
    """The columns both ledgers end with."""
    return (
        Column("by", _("By"), lambda e: e.by_label),
        Column("corrects", _("Correction"), lambda e: e.corrects_id or "", cell=correction),
        Column("project", _("Project"), lambda e: e.project.name, shown=False),
    )


class LedgerList(ListPage):
    """What the two ledgers share."""

    icon = "book"
    filters = LedgerFilter
    new_url = ""
    template_name = "console/work/ledger.html"

    def allowed(self) -> None:
        """Whoever sees tasks somewhere."""
        require(self.user, policies.VIEW_TASKS)

    def header_actions(self) -> list[Button]:
        """Add an entry."""
        if not has_permission(self.user, policies.DO_TASKS):
            return []
        return [Button(_("New entry"), reverse(self.new_url), icon="plus", tone="primary", drawer=True)]

    def context(self) -> dict[str, Any]:
        """The two ledgers as tabs."""
        names = (("ledgers", _("Disinfection")), ("refuse", _("Refuse")))
        here = self.request.path
        urls = [(label, reverse(f"console:work:{name}")) for name, label in names]
        return {"tabs": [Tab(label, url, current=url == here) for label, url in urls]}

    def empty(self) -> Empty:
        """Nothing was entered."""
        text = _now("Entries are added, never changed; a wrong one is corrected by a later one.")
        return Empty(_now("The ledger is empty"), text, self.header_actions(), icon="book")


class Disinfections(LedgerList):
    """The ledger of disinfection."""

    code = "work.disinfection"
    title = _("Ledger of disinfection")
    new_url = "console:work:disinfection-new"
    columns = (
        Column("place", _("Place"), lambda e: e.place.name, sort="place__name", always=True,
               link=place_link("disinfection-correct")),
        Column("at", _("When"), lambda e: e.at, cell=cells.moment, sort="at"),
        Column("agent", _("Agent"), lambda e: e.agent, sort="agent"),
        Column("concentration", _("Concentration (mg/L)"), lambda e: e.concentration_mg_l, numeric=True),
        Column("area", _("Area (m²)"), lambda e: e.area_m2, numeric=True),
        Column("batch", _("Batch number"), lambda e: e.batch, shown=False),
        Column("weather", _("Weather"), lambda e: e.weather, shown=False),
        Column("signs_up", _("Signs put up"), lambda e: e.signs_up_at, cell=cells.moment, shown=False),
        Column("signs_down", _("Signs removed"), lambda e: e.signs_down_at, cell=cells.moment, shown=False),
        Column("reentry", _("Re-entry from"), lambda e: e.reentry_at, cell=cells.moment),
        *last_columns(),
    )  # fmt: skip

    def rows(self) -> QuerySet[DisinfectionEntry]:
        """Of visible projects."""
        return scope.of(self.request).narrow(disinfections_visible_to(self.user))

    def search(self, rows: QuerySet[DisinfectionEntry], text: str) -> QuerySet[DisinfectionEntry]:
        """By place, agent and batch."""
        return rows.filter(Q(place__name__icontains=text) | Q(agent__icontains=text) | Q(batch__icontains=text))


class Refuse(LedgerList):
    """The ledger of refuse."""

    code = "work.refuse"
    title = _("Ledger of refuse")
    new_url = "console:work:refuse-new"
    filters = RefuseFilter
    columns = (
        Column("place", _("Place"), lambda e: e.place.name, sort="place__name", always=True,
               link=place_link("refuse-correct")),
        Column("at", _("When"), lambda e: e.at, cell=cells.moment, sort="at"),
        Column("sort", _("Kind of refuse"), lambda e: e.get_sort_display(), sort="sort"),
        Column("weight", _("Weight (kg)"), lambda e: e.weight_kg, sort="weight_kg", numeric=True),
        Column("vehicle", _("Vehicle"), lambda e: e.vehicle),
        Column("destination", _("Destination"), lambda e: e.destination, shown=False),
        Column("overflow", _("Overflowing"), lambda e: str(_("Yes")) if e.is_overflowing else "",
               cell=lambda v: cells.badge(_("Overflowing"), "bad") if v else cells.BLANK),
        *last_columns(),
    )  # fmt: skip

    def rows(self) -> QuerySet[RefuseEntry]:
        """Of visible projects."""
        return scope.of(self.request).narrow(refuse_visible_to(self.user))

    def search(self, rows: QuerySet[RefuseEntry], text: str) -> QuerySet[RefuseEntry]:
        """By place and vehicle."""
        return rows.filter(Q(place__name__icontains=text) | Q(vehicle__icontains=text))


class EntryPage(FormPage):
    """A form that adds an entry to a ledger."""

    list_name = ""
    record: Callable[..., Any]
    submit: object = _("Add the entry")

    def allowed(self) -> None:
        """Whoever works somewhere."""
        require(self.user, policies.DO_TASKS)

    @cached_property
    def project(self) -> Project:
        """The project looked at, else the first one the person works at."""
        chosen = scope.of(self.request).project
        projects = projects_visible_to(self.user, policies.DO_TASKS).order_by("code")
        found = projects.filter(pk=chosen.pk).first() if chosen else projects.first()
        return found or get_object_or_404(projects, pk=0)

    def back(self) -> str:
        """To the ledger."""
        return reverse(f"console:work:{self.list_name}")

    def initial(self) -> dict[str, Any]:
        """Now."""
        return {"at": clock.local(clock.now())}

    def form_arguments(self) -> dict[str, Any]:
        """Of one project."""
        return {"project": self.project}

    def context(self) -> dict[str, Any]:
        """Says of which project."""
        return {"intro": self.project.name}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add the entry."""
        type(self).record(by=self.user, **data)
        return self.done(_now("Entered."), to=self.back())


class NewDisinfection(EntryPage):
    """A disinfection."""

    title: object = _("Enter a disinfection")
    form_class = DisinfectionForm
    list_name = "ledgers"
    record = staticmethod(record_disinfection)
    draft = "work.disinfection.new"


class NewRefuse(EntryPage):
    """A collection of refuse."""

    title: object = _("Enter a collection of refuse")
    form_class = RefuseForm
    list_name = "refuse"
    record = staticmethod(record_refuse)
    draft = "work.refuse.new"


class Correcting:
    """A later entry that takes the place of a wrong one."""

    rows: Callable[..., QuerySet[Any]]
    title: object = _("Correct an entry")
    submit: object = _("Enter the correction")
    intro: object = _("The wrong entry stays in the ledger; this one refers to it.")
    draft = ""

    @cached_property
    def entry(self) -> Any:
        """The entry that was wrong."""
        return get_object_or_404(type(self).rows(self.user), pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    @cached_property
    def project(self) -> Project:
        """Of the entry."""
        project: Project = self.entry.project
        return project

    def initial(self) -> dict[str, Any]:
        """What was entered."""
        names = self.form_class.base_fields  # type: ignore[attr-defined]
        given = {name: getattr(self.entry, name) for name in names}
        return given | {"place": self.entry.place.name}

    def context(self) -> dict[str, Any]:
        """Says what correcting does, and whether it was done already."""
        is_corrected = self.entry.pk in corrected_ids([self.entry])
        intro = _("This entry has been corrected already: correct the later one.") if is_corrected else self.intro
        return {"intro": intro}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add the correction."""
        return super().act(data | {"corrects": self.entry})  # type: ignore[misc]


class CorrectDisinfection(Correcting, NewDisinfection):
    """Correct a disinfection."""

    rows = staticmethod(disinfections_visible_to)


class CorrectRefuse(Correcting, NewRefuse):
    """Correct a collection."""

    rows = staticmethod(refuse_visible_to)
