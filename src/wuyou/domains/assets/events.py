"""What the equipment ledger announces to the apps above, in the transaction in which it happens; arguments are ids."""

from django.dispatch import Signal

asset_changed = Signal()  # asset_id, project_id: place, category or state are others than before
assets_imported = Signal()  # project_id
