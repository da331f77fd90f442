"""Jobs: small ones with two workers, and two hundred under way when their workers are killed."""

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import date

from bench.report import Row, print_table
from bench.scratch import command, database, environment

SMALL, PLAIN, KILLED, SECONDS_EACH = 4000, 1000, 200, 0.05
ROUNDS = 3  # of small jobs, the best counts: the machine is shared
WORKERS = 2
WORKER = "from bench.jobs import declare; declare(); from wuyou.kernel import jobs; jobs.run_worker()"
DAY = date(2026, 11, 20)


def run(database: str) -> list[Row]:
    """Measure on the database Django is set up with; `database` is the name the rows bear."""
    declare()
    plain, small, put = plain_rate(), small_rate(), enqueue_rate()
    seconds, lost, doubled = after_kill()
    limit = "≥ 1000" if database == "postgresql" else ""
    return [
        Row(f"{database}: enqueue", put, "/s"),
        Row(f"{database}: small jobs, 2 workers", small, "/s", limit, f"{small / plain:.2f} × the bare transactions"),
        Row(f"{database}: after kill -9 of 2 workers, 200 jobs re-run", seconds, "s", "≤ 60"),
        Row(f"{database}: jobs lost by kill -9", lost, "", "≤ 0"),
        Row(f"{database}: effects doubled by kill -9", doubled, "", "≤ 0"),
    ]


def declare() -> None:
    """The handler: counts a series of its own on by one, so that a doubled effect shows as 2."""
    from wuyou.kernel import jobs

    jobs.handler("bench.effect")(effect)


def effect(kind: str, number: int, seconds: float = 0) -> None:
    """One upsert, then perhaps a moment's work in the same transaction."""
    from wuyou.kernel.numbering import next_number

    next_number(kind, f"P{number}", DAY)
    if seconds:
        time.sleep(seconds)


def plain_rate() -> float:
    """The same effect in transactions of its own, one process, no queue: per second."""
    from wuyou.kernel.transactions import unit_of_work

    began = time.perf_counter()
    for number in range(PLAIN):
        with unit_of_work():
            effect("PLAIN", number)
    return PLAIN / (time.perf_counter() - began)


def enqueue_rate() -> float:
    """Single enqueues per second inside one transaction; they are cancelled afterwards."""
    from wuyou.kernel import jobs
    from wuyou.kernel.jobs.models import Job
    from wuyou.kernel.transactions import unit_of_work

    began = time.perf_counter()
    with unit_of_work():
        for number in range(PLAIN):
            jobs.enqueue("bench.effect", kind="NEVER", number=number)
        took = time.perf_counter() - began
        Job.objects.filter(state="waiting").update(state="cancelled")
    return PLAIN / took


def small_rate() -> float:
    """Small jobs per second of two worker processes, from their being asked for to the last being done."""
    from wuyou.kernel.jobs.queries import workers_alive

    with workers(WORKERS):
        wait_until(lambda: workers_alive().count() == WORKERS)
        return max(round_rate(f"SMALL{number}") for number in range(ROUNDS))


def round_rate(kind: str) -> float:
    """One round of small jobs; fails when one is lost or doubled."""
    from wuyou.kernel import jobs

    began = time.perf_counter()
    jobs.enqueue_many("bench.effect", [{"kind": kind, "number": number} for number in range(SMALL)])
    wait_until(lambda: done(kind) >= SMALL)
    took = time.perf_counter() - began
    assert (done(kind), doubled(kind)) == (SMALL, 0)
    return SMALL / took


def after_kill() -> tuple[float, int, int]:
    """Kill two workers in the middle of 200 jobs; seconds until all are re-run, number lost, number doubled."""
    from wuyou.kernel import jobs
    from wuyou.kernel.jobs.models import Job

    arguments = [{"kind": "KILL", "number": number, "seconds": SECONDS_EACH} for number in range(KILLED)]
    jobs.enqueue_many("bench.effect", arguments)
    with workers(WORKERS):
        wait_until(lambda: done("KILL") >= KILLED // 10)
    assert done("KILL") < KILLED
    began = time.perf_counter()
    with workers(WORKERS):
        wait_until(lambda: done("KILL") >= KILLED)
        wait_until(lambda: jobs.counts().get("running", 0) == 0)
        seconds = time.perf_counter() - began
    lost = Job.objects.filter(name="bench.effect").exclude(state__in=("done", "cancelled")).count()
    return seconds, lost, doubled("KILL")


def done(kind: str) -> int:
    """How many jobs of a kind have taken effect."""
    from wuyou.kernel.numbering.models import Counter

    return Counter.objects.filter(prefix=kind).count()


def doubled(kind: str) -> int:
    """How many of them more than once."""
    from wuyou.kernel.numbering.models import Counter

    return Counter.objects.filter(prefix=kind, last__gt=1).count()


@contextlib.contextmanager
def workers(number: int) -> Iterator[None]:
    """Worker processes, killed at the end with no chance to tidy up."""
    processes = [subprocess.Popen(command(WORKER), env=environment()) for _ in range(number)]
    try:
        yield
    finally:
        for process in processes:
            process.send_signal(signal.SIGKILL)
            process.wait()


def wait_until(reached: Callable[[], bool], *, seconds: float = 120) -> None:
    """Look again and again, gently; fails after `seconds`."""
    until = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < until, "not reached in time"
        time.sleep(0.05)


if __name__ == "__main__":
    with database() as vendor:
        print_table(run(vendor))
