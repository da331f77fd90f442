"""Finishing many tasks in one act: a stair or zone with common photos, a guard's round, a series of readings."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.org.queries import chain_of
from wuyou.domains.work import events, policies
from wuyou.domains.work.choices import Review, TaskResult, TaskState
from wuyou.domains.work.flows.tasks import TASK_FLOW
from wuyou.domains.work.models import Task
from wuyou.domains.work.rules import tasks as rules
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .answers import keep_common_answers
from .attaching import batch_label, photos_of
from .rollups import mark_stale
from .tasks import MISSING_PROOF, Completion, complete_task, refuse_unqualified, staff_of

WALKING_M_PER_S = 3.0  # two points 400 m apart in 10 s were not both visited


@action
def complete_batch(
    tasks: Sequence[Task],
    *,
    by: Actor,
    note: str = "",
    batch: uuid.UUID | None = None,
    answers: Mapping[str, object] = MappingProxyType({}),
) -> list[Task]:
    """Finish tasks of one project together (a stair, a zone): photos and answers of the batch hold for all of them.

    Gives those that were still to be done; what a colleague finished meanwhile is left alone. Raises Invalid for
    tasks that need proof of their own (readings, scans, certificates) and for a batch without its photo.
    """
    key = batch or uuid.uuid4()
    _check_together(tasks, by=by)
    _check_batch(tasks, key)
    now = clock.now()
    finished = _claim_batch(tasks, key, by=by, note=note)
    keep_common_answers(
        finished, answers, photos=photos_of("batch", key), at=dict.fromkeys((t.pk for t in finished), now)
    )
    project = tasks[0].project
    journal.record(
        "work.tasks_done",
        chain=chain_of(project),
        by=by,
        subject=("batch", key, batch_label(finished)),
        data={"tasks": [task.pk for task in finished], "late": sum(now >= task.due for task in finished)},
    )
    mark_stale(project.pk, [task.day for task in finished])
    events.tasks_done.send(Task, batch=key, task_ids=[task.pk for task in finished])
    return finished


@action
def complete_round(
    tasks: Sequence[Task],
    *,
    by: Actor,
    scans: Mapping[int, dt.datetime],
    note: str = "",
    answers: Mapping[str, object] = MappingProxyType({}),
) -> list[int]:
    """Finish the points of a round by when each was scanned (task id → moment); points not scanned stay open.

    Gives the ids of points reached faster than anybody walks, which the journal keeps (spec 03, Rounds). Raises
    Invalid for a scan outside the round's tasks, before the window or in the future.
    """
    _check_together(tasks, by=by)
    walked = sorted((task for task in tasks if task.pk in scans), key=lambda task: scans[task.pk])
    _check_scans(walked, scans)
    keep_common_answers(walked, answers, photos=0, at=scans)
    key = uuid.uuid4()
    for task in walked:
        rows = Task.objects.filter(pk=task.pk, state__in=TASK_FLOW.transition("complete").sources)
        moment = scans[task.pk]
        rows.update(**_done(by, moment), note=note.strip(), scanned_at=moment, batch=key)
    odd = _odd_points(walked, scans)
    data = {"tasks": [task.pk for task in walked], "too_fast": odd, "missed": len(tasks) - len(walked)}
    subject = ("batch", key, batch_label(tasks))
    journal.record("work.round_done", chain=chain_of(tasks[0].project), by=by, subject=subject, data=data)
    mark_stale(tasks[0].project_id, [task.day for task in walked])
    events.tasks_done.send(Task, batch=key, task_ids=data["tasks"])
    return odd


@action
def complete_series(pairs: Sequence[tuple[Task, Completion]], *, by: Actor) -> int:
    """Finish many tasks each with its own answers, all or none: a meter round typed in one go. Gives how many."""
    for task, completion in pairs:
        complete_task(task, by=by, with_=completion)
    return len(pairs)


def _check_together(tasks: Sequence[Task], *, by: Actor) -> None:
    if not tasks:
        raise Invalid(fields={"tasks": _("Choose at least one task.")})
    if len({task.project_id for task in tasks}) > 1:
        raise Invalid(fields={"tasks": _("Tasks of one project go together.")})
    for task in tasks:
        policies.check_do(by, task)
    for one in {task.qualification: task for task in tasks}.values():
        refuse_unqualified(one, staff_of(by))


def _check_scans(walked: Sequence[Task], scans: Mapping[int, dt.datetime]) -> None:
    if len(walked) != len(scans):
        raise Invalid(fields={"scans": _("A scan belongs to none of these points.")})
    if any(rules.is_too_early(task.opens, scans[task.pk]) for task in walked):
        raise Invalid(_("This task is not open yet."))
    if any(moment > clock.now() for moment in scans.values()):
        raise Invalid(fields={"scans": _("A scan lies in the future.")})


def _odd_points(walked: Sequence[Task], scans: Mapping[int, dt.datetime]) -> list[int]:
    located = [task for task in walked if task.place and task.place.x is not None and task.place.y is not None]
    positions = [(float(task.place.x or 0), float(task.place.y or 0)) for task in located if task.place]
    moments = [scans[task.pk] for task in located]
    return [located[i].pk for i in rules.is_suspicious(moments, positions, most_m_per_s=WALKING_M_PER_S)]


def _done(by: Actor, moment: dt.datetime) -> dict[str, object]:
    return {
        "state": TaskState.DONE,
        "result": TaskResult.DONE,
        "done_at": moment,
        "done_by_id": by.pk if isinstance(by, User) else None,
        "review": Review.NONE,
    }


def _check_batch(tasks: Sequence[Task], key: uuid.UUID) -> None:
    if any(task.evidence not in rules.BATCH_EVIDENCE for task in tasks):
        raise Invalid(fields={"tasks": _("Tasks with readings, scans or certificates are finished one by one.")})
    if any(rules.is_too_early(task.opens, clock.now()) for task in tasks):
        raise Invalid(_("This task is not open yet."))
    wants_photo = any(task.evidence == "photo" for task in tasks)
    if wants_photo and not photos_of("batch", key):
        raise Invalid(fields={"photos": MISSING_PROOF["photos"]})


def _claim_batch(tasks: Sequence[Task], key: uuid.UUID, *, by: Actor, note: str) -> list[Task]:
    mine = Task.objects.filter(pk__in=[task.pk for task in tasks], state__in=TASK_FLOW.transition("complete").sources)
    mine.update(**_done(by, clock.now()), note=note.strip(), evidence_count=photos_of("batch", key), batch=key)
    rows = Task.objects.filter(batch=key, pk__in=[task.pk for task in tasks])
    finished = list(rows.select_related("sheet_version").order_by("pk"))
    if not finished:
        raise Conflict(_("Somebody else has finished these tasks."))
    return finished
