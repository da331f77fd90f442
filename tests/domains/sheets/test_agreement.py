"""Two people on the same sheet."""

from dataclasses import replace

import pytest

from wuyou.domains.sheets.rules.agreement import Compared, compared, differing, pairs, verdict
from wuyou.domains.sheets.rules.items import ItemSpec
from wuyou.kernel.statistics.agreement import kappa, table_of

LAMP = ItemSpec("lamp", "灯亮", "pass_fail")
CLEAN = ItemSpec("clean", "清洁", "grade")
NOTE = ItemSpec("note", "说明", "text")
LIFTS = ItemSpec("lifts", "有电梯", "choice")
BELL = ItemSpec("bell", "呼叫", "pass_fail", condition_code="lifts", condition_value="yes")
ITEMS = (LAMP, CLEAN, NOTE, LIFTS, BELL)


@pytest.mark.parametrize(
    ("item", "value", "expected"),
    [
        (LAMP, "pass", "pass"),
        (LAMP, "fail", "fail"),
        (LAMP, "na", "na"),
        (LAMP, "", "na"),
        (CLEAN, "2", "fail"),
        (CLEAN, "3", "pass"),
        (replace(CLEAN, limit=4), "3", "fail"),
    ],
)
def test_verdicts(item, value, expected):
    assert verdict(item, value) == expected


def test_grades_differ_only_where_the_verdict_does():
    first = {"lamp": "pass", "clean": "4", "note": "x", "lifts": "yes", "bell": "fail"}
    second = {"lamp": "pass", "clean": "5", "note": "y", "lifts": "yes", "bell": "pass"}
    rows = compared(ITEMS, first, second)
    assert rows == [
        Compared("lamp", "pass", "pass", "pass", "pass"),
        Compared("clean", "4", "5", "pass", "pass"),
        Compared("bell", "fail", "pass", "fail", "pass"),
    ]
    assert [row.code for row in differing(rows)] == ["bell"]
    assert pairs(rows) == [("pass", "pass"), ("pass", "pass"), ("fail", "pass")]


def test_what_only_one_was_asked_is_a_difference():
    rows = compared(ITEMS, {"lifts": "yes", "bell": "fail"}, {"lifts": "no", "bell": "fail"})
    assert [(row.code, row.first_verdict, row.second_verdict) for row in differing(rows)] == [("bell", "fail", "na")]


def test_what_nobody_was_asked_is_left_out():
    assert [row.code for row in compared(ITEMS, {"lifts": "no"}, {})] == ["lamp", "clean"]


def test_the_pairs_give_kappa():
    items = [replace(LAMP, code=f"i{n}") for n in range(50)]
    # the example of Cohen's kappa with 20 and 15 agreements of 50: 0.40
    first = {item.code: "pass" if n < 25 else "fail" for n, item in enumerate(items)}
    second = {item.code: "pass" if n < 20 or 25 <= n < 35 else "fail" for n, item in enumerate(items)}
    found = kappa(table_of(pairs(compared(items, first, second)), categories=["pass", "fail", "na"]))
    assert round(found.value, 2) == 0.40
