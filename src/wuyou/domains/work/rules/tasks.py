"""Pure rules of doing tasks: when is late, what proof is asked, who may, what a day can hold (spec 03)."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

OPEN_STATES = frozenset({"open", "claimed"})
DUE_SOON = dt.timedelta(minutes=60)
MOST_MINUTES = Decimal(480)  # a day's work
BATCH_EVIDENCE = frozenset({"", "photo", "log"})  # what can be proven for many tasks by common photos


class Timing(StrEnum):
    """Where a task stands against its window at a moment."""

    NOT_YET = "not_yet"
    NOW = "now"
    DUE_SOON = "due_soon"
    LATE = "late"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    OFF = "off"  # skipped, rejected or withdrawn: the clock no longer says anything


class Outcome(StrEnum):
    """How compliance counts a task."""

    ON_TIME = "on_time"
    LATE = "late"
    SKIPPED = "skipped"
    REJECTED = "rejected"
    PENDING = "pending"
    WITHDRAWN = "withdrawn"


def timing(
    *, state: str, opens: dt.datetime, due: dt.datetime, done_at: dt.datetime | None, now: dt.datetime
) -> Timing:
    """Where a task stands at `now`; computed on read, so late shows late even when no job has run (spec 02)."""
    if state == "done" and done_at is not None:
        return Timing.DONE_LATE if done_at >= due else Timing.DONE_IN_TIME
    if state not in OPEN_STATES:
        return Timing.OFF
    if now >= due:
        return Timing.LATE
    if now < opens:
        return Timing.NOT_YET
    return Timing.DUE_SOON if due - now <= DUE_SOON else Timing.NOW


def outcome(*, state: str, due: dt.datetime, done_at: dt.datetime | None) -> Outcome:
    """How compliance counts a task: done late is late, whatever followed (spec 03, Compliance)."""
    if state == "done" and done_at is not None:
        return Outcome.LATE if done_at >= due else Outcome.ON_TIME
    if state in OPEN_STATES:
        return Outcome.PENDING
    return Outcome(state)


@dataclass(frozen=True, slots=True)
class Proof:
    """What came with a finished task."""

    photos: int = 0
    answers: int = 0
    scanned: bool = False
    note: str = ""


ASKED_FOR: Mapping[str, str] = {
    "photo": "photos",
    "certificate": "photos",
    "document": "photos",
    "scan": "scanned",
    "reading": "answers",
    "record": "note",
    "log": "note",
}


def missing_proof(evidence: str, proof: Proof, *, pick_reason: str = "") -> str | None:
    """The field of Proof that the demanded evidence lacks, None when it is there.

    A point may be picked by hand with a reason instead of a scan (spec 03: scan, or pick with reason); a reading
    without a sheet is given as a note.
    """
    wanted = ASKED_FOR.get(evidence)
    if wanted is None or getattr(proof, wanted):
        return None
    if wanted == "scanned" and pick_reason.strip():
        return None
    if wanted == "answers" and proof.note.strip():
        return None
    return wanted


def is_too_early(opens: dt.datetime, now: dt.datetime) -> bool:
    """Whether a task is not open yet: work before the window proves nothing about the window."""
    return now < opens


def clashes_with_sibling(day: dt.date, done_days: Iterable[dt.date]) -> bool:
    """Whether "twice a week on any two days" would be done twice on one day."""
    return day in set(done_days)


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has on one day: tasks and minutes."""

    tasks: int
    minutes: Decimal

    @property
    def is_impossible(self) -> bool:
        """More work than a day holds (spec 03: no impossible days)."""
        return self.minutes > MOST_MINUTES


def share_out(minutes: Sequence[Decimal], loads: Mapping[int, Decimal]) -> list[int]:
    """Who takes each task (ids of `loads`, present minutes per person): always the one with the least so far.

    Ties go to the smaller id, so the same input gives the same answer. Raises ValueError without anybody.
    """
    if not loads:
        raise ValueError("nobody to share the work out to")
    now = dict(loads)
    taken = []
    for work in minutes:
        person = min(now, key=lambda who: (now[who], who))
        now[person] += work
        taken.append(person)
    return taken


def sample_for_review(ids: Sequence[int], *, share: Decimal, at_least: int, seed: str) -> list[int]:
    """A reproducible sample of finished tasks for the supervisor: `share` of them, at least `at_least`, in order of id.

    The order of preference is SHA-256 over seed and id, so nobody chooses what is looked at (spec 03).
    """
    wanted = min(len(ids), max(at_least, int(len(ids) * share)))
    ranked = sorted(ids, key=lambda pk: hashlib.sha256(f"{seed}:{pk}".encode()).digest())
    return sorted(ranked[:wanted])


def is_suspicious(
    moments: Sequence[dt.datetime], positions: Sequence[tuple[float, float]], *, most_m_per_s: float
) -> list[int]:
    """Indexes of points reached faster than anybody walks, e.g. two points 400 m apart in 10 s (spec 03, Rounds)."""
    odd = []
    for i in range(1, len(moments)):
        (x0, y0), (x1, y1) = positions[i - 1], positions[i]
        metres = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        seconds = (moments[i] - moments[i - 1]).total_seconds()
        if metres > most_m_per_s * max(seconds, 0.001):
            odd.append(i)
    return odd
