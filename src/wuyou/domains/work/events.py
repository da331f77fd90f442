"""What work announces; receivers run in the same transaction."""

from django.dispatch import Signal

project_bound = Signal()  # binding_id
plan_submitted = Signal()  # plan_id
plan_published = Signal()  # plan_id
tasks_generated = Signal()  # project_id, count
task_done = Signal()  # task_id
tasks_done = Signal()  # batch (UUID), task_ids
task_skipped = Signal()  # task_id
evidence_accepted = Signal()  # task_id
evidence_rejected = Signal()  # task_id
problem_reported = Signal()  # problem_id
problem_moved = Signal()  # problem_id
absence_recorded = Signal()  # absence_id
