"""Pages of the working day ask the database as often for one row as for fifty, and at most twelve times."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories.standards import ClauseFactory, VersionFactory
from factories.tasks import MORNING, Site, task

from wuyou.domains.work.actions.rollups import rebuild_day

pytestmark = pytest.mark.django_db
MOST = 12
DAY = dt.timedelta(days=1)
PAGES = [
    ("lead", "tasks", "?when=today"),
    ("lead", "tasks", "?when=all"),
    ("lead", "tasks", "?timing=late"),
    ("lead", "tasks", "?when=all&q=S0"),
    ("lead", "tasks", "?when=all&cols=zone,place,team,person,clause,project,review"),
    ("cleaner", "tasks", "?when=all"),
    ("cleaner", "mine", ""),
    ("lead", "mine", ""),
    ("lead", "board", ""),
    ("lead", "compliance", ""),
    ("lead", "compliance", "?period=30&by=zone"),
    ("lead", "compliance", "?period=30&by=person"),
    ("lead", "compliance", "?period=30&by=clause"),
    ("lead", "compliance", "?period=30&by=day"),
]


def some(estate: Site, count: int) -> None:
    """As many tasks today and yesterday, of every kind that a page treats differently."""
    version = VersionFactory()
    for number in range(count):
        named = {"place": number % 4, "clause": ClauseFactory(version=version)}
        task(estate, **named)
        task(estate, **named, assignee=None)
        task(estate, **named, opens=MORNING - dt.timedelta(hours=4), due=MORNING)  # late
        task(estate, **named, state="rejected", done_at=MORNING)
        task(estate, **named, opens=MORNING - DAY, state="done", done_at=MORNING - DAY)
    rebuild_day(estate.project.pk, dt.date(2026, 11, 19))


@pytest.mark.parametrize(("who", "page", "query"), PAGES)
def test_rows_cost_no_queries(estate, web, who, page, query):
    some(estate, 1)
    browser = web(estate.lead if who == "lead" else estate.cleaners[0].user)
    url = reverse(f"console:work:{page}") + query
    assert browser.get(url).status_code == 200  # the session knows this browser from here on
    one = asked(browser, url)
    some(estate, 49)
    many = asked(browser, url)
    assert len(many) == len(one), "\n".join(many)
    assert len(many) <= MOST, "\n".join(many)


def asked(browser, url) -> list[str]:
    """The statements of one request."""
    with CaptureQueriesContext(connection) as found:
        assert browser.get(url).status_code == 200
    return [one["sql"][:200] for one in found.captured_queries]
