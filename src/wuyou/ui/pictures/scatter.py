"""Points on two axes of numbers with curves between them: a funnel plot, two figures against each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from wuyou.ui.tones import tone as checked

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Dot:
    """One thing at its two numbers; the tone says how it stands."""

    x: Number
    y: Number
    label: object
    tone: str = "accent"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, from left to right; dashed, like a limit, unless `is_solid`."""

    label: object
    points: Sequence[tuple[Number, Number]]
    tone: str = "muted"
    is_solid: bool = False


@dataclass(frozen=True)
class Scatter:
    """`x` and `y` name the axes; `names` says what a tone means here: {"bad": _("Beyond the limits"), …}."""

    title: object
    dots: Sequence[Dot]
    x: object
    y: object
    curves: Sequence[Curve] = field(default_factory=tuple)
    names: dict[str, object] = field(default_factory=dict)
    unit: str = ""
    note: object = ""
    template: ClassVar[str] = "ui/pictures/scatter.html"

    @property
    def legend(self) -> list[tuple[object, str, str]]:
        """Name, tone and shape of the states shown and of the curves, each name once."""
        shown = {checked(dot.tone) for dot in self.dots}
        dots: list[tuple[object, str, str]] = [
            (name, tone, "dot") for tone, name in self.names.items() if tone in shown
        ]
        curves: list[tuple[object, str, str]] = [
            (curve.label, checked(curve.tone), "line" if curve.is_solid else "dashed") for curve in self.curves
        ]
        return dots + list(dict.fromkeys(curves))

    def data(self) -> dict[str, Any]:
        """What the script draws from."""
        return {
            "kind": "scatter",
            "x": str(self.x),
            "y": str(self.y),
            "unit": self.unit,
            "dots": [
                {
                    "at": [float(dot.x), float(dot.y)],
                    "label": str(dot.label),
                    "tone": checked(dot.tone),
                    "url": dot.url,
                }
                for dot in self.dots
            ],
            "curves": [
                {
                    "points": [[float(x), float(y)] for x, y in curve.points],
                    "tone": checked(curve.tone),
                    "solid": curve.is_solid,
                }
                for curve in self.curves
            ],
        }

    def rows(self) -> list[tuple[Dot, object]]:
        """The table below: the dots, each with what its tone means."""
        return [(dot, self.names.get(checked(dot.tone), "")) for dot in self.dots]
