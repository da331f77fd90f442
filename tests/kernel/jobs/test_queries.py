"""Reads for the jobs page."""

from datetime import timedelta

import pytest

from wuyou.kernel import clock, jobs
from wuyou.kernel.jobs.choices import State
from wuyou.kernel.jobs.models import Job, Worker
from wuyou.kernel.jobs.queries import counts_by_state, dead_jobs, workers_alive
from wuyou.kernel.jobs.queries import jobs as jobs_of

pytestmark = pytest.mark.django_db


def make(state: str, *, name: str = "test.a", ended: int = 0) -> Job:
    now = clock.now()
    return Job.objects.create(
        name=name,
        args="{}",
        state=state,
        run_at=now,
        due_at=now,
        created_at=now,
        max_attempts=6,
        finished_at=now - timedelta(hours=ended),
    )


def test_counts_have_every_state() -> None:
    make("done")
    make("done")
    make("dead")
    assert counts_by_state() == {state: {"done": 2, "dead": 1}.get(state, 0) for state in State.values}
    assert jobs.counts() == {"done": 2, "dead": 1}


def test_the_latest_death_first() -> None:
    old, new = make("dead", ended=5), make("dead", ended=1)
    make("done")
    assert list(dead_jobs()) == [new, old]


def test_lists() -> None:
    first, second, third = make("done"), make("done", name="test.b"), make("dead")
    assert list(jobs_of()) == [third, second, first]
    assert list(jobs_of(state="done")) == [second, first]
    assert list(jobs_of(state="done", name="test.b")) == [second]


def test_the_last_line_of_an_error() -> None:
    assert Job(error="Traceback\n  line\nValueError: no\n").last_error_line == "ValueError: no"
    assert Job().last_error_line == ""


def test_workers_seen_lately() -> None:
    now = clock.now()
    for name, seconds in [("a", 10), ("b", 90)]:
        Worker.objects.create(name=name, started_at=now, seen_at=now - timedelta(seconds=seconds))
    assert [one.name for one in workers_alive()] == ["a"]
    assert [one.name for one in workers_alive(within=timedelta(minutes=5))] == ["a", "b"]
