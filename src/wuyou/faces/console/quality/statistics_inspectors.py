"""Inspectors as judges: how strict each is, and whether two see the same (spec 05, Honest statistics)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wuyou.domains.org.policies import require
from wuyou.domains.quality.policies.rights import INSPECT
from wuyou.domains.quality.queries import statistics
from wuyou.domains.quality.queries.statistics import Judged, Pair, Paired
from wuyou.ui.pictures import Chart, Series

from .statistics_asked import asked_of
from .statistics_words import agreement_says, agreement_word, percentage, rounded, severity_says, signed


@require_GET
def inspectors_page(request: HttpRequest) -> HttpResponse:
    """Severity of inspectors with intervals, and kappa of double inspections."""
    asked = asked_of(request, "statistics_inspectors")
    require(asked.user, INSPECT)
    given = statistics.judgements(statistics.inspections_within(asked.user, asked.window))
    judged, paired = statistics.severities(given), statistics.doubles(given)
    context = asked.context() | {
        "severity": severity_chart(judged) if judged else None,
        "judged": [_judged(one) for one in judged],
        "agreement": _agreement(paired) if paired.pairs else None,
        "pairs": [_pair(one) for one in paired.pairs],
    }
    return render(request, "console/quality/statistics/inspectors.html", context)


def severity_chart(judged: list[Judged]) -> Chart:
    """Points above or below the others, the strictest first."""
    effects = Series(_("Difference in points"), [rounded(one.severity.effect) for one in judged])
    note = _("Scores of the same project with the same sheet are compared, so bad sites make nobody strict.")
    return Chart("barh", severity_says(judged), [one.name for one in judged], [effects], unit=_("points"), note=note)


def _judged(one: Judged) -> dict[str, Any]:
    severity = one.severity
    known = severity.low is not None and severity.high is not None
    tone = "warn" if severity.is_certain else "muted"
    return {
        "name": one.name,
        "effect": signed(severity.effect),
        "range": f"{signed(severity.low or 0)} … {signed(severity.high or 0)}" if known else "–",
        "state": _verdict(one),
        "tone": tone,
        "count": severity.observations,
    }


def _verdict(one: Judged) -> str:
    if not one.severity.is_certain:
        return _("not to be told from the others")
    return _("strict") if one.severity.effect < 0 else _("lenient")


def _agreement(paired: Paired) -> dict[str, Any]:
    kappa = paired.kappa
    return {
        "says": agreement_says(paired),
        "kappa": rounded(kappa.value, 2) if kappa else None,
        "range": f"{rounded(kappa.low, 2)} … {rounded(kappa.high, 2)}" if kappa else "",
        "share": percentage(paired.same / paired.items) if paired.items else "–",
        "items": paired.items,
        "pairs": len(paired.pairs),
    }


def _pair(one: Pair) -> dict[str, Any]:
    return {
        "number": one.number,
        "project": one.project,
        "names": " · ".join(one.names),
        "url": reverse("console:quality:inspection", args=[one.second]),
        "same": one.same,
        "items": one.items,
        "kappa": rounded(one.kappa.value, 2) if one.kappa else "–",
        "word": agreement_word(one.kappa.value) if one.kappa else _("nothing to compare"),
        "tone": ("ok" if one.kappa.value > 0.6 else "warn") if one.kappa else "muted",
    }
