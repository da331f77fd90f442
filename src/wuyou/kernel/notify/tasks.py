"""Background entry points of notifications."""

from datetime import timedelta

from wuyou.kernel import jobs

from .actions import deliver_due


@jobs.periodic("notify.deliver", every=timedelta(minutes=1), transactional=False)
def deliver() -> int:
    """Carry out due messages until none is left that can go."""
    sent = 0
    while batch := deliver_due():
        sent += batch
    return sent
