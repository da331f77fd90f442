"""A group with a project, and somebody of the group who sees everything."""

import datetime as dt

import pytest
from factories.org import NodeFactory, ProjectFactory, user_with

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.quality.queries.statistics import Window

TODAY = dt.date(2026, 11, 20)
RIGHTS = ("quality.view_inspections", "quality.view_findings", "quality.inspect", "work.view_tasks")


@pytest.fixture
def group(db: None, moment: dt.datetime) -> Node:
    """The root; it is 10:00 on Friday 20 November 2026."""
    return NodeFactory(name="集团")


@pytest.fixture
def project(group: Node) -> Project:
    """A project of the group."""
    return another(group, name="九台校区")


def another(group: Node, **given: str) -> Project:
    """One more project of the group."""
    return ProjectFactory(node=NodeFactory(parent=group, kind="project"), **given)


@pytest.fixture
def viewer(group: Node) -> User:
    """Somebody of the group who sees inspections and findings everywhere."""
    return user_with(*RIGHTS, at=group)


@pytest.fixture
def year() -> Window:
    """The twelve months up to today."""
    return Window(dt.date(2025, 11, 21), TODAY)
