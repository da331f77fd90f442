"""Background entry points of contracts."""

from wuyou.kernel import jobs
from wuyou.kernel.actors import System

from .actions import alert_renewals


@jobs.periodic("contracts.alert_renewals", daily_at="08:00")
def alert_renewals_daily() -> None:
    """Look at the ends of all contracts each morning."""
    alert_renewals(by=System("contracts"))
