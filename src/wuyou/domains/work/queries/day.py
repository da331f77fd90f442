"""A working day on one page: figures, what is done together, proof, history, who may take over (spec 03, 11)."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.assets.policies import VIEW_ASSETS
from wuyou.domains.org.models import Project, User
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.actions.tags import resolve_tag
from wuyou.domains.registry.models import Place, Staff
from wuyou.domains.registry.policies import VIEW_PLACES
from wuyou.domains.registry.queries.staff import staff_present
from wuyou.domains.work.choices import ProblemState, TaskState
from wuyou.domains.work.models import Absence, Answer, DisinfectionEntry, Problem, RefuseEntry, Task
from wuyou.domains.work.policies import DO_TASKS, VIEW_TASKS
from wuyou.domains.work.rules.tasks import BATCH_EVIDENCE, DUE_SOON, Timing
from wuyou.kernel import clock, evidence
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Missing
from wuyou.kernel.evidence.models import Evidence
from wuyou.kernel.journal.models import Entry
from wuyou.kernel.journal.queries import entries_of

from .tasks import OPEN, RELATED, absent_ids, due_on, is_qualified, mine_of, nobodys, tasks_visible_to

# "not any other state" instead of "done": with the latter SQLite reads all that is done, and not the index of the late
NOT_DONE = [state for state in TaskState.values if state != TaskState.DONE]


def is_timed(timing: str, now: dt.datetime) -> Q:
    """Tasks of one timing at `now` as a condition; the same rule as rules.tasks.timing (open now includes due soon)."""
    waiting = Q(state__in=OPEN)
    conditions = {
        Timing.LATE: waiting & Q(due__lte=now),
        Timing.NOW: waiting & Q(opens__lte=now, due__gt=now),
        Timing.DUE_SOON: waiting & Q(opens__lte=now, due__gt=now, due__lte=now + DUE_SOON),
        Timing.NOT_YET: waiting & Q(opens__gt=now),
        Timing.DONE_IN_TIME: Q(state=TaskState.DONE, done_at__lt=F("due")),
        Timing.DONE_LATE: Q(done_at__gte=F("due")) & ~Q(state__in=NOT_DONE),
    }
    return conditions.get(Timing(timing), ~Q(state__in=[*OPEN, TaskState.DONE]))


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The day of one project, or of several together; late and sent back are of whatever day."""

    total: int = 0
    done: int = 0
    skipped: int = 0
    late: int = 0
    rejected: int = 0
    unassigned: int = 0
    absent: int = 0
    problems: int = 0

    def __add__(self, other: "DayFigures") -> "DayFigures":
        """Both together."""
        return DayFigures(*(getattr(self, name) + getattr(other, name) for name in FIGURES))


FIGURES = ("total", "done", "skipped", "late", "rejected", "unassigned", "absent", "problems")


def day_figures(projects: Iterable[Project], day: dt.date) -> dict[int, DayFigures]:
    """The day of each of these projects by its id, in two queries."""
    ids = [project.pk for project in projects]
    found: dict[int, dict[str, int]] = {pk: {} for pk in ids}
    of_day = Task.objects.filter(project__in=ids, day=day).exclude(state=TaskState.WITHDRAWN)
    counts = {
        "total": Count("pk"),
        "done": Count("pk", filter=Q(state=TaskState.DONE)),
        "skipped": Count("pk", filter=Q(state=TaskState.SKIPPED)),
        "unassigned": Count("pk", filter=Q(state__in=OPEN, assignee__isnull=True)),
    }
    for pk, *numbers in of_day.order_by().values("project_id").annotate(**counts).values_list("project_id", *counts):
        found[pk].update(zip(counts, numbers, strict=True))
    for pk, name, number in _standing(ids, day):
        found[pk][name] = number
    return {pk: DayFigures(**values) for pk, values in found.items()}


def _standing(ids: list[int], day: dt.date) -> Iterable[tuple[int, str, int]]:
    """What waits at projects (id, name of the figure, number): each figure from its own index, all in one query."""
    tasks = Task.objects.filter(project__in=ids)
    away = Absence.objects.filter(
        staff__project__in=ids, cancelled_at__isnull=True, starts_on__lte=day, ends_on__gte=day
    )
    waiting = Problem.objects.filter(project__in=ids).exclude(state=ProblemState.CLOSED)
    one, *others = (
        _number_by(tasks.filter(state=TaskState.REJECTED), "project_id", "rejected"),
        _number_by(tasks.filter(is_timed(Timing.LATE, clock.now())), "project_id", "late"),
        _number_by(away, "staff__project_id", "absent", counted="staff_id"),
        _number_by(waiting, "project_id", "problems"),
    )
    yield from one.union(*others, all=True)


def _number_by(rows: QuerySet[Any], project: str, name: str, *, counted: str = "*") -> Any:
    number = Count(counted, distinct=counted != "*")  # a count of rows is read from the index alone
    grouped = rows.order_by().values(project).annotate(name=Value(name), number=number)
    return grouped.values_list(project, "name", "number")


def projects_of_day(user: Actor) -> QuerySet[Project]:
    """The projects whose tasks the user may see."""
    return projects_visible_to(user, VIEW_TASKS).order_by("code")


@dataclass(frozen=True, slots=True)
class Together:
    """Tasks that one photo and one press finish: same activity, zone and checklist, open now."""

    tasks: tuple[Task, ...]

    @property
    def first(self) -> Task:
        """The one due first."""
        return self.tasks[0]

    @property
    def key(self) -> str:
        """The name of the group in an address."""
        return key_of(self.first)


def key_of(task: Task) -> str:
    """The group a task belongs to: activity, zone, checklist."""
    return f"{task.activity}-{task.zone_id or 0}-{task.sheet_version_id or 0}"


def may_join(task: Task) -> bool:
    """Whether a task can be proven by photos and answers it shares with others."""
    return task.evidence in BATCH_EVIDENCE and not task.qualification


def grouped(tasks: Iterable[Task]) -> tuple[list[Together], list[Task]]:
    """Open tasks in groups of two or more that are finished together, and those that stand alone; order kept."""
    groups: dict[str, list[Task]] = defaultdict(list)
    listed = list(tasks)
    for task in listed:
        if may_join(task):
            groups[key_of(task)].append(task)
    many = {key: rows for key, rows in groups.items() if len(rows) > 1}
    alone = [task for task in listed if key_of(task) not in many or not may_join(task)]
    return [Together(tuple(rows)) for rows in many.values()], alone


@dataclass(frozen=True, slots=True)
class MyDay:
    """What a member of staff has before them, each list the first due first, and how far today has got."""

    rejected: list[Task]
    late: list[Task]
    now: list[Task]
    later: list[Task]
    done: int
    total: int

    @property
    def open_now(self) -> list[Task]:
        """What can be done this minute."""
        return [*self.late, *self.now]

    @property
    def waiting(self) -> int:
        """How much is still to be done today, what was sent back included."""
        return len(self.rejected) + len(self.late) + len(self.now) + len(self.later)


MOST_OF_A_DAY = 300


def my_day(user: User, *, related: Sequence[str] = RELATED) -> MyDay:
    """A member of staff's own and their team's work up to tonight, late and sent back included; three queries.

    `related` names what of each task is fetched with it.
    """
    moment, today = clock.now(), clock.today()
    rows = _waiting(user, related)
    open_rows = [row for row in rows if row.state != TaskState.REJECTED]
    counts = (
        due_on(mine_of(user), today, today)
        .exclude(state=TaskState.WITHDRAWN)
        .aggregate(total=Count("pk"), done=Count("pk", filter=Q(state__in=[TaskState.DONE, TaskState.SKIPPED])))
    )
    return MyDay(
        rejected=[row for row in rows if row.state == TaskState.REJECTED],
        late=[row for row in open_rows if row.due <= moment],
        now=[row for row in open_rows if row.opens <= moment < row.due],
        later=[row for row in open_rows if row.opens > moment],
        **counts,
    )


def _waiting(user: User, related: Sequence[str]) -> list[Task]:
    """One's own and one's team's, asked for apart: each has an index, together they have none."""
    staff: Staff | None = getattr(user, "staff", None)
    if staff is None:
        return []
    _, tonight = clock.day_bounds(clock.today())
    waiting = Q(state__in=OPEN, opens__lt=tonight) | Q(state=TaskState.REJECTED)
    rows = Task.objects.filter(waiting, state__in=(*OPEN, TaskState.REJECTED))
    first = rows.select_related(*related).order_by("due", "pk")
    nobody_named = _licensed(staff, list(first.filter(nobodys(staff))[:MOST_OF_A_DAY]))
    both = [*first.filter(assignee=staff)[:MOST_OF_A_DAY], *nobody_named]
    return sorted(both, key=lambda task: (task.due, task.pk))[:MOST_OF_A_DAY]


def _licensed(staff: Staff, tasks: list[Task]) -> list[Task]:
    """The tasks whose licence somebody holds: what they may not do is not their day."""
    asked = {task.qualification for task in tasks} - {""}
    held = {licence for licence in asked if is_qualified(staff, licence, on=clock.today())}
    return [task for task in tasks if not task.qualification or task.qualification in held]


def group_of(tasks: Iterable[Task], key: str) -> Together:
    """One group of open tasks by its key; raises Missing when nothing (more) is in it."""
    rows = tuple(task for task in tasks if may_join(task) and key_of(task) == key)
    if not rows:
        raise Missing(_("Nothing of this group is left to do."))
    return Together(rows)


def with_all(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with all that their page shows of them."""
    return rows.select_related(*RELATED, "project__node", "line", "sheet_version__sheet", "done_by", "asset__place")


def answers_of(task: Task) -> list[Answer]:
    """What was answered on the task's sheet, in the order of its items."""
    return list(Answer.objects.filter(task=task).select_related("item").order_by("item__position"))


def proofs_of(tasks: Sequence[Task]) -> dict[int, list[Evidence]]:
    """The evidence of many tasks, their batches' included, by the task's id; two queries."""
    own = evidence.evidence_of("task", [task.pk for task in tasks])
    common = evidence.evidence_of("batch", {task.batch for task in tasks if task.batch})
    return {task.pk: own[str(task.pk)] + (common[str(task.batch)] if task.batch else []) for task in tasks}


def implausible_answers(tasks: Sequence[Task]) -> dict[int, int]:
    """How many implausible readings each of some tasks has, by the task's id; those without any are left out."""
    odd = Answer.objects.filter(task__in=tasks, is_implausible=True).order_by()
    return dict(odd.values_list("task_id").annotate(Count("pk")))


def proof_visible_to(user: Actor, pk: int) -> Evidence:
    """One piece of evidence of a task, batch or problem the user may see, or sent in by the user; raises Missing."""
    row = Evidence.objects.filter(pk=pk).first()
    if row is None or not (row.by_id == user.actor_id or _is_seen(user, row)):
        raise Missing(_("There is no such photo, or not for you."))
    return row


def _is_seen(user: Actor, row: Evidence) -> bool:
    if row.subject_kind == "task":
        return tasks_visible_to(user).filter(pk=int(row.subject_id)).exists()
    if row.subject_kind == "batch":
        return tasks_visible_to(user).filter(batch=uuid.UUID(row.subject_id)).exists()
    return row.subject_kind == "problem" and _problem_seen(user, int(row.subject_id))


def _problem_seen(user: Actor, pk: int) -> bool:
    rows = Problem.objects.filter(pk=pk)
    return rows.filter(Q(project__in=projects_of_day(user)) | Q(reported_by_id=getattr(user, "pk", None))).exists()


def history_of(task: Task) -> list[Entry]:
    """What the journal knows of a task and of the batch it was finished in, newest first."""
    own = list(entries_of("task", task.pk))
    common = list(entries_of("batch", task.batch)) if task.batch else []
    return sorted(own + common, key=lambda entry: (entry.at, entry.pk), reverse=True)


def problems_of(task: Task) -> list[Problem]:
    """The problems found on a task, newest first."""
    return list(Problem.objects.filter(task=task).order_by("-pk"))


def takers_of(project: Project, team_id: int | None = None) -> QuerySet[Staff]:
    """Who may take work over today: present staff who are not away, the team's own first."""
    present = staff_present(project).exclude(pk__in=absent_ids(project.pk, clock.today()))
    own_first = Case(When(team_id=team_id, then=0), default=1)
    return present.select_related("team").order_by(own_first, "number")


def open_tasks_at(user: Actor, *, place: Place | None = None, asset_id: int | None = None) -> list[Task]:
    """What the user may see and is open now or late at a place (or below it) or on a device, the first due first."""
    where = Q(asset_id=asset_id) if place is None else Q(place__path__startswith=place.path)
    rows = tasks_visible_to(user).filter(where, state__in=[*OPEN, TaskState.REJECTED], opens__lte=clock.now())
    return list(rows.select_related(*RELATED).order_by("due", "pk")[:50])


def spots_of(project: Project) -> QuerySet[Place]:
    """Open public spots of a project: where refuse is collected and disinfection done."""
    return Place.objects.filter(project=project, level="spot", closed_on__isnull=True).order_by("name", "pk")


def scanned_here(code: str, task: Task, *, by: User) -> bool:
    """Whether a code read from a sticker is of the task's own place or device; raises Invalid when mistyped."""
    found = resolve_tag(code, by=by, permission=DO_TASKS)
    return (found.kind, found.id) in {("place", task.place_id), ("asset", task.asset_id)}


def place_named(project: Project, text: str) -> Place | None:
    """An open public spot by its name or code, as somebody types or picks it."""
    wanted = text.strip()
    return spots_of(project).filter(Q(name=wanted) | Q(code=wanted)).first()


def places_to_report(user: Actor) -> QuerySet[Place]:
    """Places of the projects where the user works or sees places: where a sticker may be scanned."""
    return Place.objects.filter(_works_or_sees(user, VIEW_PLACES)).select_related("project__node", "zone")


def assets_to_report(user: Actor) -> QuerySet[Asset]:
    """Devices of the projects where the user works or sees devices."""
    rows = Asset.objects.filter(_works_or_sees(user, VIEW_ASSETS))
    return rows.select_related("project__node", "place", "zone")


def _works_or_sees(user: Actor, permission: str) -> Q:
    works, sees = projects_visible_to(user, DO_TASKS), projects_visible_to(user, permission)
    return Q(project__in=works) | Q(project__in=sees)


def proofs_of_problem(problem: Problem) -> list[Evidence]:
    """The photos of a problem and of the task it was found on."""
    own = evidence.evidence_of("problem", [problem.pk])[str(problem.pk)]
    return own + (proofs_of([problem.task])[problem.task.pk] if problem.task else [])


def corrected_ids(entries: Sequence[DisinfectionEntry] | Sequence[RefuseEntry]) -> set[int]:
    """The ids of those ledger entries that a later one corrects."""
    if not entries:
        return set()
    later = type(entries[0]).objects.filter(corrects__in=[row.pk for row in entries])
    return set(later.values_list("corrects_id", flat=True))


def buildings_around(place: Place, *, metres: float) -> list[Place]:
    """Buildings with a position within some metres east, west, north and south of a place, to draw it among them."""
    if place.x is None or place.y is None:
        return []
    rows = Place.objects.filter(project_id=place.project_id, level="building", closed_on__isnull=True)
    near = rows.filter(x__range=(place.x - metres, place.x + metres), y__range=(place.y - metres, place.y + metres))
    return list(near.order_by("pk")[:40])
