"""All projects over two years on one page: the trend, the branches, who stands out and who fell (spec 12)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from wuyou.domains.appraisal.policies import VIEW
from wuyou.domains.appraisal.queries import overview as queries
from wuyou.domains.appraisal.queries.overview import MonthMean, Move, Part
from wuyou.domains.appraisal.rules.overview import Funnel, Standing, Trend, funnel_of, trend_of
from wuyou.domains.org.models import Node
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import nodes_visible_to
from wuyou.kernel.statistics.funnel import ALARM, WARNING
from wuyou.ui import wording
from wuyou.ui.pictures import Cell, Chart, Curve, Dot, Limit, Matrix, MatrixRow, Scatter, Series
from wuyou.ui.visitor import user_of

MONTHS = 24
COMPARED = 12  # months behind the funnel
DOTS = 120  # projects within the limits that are drawn
ROWS = 20  # branches in the matrix
SHOWN = 10  # rows of who stands out and who fell
TONES = {"better": "ok", "worse": "bad", "usual": "accent", "unknown": "muted"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The branch and the scheme looked at."""

    node: Node
    schemes: Sequence[tuple[int, str]]
    scheme: int

    def url(self, **changes: int) -> str:
        """This page with something changed."""
        kept = {"node": self.node.pk, "scheme": self.scheme} | changes
        return reverse("console:appraisal:overview") + "?" + "&".join(f"{name}={pk}" for name, pk in kept.items())


@require_GET
def overview_page(request: HttpRequest) -> HttpResponse:
    """The trend of all, the branches month by month, projects beyond chance, the greatest falls."""
    user = user_of(request)
    require(user, VIEW)
    periods = queries.project_months(user)
    asked = _asked(
        request,
        queries.schemes_in_use(periods),
        queries.branch(nodes_visible_to(user, VIEW), request.GET.get("node", "")),
    )
    if asked is None:
        return render(request, "console/appraisal/overview.html", {"asked": None})
    rows = queries.rated_projects(periods, scheme_id=asked.scheme, node=asked.node)
    means = queries.month_means(rows, MONTHS)
    context: dict[str, Any] = {"asked": asked, "schemes": _choices(asked)}
    if means:
        context |= _figures(rows, asked, means)
    return render(request, "console/appraisal/overview.html", context)


def _asked(request: HttpRequest, used: Sequence[tuple[int, str, str]], node: Node | None) -> Asked | None:
    """What the address asks for; nonsense in it is as if it were not there. None where there is nothing to see."""
    if not used or node is None:
        return None
    is_chinese = (get_language() or "").startswith("zh")
    schemes = [(pk, zh if is_chinese else en or zh) for pk, zh, en in used]
    wanted = request.GET.get("scheme", "")
    scheme = next((pk for pk, _name in schemes if str(pk) == wanted), schemes[0][0])
    return Asked(node, schemes, scheme)


def _choices(asked: Asked) -> list[tuple[str, str, bool]]:
    return [(name, asked.url(scheme=pk), pk == asked.scheme) for pk, name in asked.schemes]


def _figures(rows: Any, asked: Asked, means: Sequence[MonthMean]) -> dict[str, Any]:
    last = means[-1].month
    months = [month for month in queries.months_until(last, MONTHS) if month >= means[0].month]
    trend = trend_of([one.mean for one in means])
    sums = queries.project_sums(rows, queries.months_until(last, COMPARED))
    funnel = funnel_of({project.pk: one for project, one in sums.items()})
    moved = queries.moves(rows, last)
    names = {project.pk: (project.code, project.name) for project in sums}
    return {
        "month": wording.month(last.year, last.month),
        "now": means[-1],
        "before": means[-2] if len(means) > 1 else None,
        "change": means[-1].mean - means[-2].mean if len(means) > 1 else None,
        "trend": _trend_chart(means, trend),
        "parts": _parts_matrix(queries.parts_of(rows, asked.node, months), months, asked),
        "funnel": _funnel_picture(funnel, names) if funnel else None,
        "standing_out": _standing_out(funnel, names) if funnel else [],
        "falls": [_fall(move) for move in moved[:SHOWN] if move.change < 0],
        "above": queries.parent_of(asked.node),
    }


def months_url(code: str) -> str:
    """The appraised months of a project."""
    return reverse("console:appraisal:months") + f"?project={code}"


def period_url(pk: int) -> str:
    """The page of one appraised month."""
    return reverse("console:appraisal:month", args=[pk])


# --- pictures: each title says what the numbers say


def _trend_chart(means: Sequence[MonthMean], trend: Trend) -> Chart:
    labels = [wording.month(one.month.year, one.month.month) for one in means]
    marks = sorted({signal.index for signal in trend.signals})
    values = [one.mean for one in means]
    limits: list[Limit] = []
    if trend.chart is not None:
        first = trend.chart.points[0]
        limits = [
            Limit(_("Usual"), _shown(trend.chart.centre), "ok"),
            Limit(_("Lower limit"), _shown(first.lower), "bad"),
            Limit(_("Upper limit"), _shown(first.upper), "bad"),
        ]
    series = Series(_("Mean points"), values, marks=marks)
    return Chart("line", _trend_says(means[-1], trend), labels, [series], unit=_("points"), limits=limits)


def _trend_says(last: MonthMean, trend: Trend) -> str:
    words = {"mean": last.mean}
    said = {
        "unknown": _("Mean of the last month: %(mean)s; too few months yet to say what is usual"),
        "usual": _("The last month, %(mean)s points, is within the usual ups and downs"),
        "better": _("The last month, %(mean)s points, is better than the usual ups and downs"),
        "worse": _("The last month, %(mean)s points, is worse than the usual ups and downs"),
    }
    return said[trend.verdict] % words


def _shown(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"))


def _parts_matrix(parts: Sequence[Part], months: Sequence[dt.date], asked: Asked) -> Matrix | None:
    """Branches by month, the weakest where they are many; shaded by how far a mean lies below the best of all."""
    shown = sorted(parts, key=_latest)[:ROWS] if len(parts) > ROWS else parts
    rated = [mean for part in parts for mean in part.means if mean is not None]
    if not rated:
        return None
    best = max(rated)
    rows = [
        MatrixRow(
            part.node.name,
            [Cell(None if mean is None else best - mean, text="" if mean is None else mean) for mean in part.means],
            url=asked.url(node=part.node.pk),
        )
        for part in shown
    ]
    worst = min(rated)
    title = _("Month by month the branches lie between %(worst)s and %(best)s points") % {"worst": worst, "best": best}
    columns = [f"{one:%y-%m}" for one in months]
    note = _("The %(count)d weakest of the last month.") % {"count": ROWS} if len(parts) > ROWS else ""
    return Matrix(title, columns, rows, corner=_("Branch"), top=max(best - worst, Decimal(1)), note=note)


def _latest(part: Part) -> Decimal:
    """The newest mean there is."""
    return next(mean for mean in reversed(part.means) if mean is not None)


def _funnel_picture(funnel: Funnel, names: dict[int, tuple[str, str]]) -> Scatter:
    dots = [
        Dot(one.months, one.mean, names[one.project_id][1], TONES[one.verdict], months_url(names[one.project_id][0]))
        for one in _drawn(funnel)
    ]
    sizes = range(1, COMPARED + 1)
    curves = [Curve(_("All projects"), [(1, funnel.centre), (COMPARED, funnel.centre)], "ok", is_solid=True)]
    for label, tone, coverage in ((_("95% limits"), "warn", WARNING), (_("99.8% limits"), "bad", ALARM)):
        limits = [(size, funnel.limits(size, coverage=coverage)) for size in sizes]
        curves.append(Curve(label, [(size, _shown(one.low)) for size, one in limits], tone))
        curves.append(Curve(label, [(size, _shown(one.high)) for size, one in limits], tone))
    meanings: dict[str, object] = {
        "bad": _("Below what chance explains"), "ok": _("Above what chance explains"),
        "accent": _("Within the limits"), "muted": _("Too few months to judge"),
    }  # fmt: skip
    return Scatter(
        _funnel_says(funnel),
        dots,
        _("Months appraised"),
        _("Mean points"),
        curves=curves,
        names=meanings,
        note=_thinned(funnel),
    )


def _drawn(funnel: Funnel) -> list[Standing]:
    """Everybody beyond the limits; of the many within them only so many, evenly over their means."""
    within = [one for one in funnel.standings if one.verdict not in {"worse", "better"}]
    kept = {one.project_id for one in within[:: max(1, -(-len(within) // DOTS))]}
    return [one for one in funnel.standings if one.verdict in {"worse", "better"} or one.project_id in kept]


def _thinned(funnel: Funnel) -> str:
    drawn = len(_drawn(funnel))
    if drawn == len(funnel.standings):
        return ""
    words = {"drawn": drawn, "all": len(funnel.standings)}
    return (
        _("%(drawn)d of %(all)d projects are drawn: all beyond the limits, and of the others every so manieth.") % words
    )


def _funnel_says(funnel: Funnel) -> str:
    worse = sum(one.verdict == "worse" for one in funnel.standings)
    if not worse:
        return _("No project lies below what chance explains")
    return ngettext(
        "%(count)d project lies below what chance explains", "%(count)d projects lie below what chance explains", worse
    ) % {"count": worse}


def _standing_out(funnel: Funnel, names: dict[int, tuple[str, str]]) -> list[dict[str, Any]]:
    """Projects beyond the limits, the worst first."""
    out = [one for one in funnel.standings if one.verdict in {"worse", "better"}]
    return [_stood(one, names[one.project_id]) for one in out[:SHOWN]]


def _stood(one: Standing, name: tuple[str, str]) -> dict[str, Any]:
    said = {"worse": _("Below what chance explains"), "better": _("Above what chance explains")}[one.verdict]
    return {
        "name": name[1], "url": months_url(name[0]), "months": one.months, "mean": one.mean, "said": said,
        "tone": "warn" if one.verdict == "worse" and not one.is_alarm else TONES[one.verdict],
    }  # fmt: skip


def _fall(move: Move) -> dict[str, Any]:
    return {"move": move, "url": period_url(move.period_id)}
