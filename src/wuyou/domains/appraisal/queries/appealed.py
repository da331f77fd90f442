"""Appraised months that were scored again because of an appeal (spec 05: a void re-scores everything, visibly)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q

from wuyou.domains.appraisal.models import Period, Score
from wuyou.domains.quality.models import Appeal
from wuyou.kernel.actors import Actor

from .periods import periods_visible_to


@dataclass(frozen=True, slots=True)
class MonthRescored:
    """A month with its points before the appeal was decided and after it."""

    period: Period
    before: Decimal | None
    after: Decimal | None
    at: datetime


def months_rescored_by(appeal: Appeal, *, inspections: Collection[int], user: Actor) -> list[MonthRescored]:
    """Visible months scored again since an appeal was decided, by itself or by what it changed.

    `inspections` are those the appeal scored again.
    """
    if appeal.closed_at is None:
        return []
    causes = [
        ("appeal", appeal.pk),
        (appeal.subject_kind, appeal.subject_id),
        *(("inspection", pk) for pk in inspections),
    ]
    because = reduce(or_, (Q(cause_kind=kind, cause_id=pk) for kind, pk in causes))
    rows = Score.objects.filter(because, at__gte=appeal.closed_at, period__in=periods_visible_to(user).order_by())
    first: dict[int, Score] = {}
    for row in rows.select_related("period__enrolment__scheme", "period__enrolment__staff").order_by("pk"):
        first.setdefault(row.period_id, row)
    earlier = _before(first)
    return [MonthRescored(row.period, earlier.get(row.period_id), row.points, row.at) for row in first.values()]


def _before(first: dict[int, Score]) -> dict[int, Decimal | None]:
    """The points of each month just before a score."""
    found: dict[int, Decimal | None] = {}
    for row in Score.objects.filter(period__in=list(first)).order_by("pk").only("period_id", "points"):
        if row.pk < first[row.period_id].pk:
            found[row.period_id] = row.points
    return found
