"""An estate at nine in the morning, and browsers of the people who work there."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.org import AssignmentFactory, NodeFactory, ProjectFactory, RoleFactory, user_with
from factories.tasks import LEAD, MORNING, Site, site

from wuyou.domains.org.models import User
from wuyou.kernel import clock

Browser = Callable[..., Client]


@pytest.fixture
def moment() -> Iterator[dt.datetime]:
    """09:00 on Friday 20 November 2026 in Shanghai: the tasks of `task()` opened an hour ago."""
    now = MORNING + dt.timedelta(hours=1)
    with clock.at(now):
        yield now


@pytest.fixture
def estate(db: None, moment: dt.datetime) -> Site:
    """Two zones, four stairs, three cleaners and a lead who sees places and staff too."""
    made = site()
    sees = RoleFactory(permissions=["registry.view_places", "registry.view_staff"])
    AssignmentFactory(user=made.lead, node=made.project.node, role=sees)
    return made


@pytest.fixture
def queries_of() -> Callable[[Client, str], int]:
    """How many queries a page takes the second time somebody looks."""

    def count(browser: Client, address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def web() -> Browser:
    """A browser of somebody, in a language."""

    def open_as(user: User, language: str = "en") -> Client:
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = language
        return client

    return open_as


@pytest.fixture
def stranger(estate: Site) -> User:
    """Somebody with the same rights at another project."""
    elsewhere = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
    return user_with(*LEAD, "registry.view_places", at=elsewhere)


@pytest.fixture
def onlooker(estate: Site) -> User:
    """A colleague at the project who may do nothing with work."""
    return user_with("standards.view_standards", at=estate.project)
