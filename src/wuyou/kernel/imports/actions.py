"""The only writers of import runs: upload, confirm the columns, check, load, undo (spec 01: Import and export)."""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock, flows, jobs, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.jobs.actions import cancel_job
from wuyou.kernel.jobs.choices import CLAIMABLE
from wuyou.kernel.jobs.queries import latest_job
from wuyou.kernel.transactions import action

from . import registry
from .choices import OnError, RowAction
from .columns import confirmed_map, map_headers
from .flow import IMPORT_RUN
from .models import ImportedRow, ImportRun
from .queries import context_of, file_of, mapping_of
from .reading import Table, digest_of, read_table
from .registry import Applied, Changes, Importer, Report, Sample, likelier_kind
from .rows import Checked, as_json, check_rows
from .undo import dependents, kept_values, take_back

MOST_ERRORS_KEPT = 1_000
MOST_SAMPLES_KEPT = 200
PREVIEW_ROWS = 8
MANY_ROWS = 1_000
FILE_KEPT_DAYS = 30
BATCH = 1_000


@action
def upload_file(
    upload: "File[bytes] | BinaryIO",
    *,
    by: Actor,
    importer: str,
    project_id: int | None,
    file_name: str = "",
    sheet: str = "",
    options: Mapping[str, Any] | None = None,
) -> ImportRun:
    """Take in a file and propose how its headers feed the importer's columns (spec 01).

    Raises Denied, TooLarge, Unsupported, or Invalid for an empty file or an unknown sheet.
    """
    kind = registry.get(importer)
    kind.check_import(by=by, project_id=project_id)
    file = _plain_file(upload)
    table = read_table(file, columns=kind.columns, sheet=sheet)
    name = file_name or str(getattr(upload, "name", "") or "import")
    run = ImportRun(
        project_id=project_id,
        importer=kind.code,
        file_name=PurePath(name).name[:200],
        sha256=digest_of(file),
        size=file.seek(0, io.SEEK_END),
        options=dict(options or {}),
        language=translation.get_language() or "zh-hans",
        by_id=by.actor_id,
        by_label=by.actor_label,
        uploaded_at=clock.now(),
    )
    run.stored_as = _keep_file(file, run.sha256, PurePath(name).suffix)
    _propose(run, table, kind)
    run.save()
    _record("uploaded", run, by=by, data={"file": run.file_name, "sha256": run.sha256, "rows": run.rows_total})
    return run


def _plain_file(upload: "File[bytes] | BinaryIO") -> BinaryIO:
    return cast(BinaryIO, getattr(upload, "file", None) or upload)


def _keep_file(file: BinaryIO, sha256: str, suffix: str) -> str:
    """Files are named by what is in them: the same file is kept once."""
    path = f"imports/{sha256[:2]}/{sha256}{suffix.lower()[:6] if suffix[1:].isalnum() else ''}"
    if not default_storage.exists(path):
        file.seek(0)
        path = default_storage.save(path, File(file))
    return path


def _propose(run: ImportRun, table: Table, kind: Importer) -> None:
    found = map_headers(table.headers, kind.columns)
    _take_table(run, table)
    run.mapping, run.mapping_how = dict(found.positions), dict(found.how)


def _take_table(run: ImportRun, table: Table) -> None:
    run.sheet, run.sheets, run.header_row = table.sheet, list(table.sheets), table.header_row
    run.headers = table.headers
    run.rows_total = len(table.rows)
    run.preview = [
        ["" if cell is None else str(cell)[:60] for cell in cells] for _n, cells in table.rows[:PREVIEW_ROWS]
    ]


@action
def choose_sheet(run: ImportRun, *, by: Actor, sheet: str = "", header_row: int = 0) -> ImportRun:
    """Read another sheet or take another row for the header, and propose the columns anew.

    Raises Denied, Conflict when the run has gone on, Invalid for a sheet or row that is not there.
    """
    kind = _checked_kind(run, by)
    if run.state not in ("uploaded", "mapped", "failed"):
        raise Conflict(_("The file has been checked already. Upload it again to read another sheet."))
    with file_of(run) as file:
        table = read_table(file, columns=kind.columns, sheet=sheet or run.sheet, header_row=header_row)
    _propose(run, table, kind)
    run.save(
        update_fields=["sheet", "sheets", "header_row", "headers", "rows_total", "preview", "mapping", "mapping_how"]
    )
    return run


@action
def confirm_mapping(
    run: ImportRun, *, by: Actor, mapping: Mapping[str, int] | None = None, on_error: str = OnError.NOTHING
) -> ImportRun:
    """Settle which header feeds which column; without `mapping` the proposed one.

    Raises Denied, Conflict, or Invalid for a required column without a header, a header used twice, or a list that is
    plainly of another kind.
    """
    kind = _checked_kind(run, by)
    if mapping is None or dict(mapping) == run.mapping:
        _refuse_other_kind(run, kind)
    try:
        found = confirmed_map(mapping if mapping is not None else run.mapping, run.headers, kind.columns)
    except ValueError as error:
        raise Invalid(_("A header can feed one column only, and must be in the file.")) from error
    if found.missing:
        names = {column.code: str(column.label) for column in kind.columns}
        raise Invalid(fields={code: _needed(names[code]) for code in found.missing})
    values = {"mapping": dict(found.positions), "mapping_how": dict(found.how), "on_error": OnError(on_error).value}
    flows.claim(run, IMPORT_RUN, "map", **values, failure="", changes={}, errors=[])
    return run


def _refuse_other_kind(run: ImportRun, kind: Importer) -> None:
    """Raise Invalid for a list of another kind whose headers nobody has changed by hand."""
    other = likelier_kind(run.headers, kind)
    if other is not None:
        raise Invalid(
            _("These are headers of “%(other)s”, not of “%(this)s”. Choose that import, or set the columns yourself."),
            other=other.label, this=kind.label,
        )  # fmt: skip


def _needed(label: str) -> str:
    return str(_("No header feeds the column “%(column)s”.") % {"column": label})


@action
def start_check(run: ImportRun, *, by: Actor) -> ImportRun:
    """Have the whole file checked in the background; raises Denied or Conflict."""
    _checked_kind(run, by)
    flows.claim(run, IMPORT_RUN, "start_check", failure="")
    jobs.enqueue("imports.check", run_id=run.pk, key=f"imports.check:{run.pk}")
    return run


@action
def check_run(run: ImportRun, *, by: Actor, report: Report) -> ImportRun:
    """Check every cell and compare with the database; keeps errors, figures and samples, changes nothing else.

    Raises Conflict when the run is not being checked, WuyouError for a file that cannot be read.
    """
    checked, changes = _work_out(run, report)
    errors = checked.stopping
    kept = sorted(checked.errors, key=lambda error: error.is_warning)[:MOST_ERRORS_KEPT]
    with translation.override(run.language):
        values: dict[str, Any] = {"errors": as_json(kept), "changes": _summary(changes)}
    flows.claim(
        run,
        IMPORT_RUN,
        "check",
        **values,
        errors_total=len(errors),
        warnings_total=len(checked.errors) - len(errors),
        rows_wrong=len({error.row for error in errors}),
        checked_at=clock.now(),
    )
    figures = {name: values["changes"][name] for name in ("create", "update", "unchanged")}
    _record("checked", run, by=by, data={**figures, "errors": len(errors)})
    return run


def _work_out(run: ImportRun, report: Report) -> tuple[Checked, Changes]:
    kind = registry.get(run.importer)
    with file_of(run) as file:
        if digest_of(file) != run.sha256:
            raise Conflict(_("The stored file is not the one that was uploaded."))
        table = read_table(file, columns=kind.columns, sheet=run.sheet, header_row=run.header_row)
    report(done=0, total=len(table.rows))
    context = context_of(run)
    checked = check_rows(table, mapping_of(run, kind), kind, context)
    return checked, kind.plan(checked.rows, context)


def _summary(changes: Changes) -> dict[str, Any]:
    return {
        "create": len(changes.create),
        "update": len(changes.update),
        "unchanged": changes.unchanged,
        "counts": dict(changes.counts),
        "samples": [_sample(sample) for sample in changes.samples[:MOST_SAMPLES_KEPT]],
    }


def _sample(sample: Sample) -> dict[str, Any]:
    return {
        "row": sample.row,
        "label": str(sample.label),
        "before": {name: _word(value) for name, value in sample.before.items()},
        "after": {name: _word(value) for name, value in sample.after.items()},
    }


def _word(value: object) -> str:
    return "" if value is None else str(value)


@action
def start_apply(run: ImportRun, *, by: Actor) -> ImportRun:
    """Have the checked changes made in the background.

    Raises Denied, Conflict, or Invalid while rows are wrong and nothing is to be loaded then.
    """
    _checked_kind(run, by)
    _refuse_errors(run, run.errors_total)
    flows.claim(run, IMPORT_RUN, "start_apply")
    jobs.enqueue("imports.apply", run_id=run.pk, key=f"imports.apply:{run.pk}")
    return run


def _refuse_errors(run: ImportRun, errors: int) -> None:
    if errors and run.on_error == OnError.NOTHING:
        raise Invalid(
            _("%(count)s cells are wrong, so nothing was loaded. Correct them, or choose to load the other rows."),
            count=errors,
        )


@action
def apply_run(run: ImportRun, *, by: Actor, report: Report) -> ImportRun:
    """Make the changes, all in this transaction; the file is compared with the database once more.

    Raises Conflict when the run is not being loaded, Invalid when errors have appeared since the check.
    """
    flows.claim(run, IMPORT_RUN, "apply", applied_at=clock.now())
    checked, changes = _work_out(run, report)
    _refuse_errors(run, len(checked.stopping))
    applied = registry.get(run.importer).apply(changes, context_of(run), by=by, report=report)
    _keep_rows(run, applied)
    _refresh_statistics(applied)
    run.changes = {**_summary(changes), "applied": {**_figures(applied)}}
    run.save(update_fields=["changes"])
    _record("applied", run, by=by, data={**_figures(applied), "digest": journal.digest_rows(_touched(applied))})
    return run


def _figures(applied: Applied) -> dict[str, int]:
    created = {f"created {model}": len(ids) for model, ids in applied.created.items()}
    return created | {f"changed {model}": len(rows) for model, rows in applied.updated.items()}


def _touched(applied: Applied) -> Iterable[tuple[str, str, str]]:
    for model, ids in applied.created.items():
        yield from (("create", model, str(number)) for number in ids)
    for model, rows in applied.updated.items():
        yield from (("update", model, str(row.object_id)) for row in rows)


def _keep_rows(run: ImportRun, applied: Applied) -> None:
    """Note what was made and changed, in the order it was, so that an undo can go backwards."""
    for model, ids in applied.created.items():
        _keep_made(run, model.lower(), list(ids))
    changed = [
        ImportedRow(
            run=run,
            model=model.lower(),
            object_id=row.object_id,
            action=RowAction.UPDATE,
            before=kept_values(model, row.before, encrypt=True),
            after=kept_values(model, row.after, encrypt=False),
        )
        for model, rows in applied.updated.items()
        for row in rows
    ]
    ImportedRow.objects.bulk_create(changed, batch_size=BATCH)


def _keep_made(run: ImportRun, model: str, ids: Sequence[int]) -> None:
    """Tens of thousands of rows of plain numbers: in plain SQL five times as fast as objects."""
    table = ImportedRow._meta.db_table
    with connection.cursor() as cursor:
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            places = ", ".join(["(%s, %s, %s, %s)"] * len(part))
            values = [value for number in part for value in (run.pk, model, number, RowAction.CREATE.value)]
            sql = f"INSERT INTO {table} (run_id, model, object_id, action) VALUES {places}"  # noqa: S608
            cursor.execute(sql, values)


def _refresh_statistics(applied: Applied) -> None:
    """Tell PostgreSQL what it holds now: until it knows of thousands of new rows it plans as if there were none."""
    grown = [model for model, ids in applied.created.items() if len(ids) >= MANY_ROWS]
    if connection.vendor != "postgresql" or not grown:
        return
    tables = [apps.get_model(model)._meta.db_table for model in grown]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(connection.ops.quote_name(table) for table in tables))


@action
def fail_run(run: ImportRun, *, by: Actor, why: str) -> ImportRun:
    """Note that the check or the load could not be done; nothing of it is in the records. Raises Conflict."""
    flows.claim(run, IMPORT_RUN, "fail", failure=why[:2000])
    _record("failed", run, by=by, data={"why": why[:200]})
    return run


@action
def cancel_run(run: ImportRun, *, by: Actor) -> ImportRun:
    """Give an import up before it is loaded; raises Denied or Conflict."""
    _checked_kind(run, by)
    flows.claim(run, IMPORT_RUN, "cancel")
    _record("cancelled", run, by=by)
    return run


def stop_run(run: ImportRun, *, by: Actor) -> ImportRun:
    """Stop a check or load under way, then give the import up; raises Denied or Conflict.

    Two units: the worker only hears of it when the job's end is committed, and then lets go of the run.
    """
    _checked_kind(run, by)
    for name in ("imports.check", "imports.apply"):
        job = latest_job(name, key=f"{name}:{run.pk}")
        if job is not None and job.state in CLAIMABLE:
            cancel_job(job.pk, by=by, chain=_chain(run))
    return cancel_run(run, by=by)


@action
def undo_run(run: ImportRun, *, by: Actor) -> ImportRun:
    """Take back what the import did.

    Raises Denied, or Conflict with the list of what depends on it by now.
    """
    kind = _checked_kind(run, by)
    IMPORT_RUN.check("undo", run.state)
    standing = dependents(run)
    if standing:
        listed = "; ".join(f"{item.label} × {item.count} ({', '.join(item.examples)})" for item in standing)
        raise Conflict(_("The import cannot be undone, because something depends on it: %(list)s"), list=listed)
    flows.claim(run, IMPORT_RUN, "undo", undone_at=clock.now())
    figures = take_back(run)
    kind.after_undo(run, by=by)
    _record("undone", run, by=by, data=figures)
    return run


@action
def remove_old_files(*, by: Actor) -> int:
    """Remove uploaded files and what is shown of their cells after 30 days: they hold personal data.

    Gives the number of runs.
    """
    before = clock.now() - timedelta(days=FILE_KEPT_DAYS)
    old = ImportRun.objects.filter(uploaded_at__lt=before, file_removed_at__isnull=True)
    paths = set(old.values_list("stored_as", flat=True))
    kept = set(
        ImportRun.objects.filter(uploaded_at__gte=before, stored_as__in=paths).values_list("stored_as", flat=True)
    )
    count = old.update(file_removed_at=clock.now(), preview=[], errors=[])
    for path in sorted(paths - kept):
        default_storage.delete(path)
    return count


def _checked_kind(run: ImportRun, by: Actor) -> Importer:
    kind = registry.get(run.importer)
    kind.check_import(by=by, project_id=run.project_id)
    return kind


def _chain(run: ImportRun) -> str:
    return f"project:{run.project_id}" if run.project_id else "installation"


def _record(what: str, run: ImportRun, *, by: Actor, data: Mapping[str, Any] | None = None) -> None:
    subject = ("imports.run", run.pk, run.file_name)
    journal.record(
        f"imports.run_{what}", chain=_chain(run), by=by, subject=subject, data={"kind": run.importer, **(data or {})}
    )
