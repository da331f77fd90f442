"""What quality announces; receivers run in the same transaction."""

from django.dispatch import Signal

campaign_published = Signal()  # campaign_id
inspection_submitted = Signal()  # inspection_id
inspection_published = Signal()  # inspection_id
inspection_rescored = Signal()  # inspection_id, project_id, day
inspection_voided = Signal()  # inspection_id, project_id, day
finding_entered = Signal()  # finding_id
finding_closed = Signal()  # finding_id
finding_voided = Signal()  # finding_id, project_id
appeal_filed = Signal()  # appeal_id, subject_kind, subject_id
appeal_decided = Signal()  # appeal_id, subject_kind, subject_id, outcome, amended_to
