"""Inspections with what was checked, passed and found, each table read once, for charts and funnels."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from wuyou.domains.quality.choices import FindingState
from wuyou.domains.quality.models import Inspection, InspectionAnswer
from wuyou.domains.sheets.rules.answers import FAIL, PASS

from .window import GONE


@dataclass(frozen=True, slots=True)
class Looked:
    """One inspection: items that applied, items that passed, findings that stand.

    An item failed while its finding stands; with a finding made void by an appeal it counts as passed.
    """

    pk: int
    number: str
    day: dt.date
    project: int
    code: str
    name: str
    score: Decimal | None
    is_vetoed: bool
    found: int
    checked: int
    passed: int


def looked_at(inspections: QuerySet[Inspection]) -> list[Looked]:
    """Inspections in the order given; second ones are left out."""
    first = inspections.filter(second_of__isnull=True)
    stands = Q(findings__isnull=False) & ~Q(findings__state__in=GONE)
    excused = Q(findings__state=FindingState.VOID, findings__answer__isnull=False)
    rows = first.annotate(
        found=Count("findings", filter=stands), excused=Count("findings", filter=excused)
    ).values_list(
        "pk", "number", "day", "project_id", "project__code", "project__name", "score", "is_vetoed", "found", "excused"
    )
    judged = InspectionAnswer.objects.filter(inspection__in=first.order_by().values("pk"), verdict__in=(PASS, FAIL))
    counted = (
        judged.order_by()
        .values_list("inspection")
        .annotate(checked=Count("pk"), passed=Count("pk", filter=Q(verdict=PASS)))
    )
    counts = {pk: (checked, passed) for pk, checked, passed in counted}
    found = []
    for row in rows:
        checked, passed = counts.get(row[0], (0, 0))
        found.append(Looked(*row[:9], checked, min(passed + row[9], checked)))
    return found
