"""How plans, layers and gaps look and are called; what every page of a plan shows at its head."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from wuyou.domains.org.queries import has_permission
from wuyou.domains.work.choices import GapReason, Layer, PlanState
from wuyou.domains.work.flows.plan import PLAN_FLOW
from wuyou.domains.work.models import Plan
from wuyou.domains.work.policies import EDIT_PLAN
from wuyou.domains.work.queries.plan import plans_visible_to
from wuyou.ui import wording
from wuyou.ui.pages import Tab
from wuyou.ui.visitor import user_of

PLAN_TONES = {
    PlanState.DRAFT: "accent",
    PlanState.REVIEW: "warn",
    PlanState.PUBLISHED: "ok",
    PlanState.SUPERSEDED: "muted",
    PlanState.DISCARDED: "muted",
}
LAYER_TONES = {
    Layer.GRADE: "info",
    Layer.SERVICE_SET: "accent",
    Layer.CONTRACT: "ok",
    Layer.STATUTORY: "warn",
    Layer.MAKER: "muted",
}
CALM = {GapReason.MEASURED, GapReason.LEFT_OUT, GapReason.LAW_SILENT}  # known and meant, nothing to mend


def plan_for(request: HttpRequest, pk: int) -> Plan:
    """A plan the person may see; 404 for any other."""
    return get_object_or_404(plans_visible_to(user_of(request)), pk=pk)


def plan_title(plan: Plan) -> str:
    """The plan's project and number."""
    return _("Plan %(number)s · %(project)s") % {"number": plan.number, "project": plan.project.name}


def dates_words(plan: Plan) -> str:
    """From when to when it counts, or when it was drafted."""
    if plan.effective_from is None:
        return _("drafted %(day)s by %(who)s") % {"day": wording.day(plan.drafted_at), "who": plan.drafted_by}
    start = wording.day(plan.effective_from)
    if plan.effective_to is None:
        return _("in force from %(start)s") % {"start": start}
    return f"{start} – {wording.day(plan.effective_to)}"


def steps_for(request: HttpRequest, plan: Plan) -> set[str]:
    """What the person may do with the plan now: names of transitions, and `redraft`."""
    user, node = user_of(request), plan.project.node
    found = {one.name for one in PLAN_FLOW.from_state(plan.state) if has_permission(user, one.permission, node)}
    if plan.state in {PlanState.DRAFT, PlanState.PUBLISHED} and has_permission(user, EDIT_PLAN, node):
        found.add("redraft")
    return found - {"supersede"}


def plan_head(request: HttpRequest, plan: Plan, current: str) -> dict[str, Any]:
    """Title, state, buttons and tabs."""
    parts = (
        ("plan_version", _("Coverage")),
        ("plan_lines", _("Lines")),
        ("plan_workload", _("Workload")),
        ("plan_calendar", _("Calendar")),
        ("plan_year", _("Year")),
        ("plan_matrix", _("Zone × clause")),
        ("plan_changes", _("Changes")),
    )
    return {
        "plan": plan,
        "title": plan_title(plan),
        "plan_sub": dates_words(plan),
        "plan_state": plan.get_state_display(),
        "plan_tone": PLAN_TONES[PlanState(plan.state)],
        "steps": steps_for(request, plan),
        "plan_tabs": [
            Tab(label, reverse(f"console:work:{name}", args=[plan.pk]), current=name == current)
            for name, label in parts
        ],
        "plans_url": reverse("console:work:plan"),
    }
