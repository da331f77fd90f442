"""Background entry points of findings."""

from datetime import timedelta

from wuyou.domains.quality.actions.findings import count_unexplained, settle_effects
from wuyou.kernel import jobs


@jobs.periodic("quality.settle_effects", daily_at="02:10")
def settle() -> int:
    """Close what did not come back, hand on what did, ask for a look where somebody must."""
    return settle_effects()


@jobs.periodic("quality.count_unexplained", every=timedelta(minutes=15))
def count_again() -> int:
    """Count again what nobody explained in time."""
    return count_unexplained()
