"""Projects compared: funnels instead of a league table, and ranks as ranges (spec 05, 12)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.policies import require
from wuyou.domains.quality.policies.rights import VIEW_INSPECTIONS
from wuyou.domains.quality.queries import statistics
from wuyou.domains.quality.queries.statistics import Funnel, Placed, Ranked
from wuyou.kernel.statistics.funnel import Limits
from wuyou.ui.pictures import Curve, Dot, Scatter

from .statistics_asked import Asked, asked_of
from .statistics_words import funnel_says, per_cent, ranking_says, rounded

HIGHEST = 100.0  # no score is above it
Numbers = list[tuple[int, Decimal]]


@require_GET
def projects_page(request: HttpRequest) -> HttpResponse:
    """Pass rates and scores of projects in funnels, and the ranking with its uncertainty."""
    asked = asked_of(request, "statistics_projects")
    require(asked.user, VIEW_INSPECTIONS)
    looked = statistics.looked_at(statistics.inspections_within(asked.user, asked.window))
    given = statistics.scores_of(looked)
    rates, scores = statistics.pass_funnel(looked), statistics.score_funnel(given)
    ranked = statistics.ranking(given)
    pictures = [
        _picture(rates, asked, x=_("Items checked"), y=_("Pass rate"), unit="%", is_share=True) if rates else None,
        _picture(scores, asked, x=_("Inspections"), y=_("Mean score"), unit=_("points")) if scores else None,
    ]
    context = asked.context() | {
        "pictures": [picture for picture in pictures if picture],
        "ranking": [_line(one, asked) for one in ranked],
        "ranking_says": ranking_says(ranked) if ranked else "",
    }
    return render(request, "console/quality/statistics/projects.html", context)


def _project_url(code: str, asked: Asked) -> str:
    return reverse("console:quality:statistics") + asked.query(project=code)


def _picture(funnel: Funnel, asked: Asked, *, x: str, y: str, unit: str, is_share: bool = False) -> Scatter:
    def shown(value: float) -> Decimal:
        return per_cent(value) if is_share else rounded(value)

    dots = [
        Dot(one.size, shown(one.value), one.name, _tone(one, funnel.target), _project_url(one.code, asked))
        for one in funnel.placed
    ]
    names: dict[str, object] = {
        "bad": _("Worse than chance explains (99.8%)"), "warn": _("Perhaps worse (95%)"),
        "ok": _("Better than chance explains"), "accent": _("Within the limits"),
    }  # fmt: skip
    mean = [(size, shown(funnel.target)) for size in (funnel.sizes[0], funnel.sizes[-1])]
    curves = [Curve(_("All projects"), mean, "ok", is_solid=True)]
    for label, limits, tone in (
        (_("95% limits"), funnel.warning, "warn"), (_("99.8% limits"), funnel.alarm, "bad")
    ):  # fmt: skip
        curves += [Curve(label, points, tone) for points in _edges(funnel.sizes, limits, shown)]
    return Scatter(funnel_says(funnel), dots, x, y, curves=curves, names=names, unit=unit, note=_note(funnel))


def _edges(sizes: Sequence[int], limits: Sequence[Limits], shown: Any) -> tuple[Numbers, Numbers]:
    low = [(size, shown(one.low)) for size, one in zip(sizes, limits, strict=True)]
    return low, [(size, shown(one.high)) for size, one in zip(sizes, limits, strict=True)]


def _tone(one: Placed, target: float) -> str:
    if one.standing == "inside":
        return "accent"
    if one.value > target:
        return "ok"
    return "bad" if one.standing == "alarm" else "warn"


def _note(funnel: Funnel) -> str:
    if funnel.dispersion <= 1:
        return ""
    words = {"times": rounded(funnel.dispersion)}
    return _("Limits are widened: projects vary %(times)s times as much as chance alone would make them.") % words


def _line(one: Ranked, asked: Asked) -> dict[str, Any]:
    shrunk = one.shrunk
    place = str(shrunk.best) if shrunk.best == shrunk.worst else f"{shrunk.best}–{shrunk.worst}"
    return {
        "name": one.name,
        "url": _project_url(one.code, asked),
        "place": place if shrunk.is_rankable else _("too few to rank"),
        "is_rankable": shrunk.is_rankable,
        "observed": rounded(shrunk.observed),
        "value": rounded(shrunk.value),
        "low": rounded(shrunk.low),
        "high": rounded(min(shrunk.high, HIGHEST)),
        "count": int(shrunk.size),
    }
