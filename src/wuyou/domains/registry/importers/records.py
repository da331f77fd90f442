"""What the register's imports share: who may, how a record is compared and updated, what an undo puts right."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.registry import documents, events, policies
from wuyou.domains.registry.models import Place, Tag
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Missing
from wuyou.kernel.imports import Applied, CellError, CellProblem, Importer, Sample, Updated

BATCH = 1_000
SHOWN = 200


def problem(row: Any, column: str, value: object, message: object, /, **context: object) -> CellError:
    """An error at a cell."""
    return CellError(row.number, column, value, CellProblem(message, **context))


def warning(row: Any, column: str, value: object, message: object, /, **context: object) -> CellError:
    """Something to look at that does not stop the import."""
    return CellError(row.number, column, value, CellProblem(message, **context), is_warning=True)


def differing(record: Model, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted values a record does not have yet; blank cells (None, '') never overwrite what is known."""
    return {
        name: value
        for name, value in wanted.items()
        if value is not None and value != "" and value != getattr(record, name)
    }


def updated(record: Model, values: Mapping[str, Any]) -> Updated:
    """Set values on a record (not saved) and note what it held before."""
    before = {name: getattr(record, name) for name in values}
    for name, value in values.items():
        setattr(record, name, value)
    return Updated(record.pk, before, dict(values))


@dataclass(slots=True)
class Writing:
    """Records changed by an import, by model, with the columns to write."""

    rows: dict[type[Model], dict[int, Model]] = field(default_factory=dict)
    columns: dict[type[Model], set[str]] = field(default_factory=dict)
    notes: dict[type[Model], dict[int, Updated]] = field(default_factory=dict)

    def change(self, record: Model, values: Mapping[str, Any]) -> None:
        """Set values on a record; they are written with all others of its model."""
        kind = type(record)
        note = updated(record, values)
        known = self.notes.setdefault(kind, {}).get(record.pk)
        if known is not None:
            note = Updated(record.pk, {**note.before, **known.before}, {**known.after, **note.after})
        self.notes[kind][record.pk] = note
        self.rows.setdefault(kind, {})[record.pk] = record
        self.columns.setdefault(kind, set()).update(values)

    def write(self) -> dict[str, Sequence[Updated]]:
        """One bulk UPDATE per model; what was changed, by model label."""
        for kind, rows in self.rows.items():
            manager: Any = kind._default_manager
            manager.bulk_update(list(rows.values()), sorted(self.columns[kind]), batch_size=BATCH)
        return {kind._meta.label_lower: list(notes.values()) for kind, notes in self.notes.items()}


def created(applied: Applied, rows: Collection[Model]) -> None:
    """Note new records, whose models differ or not, in the order they were made."""
    for row in rows:
        ids: Any = applied.created.setdefault(row._meta.label_lower, [])
        ids.append(row.pk)


def sample(row: Any, label: str, *, record: Model | None, values: Mapping[str, Any]) -> Sample:
    """A change as the preview shows it."""
    before = {name: getattr(record, name) for name in values} if record is not None else {}
    return Sample(row.number, label, before, dict(values))


class RegistryImporter(Importer):
    """An import of a project's register."""

    def check_import(self, *, by: Actor, project_id: int | None) -> None:
        """Raise Missing without a project, Denied unless `by` may import there."""
        policies.check_import_data(by, project_of(project_id))

    def after_undo(self, run: Any, *, by: Actor) -> None:
        """Refuse when places or stickers hang on what is gone, mend the tree, forget what search knows of it."""
        project = project_of(run.project_id)
        _refuse_orphans(project)
        mend_tree(project)
        documents.forget_missing(project.pk)
        events.places_imported.send(Place, project_id=project.pk)


def project_of(project_id: int | None) -> Project:
    """The project of an import; raises Missing without one."""
    project = Project.objects.select_related("node").filter(pk=project_id or 0).first()
    if project is None:
        raise Missing(_("Choose a project for this import."))
    return project


def _refuse_orphans(project: Project) -> None:
    paths = set(Place.objects.filter(project=project).values_list("path", flat=True))
    orphans = [path for path in paths if len(path) > Place.steplen and path[: -Place.steplen] not in paths]
    if orphans:
        names = Place.objects.filter(path__in=orphans[:5]).values_list("name", flat=True)
        raise Conflict(
            _("The import cannot be undone: places were added below it (%(names)s)."), names="、".join(names)
        )
    refuse_stickers(project, kind="place", known=Place.objects.filter(project=project).values("pk"))


def refuse_stickers(project: Project, *, kind: str, known: QuerySet[Any, Any]) -> None:
    """Raise Conflict when a sticker is on a thing of a kind that is no more."""
    if Tag.objects.filter(project=project, subject_kind=kind).exclude(subject_id__in=known).exists():
        raise Conflict(_("The import cannot be undone: codes were issued for what it made."))


def mend_tree(project: Project) -> None:
    """Bring the numbers of children of a project's places in line with the places that are there."""
    rows = list(Place.objects.filter(project=project).only("id", "path", "numchild"))
    counts: dict[str, int] = {}
    for row in rows:
        parent = row.path[: -Place.steplen]
        counts[parent] = counts.get(parent, 0) + 1
    wrong = [row for row in rows if row.numchild != counts.get(row.path, 0)]
    for row in wrong:
        row.numchild = counts.get(row.path, 0)
    Place.objects.bulk_update(wrong, ["numchild"], batch_size=BATCH)
