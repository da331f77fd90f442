"""A group with two projects, inspected over months, and browsers of people."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from factories.inspected import corrected, inspected, sheet
from factories.org import NodeFactory, ProjectFactory, UserFactory, user_with
from factories.quality import finding
from factories.standards import ClauseFactory

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.quality.choices import Cause
from wuyou.domains.quality.models import Correction
from wuyou.kernel import clock

TODAY, DAY = dt.date(2026, 11, 20), dt.timedelta(days=1)
RIGHTS = ("quality.view_inspections", "quality.view_findings", "quality.inspect", "work.view_tasks")
Browser = Callable[..., Client]


@pytest.fixture
def group(db: None, moment: dt.datetime) -> Node:
    """The root; it is 10:00 on Friday 20 November 2026."""
    return NodeFactory(name="集团")


@pytest.fixture
def project(group: Node) -> Project:
    """A project of the group."""
    return another(group, "九台校区")


def another(group: Node, name: str) -> Project:
    """One more project of the group."""
    return ProjectFactory(node=NodeFactory(parent=group, kind="project"), name=name)


@pytest.fixture
def viewer(group: Node) -> User:
    """Somebody of the group who sees everything."""
    return user_with(*RIGHTS, at=group)


@pytest.fixture
def web(client: Client) -> Browser:
    """A browser of somebody."""

    def open_as(user: User, language: str = "en") -> Client:
        client.force_login(user)
        client.cookies["django_language"] = language
        return client

    return open_as


def some(group: Node, projects: int, rounds: int) -> None:
    """Projects with inspections by two people on one sheet, double ones, findings of every kind."""
    version, clause = sheet(6), ClauseFactory()
    judges = [UserFactory(), UserFactory()]
    for number in range(projects):
        site = another(group, f"小区{number}")
        for step in range(rounds):
            day = TODAY - (step * 9 + number % 3) * DAY
            given = {"project": site, "sheet_version": version, "score": Decimal(80 + (number * 7 + step * 3) % 17)}
            one = inspected(day, "ppppff" if step % 2 else "pppppn", inspector=judges[0], **given)
            inspected(day, "pppppf", inspector=judges[1], second_of=one, **given)
            at = clock.midnight(day)
            corrected(at, days=1.5 + step % 3, verified=1.0, project=site, clause=clause)
            row = finding(project=site, found_at=at, clause=ClauseFactory())
            Correction.objects.create(finding=row, cause=Cause.PEOPLE)
