"""Keeping the counts of compliance: acts mark their day stale, rebuilding replaces a day's rows set-wise (spec 03)."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection

from wuyou.domains.work.models import ComplianceDay, ComplianceSum, StaleDay
from wuyou.kernel.transactions import action

COUNT = """
INSERT INTO work_complianceday
  (project_id, day, clause_id, zone_id, team_id, staff_id, total, on_time, late, skipped, rejected, pending)
SELECT project_id, day, COALESCE(clause_id, 0), COALESCE(zone_id, 0), COALESCE(team_id, 0), COALESCE(assignee_id, 0),
  COUNT(*),
  SUM(CASE WHEN state = 'done' AND done_at < due THEN 1 ELSE 0 END),
  SUM(CASE WHEN state = 'done' AND done_at >= due THEN 1 ELSE 0 END),
  SUM(CASE WHEN state = 'skipped' THEN 1 ELSE 0 END),
  SUM(CASE WHEN state = 'rejected' THEN 1 ELSE 0 END),
  SUM(CASE WHEN state IN ('open', 'claimed') THEN 1 ELSE 0 END)
FROM work_task
WHERE project_id = %s AND day = %s AND state <> 'withdrawn'
GROUP BY project_id, day, COALESCE(clause_id, 0), COALESCE(zone_id, 0), COALESCE(team_id, 0), COALESCE(assignee_id, 0)
"""

SUM = """
INSERT INTO work_compliancesum (project_id, dimension, day, key, on_time, late, skipped, rejected, pending)
SELECT project_id, '{dimension}', day, {key}, SUM(on_time), SUM(late), SUM(skipped), SUM(rejected), SUM(pending)
FROM work_complianceday
WHERE project_id = %s AND day = %s
GROUP BY project_id, day, {key}
"""
SUMMED = {"clause": "clause_id", "zone": "zone_id", "team": "team_id", "person": "staff_id", "day": "project_id * 0"}


def mark_stale(project_id: int, days: Iterable[dt.date]) -> None:
    """Note that these days of a project must be counted anew; call it inside the act that changed a task."""
    rows = [StaleDay(project_id=project_id, day=day) for day in sorted(set(days))]
    StaleDay.objects.bulk_create(rows, ignore_conflicts=True)


@action
def rebuild_day(project_id: int, day: dt.date) -> None:
    """Count a project's day from its tasks; safe to repeat and safe beside another worker."""
    # the mark goes first: an act that comes in between marks the day again
    StaleDay.objects.filter(project_id=project_id, day=day).delete()
    ComplianceDay.objects.filter(project_id=project_id, day=day).delete()
    # the dimension is named because the index begins with it: else all days of the project would be read
    ComplianceSum.objects.filter(project_id=project_id, dimension__in=list(SUMMED), day=day).delete()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [project_id, day])
        for dimension, key in SUMMED.items():
            cursor.execute(SUM.format(dimension=dimension, key=key), [project_id, day])


def refresh(*, most: int = 1000) -> int:
    """Count up to `most` stale days, each in its own transaction, oldest first; gives how many."""
    stale = list(StaleDay.objects.order_by("day", "project_id").values_list("project_id", "day")[:most])
    for project_id, day in stale:
        rebuild_day(project_id, day)
    return len(stale)
