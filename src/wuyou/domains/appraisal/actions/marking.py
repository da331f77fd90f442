"""Marking months whose sources have changed, so that a job scores them again (spec 05, Appeal; 06)."""

import datetime as dt

from django.db.models import Q, QuerySet

from wuyou.domains.appraisal.choices import PeriodState
from wuyou.domains.appraisal.models import Period, SchemeVersion
from wuyou.domains.appraisal.queries.schemes import value_of
from wuyou.kernel import jobs
from wuyou.kernel.transactions import action

LONGEST_WINDOW = 12  # months a component may look back


@action
def mark_stale(rows: QuerySet[Period], *, reason: str, cause: tuple[str, int]) -> int:
    """Mark months that were computed, and ask for one job per project; gives how many. Call it inside the act."""
    kind, pk = cause
    computed = rows.exclude(state=PeriodState.OPEN)
    projects = sorted(set(computed.values_list("project_id", flat=True)))
    count = computed.update(is_stale=True, stale_because=reason[:300], stale_cause_kind=kind[:40], stale_cause_id=pk)
    for project in projects:
        jobs.enqueue("appraisal.rescore", key=f"appraisal.rescore:{project}", project_id=project)
    return count


def months_reading(project_id: int, day: dt.date) -> QuerySet[Period]:
    """The months of a project whose components may have looked at a day: its own, and those that look back to it."""
    first = day.replace(day=1)
    last = first
    for _ in range(_longest(project_id) - 1):
        last = (last + dt.timedelta(days=31)).replace(day=1)
    return Period.objects.filter(Q(month__gte=first, month__lte=last), project=project_id)


def _longest(project_id: int) -> int:
    """The longest look-back of the schemes in use at a project."""
    used = SchemeVersion.objects.filter(periods__project=project_id).distinct()
    windows = [part.source.months for version in used for part in value_of(version).components()]
    return min(LONGEST_WINDOW, max(windows, default=1))
