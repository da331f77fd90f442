"""One improvement project: the problem, its measures, before and after with confidence, what was learnt."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.org.models import User
from wuyou.domains.org.policies import may
from wuyou.domains.quality.actions import improvement as actions
from wuyou.domains.quality.choices import ProposalState
from wuyou.domains.quality.flows.improvement import IMPROVEMENT_FLOW
from wuyou.domains.quality.models import Improvement, Measure, Proposal
from wuyou.domains.quality.policies import improvement as policies
from wuyou.domains.quality.queries.improvement import (
    OPEN,
    findings_shown_of,
    improvements_visible_to,
    measures_of,
    proposals_of,
    trend_of,
)
from wuyou.faces.console.acting import act
from wuyou.faces.console.history import timeline_of
from wuyou.kernel import clock
from wuyou.kernel.errors import IllegalMove
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui.visitor import user_of

from .appeal_looks import page_url
from .improvement_looks import (
    PROPOSAL_TONES,
    STATE_TONES,
    change_words,
    figure,
    improvement_url,
    metric_of,
    number_words,
    sentence,
    shown,
    trend_chart,
    verdict_of,
)

FORMS = {"check": "console:quality:improvement_check"}  # steps that ask for more than a word
ACTS: dict[str, Callable[..., Any]] = {
    "start": actions.start,
    "adjust": actions.adjust,
    "standardise": actions.standardise,
    "close": actions.close,
    "drop": actions.drop,
}


def improvement_of(request: HttpRequest, pk: int) -> Improvement:
    """A visible project, or 404."""
    rows = improvements_visible_to(user_of(request)).select_related("node", "owner")
    found: Improvement = get_object_or_404(rows, pk=pk)
    return found


@require_GET
def improvement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One project as its owner needs it."""
    row, user = improvement_of(request, pk), user_of(request)
    metric = metric_of(row)
    may_run = may(policies.check_run, user, row)
    context = {
        "improvement": row,
        "tone": STATE_TONES[row.state],
        "metric": metric,
        "target": shown(row.target, metric.unit),
        "baseline": _baseline(row, metric.unit),
        "sentence": sentence(row),
        "verdict": verdict_of(row),
        "figures": _figures(row, metric.unit),
        "chart": trend_chart(row, trend_of(row)),
        "measures": [_measure(one, user, row) for one in measures_of(row)],
        "findings": [(one, page_url("finding", one.pk)) for one in findings_shown_of(row, user)],
        "proposals": [_proposal(one, user) for one in proposals_of(row)],
        "lessons": row.lessons.all(),
        "steps": _steps(row) if may_run else [],
        "may_run": may_run and row.state in OPEN,
        "may_change": may_run and row.state == "plan",
        "entries": timeline_of(reversed(entries_of("improvement", row.pk))),
        "back": reverse("console:quality:improvements"),
    }
    return render(request, "console/quality/improvement.html", context)


def _steps(row: Improvement) -> list[dict[str, Any]]:
    """The steps its state allows, each with its address and whether it opens a form or asks for words."""
    found = []
    for place, step in enumerate(IMPROVEMENT_FLOW.from_state(row.state)):
        form = FORMS.get(step.name)
        tone = "danger" if step.tone == "danger" else "primary" if place == 0 else "plain"
        url = reverse(form or "console:quality:improvement_step", args=[row.pk] if form else [row.pk, step.name])
        found.append({"label": step.label, "url": url, "tone": tone, "form": bool(form), "ask": step.name == "drop"})
    return found


def _baseline(row: Improvement, unit: str) -> str:
    """The baseline as it was when the work began."""
    kept = row.baseline
    return f"{figure(kept['value'], unit)} ({number_words(kept['kind'], kept['number'])})" if kept else ""


def _figures(row: Improvement, unit: str) -> list[tuple[str, str, str]]:
    """Before, after and the difference: name, figure, what it rests on."""
    result = row.result
    if not result:
        return []
    before = number_words(result["kind"], result["before_number"])
    after = number_words(result["kind"], result["after_number"])
    low, high = change_words(result["low"], unit), change_words(result["high"], unit)
    between = "" if result["low"] is None else f"{low} … {high}"
    return [
        (_now("Over the baseline"), figure(result["before"], unit), before),
        (_now("After the measures"), figure(result["after"], unit), after),
        (_now("Difference"), change_words(result["difference"], unit), between),
        (_now("Target"), shown(result["target"], unit), ""),
    ]


def _measure(one: Measure, user: User, row: Improvement) -> dict[str, Any]:
    is_open = one.done_on is None and row.state in OPEN
    return {
        "measure": one,
        "is_late": is_open and one.due_on < clock.today(),
        "may_finish": is_open and may(policies.check_finish, user, one),
    }


def _proposal(one: Proposal, user: User) -> dict[str, Any]:
    is_open = one.state == ProposalState.PROPOSED
    return {
        "proposal": one,
        "tone": PROPOSAL_TONES[one.state],
        "may_decide": is_open and may(policies.check_decide, user, one),
    }


@require_POST
def improvement_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a project a step further."""
    row, user = improvement_of(request, pk), user_of(request)
    if step not in ACTS:
        raise IllegalMove(_now("There is no such step."))
    more = {"reason": request.POST.get("reason", "")} if step == "drop" else {}
    label = IMPROVEMENT_FLOW.transition(step).label
    said = f"{row.number}: {label}"
    return act(request, lambda: ACTS[step](row, by=user, **more), said=said, to=improvement_url(row))
