"""The worker: takes due jobs, runs each in its own transaction, leaves in good order."""

import contextvars
import json
import logging
import os
import random
import secrets
import socket
import threading
import time
import traceback
from datetime import timedelta
from typing import Any

from django.db import close_old_connections, connection, transaction

from wuyou.kernel import clock
from wuyou.kernel.transactions import unit_of_work

from . import store
from .handlers import Handler, all_periodic, enqueue, find_handler
from .heart import OUT_OF_REACH, Hand, Heart
from .progress import Teller, listening
from .rules import Every, batch_size, pause_before_retry
from .store import Claim, LeaseLost

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)  # a killed worker's jobs wait no longer than this
SHORTEST_NAP, LONGEST_NAP = 0.05, 0.5  # seconds an idle worker sleeps
SECONDS_BETWEEN_BEATS = 1.0
ERROR_LENGTH = 20_000


def run_worker(
    *, burst: bool = False, stop: threading.Event | None = None, lease: timedelta = LEASE, name: str | None = None
) -> int:
    """Work until `stop` is set, or with `burst` until nothing is due; gives the number of jobs run.

    The job under way is finished first; what was claimed and not begun goes back to the queue.
    """
    worker = Worker(name or _name(), lease=lease, stop=stop or threading.Event())
    worker.heart.start()
    try:
        worker.work(burst=burst)
    finally:
        worker.leave()
    return worker.count


def drain(*, limit: int = 10_000) -> int:
    """Run what is due in this thread, without a heart: for tests, the demo and the command line; gives the number."""
    worker, count = _name(), 0
    while count < limit:
        claims = store.claim(worker, now=clock.now(), lease=LEASE, limit=1)
        if not claims:
            break
        run_job(claims[0])
        count += 1
    return count


def _name() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"


class Worker:
    """One worker's state between two looks at the queue."""

    def __init__(self, name: str, *, lease: timedelta, stop: threading.Event) -> None:
        """`stop` is set by whoever wants it to leave."""
        self.name, self.lease, self.stop = name, lease, stop
        self.hand = Hand()
        self.heart = Heart(name, self.hand, lease=lease)
        self.count = 0
        self.seconds_per_job = 0.05
        self.nap = SHORTEST_NAP
        self.beaten = float("-inf")

    def work(self, *, burst: bool) -> None:
        """Look, work or nap, until told to stop; a database out of reach is waited for.

        With `burst` until nothing is due, and a database out of reach is an error.
        """
        while not self.stop.is_set():
            close_old_connections()
            try:
                worked = self.look()
            except OUT_OF_REACH as problem:
                if burst:
                    raise
                logger.warning("%s could not reach the queue, trying again: %s", self.name, problem)
                connection.close()
                worked = False
            if worked:
                self.nap = SHORTEST_NAP
            elif burst:
                return
            else:
                self.stop.wait(self.nap)
                self.nap = min(self.nap * 2, LONGEST_NAP)

    def look(self) -> bool:
        """Start what is due by the clock, take a batch and run it; whether there was any."""
        if time.monotonic() - self.beaten > SECONDS_BETWEEN_BEATS:
            start_periodic()
            self.beaten = time.monotonic()
        limit = batch_size(self.seconds_per_job)
        claims = store.claim(self.name, now=clock.now(), lease=self.lease, limit=limit)
        self.hand.fill(claims)
        while not self.stop.is_set() and (claim := self.hand.begin()):
            run_job(claim)
            self.seconds_per_job += (self.hand.seconds() - self.seconds_per_job) / 10
            self.hand.let_go()
            self.count += 1
        return bool(claims)

    def leave(self) -> None:
        """Give back what was not begun and say good-bye."""
        self.heart.stop()
        try:
            store.hand_back(self.hand.give_up_waiting(), now=clock.now())
            store.part(self.name)
        except OUT_OF_REACH as problem:
            logger.warning("%s leaves without a word, its leases will run out: %s", self.name, problem)


def start_periodic() -> None:
    """Put every periodic job whose slot has come in the queue, once per slot among all workers."""
    now, last = clock.now(), store.slots()
    for one in all_periodic():
        slot = one.rhythm.slot(now)
        if one.name in last and last[one.name] >= slot:
            continue
        # a new interval begins at once, a new daily job at its next time of day
        first = slot - timedelta(seconds=1) if isinstance(one.rhythm, Every) else slot
        with transaction.atomic():
            if store.take_slot(one.name, slot=slot, first=first):
                enqueue(one.name, key=one.name)


def run_job(job: Claim) -> None:
    """Run one claimed job and record how it ended."""
    teller = Teller(job)
    try:
        contextvars.copy_context().run(_attempt, job, teller)
    except LeaseLost:
        logger.warning("job %s %s was cancelled or taken over", job.id, job.name)
    except Exception:  # noqa: BLE001 — whatever a handler raises is kept with the job and shown
        _record_failure(job)
    finally:
        teller.close()


def _attempt(job: Claim, teller: Teller) -> None:
    known = find_handler(job.name)
    with listening(teller):
        if known.transactional:
            with unit_of_work():
                _call_and_finish(known, job)
        else:
            _call_and_finish(known, job)


def _call_and_finish(known: Handler[..., Any], job: Claim) -> None:
    result = known(**json.loads(job.args))
    store.finish(job, now=clock.now(), result="" if result is None else json.dumps(result, ensure_ascii=False))


def _record_failure(job: Claim) -> None:
    error, now = traceback.format_exc()[-ERROR_LENGTH:], clock.now()
    again = job.attempts < job.max_attempts
    pause = pause_before_retry(job.attempts, chance=random.random())  # noqa: S311 — spreads load, guards nothing
    logger.error("job %s %s failed at attempt %s of %s", job.id, job.name, job.attempts, job.max_attempts)
    store.fail(job, now=now, error=error, retry_at=now + pause if again else None)
