"""Background entry points."""

from datetime import timedelta

from wuyou.kernel import jobs

from .actions import BATCH, escalate_due, recompute_service_clocks
from .calendars import RECOMPUTE


@jobs.periodic("clocks.escalate_due", every=timedelta(minutes=1), transactional=False)
def sweep() -> int:
    """Announce what clocks have reached, in batches that commit one by one; gives how many clocks had news."""
    total = found = escalate_due()
    while found == BATCH:
        found = escalate_due()
        total += found
    return total


@jobs.handler(RECOMPUTE)
def recompute() -> int:
    """Follow a change of the table of days."""
    return recompute_service_clocks()
