"""What sheets announce; receivers run in the same transaction."""

from django.dispatch import Signal

sheet_issued = Signal()  # version_id; open tasks keep the version they were opened with
sheet_withdrawn = Signal()  # version_id
