"""Generating obligations: 1,000,000 rows against a plain INSERT … SELECT of the same rows, indexes and all."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from bench.report import Row

LINES, DAYS, PER_DAY = 5_000, 20, 10  # 1,000,000 obligations
OBJECTS = 20_000  # what bulk_create is measured with
FIRST = date(2026, 12, 1)


def run(database: str) -> list[Row]:
    """Measure on the database Django is set up with; `database` is the name the rows bear."""
    plan = make_plan()
    make_windows(plan)
    plain = rate(lambda: insert_plainly(plan))
    ours = rate(lambda: generate_all(plan))
    objects = rate(lambda: create_objects(plan))
    return [
        Row(f"{database}: plain INSERT … SELECT", plain, "rows/s"),
        Row(f"{database}: generation", ours, "rows/s", "", f"{ours / objects:.1f} × bulk_create"),
        Row(f"{database}: generation against plain", ours / plain, "×", "≥ 0.7", "the same rows, the same indexes"),
        Row(f"{database}: bulk_create", objects, "rows/s"),
    ]


def make_plan() -> Any:
    """A published plan of lines that all fall due ten times a day."""
    from wuyou.domains.org.models import Node, Project
    from wuyou.domains.work.models import Plan, PlanLine, Schedule
    from wuyou.kernel import clock

    node = Node.objects.add_root(create_kwargs={"kind": "project", "name": "bench", "code": "B"})
    project = Project.objects.create(node=node, code="B", name="bench")
    now = clock.now()
    plan = Plan.objects.create(
        project=project, number=1, state="published", drafted_at=now, published_at=now, effective_from=FIRST
    )
    schedule = Schedule.objects.create(cadence=f"{PER_DAY}/1 d", anchor=date(2024, 1, 1))
    PlanLine.objects.bulk_create(
        PlanLine(
            plan=plan, project=project, key=f"sweep:place:{number}", title=f"清扫 · {number}号楼1单元楼道",
            activity="sweep", cadence=schedule.cadence, schedule=schedule, minutes=5, evidence="photo",
        )
        for number in range(LINES)
    )  # fmt: skip
    return plan


def end() -> datetime:
    """The moment up to which is generated."""
    from wuyou.kernel import clock

    return clock.midnight(FIRST + timedelta(days=DAYS))


def make_windows(plan: Any) -> None:
    """Have the windows ready for the plain insert too."""
    from wuyou.domains.work.models import Schedule
    from wuyou.domains.work.windows import ensure_windows

    ensure_windows(
        Schedule.objects.filter(lines__plan=plan).distinct(), since=FIRST, until=FIRST + timedelta(days=DAYS)
    )


def rate(insert: Callable[[], int]) -> float:
    """Rows a second of something that fills the empty table in one transaction; the table is emptied first."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        for table in ("work_task", "work_staleday"):
            cursor.execute(f"DELETE FROM {table}" if connection.vendor == "sqlite" else f"TRUNCATE {table} CASCADE")
    began = time.perf_counter()
    with transaction.atomic():
        count = insert()
    return count / (time.perf_counter() - began)


def generate_all(plan: Any) -> int:
    """The product's own way: windows, rows, stale days, the digest and the journal's entry."""
    from wuyou.domains.work.actions.generation import generate
    from wuyou.domains.work.models import Plan
    from wuyou.kernel.actors import System

    Plan.objects.filter(pk=plan.pk).update(generated_until=None)
    count = generate(plan.project, until=end(), by=System("bench"))
    if count != LINES * DAYS * PER_DAY:
        raise RuntimeError(f"{count} obligations instead of {LINES * DAYS * PER_DAY}")
    return count


COLUMNS = (
    "project_id, line_id, title, activity, opens, due, day, seq, minutes, evidence, qualification, state, result,"
    " skip_reason, note, evidence_count, review, review_note, rejections"
)
VALUES = (
    "l.project_id, l.id, l.title, l.activity, w.opens, w.due, w.day, w.seq, l.minutes, l.evidence, l.qualification,"
    " 'open', '', '', '', 0, '', '', 0"
)


def insert_plainly(plan: Any) -> int:
    """The same rows by the barest statement there is."""
    from django.db import connection

    from wuyou.domains.work.actions.generation import begins, moment

    sql = (
        f"INSERT INTO work_task ({COLUMNS}) SELECT {VALUES} FROM work_planline l"
        " JOIN work_window w ON w.schedule_id = l.schedule_id WHERE l.plan_id = %s AND w.opens >= %s AND w.opens < %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [plan.pk, moment(begins(plan)), moment(end())])
        return int(cursor.rowcount)


def create_objects(plan: Any) -> int:
    """Some of the same rows as objects."""
    from wuyou.domains.work.models import PlanLine, Task, Window

    lines = list(PlanLine.objects.filter(plan=plan).order_by("id"))
    windows = list(Window.objects.filter(day__gte=FIRST).order_by("opens", "seq")[: OBJECTS // LINES])
    rows = [
        Task(
            project_id=line.project_id, line=line, title=line.title, activity=line.activity, opens=one.opens,
            due=one.due, day=one.day, seq=one.seq, minutes=line.minutes, evidence=line.evidence,
        )
        for one in windows
        for line in lines
    ]  # fmt: skip
    Task.objects.bulk_create(rows, batch_size=1000)
    return len(rows)
