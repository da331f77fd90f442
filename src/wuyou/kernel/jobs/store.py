"""The queue's SQL, for both databases; every write is conditional, so that it is right with any number of workers."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

ROWS_PER_INSERT = 1000


class LeaseLost(Exception):
    """The job was cancelled or taken over by another worker: what was done for it is undone."""


class Wanted(NamedTuple):
    """A job to be inserted; `args` is JSON text."""

    name: str
    args: str
    key: str | None
    priority: int
    run_at: datetime
    max_attempts: int
    created_at: datetime


class Claim(NamedTuple):
    """A job in a worker's hands; worker and attempt together prove that it is still theirs."""

    id: int
    name: str
    args: str
    attempts: int
    max_attempts: int
    worker: str


_INTO = (
    "INSERT INTO jobs_job (name, args, key, priority, run_at, due_at, max_attempts, created_at,"
    " state, attempts, worker, error, result, done, total, note) VALUES "
)
_MARKS = "(%s, %s, %s, %s, %s, %s, %s, %s, 'waiting', 0, '', '', '', 0, 0, '')"
# the condition reads exactly as in the index, or SQLite does not find it;
# not DO NOTHING: the update locks the waiting twin, so that no worker starts it before our transaction is visible
_SAME_KEY = (
    " ON CONFLICT (key) WHERE key IS NOT NULL AND state = 'waiting' DO UPDATE SET due_at ="
    " CASE WHEN excluded.due_at < jobs_job.due_at THEN excluded.due_at ELSE jobs_job.due_at END RETURNING id"
)
_DUE = (
    "SELECT id, name, args, attempts, max_attempts, state FROM jobs_job"
    " WHERE state IN ('waiting', 'failed', 'running') AND due_at <= %s ORDER BY priority DESC, due_at, id LIMIT %s"
)
_FINISH = (
    "UPDATE jobs_job SET state = 'done', finished_at = %s, result = %s, error = ''"
    " WHERE id = %s AND state = 'running' AND worker = %s AND attempts = %s"
)
_FAIL = (
    "UPDATE jobs_job SET state = %s, finished_at = %s, due_at = %s, error = %s"
    " WHERE id = %s AND state = 'running' AND worker = %s AND attempts = %s"
)
_RENEW = "UPDATE jobs_job SET due_at = %s WHERE id = %s AND state = 'running' AND worker = %s AND attempts = %s"
_HAND_BACK = (
    "UPDATE jobs_job SET due_at = %s, attempts = attempts - 1"
    " WHERE id = %s AND state = 'running' AND worker = %s AND attempts = %s"
)
_CLAIM = (
    "UPDATE jobs_job SET state = 'running', attempts = attempts + 1, worker = %s, started_at = %s, due_at = %s"
    " WHERE id IN (%s)"
)


def _at(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _values(job: Wanted) -> list[Any]:
    run_at = _at(job.run_at)
    return [job.name, job.args, job.key, job.priority, run_at, run_at, job.max_attempts, _at(job.created_at)]


def insert(job: Wanted) -> int:
    """Put a job in the queue, or join the one waiting under the same key; gives the id."""
    with connection.cursor() as cursor:
        cursor.execute(_INTO + _MARKS + _SAME_KEY, _values(job))
        return int(cursor.fetchone()[0])


def insert_many(jobs: Sequence[Wanted]) -> None:
    """Put many jobs without keys in the queue, all or none."""
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(jobs), ROWS_PER_INSERT):
            part = jobs[start : start + ROWS_PER_INSERT]
            cursor.execute(_INTO + ", ".join([_MARKS] * len(part)), [value for job in part for value in _values(job)])


def claim(worker: str, *, now: datetime, lease: timedelta, limit: int) -> list[Claim]:
    """Take up to `limit` due jobs for a worker until `now + lease`.

    Jobs that were tried before are taken one at a time: one that kills its worker must not wear out its neighbours.
    """
    if not _is_any_due(now):
        return []  # SQLite: an idle worker must not take the only write lock
    locking = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUE + locking, [_at(now), limit])
        rows = cursor.fetchall()
        _bury([row for row in rows if row[3] >= row[4]], now=now)
        rows = _first_tries([row for row in rows if row[3] < row[4]])
        if rows:
            update = _CLAIM.replace("(%s)", "(" + ", ".join(["%s"] * len(rows)) + ")")
            cursor.execute(update, [worker, _at(now), _at(now + lease), *(row[0] for row in rows)])
    return [Claim(row[0], row[1], row[2], row[3] + 1, row[4], worker) for row in rows]


def _is_any_due(now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [_at(now), 1])
        return cursor.fetchone() is not None


def _first_tries(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    for position, row in enumerate(rows):
        if row[3] > 0:
            return rows[: max(position, 1)]
    return rows


def _bury(rows: list[tuple[Any, ...]], *, now: datetime) -> None:
    """Give up jobs whose worker died on their last attempt."""
    with connection.cursor() as cursor:
        for row in rows:
            sql = "UPDATE jobs_job SET state = 'dead', finished_at = %s, error = %s WHERE id = %s"
            cursor.execute(sql, [_at(now), "The worker died or lost its lease during the last attempt.", row[0]])


def finish(job: Claim, *, now: datetime, result: str) -> None:
    """Mark a job done, in the transaction of its effect; raises LeaseLost, undoing it, if it is not ours."""
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [_at(now), result, job.id, job.worker, job.attempts])
        if cursor.rowcount != 1:
            raise LeaseLost(job.name)


def fail(job: Claim, *, now: datetime, error: str, retry_at: datetime | None) -> bool:
    """Put a failed job aside until `retry_at`, or give it up when None; False when it is no longer ours."""
    state = "failed" if retry_at else "dead"
    with connection.cursor() as cursor:
        cursor.execute(_FAIL, [state, _at(now), _at(retry_at or now), error, job.id, job.worker, job.attempts])
        return bool(cursor.rowcount == 1)


def renew(jobs: Sequence[Claim], *, until: datetime) -> None:
    """Keep the lease of jobs in hand."""
    with connection.cursor() as cursor:
        for job in jobs:
            cursor.execute(_RENEW, [_at(until), job.id, job.worker, job.attempts])


def hand_back(jobs: Sequence[Claim], *, now: datetime) -> None:
    """Let others take jobs that were not begun; the attempt does not count."""
    with connection.cursor() as cursor:
        for job in jobs:
            cursor.execute(_HAND_BACK, [_at(now), job.id, job.worker, job.attempts])


def take_slot(name: str, *, slot: datetime, first: datetime) -> bool:
    """Whether this caller may start the periodic job of a slot: true once per slot, whatever the number of workers.

    A job not seen before begins as if it had last run at `first`.
    """
    with connection.cursor() as cursor:
        sql = "INSERT INTO jobs_beat (name, slot) VALUES (%s, %s) ON CONFLICT (name) DO NOTHING"
        cursor.execute(sql, [name, _at(first)])
        cursor.execute("UPDATE jobs_beat SET slot = %s WHERE name = %s AND slot < %s", [_at(slot), name, _at(slot)])
        return bool(cursor.rowcount == 1)


def slots() -> dict[str, datetime]:
    """The last slot of every periodic job, as stored: read before taking one, so that idling writes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, slot FROM jobs_beat")
        found = cursor.fetchall()
    return {name: slot if slot.tzinfo else slot.replace(tzinfo=UTC) for name, slot in found}  # SQLite keeps bare UTC


def counts() -> dict[str, int]:
    """How many jobs are in each state that occurs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM jobs_job GROUP BY state")
        return dict(cursor.fetchall())


def greet(worker: str, *, now: datetime) -> None:
    """Say that a worker is alive."""
    with connection.cursor() as cursor:
        sql = (
            "INSERT INTO jobs_worker (name, started_at, seen_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at"
        )
        cursor.execute(sql, [worker, _at(now), _at(now)])


def part(worker: str) -> None:
    """Say that a worker has left in good order."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jobs_worker WHERE name = %s", [worker])
