"""An estate with layers, a plan and people who plan it; browsers of them."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories.org import NodeFactory, ProjectFactory, user_with
from factories.tasks import MORNING
from factories.work import PLANNER, Estate, bound, estate, published

from wuyou.domains.org.models import User
from wuyou.domains.work.actions.drafting import draft_plan
from wuyou.domains.work.models import Plan
from wuyou.kernel import clock


@pytest.fixture
def moment() -> Iterator[dt.datetime]:
    """09:00 on Friday 20 November 2026 in Shanghai."""
    now = MORNING + dt.timedelta(hours=1)
    with clock.at(now):
        yield now


@pytest.fixture
def site(db: None, moment: dt.datetime) -> Estate:
    """Three stairs in two zones, swept every day by the grade, wiped every month."""
    made = estate()
    bound(made, sweep="1/1 d", wipe="1/1 m")
    return made


@pytest.fixture
def plan(site: Estate) -> Plan:
    """The plan in force."""
    return published(site)


@pytest.fixture
def draft(site: Estate, plan: Plan) -> Plan:
    """The next plan, drafted."""
    return draft_plan(site.project, by=site.planner)


@pytest.fixture
def web(site: Estate) -> Callable[..., Client]:
    """A browser of the planner, or of somebody else."""

    def open_as(user: User | None = None, language: str = "en") -> Client:
        client = Client()
        client.force_login(user or site.planner)
        client.cookies["django_language"] = language
        return client

    return open_as


@pytest.fixture
def stranger(site: Estate) -> User:
    """Somebody with the same rights at another project."""
    elsewhere = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
    return user_with(*PLANNER, "work.view_compliance", at=elsewhere)


@pytest.fixture
def colleague(site: Estate) -> User:
    """Somebody at the project without any right on plans."""
    return user_with("registry.view_places", at=site.project)


@pytest.fixture
def queries_of() -> Callable[[Client, str], int]:
    """How many queries a page takes the second time somebody looks."""

    def count(browser: Client, address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    return count
