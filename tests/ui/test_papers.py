"""Papers: both renderings are opened again and read."""

import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pytest
import typst
from django.conf import settings
from django.utils import translation
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st
from PIL import Image

from wuyou.kernel.errors import Invalid, Missing
from wuyou.kernel.evidence import fonts
from wuyou.ui.papers import (
    Figures,
    Heading,
    PageBreak,
    Paper,
    Picture,
    Pictures,
    Signatures,
    Table,
    Text,
    response,
    to_pdf,
    to_word,
)
from wuyou.ui.papers.blocks import written
from wuyou.ui.papers.pdf import laid_out

# Everything that means something in typst or in XML.
NASTY = '#pagebreak() *b* _i_ $x^2$ @ref <label> `code` \\ // /* = - + "q" & <w:p> ]]> {{ }} [x] ~ #eval("1")'


def image(mode: str = "RGB", size: tuple[int, int] = (80, 40), kind: str = "PNG", **more: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, more.pop("color", 0)).save(buffer, kind, **more)
    return buffer.getvalue()


def found(paper: Paper, selector: str) -> list[dict[str, Any]]:
    """The elements typst has set, as data."""
    with laid_out(paper) as source:
        answer = typst.query(source, selector, root=source.parent, font_paths=[str(settings.FONTS)])
    return json.loads(answer)


def pages(paper: Paper) -> list[Image.Image]:
    """The paper as it looks, page by page."""
    with laid_out(paper) as source:
        drawn = typst.compile(source, root=source.parent, font_paths=[str(settings.FONTS)], format="png", ppi=40)
    return [Image.open(io.BytesIO(page)) for page in (drawn if isinstance(drawn, list) else [drawn])]


def said(paper: Paper) -> list[str]:
    """Every text of the PDF, in order; the template labels them."""
    return [one.get("text", "") for one in found(paper, "<said>")]


def word(paper: Paper) -> Any:
    return Document(io.BytesIO(to_word(paper)))


def lines(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


def full() -> Paper:
    return Paper(
        "品质检查报告",
        subtitle="2026年10月",
        meta=[("项目", "九台校区"), ("检查日期", "2026-10-12")],
        blocks=[
            Figures([("得分", Decimal("86.50")), ("不合格项", 12)]),
            Heading("概述"),
            Text("第一段\n\n第二段"),
            Text("重要", is_strong=True),
            Text("注", is_note=True),
            Heading("清单", 2),
            Table(
                ["编号", "扣分"], [["FX-1", Decimal("1.5")], ["合计", None]], [3, 1], ["left", "right"], has_total=True
            ),
            Pictures([Picture(image(), "楼道"), Picture(image("RGBA"), "垃圾")]),
            PageBreak(),
            Signatures(["项目负责人", "甲方代表"]),
        ],
    )


def test_a_pdf_has_all_that_is_written() -> None:
    paper = full()
    assert to_pdf(paper).startswith(b"%PDF-")
    assert [one["level"] for one in found(paper, "heading")] == [1, 2]
    assert said(paper) == [
        "品质检查报告", "2026年10月", "项目", "九台校区", "检查日期", "2026-10-12",
        "得分", "86.50", "不合格项", "12", "概述", "第一段", "第二段", "重要", "注",
        "清单", "编号", "扣分", "FX-1", "1.5", "合计", "", "楼道", "垃圾",
        "项目负责人", "Signature:", "Date:", "甲方代表", "Signature:", "Date:",
    ]  # fmt: skip


def test_the_same_paper_is_the_same_pdf() -> None:
    assert to_pdf(full()) == to_pdf(full())


def test_a_page_break_makes_a_page_and_every_page_has_ink() -> None:
    drawn = pages(full())
    assert len(drawn) == 2
    assert all(page.convert("L").getextrema()[0] < 128 for page in drawn)
    assert len(pages(Paper("leer", [PageBreak()]))) == 1


@pytest.mark.parametrize(("is_landscape", "wide"), [(False, False), (True, True)])
def test_a_paper_lies_or_stands(is_landscape: bool, wide: bool) -> None:
    paper = Paper("报告", [Text("一")], is_landscape=is_landscape)
    page = pages(paper)[0]
    section = word(paper).sections[0]
    assert (page.width > page.height, section.page_width > section.page_height) == (wide, wide)


def test_a_long_table_repeats_its_head() -> None:
    paper = Paper("报告", [Table(["编号", "内容"], [[n, "楼道积尘"] for n in range(120)])])
    assert len(pages(paper)) == 3
    assert "header" in json.dumps(found(paper, "table")[0])
    row = word(paper).tables[0].rows[0]._tr
    assert row.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None


@pytest.mark.parametrize("where", ["title", "meta", "heading", "text", "cell", "caption", "figure", "party"])
def test_nothing_written_is_a_command(where: str) -> None:
    plain = {
        "title": "t",
        "meta": "m",
        "heading": "h",
        "text": "p",
        "cell": "c",
        "caption": "k",
        "figure": "f",
        "party": "y",
    }
    words = {**plain, where: NASTY}
    paper = Paper(
        words["title"],
        meta=[("事项", words["meta"])],
        blocks=[
            Heading(words["heading"]),
            Text(words["text"]),
            Table(["栏"], [[words["cell"]]]),
            Pictures([Picture(image(), words["caption"])]),
            Figures([("值", words["figure"])]),
            Signatures([words["party"]]),
        ],
    )
    assert len(pages(paper)) == 1
    assert NASTY in said(paper)
    document = word(paper)
    inner = [p.text for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    assert any(NASTY in line for line in lines(document) + inner)


@given(st.text(max_size=40))
@effort(max_examples=40, deadline=None)
def test_any_text_can_be_opened_in_word(text: str) -> None:
    document = word(Paper(text, [Heading(text), Text(text), Table([text], [[text]]), Signatures([text])]))
    assert document.tables[0].rows[1].cells[0].text == written(text)


@given(st.text(max_size=40))
@effort(max_examples=10, deadline=None)
def test_any_text_can_be_set(text: str) -> None:
    assert to_pdf(Paper(text, [Heading(text), Text(text), Table([text], [[text]])])).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, ""), (3, "3"), ("a\x00b\x0bc", "abc"), ("a\r\nb\rc", "a\nb\nc"), ("\ud800x\uffff", "x")],
)
def test_what_no_document_may_hold_is_left_out(value: object, expected: str) -> None:
    assert written(value) == expected


def test_word_has_real_styles_and_chinese_fonts() -> None:
    document = word(full())
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs if paragraph.text}
    assert styles["品质检查报告"] == "Title"
    assert styles["2026年10月"] == "Subtitle"
    assert (styles["概述"], styles["清单"]) == ("Heading 1", "Heading 2")
    assert (styles["第一段"], styles["第二段"], styles["注"]) == ("Normal", "Normal", "Caption")
    for name, font in (("Normal", "宋体"), ("Heading 1", "黑体")):
        given_fonts = document.styles[name].element.rPr.rFonts
        assert given_fonts.get(qn("w:eastAsia")) == font
        assert given_fonts.get(qn("w:asciiTheme")) is None


def test_word_has_the_table_as_given() -> None:
    table = word(full()).tables[1]
    assert table.style.name == "Table Grid"
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["编号", "扣分"],
        ["FX-1", "1.5"],
        ["合计", ""],
    ]
    assert [cell.paragraphs[0].runs[0].bold for cell in (table.cell(0, 0), table.cell(1, 0), table.cell(2, 0))] == [
        True,
        None,
        True,
    ]
    assert table.cell(1, 1).paragraphs[0].alignment == 2
    assert table.cell(0, 0).width == pytest.approx(3 * table.cell(0, 1).width, rel=0.01)


def test_word_has_page_numbers_a_title_and_no_author() -> None:
    document = word(full())
    footer = document.sections[0].footer._element.xml
    assert "PAGE" in footer
    assert "NUMPAGES" in footer
    assert (document.core_properties.title, document.core_properties.author) == ("品质检查报告", "")


def test_word_has_figures_pictures_and_lines_to_sign() -> None:
    document = word(full())
    figures, _table, pictures, signatures = document.tables
    assert [cell.text for cell in figures.rows[0].cells] == ["得分\n86.50", "不合格项\n12"]
    assert [cell.text.strip() for cell in pictures.rows[0].cells] == ["楼道", "垃圾"]
    assert len(document.inline_shapes) == 2
    assert [cell.paragraphs[0].text for cell in signatures.rows[0].cells] == ["项目负责人", "甲方代表"]
    assert all(len(cell.paragraphs) == 3 for cell in signatures.rows[0].cells)


def test_a_tall_picture_stays_on_its_page() -> None:
    tall = word(Paper("报告", [Pictures([Picture(image(size=(20, 400)))], columns=1)])).inline_shapes[0]
    assert tall.height.cm == pytest.approx(11, abs=0.01)
    assert tall.height / tall.width == pytest.approx(20, rel=0.01)


def test_nothing_to_show_shows_nothing() -> None:
    paper = Paper("报告", [Pictures([]), Figures([]), Signatures([]), Text("")])
    assert word(paper).tables == []
    assert lines(word(paper)) == ["报告"]
    assert len(pages(paper)) == 1


def test_words_of_the_paper_are_in_the_readers_language() -> None:
    paper = Paper("报告", [Signatures(["甲方"])])
    with translation.override("en"):
        assert "Signature:" in said(paper)
        assert "Signature:" in word(paper).tables[0].cell(0, 0).text
    with translation.override("zh-hans"):
        assert "签字：" in said(paper)
        assert "签字：" in word(paper).tables[0].cell(0, 0).text


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (image("RGB"), "jpg"),
        (image("CMYK", kind="JPEG"), "jpg"),
        (image("RGBA"), "png"),
        (image("LA"), "png"),
        (image("P"), "png"),
        (image("RGB", kind="WEBP"), "jpg"),
        (image("L", kind="BMP"), "jpg"),
    ],
)
def test_pictures_become_what_both_can_draw(content: bytes, ending: str) -> None:
    drawn, found_ending = Picture(content).drawable()
    assert found_ending == ending
    assert Image.open(io.BytesIO(drawn)).size == (80, 40)


def test_a_large_picture_is_made_smaller_and_stands_upright() -> None:
    sideways = Image.Exif()
    sideways[0x0112] = 6
    drawn, _ending = Picture(image(size=(4000, 2000), kind="JPEG", exif=sideways)).drawable()
    assert Image.open(io.BytesIO(drawn)).size == (800, 1600)


@pytest.mark.parametrize("content", [b"", b"no picture", image()[:40]])
@pytest.mark.parametrize("render", [to_pdf, to_word])
def test_a_broken_picture_is_named(content: bytes, render) -> None:
    with translation.override("en"), pytest.raises(Invalid, match="cannot be read"):
        render(Paper("报告", [Pictures([Picture(content)])]))


@pytest.mark.parametrize(
    "build",
    [
        lambda: Heading("x", 4),
        lambda: Table([], []),
        lambda: Table(["a"], [["1", "2"]]),
        lambda: Table(["a"], [["1"]], widths=[1, 2]),
        lambda: Table(["a"], [["1"]], align=["left", "left"]),
        lambda: Table(["a"], [["1"]], widths=[0]),
        lambda: Table(["a"], [["1"]], align=["middle"]),
        lambda: Pictures([], columns=5),
    ],
)
def test_a_block_that_does_not_fit_is_refused(build) -> None:
    with pytest.raises(ValueError, match=r"heading|table|width|pictures"):
        build()


def test_without_a_chinese_font_there_is_a_remedy_and_no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "CHINESE_FONTS", ())
    with translation.override("en"), pytest.raises(fonts.NoChineseFont, match="fonts-noto-cjk"):
        to_pdf(full())


def test_a_paper_is_sent_as_a_file() -> None:
    pdf = response(Paper("报告", []), form="pdf", name="九台 报告")
    assert pdf.content.startswith(b"%PDF-")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"] == "attachment; filename*=utf-8''%E4%B9%9D%E5%8F%B0%20%E6%8A%A5%E5%91%8A.pdf"
    docx = response(Paper("报告", []), form="word", name="report")
    assert zipfile.ZipFile(io.BytesIO(docx.content)).testzip() is None
    assert docx["Content-Disposition"] == 'attachment; filename="report.docx"'
    with pytest.raises(Missing):
        response(Paper("报告", []), form="odt", name="x")
