"""The overview of a group's appraisals: 500 projects over 24 months, p95 server time of the whole page."""

import datetime as dt
from decimal import Decimal
from random import Random
from typing import Any

from bench.million import settle
from bench.pages import Page, measured
from bench.report import Row

PROJECTS, MONTHS = 500, 24
REGIONS, CITIES = 5, 10
LIMIT = "≤ 200"


def run(database: str) -> list[Row]:
    """Measure for the group, a region, and a city of fifty projects."""
    from django.urls import reverse

    group, region, city = make_group()
    who = make_reader(group)
    url = reverse("console:appraisal:overview")
    pages = {
        "appraisals at a glance, 500 projects × 24 months": url,
        "appraisals at a glance, a region": f"{url}?node={region.pk}",
        "appraisals at a glance, a city": f"{url}?node={city.pk}",
    }
    return [
        row
        for name, address in pages.items()
        for row in measured(database, Page(name, "group", address), who, limit=LIMIT)
    ]


def make_group() -> tuple[Any, Any, Any]:
    """A group of five regions with two cities each, and the months of all their projects; group, a region, a city."""
    from wuyou.domains.org.models import Node

    group = Node.objects.add_root(create_kwargs={"kind": "group", "name": "bench", "code": "GROUP"})
    regions = [_below(group, "region", f"R{number}") for number in range(REGIONS)]
    cities = [_below(regions[number % REGIONS], "city", f"C{number}") for number in range(CITIES)]
    make_months(make_projects(cities))
    settle()
    return group, regions[0], cities[0]


def _below(parent: Any, kind: str, code: str) -> Any:
    from wuyou.domains.org.models import Node

    return Node.objects.add_child(
        Node.objects.get(pk=parent.pk), create_kwargs={"kind": kind, "name": code, "code": code}
    )


def make_projects(cities: list[Any]) -> list[Any]:
    """Projects spread over the cities."""
    from wuyou.domains.org.models import Project

    made = []
    for number in range(PROJECTS):
        node = _below(cities[number % len(cities)], "project", f"P{number}")
        made.append(Project(node=node, code=node.code, name=f"项目{number}"))
    return Project.objects.bulk_create(made)


def make_months(projects: list[Any]) -> None:
    """Published months of every project under one scheme, each project about a level of its own."""
    from wuyou.domains.appraisal.actions.schemes import load_shipped_schemes
    from wuyou.domains.appraisal.models import Enrolment, Period, Scheme
    from wuyou.kernel import clock
    from wuyou.kernel.actors import System

    load_shipped_schemes(by=System("bench"))
    scheme = Scheme.objects.get(code="group_project")
    version = scheme.versions.get()
    first = dt.date(2024, 11, 1)
    enrolled = Enrolment.objects.bulk_create(
        Enrolment(project=one, scheme=scheme, kind="project", label=one.name, starts_on=first) for one in projects
    )
    chance, now, rows = Random(1), clock.now(), []
    months = [dt.date(2024 + (10 + at) // 12, (10 + at) % 12 + 1, 1) for at in range(MONTHS)]
    for enrolment in enrolled:
        level = chance.gauss(85, 4)
        for month in months:
            points = min(max(Decimal(f"{chance.gauss(level, 3):.2f}"), Decimal(0)), Decimal(100))
            rows.append(
                Period(
                    project_id=enrolment.project_id, enrolment=enrolment, version=version, month=month, state="final",
                    days_present=30, days_of=30, points=points, band="good", disclosed_at=now, published_at=now,
                    closed_at=now,
                )
            )  # fmt: skip
    Period.objects.bulk_create(rows, batch_size=1000)


def make_reader(group: Any) -> Any:
    """Somebody of the group's quality centre."""
    from wuyou.domains.org.actions import load_roles
    from wuyou.domains.org.models import Assignment, Role, User
    from wuyou.kernel import clock

    load_roles()
    user = User.objects.create(username="centre", full_name="centre")
    role = Role.objects.get(code="group_quality")
    Assignment.objects.create(user=user, role=role, node=group, starts_on=clock.today(), granted_by="bench")
    return user
