"""Attaching photos and documents to tasks and batches before they are finished (spec 02, Evidence)."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, BinaryIO

from django.core.files.base import File

from wuyou.domains.work import policies
from wuyou.domains.work.flows.tasks import TASK_FLOW
from wuyou.domains.work.models import Task
from wuyou.kernel import evidence
from wuyou.kernel.actors import Actor
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.transactions import action


def photos_of(kind: str, subject_id: object) -> int:
    """How many pieces of evidence a task or batch has that no reviewer has rejected."""
    rows = evidence.evidence_of(kind, [subject_id])[str(subject_id)]
    return sum(row.verdict != "rejected" for row in rows)


@action
def attach_evidence(
    task: Task,
    *,
    upload: "File[bytes] | BinaryIO",
    by: Actor,
    kind: str = "photo",
    taken_at: dt.datetime | None = None,
    position: tuple[float, float] | tuple[float, float, float] | None = None,
) -> Evidence:
    """Attach a photo, document or recording to a task before finishing it; raises as kernel.evidence does."""
    policies.check_do(by, task)
    TASK_FLOW.check("complete", task.state)
    subject = ("task", task.pk, task.title)
    return _receive(task, subject, upload=upload, by=by, kind=kind, taken_at=taken_at, position=position)


@action
def attach_to_batch(
    tasks: Sequence[Task], *, batch: uuid.UUID, upload: "File[bytes] | BinaryIO", by: Actor,
    taken_at: dt.datetime | None = None,
) -> Evidence:  # fmt: skip
    """Attach a photo to a batch before finishing it."""
    for task in tasks:
        policies.check_do(by, task)
    subject = ("batch", batch, batch_label(tasks))
    return _receive(tasks[0], subject, upload=upload, by=by, kind="photo", taken_at=taken_at, position=None)


def _receive(task: Task, subject: tuple[str, object, str], *, by: Actor, **given: Any) -> Evidence:
    where = task.place.name if task.place else task.project.name
    return evidence.receive(
        by=by, project_id=task.project_id, subject=subject, watermark=f"{where}\n{by.actor_label}", **given
    )


def batch_label(tasks: Sequence[Task]) -> str:
    """What a batch is called: its first task and how many."""
    return f"{tasks[0].title} … × {len(tasks)}" if len(tasks) > 1 else tasks[0].title
