"""Tasks somebody may see: my work, the team board, what to review, what a task is about (spec 03, 11)."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum, Value

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project, User
from wuyou.domains.org.queries import held_by, projects_visible_to
from wuyou.domains.registry.models import Place, Staff
from wuyou.domains.registry.queries.staff import counts, held
from wuyou.domains.registry.rules.licences import kind_named
from wuyou.domains.standards.models import Clause
from wuyou.domains.work.choices import Review, TaskState
from wuyou.domains.work.models import (
    Absence,
    Answer,
    DisinfectionEntry,
    LineClause,
    PlanLine,
    Problem,
    RefuseEntry,
    Task,
)
from wuyou.domains.work.policies import DO_TASKS, REVIEW_TASKS, VIEW_TASKS
from wuyou.domains.work.rules.tasks import Load, sample_for_review
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor

OPEN = (TaskState.OPEN, TaskState.CLAIMED)
RELATED = ("project", "place", "asset", "zone", "team", "assignee", "clause")


def tasks_visible_to(user: Actor) -> QuerySet[Task]:
    """Tasks of projects whose tasks the user may see; else their own and their team's that nobody is named for."""
    projects = list(projects_visible_to(user, VIEW_TASKS).values_list("pk", flat=True))
    seen = Q(project_id__in=projects)
    staff = getattr(user, "staff", None) if isinstance(user, User) and _does_more_than_sees(user) else None
    if staff is None or staff.project_id in projects:
        return Task.objects.filter(seen)
    if projects_visible_to(user, DO_TASKS).filter(pk=staff.project_id).exists():
        seen |= Q(assignee=staff) | Q(project_id=staff.project_id, assignee__isnull=True, team_id=staff.team_id)
    return Task.objects.filter(seen)


def _does_more_than_sees(user: User) -> bool:
    """Whether the user holds a role for doing tasks that does not show all of them anyway."""
    roles = [role.permissions for role in held_by(user)]
    return any(DO_TASKS in permissions and VIEW_TASKS not in permissions for permissions in roles)


def tasks_for_list(user: Actor) -> QuerySet[Task]:
    """Visible tasks with all that a list shows of them, the first due first."""
    return tasks_visible_to(user).select_related(*RELATED).order_by("due", "pk")


def due_on(rows: QuerySet[Task], first: dt.date | None, last: dt.date | None) -> QuerySet[Task]:
    """Tasks that fall due on these days (inclusive; None is open).

    The moment bounds them as well, so that the order of due times is read from its index and only there.
    """
    if first is not None:
        rows = rows.filter(day__gte=first, due__gt=clock.midnight(first))
    if last is not None:
        rows = rows.filter(day__lte=last, due__lte=clock.midnight(last + dt.timedelta(days=1)))
    return rows


def proving(rows: QuerySet[Task], clause: Clause) -> QuerySet[Task]:
    """Tasks that prove a clause, leading or covered."""
    lines = list(LineClause.objects.filter(clause=clause).values_list("line_id", flat=True))
    return rows.filter(Q(clause=clause) | Q(line_id__in=lines))


MOST_LINES = 1000  # with more than that every few tasks carry the words: then they are looked for in the tasks


def with_words(rows: QuerySet[Task], text: str) -> QuerySet[Task]:
    """Tasks whose title has these words or whose place or device has this code.

    A task bears the title of its plan line, so the lines are searched, a few thousand instead of a million tasks.
    """
    own = PlanLine.objects.filter(title__icontains=text).order_by().values_list("pk", Value("line"))
    places = Place.objects.filter(code=text).order_by().values_list("pk", Value("place"))
    assets = Asset.objects.filter(code=text).order_by().values_list("pk", Value("asset"))
    found: dict[str, list[int]] = {"line": [], "place": [], "asset": []}
    for pk, kind in own.union(places, assets, all=True):
        found[kind].append(pk)
    titled = Q(title__icontains=text)
    if len(found["line"]) <= MOST_LINES:
        titled = Q(line_id__in=found["line"]) | Q(line__isnull=True, title__icontains=text)
    return rows.filter(titled | Q(place_id__in=found["place"]) | Q(asset_id__in=found["asset"]))


@dataclass(frozen=True, slots=True)
class MyWork:
    """What a person has before them."""

    late: list[Task]
    now: list[Task]
    later: list[Task]
    rejected: list[Task]
    done_today: int
    late_total: int


def my_work(user: User, *, most: int = 60) -> MyWork:
    """A member of staff's own day: late, open now, later today, sent back; each list at most `most` long."""
    moment = clock.now()
    _, tonight = clock.day_bounds(clock.today())
    mine = mine_of(user)
    rows = mine.select_related(*RELATED).order_by("due", "pk")
    late = mine.filter(state__in=OPEN, due__lte=moment)
    return MyWork(
        late=list(rows.filter(state__in=OPEN, due__lte=moment)[:most]),
        now=list(rows.filter(state__in=OPEN, opens__lte=moment, due__gt=moment)[:most]),
        later=list(rows.filter(state__in=OPEN, opens__gt=moment, opens__lt=tonight)[:most]),
        rejected=list(rows.filter(state=TaskState.REJECTED)[:most]),
        done_today=mine.filter(state=TaskState.DONE, day=clock.today()).count(),
        late_total=late.count(),
    )


def mine_of(user: User) -> QuerySet[Task]:
    """The user's own tasks and those of their team that nobody is named for."""
    staff = getattr(user, "staff", None)
    return Task.objects.filter(Q(assignee=staff) | nobodys(staff)) if staff else Task.objects.none()


def nobodys(staff: Staff) -> Q:
    """Tasks of somebody's team that nobody is named for, as a condition."""
    return Q(project_id=staff.project_id, assignee__isnull=True, team_id=staff.team_id)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A person (or nobody yet) on the board of a day."""

    staff: Staff | None
    team_id: int | None
    total: int
    done: int
    late: int
    rejected: int
    load: Load
    is_absent: bool


def board(project: Project, day: dt.date, *, away: Collection[int] | None = None) -> list[BoardRow]:
    """The day of a project per team and person: how much, how far, what is late, who is away (one grouped query).

    `away` are the ids of those absent, where the caller knows them already.
    """
    absent = absent_ids(project.pk, day) if away is None else away
    moment = clock.now()
    late = Q(state__in=OPEN, due__lte=moment)
    rows = (
        Task.objects.filter(project=project, day=day)
        .exclude(state=TaskState.WITHDRAWN)
        .order_by("team_id", "assignee_id")
        .values("team_id", "assignee_id")
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(state=TaskState.DONE)),
            late=Count("pk", filter=late),
            rejected=Count("pk", filter=Q(state=TaskState.REJECTED)),
            minutes=Sum("minutes"),
        )
    )
    staff = {row.pk: row for row in Staff.objects.filter(project=project).select_related("team")}
    return [
        BoardRow(
            staff=staff.get(row["assignee_id"]),
            team_id=row["team_id"],
            total=row["total"],
            done=row["done"],
            late=row["late"],
            rejected=row["rejected"],
            load=Load(row["total"], Decimal(row["minutes"] or 0)),
            is_absent=row["assignee_id"] in absent,
        )
        for row in rows
    ]


def absent_ids(project_id: int, day: dt.date) -> set[int]:
    """Ids of the staff who are away on a day."""
    rows = Absence.objects.filter(
        staff__project_id=project_id, cancelled_at__isnull=True, starts_on__lte=day, ends_on__gte=day
    )
    return set(rows.values_list("staff_id", flat=True))


def absences_visible_to(user: Actor) -> QuerySet[Absence]:
    """Absences at projects whose tasks the user may see, latest first."""
    rows = Absence.objects.filter(staff__project__in=projects_visible_to(user, VIEW_TASKS))
    return rows.select_related("staff__team", "staff__project").order_by("-starts_on", "-pk")


def is_qualified(staff: Staff, licence: str, *, on: dt.date) -> bool:
    """Whether somebody holds a licence, by any of its names, in force on a day (spec 01: an expired one blocks)."""
    rows = [row for row in held(staff.project) if row.staff_id == staff.pk]
    return any(
        kind_named(licence, [(row.kind.code, row.kind.name_zh, row.kind.synonyms)]) and counts(row, on=on)
        for row in rows
    )


def last_readings(asset_id: int, sheet_id: int) -> dict[str, Decimal]:
    """The last number read of a device per item code, whatever version of the sheet it was read with."""
    rows = Answer.objects.filter(asset_id=asset_id, item__version__sheet_id=sheet_id, number__isnull=False)
    pairs = rows.order_by("at", "pk").values_list("item__code", "number")
    return {code: number for code, number in pairs if number is not None}


def readings_of(asset_id: int, *, most: int = 400) -> list[Answer]:
    """The latest readings of a device, oldest first, for a chart."""
    rows = Answer.objects.filter(asset_id=asset_id, number__isnull=False).select_related("item", "task")
    return list(rows.order_by("-at", "-pk")[:most])[::-1]


def sibling_days(task: Task) -> list[dt.date]:
    """The Shanghai days on which the twins of a task (same line, same window) were done."""
    if task.line_id is None:
        return []
    twins = Task.objects.filter(line_id=task.line_id, opens=task.opens, state=TaskState.DONE).exclude(pk=task.pk)
    return [clock.local(moment).date() for moment in twins.values_list("done_at", flat=True) if moment]


def batches_of(user: User) -> list[list[Task]]:
    """Open tasks of my day that can be finished together: same activity in one zone, two or more."""
    groups: dict[tuple[str, int | None], list[Task]] = {}
    for task in (*my_work(user).late, *my_work(user).now):
        if task.evidence in {"", "photo", "log"} and not task.sheet_version_id:
            groups.setdefault((task.activity, task.zone_id), []).append(task)
    return [group for group in groups.values() if len(group) > 1]


def to_review(user: Actor, *, share: Decimal = Decimal("0.1"), at_least: int = 10) -> list[Task]:
    """The supervisor's sample of the last two days' finished tasks that nobody has reviewed; the same all day."""
    since = clock.today() - dt.timedelta(days=1)
    projects = projects_visible_to(user, REVIEW_TASKS)
    # reviewed ones stay in the sample, so that looking at one does not draw another
    done = Task.objects.filter(project__in=projects, day__gte=since, state__in=(TaskState.DONE, TaskState.REJECTED))
    if isinstance(user, User):
        done = done.exclude(done_by=user)
    ids = list(done.order_by("pk").values_list("pk", flat=True)[:5000])
    chosen = sample_for_review(ids, share=share, at_least=at_least, seed=clock.today().isoformat())[:60]
    waiting = Task.objects.filter(pk__in=chosen, state=TaskState.DONE, review=Review.NONE)
    return list(waiting.select_related(*RELATED, "done_by").order_by("-done_at"))


def problems_visible_to(user: Actor) -> QuerySet[Problem]:
    """Problems of projects whose tasks the user may see, and those the user reported; newest first."""
    seen = Q(project__in=projects_visible_to(user, VIEW_TASKS))
    if isinstance(user, User):
        seen |= Q(reported_by=user)
    return Problem.objects.filter(seen).select_related("project", "place", "asset", "reported_by").order_by("-pk")


def disinfections_visible_to(user: Actor) -> QuerySet[DisinfectionEntry]:
    """The disinfection ledger of visible projects, newest first."""
    rows = DisinfectionEntry.objects.filter(project__in=projects_visible_to(user, VIEW_TASKS))
    return rows.select_related("place", "project").order_by("-at", "-pk")


def refuse_visible_to(user: Actor) -> QuerySet[RefuseEntry]:
    """The refuse ledger of visible projects, newest first."""
    rows = RefuseEntry.objects.filter(project__in=projects_visible_to(user, VIEW_TASKS))
    return rows.select_related("place", "project").order_by("-at", "-pk")


def loads_of(project: Project, days: Iterable[dt.date]) -> dict[tuple[int, dt.date], Load]:
    """Tasks and minutes per person and day: the density that shows impossible days."""
    rows = (
        Task.objects.filter(project=project, day__in=list(days), assignee__isnull=False)
        .exclude(state=TaskState.WITHDRAWN)
        .order_by()
        .values_list("assignee_id", "day")
        .annotate(Count("pk"), Sum("minutes"))
    )
    return {(staff, day): Load(number, Decimal(minutes)) for staff, day, number, minutes in rows}
