"""Lists leave as workbooks and CSV, and come back."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kernel.imports.roles import ROLES
from wuyou.kernel.imports import (
    ExportColumn,
    cells,
    export_csv,
    export_workbook,
    map_headers,
    read_table,
    template_workbook,
)
from wuyou.kernel.imports.columns import Column
from wuyou.kernel.imports.exports import CSV_BATCH, plain_cell
from wuyou.kernel.imports.registry import Importer

COLUMNS = [ExportColumn("编码"), ExportColumn("名称", width=30), ExportColumn("日期")]
MARK = "张三 2026-11-20 10:00"


def sheet(rows: Sequence[Sequence[object]], *, title: str = "清单") -> list[list[Any]]:
    data = export_workbook(COLUMNS, rows, title=title, watermark=MARK)
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_values_stay_what_they_are() -> None:
    rows = [
        ["a", 1, date(2025, 1, 31)],
        ["b", Decimal("1.50"), datetime(2026, 11, 20, 2, 0, tzinfo=UTC)],
        [None, 2.5, ""],
    ]
    assert sheet(rows) == [
        ["编码", "名称", "日期"],
        ["a", 1.0, date(2025, 1, 31)],
        ["b", 1.5, datetime(2026, 11, 20, 10, 0)],
        ["", 2.5, ""],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "=cmd|' /C calc'!A0", "http://x.y", "0431-8888"])
def test_text_is_never_a_formula(text: str) -> None:
    data = export_workbook(COLUMNS, [[text]], title="清单", watermark=MARK)
    assert sheet([[text]])[1][0] == text
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_truth_and_long_numbers() -> None:
    with translation.override("en"):
        assert sheet([[True, False, 220102198001011234]])[1] == ["yes", "no", "220102198001011234"]


def test_who_and_when_stand_in_the_file() -> None:
    data = export_workbook(COLUMNS, [], title="一/二[三]" + "长" * 40, watermark="A & B")
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert len(book.sheet_names[0]) <= 31
    assert book.get_sheet_by_index(1).to_python()[1][0] == "A & B"


def test_an_export_without_columns_or_title() -> None:
    data = export_workbook([], [], title="///", watermark="")
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names[0] == "Sheet1"


def csv_text(rows: Sequence[Sequence[object]]) -> str:
    return b"".join(export_csv(COLUMNS, rows, watermark=MARK)).decode("utf-8-sig")


def test_csv_has_its_mark_and_guards_formulas() -> None:
    data = b"".join(
        export_csv(COLUMNS, [["=1+1", -1, "-x"], ["a,b", Decimal("1.5"), date(2025, 1, 31)]], watermark=MARK)
    )
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").splitlines()
    assert lines == ["编码,名称,日期", "'=1+1,-1,'-x", '"a,b",1.5,2025-01-31', f"# {MARK}"]


def test_csv_comes_in_pieces() -> None:
    pieces = list(export_csv(COLUMNS, ([number] for number in range(CSV_BATCH * 2 + 1)), watermark=MARK))
    assert len(pieces) == 4
    assert len(b"".join(pieces).splitlines()) == CSV_BATCH * 2 + 3


def test_an_export_can_be_read_again_without_its_watermark() -> None:
    table = read_table(io.BytesIO(csv_text([["a", "甲", ""], ["b", "乙", ""]]).encode()))
    assert [row for _number, row in table.rows] == [["a", "甲", ""], ["b", "乙", ""]]


@given(st.text(max_size=20))
def test_no_csv_text_starts_a_formula(text: str) -> None:
    assert not plain_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (-1.5, "-1.5"),
        (_("yes"), "yes"),
        (datetime(2026, 11, 20, 2, 0, tzinfo=UTC), "2026-11-20 10:00"),
    ],
)
def test_plain_cells(value: object, expected: str) -> None:
    with translation.override("en"):
        assert plain_cell(value) == expected


# --- templates


def test_a_template_maps_to_its_own_columns_exactly() -> None:
    data = template_workbook(ROLES)
    table = read_table(_filled(data), columns=ROLES.columns)
    found = map_headers(table.headers, ROLES.columns)
    assert len(found.positions) == len(ROLES.columns)
    assert set(found.how.values()) == {"exact"}


def _filled(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


def test_a_template_has_notes_and_drop_downs() -> None:
    import zipfile

    class Long(Importer):
        code = "tests.long"
        label = "长名单"
        columns = (
            Column("bare", "Bare"),
            Column(
                "kind",
                "Kind",
                headers=("类别",),
                parse=cells.choice({str(n): (f"第{n}类名称很长",) for n in range(60)}),
            ),
            Column("flag", "Flag", headers=("有电梯",), parse=cells.yes_no()),
            Column(
                "other",
                "Other",
                headers=("另一",),
                parse=cells.choice({str(n): (f"第{n}种名称很长",) for n in range(60)}),
            ),
        )

    with zipfile.ZipFile(io.BytesIO(template_workbook(Long()))) as archive:
        first = archive.read("xl/worksheets/sheet1.xml").decode()
    assert first.count("<dataValidation ") == 3
    assert "lists!$B$1:$B$60" in first
    assert "是,否" in first
    book = CalamineWorkbook.from_filelike(io.BytesIO(template_workbook(ROLES)))
    notes = book.get_sheet_by_index(1).to_python()
    assert notes[1][0] == "编码"
    assert "guard" in notes[1][2]
    assert notes[4][3] == "甲、乙"
