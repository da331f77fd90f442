"""A version out to Excel and back into a draft."""

from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from wuyou.domains.standards.exchange import columns_of, read_clauses, rows_of
from wuyou.domains.standards.models import StandardVersion
from wuyou.domains.standards.policies import check_edit
from wuyou.domains.standards.queries import versions_visible_to
from wuyou.domains.standards.rules.comparing import Differences
from wuyou.domains.standards.writing import record
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid, Missing
from wuyou.kernel.imports import ExportColumn, export_workbook
from wuyou.kernel.transactions import action

from .clauses import import_clauses

WIDE = {"requirement_zh": 40, "requirement_en": 40, "subject_name": 24, "basis": 24}


@action
def export_clauses(version: StandardVersion, *, by: Actor) -> bytes:
    """A version as a workbook (.xlsx) with a watermark; the export is journaled. Raises Missing for one not visible."""
    if not versions_visible_to(by).filter(pk=version.pk).exists():
        raise Missing(_("There is no such version."))
    columns = [ExportColumn(column.header, WIDE.get(column.code, 14)) for column in columns_of(version)]
    mark = f"{by.actor_label} {clock.local(clock.now()):%Y-%m-%d %H:%M}"
    record("version_exported", version, by=by)
    return export_workbook(columns, rows_of(version), title=str(version), watermark=mark)


@action
def import_workbook(version: StandardVersion, file: BinaryIO, *, by: Actor) -> Differences:
    """Make a draft say what a workbook says and give what changed; all or nothing.

    Raises Denied, IllegalMove, TooLarge, Unsupported, and Invalid with every wrong cell as `<row>.<column>`.
    """
    check_edit(by, version.standard)
    sheet = read_clauses(file, version)
    if sheet.errors:
        raise Invalid(fields={f"{error.row}.{error.column}": error.message for error in sheet.errors})
    return import_clauses(version, sheet.specs, by=by)
