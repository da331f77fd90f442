"""What a person does with jobs. The kernel knows no roles: the domain action that calls these checks permission."""

from datetime import timedelta

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Missing
from wuyou.kernel.transactions import action, unit_of_work

from .choices import CLAIMABLE, OVER, State
from .models import Job, Worker

KEPT = timedelta(days=14)


@action
def retry_job(job_id: int, *, by: Actor, chain: str) -> Job:
    """Put a job that was given up or cancelled back in the queue with fresh attempts.

    Raises Missing, and Conflict when it is not over, or the same work is waiting already.
    """
    job = _find(job_id)
    now = clock.now()
    fresh = {"state": State.WAITING, "attempts": 0, "due_at": now, "run_at": now, "worker": "", "finished_at": None}
    try:
        with unit_of_work():
            count = Job.objects.filter(pk=job_id, state__in=(State.DEAD, State.CANCELLED)).update(**fresh)
    except IntegrityError as problem:
        raise Conflict(_("The same work is waiting already.")) from problem
    if count != 1:
        raise Conflict(_("Only a job that was given up or cancelled can be started again."))
    journal.record("jobs.job_retried", chain=chain, by=by, subject=("jobs.job", job.pk, job.name))
    job.refresh_from_db()
    return job


@action
def cancel_job(job_id: int, *, by: Actor, chain: str) -> Job:
    """Cancel a job; one under way is undone when it comes to its end. Raises Missing, and Conflict when it is over."""
    job = _find(job_id)
    count = Job.objects.filter(pk=job_id, state__in=CLAIMABLE).update(state=State.CANCELLED, finished_at=clock.now())
    if count != 1:
        raise Conflict(_("This job is over already."))
    journal.record("jobs.job_cancelled", chain=chain, by=by, subject=("jobs.job", job.pk, job.name))
    job.refresh_from_db()
    return job


@action
def sweep_jobs() -> int:
    """Forget jobs that ended well or were cancelled two weeks ago, and workers that died; gives the number of jobs."""
    before = clock.now() - KEPT
    over = [state for state in OVER if state != State.DEAD]  # those stay until somebody has looked
    count, _per_model = Job.objects.filter(state__in=over, finished_at__lt=before).delete()
    Worker.objects.filter(seen_at__lt=clock.now() - timedelta(days=1)).delete()
    return count


def _find(job_id: int) -> Job:
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise Missing(_("There is no such job."))
    return job
