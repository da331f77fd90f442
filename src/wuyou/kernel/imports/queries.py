"""Reads of import runs."""

from collections.abc import Collection
from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import clock
from wuyou.kernel.errors import Missing

from .columns import HeaderMap, confirmed_map
from .models import ImportRun
from .registry import Context, Importer
from .undo import Dependent, dependents

__all__ = ["Dependent", "context_of", "dependents", "file_of", "mapping_of", "run_of", "runs_of"]


def runs_of(project_ids: Collection[int] | QuerySet[Any], *, shared: bool = False) -> QuerySet[ImportRun]:
    """Runs of these projects, newest first; `shared` adds those above projects."""
    wanted = Q(project_id__in=project_ids)
    return ImportRun.objects.filter(wanted | Q(project_id__isnull=True) if shared else wanted)


def run_of(run_id: int) -> ImportRun:
    """A run by its id; raises Missing."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise Missing(_("There is no such import."))
    return run


def file_of(run: ImportRun) -> BinaryIO:
    """The stored file, open; raises Missing when it has been removed after its time."""
    if run.file_removed_at or not default_storage.exists(run.stored_as):
        raise Missing(_("The file has been removed. Upload it again."))
    return cast(BinaryIO, default_storage.open(run.stored_as).file)


def context_of(run: ImportRun) -> Context:
    """Where and when the run happens."""
    return Context(project_id=run.project_id, today=clock.today(), options=run.options, run_id=run.pk)


def mapping_of(run: ImportRun, kind: Importer) -> HeaderMap:
    """The run's settled pairing of headers and columns."""
    return confirmed_map(run.mapping, run.headers, kind.columns)
