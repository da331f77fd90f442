"""What a record looks like outside: one table of fields makes both the answer and its description."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Annotated, Any, Literal, get_origin
from uuid import UUID

from django.db import models
from django.utils import translation
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, create_model

Reader = Callable[[Any], Any]

Amount = Annotated[Decimal, WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"})]
COLUMNS: Mapping[type[Any], Any] = {
    models.BooleanField: bool,
    models.IntegerField: int,
    models.FloatField: float,
    models.DecimalField: Amount,
    models.DateTimeField: dt.datetime,
    models.DateField: dt.date,
    models.UUIDField: UUID,
    models.JSONField: Any,
    models.TextField: str,
    models.CharField: str,
}


class Open(BaseModel):
    """The ground of every answer's description."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of answer: its description and how each field is read."""

    model: type[BaseModel]
    readers: Mapping[str, Reader]

    @property
    def name(self) -> str:
        """The name in the description."""
        return self.model.__name__

    def of(self, row: Any) -> dict[str, Any]:
        """A row as plain values."""
        return {name: read(row) for name, read in self.readers.items()}

    def all(self, rows: Iterable[Any]) -> list[dict[str, Any]]:
        """Many rows."""
        return [self.of(row) for row in rows]


def shape(name: str, source: type[models.Model] | None, fields: str, /, **more: Any) -> Shape:
    """Fields of a model by name, then `more`: a dotted path, (type, path) or (type, reader).

    A foreign key is given by its id under `<name>_id`.
    """
    types: dict[str, Any] = {}
    readers: dict[str, Reader] = {}
    for field in fields.split():
        column: Any = source._meta.get_field(field) if source else None
        types[column.attname] = (_type(column), Field(description=_label(column)))
        readers[column.attname] = attrgetter(column.attname)
    for field, given in more.items():
        kind, read = given if isinstance(given, tuple) else (str, given)
        types[field] = (kind, ...)
        readers[field] = path(read) if isinstance(read, str) else read
    return Shape(create_model(name, __base__=Open, **types), readers)


def extended(ground: Shape, name: str, /, **more: Any) -> Shape:
    """A shape with more fields."""
    added = shape(name, None, "", **more)
    types = {field: (info.annotation, info) for field, info in added.model.model_fields.items()}
    return Shape(create_model(name, __base__=ground.model, **types), {**ground.readers, **added.readers})  # type: ignore[call-overload]


def path(dotted: str) -> Reader:
    """Reads `place.name`; None as soon as a link is missing."""
    names = dotted.split(".")

    def read(row: Any) -> Any:
        for name in names:
            if row is None:
                return None
            row = getattr(row, name)
        return row

    return read


def _type(column: Any) -> Any:
    kind = _bare(column)
    return kind | None if column.null and kind is not Any else kind


def _bare(column: Any) -> Any:
    if column.is_relation:
        return int
    if column.choices:
        codes = [str(code) for code, _ in column.flatchoices]
        return Literal[tuple([*codes, ""] if column.blank and "" not in codes else codes)]
    for ground, kind in COLUMNS.items():
        if isinstance(column, ground):
            return kind
    return str if get_origin(column) is None else Any


def _label(column: Any) -> str:
    with translation.override("en"):
        return str(column.verbose_name)


def page_of(one: Shape) -> type[BaseModel]:
    """The description of a page of a list."""
    fields: dict[str, Any] = {
        "items": (list[one.model], ...),  # type: ignore[name-defined]
        "page": (int, Field(description="the number of this page, from 1")),
        "size": (int, Field(description="most items on a page")),
        "has_more": (bool, Field(description="whether another page follows")),
        "total": (int | None, Field(description="of all pages, when asked for with with_total")),
    }
    return create_model(f"{one.name}Page", __base__=Open, **fields)
