"""A database that is locked, restarting or away: the worker waits and goes on."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection

from wuyou.kernel import jobs
from wuyou.kernel.jobs.heart import Hand, Heart
from wuyou.kernel.jobs.models import Worker as Seen
from wuyou.kernel.jobs.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)

LEASE = timedelta(seconds=0.2)


@contextlib.contextmanager
def away(times: int, *, error: type[Exception] = OperationalError) -> Iterator[list[str]]:
    """The database refuses the next statements of this thread; gives those it refused."""
    refused: list[str] = []

    def wrapper(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if len(refused) < times:
            refused.append(sql)
            raise error("out of reach")
        return execute(sql, *rest)

    with connection.execute_wrapper(wrapper):
        yield refused


@pytest.fixture
def worker() -> Worker:
    """A worker that stops by itself once it has done a job."""
    return Worker("w", lease=LEASE, stop=threading.Event())


@pytest.fixture
def stopping(worker: Worker) -> Iterator[None]:
    """The job that stops it."""
    jobs.handler("test.stop")(worker.stop.set)
    jobs.enqueue("test.stop", priority=9)
    yield
    jobs.handlers.forget("test.stop")


@pytest.mark.usefixtures("stopping")
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_worker_waits_for_its_database(worker: Worker, error: type[Exception]) -> None:
    with away(2, error=error) as refused:
        worker.work(burst=False)
    assert len(refused) == 2
    assert worker.count == 1


def test_a_burst_does_not_pretend_to_be_done(worker: Worker) -> None:
    with away(1), pytest.raises(OperationalError):
        worker.work(burst=True)


def test_a_worker_can_leave_without_its_database(worker: Worker) -> None:
    worker.heart.start()
    with away(9) as refused:
        worker.leave()
    assert len(refused) == 1
    assert not worker.heart.is_alive()


def test_a_late_heart_beats_on() -> None:
    heart = Heart("w", Hand(), lease=LEASE)
    beat = heart.beat

    def beat_and_stop() -> None:
        beat()
        heart.stopped.set()

    heart.beat = beat_and_stop  # type: ignore[method-assign]
    with away(2) as refused:
        heart.run()
    assert len(refused) == 2
    assert Seen.objects.get().name == "w"
