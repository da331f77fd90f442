"""Generating obligations: lines × windows in one INSERT … SELECT, idempotent, safe with two workers (spec 03, Tasks).

The plan's row is locked first, so that of two workers one generates and the other finds nothing left; the unique key
(line, opens, seq) would refuse a double in any case. A killed worker leaves nothing: rows, stale days, the journal
entry and the mark how far the plan is generated are one transaction.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import chain_of
from wuyou.domains.work import events
from wuyou.domains.work.choices import PlanState
from wuyou.domains.work.models import Plan, PlanLine, Schedule, StaleDay, Task, Window
from wuyou.domains.work.windows import ensure_windows
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.transactions import action

HORIZON = timedelta(days=14)
LONGEST_STEP = timedelta(days=92)  # after long downtime the rest follows in further steps
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
FROM_LINE = (
    "project_id", "activity", "clause_id", "place_id", "asset_id", "zone_id", "team_id", "assignee_id",
    "minutes", "evidence", "qualification", "sheet_version_id",
)  # fmt: skip
FROM_WINDOW = ("opens", "due", "day", "seq")


@action
def generate(project: Project, *, until: datetime, by: Actor) -> int:
    """Make the obligations of the plan in force that open before `until`, and give how many were made.

    Starts where the last generation ended, however long ago: what fell due meanwhile is made with its true times and
    so is late. One call goes at most 92 days; `is_behind` says whether another is needed.
    """
    plan = Plan.objects.select_for_update().filter(project=project, state=PlanState.PUBLISHED).first()
    return generate_plan(plan, until=until, by=by) if plan else 0


def is_behind(project: Project, *, until: datetime) -> bool:
    """Whether obligations that open before `until` are still to be made."""
    plans = Plan.objects.filter(project=project, state=PlanState.PUBLISHED)
    return any((plan.generated_until or begins(plan)) < until for plan in plans)


def begins(plan: Plan) -> datetime:
    """The moment from which a published plan counts; raises ValueError for one that was never published."""
    if plan.effective_from is None:
        raise ValueError(f"plan {plan.pk} was never published")
    return clock.midnight(plan.effective_from)


def generate_plan(plan: Plan, *, until: datetime, by: Actor) -> int:
    """Make a locked plan's obligations that open before `until`; for use inside an action."""
    since = plan.generated_until or begins(plan)
    end = min(until, since + LONGEST_STEP)
    if end <= since:
        return 0
    schedules = Schedule.objects.filter(lines__plan=plan).distinct()
    ensure_windows(schedules, since=clock.local(since).date(), until=clock.local(end).date() + timedelta(days=1))
    is_first = plan.generated_until is None
    count = insert_tasks(plan, since=since, until=end, is_first=is_first)
    Plan.objects.filter(pk=plan.pk).update(generated_until=end)
    plan.generated_until = end
    if count:
        _announce(plan, since=None if is_first else since, until=end, count=count, by=by)
    return count


def _announce(plan: Plan, *, since: datetime | None, until: datetime, count: int, by: Actor) -> None:
    digest = journal.digest_rows(_summary(plan, since=since or LONG_AGO, until=until))
    data = {"from": since or begins(plan), "until": until, "count": count, "digest": digest}
    subject = ("work.plan", plan.pk, f"{plan.project} v{plan.number}")
    journal.record("work.tasks_generated", chain=chain_of(plan.project), by=by, subject=subject, data=data)
    events.tasks_generated.send(Plan, project_id=plan.project_id, count=count)


def _summary(plan: Plan, *, since: datetime, until: datetime) -> Iterator[tuple[Any, ...]]:
    """Per line how many obligations there are and from when to when: with the line's frequency this fixes every row."""
    sql = (
        "SELECT t.line_id, COUNT(*), MIN(t.opens), MAX(t.opens) FROM work_task t"
        " JOIN work_planline l ON l.id = t.line_id WHERE l.plan_id = %s AND t.opens >= %s AND t.opens < %s"
        " GROUP BY t.line_id ORDER BY t.line_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [plan.pk, moment(since), moment(until)])
        yield from cursor.fetchall()


def moment(value: datetime) -> Any:
    """A moment as this database compares it in raw SQL."""
    return connection.ops.adapt_datetimefield_value(value)


# --- the SQL, for both databases


def insert_tasks(plan: Plan, *, since: datetime, until: datetime, is_first: bool) -> int:
    """Insert lines × windows that open in [since, until) and give how many rows were new.

    A plan's first generation also takes the windows under way at its beginning for lines that no plan had before,
    when at least half of the window is left.
    """
    owed = "(w.opens >= %s OR (%s = 1 AND l.continues_id IS NULL AND w.middle >= %s))"
    values = [plan.pk, moment(until), moment(since), int(is_first), moment(since)]
    source = (
        f"FROM {_table(PlanLine)} l JOIN {_table(Window)} w ON w.schedule_id = l.schedule_id"
        f" WHERE l.plan_id = %s AND w.opens < %s AND {owed} AND (l.ends_on IS NULL OR w.day <= l.ends_on)"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{_insert_head()} {source} ON CONFLICT (line_id, opens, seq) DO NOTHING", values)
        count = int(cursor.rowcount)
        cursor.execute(
            f"INSERT INTO {_table(StaleDay)} (project_id, day) SELECT DISTINCT l.project_id, w.day {source}"
            " ON CONFLICT (project_id, day) DO NOTHING",
            values,
        )
    return count


def _table(model: type[Any]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _insert_head() -> str:
    """INSERT … SELECT with every column of a task: from the line, from the window, or as a new task has it."""
    columns, values = zip(*_columns(), strict=True)
    return f"INSERT INTO {_table(Task)} ({', '.join(columns)}) SELECT {', '.join(values)}"


def _columns() -> Iterator[tuple[str, str]]:
    yield "line_id", "l.id"
    yield "title", "CASE WHEN w.kind = 'scrap' THEN '更换 · ' || l.title ELSE l.title END"
    for name in FROM_LINE:
        yield name, f"l.{name}"
    for name in FROM_WINDOW:
        yield name, f"w.{name}"
    known = {"id", "line_id", "title", *FROM_LINE, *FROM_WINDOW}
    for column in Task._meta.concrete_fields:
        name = str(column.column)
        if name not in known and not column.null:
            yield name, _literal(column.get_default())


def _literal(value: object) -> str:
    """The default of a column of a new task: a number or a word of ours, never input."""
    return str(value) if isinstance(value, int) else f"'{value}'"
