"""Tasks: found, taken, finished with proof, handed over, reviewed; many at once (spec 03)."""

import datetime as dt
from typing import Any

from wuyou.domains.org.models import User
from wuyou.domains.registry.models import Staff
from wuyou.domains.work.actions import batches, handing, reviewing
from wuyou.domains.work.actions import tasks as actions
from wuyou.domains.work.actions.problems import Found
from wuyou.domains.work.actions.tasks import Completion
from wuyou.domains.work.choices import Review, Severity, SkipReason, TaskState
from wuyou.domains.work.flows.tasks import TASK_FLOW
from wuyou.domains.work.models import Answer, Task
from wuyou.domains.work.policies import ASSIGN_TASKS, DO_TASKS, VIEW_TASKS
from wuyou.domains.work.queries.day import answers_of, is_timed, scanned_here, with_all
from wuyou.domains.work.queries.tasks import tasks_for_list
from wuyou.domains.work.rules.tasks import Timing
from wuyou.faces.api.operations import Acts, Fields, body, maybe, one, possible, ref, refs, steps, told
from wuyou.faces.api.registry.staff import STAFF
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import extended, shape
from wuyou.faces.api.values import Day, Given, Id, Moment, Uuid, choice, listed, one_of, text
from wuyou.kernel import clock

from . import router

SEE = [VIEW_TASKS, DO_TASKS]
TASK = shape(
    "Task", Task,
    "id project line title activity clause place asset zone team assignee opens due day seq minutes evidence"
    " qualification sheet_version state result skip_reason note done_at done_by batch evidence_count review review_note"
    " rejections client_id",
    place_name=(str | None, "place.name"), asset_name=(str | None, "asset.name"),
    assignee_name=(str | None, "assignee.name"), clause_code=(str | None, "clause.code"),
    steps=possible(TASK_FLOW),
)  # fmt: skip
ANSWER = shape("Answer", Answer, "value number is_implausible at", code="item.code")
TASKS = Resource(
    "tasks",
    TASK,
    tasks_for_list,
    view=SEE,
    filters={
        "project_id": ids("project"),
        "assignee_id": ids("assignee"),
        "team_id": ids("team"),
        "zone_id": ids("zone"),
        "place_id": ids("place"),
        "asset_id": ids("asset"),
        "clause_id": ids("clause"),
        "line_id": ids("line"),
        "activity": Filter(text(40), "activity"),
        "state": Filter(choice(TaskState), "state"),
        "review": Filter(
            one_of(("none", *(code for code in Review.values if code))),
            lambda rows, value: rows.filter(review="" if value == "none" else value),
        ),
        "day": Filter(Day, "day"),
        "day_from": Filter(Day, "day__gte"),
        "day_to": Filter(Day, "day__lte"),
        "is_unassigned": Filter(bool, "assignee__isnull"),
        "timing": Filter(
            one_of([str(word) for word in Timing]), lambda rows, value: rows.filter(is_timed(value, clock.now()))
        ),
    },
    sorts={"due": "due", "opens": "opens", "done_at": "done_at", "day": "day"},
    search=("title",),
    detail=extended(TASK, "TaskDetail", answers=(list[ANSWER.model], lambda task: ANSWER.all(answers_of(task)))),  # type: ignore[name-defined]
    whole=with_all,
)


class FoundGiven(Given):
    """A problem seen: in words, and how grave."""

    text: text(500, least=1)  # type: ignore[valid-type]
    severity: choice(Severity) = Severity.MINOR.value  # type: ignore[valid-type]


ANSWERS: Any = dict[text(40, least=1), text(300)]  # type: ignore[misc]
PROOF: Fields = {
    "note": maybe(text(500)),
    "answers": maybe(ANSWERS),
    "code": maybe(text(300)),  # read from the sticker of the place or device
    "pick_reason": maybe(text(500)),
    "found": maybe(FoundGiven | None),
    "client_id": maybe(Uuid | None),
}


def completion(task: Task, *, by: User, code: str = "", found: FoundGiven | None = None, **given: Any) -> Completion:
    """What is said and shown at the end of a task; a scanned code must be that of its place or device."""
    problem = Found(found.text, found.severity) if found else None
    return Completion(scanned=bool(code) and scanned_here(code, task, by=by), found=problem, **given)


def complete(task: Task, *, by: User, **given: Any) -> Task:
    """Finish a task with the proof its plan line asks for; a repeat with the same client_id changes nothing."""
    return actions.complete_task(task, by=by, with_=completion(task, by=by, **given))


def hand_one_over(task: Task, *, by: User, assignee: Staff, reason: str) -> Task:
    """Give an open task to a member of staff who may do it."""
    TASK_FLOW.check("hand_over", task.state)
    handing.hand_over([task], to=assignee, by=by, reason=reason)
    return task


def withdraw_one(task: Task, *, by: User, note: str) -> Task:
    """Take back an open task that is not needed any more; it counts nowhere."""
    TASK_FLOW.check("withdraw", task.state)
    handing.withdraw_tasks([task], by=by, reason=note)
    return task


TASKS.expose(router)
on_tasks = Acts(router, TASKS, [DO_TASKS])
steps(
    on_tasks,
    TASK_FLOW,
    {
        "claim": (actions.claim_task, {}),
        "release": (actions.release_task, {}),
        "complete": (complete, PROOF),
        "skip": (actions.skip_task, {"skip_reason": choice(SkipReason), "note": maybe(text(500))}),
        "hand_over": (hand_one_over, {"assignee": ref(STAFF), "reason": text(300)}),
        "accept": (reviewing.accept_evidence, {"note": maybe(text(300))}),
        "reject": (reviewing.reject_evidence, {"review_note": text(300)}),
        "withdraw": (withdraw_one, {"note": text(300)}),
    },
)


# --- many at once
def _finished(tasks: list[Task]) -> dict[str, Any]:
    return {"task_ids": [task.pk for task in tasks]}


DONE = told("FinishedTasks", _finished, task_ids=list[int])
on_tasks.free(
    "/tasks/complete-batch", "complete_batch", batches.complete_batch,
    {
        "tasks": refs(TASKS), "note": maybe(text(500)), "batch": maybe(Uuid | None), "answers": maybe(ANSWERS),
    },
    answer=DONE,
)  # fmt: skip


class ScanGiven(Given):
    """A point of a round and when it was scanned."""

    task_id: Id
    scanned_at: Moment


def complete_round(*, scans: list[ScanGiven], by: User, **given: Any) -> list[int]:
    """Finish the points of a round by when each was scanned; gives those reached faster than anybody walks."""
    moments: dict[int, dt.datetime] = {scan.task_id: scan.scanned_at for scan in scans}
    return batches.complete_round(_own(by, list(moments), at="scans"), by=by, scans=moments, **given)


def _own(by: User, wanted: list[int], *, at: str) -> list[Task]:
    return TASKS.of_user(by, wanted, at=at)


on_tasks.free(
    "/tasks/complete-round", "complete_round", complete_round,
    {"scans": listed(ScanGiven), "note": maybe(text(500)), "answers": maybe(ANSWERS)},
    answer=one("RoundFinished", "too_fast_task_ids", list[int]),
)  # fmt: skip
FinishGiven: Any = body("FinishGiven", {"task_id": Id, **PROOF})


def complete_series(*, tasks: list[Any], by: User) -> int:
    """Finish many tasks each with its own answers, all or none: a meter round typed in one go."""
    rows = {task.pk: task for task in _own(by, [one.task_id for one in tasks], at="tasks")}
    pairs = []
    for given in tasks:
        task = rows[given.task_id]
        values = {name: getattr(given, name) for name in given.model_fields_set - {"task_id"}}
        pairs.append((task, completion(task, by=by, **values)))
    return batches.complete_series(pairs, by=by)


on_tasks.free(
    "/tasks/complete-series", "complete_series", complete_series, {"tasks": listed(FinishGiven)},
    answer=one("SeriesFinished", "finished", int),
)  # fmt: skip
on_tasks.free(
    "/tasks/hand-over", "hand_over_many", handing.hand_over,
    {"tasks": refs(TASKS), "to": ref(STAFF), "reason": text(300)}, needs=[ASSIGN_TASKS],
    answer=one("HandedOver", "tasks", int),
)  # fmt: skip
on_tasks.free(
    "/tasks/withdraw", "withdraw_many", handing.withdraw_tasks, {"tasks": refs(TASKS), "reason": text(300)},
    needs=[ASSIGN_TASKS], answer=one("WithdrawnTasks", "tasks", int),
)  # fmt: skip
