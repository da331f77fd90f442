"""An estate company of 1,000,000 obligations: five projects, 365 days behind, 34 ahead, made set-wise."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

SIZES = {"A": 1250, "B": 500, "C": 375, "D": 250, "E": 125}  # obligations a day by project: 2,500 in all
BEHIND, AHEAD = 365, 34
ZONES, PLACES, CLAUSES = 10, 240, 130
TEAMS = {"环境部": 18, "秩序部": 20, "工程部": 6, "客服部": 6}  # staff by team, at every project
ACTIVITIES = ("sweep", "mop", "litter_pick", "patrol", "inspect")
EVIDENCE = ("photo", "", "scan", "readings")

# per thousand obligations of the past: what became of them
BECAME = {"done": 910, "late": 950, "skipped": 970, "rejected": 972}  # cumulative; the rest was not done
INSERT = """
INSERT INTO work_task
  (project_id, line_id, title, activity, clause_id, place_id, zone_id, team_id, assignee_id, opens, due, day, seq,
   minutes, evidence, qualification, state, result, skip_reason, note, done_at, done_by_id, evidence_count, review,
   review_note, rejections)
SELECT project_id, line_id, title, activity, clause_id, place_id, zone_id, team_id, assignee_id, opens, due, day, 1,
  minutes, evidence, '', CASE WHEN NOT past THEN 'open' WHEN luck < {late} THEN 'done' WHEN luck < {skipped} THEN
  'skipped' WHEN luck < {rejected} THEN 'rejected' ELSE 'open' END, CASE WHEN past AND luck < {late} THEN 'done' ELSE ''
  END, CASE WHEN past AND luck >= {late} AND luck < {skipped} THEN 'weather' ELSE '' END, '', CASE WHEN NOT past OR
  (luck >= {late} AND luck < {skipped}) OR luck >= {rejected} THEN NULL WHEN luck < {done} THEN opens ELSE due END,
  NULL, CASE WHEN past AND luck < {late} AND evidence = 'photo' THEN 1 ELSE 0 END, CASE WHEN past AND luck >= {skipped}
  AND luck < {rejected} THEN 'rejected' ELSE '' END, '', 0
FROM (
  SELECT l.project_id, l.id AS line_id, l.title, l.activity, l.clause_id, l.place_id, l.zone_id, l.team_id,
    l.assignee_id, l.minutes, l.evidence, w.opens, w.due, w.day, w.opens < %s AS past,
    (l.id * 7919 + w.id * 104729) %% 1000 AS luck
  FROM work_window w JOIN work_planline l ON l.schedule_id = w.schedule_id
  ORDER BY w.opens, l.id
) AS made
"""


@dataclass(frozen=True, slots=True)
class Company:
    """What was made: the projects, and people to log in as."""

    projects: list[Any]
    group: Any  # sees every project
    manager: Any  # of the largest project
    cleaner: Any  # there


def make_company() -> Company:
    """Projects with their registers, one plan each, and the obligations with what became of them."""
    from wuyou.domains.org.models import Node

    root = Node.objects.add_root(create_kwargs={"kind": "group", "name": "bench", "code": "G"})
    clauses = make_clauses()
    schedules = make_schedules()
    projects = [make_project(root, code, size, clauses, schedules) for code, size in SIZES.items()]
    make_tasks()
    count_days()
    settle()
    first = projects[0]
    cleaner = first.staff.order_by("pk").first()
    return Company(
        projects,
        group=user("quality", "group_quality", root),
        manager=user("manager", "project_manager", first.node),
        cleaner=cleaner.user,
    )


def user(name: str, role: str, node: Any) -> Any:
    """Somebody who holds a standard role."""
    from wuyou.domains.org.models import Assignment, Role, User
    from wuyou.domains.org.roles import STANDARD_ROLES

    shipped = next(one for one in STANDARD_ROLES if one.code == role)
    values = {"name_zh": shipped.name_zh, "name_en": shipped.name_en, "permissions": list(shipped.permissions)}
    held, _is_new = Role.objects.get_or_create(code=role, defaults=values)
    made = User.objects.create(username=name, full_name=name)
    Assignment.objects.create(user=made, role=held, node=node, starts_on=dt.date(2020, 1, 1))
    return made


def make_clauses() -> list[Any]:
    """A standard."""
    from wuyou.domains.standards.models import Clause, Grade, Standard, StandardVersion

    standard = Standard.objects.create(code="bench", name_zh="物业服务标准", kind="grade")
    version = StandardVersion.objects.create(standard=standard, number=1, state="issued", issued_on=dt.date(2024, 1, 1))
    Grade.objects.create(version=version, code="3", rank=3, label_zh="三级")
    rows = [
        Clause(version=version, position=number, code=f"2.{number}", part="保洁", kind="cadence",
               subject_name="楼道", requirement_zh=f"楼道每日清扫一次，保持地面干净无垃圾 {number}")
        for number in range(CLAUSES)
    ]  # fmt: skip
    return list(Clause.objects.bulk_create(rows))


def make_schedules() -> list[Any]:
    """Once a day, in three different windows of the day."""
    from wuyou.domains.work.models import Schedule, Window
    from wuyou.kernel import clock

    found = []
    for number, (opens, hours) in enumerate(((7, 3), (8, 10), (13, 6))):
        schedule = Schedule.objects.create(cadence="1/1 d", anchor=dt.date(2024, 1, 1 + number))
        windows = []
        for days in range(-BEHIND, AHEAD + 1):
            day = clock.today() + dt.timedelta(days=days)
            start = clock.midnight(day) + dt.timedelta(hours=opens)
            span = dt.timedelta(hours=hours)
            windows.append(Window(schedule=schedule, opens=start, due=start + span, day=day, middle=start + span / 2))
        Window.objects.bulk_create(windows)
        found.append(schedule)
    return found


def make_project(root: Any, code: str, size: int, clauses: list[Any], schedules: list[Any]) -> Any:
    """A project with zones, places, teams, staff and a plan of `size` lines."""
    from wuyou.domains.org.models import Node, Project
    from wuyou.domains.registry.models import Place, Team, Zone

    root.refresh_from_db()
    node = Node.objects.add_child(root, create_kwargs={"kind": "project", "name": code, "code": f"N{code}"})
    project = Project.objects.create(node=node, code=code, name=f"{code}小区", kind="residential")
    zones = [Zone.objects.create(project=project, name=f"{number}区") for number in range(ZONES)]
    site = Place.objects.add_root(create_kwargs={"project": project, "level": "site", "code": "0", "name": code})
    places = []
    for number in range(PLACES):
        values = {"project": project, "level": "spot", "code": f"S{number}", "name": f"{number}号楼道"}
        values |= {"zone": zones[number % ZONES], "category": "楼道楼梯"}
        site.refresh_from_db()
        places.append(Place.objects.add_child(site, create_kwargs=values))
    teams = [Team.objects.create(project=project, name=name) for name in TEAMS]
    staff = {team.pk: make_staff(project, team, TEAMS[team.name]) for team in teams}
    make_lines(project, size, clauses=clauses, schedules=schedules, places=places, staff=staff)
    return project


def make_staff(project: Any, team: Any, heads: int) -> list[Any]:
    """People of a team, each with a log-in."""
    from wuyou.domains.registry.models import Person, Staff

    made = []
    for number in range(heads):
        code = f"{project.code}{team.pk}-{number}"
        person = Person.objects.create(node=project.node, name=f"员工{code}")
        log_in = user(code, "field_staff", project.node)
        values = {"project": project, "team": team, "person": person, "user": log_in, "number": code}
        made.append(Staff.objects.create(**values, name=f"员工{code}", job="员工"))
    return made


def make_lines(
    project: Any, size: int, *, clauses: list[Any], schedules: list[Any], places: list[Any], staff: Any
) -> None:
    """A published plan; one line in twenty names nobody."""
    from wuyou.domains.work.models import Binding, LineClause, Plan, PlanLine
    from wuyou.kernel import clock

    now, first = clock.now(), clock.today() - dt.timedelta(days=BEHIND)
    version = clauses[0].version
    Binding.objects.create(
        project=project, layer="grade", version=version, grade=version.grades.get(), starts_on=first, bound_by="bench"
    )
    plan = Plan.objects.create(
        project=project, number=1, state="published", drafted_at=now, published_at=now, effective_from=first
    )
    teams = list(staff)
    lines = []
    for number in range(size):
        place, team = places[number % PLACES], teams[0] if number % 10 < 6 else teams[number % len(teams)]
        who = None if number % 20 == 0 else staff[team][(number // 2) % len(staff[team])]
        lines.append(
            PlanLine(
                plan=plan, project=project, key=f"line:{number}", title=f"清扫 · {place.name}{number}",
                activity=ACTIVITIES[number % len(ACTIVITIES)], clause=clauses[number % CLAUSES], place=place,
                zone=place.zone, team_id=team, assignee=who, cadence="1/1 d", minutes=Decimal(8),
                schedule=schedules[number % len(schedules)], evidence=EVIDENCE[number % len(EVIDENCE)], layer="grade",
            )
        )  # fmt: skip
    LineClause.objects.bulk_create(
        LineClause(line=line, clause=clause, layer="grade", cadence="1/1 d", is_leading=clause is line.clause)
        for number, line in enumerate(PlanLine.objects.bulk_create(lines))
        for clause in (line.clause, clauses[(number + 7) % CLAUSES])
    )


def make_tasks() -> None:
    """Every line in every window: those that opened before today with what became of them, the others open."""
    from django.db import connection

    from wuyou.domains.work.actions.generation import moment
    from wuyou.kernel import clock

    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(**BECAME), [moment(clock.midnight(clock.today()))])
        count = cursor.rowcount
    if count != sum(SIZES.values()) * (BEHIND + AHEAD + 1):
        raise RuntimeError(f"{count} obligations")


def count_days() -> None:
    """Roll every day up as the product does; a few days stay marked stale, as they are at any moment."""
    from wuyou.domains.org.models import Project
    from wuyou.domains.work.actions.rollups import mark_stale, rebuild_day
    from wuyou.kernel import clock
    from wuyou.kernel.transactions import unit_of_work

    today = clock.today()
    for project in Project.objects.all():
        with unit_of_work():
            for days in range(1, BEHIND + 1):
                rebuild_day(project.pk, today - dt.timedelta(days=days))
            mark_stale(project.pk, [today, today - dt.timedelta(days=1), *_coming(today)])


def _coming(today: dt.date) -> list[dt.date]:
    return [today + dt.timedelta(days=days) for days in range(1, AHEAD + 1)]


def settle() -> None:
    """What the database does by itself in time: statistics."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE work_task" if connection.vendor == "postgresql" else "ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
