"""Two dimensions at a glance: zone × clause, person × day. The number is always written; the shade helps the eye."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

SCALES = {"bad", "ok", "warn", "accent"}
STRONGEST = 62  # per cent of the tone; above it black text would lose contrast


@dataclass(frozen=True, slots=True)
class Cell:
    """One number, or nothing (`value` None); `text` replaces how it is written."""

    value: int | float | Decimal | None
    text: object = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row with its cells, one for each column."""

    label: object
    cells: Sequence[Cell]
    url: str = ""


@dataclass(frozen=True)
class Matrix:
    """`scale` bad: more is worse; ok: more is better. `top` is the value of the strongest shade (else the largest)."""

    title: object
    columns: Sequence[object]
    rows: Sequence[MatrixRow]
    unit: str = ""
    scale: str = "bad"
    top: int | float | Decimal | None = None
    corner: object = ""
    note: object = ""
    template: ClassVar[str] = "ui/pictures/matrix.html"

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown scale or a ragged matrix."""
        if self.scale not in SCALES:
            raise ValueError(f"a scale is one of {sorted(SCALES)}")
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs a cell for each column")

    def levels(self) -> list[tuple[MatrixRow, list[tuple[Cell, int]]]]:
        """Rows with the strength of each cell's shade in per cent."""
        top = self.top or max((cell.value or 0 for row in self.rows for cell in row.cells), default=0) or 1
        return [(row, [(cell, self._level(cell, top)) for cell in row.cells]) for row in self.rows]

    def _level(self, cell: Cell, top: int | float | Decimal) -> int:
        share = float(cell.value or 0) / float(top)
        return round(STRONGEST * min(max(share, 0), 1))

    @property
    def key_levels(self) -> list[int]:
        """Shades of the key, weakest first."""
        return [0, STRONGEST // 4, STRONGEST // 2, STRONGEST * 3 // 4, STRONGEST]
