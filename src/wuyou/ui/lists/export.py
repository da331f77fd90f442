"""A list as a file: rows and columns as on the screen, watermarked and noted in the journal (spec 00 rule 4)."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from wuyou.domains.org.queries import chain_of, nodes_visible_to
from wuyou.kernel import clock, journal
from wuyou.kernel.errors import Denied, TooLarge, Unsupported
from wuyou.kernel.imports import ExportColumn, export_csv, export_workbook
from wuyou.kernel.transactions import unit_of_work
from wuyou.ui import scope, wording

from .parts import counted

MOST_EXPORTED = 50_000
CHUNK = 2_000
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def export_response(page: Any, kind: str) -> HttpResponse:
    """The file; raises Unsupported for another kind and TooLarge above MOST_EXPORTED rows."""
    if kind not in TYPES:
        raise Unsupported(_("A list is exported as xlsx or csv."))
    count = _counted(page.found)
    columns = [ExportColumn(column.label) for column in page.chosen]
    content = _content(kind, columns, _values(page), title=str(page.title), watermark=watermark(page.request.user))
    note_export(page, kind=kind, count=count)
    response = HttpResponse(content, content_type=TYPES[kind])
    name = quote(f"{page.title}-{clock.local(clock.now()):%Y%m%d-%H%M}.{kind}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _content(kind: str, columns: list[ExportColumn], rows: Iterable[list[Any]], *, title: str, watermark: str) -> bytes:
    if kind == "xlsx":
        return export_workbook(columns, rows, title=title, watermark=watermark)
    return b"".join(export_csv(columns, rows, watermark=watermark))


def _counted(rows: Any) -> int:
    count = counted(rows, most=MOST_EXPORTED + 1)
    if count > MOST_EXPORTED:
        raise TooLarge(_("More than %(most)d rows fit: narrow the filters first."), most=MOST_EXPORTED)
    return count


def _values(page: Any) -> Iterator[list[Any]]:
    rows = page.found.iterator(chunk_size=CHUNK) if isinstance(page.found, QuerySet) else page.found
    for row in rows:
        yield [column.exported(row) for column in page.chosen]


def watermark(user: Any) -> str:
    """Who took the copy, and when."""
    words = {"who": user.actor_label, "login": user.username, "when": wording.when(clock.now())}
    return _("Exported by %(who)s (%(login)s) on %(when)s") % words


def note_export(page: Any, *, kind: str, count: int) -> None:
    """Enter the export in the journal: what list, how many rows, which filters by name; never their values."""
    subject = ("list", page.code, str(page.title))
    data = {"kind": kind, "rows": count, "filters": sorted(page.request.GET.keys() - {"export"})}
    with unit_of_work():
        journal.record("ui.list_exported", chain=_chain(page), by=page.request.user, subject=subject, data=data)


def _chain(page: Any) -> str:
    project = scope.of(page.request).project
    if project:
        return chain_of(project)
    node = nodes_visible_to(page.request.user).order_by("path").first()
    if node is None:
        raise Denied(_("You are not allowed to do this here."))
    return chain_of(node)
