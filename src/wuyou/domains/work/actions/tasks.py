"""Doing one task: take, give back, finish with proof, not possible (spec 03)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.actions import announce
from wuyou.domains.org.models import User
from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.models import Staff
from wuyou.domains.work import events, policies
from wuyou.domains.work.choices import Review, TaskResult
from wuyou.domains.work.flows.tasks import TASK_FLOW
from wuyou.domains.work.models import Task
from wuyou.domains.work.queries.tasks import is_qualified, sibling_days
from wuyou.domains.work.rules import tasks as rules
from wuyou.kernel import clock, flows, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Denied, Invalid
from wuyou.kernel.transactions import action

from .answers import keep_answers
from .attaching import photos_of
from .problems import Found, open_problem
from .rollups import mark_stale


@dataclass(frozen=True, slots=True)
class Completion:
    """What a person says and shows at the end of a task. `answers` maps an item's code to the value given."""

    note: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)
    scanned: bool = False
    pick_reason: str = ""
    found: Found | None = None
    client_id: uuid.UUID | None = None


@action
def claim_task(task: Task, *, by: Actor) -> Task:
    """Take an open task; of two people one gets it, the other a Conflict (spec 02, Flows)."""
    policies.check_do(by, task)
    staff = staff_of(by)
    refuse_unqualified(task, staff)
    flows.claim(task, TASK_FLOW, "claim", **({"assignee_id": staff.pk} if staff else {}))
    record("work.task_claimed", task, by=by)
    return task


@action
def release_task(task: Task, *, by: Actor) -> Task:
    """Give a task back to the team."""
    policies.check_do(by, task)
    flows.claim(task, TASK_FLOW, "release")
    record("work.task_released", task, by=by)
    return task


@action
def complete_task(task: Task, *, by: Actor, with_: Completion = Completion()) -> Task:
    """Finish a task with the proof its plan line asks for; late is late but may still be done (spec 03).

    Raises Invalid where proof is missing, the task is not open yet or its twin was done today; Conflict when somebody
    else finished it. A repeat with the same `client_id` gives the task as it was finished.
    """
    policies.check_do(by, task)
    if with_.client_id and task.client_id == with_.client_id:
        return task
    refuse_unqualified(task, staff_of(by))
    now = clock.now()
    _check_moment(task)
    photos = photos_of("task", task.pk)
    answered = keep_answers(task, with_.answers, photos=photos, at=now)
    _check_proof(task, with_, rules.Proof(photos=photos, answers=answered, scanned=with_.scanned, note=with_.note))
    flows.claim(
        task,
        TASK_FLOW,
        "complete",
        result=TaskResult.PROBLEM if with_.found else TaskResult.DONE,
        note=with_.note.strip() or with_.pick_reason.strip(),
        done_at=now,
        done_by_id=by.pk if isinstance(by, User) else None,
        scanned_at=now if with_.scanned else None,
        evidence_count=photos,
        review=Review.NONE,
        **({"client_id": with_.client_id} if with_.client_id else {}),
    )
    if with_.found:
        open_problem(task, found=with_.found, by=by)
    finish(task, by=by, verb="work.task_done", late=now >= task.due, photos=photos, answers=answered)
    events.task_done.send(Task, task_id=task.pk)
    tell("task.done", task)
    return task


@action
def skip_task(task: Task, *, by: Actor, skip_reason: str, note: str = "") -> Task:
    """Say that a task is not possible, and why: the reason is a statistic (spec 03)."""
    policies.check_do(by, task)
    if rules.is_too_early(task.opens, clock.now()):
        raise Invalid(_("This task is not open yet."))
    if skip_reason == "other" and not note.strip():
        raise Invalid(fields={"note": _("Say what the reason is.")})
    flows.claim(
        task,
        TASK_FLOW,
        "skip",
        skip_reason=skip_reason,
        note=note.strip(),
        result=TaskResult.NOT_POSSIBLE,
        done_at=clock.now(),
        done_by_id=by.pk if isinstance(by, User) else None,
    )
    finish(task, by=by, verb="work.task_skipped", reason=skip_reason)
    events.task_skipped.send(Task, task_id=task.pk)
    tell("task.skipped", task)
    return task


def staff_of(by: Actor) -> Staff | None:
    """The employment of whoever acts; None for machines and for people who are not staff."""
    return getattr(by, "staff", None) if isinstance(by, User) else None


def refuse_unqualified(task: Task, staff: Staff | None) -> None:
    """Raise Denied when the task demands a licence that this member of staff does not hold today (spec 01)."""
    if staff is not None and task.qualification and not is_qualified(staff, task.qualification, on=clock.today()):
        raise Denied(_("This work demands the licence “%(licence)s”."), licence=task.qualification)


def _check_moment(task: Task) -> None:
    now = clock.now()
    if rules.is_too_early(task.opens, now):
        raise Invalid(_("This task is not open yet."))
    if rules.clashes_with_sibling(clock.local(now).date(), sibling_days(task)):
        raise Invalid(_("This was done today already: the other time belongs on another day."))


MISSING_PROOF: Mapping[str, object] = {
    "photos": _("A photo is needed."),
    "answers": _("A reading is needed."),
    "scanned": _("Scan the point, or say why you picked it by hand."),
    "note": _("A record in words is needed."),
}


def _check_proof(task: Task, with_: Completion, proof: rules.Proof) -> None:
    lacking = rules.missing_proof(task.evidence, proof, pick_reason=with_.pick_reason)
    if lacking:
        raise Invalid(fields={lacking: MISSING_PROOF[lacking]})


def finish(task: Task, *, by: Actor, verb: str, **data: object) -> None:
    """Journal what became of a task and mark its day for counting."""
    mark_stale(task.project_id, [task.day])
    record(verb, task, by=by, **data)


def record(verb: str, task: Task, *, by: Actor, **data: object) -> None:
    """Journal an act on one task."""
    subject = ("task", task.pk, task.title)
    journal.record(verb, chain=chain_of(task.project), by=by, subject=subject, data=data)


def tell(event: str, task: Task) -> None:
    """Tell other systems that listen."""
    payload = {"task": task.pk, "title": task.title, "state": task.state, "due": task.due, "done_at": task.done_at}
    announce(event, project=task.project, payload=payload)
