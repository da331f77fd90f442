"""Tabular imports and exports: safe reading, errors by cell, changes shown first (spec 01).

A domain subclasses `Importer` in its importers.py and registers an instance; faces call the actions:

    run = imports.upload_file(file, by=user, importer="registry.rooms", project_id=1)
    imports.confirm_mapping(run, by=user)         # or with a mapping of one's own
    imports.start_check(run, by=user)             # a job; then run.errors, run.changes
    imports.start_apply(run, by=user)             # a job; all or nothing
    imports.undo_run(run, by=user)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import cells
from .cells import CellProblem, Parser
from .columns import Column, HeaderMap, map_headers
from .exports import ExportColumn, export_csv, export_workbook
from .reading import Table, read_table
from .registry import (
    Applied,
    CellError,
    Changes,
    Context,
    Importer,
    Report,
    Row,
    Sample,
    Updated,
    all_importers,
    get,
    register,
)
from .templates import template_workbook

if TYPE_CHECKING:
    from .actions import (
        apply_run,
        cancel_run,
        check_run,
        choose_sheet,
        confirm_mapping,
        start_apply,
        start_check,
        undo_run,
        upload_file,
    )
    from .queries import dependents, run_of, runs_of

__all__ = [
    "Applied", "CellError", "CellProblem", "Changes", "Column", "Context", "ExportColumn", "HeaderMap", "Importer",
    "Parser", "Report", "Row", "Sample", "Table", "Updated", "all_importers", "apply_run", "cancel_run", "cells",
    "check_run", "choose_sheet", "confirm_mapping", "dependents", "export_csv", "export_workbook", "get", "map_headers",
    "read_table", "register", "run_of", "runs_of", "start_apply", "start_check", "template_workbook", "undo_run",
    "upload_file",
]  # fmt: skip

_QUERIES = {"dependents", "run_of", "runs_of"}


def __getattr__(name: str) -> Any:
    """Actions and queries are loaded when first asked for: records exist only after Django has started."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{'queries' if name in _QUERIES else 'actions'}"), name)
