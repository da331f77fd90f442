"""Inspecting: a section of an inspection of 200 questions is opened and saved, and the whole is submitted."""

import statistics
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bench.million import user
from bench.pages import percentile
from bench.report import Row

SECTIONS, QUESTIONS = 10, 20
ROUNDS, WARM = 60, 5
MOST_MS = "≤ 100"
FAILED = 30


def run(database: str) -> list[Row]:
    """Measure on the database Django is set up with; `database` is the name the rows bear."""
    inspection = begun()
    return [*_saving(database, inspection), _opening(database, inspection), _submitting(database, inspection)]


def begun() -> Any:
    """A self-check of a project with a sheet of 200 questions in ten sections, under way."""
    from wuyou.domains.org.models import Node, Project
    from wuyou.domains.quality.actions.inspections import start_inspection

    root = Node.objects.add_root(create_kwargs={"kind": "group", "name": "bench", "code": "G"})
    node = Node.objects.add_child(root, create_kwargs={"kind": "project", "name": "A", "code": "A"})
    hours = {str(day): ["08:00", "18:00"] for day in range(1, 8)}
    project = Project.objects.create(node=node, code="A", name="A", service_hours=hours)
    return start_inspection(project, sheet_version=sheet(), by=user("manager", "project_manager", node))


def sheet() -> Any:
    """Every kind of judged answer, in turn."""
    from wuyou.domains.sheets import actions
    from wuyou.domains.sheets.rules.items import ItemSpec
    from wuyou.kernel.actors import System

    by = System("bench")
    kinds: list[dict[str, Any]] = [
        {"answer_type": "pass_fail"}, {"answer_type": "grade"}, {"answer_type": "count", "limit": 3},
        {"answer_type": "measure", "tolerance_low": Decimal(0), "tolerance_high": Decimal(5)},
    ]  # fmt: skip
    items = [
        ItemSpec(
            f"q{number}", f"第{number}项", section=f"第{number // QUESTIONS + 1}部分", **kinds[number % len(kinds)]
        )
        for number in range(SECTIONS * QUESTIONS)
    ]
    version = actions.create_sheet(by=by, code="bench", name_zh="两百项检查表", purpose="inspection")
    actions.change_items(version, items, by=by)
    actions.change_scoring(version, by=by, scoring="points")
    return actions.issue(version, by=by)


def _client(inspection: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(inspection.inspector)
    return client


def _timed(act: Callable[[int], None]) -> list[float]:
    """Milliseconds of every round after the warm ones."""
    times = []
    for round_ in range(WARM + ROUNDS):
        began = time.perf_counter()
        act(round_)
        times.append((time.perf_counter() - began) * 1000)
    return times[WARM:]


def _form(part: int, round_: int) -> dict[str, str]:
    """Answers to a section that are other ones every round; the first thirty questions fail at last."""
    first = (part - 1) * QUESTIONS
    good = round_ % 2
    answers = [("pass", "5", "0", "1"), ("fail", "1", "9", "7")]
    return {
        f"answers.q{number}": answers[1 - good if number >= FAILED else good][number % 4]
        for number in range(first, first + QUESTIONS)
    }


def _saving(database: str, inspection: Any) -> list[Row]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    client = _client(inspection)

    def save(round_: int, part: int | None = None) -> None:
        at = part or round_ % SECTIONS + 1
        address = reverse("console:quality:inspect_save", args=[inspection.pk, at])
        answer = client.post(address, _form(at, round_ // SECTIONS), headers={"HX-Request": "true"})
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")

    times = _timed(save)
    with CaptureQueriesContext(connection) as queries:
        save(SECTIONS, 1)
        asked = len(queries)
    for part in range(1, SECTIONS + 1):
        save(SECTIONS, part)
    median = f"median {statistics.median(times):.0f} ms"
    return [
        Row(f"{database}: saving a section of 200 questions, p95", percentile(times), "ms", MOST_MS, median),
        Row(f"{database}: saving a section, queries", asked, ""),
    ]


def _opening(database: str, inspection: Any) -> Row:
    from django.urls import reverse

    client = _client(inspection)
    times = _timed(
        lambda round_: client.get(reverse("console:quality:inspect", args=[inspection.pk, round_ % SECTIONS + 1]))
    )
    median = f"median {statistics.median(times):.0f} ms"
    return Row(f"{database}: opening a section of 200 questions, p95", percentile(times), "ms", "", median)


def _submitting(database: str, inspection: Any) -> Row:
    from wuyou.domains.quality.actions.inspections import submit_inspection

    inspection.refresh_from_db()
    began = time.perf_counter()
    submit_inspection(inspection, by=inspection.inspector)
    took = time.perf_counter() - began
    found = inspection.findings.count()
    return Row(f"{database}: submitting 200 questions, {found} findings", took, "s")
