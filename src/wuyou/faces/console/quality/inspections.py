"""Inspections: the list, what I have to inspect, and beginning one (spec 05, 11)."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission
from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.choices import InspectionState, Level
from wuyou.domains.quality.models import Inspection
from wuyou.domains.quality.policies.inspections import SELF_CHECKS
from wuyou.domains.quality.policies.rights import INSPECT
from wuyou.domains.quality.queries import inspections as queries
from wuyou.domains.quality.queries.campaigns import my_targets, targets_visible_to
from wuyou.domains.quality.queries.inspectors import under_way_by
from wuyou.domains.registry.models import Place
from wuyou.domains.sheets.models import SheetVersion
from wuyou.faces.console.acting import act
from wuyou.faces.console.work.looks import said
from wuyou.ui import scope
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import Button, Column, Empty, ListPage, Preset, YesNoFilter, cells
from wuyou.ui.lists.filters import DateRangeFilter, ManyFilter
from wuyou.ui.visitor import user_of

from .inspection_looks import TONES, fill_url, inspection_url, score_tone, sheet_of


class InspectionFilter(django_filters.FilterSet):
    """What inspections may be looked for by."""

    state = ManyFilter(label=_("State"), choices=InspectionState.choices)
    level = ManyFilter(label=_("Level"), choices=Level.choices)
    vetoed = YesNoFilter(label=_("Red line crossed"), field_name="is_vetoed")
    mine = YesNoFilter(label=_("Made by me"), method="by_mine")
    day = DateRangeFilter(label=_("Day"))
    campaign = django_filters.NumberFilter(field_name="campaign_id", widget=forms.HiddenInput)
    inspector = django_filters.NumberFilter(field_name="inspector_id", widget=forms.HiddenInput)

    def by_mine(self, rows: QuerySet[Inspection], _name: str, value: Any) -> QuerySet[Inspection]:
        """Those of whoever looks, or of the others."""
        own = Q(inspector=user_of(self.request))
        return rows.filter(own) if value else rows.exclude(own)


COLUMNS = (
    Column("number", _("Number"), lambda i: i.number, cell=cells.mono, link=inspection_url, sort="number", always=True),
    Column("project", _("Project"), lambda i: i.project.name, sort="project__name"),
    Column("sheet", _("Check sheet"), sheet_of),
    Column("level", _("Level"), lambda i: i.get_level_display(), sort="level"),
    Column("day", _("Day"), lambda i: i.day, cell=cells.day, sort="day"),
    Column("inspector", _("Inspector"), lambda i: str(i.inspector)),
    Column("state", _("State"), lambda i: i.get_state_display(), sort="state",
           cell=lambda i, v: cells.badge(v, TONES[i.state])),
    Column("score", _("Score"), lambda i: i.score, numeric=True, sort="score",
           cell=lambda i, v: cells.badge(v, score_tone(i)) if v is not None else ""),
    Column("second", _("Second inspection"), lambda i: i.second_of.number if i.second_of else "", shown=False),
    Column("campaign", _("Campaign"), lambda i: str(i.campaign or ""), shown=False),
    Column("place", _("Where"), lambda i: str(i.place or ""), shown=False),
)  # fmt: skip


class InspectionList(ListPage):
    """Inspections, the newest first."""

    code = "quality.inspections"
    title = _("Inspections")
    icon = "clipboard-check"
    columns = COLUMNS
    filters = InspectionFilter
    presets = (
        Preset("all", _("All"), ""),
        Preset("under_way", _("Under way"), "state=under_way"),
        Preset("submitted", _("To be published"), "state=submitted"),
        Preset("published", _("Published"), "state=published"),
        Preset("mine", _("Made by me"), "mine=true"),
    )

    def rows(self) -> QuerySet[Inspection]:
        """Visible inspections of the project looked at."""
        rows = queries.for_list(queries.inspections_visible_to(self.user)).select_related("second_of")
        return scope.of(self.request).narrow(rows)

    def search(self, rows: QuerySet[Inspection], text: str) -> QuerySet[Inspection]:
        """By number, project, sheet or inspector."""
        sheets = Q(sheet_version__sheet__name_zh__icontains=text) | Q(sheet_version__sheet__name_en__icontains=text)
        named = Q(number__icontains=text) | Q(project__name__icontains=text)
        return rows.filter(named | sheets | Q(inspector__full_name__icontains=text))

    def header_actions(self) -> list[Button]:
        """Own ones, and a self-check."""
        buttons = [Button(_("My inspections"), reverse("console:quality:inspect_mine"), icon="clipboard-text")]
        if has_permission(self.user, INSPECT):
            new = reverse("console:quality:self_check")
            buttons.append(Button(_("Self-check"), new, icon="plus", tone="primary", drawer=True))
        return buttons

    def empty(self) -> Empty:
        """They come from campaigns and self-checks."""
        text = _now("Inspections are made for campaigns, or as self-checks of a project.")
        return Empty(_now("No inspections"), text, icon="clipboard-check")


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I have begun, and what campaigns want me to inspect."""
    user = user_of(request)
    under_way = queries.for_list(queries.inspections_visible_to(user)).filter(
        pk__in=[row.pk for row in under_way_by(user)]
    )
    rows = list(under_way)
    begun = {row.target_id for row in rows}
    targets = [one for one in my_targets(user).select_related("campaign__sheet_version__sheet") if one.pk not in begun]
    context = {
        "under_way": [
            {"row": row, "url": fill_url(row), "sheet": sheet_of(row), "second": row.second_of_id is not None}
            for row in rows
        ],
        "targets": [
            {"row": one, "sheet": said(*_names(one.campaign.sheet_version)), "is_begun": one.state == "under_way"}
            for one in targets
        ],
        "may_check": has_permission(user, INSPECT),
    }
    return render(request, "console/quality/inspect_mine.html", context)


def _names(version: SheetVersion) -> tuple[str, str]:
    return version.sheet.name_zh, version.sheet.name_en


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin what a campaign owes."""
    user = user_of(request)
    rows = targets_visible_to(user).select_related("campaign__sheet_version", "campaign__node", "project__node")
    target = get_object_or_404(rows, pk=pk)
    made: list[Inspection] = []
    answer = act(
        request,
        lambda: made.append(actions.start_inspection(target, by=user)),
        said=_("The inspection is under way."),
        to=reverse("console:quality:inspect_mine"),
    )
    if made:
        answer["Location"] = fill_url(made[0])
    return answer


class SelfCheckForm(forms.Form):
    """Which project, with which sheet, where."""

    project: Any = forms.ModelChoiceField(label=_("Project"), queryset=None, empty_label=None)
    sheet_version: Any = forms.ModelChoiceField(label=_("Check sheet"), queryset=None, empty_label=None)
    level = forms.ChoiceField(
        label=_("Level"), choices=[(code, Level(code).label) for code in SELF_CHECKS], initial=Level.PROJECT,
        widget=forms.RadioSelect,
    )  # fmt: skip
    place: Any = forms.ModelChoiceField(label=_("Only this place"), queryset=None, required=False)

    def __init__(self, *args: Any, projects: Any, sheets: Any, places: QuerySet[Place], **kwargs: Any) -> None:
        """What may be chosen."""
        super().__init__(*args, **kwargs)
        given: dict[str, Any] = {"project": projects, "sheet_version": sheets, "place": places}
        for name, rows in given.items():
            field: Any = self.fields[name]
            field.queryset = rows
        sheet_field: Any = self.fields["sheet_version"]
        sheet_field.label_from_instance = lambda version: said(*_names(version))


class SelfCheck(FormPage):
    """A project or team checks itself."""

    title = _("Self-check")
    form_class = SelfCheckForm
    submit = _("Begin")
    is_touch = True

    def allowed(self) -> None:
        """Whoever inspects somewhere; where exactly is asked by the action."""
        require(self.user, INSPECT)

    @cached_property
    def projects(self) -> QuerySet[Project]:
        """Where the person may inspect, the project looked at alone if it is one of them."""
        rows = queries.self_check_projects(self.user)
        chosen = scope.of(self.request).project
        return rows.filter(pk=chosen.pk) if chosen and rows.filter(pk=chosen.pk).exists() else rows

    def form_arguments(self) -> dict[str, Any]:
        """Sheets and places of the project looked at; where it is none, the sheets everybody has."""
        project = get_object_or_404(self.projects[:1])
        places = queries.places_of(project)
        is_one = scope.of(self.request).project == project
        return {
            "projects": self.projects,
            "sheets": queries.self_check_sheets(project),
            "places": places if is_one else places.none(),
        }

    def initial(self) -> dict[str, Any]:
        """The first project."""
        return {"project": self.projects.first()}

    def back(self) -> str:
        """To the list."""
        return reverse("console:quality:inspections")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Begin it and go to its first section."""
        project = data.pop("project")
        inspection = actions.start_inspection(project, by=self.user, **data)
        return self.done(_("The inspection is under way."), to=fill_url(inspection))
