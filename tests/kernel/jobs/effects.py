"""Jobs with an effect that can be counted, and worker processes that can be killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection

from wuyou.kernel import jobs, journal
from wuyou.kernel.actors import System
from wuyou.kernel.journal.models import Entry

CHAIN = "project:1"
ROOT = Path(__file__).resolve().parents[3]
SCRIPT = """
import django
django.setup()
from datetime import timedelta
from kernel.jobs import effects
from wuyou.kernel import jobs
effects.declare()
jobs.run_worker(lease=timedelta(seconds={lease}))
"""


def declare() -> None:
    """Declare `test.effect`: enters its number in the journal, halfway through taking a moment."""

    def effect(number: int, seconds: float) -> None:
        journal.record("test.half", chain=CHAIN, by=System("test"), subject=("test", number, ""))
        time.sleep(seconds)
        journal.record("test.whole", chain=CHAIN, by=System("test"), subject=("test", number, ""))

    jobs.handler("test.effect", retries=5)(effect)


def effects() -> list[int]:
    """The numbers that took effect, sorted, doubles included."""
    found = Entry.objects.filter(verb="test.whole").values_list("subject_id", flat=True)
    return sorted(int(number) for number in found)


def database_url() -> str:
    """The address of the database of this test, for another process."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    where = connection.settings_dict
    return f"postgres://{where['USER']}:{where['PASSWORD']}@{where['HOST']}:{where['PORT']}/{where['NAME']}"


@contextlib.contextmanager
def worker_process(*, lease: float) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process group of its own, killed at the end whatever happened."""
    environment = os.environ | {
        "WUYOU_DATABASE_URL": database_url(),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]),
    }
    process = subprocess.Popen([sys.executable, "-c", SCRIPT.format(lease=lease)], env=environment, cwd=ROOT)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def wait_until(reached: Callable[[], bool], *, seconds: float) -> float:
    """Wait for something another process does; gives the seconds it took, fails when it does not come."""
    began = time.monotonic()
    while not reached():
        took = time.monotonic() - began
        assert took < seconds, f"not reached within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - began
