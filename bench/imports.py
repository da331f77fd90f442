"""Import of a workbook of 10,000 rooms with residents: upload, check, load; then the same file again, and undo."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

from bench.report import Row, print_table
from bench.scratch import database, environment

WORKBOOKS = Path(__file__).resolve().parents[1] / "src" / "wuyou" / "config" / "demo" / "jiutai"
CHILD = "import json; from bench.imports import import_rooms; print(json.dumps(import_rooms()))"


def run(database: str) -> list[Row]:
    """Measure in a process of its own, so that the peak memory is the import's."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CHILD], env=environment(), stdout=subprocess.PIPE, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        Row(f"{database}: import of {found['rooms']:,} rooms, upload to loaded", found["seconds"], "s", "≤ 20"),
        Row(f"{database}: rooms a second", found["rooms"] / found["seconds"], "/s"),
        Row(f"{database}: records a second", found["records"] / found["seconds"], "/s"),
        Row(f"{database}: peak memory of the import", found["megabytes"], "MB", "≤ 400"),
        Row(f"{database}: the same file again, nothing to do", found["again"], "s"),
        Row(f"{database}: changes of the second run", found["changes"], "", "≤ 0"),
        Row(f"{database}: undo", found["undo"], "s"),
    ]


def import_rooms() -> dict[str, float]:
    """Seconds and megabytes of the whole way, as a person goes it, jobs run in this process."""
    import django

    django.setup()
    from wuyou.domains.org.models import Node, Project
    from wuyou.kernel.actors import System
    from wuyou.kernel.imports import actions

    by = System("bench")
    node = Node.objects.add_root(create_kwargs={"kind": "project", "name": "Bench", "code": "BENCH"})
    project = Project.objects.create(node=node, code="BENCH", name="Bench")

    def load(importer: str, name: str):
        with (WORKBOOKS / name).open("rb") as file:
            run = actions.upload_file(file, by=by, importer=importer, project_id=project.pk)
        actions.confirm_mapping(run, by=by)
        actions.start_check(run, by=by)
        actions.check_run(run, by=by, report=_quiet)
        actions.start_apply(run, by=by)
        return actions.apply_run(run, by=by, report=_quiet)

    load("registry.buildings", "buildings.xlsx")
    began = time.perf_counter()
    first = load("registry.rooms", "rooms.xlsx")
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    second = load("registry.rooms", "rooms.xlsx")
    again = time.perf_counter() - began
    began = time.perf_counter()
    actions.undo_run(first, by=by)
    return {
        "rooms": first.changes["create"], "records": sum(first.changes["applied"].values()), "seconds": seconds,
        "megabytes": peak, "again": again, "changes": sum(second.changes["applied"].values()),
        "undo": time.perf_counter() - began,
    }  # fmt: skip


def _quiet(**_told: object) -> None:
    """Nobody watches the progress."""


if __name__ == "__main__":
    with database() as vendor:
        print_table(run(vendor))
