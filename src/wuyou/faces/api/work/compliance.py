"""Compliance: the number next to the promise, by clause, zone, team, person, day or project (spec 03)."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.work.policies import VIEW_COMPLIANCE
from wuyou.domains.work.queries import compliance as queries
from wuyou.domains.work.queries.compliance import DIMENSIONS, Scope
from wuyou.domains.work.queries.tasks import readings_of
from wuyou.domains.work.rules.compliance import total as total_of
from wuyou.faces.api.assets import ASSETS
from wuyou.faces.api.operations import told
from wuyou.faces.api.questions import ask, ask_of
from wuyou.faces.api.shapes import Amount, shape
from wuyou.faces.api.values import Day, PathId, one_of
from wuyou.kernel.errors import Invalid, Missing
from wuyou.ui.visitor import user_of

from . import router

MOST_DAYS = 400
COUNTS: dict[str, Any] = {
    **{
        name: (int, f"counts.{name}")
        for name in ("on_time", "late", "not_done", "skipped", "rejected", "waiting", "due")
    },
    "rate": (Amount | None, "counts.rate"),
    "done_rate": (Amount | None, "counts.done_rate"),
}
ROW = shape("ComplianceRow", None, "", key=lambda row: str(row.key), label="label", **COUNTS)
COMPLIANCE = told("Compliance", lambda one: one, rows=list[ROW.model], total=ROW.model).model  # type: ignore[name-defined]


def compliance(request: HttpRequest, given: Any) -> dict[str, Any]:
    """Counts of what fell due between two days, inclusive: in time, late, not done, skipped, rejected."""
    scope = _scope(request, given)
    rows = queries.compliance(scope, by=given.by)
    total = queries.Row("total", "", total_of(row.counts for row in rows))
    return {"rows": ROW.all(rows), "total": ROW.of(total)}


def _scope(request: HttpRequest, given: Any) -> Scope:
    if not 0 <= (given.last - given.first).days < MOST_DAYS:
        raise Invalid(fields={"last": _("Ask for 1 to 400 days.")})
    projects = projects_visible_to(user_of(request), VIEW_COMPLIANCE)
    if given.project_id is not None:
        projects = projects.filter(pk=given.project_id)
    wanted = tuple(projects.values_list("pk", flat=True))
    if not wanted:
        raise Missing(_("There is no such thing, or not for you."))
    parts = {name: getattr(given, f"{name}_id") for name in ("clause", "zone", "team", "person")}
    return Scope(projects=wanted, first=given.first, last=given.last, **parts)


Other = Annotated[int, Field(ge=0, le=2**63 - 1, description="0 for none")]
ask(
    router, "/compliance", "compliance_get", compliance, COMPLIANCE, [VIEW_COMPLIANCE],
    by=one_of(tuple(DIMENSIONS)), first=Day, last=Day, project_id=(PathId | None, None),
    clause_id=(Other | None, None), zone_id=(Other | None, None), team_id=(Other | None, None),
    person_id=(Other | None, None),
)  # fmt: skip
READING = shape(
    "Reading", None, "", task_id=(int, "task_id"), code="item.code", at=(dt.datetime, "at"), number=(Amount, "number"),
    is_implausible=(bool, "is_implausible"),
)  # fmt: skip


def readings(asset: Any, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The latest readings of a device, oldest first."""
    return READING.all(readings_of(asset.pk))


ask_of(router, ASSETS, "readings", readings, list[READING.model], ["assets.view_assets"])  # type: ignore[name-defined]
