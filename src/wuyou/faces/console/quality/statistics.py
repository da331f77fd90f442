"""Is it stable: control charts of pass rate, findings and correction times (spec 05, 11)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from wuyou.domains.org.policies import require
from wuyou.domains.quality.policies.rights import VIEW_FINDINGS, VIEW_INSPECTIONS
from wuyou.domains.quality.queries import statistics
from wuyou.domains.quality.queries.statistics import Charted, Spot
from wuyou.kernel.statistics.charts import ControlChart
from wuyou.ui.pictures import Chart, Limit, Series

from .statistics_asked import Asked, asked_of, inspections_url, spot_label
from .statistics_words import per_cent, percentage, rounded, stability


@require_GET
def stability_page(request: HttpRequest) -> HttpResponse:
    """Pass rate and findings per inspection over time."""
    asked = asked_of(request, "statistics")
    require(asked.user, VIEW_INSPECTIONS)
    looked = statistics.looked_at(statistics.inspections_within(asked.user, asked.window))
    rate = statistics.pass_rate(looked, by=asked.by)
    found = statistics.finding_rate(looked, by=asked.by)
    charts = [
        pass_chart(rate, asked) if rate else None,
        finding_chart(found, asked) if found else None,
    ]
    context = asked.context() | {"charts": [chart for chart in charts if chart], "shows_points": True}
    return render(request, "console/quality/statistics/charts.html", context)


@require_GET
def times_page(request: HttpRequest) -> HttpResponse:
    """Days until a finding is put right, and until that is verified, one by one."""
    asked = asked_of(request, "statistics_times")
    require(asked.user, VIEW_FINDINGS)
    findings = statistics.findings_of(asked.user, asked.window).within
    charts: list[Chart] = []
    for until, name in (("proved", _("Days until put right")), ("verified", _("Days until verified"))):
        drawn = statistics.times(findings, until=until)
        if drawn:
            charts += times_charts(*drawn, name)
    return render(request, "console/quality/statistics/charts.html", asked.context() | {"charts": charts})


def pass_chart(charted: Charted, asked: Asked) -> Chart:
    """The p-chart of the pass rate, in per cent."""
    values = [per_cent(point.value) for point in charted.chart.points]
    centre = percentage(charted.chart.centre)
    return _control(
        charted, Series(_("Pass rate"), values), unit="%", centre=centre,
        urls=[inspections_url(spot, asked) for spot in charted.spots],
        limits=_limits(charted.chart, per_cent), note=_("p-chart: items passed of those that applied"),
    )  # fmt: skip


def finding_chart(charted: Charted, asked: Asked) -> Chart:
    """The u-chart of findings per inspection."""
    values = [rounded(point.value) for point in charted.chart.points]
    return _control(
        charted, Series(_("Findings per inspection"), values), unit="",
        centre=str(rounded(charted.chart.centre)),
        urls=[inspections_url(spot, asked) for spot in charted.spots],
        limits=_limits(charted.chart, rounded), note=_("u-chart: findings per inspection"),
    )  # fmt: skip


def times_charts(charted: Charted, moving: ControlChart, name: str) -> list[Chart]:
    """Single values and their moving ranges; a time is not below nothing, so neither is its limit."""
    values = [rounded(point.value) for point in charted.chart.points]
    centre = pgettext("length of time", "%(days)s days") % {"days": rounded(charted.chart.centre)}
    urls = [_finding_url(spot) for spot in charted.spots]
    single = _control(
        charted, Series(name, values), unit=_("days"), centre=centre, urls=urls,
        limits=_limits(charted.chart, lambda value: rounded(max(value, 0.0))), note=_("I-MR: one point per finding"),
    )  # fmt: skip
    labels = [spot_label(spot, "finding") for spot in charted.spots[1:]]
    ranges = [rounded(point.value) for point in moving.points]
    outside = [place for place, point in enumerate(moving.points) if point.is_outside]
    title = _jumps(len(outside))
    upper = Limit(_("Upper limit"), rounded(moving.points[0].upper), "warn")
    change = Series(_("Difference from the one before"), ranges, urls=urls[1:], marks=outside)
    mean = Limit(_("Mean"), rounded(moving.centre), "ok")
    return [single, Chart("line", title, labels, [change], unit=_("days"), limits=[mean, upper], is_short=True)]


def _jumps(count: int) -> str:
    if not count:
        return _("From one to the next the times vary as usual")
    said = ngettext(
        "From one to the next the times jump more than usual in %(count)d place",
        "From one to the next the times jump more than usual in %(count)d places",
        count,
    )
    return said % {"count": count}


def _finding_url(spot: Spot) -> str:
    return reverse("console:quality:finding", args=[spot.pk])


def _limits(chart: ControlChart, shown: Callable[[float], Decimal]) -> list[Limit]:
    return [
        Limit(_("Mean"), shown(chart.centre), "ok"),
        Limit(_("Lower limit"), tone="warn", values=[shown(point.lower) for point in chart.points]),
        Limit(_("Upper limit"), tone="warn", values=[shown(point.upper) for point in chart.points]),
    ]


def _control(
    charted: Charted,
    series: Series,
    *,
    unit: str,
    centre: str,
    urls: Sequence[str],
    limits: Sequence[Limit],
    note: str,
) -> Chart:
    """A control chart whose title is what it says; the points that complete a pattern are marked."""
    labels = [spot_label(spot, charted.by) for spot in charted.spots]
    marks = sorted({one.index for one in charted.signals})
    title = stability(charted, labels, [Decimal(value or 0) for value in series.values], centre)
    drawn = replace(series, urls=urls, marks=marks)
    if charted.chart.widening > 1:
        words = {"times": rounded(charted.chart.widening)}
        note += " · " + _("limits %(times)s times as wide, for the points vary more than chance alone explains") % words
    return Chart("line", title, labels, [drawn], unit=unit, limits=limits, note=note)
