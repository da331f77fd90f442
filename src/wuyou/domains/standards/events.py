"""What the library announces; receivers run in the same transaction."""

from django.dispatch import Signal

version_issued = Signal()  # version_id
version_withdrawn = Signal()  # version_id; bindings to it stay readable, whoever plans by it looks for another
subject_edited = Signal()  # subject_id
