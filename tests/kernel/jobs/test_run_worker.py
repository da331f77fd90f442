"""Workers as they really run: several at once, told to stop, killed."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from kernel.jobs import effects
from kernel.jobs.conftest import Declare
from wuyou.kernel import jobs
from wuyou.kernel.jobs.handlers import forget
from wuyou.kernel.jobs.models import Job, Worker
from wuyou.kernel.journal import verify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def effect() -> Iterator[None]:
    """The handler whose effect is counted."""
    effects.declare()
    yield
    forget("test.effect")


def in_thread(stop: threading.Event | None = None, *, burst: bool = True) -> int:
    try:
        return jobs.run_worker(burst=burst, stop=stop)
    finally:
        connection.close()


@pytest.mark.usefixtures("effect")
def test_a_burst_ends_when_nothing_is_due() -> None:
    jobs.enqueue_many("test.effect", [{"number": number, "seconds": 0} for number in range(5)])
    assert in_thread() >= 5  # the periodic jobs due come along
    assert effects.effects() == [0, 1, 2, 3, 4]
    assert Worker.objects.count() == 0


@pytest.mark.slow
@pytest.mark.usefixtures("effect")
def test_four_workers_do_each_job_once() -> None:
    jobs.enqueue_many("test.effect", [{"number": number, "seconds": 0} for number in range(120)])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: in_thread(), range(4)))
    assert effects.effects() == list(range(120))
    assert Job.objects.exclude(state="done").count() == 0
    assert verify().is_intact


def test_a_worker_told_to_stop_finishes_its_job_and_hands_back_the_others(declare: Declare) -> None:
    begun, stop = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        time.sleep(0.2)

    declare("test.slow", slow)
    jobs.enqueue_many("test.slow", [{}] * 3, priority=1)
    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(in_thread, stop, burst=False)
        assert begun.wait(10)
        stop.set()
        assert worker.result(30) == 1
    states = sorted(Job.objects.filter(name="test.slow").values_list("state", "attempts"))
    assert states == [("done", 1), ("running", 0), ("running", 0)]  # free for the next: the lease has ended
    with ThreadPoolExecutor(1) as pool:
        pool.submit(in_thread).result(30)
    assert Job.objects.filter(name="test.slow", state="done").count() == 3


@pytest.mark.slow
@pytest.mark.usefixtures("effect")
def test_a_killed_worker_loses_and_doubles_nothing() -> None:
    numbers = list(range(200))
    jobs.enqueue_many("test.effect", [{"number": number, "seconds": 0.01} for number in numbers])
    with effects.worker_process(lease=2):
        effects.wait_until(lambda: len(effects.effects()) >= 20, seconds=60)
    left = 200 - len(effects.effects())
    assert left > 0, "the worker was not killed in the middle"
    with effects.worker_process(lease=2), effects.worker_process(lease=2):
        effects.wait_until(lambda: len(effects.effects()) >= 200, seconds=60)
        effects.wait_until(lambda: jobs.counts().get("running", 0) == 0, seconds=10)
    assert effects.effects() == numbers
    assert Job.objects.filter(name="test.effect").exclude(state="done").count() == 0
    assert verify().is_intact


@pytest.mark.slow
@pytest.mark.usefixtures("effect")
def test_a_job_longer_than_its_lease_is_kept_by_the_heart() -> None:
    jobs.enqueue("test.effect", number=1, seconds=2.5)
    lease = timedelta(seconds=1)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _number: _worker_for(lease, seconds=3.5), range(2)))
    job = Job.objects.get(name="test.effect")
    assert (job.state, job.attempts) == ("done", 1)
    assert effects.effects() == [1]


def _worker_for(lease: timedelta, *, seconds: float) -> None:
    stop = threading.Event()
    timer = threading.Timer(seconds, stop.set)
    timer.start()
    try:
        jobs.run_worker(stop=stop, lease=lease)
    finally:
        timer.cancel()
        connection.close()
