"""Scores of many projects over many months, added up by the database in whole hundredths (spec 12 Dashboards)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db.models import BigIntegerField, Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import Cast, Round, Substr

from wuyou.domains.appraisal.choices import PeriodState, SubjectKind
from wuyou.domains.appraisal.models import Period
from wuyou.domains.appraisal.policies import VIEW
from wuyou.domains.appraisal.rules.overview import Sums, mean_of
from wuyou.domains.org.models import Node, Project
from wuyou.domains.org.queries import projects_visible_to
from wuyou.kernel.actors import Actor

EVERYBODYS = (PeriodState.PUBLISHED, PeriodState.FINAL)
LONGEST_ID = 18
HUNDREDTHS = Cast(Round(F("points") * 100), BigIntegerField())


@dataclass(frozen=True, slots=True)
class MonthMean:
    """One month of many projects: how many were rated, their mean, how many of them met a veto."""

    month: dt.date
    rated: int
    mean: Decimal
    vetoed: int


class Named(NamedTuple):
    """A project and what it is called."""

    pk: int
    code: str
    name: str


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


def project_months(user: Actor) -> QuerySet[Period]:
    """Published months of the projects whose appraisals somebody may see: what everybody there sees."""
    seen = projects_visible_to(user, VIEW).order_by().values("pk")
    return Period.objects.filter(project__in=seen, enrolment__kind=SubjectKind.PROJECT, state__in=EVERYBODYS)


def rated_projects(periods: QuerySet[Period], *, scheme_id: int, node: Node) -> QuerySet[Period]:
    """Of those months the ones of projects below a node under one scheme that have points."""
    below = Project.objects.filter(node__path__startswith=node.path).values("pk")
    return periods.filter(enrolment__scheme_id=scheme_id, project__in=below, points__isnull=False).order_by()


def schemes_in_use(periods: QuerySet[Period]) -> list[tuple[int, str, str]]:
    """Schemes projects were appraised by, the most used first: id, Chinese and English name."""
    named = periods.order_by().values_list(
        "enrolment__scheme_id", "enrolment__scheme__name_zh", "enrolment__scheme__name_en"
    )
    counted = named.annotate(count=Count("pk")).order_by("-count", "enrolment__scheme_id")
    return [(pk, zh, en) for pk, zh, en, _count in counted]


def months_until(last: dt.date, count: int) -> list[dt.date]:
    """First days of `count` months up to and with `last`, the oldest first."""
    ends = last.year * 12 + last.month - 1
    return [dt.date(number // 12, number % 12 + 1, 1) for number in range(ends - count + 1, ends + 1)]


def month_means(rows: QuerySet[Period], count: int) -> list[MonthMean]:
    """The mean of each of the last `count` months that have any, the oldest first; one query."""
    counted = rows.values("month").annotate(
        rated=Count("pk"), total=Sum(HUNDREDTHS), vetoed=Count("pk", filter=Q(is_vetoed=True))
    )
    found = [
        MonthMean(row["month"], row["rated"], mean_of(row["total"], row["rated"]), row["vetoed"])
        for row in counted.order_by("-month")[:count]
    ]
    return found[::-1]


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


def project_sums(rows: QuerySet[Period], months: Sequence[dt.date]) -> dict[Named, Sums]:
    """Every project's months added up, by project; one query."""
    squares = Sum(HUNDREDTHS * HUNDREDTHS, output_field=BigIntegerField())
    within = rows.filter(month__range=(months[0], months[-1])).values("project_id", "project__code", "project__name")
    return {
        Named(row["project_id"], row["project__code"], row["project__name"]): Sums(
            row["rated"], row["total"], int(row["squares"])
        )
        for row in within.annotate(rated=Count("pk"), total=Sum(HUNDREDTHS), squares=squares)
    }


def branch(nodes: QuerySet[Node], wanted: str) -> Node | None:
    """The visible branch of that id, else the highest visible one; one query."""
    chosen = Q(pk=int(wanted)) if wanted.isdecimal() and len(wanted) < LONGEST_ID else Q(pk=None)
    return nodes.order_by(Case(When(chosen, then=0), default=1), "depth", "path").first()


def parent_of(node: Node) -> Node | None:
    """The branch above, None at the top."""
    return Node.objects.filter(path=node.path[: -Node.steplen]).first() if node.depth > 1 else None


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
