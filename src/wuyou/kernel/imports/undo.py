"""Take back what an import did, while nothing else depends on it (spec 01)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from wuyou.kernel import privacy

from .choices import RowAction
from .models import ImportedRow, ImportRun

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Dependent:
    """Records that stand in the way of an undo: what they are, how many, a few of them."""

    label: str
    count: int
    examples: tuple[str, ...]


def plain(value: object) -> object:
    """A value as it comes back from JSON."""
    if value is None or isinstance(value, bool | int | str | float):
        return value
    return str(value) if not hasattr(value, "isoformat") else DjangoJSONEncoder().default(value)


def _made(run: ImportRun, label: str) -> QuerySet[ImportedRow, int]:
    return ImportedRow.objects.filter(run=run, model=label, action=RowAction.CREATE).values_list("object_id", flat=True)


def _labels(run: ImportRun, action: str) -> list[str]:
    """Models the run touched, in the order it did."""
    rows = ImportedRow.objects.filter(run=run, action=action).order_by("id").values_list("model", flat=True)
    return list(dict.fromkeys(rows))


def _model(label: str) -> type[Model]:
    return apps.get_model(label)


def dependents(run: ImportRun) -> list[Dependent]:
    """Whatever points at records the run made, and records it changed that were changed again since."""
    return [*_pointing(run), *_changed_since(run)]


def _pointing(run: ImportRun) -> Iterator[Dependent]:
    pairs = [(label, relation) for label in _labels(run, RowAction.CREATE) for relation in _relations(_model(label))]
    for label, relation in pairs:
        found = _others(run, label, relation)
        count = found.count()
        if count:
            yield Dependent(str(found.model._meta.verbose_name), count, tuple(str(row) for row in found[:SHOWN]))


def _relations(model: type[Model]) -> list[Any]:
    """The foreign keys of other models that point at a model, hidden ones too."""
    fields = model._meta.get_fields(include_hidden=True)
    return [field for field in fields if field.auto_created and not field.concrete and not field.many_to_many]


def _others(run: ImportRun, label: str, relation: Any) -> QuerySet[Any]:
    """Rows of the relation's model that point at rows the run made and were not made by it."""
    other = relation.related_model
    pointing = other._base_manager.filter(**{f"{relation.field.attname}__in": _made(run, label)})
    rows: QuerySet[Any] = pointing.exclude(pk__in=_made(run, other._meta.label_lower)).order_by("pk")
    return rows.exclude(pk__in=_led_back(run, relation))


def _led_back(run: ImportRun, relation: Any) -> QuerySet[ImportedRow, int]:
    """Rows that point there because the run changed them: the undo restores what they pointed at before."""
    label, field = relation.related_model._meta.label_lower, relation.field.attname
    rows = ImportedRow.objects.filter(run=run, model=label, action=RowAction.UPDATE, before__has_key=field)
    return rows.values_list("object_id", flat=True)


def _changed_since(run: ImportRun) -> Iterator[Dependent]:
    for label in _labels(run, RowAction.UPDATE):
        changed = [row for row, before, after in _updates(run, label) if any(_now(row, f) != after[f] for f in after)]
        if changed:
            name = str(_("%(records)s changed since") % {"records": _model(label)._meta.verbose_name})
            yield Dependent(name, len(changed), tuple(str(row) for row in changed[:SHOWN]))


def _field(row: Model, name: str) -> Any:
    return row._meta.get_field(name)


def _now(row: Model, name: str) -> object:
    field = _field(row, name)
    return _kept(field, getattr(row, field.attname), encrypt=False)


def kept_values(model: str, values: Mapping[str, object], *, encrypt: bool) -> dict[str, object]:
    """Values of a record as an import run keeps them; personal ones encrypted (to restore) or digested (to compare)."""
    meta = _model(model)._meta
    return {name: _kept(meta.get_field(name), value, encrypt=encrypt) for name, value in values.items()}


def _kept(field: Any, value: object, *, encrypt: bool) -> object:
    if isinstance(field, privacy.EncryptedText):
        return privacy.encrypt(str(value or "")) if encrypt else privacy.digest(str(value or ""))
    return plain(value)


def _updates(run: ImportRun, label: str) -> Iterator[tuple[Model, dict[str, Any], dict[str, Any]]]:
    """Each changed row as it is now, with what the run found and what it left."""
    noted = {
        row.object_id: row
        for row in ImportedRow.objects.filter(run=run, model=label, action=RowAction.UPDATE).iterator()
    }
    wanted = ImportedRow.objects.filter(run=run, model=label, action=RowAction.UPDATE).values("object_id")
    for row in _model(label)._base_manager.filter(pk__in=wanted).iterator():
        yield row, noted[row.pk].before or {}, noted[row.pk].after or {}


def take_back(run: ImportRun) -> dict[str, int]:
    """Restore what the run changed and remove what it made, last made first; the figures by model label."""
    figures = {label: _restore(run, label) for label in _labels(run, RowAction.UPDATE)}
    for label in reversed(_labels(run, RowAction.CREATE)):
        removed = _model(label)._base_manager.filter(pk__in=_made(run, label))._raw_delete("default")
        figures[label] = figures.get(label, 0) + int(removed)
    return figures


def _restore(run: ImportRun, label: str) -> int:
    rows: list[Model] = []
    fields: set[str] = set()
    for row, before, _after in _updates(run, label):
        for name, value in before.items():
            field = _field(row, name)
            held = privacy.decrypt(value) if isinstance(field, privacy.EncryptedText) else field.to_python(value)
            setattr(row, field.attname, held)
        fields |= set(before)
        rows.append(row)
    if rows:
        _model(label)._base_manager.bulk_update(rows, sorted(fields), batch_size=500)
    return len(rows)
