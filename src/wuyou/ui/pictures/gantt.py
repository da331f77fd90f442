"""A year on one sheet: bars for spans, diamonds for days."""

from calendar import isleap, monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import ClassVar

from wuyou.ui import wording
from wuyou.ui.tones import tone as checked


@dataclass(frozen=True, slots=True)
class Bar:
    """A span of days, both ends included."""

    start: date
    end: date
    label: object
    tone: str = "info"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One day."""

    day: date
    label: object
    tone: str = "info"
    url: str = ""


@dataclass(frozen=True, slots=True)
class GanttRow:
    """One line of the year; rows of the same `group` stand under its heading."""

    label: object
    bars: Sequence[Bar] = ()
    marks: Sequence[Mark] = ()
    group: object = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A bar or mark at its place, in per cent of the year."""

    left: str
    width: str
    label: object
    tone: str
    url: str
    title: str


@dataclass(frozen=True)
class Gantt:
    """A year's plan; `today` draws a line."""

    title: object
    year: int
    rows: Sequence[GanttRow]
    today: date | None = None
    note: object = ""
    template: ClassVar[str] = "ui/pictures/gantt.html"

    @property
    def months(self) -> list[tuple[object, str]]:
        """Names of the months and their widths as shares of the year."""
        return [
            (name, f"{monthrange(self.year, number)[1] / self._days:.5f}")
            for number, name in enumerate(wording.MONTHS, start=1)
        ]

    @property
    def lines(self) -> str:
        """A CSS gradient with a line at the start of every month."""
        starts = [self._share(date(self.year, month, 1)) for month in range(2, 13)]
        stops = [
            f"transparent {at}%,var(--line) {at}%,var(--line) calc({at}% + 1px),transparent calc({at}% + 1px)"
            for at in starts
        ]
        return f"linear-gradient(90deg,transparent 0,{','.join(stops)})"

    @property
    def today_left(self) -> str:
        """Where today is; empty in another year."""
        return self._share(self.today) if self.today and self.today.year == self.year else ""

    def groups(self) -> list[tuple[object, list[tuple[GanttRow, list[Placed], list[Placed]]]]]:
        """Rows by group with everything placed; what lies outside the year is left out."""
        return [
            (group, [(row, self._bars(row), self._marks(row)) for row in rows])
            for group, rows in groupby(self.rows, key=lambda row: row.group)
        ]

    def _bars(self, row: GanttRow) -> list[Placed]:
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        return [
            self._bar(bar, max(bar.start, first), min(bar.end, last))
            for bar in row.bars
            if bar.start <= last and bar.end >= first
        ]

    def _bar(self, bar: Bar, start: date, end: date) -> Placed:
        width = ((end - start).days + 1) / self._days * 100
        said = f"{bar.label} {wording.short_day(bar.start)} – {wording.short_day(bar.end)}"
        return Placed(self._share(start), f"{width:.3f}", bar.label, checked(bar.tone), bar.url, said)

    def _marks(self, row: GanttRow) -> list[Placed]:
        return [
            Placed(
                self._share(mark.day, 0.5),
                "",
                mark.label,
                checked(mark.tone),
                mark.url,
                f"{mark.label} {wording.short_day(mark.day)}",
            )
            for mark in row.marks
            if mark.day.year == self.year
        ]

    @property
    def _days(self) -> int:
        return 366 if isleap(self.year) else 365

    def _share(self, day: date, half: float = 0) -> str:
        return f"{((day - date(self.year, 1, 1)).days + half) / self._days * 100:.3f}"
