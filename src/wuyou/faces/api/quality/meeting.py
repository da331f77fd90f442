"""The data of the monthly quality meeting (spec 05, 12: reports)."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.policies.rights import MANAGE_IMPROVEMENT
from wuyou.domains.quality.queries.meeting import meeting, meeting_nodes
from wuyou.domains.quality.rules.meeting import month_of
from wuyou.faces.api.operations import told
from wuyou.faces.api.questions import ask
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import PathId, text
from wuyou.kernel import clock
from wuyou.kernel.errors import Missing
from wuyou.ui.visitor import user_of

from . import router

LEVEL = shape(
    "MeetingLevel", None, "", level="level", count=(int, "count"), mean=(Decimal | None, "mean"),
    lowest=(Decimal | None, "lowest"), vetoed=(int, "vetoed"), mean_before=(Decimal | None, "mean_before"),
)  # fmt: skip
SCORED = shape(
    "MeetingInspection", None, "", id=(int, "pk"), number="number", project_id=(int, "project_id"), level="level",
    day=(dt.date, "day"), score=(Decimal | None, "score"), is_vetoed=(bool, "is_vetoed"),
)  # fmt: skip
DEBT = shape(
    "MeetingDebt", None, "", level="level", first=(dt.date, "coverage.first"), last=(dt.date, "coverage.last"),
    covered=(int, "coverage.covered"), required=(int, "coverage.required"), owed=(int, "coverage.owed"),
    missing_project_ids=(list[int], lambda one: [project.pk for project in one.missing]),
)  # fmt: skip
SEVERITY = shape("MeetingSeverity", None, "", severity="severity", count=(int, "count"), before=(int, "before"))
CLAUSE = shape(
    "MeetingClause", None, "", clause_id=(int | None, lambda one: one.key.pk if one.key else None),
    code=(str, lambda one: one.key.code if one.key else ""), count=(int, lambda one: int(one.count)),
    share=(float, lambda one: round(one.share, 6)), cumulative=(float, lambda one: round(one.cumulative, 6)),
)  # fmt: skip
FINDING = shape(
    "MeetingFinding", None, "", id=(int, "pk"), number="number", project_id=(int, "project_id"), text="text",
    severity="severity", deadline=(dt.datetime, "deadline"), weight=(int, "weight"),
)  # fmt: skip
WORST = shape(
    "MeetingWorst", None, "", finding=(FINDING.model, lambda one: FINDING.of(one.finding)),
    evidence_ids=(list[int], lambda one: [row.pk for row in one.photos]),
)  # fmt: skip
APPEAL = shape(
    "MeetingAppeal", None, "", id=(int, "pk"), number="number", subject_label="subject_label", state="state",
    outcome="outcome",
)  # fmt: skip
IMPROVEMENT = shape(
    "MeetingImprovement", None, "", id=(int, "pk"), number="number", name="name", state="state", metric="metric",
    result=(Any, "result"),
)  # fmt: skip
DECISION = shape(
    "MeetingDecision", None, "", code="code", count=(int, "count"), names=(list[str], lambda one: list(one.names))
)
PACK = told(
    "QualityMeeting", lambda one: one, node_id=int, month=str, made_at=dt.datetime, levels=list[LEVEL.model],  # type: ignore[name-defined]
    inspections=list[SCORED.model], coverage=list[DEBT.model], severities=list[SEVERITY.model],  # type: ignore[name-defined]
    clauses=list[CLAUSE.model], found=int, due=int, kept=int, worst=list[WORST.model],  # type: ignore[name-defined]
    overdue=list[FINDING.model], overdue_count=int, repeats=list[FINDING.model], repeats_count=int,  # type: ignore[name-defined]
    appeals=list[APPEAL.model], improvements=list[IMPROVEMENT.model], decisions=list[DECISION.model],  # type: ignore[name-defined]
).model  # fmt: skip


def pack(request: HttpRequest, given: Any) -> dict[str, Any]:
    """Everything a quality meeting of a node looks at for a month written as 2026-11; states are those of now."""
    user = user_of(request)
    node = meeting_nodes(user).filter(pk=given.node_id).first()
    if node is None:
        raise Missing(_("There is no such node."))
    found = meeting(user, node, month_of(given.month, today=clock.today()))
    return {
        "node_id": node.pk, "month": str(found.month), "made_at": found.made_at, "levels": LEVEL.all(found.levels),
        "inspections": SCORED.all(found.lowest), "coverage": DEBT.all(found.debts),
        "severities": SEVERITY.all(found.severities), "clauses": CLAUSE.all(found.clauses),
        "found": found.handled.found, "due": found.handled.due, "kept": found.handled.kept,
        "worst": WORST.all(found.worst), "overdue": FINDING.all(found.overdue), "overdue_count": found.overdue_count,
        "repeats": FINDING.all(found.repeats), "repeats_count": found.repeats_count,
        "appeals": APPEAL.all(found.appeals), "improvements": IMPROVEMENT.all(found.improvements),
        "decisions": DECISION.all(found.decisions),
    }  # fmt: skip


ask(router, "/quality/meeting", "quality_meeting", pack, PACK, [MANAGE_IMPROVEMENT], node_id=PathId, month=text(10))
