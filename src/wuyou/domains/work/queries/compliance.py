"""Compliance: the number next to the promise, from roll-ups where a day is settled, from the tasks where it is not.

Today is always counted live, because what is due changes by the minute; so is every day marked stale. Everything
else comes from ComplianceDay and its sums, which a test proves equal to the tasks (spec 03, architecture: read models).
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.registry.models import Staff, Team, Zone
from wuyou.domains.standards.models import Clause, ClauseValue, Grade
from wuyou.domains.work.choices import TaskState
from wuyou.domains.work.models import Binding, ComplianceDay, ComplianceSum, Deviation, LineClause, StaleDay, Task
from wuyou.domains.work.policies import VIEW_COMPLIANCE
from wuyou.domains.work.rules.binding import NO_DUTY
from wuyou.domains.work.rules.compliance import Counts, total
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor

from .tasks import OPEN

# dimension → column of ComplianceDay; the tasks' own column behind it
DIMENSIONS = {
    "clause": "clause_id",
    "zone": "zone_id",
    "team": "team_id",
    "person": "staff_id",
    "day": "day",
    "project": "project_id",
}
TASK_COLUMNS = DIMENSIONS | {"person": "assignee_id"}
SUMMED = ("clause", "zone", "team", "person")  # dimensions that ComplianceSum keeps by key
SETTLED = ("on_time", "late", "skipped", "rejected")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked: projects, days (inclusive) and perhaps one clause, zone, team or person."""

    projects: tuple[int, ...]
    first: dt.date
    last: dt.date
    clause: int | None = None
    zone: int | None = None
    team: int | None = None
    person: int | None = None

    def columns(self, names: dict[str, str]) -> dict[str, int]:
        """The filter on one clause, zone, team or person under the given column names."""
        chosen = {"clause": self.clause, "zone": self.zone, "team": self.team, "person": self.person}
        return {names[name]: value for name, value in chosen.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a compliance table: its key (id, or the day), what it is called, its counts."""

    key: object
    label: str
    counts: Counts


def compliance(scope: Scope, *, by: str) -> list[Row]:
    """Counts per clause, zone, team, person, day or project, by label; raises KeyError for another word."""
    return _named(by, _grouped(scope, by, _live_days(scope)))


def compliance_total(scope: Scope) -> Counts:
    """Counts of everything in the scope."""
    return total(row.counts for row in compliance(scope, by="day"))


@dataclass(frozen=True, slots=True)
class Report:
    """What a page of compliance needs: the period by day and by one more dimension, and the total before it."""

    days: tuple[Row, ...]
    rows: tuple[Row, ...]
    before: Counts

    @property
    def total(self) -> Counts:
        """Counts of the whole period."""
        return total(row.counts for row in self.days)


def report(scope: Scope, *, by: str, since: dt.date) -> Report:
    """The scope by day and by `by`, compared with the days from `since` to its eve, in at most six queries."""
    whole = replace(scope, first=since)
    live = _live_days(whole)
    days = _grouped(whole, "day", live)
    before = total(counts for key, counts in days.items() if isinstance(key, dt.date) and key < scope.first)
    inside: dict[object, Counts] = {
        key: counts for key, counts in days.items() if isinstance(key, dt.date) and key >= scope.first
    }
    by_day = _named("day", inside)
    if by == "day":
        return Report(tuple(by_day), tuple(by_day), before)
    now_live = [(project, day) for project, day in live if day >= scope.first]
    return Report(tuple(by_day), tuple(_named(by, _grouped(scope, by, now_live))), before)


def _grouped(scope: Scope, by: str, live: Collection[tuple[int, dt.date]]) -> dict[object, Counts]:
    found: dict[object, Counts] = {}
    for key, counts in (*_settled(scope, by, live), *_counted(scope, by, live)):
        found[key] = found.get(key, Counts()) + counts
    return found


def _named(by: str, found: dict[object, Counts]) -> list[Row]:
    labels = _labels(by, found)
    rows = [Row(key, labels.get(key, ""), counts) for key, counts in found.items()]
    return sorted(rows, key=lambda row: (row.label, str(row.key)))


def _live_days(scope: Scope) -> list[tuple[int, dt.date]]:
    """The (project, day) pairs that must be counted from tasks: today, and what is marked stale up to today."""
    today = clock.today()
    last = min(scope.last, today)
    stale = StaleDay.objects.filter(project_id__in=scope.projects, day__range=(scope.first, last))
    live = set(stale.values_list("project_id", "day"))
    if scope.first <= today <= scope.last:
        live |= {(project, today) for project in scope.projects}
    return sorted(live)


def _settled(scope: Scope, by: str, live: Collection[tuple[int, dt.date]]) -> Iterable[tuple[object, Counts]]:
    days = (scope.first, min(scope.last, clock.today() - dt.timedelta(days=1)))
    narrowed = scope.columns(DIMENSIONS)
    rows: QuerySet[Any]
    if narrowed:
        rows, column = ComplianceDay.objects.filter(**narrowed), DIMENSIONS[by]
    else:
        is_keyed = by in SUMMED
        rows = ComplianceSum.objects.filter(dimension=by if is_keyed else "day")
        column = "key" if is_keyed else DIMENSIONS[by]
    rows = rows.filter(project_id__in=scope.projects, day__range=days).exclude(_pairs(live))
    sums = rows.order_by().values_list(column).annotate(*(Sum(name) for name in SETTLED), Sum("pending"))
    for key, on_time, late, skipped, rejected, pending in sums:
        yield key, Counts(on_time=on_time, late=late, not_done=pending, skipped=skipped, rejected=rejected)


def _counted(scope: Scope, by: str, live: Collection[tuple[int, dt.date]]) -> Iterable[tuple[object, Counts]]:
    if not live:
        return
    rows = Task.objects.filter(_pairs(live), **scope.columns(TASK_COLUMNS)).exclude(state=TaskState.WITHDRAWN)
    column = TASK_COLUMNS[by]
    key = F(column) if by in {"day", "project"} else Coalesce(column, 0)
    grouped = rows.order_by().annotate(key=key).values_list("key")
    for found, *numbers in grouped.annotate(**_columns(clock.now())):
        yield found, Counts(*numbers)


def _columns(moment: dt.datetime) -> dict[str, Count]:
    """The counts of tasks in the order of Counts."""
    is_open = Q(state__in=OPEN)
    return {
        "on_time": Count("pk", filter=Q(state=TaskState.DONE, done_at__lt=F("due"))),
        "done_late": Count("pk", filter=Q(state=TaskState.DONE, done_at__gte=F("due"))),
        "not_done": Count("pk", filter=is_open & Q(due__lte=moment)),
        "skipped": Count("pk", filter=Q(state=TaskState.SKIPPED)),
        "rejected": Count("pk", filter=Q(state=TaskState.REJECTED)),
        "waiting": Count("pk", filter=is_open & Q(due__gt=moment)),
    }


def _pairs(live: Collection[tuple[int, dt.date]]) -> Q:
    found = Q(pk__in=[])
    days: dict[int, list[dt.date]] = {}
    for project, day in live:
        days.setdefault(project, []).append(day)
    alike: dict[tuple[dt.date, ...], list[int]] = {}  # mostly all projects have the same days: one condition
    for project, theirs in days.items():
        alike.setdefault(tuple(theirs), []).append(project)
    for same, projects in alike.items():
        found |= Q(project_id__in=projects, day__in=same)
    return found


NAMED: dict[str, tuple[Any, tuple[str, ...]]] = {
    "clause": (Clause, ("code", "subject_name", "requirement_zh", "requirement_en")),
    "zone": (Zone, ("name",)),
    "team": (Team, ("name",)),
    "person": (Staff, ("number", "name")),
    "project": (Project, ("name",)),
}


def _labels(by: str, keys: Iterable[object]) -> dict[object, str]:
    if by not in NAMED:
        return {key: str(key) for key in keys}
    model, columns = NAMED[by]
    rows = model.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", *columns)
    return {pk: _label(by, texts) for pk, *texts in rows}


def _label(by: str, texts: list[str]) -> str:
    if by != "clause":
        return " ".join(texts)
    code, subject, chinese, english = texts
    if english and not (get_language() or "").startswith("zh"):
        return f"{code} {english}"
    return f"{code} {subject} · {chinese}"


def name_of(by: str, key: int, projects: Collection[int]) -> str:
    """What a clause, zone, team or person of these projects is called; empty for any other."""
    model, columns = NAMED[by]
    bound = Binding.objects.filter(project_id__in=projects).values("version_id")
    ours = {"version__in": bound} if by == "clause" else {"project_id__in": projects}
    found = model.objects.filter(pk=key, **ours).values_list(*columns).first()
    return _label(by, list(found)) if found else ""


def projects_with_compliance(user: Actor) -> list[Project]:
    """Projects whose compliance the user may see."""
    return list(projects_visible_to(user, VIEW_COMPLIANCE))


def also_proves(clause_ids: Collection[int]) -> dict[int, list[str]]:
    """Which other clauses the lines led by each clause prove as well, by code."""
    rows = (
        LineClause.objects.filter(is_leading=False, line__clause_id__in=clause_ids)
        .order_by("clause__code")
        .values_list("line__clause_id", "clause__code")
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for leading, code in rows:
        found.setdefault(leading or 0, []).append(code)
    return found


def skip_reasons(scope: Scope) -> list[tuple[str, int]]:
    """How many tasks of the scope were not possible, by reason, the most frequent first."""
    rows = _tasks_in(scope).filter(state=TaskState.SKIPPED).order_by()
    found = rows.values_list("skip_reason").annotate(count=Count("pk"))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _tasks_in(scope: Scope) -> QuerySet[Task]:
    days = (scope.first, scope.last)
    return Task.objects.filter(project_id__in=scope.projects, day__range=days, **scope.columns(TASK_COLUMNS))


def proving_counts(clause: Clause, scope: Scope) -> Counts:
    """Counts of every task that proves a clause, those that a stricter clause leads included."""
    rows = _tasks_in(replace(scope, clause=None)).filter(line__proofs__clause=clause)
    (counts,) = _sums(rows.exclude(state=TaskState.WITHDRAWN).annotate(key=Value(0)).values_list("key")) or [Counts()]
    return counts


def _sums(grouped: Any) -> list[Counts]:
    moment = clock.now()
    return [Counts(*numbers) for _key, *numbers in grouped.order_by().annotate(**_columns(moment))]


def worst_places(scope: Scope, *, most: int = 10) -> list[tuple[int, str, Counts]]:
    """Places where most tasks of the scope went wrong (late, not done, not possible, rejected), the worst first."""
    rows = _tasks_in(scope).exclude(state=TaskState.WITHDRAWN).filter(place__isnull=False, due__lte=clock.now())
    good = Count("pk", filter=Q(state=TaskState.DONE, done_at__lt=F("due")))
    grouped = rows.order_by().values_list("place_id", "place__name").annotate(**_columns(clock.now()), all=Count("pk"))
    found = grouped.annotate(wrong=F("all") - good).filter(wrong__gt=0).order_by("-wrong", "place_id")[:most]
    return [(pk, name, Counts(*numbers[:6])) for pk, name, *numbers in found]


def failures(scope: Scope, *, most: int = 12) -> list[Task]:
    """The latest tasks of the scope that were not done in time: where a number leads down to photo and journal."""
    moment = clock.now()
    wrong = Q(state__in=(TaskState.SKIPPED, TaskState.REJECTED)) | Q(state__in=OPEN, due__lte=moment)
    wrong |= Q(state=TaskState.DONE, done_at__gte=F("due"))
    rows = _tasks_in(scope).filter(wrong, due__lte=moment)
    return list(rows.select_related("place", "assignee", "zone").order_by("-due", "-pk")[:most])


def proven_by(clause_ids: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    """The stricter clauses (id, code) whose lines prove each clause as well."""
    rows = (
        LineClause.objects.filter(is_leading=False, clause_id__in=clause_ids, line__clause__isnull=False)
        .order_by("line__clause__code")
        .values_list("clause_id", "line__clause_id", "line__clause__code")
        .distinct()
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for clause_id, leading, code in rows:
        if leading is not None:
            found.setdefault(clause_id, []).append((leading, code))
    return found


def clauses_with_compliance(user: Actor) -> QuerySet[Clause]:
    """Clauses of the standards that projects whose compliance the user may see were ever bound to."""
    bound = Binding.objects.filter(project__in=projects_visible_to(user, VIEW_COMPLIANCE)).values("version_id")
    return Clause.objects.filter(version__in=bound).select_related("version__standard")


@dataclass(frozen=True, slots=True)
class Promised:
    """What a clause asks of a project: the grade's value, or what was agreed instead."""

    project: str
    grade: Grade
    value: str
    deviation: Deviation | None


def promised(clause: Clause, projects: Collection[int]) -> list[Promised]:
    """What a clause asks of each of these projects today (three queries)."""
    day = clock.today()
    rows = Binding.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), project_id__in=projects, version_id=clause.version_id,
        starts_on__lte=day,
    )  # fmt: skip
    bindings = list(rows.select_related("project", "grade").order_by("project__name", "pk"))
    values = dict(ClauseValue.objects.filter(clause=clause).values_list("grade_id", "value"))
    open_ones = Deviation.objects.filter(clause=clause, binding__in=bindings, ended_at__isnull=True)
    changed = {row.binding_id: row for row in open_ones}
    return [
        Promised(row.project.name, row.grade, values.get(row.grade_id, NO_DUTY), changed.get(row.pk))
        for row in bindings
    ]
