"""What a worker has in hand, and the thread that keeps it: renews leases, hands back what waits behind a slow job."""

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import InterfaceError, OperationalError, connection

from wuyou.kernel import clock

from . import store
from .handlers import find_handler
from .store import Claim

logger = logging.getLogger(__name__)

OUT_OF_REACH = (OperationalError, InterfaceError)  # the database is locked, restarting or away: try again
HAND_BACK_AFTER = 2.0  # seconds a job may keep those claimed with it waiting


@dataclass(slots=True)
class Hand:
    """The jobs a worker has claimed: one under way, the others not begun. Shared with the heart's thread."""

    waiting: deque[Claim] = field(default_factory=deque)
    current: Claim | None = None
    begun: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fill(self, claims: list[Claim]) -> None:
        """Take claims in hand."""
        with self.lock:
            self.waiting.extend(claims)

    def begin(self) -> Claim | None:
        """Begin the next job; None when there is no other."""
        with self.lock:
            self.current = self.waiting.popleft() if self.waiting else None
            self.begun = time.monotonic()
            return self.current

    def let_go(self) -> None:
        """The job under way is over."""
        with self.lock:
            self.current = None

    def seconds(self) -> float:
        """How long the job under way has been running."""
        return time.monotonic() - self.begun if self.current else 0.0

    def held(self) -> list[Claim]:
        """What needs a lease; a job past its time limit loses it."""
        with self.lock:
            current = self.current
            if current and self.seconds() > find_handler(current.name).time_limit.total_seconds():
                current = None
            return [*([current] if current else []), *self.waiting]

    def give_up_waiting(self) -> list[Claim]:
        """Everything not begun, which this worker will then not begin."""
        with self.lock:
            given = list(self.waiting)
            self.waiting.clear()
            return given


class Heart(threading.Thread):
    """Beats while a worker works; a busy database only makes a beat late."""

    def __init__(self, worker: str, hand: Hand, *, lease: timedelta) -> None:
        """`lease` is how long a claim lasts without renewal."""
        super().__init__(name=f"heart of {worker}", daemon=True)
        self.worker, self.hand, self.lease = worker, hand, lease
        self.stopped = threading.Event()
        self.renewed = float("-inf")

    def run(self) -> None:
        """Beat until stopped."""
        pause = min(1.0, self.lease.total_seconds() / 4)
        while not self.stopped.wait(pause):
            try:
                self.beat()
            except OUT_OF_REACH as problem:
                logger.warning("the heart-beat of %s is late: %s", self.worker, problem)
                connection.close()
        connection.close()

    def beat(self) -> None:
        """One beat."""
        if self.hand.waiting and self.hand.seconds() > HAND_BACK_AFTER:
            store.hand_back(self.hand.give_up_waiting(), now=clock.now())
        if time.monotonic() - self.renewed >= self.lease.total_seconds() / 4:
            now = clock.now()
            store.renew(self.hand.held(), until=now + self.lease)
            store.greet(self.worker, now=now)
            self.renewed = time.monotonic()

    def stop(self) -> None:
        """Beat no more; waits for a beat under way."""
        self.stopped.set()
        self.join(timeout=30)
