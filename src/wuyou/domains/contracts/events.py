"""What contracts announce; receivers run in the same transaction."""

from django.dispatch import Signal

contract_recorded = Signal()  # contract_id
contract_changed = Signal()  # contract_id; dates, money, terms or staffing
promises_changed = Signal()  # contract_id, version_id: the contract now promises by this version
