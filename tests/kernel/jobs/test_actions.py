"""What a person does with jobs, and forgetting old ones."""

from datetime import timedelta

import pytest

from kernel.jobs.conftest import Declare
from wuyou.kernel import clock, jobs
from wuyou.kernel.actors import System
from wuyou.kernel.errors import Conflict, Missing
from wuyou.kernel.jobs.actions import cancel_job, retry_job, sweep_jobs
from wuyou.kernel.jobs.models import Job, Worker
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db

WANG = System("wang")
CHAIN = "node:1"


@pytest.fixture
def job(declare: Declare) -> Job:
    """A waiting job."""
    declare("test.nothing", lambda: None)
    return Job.objects.get(pk=jobs.enqueue("test.nothing", key="k"))


def put(job: Job, **values: object) -> None:
    Job.objects.filter(pk=job.pk).update(**values)


@pytest.mark.parametrize("state", ["dead", "cancelled"])
def test_a_job_that_is_over_can_be_started_again(job: Job, state: str) -> None:
    put(job, state=state, attempts=6, error="old", worker="w")
    again = retry_job(job.pk, by=WANG, chain=CHAIN)
    assert (again.state, again.attempts, again.worker, again.error) == ("waiting", 0, "", "old")
    entry = Entry.objects.get()
    assert (entry.verb, entry.subject_id, entry.actor_id) == ("jobs.job_retried", str(job.pk), "system:wang")
    assert jobs.drain() == 1


@pytest.mark.parametrize("state", ["waiting", "running", "failed", "done"])
def test_other_jobs_cannot(job: Job, state: str) -> None:
    put(job, state=state)
    with pytest.raises(Conflict, match="given up or cancelled"):
        retry_job(job.pk, by=WANG, chain=CHAIN)
    assert Entry.objects.count() == 0


def test_not_beside_the_same_work(job: Job) -> None:
    put(job, state="dead")
    jobs.enqueue("test.nothing", key="k")
    with pytest.raises(Conflict, match="waiting already"):
        retry_job(job.pk, by=WANG, chain=CHAIN)
    assert Job.objects.get(pk=job.pk).state == "dead"


@pytest.mark.parametrize("state", ["waiting", "running", "failed"])
def test_a_job_that_is_not_over_can_be_cancelled(job: Job, state: str) -> None:
    put(job, state=state)
    assert cancel_job(job.pk, by=WANG, chain=CHAIN).state == "cancelled"
    assert Entry.objects.get().verb == "jobs.job_cancelled"
    assert jobs.drain() == 0


@pytest.mark.parametrize("state", ["done", "dead", "cancelled"])
def test_a_job_that_is_over_cannot_be_cancelled(job: Job, state: str) -> None:
    put(job, state=state)
    with pytest.raises(Conflict, match="over already"):
        cancel_job(job.pk, by=WANG, chain=CHAIN)


@pytest.mark.parametrize("act", [retry_job, cancel_job])
def test_no_such_job(act: object) -> None:
    with pytest.raises(Missing):
        act(404, by=WANG, chain=CHAIN)


@pytest.mark.parametrize(
    ("state", "days", "kept"),
    [
        ("done", 15, False),
        ("cancelled", 15, False),
        ("done", 13, True),
        ("dead", 400, True),
        ("failed", 15, True),
    ],
)
def test_only_what_ended_well_long_ago_is_forgotten(job: Job, state: str, days: int, kept: bool) -> None:
    put(job, state=state, finished_at=clock.now() - timedelta(days=days))
    assert sweep_jobs() == (0 if kept else 1)
    assert Job.objects.filter(pk=job.pk).exists() == kept


def test_workers_that_died_are_forgotten() -> None:
    now = clock.now()
    for name, hours in [("dead", 25), ("alive", 1)]:
        Worker.objects.create(name=name, started_at=now, seen_at=now - timedelta(hours=hours))
    sweep_jobs()
    assert Worker.objects.get().name == "alive"
