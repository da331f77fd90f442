"""What appraisal announces; receivers run in the same transaction."""

from django.dispatch import Signal

scheme_issued = Signal()  # version_id
period_disclosed = Signal()  # period_id
period_published = Signal()  # period_id
score_superseded = Signal()  # period_ids, reason
consequence_approved = Signal()  # consequence_id
consequence_reversed = Signal()  # consequence_id
statement_issued = Signal()  # statement_id
