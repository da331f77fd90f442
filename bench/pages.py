"""Pages over 1,000,000 obligations: server time of whole requests, queries, and that rows cost no queries."""

import statistics
import time
from dataclasses import dataclass
from typing import Any

from bench.million import Company, make_company
from bench.report import Row

ROUNDS, WARM = 20, 3
LIMITS = {"postgresql": "≤ 100", "sqlite": "≤ 150"}
MOST_QUERIES = "≤ 12"


@dataclass(frozen=True, slots=True)
class Page:
    """A page as somebody of the company opens it."""

    name: str
    who: str
    url: str


def run(database: str) -> list[Row]:
    """Measure on the database Django is set up with; `database` is the name the rows bear."""
    company = make_company()
    return [row for page in pages(company) for row in measured(database, page, getattr(company, page.who))]


def pages(company: Company) -> list[Page]:
    """What is measured: each page for those who use it most."""
    from django.urls import reverse

    zone = company.projects[0].zones.first().pk
    tasks, board, mine = (reverse(f"console:work:{name}") for name in ("tasks", "board", "mine"))
    compliance = reverse("console:work:compliance")
    asked = {
        "tasks, today": ("manager", f"{tasks}?when=today"),
        "tasks, any day": ("manager", f"{tasks}?when=all"),
        "tasks, late": ("manager", f"{tasks}?timing=late"),
        "tasks, late, latest first": ("manager", f"{tasks}?timing=late&sort=-due"),
        "tasks, a zone, done late": ("manager", f"{tasks}?zone={zone}&timing=done_late"),
        "tasks, words": ("manager", f"{tasks}?when=all&q=7号楼道"),
        "tasks, all projects, any day": ("group", f"{tasks}?when=all"),
        "tasks, all projects, late": ("group", f"{tasks}?timing=late"),
        "tasks, a cleaner": ("cleaner", f"{tasks}?when=all"),
        "compliance, 7 days": ("manager", compliance),
        "compliance, 30 days by zone": ("manager", f"{compliance}?period=30&by=zone"),
        "compliance, 30 days by person": ("manager", f"{compliance}?period=30&by=person"),
        "compliance, all projects, 30 days": ("group", f"{compliance}?period=30"),
        "compliance, all projects by clause": ("group", f"{compliance}?period=30&by=clause"),
        "my work, a cleaner": ("cleaner", mine),
        "my work, a manager": ("manager", mine),
        "my work, all projects": ("group", mine),
        "board": ("manager", board),
    }
    return [Page(name, who, url) for name, (who, url) in asked.items()]


def measured(database: str, page: Page, user: Any, *, limit: str = "") -> list[Row]:
    """Milliseconds of 95 in 100 requests, and the queries of one."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")
    client.force_login(user)

    def ask() -> float:
        began = time.perf_counter()
        answer = client.get(page.url)
        took = time.perf_counter() - began
        if answer.status_code != 200:
            raise RuntimeError(f"{page.url}: {answer.status_code}")
        return took * 1000

    for _ in range(WARM):
        ask()
    began = time.process_time()
    times = [ask() for _ in range(ROUNDS)]
    worked = (time.process_time() - began) * 1000 / ROUNDS
    with CaptureQueriesContext(connection) as queries:
        ask()
    median = f"median {statistics.median(times):.0f} ms, {worked:.0f} ms of this process's own work"
    return [
        Row(f"{database}: {page.name}, p95", percentile(times), "ms", limit or LIMITS[database], median),
        Row(f"{database}: {page.name}, queries", len(queries), "", MOST_QUERIES),
    ]


def percentile(times: list[float]) -> float:
    """95 in 100 were no slower."""
    return sorted(times)[int(len(times) * 0.95) - 1]
