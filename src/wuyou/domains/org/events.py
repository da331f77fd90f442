"""What the organisation announces; receivers run in the same transaction."""

from django.dispatch import Signal

project_added = Signal()  # project_id
project_closed = Signal()  # project_id
role_granted = Signal()  # assignment_id
user_deactivated = Signal()  # user_id
