"""Presets, bulk actions, and pages that never count a million rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property

PER_PAGE = 50
MOST_COUNTED = 10_000
MOST_IN_BULK = 1_000


@dataclass(frozen=True, slots=True)
class Preset:
    """A ready-made filter shown above the list."""

    code: str
    label: object
    query: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class BulkAction:
    """One action over many rows: `run(page, rows, data)` calls it and returns what to say (or None)."""

    code: str
    label: object
    run: Callable[[Any, list[Any], dict[str, Any]], object]
    icon: str = "check"
    tone: str = "plain"
    form: type[forms.BaseForm] | None = None
    confirm: object = ""


def counted(rows: "QuerySet[Any] | Sequence[Any]", *, most: int) -> int:
    """How many rows there are, at most `most`; their order is dropped: sorting costs more than counting."""
    return rows.order_by()[:most].count() if isinstance(rows, QuerySet) else len(rows[:most])


class Pages:
    """One page of a queryset; counting stops at MOST_COUNTED: a million rows cost no more than ten thousand."""

    def __init__(self, rows: "QuerySet[Any] | Sequence[Any]", *, number: int, size: int = PER_PAGE) -> None:
        """`number` starts at 1; a page past the end is the last."""
        self.rows = rows
        self.size = size
        self.asked = max(number, 1)

    @cached_property
    def counted(self) -> int:
        """Rows, at most MOST_COUNTED + 1."""
        return counted(self.rows, most=MOST_COUNTED + 1)

    @property
    def is_more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.counted > MOST_COUNTED

    @property
    def total(self) -> int:
        """Rows to speak of."""
        return min(self.counted, MOST_COUNTED)

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max((self.total + self.size - 1) // self.size, 1)

    @property
    def number(self) -> int:
        """The page shown."""
        return min(self.asked, self.last)

    @property
    def first_row(self) -> int:
        """Number of the first row shown, 0 for an empty list."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last_row(self) -> int:
        """Number of the last row shown."""
        return min(self.number * self.size, self.total)

    @cached_property
    def items(self) -> list[Any]:
        """The rows of this page."""
        start = (self.number - 1) * self.size
        return list(self.rows[start : start + self.size])

    @property
    def around(self) -> list[int | None]:
        """Page numbers to offer; None is a gap."""
        wanted = {1, self.last, *range(max(self.number - 1, 1), min(self.number + 1, self.last) + 1)}
        numbers: list[int | None] = []
        for number in sorted(wanted):
            if numbers and numbers[-1] is not None and number - numbers[-1] > 1:
                numbers.append(None)
            numbers.append(number)
        return numbers
