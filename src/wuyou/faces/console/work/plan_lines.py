"""Lines of a plan: the list, one line with the clauses it proves, changes by hand, lines without a clause (spec 03)."""

from decimal import Decimal
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

from wuyou.domains.assets.queries import assets_visible_to
from wuyou.domains.org.policies import may
from wuyou.domains.registry.queries import places_visible_to, staff_present
from wuyou.domains.work.actions.editing import add_custom_line, override_line, remove_custom_line
from wuyou.domains.work.choices import Layer, PlanState
from wuyou.domains.work.models import Plan, PlanLine
from wuyou.domains.work.policies import check_edit_plan
from wuyou.domains.work.queries.plan import covers_of, lines_visible_to, next_times, teams_of
from wuyou.domains.work.tables import activities, activity_label
from wuyou.faces.console.acting import act
from wuyou.faces.console.standards.words import cadence_words, requirement, standard_name
from wuyou.kernel.errors import Invalid
from wuyou.ui.forms import FormPage, Section
from wuyou.ui.lists import Column, Empty, ListPage, Preset, YesNoFilter, cells
from wuyou.ui.visitor import user_of

from .looks import PROOFS
from .plan_looks import LAYER_TONES, plan_for, plan_head

CADENCE_HELP = _("For example 2/1 d (twice a day), 1/1 w, 1/1 m, 1/6 m, 1/2 d.")


def line_for(request: HttpRequest, pk: int) -> PlanLine:
    """A line the person may see; 404 for any other."""
    rows = lines_visible_to(user_of(request)).select_related(
        "plan__project", "place", "asset", "zone", "team", "assignee", "clause", "project"
    )
    return get_object_or_404(rows, pk=pk)


def line_url(line: PlanLine) -> str:
    """A line's page."""
    return reverse("console:work:plan_line", args=[line.pk])


class LineFilter(django_filters.FilterSet):
    """Lines by layer, activity, zone, team, person, clause."""

    layer = django_filters.ChoiceFilter(label=_("Layer"), choices=Layer.choices)
    activity = django_filters.ChoiceFilter(label=_("Activity"), choices=[])
    zone = django_filters.ChoiceFilter(label=_("Zone"), field_name="zone_id", choices=[])
    team = django_filters.ChoiceFilter(label=_("Team"), field_name="team_id", choices=[])
    nobody = YesNoFilter(label=_("Nobody named"), field_name="assignee", lookup_expr="isnull")
    by_hand = YesNoFilter(label=_("Changed by hand"), method="by_changed")
    custom = YesNoFilter(label=_("Without a clause"), field_name="is_custom")
    clause = django_filters.NumberFilter(label=_("Clause"), method="by_clause", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Choices are what occurs in the plan."""
        super().__init__(*args, **kwargs)
        codes = self.queryset.order_by("activity").values_list("activity", flat=True).distinct()
        self.filters["activity"].extra["choices"] = [(code, activity_label(code)) for code in codes]
        for name in ("zone", "team"):
            used = self.queryset.filter(**{f"{name}__isnull": False}).order_by(f"{name}__name")
            self.filters[name].extra["choices"] = list(used.values_list(f"{name}_id", f"{name}__name").distinct())

    def by_changed(self, rows: QuerySet[PlanLine], _name: str, value: Any) -> QuerySet[PlanLine]:
        """Lines whose reason for a change is written, or not."""
        return rows.exclude(override_reason="") if value else rows.filter(override_reason="")

    def by_clause(self, rows: QuerySet[PlanLine], _name: str, value: Any) -> QuerySet[PlanLine]:
        """Lines that prove a clause, leading or covered."""
        return rows.filter(proofs__clause_id=value)


def cadence_cell(line: PlanLine, value: str) -> Any:
    """The frequency in words; a mark where it was changed by hand."""
    if "cadence" in line.overrides:
        return cells.two_lines(value, _now("changed by hand"))
    return value


COLUMNS = (
    Column("title", _("What"), lambda line: line.title, link=line_url, sort="title", always=True),
    Column("cadence", _("Frequency"), lambda line: cadence_words(line.cadence), cell=cadence_cell, sort="per_year"),
    Column(
        "per_year",
        _("Times a year"),
        lambda line: line.per_year.normalize(),
        numeric=True,
        sort="per_year",
        cell=lambda value: f"{value:,f}",
        shown=False,
    ),
    Column("minutes", _("Minutes"), lambda line: line.minutes, numeric=True, sort="minutes"),
    Column("zone", _("Zone"), lambda line: line.zone.name if line.zone else "", sort="zone__name"),
    Column("team", _("Team"), lambda line: line.team.name if line.team else "", sort="team__name"),
    Column("person", _("Person"), lambda line: line.assignee.name if line.assignee else "", sort="assignee__name"),
    Column(
        "layer",
        _("Layer"),
        lambda line: line.get_layer_display() if line.layer else _now("Without a clause"),
        cell=lambda line, value: cells.badge(value, LAYER_TONES[Layer(line.layer)] if line.layer else "muted"),
        sort="layer",
    ),
    Column("clause", _("Clause"), lambda line: line.clause.code if line.clause else "", sort="clause__code"),
    Column("activity", _("Activity"), lambda line: activity_label(line.activity), sort="activity", shown=False),
    Column("evidence", _("Proof"), lambda line: str(PROOFS.get(line.evidence, PROOFS[""]).label), shown=False),
    Column("licence", _("Licence"), lambda line: line.qualification, shown=False),
    Column("reason", _("Why it was changed"), lambda line: line.override_reason, shown=False),
)


class LineList(ListPage):
    """The lines of one plan."""

    code = "work.plan_lines"
    title = _("Lines")
    icon = "list"
    template_name = "console/work/plan_lines.html"
    columns = COLUMNS
    filters = LineFilter
    search_label = _("Search activity or place")
    presets = (
        Preset("all", _("All"), ""),
        Preset("nobody", _("Nobody named"), "nobody=true"),
        Preset("hand", _("Changed by hand"), "by_hand=true"),
        Preset("custom", _("Without a clause"), "custom=true"),
    )

    @cached_property
    def plan(self) -> Plan:
        """The plan."""
        return plan_for(self.request, self.kwargs["pk"])

    def rows(self) -> QuerySet[PlanLine]:
        """The plan's lines."""
        return lines_visible_to(self.user).filter(plan=self.plan)

    def search(self, rows: QuerySet[PlanLine], text: str) -> QuerySet[PlanLine]:
        """By what and where."""
        return rows.filter(Q(title__icontains=text) | Q(place__code=text) | Q(asset__code=text))

    def context(self) -> dict[str, Any]:
        """The plan's head."""
        can = self.plan.state == PlanState.DRAFT and may(check_edit_plan, self.user, self.plan.project)
        return plan_head(self.request, self.plan, "plan_lines") | {"can_edit": can}

    def empty(self) -> Empty:
        """A plan without lines."""
        return Empty(_now("No line"), _now("No clause in force finds a place or device here."), icon="list")


@require_GET
def line_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: what, where, how often, who, and every clause it proves."""
    line = line_for(request, pk)
    is_draft = line.plan.state == PlanState.DRAFT and may(check_edit_plan, user_of(request), line.project)
    context = {
        "line": line,
        "title": line.title,
        "back": reverse("console:work:plan_lines", args=[line.plan_id]),
        "cadence": cadence_words(line.cadence),
        "proof": PROOFS.get(line.evidence, PROOFS[""]).label,
        "activity": activity_label(line.activity),
        "proofs": [
            (
                row,
                requirement(row.clause),
                standard_name(row.clause.version.standard),
                cadence_words(row.cadence),
                LAYER_TONES[Layer(row.layer)],
            )
            for row in covers_of(line)
        ],
        "times": next_times(line),
        "overrides": _overrides(line),
        "can_edit": is_draft,
        "hours": (line.minutes * line.per_year / 60).quantize(Decimal("0.1")),
    }
    return render(request, "console/work/plan_line.html", context)


def _overrides(line: PlanLine) -> list[tuple[object, object]]:
    names = {"cadence": _("Frequency"), "minutes": _("Minutes"), "team_id": _("Team"), "assignee_id": _("Person")}
    found: list[tuple[object, object]] = []
    for name, value in line.overrides.items():
        said = cadence_words(value) if name == "cadence" else value if name == "minutes" else _now("another")
        found.append((names.get(name, name), said))
    return found


class OverrideForm(forms.Form):
    """What may be changed by hand."""

    cadence = forms.CharField(label=_("Frequency"), max_length=160, help_text=CADENCE_HELP)
    minutes = forms.DecimalField(label=_("Minutes of one time"), max_digits=8, decimal_places=1, min_value=0)
    team: Any = forms.ModelChoiceField(label=_("Team"), queryset=None, required=False)
    assignee: Any = forms.ModelChoiceField(
        label=_("Person"), queryset=None, required=False, empty_label=_("Nobody yet")
    )
    reason = forms.CharField(label=_("Why is it changed?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    layout = (Section("", "cadence", ("minutes", "team"), "assignee", "reason"),)

    def __init__(self, *args: Any, line: PlanLine, teams: Any, staff: Any, **kwargs: Any) -> None:
        """Teams and people of the line's project; what happens only on occasion has no frequency to change."""
        super().__init__(*args, **kwargs)
        self.line = line
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["assignee"].queryset = staff  # type: ignore[attr-defined]
        if line.is_triggered:
            self.fields["cadence"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Keep the reason and what differs from the line; nothing different is an error."""
        given = super().clean() or {}
        names = [name for name in ("cadence", "minutes", "assignee", "team") if name in given]
        changes = {name: given[name] for name in names if given[name] != getattr(self.line, name)}
        if "team" in changes and changes["team"] is None:
            del changes["team"]
        if not changes and not self.errors:
            raise forms.ValidationError(_("Nothing was changed."))
        return {"reason": given.get("reason", ""), "changes": changes}


class ChangeLine(FormPage):
    """A draft's line is changed by hand, with a reason."""

    title = _("Change the line")
    form_class = OverrideForm
    intro = _("Never looser than the clauses ask. What the plan said stays visible.")

    @cached_property
    def line(self) -> PlanLine:
        """The line."""
        return line_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who drafts plans here."""
        check_edit_plan(self.user, self.line.project)

    def form_arguments(self) -> dict[str, Any]:
        """The line, the teams and the people."""
        project = self.line.project
        teams = teams_of(project)
        return {"line": self.line, "teams": teams, "staff": staff_present(project)}

    def initial(self) -> dict[str, Any]:
        """The line as it is."""
        line = self.line
        return {"cadence": line.cadence, "minutes": line.minutes, "team": line.team, "assignee": line.assignee}

    def back(self) -> str:
        """To the line."""
        return line_url(self.line)

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Change what differs."""
        override_line(self.line, reason=data["reason"], by=self.user, **data["changes"])
        return self.done(_("The line was changed."), to=line_url(self.line))


class CustomForm(forms.Form):
    """A line no clause asks for."""

    title = forms.CharField(label=_("What is done, and where"), max_length=200)
    activity = forms.ChoiceField(label=_("Activity"), choices=[])
    cadence = forms.CharField(label=_("Frequency"), max_length=160, help_text=CADENCE_HELP)
    minutes = forms.DecimalField(label=_("Minutes of one time"), max_digits=8, decimal_places=1, min_value=0)
    team: Any = forms.ModelChoiceField(label=_("Team"), queryset=None)
    assignee: Any = forms.ModelChoiceField(
        label=_("Person"), queryset=None, required=False, empty_label=_("Nobody yet")
    )
    place_code = forms.CharField(label=_("Code of the place"), max_length=60, required=False)
    asset_code = forms.CharField(label=_("Code of the device"), max_length=60, required=False)
    evidence = forms.ChoiceField(
        label=_("Proof"), choices=[(code, look.label) for code, look in PROOFS.items()], required=False, initial="photo"
    )
    anchor = forms.DateField(label=_("Count from"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    layout = (
        Section(_("What"), "title", ("activity", "evidence")),
        Section(_("Where"), ("place_code", "asset_code")),
        Section(_("How often and who"), ("cadence", "anchor"), ("minutes", "team"), "assignee"),
    )

    def __init__(self, *args: Any, teams: Any, staff: Any, **kwargs: Any) -> None:
        """Teams and people of the project."""
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        self.fields["assignee"].queryset = staff  # type: ignore[attr-defined]
        self.fields["activity"].choices = [(code, row.label) for code, row in activities().items()]  # type: ignore[attr-defined]


class NewLine(FormPage):
    """Maintenance by the maker's book, visits, training: a line without a clause."""

    title = _("A line without a clause")
    form_class = CustomForm
    submit = _("Add the line")

    @cached_property
    def plan(self) -> Plan:
        """The plan."""
        return plan_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """Only who drafts plans here."""
        check_edit_plan(self.user, self.plan.project)

    def form_arguments(self) -> dict[str, Any]:
        """Teams and people of the project."""
        project = self.plan.project
        return {"teams": teams_of(project), "staff": staff_present(project)}

    def back(self) -> str:
        """To the lines."""
        return reverse("console:work:plan_lines", args=[self.plan.pk])

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Add the line."""
        place = self._by_code(places_visible_to(self.user), "place_code", data.pop("place_code"))
        asset = self._by_code(assets_visible_to(self.user), "asset_code", data.pop("asset_code"))
        line = add_custom_line(self.plan, by=self.user, place=place, asset=asset, **data)
        return self.done(_("The line was added."), to=line_url(line))

    def _by_code(self, rows: Any, field: str, code: str) -> Any:
        if not code.strip():
            return None
        found = rows.filter(project=self.plan.project, code=code.strip()).first()
        if found is None:
            raise Invalid(fields={field: _("There is nothing of this code here.")})
        return found


@require_POST
def remove_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a line without a clause out of a draft."""
    line = line_for(request, pk)
    to = reverse("console:work:plan_lines", args=[line.plan_id])
    return act(request, lambda: remove_custom_line(line, by=user_of(request)), said=_("The line was removed."), to=to)
