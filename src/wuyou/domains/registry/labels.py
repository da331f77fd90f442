"""Sheets of stickers as PDF (spec 01: QR sheets, A4 label layouts)."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid
from wuyou.kernel.evidence.fonts import chinese_font

TEMPLATE = Path(__file__).parent / "labels.typ"
MOST_LABELS = 2_000


@dataclass(frozen=True, slots=True)
class Label:
    """One sticker: what it is on, where that is, and the code."""

    name: str
    where: str
    code: str


@dataclass(frozen=True, slots=True)
class Layout:
    """An A4 sheet: columns × rows of labels, lengths in millimetres, text in points."""

    columns: int
    rows: int
    width: float
    height: float
    margin_x: float
    margin_y: float
    qr: float
    text: float


LAYOUTS = {
    "3x8": Layout(columns=3, rows=8, width=70, height=37, margin_x=0, margin_y=0.4, qr=27, text=9),
    "2x5": Layout(columns=2, rows=5, width=99, height=57, margin_x=6, margin_y=6, qr=44, text=13),
}


def qr_of(text: str) -> str:
    """A QR code as SVG, medium error correction, with the quiet zone the standard asks for."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", border=4, xmldecl=False)
    return buffer.getvalue().decode()


def scan_address(code: str) -> str:
    """What a sticker's QR says: the address that resolves the code."""
    return f"{settings.BASE_URL}/s/{code}"


def label_sheet(labels: Sequence[Label], *, layout: str, title: str, shown_codes: Sequence[str]) -> bytes:
    """The PDF of some labels in a layout (3x8 or 2x5); `shown_codes` are the codes as printed.

    Raises Invalid for an unknown layout, none or too many labels, NoChineseFont.
    """
    if layout not in LAYOUTS:
        raise Invalid(fields={"layout": _("There is no such layout.")})
    if not 0 < len(labels) <= MOST_LABELS:
        raise Invalid(fields={"labels": _("Choose between 1 and 2,000 labels.")})
    entries = [
        {"name": one.name, "where": one.where, "code": shown, "qr": qr_of(scan_address(one.code))}
        for one, shown in zip(labels, shown_codes, strict=True)
    ]
    sheet = {**asdict(LAYOUTS[layout]), "title": title, "font": chinese_font(), "labels": entries}
    inputs = {"sheet": json.dumps(sheet)}
    fonts: list[Any] = [str(settings.FONTS)]  # their stub wants paths of the template's own type
    pdf = typst.compile(TEMPLATE.read_bytes(), sys_inputs=inputs, font_paths=fonts, timestamp=0)
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave pages instead of one file")
    return pdf
