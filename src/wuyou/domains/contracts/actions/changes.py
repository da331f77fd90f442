"""Changes of scope: proposed with their effect on the fee, approved or declined by the client (spec 09)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from wuyou.domains.contracts import policies
from wuyou.domains.contracts.events import contract_changed
from wuyou.domains.contracts.flows import CHANGE_FLOW
from wuyou.domains.contracts.models import Contract, ContractChange
from wuyou.domains.standards.writing import refuse_long
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.flows import claim
from wuyou.kernel.transactions import action

from .contracts import LARGEST_FEN, record


@action
def propose_change(
    contract: Contract, *, by: Actor, summary: str, effective_on: date, yearly_fee_delta_fen: int = 0
) -> ContractChange:
    """Write down a change before it is agreed; the fee changes by so many fen a year. Raises Denied and Invalid."""
    policies.check_manage(by, contract.project)
    wrong: dict[str, object] = {}
    if not summary.strip():
        wrong["summary"] = _("This is needed.")
    if not contract.starts_on <= effective_on <= contract.ends_on:
        wrong["effective_on"] = _("This day is not within the term of the contract.")
    if abs(yearly_fee_delta_fen) >= LARGEST_FEN:
        wrong["yearly_fee_delta_fen"] = _("This is not an amount.")
    if wrong:
        raise Invalid(fields=wrong)
    refuse_long(ContractChange, {"summary": summary.strip()})
    change = ContractChange.objects.create(
        contract=contract,
        summary=summary.strip(),
        effective_on=effective_on,
        yearly_fee_delta_fen=yearly_fee_delta_fen,
        proposed_by=by.actor_label[:80],
        proposed_at=clock.now(),
    )
    record("change_proposed", contract, by=by, change=change.pk, summary=change.summary, delta_fen=yearly_fee_delta_fen)
    return change


@action
def approve_change(change: ContractChange, *, by: Actor, approved_on: date, reference: str) -> ContractChange:
    """Record that the client approved, when and by which document. Raises Denied, IllegalMove, Conflict and Invalid."""
    policies.check_manage(by, change.contract.project)
    refuse_long(ContractChange, {"reference": reference.strip()})
    claim(change, CHANGE_FLOW, "approve", approved_on=approved_on, reference=reference.strip())
    record("change_approved", change.contract, by=by, change=change.pk, approved_on=approved_on, reference=reference)
    contract_changed.send(Contract, contract_id=change.contract_id)
    return change


@action
def decline_change(change: ContractChange, *, by: Actor, reason: str) -> ContractChange:
    """Record that the client declined, and why. Raises Denied, IllegalMove, Conflict and Invalid."""
    policies.check_manage(by, change.contract.project)
    refuse_long(ContractChange, {"declined_why": reason.strip()})
    claim(change, CHANGE_FLOW, "decline", declined_why=reason.strip())
    record("change_declined", change.contract, by=by, change=change.pk, reason=reason.strip())
    return change
