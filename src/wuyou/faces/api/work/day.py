"""A working day: my work, the board, figures, what to review, absences (spec 03, 11)."""

import datetime as dt
from dataclasses import asdict, fields
from typing import Any

from django.http import HttpRequest

from wuyou.domains.org.models import Project, User
from wuyou.domains.org.policies import require
from wuyou.domains.registry.models import Staff
from wuyou.domains.work.actions import absence as actions
from wuyou.domains.work.choices import AbsenceKind
from wuyou.domains.work.models import Absence, Task
from wuyou.domains.work.policies import DO_TASKS, MANAGE_ABSENCE, REVIEW_TASKS, VIEW_TASKS, check_manage_absence
from wuyou.domains.work.queries import day as queries
from wuyou.domains.work.queries import tasks as rows
from wuyou.faces.api.operations import Acts, maybe, ref, told
from wuyou.faces.api.org.tree import PROJECTS
from wuyou.faces.api.questions import ask, ask_of
from wuyou.faces.api.registry.staff import STAFF
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import Amount, shape
from wuyou.faces.api.system.journal import ENTRY
from wuyou.faces.api.values import Day, choice, text
from wuyou.kernel import clock
from wuyou.ui.visitor import user_of

from . import router
from .tasks import SEE, TASK, TASKS

TASK_LIST = list[TASK.model]  # type: ignore[name-defined]
GROUP = told("TaskGroup", lambda one: one, key=str, task_ids=list[int]).model
MY_DAY = told(
    "MyDay", lambda one: one, rejected=TASK_LIST, late=TASK_LIST, now=TASK_LIST, later=TASK_LIST, done=int, total=int,
    groups=list[GROUP],  # type: ignore[valid-type]
).model  # fmt: skip


def my_day(request: HttpRequest, given: Any) -> dict[str, Any]:
    """One's own and one's team's work up to tonight: sent back, late, open now, later; groups that go together."""
    found = queries.my_day(user_of(request))
    lists = {name: TASK.all(getattr(found, name)) for name in ("rejected", "late", "now", "later")}
    groups, _ = queries.grouped(found.open_now)
    together = [{"key": one.key, "task_ids": [task.pk for task in one.tasks]} for one in groups]
    return {**lists, "done": found.done, "total": found.total, "groups": together}


ask(router, "/me/day", "me_day", my_day, MY_DAY, [DO_TASKS])


def to_review(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The supervisor's sample of the last two days' finished tasks that nobody has reviewed."""
    return TASK.all(rows.to_review(user_of(request)))


ask(router, "/tasks/to-review", "tasks_to_review", to_review, TASK_LIST, [REVIEW_TASKS])


def history(task: Task, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """What the journal knows of a task and of the batch it was finished in, newest first."""
    return ENTRY.all(queries.history_of(task))


ask_of(router, TASKS, "history", history, list[ENTRY.model], SEE)  # type: ignore[name-defined]
BOARD = shape(
    "BoardRow", None, "", staff_id=(int | None, "staff.pk"), staff_name=(str | None, "staff.name"),
    team_id=(int | None, "team_id"), total=(int, "total"), done=(int, "done"), late=(int, "late"),
    rejected=(int, "rejected"), minutes=(Amount, "load.minutes"), is_absent=(bool, "is_absent"),
)  # fmt: skip


def board(project: Project, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The day of a project per team and person: how much, how far, what is late, who is away."""
    require(user_of(request), VIEW_TASKS, project)
    return BOARD.all(rows.board(project, given.day or clock.today()))


ask_of(router, PROJECTS, "board", board, list[BOARD.model], [VIEW_TASKS], day=(Day | None, None))  # type: ignore[name-defined]
FIGURES = told(
    "DayFigures", lambda one: one, project_id=int, **{field.name: int for field in fields(queries.DayFigures)}
).model


def figures(request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The day of every project whose tasks one may see: all, done, late, sent back, unassigned, away, problems."""
    found = queries.day_figures(queries.projects_of_day(user_of(request)), given.day or clock.today())
    return [{"project_id": pk, **asdict(one)} for pk, one in found.items()]


ask(router, "/day-figures", "day_figures", figures, list[FIGURES], [VIEW_TASKS], day=(Day | None, None))  # type: ignore[valid-type]

# --- absences
ABSENCES = Resource(
    "absences",
    shape("Absence", Absence, "id staff kind starts_on ends_on note cancelled_at", staff_name="staff.name"),
    lambda user: rows.absences_visible_to(user).select_related("staff__team", "staff__project__node"),
    view=[VIEW_TASKS],
    filters={
        "staff_id": ids("staff"), "project_id": ids("staff__project"), "kind": Filter(choice(AbsenceKind), "kind"),
        "on": Filter(Day, lambda found, day: found.filter(starts_on__lte=day, ends_on__gte=day)),
    },
    sorts={"starts_on": "starts_on"},
)  # fmt: skip
TAKEN = told("TakenOver", lambda one: one, staff_id=int, tasks=int).model
ABSENCES.expose(router)
on_absences = Acts(router, ABSENCES, [MANAGE_ABSENCE])


def _shared(taken: dict[Staff, int], left_open: int) -> dict[str, Any]:
    people = [{"staff_id": person.pk, "tasks": count} for person, count in taken.items()]
    return {"taken": people, "left_open": left_open}


def add_absence(*, staff: Staff, by: User, **given: Any) -> actions.Reassigned:
    """Record an absence (days inclusive) and share the open tasks of those days out among present colleagues."""
    return actions.record_absence(staff, by=by, **given)


def preview(*, staff: Staff, by: User, starts_on: dt.date, ends_on: dt.date) -> actions.Share:
    """Who would take the open tasks of somebody's days; nothing is written."""
    check_manage_absence(by, staff.project)
    return actions.share_of(staff, starts_on, ends_on)


on_absences.free(
    "/absences", "add", add_absence,
    {
        "staff": ref(STAFF), "kind": choice(AbsenceKind), "starts_on": Day, "ends_on": Day, "note": maybe(text(200)),
    },
    status=201,
    answer=told(
        "RecordedAbsence",
        lambda made: {"absence": ABSENCES.shape.of(made.absence), **_shared(made.taken, made.left_open)},
        absence=ABSENCES.shape.model, taken=list[TAKEN], left_open=int,  # type: ignore[valid-type]
    ),
)  # fmt: skip
on_absences.free(
    "/absences/preview", "preview", preview, {"staff": ref(STAFF), "starts_on": Day, "ends_on": Day},
    answer=told(
        "AbsencePreview", lambda share: _shared(share.counts, len(share.left)), taken=list[TAKEN], left_open=int,  # type: ignore[valid-type]
    ),
)  # fmt: skip
on_absences.post("cancel", actions.cancel_absence)
