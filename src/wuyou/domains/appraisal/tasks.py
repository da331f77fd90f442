"""Background entry points of appraisal."""

from wuyou.kernel import jobs
from wuyou.kernel.actors import System

from .actions.enrolments import open_month
from .actions.rescoring import rescore_stale
from .models import Period
from .queries.periods import newest_month

BY = System("appraisal")


@jobs.handler("appraisal.rescore")
def rescore_project(project_id: int) -> int:
    """Score again what was marked at a project."""
    return rescore_stale(project_id, by=BY)


@jobs.periodic("appraisal.open_months", daily_at="01:10")
def open_months() -> int:
    """Open the last whole month for everybody who is appraised."""
    return open_month(newest_month(), by=BY)


@jobs.periodic("appraisal.sweep_stale", daily_at="03:20")
def sweep() -> int:
    """Ask again for what was marked and not scored: a job that failed for good must not leave a wrong score."""
    projects = sorted(set(Period.objects.filter(is_stale=True).values_list("project_id", flat=True)))
    for project in projects:
        jobs.enqueue("appraisal.rescore", key=f"appraisal.rescore:{project}", project_id=project)
    return len(projects)
