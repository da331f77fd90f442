"""A small estate at work: two zones, a team of cleaners, tasks of today. For tests of doing tasks."""

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal

from PIL import Image

from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, UserFactory, user_with
from wuyou.domains.org.models import Project, User
from wuyou.domains.registry.models import Person, Place, Staff, Team, Zone
from wuyou.domains.work.models import Plan, PlanLine, Task
from wuyou.kernel import clock

MORNING = dt.datetime(2026, 11, 20, 0, 0, tzinfo=dt.UTC)  # 08:00 in Shanghai
LEAD = ("work.view_tasks", "work.do_tasks", "work.assign_tasks", "work.review_tasks", "work.manage_absence",
        "work.view_compliance")  # fmt: skip


@dataclass
class Site:
    """What `site()` made."""

    project: Project
    team: Team
    zones: list[Zone]
    places: list[Place]
    cleaners: list[Staff]
    lead: User


def staff_member(project: Project, team: Team, number: str, *permissions: str) -> Staff:
    """A member of staff who may log in."""
    user = UserFactory(full_name=f"员工{number}")
    role = RoleFactory(permissions=list(permissions or ["work.do_tasks"]))
    AssignmentFactory(user=user, node=project.node, role=role)
    person = Person.objects.create(node=project.node, name=user.full_name)
    return Staff.objects.create(
        project=project, person=person, user=user, number=number, name=user.full_name, team=team, job="保洁员"
    )


def site(*, cleaners: int = 3) -> Site:
    """An estate with two zones, four stairs and some cleaners; the first is of zone A, the second of B, …"""
    project = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
    team = Team.objects.create(project=project, name="环境")
    zones = [Zone.objects.create(project=project, name=name) for name in ("A区", "B区")]
    root = Place.objects.add_root(create_kwargs={"project": project, "level": "site", "code": "0", "name": "小区"})
    places = []
    for number in range(4):
        root.refresh_from_db()
        values = {
            "project": project, "level": "spot", "category": "楼道楼梯", "code": f"S{number}",
            "name": f"{number}号楼道",
            "zone": zones[number % 2], "x": 100.0 * number, "y": 0.0,
        }  # fmt: skip
        places.append(Place.objects.add_child(root, create_kwargs=values))
    staff = [staff_member(project, team, f"C{number}") for number in range(cleaners)]
    for number, member in enumerate(staff):
        member.zones.add(zones[number % 2])
    return Site(project, team, zones, places, staff, user_with(*LEAD, at=project))


def task(site: Site, *, place: int = 0, **given: object) -> Task:
    """An open sweep of a stair, from 08:00 to 18:00 today, for the zone's first cleaner; photos not asked for."""
    where = site.places[place]
    opens = given.pop("opens", MORNING)
    due = given.pop("due", opens + dt.timedelta(hours=10))
    values = {
        "project": site.project, "title": f"{where.name} 清扫", "activity": "sweep", "place": where, "zone": where.zone,
        "team": site.team, "assignee": site.cleaners[place % 2], "opens": opens, "due": due,
        "day": clock.local(due).date(), "minutes": Decimal(20), "evidence": "",
    }  # fmt: skip
    return Task.objects.create(**(values | given))


def plan_line(site: Site) -> PlanLine:
    """A line of a plan, twice a week."""
    plan = Plan.objects.create(project=site.project, number=1, drafted_at=MORNING)
    return PlanLine.objects.create(
        plan=plan,
        project=site.project,
        key="sweep:1",
        title="清扫",
        activity="sweep",
        cadence="2/1 w",
        minutes=Decimal(20),
    )


def photo() -> io.BytesIO:
    """A JPEG no other is like."""
    file = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(file, "JPEG")
    file.seek(0)
    file.name = "photo.jpg"
    return file
