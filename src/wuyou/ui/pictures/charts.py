"""Bar and line charts. The title states the finding; the numbers stand in a table below."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from wuyou.ui.tones import tone as checked

KINDS = {"bar", "line", "stacked", "barh"}
Value = int | float | Decimal | None


@dataclass(frozen=True, slots=True)
class Series:
    """One line or set of bars; `urls` lead from each value to the list behind it, `marks` are places that stand out."""

    label: object
    values: Sequence[Value]
    tone: str = "accent"
    urls: Sequence[str] = ()
    marks: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """A line with a name: a target, a control limit; `values` (one for each label) where it moves, else `value`."""

    label: object
    value: Value = None
    tone: str = "muted"
    values: Sequence[Value] = ()

    @property
    def name(self) -> object:
        """As the legend writes it."""
        return self.label if self.values else f"{self.label} {self.value}"


@dataclass(frozen=True)
class Chart:
    """`kind` is bar, barh (lying), stacked or line; `labels` name the places along the axis."""

    kind: str
    title: object
    labels: Sequence[object]
    series: Sequence[Series]
    unit: str = ""
    limits: Sequence[Limit] = field(default_factory=tuple)
    note: object = ""
    is_short: bool = False
    template: ClassVar[str] = "ui/pictures/chart.html"

    def __post_init__(self) -> None:
        """Raise ValueError for an unknown kind or series that do not fit the labels."""
        if self.kind not in KINDS:
            raise ValueError(f"a chart is one of {sorted(KINDS)}")
        if any(len(series.values) != len(self.labels) for series in self.series):
            raise ValueError("every series needs a value (or None) for each label")
        if any(limit.values and len(limit.values) != len(self.labels) for limit in self.limits):
            raise ValueError("a limit that moves needs a value for each label")
        if self.limits and self.kind == "barh":
            raise ValueError("lying bars have no limits")

    @property
    def legend(self) -> list[tuple[object, str, str]]:
        """Name, tone and shape of what needs telling apart; nothing for a single series."""
        shape = "line" if self.kind == "line" else "block"
        series: list[tuple[object, str, str]] = [(series.label, checked(series.tone), shape) for series in self.series]
        limits: list[tuple[object, str, str]] = [(limit.name, checked(limit.tone), "dashed") for limit in self.limits]
        return series + limits if len(series) + len(limits) > 1 else []

    def data(self) -> dict[str, Any]:
        """What the script draws from."""
        return {
            "kind": self.kind,
            "unit": self.unit,
            "labels": [str(label) for label in self.labels],
            "series": [_series(series) for series in self.series],
            "limits": [_limit(limit) for limit in self.limits],
        }

    @property
    def heads(self) -> list[object]:
        """The columns of the table below: every series and every limit that moves."""
        return [series.label for series in self.series] + [limit.label for limit in self.limits if limit.values]

    def lines(self) -> list[tuple[object, bool, list[tuple[Value, str]]]]:
        """The table below: label, whether it stands out, and values with addresses under the heads."""
        moving = [limit for limit in self.limits if limit.values]
        return [
            (
                label,
                any(place in series.marks for series in self.series),
                values + [(limit.values[place], "") for limit in moving],
            )
            for place, (label, values) in enumerate(self.rows())
        ]

    def rows(self) -> list[tuple[object, list[tuple[Value, str]]]]:
        """Label, then value and address for each series."""
        return [
            (label, [(series.values[place], _at(series.urls, place)) for series in self.series])
            for place, label in enumerate(self.labels)
        ]


def _series(series: Series) -> dict[str, Any]:
    drawn = {
        "label": str(series.label),
        "tone": checked(series.tone),
        "values": [_plain(value) for value in series.values],
        "urls": list(series.urls),
    }
    return {**drawn, "marks": list(series.marks)} if series.marks else drawn


def _limit(limit: Limit) -> dict[str, Any]:
    drawn = {"label": str(limit.label), "value": _plain(limit.value), "tone": checked(limit.tone)}
    return {**drawn, "values": [_plain(value) for value in limit.values]} if limit.values else drawn


def _plain(value: Value) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


def _at(urls: Sequence[str], place: int) -> str:
    return urls[place] if place < len(urls) else ""
