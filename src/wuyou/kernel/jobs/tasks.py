"""The kernel's own periodic jobs."""

from wuyou.kernel.idempotency import sweep_keys
from wuyou.kernel.journal.sealing import seal_due_days

from .actions import sweep_jobs
from .handlers import periodic


@periodic("jobs.sweep", daily_at="03:30")
def sweep() -> int:
    """Forget old jobs."""
    return sweep_jobs()


@periodic("journal.seal", daily_at="00:10")
def seal() -> int:
    """Seal every finished day (spec 02)."""
    return seal_due_days()


@periodic("idempotency.sweep", daily_at="03:35")
def sweep_idempotency() -> int:
    """Forget old idempotency keys."""
    return sweep_keys()
