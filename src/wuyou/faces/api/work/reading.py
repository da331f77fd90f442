"""What a plan says: coverage, workload, calendar, year, matrix (spec 03, Plan)."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from wuyou.domains.work.models import Plan, PlanGap
from wuyou.domains.work.policies import VIEW_PLAN
from wuyou.domains.work.queries import plan as queries
from wuyou.domains.work.queries import workload as loads
from wuyou.faces.api.operations import told
from wuyou.faces.api.questions import ask_of
from wuyou.faces.api.shapes import Amount, shape
from wuyou.faces.api.values import Day
from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid

from . import router
from .plans import PLANS

MOST_DAYS = 93
GAP = shape("PlanGap", PlanGap, "why detail count")
COVERED = told(
    "ClauseCoverage", lambda one: one, clause_id=int, code=str, layer=str, leads=int, covered=int,
    gaps=list[GAP.model],  # type: ignore[name-defined]
).model  # fmt: skip
COVERAGE = told(
    "Coverage", lambda one: one, clauses=list[COVERED], places_without_line=int, assets_without_line=int,  # type: ignore[valid-type]
).model  # fmt: skip


def coverage(plan: Plan, request: HttpRequest, given: Any) -> dict[str, Any]:
    """What a plan proves and what it leaves open: clauses with lines and gaps, things nothing is planned for."""
    found = queries.coverage(plan)
    clauses = [
        {
            "clause_id": one.clause.pk, "code": one.clause.code, "layer": one.layer, "leads": one.leads,
            "covered": one.covered, "gaps": GAP.all(one.gaps),
        }
        for one in found.clauses
    ]  # fmt: skip
    return {
        "clauses": clauses, "places_without_line": found.places.count(), "assets_without_line": found.assets.count(),
    }  # fmt: skip


ask_of(router, PLANS, "coverage", coverage, COVERAGE, [VIEW_PLAN])

CREW = shape(
    "CrewLoad", None, "", crew="crew", task_hours=(Amount, "task_hours"), post_hours=(Amount, "post_hours"),
    needed=(Amount, "needed"), present=(int, "present"), short_by=(Amount, "short_by"),
)  # fmt: skip
POST = shape(
    "PostLoad", None, "", key="post.key", activity="post.activity", heads=(int, "post.heads"), hours=(Amount, "hours"),
    bare=(Amount, "bare"), needed=(Amount, "needed"), fewest=(int, "fewest"),
)  # fmt: skip
CUSTOMARY = shape(
    "Customary", None, "", role="role", amount=(Amount, "amount"), low=(Amount, "low"), high=(Amount, "high"),
    present=(int, "present"), verdict="verdict",
)  # fmt: skip
WORKLOAD = shape(
    "Workload", None, "",
    crews=(list[CREW.model], lambda one: CREW.all(one.crews)),  # type: ignore[name-defined]
    posts=(list[POST.model], lambda one: POST.all(one.posts)),  # type: ignore[name-defined]
    customary=(list[CUSTOMARY.model], lambda one: CUSTOMARY.all(one.customary)),  # type: ignore[name-defined]
    guards=(int, "guards"), round_the_clock_posts=(int, "round_the_clock_posts"),
)  # fmt: skip


def workload(plan: Plan, request: HttpRequest, given: Any) -> dict[str, Any]:
    """Yearly hours and heads per crew and post against the people present on a day (today by default)."""
    return WORKLOAD.of(loads.workload(plan, on=given.on))


ask_of(router, PLANS, "workload", workload, WORKLOAD.model, [VIEW_PLAN], on=(Day | None, None))

DAY = shape(
    "PlanDay", None, "", day=(dt.date, "day"), tasks=(int, "tasks"), minutes=(Amount, "minutes"),
    teams=(dict[str, int], lambda one: dict(one.teams)),
    occasions=(dict[str, int], lambda one: dict(one.occasions)),
)  # fmt: skip


def _span(given: Any) -> tuple[dt.date, dt.date]:
    """The days asked for, the last one included; raises Invalid for too many or none."""
    if not 0 <= (given.end - given.start).days < MOST_DAYS:
        raise Invalid(fields={"end": _("Ask for 1 to 93 days.")})
    return given.start, given.end + dt.timedelta(days=1)


def calendar(plan: Plan, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """What falls due on each day from `start` to `end`; key dates are named."""
    first, behind = _span(given)
    return DAY.all(queries.calendar(plan, start=first, end=behind))


ask_of(router, PLANS, "calendar", calendar, list[DAY.model], [VIEW_PLAN], start=Day, end=Day)  # type: ignore[name-defined]

GANTT = shape(
    "GanttRow", None, "", activity="activity", label=lambda row: str(row.label), team="team", lines=(int, "lines"),
    months=(list[int], lambda row: list(row.months)), hours=(Amount, "hours"),
    cadences=(list[str], lambda row: list(row.cadences)),
)  # fmt: skip


def gantt(plan: Plan, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Activities by team over the months: how many tasks fall due in each."""
    first = given.first or clock.today().replace(day=1)
    return GANTT.all(queries.gantt(plan, first=first, months=given.months))


ask_of(
    router, PLANS, "gantt", gantt, list[GANTT.model], [VIEW_PLAN],  # type: ignore[name-defined]
    first=(Day | None, None), months=(Annotated[int, Field(ge=1, le=36)], 12),
)  # fmt: skip

ZONE = told("MatrixZone", lambda one: one, id=int | None, name=str).model
CELL = told("MatrixCell", lambda one: one, zone_id=int | None, lines=int, per_year=Amount).model
CLAUSE = told("MatrixRow", lambda one: one, clause_id=int, code=str, cells=list[CELL]).model  # type: ignore[valid-type]
MATRIX = told("Matrix", lambda one: one, zones=list[ZONE], rows=list[CLAUSE]).model  # type: ignore[valid-type]


def matrix(plan: Plan, request: HttpRequest, given: Any) -> dict[str, Any]:
    """For each clause and zone how many lines prove it and how often a year; zone null is what belongs to none."""
    found = queries.matrix(plan)
    return {
        "zones": [{"id": pk, "name": str(name)} for pk, name in found.zones],
        "rows": [
            {
                "clause_id": clause.pk,
                "code": clause.code,
                "cells": [
                    {"zone_id": zone, "lines": cell.lines, "per_year": cell.per_year} for zone, cell in cells.items()
                ],
            }
            for clause, cells in found.rows
        ],
    }


ask_of(router, PLANS, "matrix", matrix, MATRIX, [VIEW_PLAN])
OVERFULL = shape(
    "OverfullDay", None, "", staff_id=(int, "staff_id"), day=(dt.date, "day"), minutes=(Amount, "minutes"),
    limit=(Amount, "limit"),
)  # fmt: skip


def overfull(plan: Plan, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """Person-days of a plan that hold more than a shift, the fullest first."""
    first, behind = _span(given)
    return OVERFULL.all(loads.overfull_days(plan, start=first, end=behind))


ask_of(router, PLANS, "overfull-days", overfull, list[OVERFULL.model], [VIEW_PLAN], start=Day, end=Day)  # type: ignore[name-defined]
