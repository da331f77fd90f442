"""What a paper is made of. Values are written as `str()` says, so lazy translations and decimals may be given."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from wuyou.kernel.errors import Invalid

ALIGNMENTS = ("left", "center", "right")
LEVELS = (1, 2, 3)
LARGEST_SIDE = 1600
HEIGHTS = {1: 11.0, 2: 6.2, 3: 4.2, 4: 3.2}  # centimetres, by columns
# What XML 1.0 cannot hold, and Word therefore refuses to open.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def written(value: object) -> str:
    """A value as it stands on paper: nothing for None, without characters no document may hold."""
    text = "" if value is None else str(value)
    return UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3."""

    text: object
    level: int = 1

    def __post_init__(self) -> None:
        """Raise ValueError for another level."""
        if self.level not in LEVELS:
            raise ValueError("a heading is of level 1, 2 or 3")


@dataclass(frozen=True, slots=True)
class Text:
    """A text; every line is a paragraph. `is_strong` is set bold, `is_note` small."""

    text: object
    is_strong: bool = False
    is_note: bool = False

    @property
    def paragraphs(self) -> list[str]:
        """The lines that are not empty."""
        return [line for line in written(self.text).split("\n") if line.strip()]


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page; `widths` are shares, `align` one of left, center, right a column.

    `has_total` sets the last row bold.
    """

    head: Sequence[object]
    rows: Sequence[Sequence[object]]
    widths: Sequence[float] = ()
    align: Sequence[str] = ()
    has_total: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for rows, widths or alignments that do not fit the head."""
        if not self.head:
            raise ValueError("a table needs columns")
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError("every row of a table needs a cell for each column")
        if any(given and len(given) != len(self.head) for given in (self.widths, self.align)):
            raise ValueError("widths and alignments are given for every column or not at all")
        if any(width <= 0 for width in self.widths) or any(one not in ALIGNMENTS for one in self.align):
            raise ValueError("a width is above zero, an alignment one of left, center, right")

    @property
    def shares(self) -> list[float]:
        """Each column's share of the width; together 1."""
        widths = list(self.widths) or [1.0] * len(self.head)
        return [width / sum(widths) for width in widths]

    @property
    def alignments(self) -> list[str]:
        """Each column's alignment."""
        return list(self.align) or ["left"] * len(self.head)

    def cells(self) -> list[list[str]]:
        """Head and rows as they are written."""
        return [[written(cell) for cell in row] for row in (self.head, *self.rows)]


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file (JPEG, PNG, …) with what stands below it."""

    content: bytes
    caption: object = ""

    def drawable(self) -> tuple[bytes, str]:
        """The image as PNG or JPEG, upright and not larger than needed, and its file ending.

        Raises Invalid when the bytes are not an image.
        """
        try:
            image = Image.open(io.BytesIO(self.content))
            upright = ImageOps.exif_transpose(image)
        except (UnidentifiedImageError, OSError) as wrong:
            raise Invalid(_("A picture for the paper cannot be read.")) from wrong
        upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
        buffer = io.BytesIO()
        if "A" in upright.getbands() or upright.mode == "P":
            upright.save(buffer, "PNG")
            return buffer.getvalue(), "png"
        upright.convert("RGB").save(buffer, "JPEG", quality=85)
        return buffer.getvalue(), "jpg"


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures side by side, with their captions."""

    pictures: Sequence[Picture]
    columns: int = 2

    def __post_init__(self) -> None:
        """Raise ValueError for a number of columns a page has no room for."""
        if not 1 <= self.columns <= 4:
            raise ValueError("pictures stand in 1 to 4 columns")

    @property
    def height(self) -> float:
        """How high a picture may be, in centimetres."""
        return HEIGHTS[self.columns]


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures that matter, large: (label, value) each."""

    figures: Sequence[tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Signatures:
    """A line to sign and a line for the date for each party."""

    parties: Sequence[object]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Text | Table | Pictures | Figures | Signatures | PageBreak


@dataclass(frozen=True)
class Paper:
    """A title, rows of facts about the paper itself (`meta`: label and value), and blocks; A4."""

    title: object
    blocks: Sequence[Block]
    subtitle: object = ""
    meta: Sequence[tuple[object, object]] = field(default_factory=tuple)
    is_landscape: bool = False
