"""Commands on records: verify the journal, import a workbook, write tasks, measure speed."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wuyou.config.cli.commands import CommandError
from wuyou.kernel import clock
from wuyou.kernel.actors import System

ERRORS_SHOWN = 20
BAR = 30  # characters
WHY = {
    "gap": "an entry is missing",
    "altered": "the entry was changed after it was written",
    "link": "the entry does not follow the one before it",
    "head": "the chain does not end where it should",
    "seal": "a sealed day has another hash now",
}


def verify(given: argparse.Namespace) -> int:
    """Re-compute the journal; 1 when a chain is broken, naming chain, entry and how."""
    from wuyou.kernel import journal

    verdict = journal.verify(given.chain)
    for broken in verdict.breaks:
        print(f"BROKEN  {broken.chain} entry {broken.seq}: {WHY[broken.reason]}")
    print(f"{verdict.entries} entries in {verdict.chains} chains: {'intact' if verdict.is_intact else 'NOT intact'}")
    return int(not verdict.is_intact)


def import_file(given: argparse.Namespace) -> int:
    """Import a workbook: map its headers, check every cell, show the changes, load."""
    from wuyou.kernel import imports

    if given.kind is None or given.file is None:
        for kind in imports.all_importers():
            print(f"{kind.code:24} {kind.label}")
        return 0
    by = System("command line")
    run = checked_run(given, by)
    show_check(run)
    if run.errors_total and not given.rest:
        raise CommandError("nothing was loaded. Correct these cells, or load the other rows with --rest")
    if not given.yes and not agreed("Load them?"):
        raise CommandError("nothing was loaded")
    with_bar(lambda report: apply_run(run, by, report))
    print(f"Loaded. Import number {run.pk}: it can be undone in the console while nothing depends on it.")
    return 0


def checked_run(given: argparse.Namespace, by: System) -> Any:
    """Upload the file and check it; the headers are mapped as proposed."""
    from wuyou.kernel import imports

    if not given.file.is_file():
        raise CommandError(f"there is no file {given.file}")
    if given.kind not in {kind.code for kind in imports.all_importers()}:
        raise CommandError(f"unknown kind {given.kind}; `wuyou import` without arguments lists the kinds")
    project_id = project_of(given.project)
    with given.file.open("rb") as file:
        run = imports.upload_file(
            file, by=by, importer=given.kind, project_id=project_id, file_name=given.file.name, sheet=given.sheet or ""
        )
    imports.confirm_mapping(run, by=by, on_error="rest" if given.rest else "nothing")
    with_bar(lambda report: check_run(run, by, report))
    return run


def check_run(run: Any, by: System, report: Callable[..., None]) -> None:
    """Check here and now; in one unit, so that a worker does not begin the same."""
    from wuyou.kernel import imports
    from wuyou.kernel.transactions import unit_of_work

    with unit_of_work():
        imports.start_check(run, by=by)
        imports.check_run(run, by=by, report=report)


def apply_run(run: Any, by: System, report: Callable[..., None]) -> None:
    """Load here and now; in one unit, so that a worker does not begin the same."""
    from wuyou.kernel import imports
    from wuyou.kernel.transactions import unit_of_work

    with unit_of_work():
        imports.start_apply(run, by=by)
        imports.apply_run(run, by=by, report=report)


def project_of(code: str | None) -> int | None:
    """The id of a project by its code; raises CommandError for an unknown one."""
    from wuyou.domains.org.queries import projects_visible_to

    if code is None:
        return None
    project = projects_visible_to(System("command line")).filter(code=code).first()
    if project is None:
        raise CommandError(f"there is no project {code}")
    return int(project.pk)


def show_check(run: Any) -> None:
    """The figures of a check and the first wrong cells."""
    changes = run.changes
    figures = [
        f"{changes[key]} {word}" for key, word in (("create", "new"), ("update", "changed"), ("unchanged", "same"))
    ]
    print(f"{run.rows_total} rows: {', '.join(figures)}")
    for error in run.errors[:ERRORS_SHOWN]:
        mark = "warning" if error.get("is_warning") else "error"
        print(f"  {mark}: row {error['row']} {error['column']} {error['value']!r}: {error['message']}")
    if run.errors_total > ERRORS_SHOWN:
        print(f"  … {run.errors_total} errors in all")


def agreed(question: str) -> bool:
    """Ask at a terminal; without one the answer is no."""
    return sys.stdin.isatty() and input(f"{question} [y/N] ").strip().lower().startswith("y")


def with_bar(work: Callable[[Callable[..., None]], None]) -> None:
    """Do the work while a bar shows how far it is; silent where nobody watches."""

    def report(*, done: int, total: int = 0, note: str = "") -> None:
        if sys.stderr.isatty() and total:
            filled = BAR * done // total
            print(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {done}/{total} {note[:30]:30}", end="", file=sys.stderr)

    work(report)
    if sys.stderr.isatty():
        print(file=sys.stderr)


def generate(given: argparse.Namespace) -> int:
    """Write the tasks of one project, or of all, for the coming days; doing it again adds nothing."""
    from wuyou.domains.org.queries import projects_visible_to
    from wuyou.domains.work.actions.generation import HORIZON, is_behind
    from wuyou.domains.work.actions.generation import generate as write_tasks

    by, until = System("generation"), clock.now() + HORIZON
    project_id = project_of(given.project)
    projects = projects_visible_to(by).order_by("code")
    for project in projects.filter(pk=project_id) if project_id else projects:
        count = write_tasks(project, until=until, by=by)
        while is_behind(project, until=until):  # a long downtime is caught up in several goes
            count += write_tasks(project, until=until, by=by)
        print(f"{project.code:12} {count} tasks")
    return 0


def bench(given: argparse.Namespace) -> int:
    """Run the measures of a checkout; the same as `python -m bench` there."""
    root = Path(__file__).resolve().parents[3]
    if not (root / "bench" / "__main__.py").exists():
        raise CommandError("the measures are part of the source: git clone it, then make bench")
    command = [sys.executable, "-m", "bench", *given.names]
    return subprocess.run(command, cwd=root, check=False).returncode  # noqa: S603 - our own interpreter, our own module
