"""Imports of small tables, the way a person would go: upload, confirm, check, load."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from wuyou.domains.org.models import Project
from wuyou.kernel.actors import Actor, System
from wuyou.kernel.imports import actions
from wuyou.kernel.imports.models import ImportRun

CLERK = System("clerk")


def quiet(**_told: object) -> None:
    """Nobody watches the progress."""


def sheet(*rows: Sequence[Any]) -> io.BytesIO:
    """A workbook of these rows, dates as dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"}) as book:
        made = book.add_worksheet("表")
        for number, row in enumerate(rows):
            made.write_row(number, 0, row)
    buffer.seek(0)
    return buffer


def check(
    importer: str,
    file: io.BytesIO,
    project: Project,
    *,
    by: Actor = CLERK,
    name: str = "表.xlsx",
    on_error: str = "nothing",
) -> ImportRun:
    """An import up to the preview."""
    run = actions.upload_file(file, by=by, importer=importer, project_id=project.pk, file_name=name)
    actions.confirm_mapping(run, by=by, on_error=on_error)
    actions.start_check(run, by=by)
    return actions.check_run(run, by=by, report=quiet)


def load(importer: str, file: io.BytesIO, project: Project, **given: Any) -> ImportRun:
    """An import up to the end; raises Invalid when cells are wrong."""
    run = check(importer, file, project, **given)
    actions.start_apply(run, by=CLERK)
    return actions.apply_run(run, by=CLERK, report=quiet)


def cells_of(run: ImportRun, *, warnings: bool = False) -> list[tuple[int, str]]:
    """Row and column of what was found wrong."""
    return [(one["row"], one["column"]) for one in run.errors if one["is_warning"] is warnings]


def figures(run: ImportRun) -> tuple[int, int, int]:
    """New, changed and unchanged rows."""
    return tuple(run.changes[name] for name in ("create", "update", "unchanged"))
