"""Plans of projects: their versions, what they cover, their way to publication (spec 03, Plan)."""

import datetime as dt
from collections import Counter
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.models import Project
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission, projects_visible_to
from wuyou.domains.work.actions.drafting import draft_plan
from wuyou.domains.work.actions.plan import discard_plan, publish_plan, send_back_plan, submit_plan
from wuyou.domains.work.choices import GapReason, Layer, PlanState
from wuyou.domains.work.models import Plan
from wuyou.domains.work.policies import EDIT_PLAN, VIEW_PLAN
from wuyou.domains.work.queries.changes import plan_changes
from wuyou.domains.work.queries.plan import (
    ClauseCoverage,
    coverage,
    plan_in_force,
    plan_in_preparation,
    plans_visible_to,
)
from wuyou.domains.work.tables import activity_label
from wuyou.faces.console.acting import act
from wuyou.faces.console.standards.words import cadence_words, requirement
from wuyou.kernel import clock
from wuyou.kernel.errors import Missing
from wuyou.ui import scope
from wuyou.ui.forms import FormPage
from wuyou.ui.lists import Column, Empty, ListPage, Preset, cells
from wuyou.ui.lists.filters import ManyFilter
from wuyou.ui.pages import Button
from wuyou.ui.visitor import user_of

from .plan_looks import CALM, LAYER_TONES, PLAN_TONES, plan_for, plan_head

MOST_CHANGES = 200
MOST_OPEN = 12


class PlanFilter(django_filters.FilterSet):
    """Plans by state."""

    state = ManyFilter(label=_("State"), choices=PlanState.choices)


def plan_url(plan: Plan) -> str:
    """A plan's first page."""
    return reverse("console:work:plan_version", args=[plan.pk])


class PlanList(ListPage):
    """Every version of every plan in view."""

    code = "work.plans"
    title = _("Plans")
    sub = _("What has to be done, derived from every standard a project is bound to.")
    icon = "calendar-event"
    template_name = "console/work/plans.html"
    filters = PlanFilter
    columns = (
        Column(
            "plan", _("Plan"), lambda p: _now("Version %(number)s") % {"number": p.number}, always=True, link=plan_url
        ),
        Column("project", _("Project"), lambda p: p.project.name, sort="project__name"),
        Column(
            "state",
            _("State"),
            lambda p: p.get_state_display(),
            sort="state",
            cell=lambda p, v: cells.badge(v, PLAN_TONES[PlanState(p.state)]),
        ),
        Column("from", _("From"), lambda p: p.effective_from, cell=cells.day, sort="effective_from"),
        Column("to", _("To"), lambda p: p.effective_to, cell=cells.day, sort="effective_to"),
        Column("lines", _("Lines"), lambda p: p.lines_count, cell=cells.number, numeric=True),
        Column("drafted", _("Drafted"), lambda p: p.drafted_at, cell=cells.moment, sort="drafted_at", shown=False),
        Column("drafted_by", _("Drafted by"), lambda p: p.drafted_by, shown=False),
        Column("published_by", _("Published by"), lambda p: p.published_by),
    )
    presets = (
        Preset("now", _("In force or in preparation"), "state=draft&state=review&state=published"),
        Preset("all", _("All"), ""),
    )

    def allowed(self) -> None:
        """Whoever may see plans somewhere."""
        require(self.user, VIEW_PLAN)

    def rows(self) -> QuerySet[Plan]:
        """Plans in view with the number of their lines."""
        return scope.of(self.request).narrow(plans_visible_to(self.user)).annotate(lines_count=Count("lines"))

    def context(self) -> dict[str, Any]:
        """Whether the project looked at can be planned."""
        project = scope.of(self.request).project
        can = project is not None and has_permission(self.user, EDIT_PLAN, project.node)
        return {"project": project, "can_draft": can}

    def header_actions(self) -> list[Button]:
        """To what plans follow from."""
        return [Button(_("Standards bound"), reverse("console:work:bindings"), icon="link")]

    def empty(self) -> Empty:
        """Bind first."""
        return Empty(
            _now("No plan yet"),
            _now("Bind the project to a standard; the plan then follows from its clauses, places and equipment."),
            [Button(_now("Bind a standard"), reverse("console:work:bindings"), icon="link", tone="primary")],
            icon="calendar-event",
        )


@require_POST
def draft(request: HttpRequest, project: int) -> HttpResponse:
    """Draft the next plan of a project."""
    found = get_object_or_404(projects_visible_to(user_of(request), VIEW_PLAN), pk=project)
    to = reverse("console:work:plan_of", args=[found.pk])
    said = _("The plan was drafted: check what it covers.")
    return act(request, lambda: draft_plan(found, by=user_of(request)), said=said, to=to)


@require_GET
def of_project(request: HttpRequest, project: int) -> HttpResponse:
    """The plan being prepared at a project, else the one in force, else the list."""
    found = get_object_or_404(projects_visible_to(user_of(request), VIEW_PLAN), pk=project)
    plan = plan_in_preparation(found) or plan_in_force(found)
    return redirect(plan_url(plan) if plan else reverse("console:work:plan"))


STEPS = {
    "submit": (submit_plan, _("The plan waits for review.")),
    "discard": (discard_plan, _("The draft was laid aside.")),
}


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Submit or discard a draft."""
    plan = plan_for(request, pk)
    if name not in STEPS:
        raise Missing(_("There is no such step."))
    action, said = STEPS[name]
    return act(request, lambda: action(plan, by=user_of(request)), said=said, to=plan_url(plan))


class RemarkForm(forms.Form):
    """Why a plan goes back."""

    remark = forms.CharField(label=_("What must be changed?"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class PlanForm(FormPage):
    """A form about a plan."""

    @property
    def plan(self) -> Plan:
        """The plan."""
        return plan_for(self.request, self.kwargs["pk"])

    def allowed(self) -> None:
        """404 for a plan the person does not see."""
        self.plan  # noqa: B018 - looked up for its refusal

    def back(self) -> str:
        """To the plan."""
        return reverse("console:work:plan_version", args=[self.kwargs["pk"]])


class SendBack(PlanForm):
    """A reviewed plan goes back to whoever drafted it."""

    title = _("Send the plan back")
    form_class = RemarkForm
    submit = _("Send back")

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Give it back with the remark."""
        plan = send_back_plan(self.plan, remark=data["remark"], by=self.user)
        return self.done(_("The plan was sent back."), to=plan_url(plan))


class PublishForm(forms.Form):
    """From which day a plan counts."""

    effective_from = forms.DateField(label=_("In force from"), widget=forms.DateInput(attrs={"type": "date"}))


class Publish(PlanForm):
    """A reviewed plan is put in force."""

    title = _("Publish the plan")
    form_class = PublishForm
    submit = _("Publish")
    intro = _("Only the future changes: tasks that open before this day stay as they are.")

    def initial(self) -> dict[str, Any]:
        """The first day it may begin."""
        days = 1 if plan_in_force(self.plan.project) else 0
        return {"effective_from": clock.today() + dt.timedelta(days=days)}

    def act(self, data: dict[str, Any]) -> HttpResponse:
        """Publish it; tasks are made in the background."""
        plan = publish_plan(self.plan, effective_from=data["effective_from"], by=self.user)
        return self.done(_("The plan was published; its tasks are being made."), to=plan_url(plan))


# --- coverage


@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """What the plan proves and what it leaves open."""
    plan = plan_for(request, pk)
    found = coverage(plan)
    open_only = request.GET.get("show") == "open"
    rows = [row for row in found.clauses if not open_only or _is_open(row)]
    context = plan_head(request, plan, "plan_version") | {
        "layers": _by_layer(rows, plan),
        "is_open_only": open_only,
        "clauses": len(found.clauses),
        "proven": sum(row.has_lines for row in found.clauses),
        "open": sum(_is_open(row) for row in found.clauses),
        "reasons": _reasons(found.clauses),
        "lines": plan.lines.count(),
        "places": found.places.count(),
        "assets": found.assets.count(),
        "some_places": [(place.name, place.category) for place in found.places[:MOST_OPEN]],
        "some_assets": [(asset.name, asset.category) for asset in found.assets[:MOST_OPEN]],
    }
    return render(request, "console/work/plan_coverage.html", context)


def _is_open(row: ClauseCoverage) -> bool:
    return any(gap.why not in CALM for gap in row.gaps) or (not row.has_lines and not row.gaps)


def _reasons(rows: tuple[ClauseCoverage, ...]) -> list[tuple[object, int, str]]:
    counts = Counter(gap.why for row in rows for gap in row.gaps)
    return [(GapReason(why).label, count, "muted" if why in CALM else "warn") for why, count in counts.most_common()]


def _by_layer(rows: list[ClauseCoverage], plan: Plan) -> list[tuple[object, str, list[dict[str, Any]]]]:
    lines = reverse("console:work:plan_lines", args=[plan.pk])
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.layer, []).append(
            {
                "row": row,
                "text": requirement(row.clause),
                "url": f"{lines}?clause={row.clause.pk}" if row.has_lines else "",
                "gaps": [(gap, "muted" if gap.why in CALM else "warn") for gap in row.gaps],
            }
        )
    return [(Layer(layer).label, LAYER_TONES[Layer(layer)], parts) for layer, parts in found.items()]


# --- what changes


FIELDS = {
    "cadence": _("Frequency"),
    "minutes": _("Minutes"),
    "team_id": _("Team"),
    "assignee_id": _("Person"),
    "zone_id": _("Zone"),
    "evidence": _("Proof"),
    "qualification": _("Licence"),
}


@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What becomes different when this plan is put in force."""
    plan = plan_for(request, pk)
    found = plan_changes(plan)
    shown = [
        (
            line,
            [
                (FIELDS[field.name], _said(field.name, field.before), _said(field.name, field.after))
                for field in line.fields
            ],
        )
        for line in found.lines[:MOST_CHANGES]
    ]
    context = plan_head(request, plan, "plan_changes") | {
        "changes": found,
        "counts": {kind: found.count(kind) for kind in ("added", "removed", "changed")},
        "activities": [(activity_label(code), *numbers) for code, *numbers in found.by_activity],
        "shown": shown,
        "more": max(len(found.lines) - MOST_CHANGES, 0),
    }
    return render(request, "console/work/plan_changes.html", context)


def _said(name: str, value: object) -> object:
    return cadence_words(str(value)) if name == "cadence" and value else value


@require_GET
def current(request: HttpRequest, page: str) -> HttpResponse:
    """The same page of the plan looked at: in force, else being prepared; the list when there is none."""
    project = scope.of(request).project or _only_project(request)
    plan = (plan_in_force(project) or plan_in_preparation(project)) if project else None
    if plan is None or not plans_visible_to(user_of(request)).filter(pk=plan.pk).exists():
        return redirect("console:work:plan")
    return redirect(f"console:work:{page}", pk=plan.pk)


def _only_project(request: HttpRequest) -> Project | None:
    projects = list(projects_visible_to(user_of(request), VIEW_PLAN)[:2])
    return projects[0] if len(projects) == 1 else None
