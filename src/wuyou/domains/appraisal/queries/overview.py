"""Scores of many projects over many months, added up by the database in whole hundredths (spec 12 Dashboards)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import BigIntegerField, Count, F, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast, Round, Substr

from wuyou.domains.appraisal.choices import PeriodState, SubjectKind
from wuyou.domains.appraisal.models import Period
from wuyou.domains.appraisal.rules.overview import Sums, mean_of
from wuyou.domains.org.models import Node, Project

KNOWN = (PeriodState.DISCLOSED, PeriodState.PUBLISHED, PeriodState.FINAL)
HUNDREDTHS = Cast(Round(F("points") * 100), BigIntegerField())


@dataclass(frozen=True, slots=True)
class MonthMean:
    """One month of many projects: how many were rated, their mean, how many of them met a veto."""

    month: dt.date
    rated: int
    mean: Decimal
    vetoed: int


@dataclass(frozen=True, slots=True)
class Part:
    """One branch below the node looked at, with its mean of each month (None where nothing was rated)."""

    node: Node
    means: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A project's latest month beside the one before."""

    period_id: int
    project_id: int
    project: str
    points: Decimal
    before: Decimal
    band: str
    is_vetoed: bool

    @property
    def change(self) -> Decimal:
        """Points won or lost."""
        return self.points - self.before


def rated_projects(periods: QuerySet[Period], *, scheme_id: int, node: Node) -> QuerySet[Period]:
    """Of visible months those of projects below a node under one scheme that have points and were made known."""
    return periods.filter(
        enrolment__kind=SubjectKind.PROJECT,
        enrolment__scheme_id=scheme_id,
        project__node__path__startswith=node.path,
        state__in=KNOWN,
        points__isnull=False,
    ).order_by()


def schemes_in_use(periods: QuerySet[Period]) -> list[tuple[int, str, str]]:
    """Schemes projects were appraised by, the most used first: id, Chinese and English name."""
    rows = periods.filter(enrolment__kind=SubjectKind.PROJECT, state__in=KNOWN).order_by()
    named = rows.values_list("enrolment__scheme_id", "enrolment__scheme__name_zh", "enrolment__scheme__name_en")
    counted = named.annotate(count=Count("pk")).order_by("-count", "enrolment__scheme_id")
    return [(pk, zh, en) for pk, zh, en, _count in counted]


def last_month(rows: QuerySet[Period]) -> dt.date | None:
    """The newest month there is."""
    found: dt.date | None = rows.aggregate(last=Max("month"))["last"]
    return found


def months_until(last: dt.date, count: int) -> list[dt.date]:
    """First days of `count` months up to and with `last`, the oldest first."""
    ends = last.year * 12 + last.month - 1
    return [dt.date(number // 12, number % 12 + 1, 1) for number in range(ends - count + 1, ends + 1)]


def month_means(rows: QuerySet[Period], months: Sequence[dt.date]) -> list[MonthMean]:
    """The mean of every month that has any, the oldest first; one query."""
    found = rows.filter(month__range=(months[0], months[-1])).values("month")
    counted = found.annotate(rated=Count("pk"), total=Sum(HUNDREDTHS), vetoed=Count("pk", filter=Q(is_vetoed=True)))
    return [
        MonthMean(row["month"], row["rated"], mean_of(row["total"], row["rated"]), row["vetoed"])
        for row in counted.order_by("month")
    ]


def parts_of(rows: QuerySet[Period], node: Node, months: Sequence[dt.date]) -> list[Part]:
    """The branches below a node with their monthly means, in the order of the tree; two queries."""
    length = len(node.path) + Node.steplen
    found = rows.filter(month__range=(months[0], months[-1])).annotate(part=Substr("project__node__path", 1, length))
    counted = found.values("part", "month").annotate(rated=Count("pk"), total=Sum(HUNDREDTHS)).order_by()
    means: dict[str, dict[dt.date, Decimal]] = defaultdict(dict)
    for row in counted:
        means[row["part"]][row["month"]] = mean_of(row["total"], row["rated"])
    below = Node.objects.filter(path__startswith=node.path, depth=node.depth + 1).order_by("path")
    return [Part(one, tuple(means[one.path].get(month) for month in months)) for one in below if one.path in means]


def project_sums(rows: QuerySet[Period], months: Sequence[dt.date]) -> dict[int, Sums]:
    """Every project's months added up, by project; one query."""
    squares = Sum(HUNDREDTHS * HUNDREDTHS, output_field=BigIntegerField())
    found = rows.filter(month__range=(months[0], months[-1])).values("project_id")
    counted = found.annotate(rated=Count("pk"), total=Sum(HUNDREDTHS), squares=squares)
    return {row["project_id"]: Sums(row["rated"], row["total"], int(row["squares"])) for row in counted}


def parent_of(node: Node) -> Node | None:
    """The branch above, None at the top."""
    return Node.objects.filter(path=node.path[: -Node.steplen]).first() if node.depth > 1 else None


def project_names(projects: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Code and name of projects; one query."""
    rows = Project.objects.filter(pk__in=list(projects)).values_list("pk", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}


def moves(rows: QuerySet[Period], month: dt.date) -> list[Move]:
    """Projects rated in this month and the one before, the greatest fall first; one query."""
    before = months_until(month, 2)[0]
    columns = ("pk", "project_id", "project__name", "month", "points", "band", "is_vetoed")
    found = list(rows.filter(month__in=(before, month)).values_list(*columns))
    earlier = {row[1]: row[4] for row in found if row[3] == before}
    made = [
        Move(pk, project, name, points, earlier[project], band, vetoed)
        for pk, project, name, at, points, band, vetoed in found
        if at == month and project in earlier
    ]
    return sorted(made, key=lambda one: (one.change, one.project))
