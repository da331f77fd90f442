"""A paper as a Word document people go on editing: real styles, East Asian fonts, page numbers, repeated heads."""

import io
from typing import Any

from django.utils.translation import get_language, pgettext
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from wuyou.kernel import clock

from .blocks import Block, Figures, Heading, PageBreak, Paper, Pictures, Signatures, Table, Text, written

BODY, HEAD, LATIN = "宋体", "黑体", "Times New Roman"
ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
SIZES = {"Normal": 10.5, "Title": 18, "Subtitle": 11, "Heading 1": 14, "Heading 2": 12, "Heading 3": 10.5, "Caption": 9}
MARGIN = Cm(2.2)
FIGURES_IN_A_ROW = 4
LINE = "_" * 24


def to_word(paper: Paper) -> bytes:
    """The paper as .docx. Raises Invalid for a picture that cannot be read."""
    document = Document()
    _set_page(document, paper)
    _set_styles(document)
    _set_properties(document, paper)
    document.add_paragraph(written(paper.title), style="Title").alignment = WD_ALIGN_PARAGRAPH.CENTER
    if written(paper.subtitle):
        document.add_paragraph(written(paper.subtitle), style="Subtitle").alignment = WD_ALIGN_PARAGRAPH.CENTER
    for label, value in paper.meta:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.add_run(f"{written(label)}  ").bold = True
        line.add_run(written(value))
    for block in paper.blocks:
        _add(document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    short, long = Cm(21), Cm(29.7)
    section.orientation = WD_ORIENT.LANDSCAPE if paper.is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if paper.is_landscape else (short, long)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_field(footer, "PAGE")
    footer.add_run(" / ")
    _add_field(footer, "NUMPAGES")


def _add_field(paragraph: Any, name: str) -> None:
    """A field Word fills in: begin, instruction, shown value, end."""
    run = paragraph.add_run()
    for kind in ("begin", "separate", "end"):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        if kind == "separate":
            order = OxmlElement("w:instrText")
            order.set(qn("xml:space"), "preserve")
            order.text = f" {name} "
            run._r.append(order)
        if kind == "end":
            shown = OxmlElement("w:t")
            shown.text = "1"
            run._r.append(shown)
        run._r.append(mark)


def _set_styles(document: Any) -> None:
    for name, size in SIZES.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        _set_fonts(style, BODY if name in {"Normal", "Subtitle", "Caption"} else HEAD)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)


def _set_fonts(style: Any, chinese: str) -> None:
    """Word looks for Chinese signs in eastAsia, and a theme font would win over a named one."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for place in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{place}"), LATIN)
    fonts.set(qn("w:eastAsia"), chinese)


def _set_properties(document: Any, paper: Paper) -> None:
    facts = document.core_properties
    facts.title, facts.subject = written(paper.title)[:255], written(paper.subtitle)[:255]
    facts.author = facts.last_modified_by = facts.comments = ""
    facts.language = get_language() or ""
    facts.created = facts.modified = clock.now().replace(tzinfo=None, microsecond=0)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading():
            document.add_heading(written(block.text), level=block.level)
        case Text():
            _add_text(document, block)
        case Table():
            _add_table(document, block)
        case Pictures():
            _add_pictures(document, block)
        case Figures():
            _add_figures(document, block)
        case Signatures():
            _add_signatures(document, block)
        case PageBreak():
            document.add_page_break()


def _add_text(document: Any, block: Text) -> None:
    for line in block.paragraphs:
        paragraph = document.add_paragraph(style="Caption" if block.is_note else "Normal")
        run = paragraph.add_run(line)
        run.bold = True if block.is_strong else None


def _width(document: Any) -> int:
    section = document.sections[0]
    return int(section.page_width - section.left_margin - section.right_margin)


def _add_table(document: Any, block: Table) -> None:
    cells = block.cells()
    table = document.add_table(rows=len(cells), cols=len(block.head), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [int(_width(document) * share) for share in block.shares]
    for place, (row, texts) in enumerate(zip(table.rows, cells, strict=True)):
        is_bold = place == 0 or (block.has_total and place == len(cells) - 1)
        _mark_row(row, "w:cantSplit")
        if place == 0:
            _mark_row(row, "w:tblHeader")
        for cell, text, width, align in zip(row.cells, texts, widths, block.alignments, strict=True):
            cell.width = width
            _write(cell.paragraphs[0], text, is_bold=is_bold, align=align)
            if place == 0:
                _shade(cell)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _mark_row(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "EEEEEE")
    cell._tc.get_or_add_tcPr().append(shade)


def _write(paragraph: Any, text: str, *, is_bold: bool = False, align: str = "left", size: float = 9) -> None:
    paragraph.alignment = ALIGNMENTS[align]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.bold = True if is_bold else None
    run.font.size = Pt(size)


def _grid(document: Any, count: int, columns: int) -> list[Any]:
    """Cells of a table without lines, row by row."""
    table = document.add_table(rows=-(-count // columns), cols=columns)
    return [cell for row in table.rows for cell in row.cells][:count]


def _add_pictures(document: Any, block: Pictures) -> None:
    if not block.pictures:
        return
    width = int(_width(document) / block.columns * 0.94)
    for cell, picture in zip(_grid(document, len(block.pictures), block.columns), block.pictures, strict=True):
        content, _ending = picture.drawable()
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _fit(paragraph.add_run().add_picture(io.BytesIO(content)), width, int(Cm(block.height)))
        caption = cell.add_paragraph(written(picture.caption), style="Caption")
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _fit(shape: Any, width: int, height: int) -> None:
    """As large as both allow."""
    scale = min(width / shape.width, height / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)


def _add_figures(document: Any, block: Figures) -> None:
    if not block.figures:
        return
    columns = min(FIGURES_IN_A_ROW, len(block.figures))
    for cell, (label, value) in zip(_grid(document, len(block.figures), columns), block.figures, strict=True):
        _write(cell.paragraphs[0], written(label))
        _write(cell.add_paragraph(), written(value), is_bold=True, size=14)


def _add_signatures(document: Any, block: Signatures) -> None:
    if not block.parties:
        return
    words = (pgettext("on paper", "Signature:"), pgettext("on paper", "Date:"))
    for cell, party in zip(_grid(document, len(block.parties), min(2, len(block.parties))), block.parties, strict=True):
        _write(cell.paragraphs[0], written(party), is_bold=True, size=10.5)
        for word in words:
            line = cell.add_paragraph(f"{word} {LINE}")
            line.paragraph_format.space_before = Pt(14)
