"""Files from strangers: what is read, what is refused and in which words."""

import io
from datetime import date

import pytest
from django.test import override_settings

from kernel.imports.workbooks import lying_bomb, sheet_xml, with_part, workbook
from wuyou.kernel.errors import Invalid, TooLarge, Unsupported
from wuyou.kernel.imports import Column, guards, read_table
from wuyou.kernel.imports.guards import check_workbook, column_number

COLUMNS = (Column("code", "Code", headers=("编码",)), Column("name", "Name", headers=("名称",)))
ROWS = [["编码", "名称"], ["a", "甲"], ["b", "乙"]]


def test_a_plain_sheet() -> None:
    table = read_table(workbook(ROWS))
    assert (table.sheet, table.sheets, table.header_row, table.headers) == ("表", ["表"], 1, ["编码", "名称"])
    assert table.rows == [(2, ["a", "甲"]), (3, ["b", "乙"])]


def test_titles_above_blank_rows_between_and_totals_below() -> None:
    def merge(_book: object, sheet: object) -> None:
        sheet.merge_range("A1:B1", "某小区台账")  # type: ignore[attr-defined]

    rows = [["某小区台账", ""], ["填表人：张三"], ["编码", "名称"], ["a", "甲"], ["", " "], ["b", "乙"], ["合计", 2]]
    table = read_table(workbook(rows, shape=merge), columns=COLUMNS)
    assert (table.header_row, table.headers) == (3, ["编码", "名称"])
    assert [number for number, _cells in table.rows] == [4, 6]
    assert table.left_out == [(7, "合计")]


def test_without_columns_the_first_row_of_words_is_the_header() -> None:
    assert read_table(workbook([["台账"], ["x", "y"], [1, 2]])).header_row == 2
    assert read_table(workbook([[1, 2], [3, 4]])).header_row == 1


def test_a_header_row_can_be_named() -> None:
    assert read_table(workbook(ROWS), header_row=2).headers == ["a", "甲"]
    with pytest.raises(Invalid):
        read_table(workbook(ROWS), header_row=9)


def test_merged_cells_are_filled_from_the_top_left_one() -> None:
    def merge(_book: object, sheet: object) -> None:
        sheet.merge_range("A2:A4", "1号楼")  # type: ignore[attr-defined]

    table = read_table(workbook([["楼", "层", "户"], ["", 1, 2], ["", 2, 2], ["", "", ""]], shape=merge))
    assert [cells[0] for _number, cells in table.rows] == ["1号楼"] * 3


def test_formulas_give_their_stored_result_and_broken_cells_are_known() -> None:
    def formulas(_book: object, sheet: object) -> None:
        sheet.write_formula("A2", "=1+1", None, 2)  # type: ignore[attr-defined]
        sheet.write_formula("B2", "=1+1", None, "")  # type: ignore[attr-defined]
        sheet.write_formula("A3", "=1/0", None, "#DIV/0!")  # type: ignore[attr-defined]

    table = read_table(workbook([["编码", "名称", "备注"], ["", "", "x"], ["", "乙", ""]], shape=formulas))
    assert table.rows[0] == (2, [2.0, "", "x"])
    assert table.broken == {(2, 1): "formula", (3, 0): "error"}


def test_dates_are_dates() -> None:
    table = read_table(workbook([["编码", "名称"], ["a", date(2025, 1, 31)]]))
    assert table.rows[0][1][1] == date(2025, 1, 31)


def test_a_sheet_is_chosen_by_name_and_hidden_ones_are_not_offered() -> None:
    def more(book: object, _sheet: object) -> None:
        book.add_worksheet("二&三").write_row(0, 0, ["甲", "乙"])  # type: ignore[attr-defined]
        book.add_worksheet("lists").hide()  # type: ignore[attr-defined]

    table = read_table(workbook(ROWS, shape=more), sheet="二&三")
    assert (table.sheets, table.headers) == (["表", "二&三"], ["甲", "乙"])
    with pytest.raises(Invalid):
        read_table(workbook(ROWS), sheet="没有")


def test_broken_cells_belong_to_their_sheet() -> None:
    def more(book: object, _sheet: object) -> None:
        other = book.add_worksheet("二<")  # type: ignore[attr-defined]
        other.write_row(0, 0, ["甲", "乙"])
        other.write_formula("A2", "=1+1", None, "")
        other.write_string("B2", "x")

    assert read_table(workbook(ROWS, shape=more)).broken == {}
    assert read_table(workbook(ROWS, shape=more), sheet="二<").broken == {(2, 0): "formula"}


@pytest.mark.parametrize("rows", [[], [["", " "], [""]]])
def test_an_empty_sheet(rows: list[list[str]]) -> None:
    with pytest.raises(Invalid, match=r"empty|空"):
        read_table(workbook(rows))


# --- CSV

TEXT = '编码,名称\r\na,甲\r\nb,"乙,丙"\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding: str) -> None:
    table = read_table(io.BytesIO(TEXT.encode(encoding)))
    assert table.headers == ["编码", "名称"]
    assert table.rows == [(2, ["a", "甲"]), (3, ["b", "乙,丙"])]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters(delimiter: str) -> None:
    text = f'编码{delimiter}名称\n"a,;"{delimiter}甲\n'
    assert read_table(io.BytesIO(text.encode())).rows == [(2, ["a,;", "甲"])]


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x01\x02",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20,
        b"\xff\xfe\x00",
        bytes(range(256)) * 4,
    ],
)
def test_what_is_neither_workbook_nor_csv(data: bytes) -> None:
    with pytest.raises(Unsupported):
        read_table(io.BytesIO(data))


def test_an_empty_csv() -> None:
    with pytest.raises(Invalid):
        read_table(io.BytesIO(b""))


def test_csv_that_is_none() -> None:
    long = b'a,b\n"' + b"x" * 200_000
    with pytest.raises(Unsupported, match="CSV"):
        read_table(io.BytesIO(long))


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wuyou.kernel.imports.reading.MOST_ROWS", 2)
    with pytest.raises(TooLarge):
        read_table(io.BytesIO(b"a,b\n1,2\n3,4\n"))


# --- traps


@override_settings(IMPORT_MOST_BYTES=1_000)
def test_too_many_bytes() -> None:
    with pytest.raises(TooLarge):
        read_table(workbook(ROWS))


def test_a_hundred_megabytes_are_the_limit() -> None:
    class Huge(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            return (100 << 20) + 1 if whence == io.SEEK_END else super().seek(offset, whence)

    with pytest.raises(TooLarge, match="100"):
        read_table(Huge(b"a,b"))


def test_an_old_or_encrypted_workbook() -> None:
    with pytest.raises(Unsupported, match="xls"):
        read_table(io.BytesIO(guards.OLE + b"\x00" * 512))


def test_a_bomb_that_tells_its_size() -> None:
    bomb = with_part("xl/worksheets/sheet1.xml", b"<worksheet>" + b"A" * (30 << 20) + b"</worksheet>")
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(TooLarge):
        read_table(bomb)


def test_a_bomb_that_lies_about_its_size() -> None:
    with pytest.raises(TooLarge):
        read_table(lying_bomb(30))


def test_a_bomb_of_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "MOST_PARTS", 5)
    with pytest.raises(TooLarge):
        read_table(workbook(ROWS))


def test_a_bomb_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "MOST_INFLATED", 3_000)
    with pytest.raises(TooLarge):
        read_table(workbook(ROWS))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "docProps/core.xml"]
)
def test_entities_and_document_types(part: str) -> None:
    trap = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    with pytest.raises(Unsupported, match=r"entities|实体"):
        read_table(with_part(part, trap))


def test_a_document_type_in_another_encoding() -> None:
    trap = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "e">]><x/>'.encode("utf-16")
    with pytest.raises(Unsupported):
        read_table(with_part("xl/sharedStrings.xml", trap))


def test_a_document_type_across_two_pieces() -> None:
    trap = b"<x>" + b" " * (guards.CHUNK - 8) + b"<!DOCTYPE y><x/>"
    with pytest.raises(Unsupported):
        check_workbook(with_part("xl/styles.xml", trap))


def test_a_stray_cell_at_the_end_of_the_world() -> None:
    far = sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(TooLarge, match="1048576"):
        read_table(with_part("xl/worksheets/sheet1.xml", far))


def test_formatted_empty_cells_far_away_do_no_harm() -> None:
    far = sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="XFD1" s="1"/></row>')
    assert read_table(with_part("xl/worksheets/sheet1.xml", far)).headers[0] == "甲"


def test_a_cut_off_workbook() -> None:
    data = workbook(ROWS).getvalue()
    for length in (len(data) // 2, len(data) - 10, 10):
        with pytest.raises(Unsupported):
            read_table(io.BytesIO(data[:length]))


def test_a_zip_that_is_no_workbook() -> None:
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(Unsupported, match="xlsx"):
        read_table(buffer)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_nonsense_inside(part: str) -> None:
    with pytest.raises((Unsupported, Invalid)):
        read_table(with_part(part, b"<<<< nonsense"))


def test_a_part_that_cannot_be_inflated() -> None:
    data = bytearray(workbook(ROWS).getvalue())
    start = data.index(b"xl/worksheets/sheet1.xml") + 24
    data[start : start + 20] = b"\xff" * 20
    with pytest.raises(Unsupported):
        read_table(io.BytesIO(bytes(data)))


def test_flags_of_encryption_and_strange_compression() -> None:
    for offset, value in ((8, 1), (10, 14)):
        data = bytearray(workbook(ROWS).getvalue())
        directory = data.rindex(b"PK\x01\x02")
        data[directory + offset] = value
        with pytest.raises(Unsupported):
            read_table(io.BytesIO(bytes(data)))


@pytest.mark.parametrize(("letters", "number"), [(b"A", 0), (b"Z", 25), (b"AA", 26), (b"XFD", 16383)])
def test_column_numbers(letters: bytes, number: int) -> None:
    assert column_number(letters) == number
