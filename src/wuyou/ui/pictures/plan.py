"""A site from above: shapes of buildings, pins by state, and the same as a list. Metres; y grows to the north."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from wuyou.ui.tones import GLYPHS
from wuyou.ui.tones import tone as checked

MARGIN = 0.06
SMALLEST = 20.0
STEPS = (5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Pin:
    """A place with a state."""

    x: float
    y: float
    label: object
    tone: str = "info"
    url: str = ""
    note: object = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A building or area: a box around (x, y), or the outline `points`."""

    x: float
    y: float
    label: object = ""
    width: float = 16.0
    height: float = 10.0
    points: Sequence[tuple[float, float]] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A pin or shape at its place on the sheet, where y grows downwards."""

    x: str
    y: str
    thing: Pin | Shape
    tone: str = ""
    glyph: str = ""
    width: str = ""
    height: str = ""
    outline: str = ""


@dataclass(frozen=True)
class PlanMap:
    """`names` says what a tone means here: {"bad": _("Late"), …}; `image` lies under all and fills `extent`."""

    title: object
    pins: Sequence[Pin]
    shapes: Sequence[Shape] = ()
    names: dict[str, object] = field(default_factory=dict)
    image: str = ""
    extent: tuple[float, float, float, float] | None = None
    note: object = ""
    template: ClassVar[str] = "ui/pictures/plan.html"

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top in metres with a margin; never a point."""
        if self.extent:
            return self.extent
        things: list[Pin | Shape] = [*self.pins, *self.shapes]
        xs = [thing.x for thing in things] or [0.0]
        ys = [thing.y for thing in things] or [0.0]
        pad = max(max(xs) - min(xs), max(ys) - min(ys), SMALLEST) * MARGIN + SMALLEST / 2
        return min(xs) - pad, min(ys) - pad, max(xs) + pad, max(ys) + pad

    @property
    def width(self) -> float:
        """Of the sheet, in metres."""
        left, _bottom, right, _top = self.box
        return right - left

    @property
    def height(self) -> float:
        """Of the sheet, in metres."""
        _left, bottom, _right, top = self.box
        return top - bottom

    @property
    def view_box(self) -> str:
        """The sheet's coordinate system: metres from its upper left corner."""
        return f"0 0 {self.width:.1f} {self.height:.1f}"

    @property
    def radius(self) -> float:
        """Of a pin, so that it can be seen and hit when the whole sheet is shown."""
        return round(max(self.width, self.height) / 60, 2)

    @property
    def letter(self) -> float:
        """Height of a shape's name."""
        return round(max(min(self.width, self.height) / 52, 3.0), 2)

    def _at(self, thing: Pin | Shape) -> tuple[str, str]:
        left, _bottom, _right, top = self.box
        return f"{thing.x - left:.1f}", f"{top - thing.y:.1f}"

    def spots(self) -> list[Spot]:
        """The pins; states that need somebody come last, on top."""
        order = list(GLYPHS)[::-1]
        pins = sorted(self.pins, key=lambda pin: order.index(checked(pin.tone)) if pin.tone != "bad" else len(order))
        return [Spot(*self._at(pin), pin, checked(pin.tone), GLYPHS[checked(pin.tone)]) for pin in pins]

    def listed(self) -> list[Spot]:
        """The pins as a list: what is bad first."""
        return self.spots()[::-1]

    def blocks(self) -> list[Spot]:
        """The shapes."""
        return [self._block(shape) for shape in self.shapes]

    def _block(self, shape: Shape) -> Spot:
        left, _bottom, _right, top = self.box
        x, y = self._at(shape)
        outline = " ".join(f"{px - left:.1f},{top - py:.1f}" for px, py in shape.points)
        return Spot(x, y, shape, width=f"{shape.width:.1f}", height=f"{shape.height:.1f}", outline=outline)

    def key(self) -> list[tuple[str, object, str]]:
        """Tone, meaning and glyph of the states shown."""
        shown = {checked(pin.tone) for pin in self.pins}
        return [
            (tone, self.names.get(tone, ""), glyph)
            for tone, glyph in GLYPHS.items()
            if tone in shown and tone in self.names
        ]

    def grid(self) -> tuple[float, str]:
        """The width of the grid in metres and what to write about it."""
        step = next((step for step in STEPS if self.width / step <= 14), STEPS[-1])
        return step, f"{step} m"
