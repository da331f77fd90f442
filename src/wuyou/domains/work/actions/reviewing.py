"""The supervisor's word on the evidence of finished tasks (spec 03)."""

from django.db.models import F

from wuyou.domains.work import events, policies
from wuyou.domains.work.choices import Review
from wuyou.domains.work.flows.tasks import TASK_FLOW
from wuyou.domains.work.models import Task
from wuyou.kernel import evidence, flows
from wuyou.kernel.actors import Actor
from wuyou.kernel.transactions import action

from .tasks import finish, record, tell


@action
def accept_evidence(task: Task, *, by: Actor, note: str = "") -> Task:
    """Say that the evidence of a finished task holds."""
    policies.check_review(by, task)
    flows.claim(task, TASK_FLOW, "accept", review=Review.ACCEPTED, review_note=note.strip())
    record("work.evidence_accepted", task, by=by)
    events.evidence_accepted.send(Task, task_id=task.pk)
    return task


@action
def reject_evidence(task: Task, *, by: Actor, review_note: str) -> Task:
    """Say that the evidence does not hold, and why: the task counts as rejected until it is done again, late."""
    policies.check_review(by, task)
    flows.claim(
        task,
        TASK_FLOW,
        "reject",
        review=Review.REJECTED,
        review_note=review_note.strip(),
        rejections=F("rejections") + 1,
    )
    task.refresh_from_db(fields=["rejections"])
    for row in evidence.evidence_of("task", [task.pk])[str(task.pk)]:
        if not row.verdict:
            evidence.review(row, by=by, verdict="rejected", reason=review_note)
    finish(task, by=by, verb="work.evidence_rejected", note=review_note.strip())
    events.evidence_rejected.send(Task, task_id=task.pk)
    tell("task.rejected", task)
    return task
