"""Pure arithmetic of compliance: due, in time, late, not done, not possible, evidence rejected → rate (spec 03)."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce


@dataclass(frozen=True, slots=True)
class Counts:
    """Tasks that fell due, by what became of them. `waiting` are not due yet and count nowhere."""

    on_time: int = 0
    late: int = 0
    not_done: int = 0
    skipped: int = 0
    rejected: int = 0
    waiting: int = 0

    @property
    def due(self) -> int:
        """All that fell due, whatever became of it: a skipped or rejected task was still promised."""
        return self.on_time + self.late + self.not_done + self.skipped + self.rejected

    @property
    def rate(self) -> Decimal | None:
        """Done in time per due, in percent to one decimal, half up; None when nothing fell due."""
        return percent(self.on_time, self.due)

    @property
    def done_rate(self) -> Decimal | None:
        """Done at all, in time or late, per due, in percent."""
        return percent(self.on_time + self.late, self.due)

    def __add__(self, other: "Counts") -> "Counts":
        """Counts of both together."""
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


def total(parts: Iterable[Counts]) -> Counts:
    """Counts of all parts together: a total is never a mean of rates."""
    return reduce(Counts.__add__, parts, Counts())


def percent(part: int, whole: int) -> Decimal | None:
    """Share in percent to one decimal, half up, but never rounded up to 100; None of nothing."""
    if whole == 0:
        return None
    share = (Decimal(100) * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Decimal("99.9") if share == 100 and part < whole else share
