"""One appraised month: the score with its tree down to the evidence, its sources, what follows (spec 06)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.actions.periods import close_period, compute_period, disclose_period, publish_period
from wuyou.domains.appraisal.choices import PeriodState
from wuyou.domains.appraisal.flows import PERIOD_FLOW
from wuyou.domains.appraisal.models import Period
from wuyou.domains.appraisal.queries import periods as queries
from wuyou.domains.appraisal.queries.proofs import proof_visible_to, proofs_of
from wuyou.domains.appraisal.queries.schemes import value_of
from wuyou.domains.appraisal.rules.scheme import Scheme
from wuyou.domains.org.models import User
from wuyou.domains.org.policies import may
from wuyou.faces.console.acting import act
from wuyou.faces.console.quality.appeal_looks import appealing
from wuyou.faces.console.work.looks import photo_of
from wuyou.faces.console.work.proof import served
from wuyou.kernel import evidence
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.explain import to_json
from wuyou.kernel.journal.queries import entries_of
from wuyou.ui.pages import Photo
from wuyou.ui.visitor import user_of

from .looks import (
    CONSEQUENCE_TONES,
    ORIGINS,
    PANEL_TONES,
    PERIOD_TONES,
    STEP_TONES,
    TONES,
    band_words,
    history_entry,
    name_of,
    period_url,
    points_words,
    said,
    tree_rows,
)

STEPS: Mapping[str, Callable[..., Any]] = {
    "compute": compute_period, "disclose": disclose_period, "publish": publish_period, "close": close_period,
}  # fmt: skip
ENTERING = (PeriodState.OPEN, PeriodState.COMPUTED)


def period_of(request: HttpRequest, pk: int) -> Period:
    """A visible month, or 404."""
    rows = periods_with_all(user_of(request))
    found: Period = get_object_or_404(rows, pk=pk)
    return found


def periods_with_all(user: User) -> Any:
    """Visible months with what the page shows of them."""
    return queries.periods_visible_to(user).select_related(
        "project__node", "enrolment__scheme", "enrolment__staff", "enrolment__contract", "version__scheme",
        "disclosed_by",
    )  # fmt: skip


@require_GET
def month_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The month: points, band, tree, sources, consequences, scores it had, history."""
    period, user = period_of(request, pk), user_of(request)
    scheme = value_of(period.version)
    scores = queries.scores_of(period)
    shown = next((one for one in scores if str(one.pk) == request.GET.get("score")), scores[0] if scores else None)
    band, tone = band_words(period)
    sees_inside = may(policies.check_enter, user, period.enrolment) or may(policies.check_appraise, user, period)
    context = {
        "period": period,
        "tone": PERIOD_TONES[period.state],
        "band": band,
        "band_tone": tone,
        "points": points_words(period.points),
        "scores": scores,
        "shown": shown,
        "is_old": shown is not None and shown is not scores[0],
        "tree": tree_rows(shown.tree) if shown else None,
        "steps": _steps(user, period),
        "enters": sees_inside and period.state in ENTERING and may(policies.check_enter, user, period.enrolment),
        "kinds": {part.source.kind.value for part in scheme.components()},
        "tables": [part for part in scheme.components() if part.table],
        "consequences": _consequences(user, period),
        "appealing": appealing(user, "appraisal.score", period.pk) if period.disclosed_at else None,
        "entries": [history_entry(row) for row in reversed(entries_of("appraisal_period", period.pk))],
        **(_sources(period, scheme) if sees_inside else _sources_of_party(period, scheme)),
        **_year(period, user),
    }
    return render(request, "console/appraisal/month.html", context)


def _steps(user: User, period: Period) -> list[tuple[Any, str]]:
    if not may(policies.check_appraise, user, period):
        return []
    return [(step, STEP_TONES.get(step.tone, "plain")) for step in PERIOD_FLOW.from_state(period.state)]


def _sources(period: Period, scheme: Scheme) -> dict[str, Any]:
    """Everything that was entered for the month."""
    manual, surveys = queries.entered_for(period)
    panels = [(one, PANEL_TONES[one.state]) for one in queries.panels_of(period)]
    proofs = proofs_of([row.pk for row in manual])
    shown = [(row, [_photo(one) for one in proofs[str(row.pk)] if one.thumbnail_path]) for row in manual]
    return _sources_of_party(period, scheme) | {"manual": shown, "surveys": surveys, "panels": panels}


def _photo(row: Evidence) -> Photo:
    thumb, full = (reverse("console:appraisal:proof", args=[row.pk, size]) for size in ("small", "full"))
    return replace(photo_of(row), thumb=thumb, full=full)


@require_GET
def proof(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """A photo behind a score by hand, small or as it is shown."""
    row = proof_visible_to(user_of(request), pk)
    small = evidence.thumbnail_file(row) if size == "small" else None
    file = small or evidence.served_file(row)
    kind = "image/jpeg" if row.thumbnail_path else row.content_type
    return served(file, kind, name=f"{row.pk}-{size}.jpg")


def _sources_of_party(period: Period, scheme: Scheme) -> dict[str, Any]:
    """What the party sees: the events and vetoes that cost points."""
    lines = {(part.key, line.item): said(line.name) for part in scheme.components() if part.table
             for line in scheme.table(part.table).lines}  # fmt: skip
    rules = {rule.key: said(rule.name) for rule in scheme.vetoes}
    return {
        "events": [
            (one, lines.get((one.component, one.item), one.item), ORIGINS.get(one.origin, one.origin))
            for one in queries.events_of(period)
        ],
        "vetoes": [(one, rules.get(one.rule, one.rule)) for one in queries.vetoes_of(period)],
        "has_vetoes": any(not rule.is_figure for rule in scheme.vetoes),
    }


def _consequences(user: User, period: Period) -> list[dict[str, Any]]:
    rows = queries.consequences_visible_to(user).filter(period=period).order_by("pk")
    return [
        {
            "row": row,
            "name": name_of(row),
            "tone": CONSEQUENCE_TONES[row.state],
            "url": reverse("console:appraisal:consequence", args=[row.pk]),
        }
        for row in rows
    ]


def _year(period: Period, user: User) -> dict[str, Any]:
    """The months of the same subject in the same year, its quarters and its year."""
    rows = list(queries.periods_visible_to(user).filter(enrolment=period.enrolment_id, month__year=period.month.year))
    year = queries.year_of(period.enrolment, rows, year=period.month.year)
    if year is None:
        return {}
    months = [
        {"row": one, "url": period_url(one), "points": points_words(one.points), "band": band_words(one)}
        for one in sorted(rows, key=lambda row: row.month)
    ]
    scheme = value_of(period.version)
    whole = [_rolled(scheme, node) for node in (*year.quarters, year.whole) if node.value is not None]
    return {"months": months, "rolled": whole}


def _rolled(scheme: Scheme, node: Any) -> dict[str, Any]:
    code = node.detail.get("band", "")
    band = scheme.band(code) if code else None
    return {
        "label": said(node.label),
        "points": points_words(node.value),
        "band": said(band.name) if band else "",
        "tone": TONES.get(band.tone, "muted") if band else "muted",
        "tree": tree_rows(to_json(node)),
    }


@require_GET
def month_tree(request: HttpRequest, pk: int) -> HttpResponse:
    """The tree in force as a file: enough to work the score out again (docs/reference/explain.md)."""
    period = period_of(request, pk)
    scores = queries.scores_of(period)
    shown = next((one for one in scores if str(one.pk) == request.GET.get("score")), scores[0] if scores else None)
    answer = JsonResponse(shown.tree if shown else {}, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="appraisal-{period.pk}.json"'
    return answer


@require_POST
def month_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a month a step further."""
    period = period_of(request, pk)
    transition = PERIOD_FLOW.transition(step)
    what = STEPS[step]
    to = period_url(period)
    return act(request, lambda: what(period, by=user_of(request)), said=_done(transition.label), to=to)


def _done(label: object) -> object:
    return _("Done: %(step)s.") % {"step": label}
