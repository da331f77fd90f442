"""Progress is told outside the job's transaction."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from kernel.jobs.conftest import Declare
from wuyou.kernel import clock, jobs
from wuyou.kernel.jobs import store
from wuyou.kernel.jobs.models import Job
from wuyou.kernel.jobs.progress import Progress, Teller
from wuyou.kernel.jobs.worker import LEASE, run_job
from wuyou.kernel.transactions import unit_of_work


@pytest.mark.parametrize(
    ("done", "total", "percent"), [(0, 0, None), (5, 0, None), (0, 3, 0), (1, 3, 33), (3, 3, 100), (4, 3, 100)]
)
def test_percent(done: int, total: int, percent: int | None) -> None:
    assert Progress(done, total, "").percent == percent


def test_nobody_need_listen() -> None:
    jobs.report(done=1, total=2)


def test_reports_go_to_the_inner_listener() -> None:
    outer: list[Progress] = []
    inner: list[Progress] = []
    with jobs.listening(outer.append):
        jobs.report(done=1)
        with jobs.listening(inner.append):
            jobs.report(done=2, total=9, note="rooms")
        jobs.report(done=3)
    assert outer == [Progress(1, 0, ""), Progress(3, 0, "")]
    assert inner == [Progress(2, 9, "rooms")]


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_before_the_job_is_done(declare: Declare) -> None:
    seen: list[Progress] = []

    def long(job_id: int) -> None:
        jobs.report(done=1, total=4, note="房屋")
        jobs.report(done=2, total=4)  # a moment later: not written
        seen.append(jobs.progress_of(job_id))
        jobs.report(done=4, total=4, note="ready")
        seen.append(jobs.progress_of(job_id))

    declare("test.long", long, retries=0)
    number = Job.objects.create(
        name="test.long", args="{}", run_at=clock.now(), due_at=clock.now(), created_at=clock.now(), max_attempts=1
    ).pk
    Job.objects.update(args=json.dumps({"job_id": number}))
    assert jobs.drain() == 1
    assert Job.objects.get().error == ""
    assert seen == [Progress(1, 4, "房屋"), Progress(4, 4, "ready")]


@pytest.mark.django_db(transaction=True)
def test_progress_survives_the_roll_back_of_its_job(declare: Declare, on_sqlite: bool) -> None:
    declare("test.nothing", lambda: None)
    number = jobs.enqueue("test.nothing")
    (claim,) = store.claim("w", now=clock.now(), lease=LEASE, limit=1)
    teller = Teller(claim)
    try:
        with unit_of_work():
            teller(Progress(3, 9, "x"))
            assert jobs.progress_of(number) == Progress(3, 9, "x")
    finally:
        teller.close()
    assert jobs.progress_of(number) == (Progress(0, 0, "") if on_sqlite else Progress(3, 9, "x"))
    assert list((Path(settings.HOME) / "run").glob("job-*")) == []


@pytest.mark.django_db(transaction=True)
def test_a_job_that_reports_notices_that_it_was_cancelled(declare: Declare) -> None:
    steps: list[int] = []

    def long() -> None:
        for step in range(3):
            steps.append(step)
            jobs.report(done=3, total=3)
            Job.objects.update(state="cancelled")

    declare("test.long", long, transactional=False)
    jobs.enqueue("test.long")
    (claim,) = store.claim("w", now=clock.now(), lease=LEASE, limit=1)
    run_job(claim)
    assert steps == [0, 1]
    assert Job.objects.get().state == "cancelled"


@pytest.mark.django_db
def test_a_job_in_a_transaction_not_yet_committed_may_report(declare: Declare) -> None:
    declare("test.report", lambda: jobs.report(done=1, total=1))
    jobs.enqueue("test.report")
    jobs.drain()
    assert Job.objects.get().state == "done"


@pytest.mark.django_db
def test_no_progress_is_zeros() -> None:
    assert jobs.progress_of(404) == Progress(0, 0, "")
