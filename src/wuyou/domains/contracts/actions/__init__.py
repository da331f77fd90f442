"""The only writers of contracts (spec 09)."""

from .changes import approve_change, decline_change, propose_change
from .contracts import ContractSpec, change_contract, record_contract, set_promises, set_staffing, terminate_contract
from .loading import load_contract, read_contract_file
from .renewals import alert_renewals

__all__ = [
    "ContractSpec", "alert_renewals", "approve_change", "change_contract", "decline_change", "load_contract",
    "propose_change", "read_contract_file", "record_contract", "set_promises", "set_staffing", "terminate_contract",
]  # fmt: skip
