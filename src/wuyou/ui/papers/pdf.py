"""A paper as PDF, set by typst. What is written goes in as data, never as markup."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import get_language, pgettext

from wuyou.kernel.evidence.fonts import chinese_font

from .blocks import Block, Figures, Heading, PageBreak, Paper, Pictures, Signatures, Table, Text, written

TEMPLATE = Path(__file__).parent / "paper.typ"


def to_pdf(paper: Paper) -> bytes:
    """The paper as PDF; the same paper gives the same bytes.

    Raises NoChineseFont with the remedy, Invalid for a picture that cannot be read.
    """
    with laid_out(paper) as source:
        return typst.compile(source, root=source.parent, font_paths=_fonts(), timestamp=0)


@contextmanager
def laid_out(paper: Paper) -> Iterator[Path]:
    """A folder with the template, the paper as data and its pictures; gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / TEMPLATE.name
        source.write_bytes(TEMPLATE.read_bytes())
        (folder / "paper.json").write_text(json.dumps(_paper(paper, folder), ensure_ascii=False), encoding="utf-8")
        yield source


def _fonts() -> list[Any]:
    return [str(settings.FONTS)]  # their stub wants paths of the template's own type


def _paper(paper: Paper, folder: Path) -> dict[str, Any]:
    return {
        "title": written(paper.title),
        "subtitle": written(paper.subtitle),
        "meta": [[written(label), written(value)] for label, value in paper.meta],
        "landscape": paper.is_landscape,
        "font": chinese_font(),
        "lang": (get_language() or "zh")[:2],
        "blocks": [_block(block, folder, number) for number, block in enumerate(paper.blocks)],
    }


def _block(block: Block, folder: Path, number: int) -> dict[str, Any]:
    match block:
        case Heading():
            data = {"kind": "heading", "text": written(block.text), "level": block.level}
        case Text():
            data = {"kind": "text", "paragraphs": block.paragraphs, "strong": block.is_strong, "note": block.is_note}
        case Table():
            data = _table(block)
        case Pictures():
            data = _pictures(block, folder, number)
        case Figures():
            pairs = [{"label": written(label), "value": written(value)} for label, value in block.figures]
            data = {"kind": "figures", "figures": pairs}
        case Signatures():
            words = {"signature": pgettext("on paper", "Signature:"), "date": pgettext("on paper", "Date:")}
            data = {"kind": "signatures", "parties": [written(party) for party in block.parties], **words}
        case PageBreak():
            data = {"kind": "break"}
    return data


def _table(block: Table) -> dict[str, Any]:
    head, *rows = block.cells()
    shape = {"shares": block.shares, "align": block.alignments, "total": block.has_total}
    return {"kind": "table", "head": head, "rows": rows, **shape}


def _pictures(block: Pictures, folder: Path, number: int) -> dict[str, Any]:
    found = []
    for place, picture in enumerate(block.pictures):
        content, ending = picture.drawable()
        name = f"picture-{number}-{place}.{ending}"
        (folder / name).write_bytes(content)
        found.append({"file": name, "caption": written(picture.caption)})
    return {"kind": "pictures", "columns": block.columns, "height": block.height, "pictures": found}
