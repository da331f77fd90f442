"""Alerts of contracts that end (spec 09: at 180, 90 and 30 days)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.contracts.policies import MANAGE_CONTRACTS
from wuyou.domains.contracts.queries import Renewal, renewals_due
from wuyou.domains.contracts.rules.terms import EXPIRED
from wuyou.domains.org.queries import users_holding
from wuyou.kernel import notify
from wuyou.kernel.actors import Actor
from wuyou.kernel.transactions import action

ENDING = notify.declare(
    "contracts.contract_ending",
    _("Contract ends"),
    title=_("%(name)s ends on %(ends_on)s"),
    body=_("Agree on the renewal with %(client)s, or prepare the handover."),
)


@action
def alert_renewals(*, by: Actor) -> int:
    """Tell who manages each contract that reached 180, 90 or 30 days before its end, or passed it; the number told of.

    Each alert of each end is told once, whatever days the job was down; a renewed contract is not told of.
    """
    due = renewals_due(by)
    for renewal in due:
        _tell(renewal)
    return len(due)


def _tell(renewal: Renewal) -> None:
    contract = renewal.contract
    notify.notify(
        ENDING.event,
        recipients=users_holding(MANAGE_CONTRACTS, contract.project),
        context={"name": contract.name, "ends_on": contract.ends_on, "client": contract.client},
        urgent=renewal.alert == EXPIRED,
        dedupe=f"contract:{contract.pk}:{contract.ends_on}:{renewal.alert}",
    )
