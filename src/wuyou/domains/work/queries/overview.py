"""Several projects at a glance: how each keeps its promises and what waits for somebody (spec 11, home)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from wuyou.domains.contracts.queries import renewals_due
from wuyou.domains.org.models import Project
from wuyou.domains.registry.queries.staff import qualifications_expiring
from wuyou.domains.work.choices import PlanState, TaskState
from wuyou.domains.work.models import Plan, Task
from wuyou.domains.work.rules.compliance import Counts
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor

from .compliance import Scope, compliance, projects_with_compliance
from .tasks import OPEN

DAYS = 7


@dataclass(frozen=True, slots=True)
class ProjectGlance:
    """One project: its last seven days, the seven before, and what waits."""

    project: Project
    now: Counts
    before: Counts
    late: int
    rejected: int
    expiring: int  # licences that end within 60 days or have ended
    plan_in_review: int | None  # the plan's id
    renewal: str  # "", 180, 90, 30 or expired


def overview(user: Actor) -> list[ProjectGlance]:
    """The projects whose compliance the user may see, the weakest first (twelve queries, however many projects)."""
    projects = projects_with_compliance(user)
    ids = tuple(project.pk for project in projects)
    last = clock.today()
    now, before = _counts(ids, last), _counts(ids, last - dt.timedelta(days=DAYS))
    tasks = Task.objects.filter(project_id__in=ids)
    late = _by_project(tasks.filter(state__in=OPEN, due__lte=clock.now()))
    rejected = _by_project(tasks.filter(state=TaskState.REJECTED))
    expiring = _pairs(qualifications_expiring(user).order_by().values_list("staff__project_id").annotate(Count("pk")))
    reviews = dict(Plan.objects.filter(project_id__in=ids, state=PlanState.REVIEW).values_list("project_id", "pk"))
    renewals = {row.contract.project_id: row.alert for row in renewals_due(user)}
    rows = [
        ProjectGlance(
            project,
            now.get(project.pk, Counts()),
            before.get(project.pk, Counts()),
            late.get(project.pk, 0),
            rejected.get(project.pk, 0),
            expiring.get(project.pk, 0),
            reviews.get(project.pk),
            renewals.get(project.pk, ""),
        )
        for project in projects
    ]
    return sorted(rows, key=lambda row: (row.now.rate is None, row.now.rate or 0, row.project.code))


def _counts(ids: tuple[int, ...], last: dt.date) -> dict[Any, Counts]:
    scope = Scope(ids, last - dt.timedelta(days=DAYS - 1), last)
    return {row.key: row.counts for row in compliance(scope, by="project")}


def _by_project(rows: QuerySet[Task]) -> dict[int, int]:
    return _pairs(rows.order_by().values_list("project_id").annotate(Count("pk")))


def _pairs(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    return dict(rows)
