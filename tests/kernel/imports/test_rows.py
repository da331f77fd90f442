"""From cells to rows, with an error for every cell that cannot be taken."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.utils import translation

from kernel.imports.roles import ROLES
from kernel.imports.workbooks import workbook
from wuyou.kernel.errors import Invalid
from wuyou.kernel.imports import Column, Context, Importer, map_headers, read_table
from wuyou.kernel.imports.rows import Checked, as_json, check_rows

CONTEXT = Context(project_id=1, today=date(2026, 11, 20))
HEADERS = ["编码", "名称", "英文名", "类别", "启用日期", "人数"]


def check(rows: Sequence[Sequence[Any]], importer: Importer = ROLES, shape: Any = None) -> Checked:
    table = read_table(workbook([HEADERS, *rows], shape=shape), columns=importer.columns)
    return check_rows(table, map_headers(table.headers, importer.columns), importer, CONTEXT)


def wrong(checked: Checked) -> list[tuple[int, str]]:
    return [(error.row, error.column) for error in checked.errors]


def test_good_rows_carry_their_number_and_values() -> None:
    checked = check([["a", "甲", "A", "甲", "2025年1月1日", "3"], ["b", "乙", "", "", "", ""]])
    assert checked.errors == []
    assert [tuple(row) for row in checked.rows] == [
        (2, "a", "甲", "A", "a", date(2025, 1, 1), 3),
        (3, "b", "乙", "", "", None, None),
    ]


def test_every_wrong_cell_is_told_and_its_row_left_out() -> None:
    checked = check([["a", "", "", "丙", "昨天", -1], ["b", "乙"], ["", "名称太长了一二三四五六七八"]])
    assert wrong(checked) == [(2, "heads"), (2, "kind"), (2, "name_zh"), (2, "since"), (4, "code"), (4, "name_zh")]
    assert [row.code for row in checked.rows] == ["b"]


def test_doubles_by_natural_key_and_by_unique_columns() -> None:
    class Unique(type(ROLES)):  # type: ignore[misc]
        columns = (*ROLES.columns[:2], Column("name_en", "E", headers=("英文名",), unique=True))

    checked = check([["a", "甲", "x"], ["Ａ", "乙", "y"], ["c", "丙", "x"], ["d", "丁", ""], ["e", "戊", ""]], Unique())
    assert wrong(checked) == [(3, "code"), (4, "name_en")]
    assert "2" in str(checked.errors[0].message)
    assert [row.code for row in checked.rows] == ["a", "d", "e"]


def test_rows_that_lean_on_wrong_rows_are_left_out_too() -> None:
    checked = check([["a", "", ""], ["b", "乙", "@a"], ["c", "丙", "@b"], ["d", "丁", "@e"], ["e", "戊", ""]])
    assert wrong(checked) == [(2, "name_zh"), (3, "name_en"), (4, "name_en")]
    assert [row.code for row in checked.rows] == ["d", "e"]


def test_an_endless_chain_of_wrong_rows_is_not_followed() -> None:
    chain = [[f"r{n}", "甲", f"@r{n - 1}"] for n in range(1, 40)]
    with pytest.raises(Invalid):
        check([["r0", "", ""], *chain])


def test_warnings_do_not_stop_a_row() -> None:
    checked = check([["a", "甲?", ""]])
    assert (len(checked.rows), len(checked.errors), checked.stopping) == (1, 1, [])


def test_broken_formulas_are_errors_of_their_cell() -> None:
    def shape(_book: Any, sheet: Any) -> None:
        sheet.write_formula("B2", "=A2", None, "")
        sheet.write_formula("C3", "=1/0", None, "#DIV/0!")

    checked = check([["a", "x", "A"], ["b", "乙", "B"]], shape=shape)
    assert wrong(checked) == [(2, "name_zh"), (3, "name_en")]


def test_short_rows_and_missing_columns_are_blank() -> None:
    table = read_table(workbook([["编码", "名称"], ["a", "甲"]]), columns=ROLES.columns)
    checked = check_rows(table, map_headers(table.headers, ROLES.columns), ROLES, CONTEXT)
    assert [tuple(row) for row in checked.rows] == [(2, "a", "甲", "", "", None, None)]


def test_errors_are_stored_in_the_readers_language() -> None:
    checked = check([["a", "", "", "", "", "x" * 200]])
    with translation.override("en"):
        stored = as_json(checked.errors)
    assert stored[0] == {
        "row": 2,
        "column": "heads",
        "value": "x" * 100,
        "message": "Not a number.",
        "is_warning": False,
    }
    assert stored[1]["message"] == "A value is needed here."
    assert stored[1]["value"] == ""
