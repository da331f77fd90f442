"""The ledger of performance bonds: paid in and paid back by hand, charged by consequences; the balance is the sum."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.choices import BondKind
from wuyou.domains.appraisal.models import BondEntry
from wuyou.domains.appraisal.queries.money import bond_balance
from wuyou.domains.appraisal.writing import record
from wuyou.domains.contracts.models import Contract
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.transactions import action, lock

BY_HAND = frozenset({BondKind.DEPOSIT, BondKind.REFUND})


@action
def move_bond(
    contract: Contract, *, kind: str, amount_fen: int, text: str, by: Actor, month: dt.date | None = None
) -> BondEntry:
    """Enter what was paid in or paid back; `amount_fen` is more than 0, the month that of today by default.

    Raises Denied, Invalid for another kind, no amount, no text, or more paid back than there is.
    """
    policies.check_bond(by, contract.project)
    lock(contract)
    wrong: dict[str, object] = {}
    if kind not in BY_HAND:
        wrong["kind"] = _("Only what was paid in or paid back is entered by hand.")
    if amount_fen <= 0:
        wrong["amount"] = _("An amount is more than 0.")
    elif kind == BondKind.REFUND and amount_fen > bond_balance(contract):
        wrong["amount"] = _("This is more than is left of the bond.")
    if not text.strip():
        wrong["text"] = _("Say what it is for.")
    if wrong:
        raise Invalid(fields=wrong)
    row = BondEntry.objects.create(
        contract=contract,
        month=(month or clock.today()).replace(day=1),
        kind=kind,
        amount_fen=amount_fen if kind == BondKind.DEPOSIT else -amount_fen,
        text=text.strip()[:200],
        by_label=by.actor_label[:80],
        at=clock.now(),
    )
    entry = ("contracts.contract", contract.pk, contract.code)
    record("bond_moved", contract.project, entry, by=by, kind=kind, amount_fen=row.amount_fen)
    return row
