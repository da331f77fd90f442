"""What a measurement says, and the table it stands in."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADINGS = ("measure", "value", "limit", "compared", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: `limit` such as "≤ 1" or "≥ 1000" is checked, "" has none; `ratio_to` says what it compares with."""

    name: str
    value: float
    unit: str
    limit: str = ""
    ratio_to: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether the value keeps its limit."""
        if not self.limit:
            return True
        sign, number = self.limit.split()
        bound = float(number.replace(",", ""))
        return self.value <= bound if sign == "≤" else self.value >= bound


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def cells(row: Row) -> tuple[str, ...]:
    """A row as text."""
    verdict = ("kept" if row.is_kept else "MISSED") if row.limit else ""
    return row.name, f"{_number(row.value)} {row.unit}", row.limit, row.ratio_to, verdict


def print_table(rows: Sequence[Row]) -> None:
    """Print rows in columns."""
    table = [HEADINGS, *map(cells, rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADINGS))]
    for line in table:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|---" * len(HEADINGS) + "|"]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"
