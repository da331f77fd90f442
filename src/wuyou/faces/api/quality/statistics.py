"""Honest statistics of quality: control charts, funnels, ranks, severity, agreement, causes (spec 05, 12)."""

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import Level
from wuyou.domains.quality.policies.rights import INSPECT, VIEW_FINDINGS, VIEW_INSPECTIONS
from wuyou.domains.quality.queries import statistics
from wuyou.domains.quality.queries.statistics import BY, Charted, Funnel, Window
from wuyou.faces.api.operations import told
from wuyou.faces.api.questions import ask
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Day, PathId, one_of
from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid
from wuyou.kernel.statistics.intervals import Interval
from wuyou.ui.visitor import user_of

from . import router

MOST_DAYS = 800
CHARTS = ("pass_rate", "findings", "days_to_prove", "days_to_verify")
UNTIL = {"days_to_prove": "proved", "days_to_verify": "verified"}
PLACES = 6
WINDOW: dict[str, Any] = {
    "first": Day, "last": Day, "project_id": (PathId | None, None), "level": (one_of(Level.values) | None, None),
}  # fmt: skip


def _window(given: Any) -> Window:
    if not 0 <= (given.last - given.first).days < MOST_DAYS:
        raise Invalid(fields={"last": _("Ask for 1 to 800 days.")})
    return Window(given.first, given.last, project=given.project_id, level=given.level or "")


def _plain(value: float | None) -> float | None:
    """A number as it is sent: six places, nothing for one without bound."""
    return None if value is None or value in (float("inf"), float("-inf")) else round(value, PLACES)


INTERVAL = shape(
    "Interval", None, "", estimate=(float, lambda one: _plain(one.estimate)), low=(float, lambda one: _plain(one.low)),
    high=(float, lambda one: _plain(one.high)), confidence=(float, "confidence"),
)  # fmt: skip
POINT = shape(
    "ControlPoint", None, "", first=(dt.date, lambda one: one[0].first), last=(dt.date, lambda one: one[0].last),
    record_id=(int | None, lambda one: one[0].pk), number=(str, lambda one: one[0].number),
    value=(float, lambda one: _plain(one[1].value)), size=(float, lambda one: _plain(one[1].size)),
    lower=(float, lambda one: _plain(one[1].lower)), upper=(float | None, lambda one: _plain(one[1].upper)),
)  # fmt: skip
SIGNAL = shape("ControlSignal", None, "", rule=(int, "rule"), index=(int, "index"), side=(int, "side"))
CHART = told(
    "ControlChart", lambda one: one, kind=Literal["p", "u", "i"], by=str, centre=float, widening=float,
    points=list[POINT.model],  # type: ignore[name-defined]
    signals=list[SIGNAL.model],  # type: ignore[name-defined]
).model  # fmt: skip
CHARTED = told("ControlChartAnswer", lambda one: one, chart=CHART | None).model


def control_chart(request: HttpRequest, given: Any) -> dict[str, Any]:
    """A control chart with limits for each point and the Western Electric signals in it; none without data.

    pass_rate is a p-chart of items, findings a u-chart of findings per inspection, days_to_prove and days_to_verify
    are charts of single findings. Rules: 1 beyond 3 sigma, 2 two of three beyond 2, 3 four of five beyond 1, 4 eight
    on one side.
    """
    user, window = user_of(request), _window(given)
    if given.chart in UNTIL:
        drawn = statistics.times(statistics.findings_of(user, window).within, until=UNTIL[given.chart])
        return {"chart": _chart(drawn[0]) if drawn else None}
    read = statistics.pass_rate if given.chart == "pass_rate" else statistics.finding_rate
    charted = read(statistics.looked_at(statistics.inspections_within(user, window)), by=given.by or "")
    return {"chart": _chart(charted) if charted else None}


def _chart(one: Charted) -> dict[str, Any]:
    return {
        "kind": one.chart.kind,
        "by": one.by,
        "centre": _plain(one.chart.centre),
        "widening": _plain(one.chart.widening),
        "points": POINT.all(zip(one.spots, one.chart.points, strict=True)),
        "signals": SIGNAL.all(one.signals),
    }


ask(
    router, "/quality/statistics/control-chart", "quality_control_chart", control_chart, CHARTED,
    [VIEW_INSPECTIONS, VIEW_FINDINGS], chart=one_of(CHARTS), by=(one_of(BY) | None, None), **WINDOW,
)  # fmt: skip

LIMIT = shape(
    "FunnelLimit", None, "", size=(int, lambda one: one[0]), warning_low=(float, lambda one: _plain(one[1].low)),
    warning_high=(float, lambda one: _plain(one[1].high)), alarm_low=(float, lambda one: _plain(one[2].low)),
    alarm_high=(float, lambda one: _plain(one[2].high)),
)  # fmt: skip
PLACED = shape(
    "FunnelProject", None, "", project_id=(int, "project"), name="name", size=(int, "size"),
    value=(float, lambda one: _plain(one.value)), standing=(Literal["inside", "warning", "alarm"], "standing"),
)  # fmt: skip
FUNNEL = told(
    "Funnel", lambda one: one, target=float, dispersion=float, projects=list[PLACED.model], limits=list[LIMIT.model],  # type: ignore[name-defined]
).model  # fmt: skip
RANKED = shape(
    "RankedProject", None, "", project_id=(int, "project"), name="name",
    observed=(float, lambda one: _plain(one.shrunk.observed)), expected=(float, lambda one: _plain(one.shrunk.value)),
    low=(float, lambda one: _plain(one.shrunk.low)), high=(float, lambda one: _plain(one.shrunk.high)),
    best_rank=(int, "shrunk.best"), worst_rank=(int, "shrunk.worst"), is_rankable=(bool, "shrunk.is_rankable"),
    inspections=(int, lambda one: int(one.shrunk.size)),
)  # fmt: skip
PROJECTS = told(
    "ProjectsCompared", lambda one: one, pass_rates=FUNNEL | None, scores=FUNNEL | None, ranking=list[RANKED.model],  # type: ignore[name-defined]
).model  # fmt: skip


def projects(request: HttpRequest, given: Any) -> dict[str, Any]:
    """Projects in funnels with 95% and 99.8% limits, and ranks as ranges of values drawn to the mean."""
    looked = statistics.looked_at(statistics.inspections_within(user_of(request), _window(given)))
    scores = statistics.scores_of(looked)
    rates, means = statistics.pass_funnel(looked), statistics.score_funnel(scores)
    return {
        "pass_rates": _funnel(rates) if rates else None,
        "scores": _funnel(means) if means else None,
        "ranking": RANKED.all(statistics.ranking(scores)),
    }


def _funnel(one: Funnel) -> dict[str, Any]:
    return {
        "target": _plain(one.target),
        "dispersion": _plain(one.dispersion),
        "projects": PLACED.all(one.placed),
        "limits": LIMIT.all(zip(one.sizes, one.warning, one.alarm, strict=True)),
    }


ask(
    router,
    "/quality/statistics/projects",
    "quality_projects_compared",
    projects,
    PROJECTS,
    [VIEW_INSPECTIONS],
    **WINDOW,
)

SEVERITY = shape(
    "InspectorSeverity", None, "", inspector_id=(int, "inspector"), name="name",
    effect=(float, lambda one: _plain(one.severity.effect)), low=(float | None, lambda one: _plain(one.severity.low)),
    high=(float | None, lambda one: _plain(one.severity.high)), is_certain=(bool, "severity.is_certain"),
    inspections=(int, "severity.observations"),
)  # fmt: skip
KAPPA = shape(
    "Kappa", None, "", value=(float, lambda one: _plain(one.value)), error=(float, lambda one: _plain(one.error)),
    low=(float, lambda one: _plain(one.low)), high=(float, lambda one: _plain(one.high)),
)  # fmt: skip
PAIR = shape(
    "InspectionPair", None, "", first_id=(int, "first"), second_id=(int, "second"), number="number", project="project",
    inspectors=(list[str], lambda one: list(one.names)), items=(int, "items"), same=(int, "same"),
    kappa=(KAPPA.model | None, lambda one: KAPPA.of(one.kappa) if one.kappa else None),
)  # fmt: skip
INSPECTORS = told(
    "InspectorsCompared", lambda one: one, severity=list[SEVERITY.model], pairs=list[PAIR.model], items=int, same=int,  # type: ignore[name-defined]
    kappa=KAPPA.model | None,
).model  # fmt: skip


def inspectors(request: HttpRequest, given: Any) -> dict[str, Any]:
    """How strict inspectors score the same projects with the same sheets, and how two of the same agree."""
    judged = statistics.judgements(statistics.inspections_within(user_of(request), _window(given)))
    paired = statistics.doubles(judged)
    return {
        "severity": SEVERITY.all(statistics.severities(judged)),
        "pairs": PAIR.all(paired.pairs),
        "items": paired.items,
        "same": paired.same,
        "kappa": KAPPA.of(paired.kappa) if paired.kappa else None,
    }


ask(
    router, "/quality/statistics/inspectors", "quality_inspectors_compared", inspectors, INSPECTORS, [INSPECT], **WINDOW
)

CLAUSE = shape(
    "ClauseShare", None, "", clause_id=(int | None, lambda one: one.key.pk if one.key else None),
    code=(str, lambda one: one.key.code if one.key else ""), count=(int, lambda one: int(one.count)),
    share=(float, lambda one: _plain(one.share)), cumulative=(float, lambda one: _plain(one.cumulative)),
)  # fmt: skip
CAUSE = shape(
    "CauseShare", None, "", cause="key", count=(int, lambda one: int(one.count)),
    share=(float, lambda one: _plain(one.share)), cumulative=(float, lambda one: _plain(one.cumulative)),
)  # fmt: skip
AGE = shape(
    "AgeBucket", None, "", from_days=(int, lambda one: int(one.low)),
    to_days=(int | None, lambda one: None if one.high is None else int(one.high)), count=(int, "count"),
)  # fmt: skip
CAUSES = told(
    "CausesCompared", lambda one: one, found=int, due=int, kept=int, repeats=int, in_time=INTERVAL.model | None,
    repeated=INTERVAL.model | None, clauses=list[CLAUSE.model], causes=list[CAUSE.model], ages=list[AGE.model],  # type: ignore[name-defined]
).model  # fmt: skip


def causes(request: HttpRequest, given: Any) -> dict[str, Any]:
    """What goes wrong: shares by clause and by cause, closure in time, recurrence, and ages of what is open."""
    now = clock.now()
    findings = statistics.findings_of(user_of(request), _window(given))
    handled = statistics.handled(findings.within, now=now)
    return {
        "found": handled.found,
        "due": handled.due,
        "kept": handled.kept,
        "repeats": handled.repeats,
        "in_time": _interval(handled.in_time),
        "repeated": _interval(handled.repeated),
        "clauses": CLAUSE.all(statistics.pareto_by_clause(findings.within)),
        "causes": CAUSE.all(statistics.pareto_by_cause(findings.within)),
        "ages": AGE.all(statistics.ages(findings.still_open, today=clock.today())),
    }


def _interval(one: Interval | None) -> dict[str, Any] | None:
    return INTERVAL.of(one) if one else None


ask(router, "/quality/statistics/causes", "quality_causes_compared", causes, CAUSES, [VIEW_FINDINGS], **WINDOW)
