"""What goes wrong, why, how long it stays wrong, and whether it comes back."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from wuyou.domains.quality.choices import FindingState
from wuyou.domains.quality.models import Finding
from wuyou.kernel import clock
from wuyou.kernel.statistics.ageing import Bucket, buckets
from wuyou.kernel.statistics.intervals import Interval, wilson
from wuyou.kernel.statistics.pareto import Share, pareto

EDGES = (0, 1, 3, 7, 15, 30)  # days
PUT_RIGHT = (FindingState.PROVED, FindingState.VERIFIED, FindingState.CLOSED)


@dataclass(frozen=True, slots=True)
class Handled:
    """Findings of a window, those whose deadline has come, and how they were handled; shares with intervals.

    `in_time` is of those due, `repeated` of those found; None where there is nothing to take a share of.
    """

    found: int
    due: int
    kept: int
    repeats: int
    in_time: Interval | None
    repeated: Interval | None


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as a chart names it."""

    pk: int
    code: str
    subject_name: str
    requirement_zh: str
    requirement_en: str


def pareto_by_clause(findings: QuerySet[Finding]) -> list[Share[Clause | None]]:
    """Findings by clause, most first; None stands for those without a clause."""
    columns = (
        "clause_id", "clause__code", "clause__subject_name", "clause__requirement_zh", "clause__requirement_en",
    )  # fmt: skip
    in_order = F("clause__code").asc(nulls_last=True)  # databases disagree on where nothing comes
    rows = findings.order_by(in_order, *columns).values_list(*columns).annotate(n=Count("pk"))
    return pareto({Clause(*row) if row[0] else None: count for *row, count in rows})


def pareto_by_cause(findings: QuerySet[Finding]) -> list[Share[str]]:
    """Findings with a known cause by its category, most first."""
    rows = findings.filter(correction__isnull=False).exclude(correction__cause="").order_by("correction__cause")
    return pareto(dict(rows.values_list("correction__cause").annotate(n=Count("pk"))))


def ages(still_open: QuerySet[Finding], *, today: dt.date) -> list[Bucket]:
    """Findings not put right yet by the calendar days since they were found."""
    moments = still_open.order_by().values_list("found_at", flat=True)
    return buckets([max((today - clock.local(found).date()).days, 0) for found in moments], edges=EDGES)


def handled(findings: QuerySet[Finding], *, now: dt.datetime) -> Handled:
    """Closure in time and recurrence of findings, with their intervals (Wilson)."""
    due = Q(deadline__lte=now)
    kept = due & Q(correction__proved_at__lte=F("deadline"), state__in=PUT_RIGHT)
    counts = findings.order_by().aggregate(
        found=Count("pk"), due=Count("pk", filter=due), kept=Count("pk", filter=kept),
        repeats=Count("pk", filter=Q(repeat_of__isnull=False)),
    )  # fmt: skip
    return Handled(
        **counts,
        in_time=wilson(counts["kept"], counts["due"]) if counts["due"] else None,
        repeated=wilson(counts["repeats"], counts["found"]) if counts["found"] else None,
    )
