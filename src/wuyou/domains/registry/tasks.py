"""Background entry points of the register."""

from wuyou.domains.org.models import Project
from wuyou.kernel import jobs

from .actions.expiry import warn_expiring


@jobs.periodic("registry.warn_expiring_all", daily_at="07:30")
def warn_expiring_all() -> None:
    """Look at the licences of every open project each morning."""
    for pk in Project.objects.filter(closed_on__isnull=True).values_list("pk", flat=True):
        jobs.enqueue("registry.warn_expiring", project_id=pk, key=f"registry.warn_expiring:{pk}")


@jobs.handler("registry.warn_expiring")
def warn_project(project_id: int) -> None:
    """Warn of one project's licences."""
    warn_expiring(Project.objects.get(pk=project_id))
