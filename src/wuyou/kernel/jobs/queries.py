"""Reads for the jobs page."""

from datetime import timedelta

from django.db.models import QuerySet

from wuyou.kernel import clock

from .choices import State
from .models import Job, Worker
from .store import counts


def counts_by_state() -> dict[str, int]:
    """How many jobs are in each state, zeros included."""
    found = counts()
    return {state: found.get(state, 0) for state in State.values}


def jobs(*, state: str | None = None, name: str | None = None) -> QuerySet[Job]:
    """Jobs, newest first, of a state and a name if given."""
    found = Job.objects.order_by("-id")
    if state:
        found = found.filter(state=state)
    return found.filter(name=name) if name else found


def dead_jobs() -> QuerySet[Job]:
    """Jobs that were given up, the latest first: somebody has to look."""
    return Job.objects.filter(state=State.DEAD).order_by("-finished_at", "-id")


def workers_alive(*, within: timedelta = timedelta(seconds=60)) -> QuerySet[Worker]:
    """Workers seen lately."""
    return Worker.objects.filter(seen_at__gte=clock.now() - within).order_by("name")


def latest_job(name: str, *, key: str) -> Job | None:
    """The newest job of a name under a key: what a page that waits for it watches."""
    return Job.objects.filter(name=name, key=key).order_by("-id").first()
