"""Progress of a running job, told outside its transaction so that pages can show it (spec 01).

PostgreSQL takes it by a second connection; SQLite has one writer, so there it is a small file below HOME/run.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .store import Claim, LeaseLost

SECONDS_BETWEEN = 0.25


class Progress(NamedTuple):
    """How far a job is: `done` of `total` steps (0 when the total is unknown) and what it does now."""

    done: int
    total: int
    note: str

    @property
    def percent(self) -> int | None:
        """Whole percent, None when the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else None


Listener = Callable[[Progress], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Hand every report made inside this block to `listener`: a worker, a progress bar, a test."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def report(*, done: int, total: int = 0, note: str = "") -> None:
    """Say how far the work under way is; nobody need be listening. Raises LeaseLost when the job was cancelled."""
    listener = _listener.get()
    if listener is not None:
        listener(Progress(done, total, note))


@dataclass(slots=True)
class Teller:
    """Writes the progress of one job, a few times a second at most."""

    job: Claim
    told_at: float = 0.0
    own: list[Any] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        """Write it unless the last writing was a moment ago; the last step is always written.

        Raises LeaseLost when the job is no longer ours: no need to go on.
        """
        moment = time.monotonic()
        if moment - self.told_at < SECONDS_BETWEEN and progress.done != progress.total:
            return
        self.told_at = moment
        if connection.vendor == "postgresql":
            self._to_database(progress)
        else:
            _to_file(self.job.id, progress)
            if not connection.in_atomic_block:  # else nobody can have cancelled it: we are the one writer
                self._check(connection)

    def _to_database(self, progress: Progress) -> None:
        if not self.own:
            self.own.append(connections.create_connection("default"))
        with self.own[0].cursor() as cursor:
            sql = "UPDATE jobs_job SET done = %s, total = %s, note = %s WHERE id = %s AND worker = %s"
            cursor.execute(sql, [progress.done, progress.total, progress.note[:200], self.job.id, self.job.worker])
        self._check(self.own[0])

    def _check(self, db: BaseDatabaseWrapper) -> None:
        with db.cursor() as cursor:
            cursor.execute("SELECT state, worker, attempts FROM jobs_job WHERE id = %s", [self.job.id])
            row = cursor.fetchone()
        # no row: the job itself is not committed yet, its worker runs in the same transaction
        if row and row != ("running", self.job.worker, self.job.attempts):
            raise LeaseLost(self.job.name)

    def close(self) -> None:
        """Leave nothing open and no file behind."""
        while self.own:
            self.own.pop().close()
        if self.told_at:
            _path(self.job.id).unlink(missing_ok=True)


def progress_of(job_id: int) -> Progress:
    """The progress of a job; zeros when it has told none."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT done, total, note FROM jobs_job WHERE id = %s", [job_id])
            return Progress(*(cursor.fetchone() or (0, 0, "")))
    return _from_file(job_id)


def _path(job_id: int) -> Path:
    return Path(settings.HOME) / "run" / f"job-{job_id}.json"


def _to_file(job_id: int, progress: Progress) -> None:
    path = _path(job_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(progress, ensure_ascii=False), encoding="utf8")
    fresh.replace(path)  # a reader sees the old or the new, never half


def _from_file(job_id: int) -> Progress:
    try:
        text = _path(job_id).read_text(encoding="utf8")
    except FileNotFoundError:
        return Progress(0, 0, "")
    return Progress(*json.loads(text))
