"""What a monthly quality meeting looks at, for a node and a month (spec 05: meeting pack; 12: reports).

Only what the person may see and what was published counts. States are those of now: a pack made later says so.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Min, Q, QuerySet

from wuyou.domains.org.models import Node, User
from wuyou.domains.org.queries import nodes_visible_to
from wuyou.domains.quality.choices import AppealState, ImprovementState, Level, ProposalState
from wuyou.domains.quality.models import Appeal, Finding, Improvement, Inspection, Proposal
from wuyou.domains.quality.policies.rights import MANAGE_IMPROVEMENT
from wuyou.domains.quality.rules.improvement import rounded
from wuyou.domains.quality.rules.meeting import Decision, Month, decisions, named
from wuyou.domains.work.choices import Severity
from wuyou.kernel import clock
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.evidence.queries import evidence_of
from wuyou.kernel.statistics.pareto import Share

from .appeals import appeals_visible_to
from .coverage import Debt, coverage
from .findings import overdue
from .improvement import improvements_visible_to, proposals_visible_to
from .inspections import EVIDENCE_KIND
from .statistics import (
    Charted,
    Clause,
    Handled,
    Window,
    findings_of,
    handled,
    inspections_within,
    looked_at,
    pareto_by_clause,
    pass_rate,
)

CHART_MONTHS = 12
MOST_CLAUSES = 10
MOST_WORST = 6
MOST_LISTED = 30
GRAVE = (Severity.CRITICAL, Severity.MAJOR)


@dataclass(frozen=True, slots=True)
class LevelRow:
    """Inspections of a level in the month: how many, their mean and lowest score, the mean of the month before."""

    level: str
    count: int
    mean: Decimal | None
    lowest: Decimal | None
    vetoed: int
    mean_before: Decimal | None

    @property
    def label(self) -> object:
        """The level in words."""
        return Level(self.level).label


@dataclass(frozen=True, slots=True)
class SeverityRow:
    """Findings of a severity in the month and in the month before."""

    severity: str
    count: int
    before: int

    @property
    def label(self) -> object:
        """The severity in words."""
        return Severity(self.severity).label


@dataclass(frozen=True, slots=True)
class Worst:
    """A grave finding with the photos of what was seen."""

    finding: Finding
    photos: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Everything a meeting looks at."""

    node: Node
    month: Month
    made_at: dt.datetime
    levels: list[LevelRow]
    lowest: list[Inspection]
    debts: list[Debt]
    severities: list[SeverityRow]
    clauses: list[Share[Clause | None]]
    handled: Handled
    worst: list[Worst]
    overdue: list[Finding]
    overdue_count: int
    repeats: list[Finding]
    repeats_count: int
    appeals: list[Appeal]
    improvements: list[Improvement]
    chart: Charted | None
    decisions: list[Decision]


def meeting_nodes(user: User) -> QuerySet[Node]:
    """Nodes whose meeting the person prepares, from the top down."""
    return nodes_visible_to(user, MANAGE_IMPROVEMENT).order_by("path")


def meeting(user: User, node: Node, month: Month) -> Meeting:
    """The meeting pack of a node and a month; the caller has found the node among `meeting_nodes`."""
    below = {"project__node__path__startswith": node.path}
    found = findings_of(user, Window(month.before.first, month.last))  # asked once: who sees what costs queries
    both = found.within.filter(**below)
    start = clock.midnight(month.first)
    within, earlier = both.filter(found_at__gte=start), both.filter(found_at__lt=start)
    year = inspections_within(user, _year_to(month)).filter(**below)
    late = overdue(found.still_open.filter(**below)).select_related("project", "owner").order_by("deadline", "pk")
    repeats = within.filter(repeat_of__isnull=False).select_related("project", "place").order_by("-weight", "pk")
    inspections = _scored(year, month)
    pack = Meeting(
        node=node,
        month=month,
        made_at=clock.now(),
        levels=_levels(inspections, _scored(year, month.before)),
        lowest=list(inspections.filter(score__isnull=False).order_by("score", "pk")[:MOST_LISTED]),
        debts=coverage(user, node, min(month.last, clock.today())),
        severities=_severities(within, earlier),
        clauses=pareto_by_clause(within)[:MOST_CLAUSES],
        handled=handled(within, now=clock.now()),
        worst=_worst(within),
        overdue=list(late[:MOST_LISTED]),
        overdue_count=late.count(),
        repeats=list(repeats[:MOST_LISTED]),
        repeats_count=repeats.count(),
        appeals=_appeals(user, node, month),
        improvements=_improvements(user, node, month),
        chart=pass_rate(looked_at(year), by="month"),
        decisions=[],
    )
    return replace(pack, decisions=_decisions(user, pack, late))


def _scored(rows: QuerySet[Inspection], month: Month) -> QuerySet[Inspection]:
    own = rows.filter(day__gte=month.first, day__lte=month.last, second_of__isnull=True)
    return own.select_related("project", "inspector")


def _year_to(month: Month) -> Window:
    first = month
    for _step in range(CHART_MONTHS - 1):
        first = first.before
    return Window(first.first, month.last)


def _levels(now: QuerySet[Inspection], before: QuerySet[Inspection]) -> list[LevelRow]:
    earlier = dict(before.order_by().values_list("level").annotate(mean=Avg("score")))
    rows = now.order_by().values_list("level").annotate(
        count=Count("pk"), mean=Avg("score"), lowest=Min("score"), vetoed=Count("pk", filter=Q(is_vetoed=True))
    )  # fmt: skip
    found = {level: rest for level, *rest in rows}
    return [
        LevelRow(level, count, _two(mean), _two(lowest), vetoed, _two(earlier.get(level)))
        for level in Level.values
        if level in found
        for count, mean, lowest, vetoed in [found[level]]
    ]


def _two(mean: Any) -> Decimal | None:
    return None if mean is None else rounded(Decimal(str(mean))).quantize(Decimal("0.01"))


def _severities(now: QuerySet[Finding], before: QuerySet[Finding]) -> list[SeverityRow]:
    counts = [dict(rows.order_by().values_list("severity").annotate(n=Count("pk"))) for rows in (now, before)]
    return [SeverityRow(code, counts[0].get(code, 0), counts[1].get(code, 0)) for code in reversed(Severity.values)]


def _worst(within: QuerySet[Finding]) -> list[Worst]:
    """The gravest findings of the month with photos of what was seen: critical before major, heavy before light."""
    rows = within.filter(severity__in=GRAVE).select_related("project", "clause", "place", "answer")
    order = {code: place for place, code in enumerate(GRAVE)}
    worst = sorted(rows, key=lambda one: (order[Severity(one.severity)], -one.weight, one.pk))[:MOST_WORST]
    answers = evidence_of(EVIDENCE_KIND, [one.answer_id for one in worst if one.answer_id])
    own = evidence_of("finding", [one.pk for one in worst])
    return [Worst(one, [*answers.get(str(one.answer_id), []), *own[str(one.pk)]]) for one in worst]


def _appeals(user: User, node: Node, month: Month) -> list[Appeal]:
    """Appeals filed or decided in the month, and those that are open."""
    start, end = clock.midnight(month.first), clock.midnight(month.following.first)
    during = Q(filed_at__gte=start, filed_at__lt=end) | Q(closed_at__gte=start, closed_at__lt=end)
    rows = appeals_visible_to(user).filter(project__node__path__startswith=node.path, filed_at__lt=end)
    found = rows.filter(during | Q(state=AppealState.FILED)).select_related("project").prefetch_related("stages")
    return list(found.order_by("filed_at", "pk")[:MOST_LISTED])


def _improvements(user: User, node: Node, month: Month) -> list[Improvement]:
    """Projects that were worked on in the month."""
    start, end = clock.midnight(month.first), clock.midnight(month.following.first)
    rows = improvements_visible_to(user).filter(node__path__startswith=node.path, made_at__lt=end)
    during = rows.exclude(state=ImprovementState.DROPPED).filter(Q(closed_at__isnull=True) | Q(closed_at__gte=start))
    found = during.select_related("node", "owner").prefetch_related("measures")
    return list(found.order_by("ends_on", "pk")[:MOST_LISTED])


def _decisions(user: User, pack: Meeting, late: QuerySet[Finding]) -> list[Decision]:
    grave = late.filter(severity__in=GRAVE)
    undecided = [one.number for one in pack.appeals if one.state == AppealState.FILED and one.stuck_at]
    to_judge = [one.number for one in pack.improvements if one.state == ImprovementState.CHECK]
    return decisions([
        named("overdue_grave", grave.values_list("number", flat=True)[:MOST_LISTED], count=grave.count()),
        named("repeated", [one.number for one in pack.repeats], count=pack.repeats_count),
        Decision("owed", sum(debt.coverage.owed for debt in pack.debts)),
        named("without_decider", undecided),
        named("proposals", [one.clause.code for one in _proposals(user, pack.node)]),
        named("to_judge", to_judge),
        named("vetoed", [one.number for one in pack.lowest if one.is_vetoed]),
    ])  # fmt: skip


def _proposals(user: User, node: Node) -> QuerySet[Proposal]:
    rows = proposals_visible_to(user).filter(state=ProposalState.PROPOSED)
    return rows.filter(improvement__node__path__startswith=node.path).order_by("pk")[:MOST_LISTED]
