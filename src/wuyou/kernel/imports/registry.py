"""What a domain says about an import of its records; the mechanism does the rest (spec 01: Import and export)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from wuyou.kernel.actors import Actor

from .columns import Column, map_headers

if TYPE_CHECKING:
    from .models import ImportRun

CLEARLY = 3  # headers more than the kind chosen: a list of another kind
Report = Callable[..., None]  # report(done=…, total=…, note=…)
Row = Any  # a named tuple: row.number is the row as the sheet counts it, then one field per column code


@dataclass(frozen=True, slots=True)
class Context:
    """Where and when an import happens; `options` are the importer's own choices made at upload."""

    project_id: int | None
    today: date
    options: Mapping[str, Any] = field(default_factory=dict)
    run_id: int | None = None


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong in a cell: its row as the sheet counts, its column's code ('' for the whole row), its value, why.

    A warning is shown and does not stop the import.
    """

    row: int
    column: str
    value: object
    message: object
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Sample:
    """A change shown before it is made: row in the sheet, a label, values before and after by column code."""

    row: int
    label: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Changes:
    """What an import would do. `create` and `update` hold whatever the importer's apply wants to work with."""

    create: Sequence[Any] = ()
    update: Sequence[Any] = ()
    unchanged: int = 0
    samples: Sequence[Sample] = ()  # the first few hundred, for the preview
    counts: Mapping[str, int] = field(default_factory=dict)  # further figures by label, e.g. {"persons": 812}

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to do: the second run of the same file."""
        return not self.create and not self.update


@dataclass(frozen=True, slots=True)
class Updated:
    """A row that an import changed: what its fields held and what they hold now (JSON-safe), for the undo."""

    object_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(slots=True)
class Applied:
    """What an import did, by model label ("registry.place"): ids made, in the order made, and rows changed."""

    created: dict[str, Collection[int]] = field(default_factory=dict)
    updated: dict[str, Sequence[Updated]] = field(default_factory=dict)


class Importer:
    """One kind of tabular import. A domain subclasses it in importers.py and registers an instance.

    All methods get the whole file and work set-wise: never a query per row.
    """

    code: ClassVar[str]
    label: ClassVar[object]
    columns: ClassVar[Sequence[Column]]
    natural_key: ClassVar[Sequence[str]] = ()  # column codes that name a row; two rows with one key are an error

    def check_import(self, *, by: Actor, project_id: int | None) -> None:
        """Raise Denied unless `by` may import these records there."""
        raise NotImplementedError

    def validate(self, rows: Sequence[Row], context: Context) -> list[CellError]:
        """Errors that only the whole file or the database shows: unknown parents, contradictions between rows."""
        return []

    def plan(self, rows: Sequence[Row], context: Context) -> Changes:
        """Compare the rows with the database, set-wise."""
        raise NotImplementedError

    def apply(self, changes: Changes, context: Context, *, by: Actor, report: Report) -> Applied:
        """Make the changes, set-wise, within the caller's transaction, telling the progress in rows."""
        raise NotImplementedError

    def after_undo(self, run: "ImportRun", *, by: Actor) -> None:
        """Put right what the generic undo cannot know: search, roll-ups."""


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> Importer:
    """Make an importer known by its code; raises ValueError for a code taken by another kind."""
    known = _importers.setdefault(importer.code, importer)
    if type(known) is not type(importer):
        raise ValueError(f"two importers are called {importer.code}")
    return known


def get(code: str) -> Importer:
    """The importer of that code; raises KeyError."""
    return _importers[code]


def likelier_kind(headers: Sequence[object], kind: Importer) -> Importer | None:
    """Another kind of import these headers are plainly of: all it requires in its own words, and far more of them."""
    own = len(_exact(headers, kind) or ())
    fits = [(len(_exact(headers, other) or ()), other) for other in all_importers() if other.code != kind.code]
    best, other = max(fits, key=lambda pair: pair[0], default=(0, kind))
    return other if best >= own + CLEARLY else None


def _exact(headers: Sequence[object], kind: Importer) -> set[str] | None:
    """The columns fed by headers in so many words; None when a required one is not."""
    found = map_headers(headers, kind.columns)
    exact = {code for code, how in found.how.items() if how == "exact"}
    return None if {column.code for column in kind.columns if column.required} - exact else exact


def all_importers() -> list[Importer]:
    """Every kind of import, by code."""
    return [_importers[code] for code in sorted(_importers)]
