"""Background entry points of work."""

from datetime import timedelta

from django.db import connection

from wuyou.domains.org.models import Project
from wuyou.kernel import clock, jobs
from wuyou.kernel.actors import System

from .actions.following import reconcile
from .actions.generation import HORIZON, generate, is_behind
from .actions.rollups import refresh
from .models import Plan

BY = System("generation")


@jobs.handler("work.generate")
def generate_tasks(project_id: int) -> int:
    """Make a project's obligations for the coming days; what long downtime left follows in further jobs."""
    project = Project.objects.get(pk=project_id)
    until = clock.now() + HORIZON
    count = generate(project, until=until, by=BY)
    if is_behind(project, until=until):
        jobs.enqueue("work.generate", project_id=project_id)
    return count


@jobs.handler("work.reconcile")
def reconcile_plan(project_id: int) -> dict[str, int]:
    """Let a project's plan in force follow what changed under it."""
    return reconcile(Project.objects.get(pk=project_id), by=BY)


@jobs.periodic("work.generate_all", daily_at="01:30")
def generate_all() -> int:
    """Ask for the coming days of every project with a plan in force."""
    ids = Plan.objects.filter(state="published").values_list("project_id", flat=True)
    for project_id in ids:
        jobs.enqueue("work.generate", key=f"work.generate:{project_id}", project_id=project_id)
    return len(ids)


@jobs.periodic("work.count_compliance", every=timedelta(minutes=5), transactional=False)
def count_compliance() -> int:
    """Count anew the days on which tasks changed."""
    return refresh()


@jobs.periodic("work.take_statistics", daily_at="04:10", transactional=False)
def take_statistics() -> None:
    """Count anew how tables are filled, so that SQLite picks the right index; PostgreSQL does it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # two seconds for a million tasks
