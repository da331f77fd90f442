"""Clauses that ask for staffed positions."""

from decimal import Decimal

import pytest

from wuyou.domains.work.rules.demands import Demand, Recipe, Target
from wuyou.domains.work.rules.posts import PostRule, post_needs, post_rules_of, read_staffing

PROJECT = Target("project", 1, "小区")
ROOM = Target("place", 5, "监控室", "监控室")
GATES = [Target("place", n, f"{n}门", "出入口") for n in (1, 2)]
GATE = Recipe("gate_guard", "post", team="秩序", qualification="保安员证")
CONTROL = Recipe("control_room", "post", team="秩序")
RULES = post_rules_of(
    [
        {"activity": "gate_guard", "subject": "主出入口", "mode": "one", "heads": "1", "days_per_week": "7"},
        {"activity": "gate_guard", "subject": "", "mode": "each", "heads": "2", "days_per_week": "5"},
        {"activity": "pass_check", "subject": "", "mode": "shared", "heads": "0", "days_per_week": "7"},
    ]
)


def demand(clause_id: int, subject: str, value: str) -> Demand:
    return Demand("grade", 1, clause_id, f"O{clause_id}", subject, "值守", "hours_per_day", value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("24", (0, 24)), ("7.5", (0, Decimal("7.5"))), ("2x24h", (2, 24)), (" posts 2x12h ", (2, 12))],
)
def test_staffing_is_read(value: str, expected: tuple[int, Decimal]) -> None:
    assert read_staffing(value) == expected


@pytest.mark.parametrize("value", ["", "随时", "24h", "2x", "-1", "240"])
def test_anything_else_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=f"^{value}$"):
        read_staffing(value)


def test_one_post_however_many_gates_there_are() -> None:
    found = post_needs([(demand(1, "主出入口", "24"), GATE, gate) for gate in GATES], rules=RULES, project=PROJECT)
    assert [(need.key, need.heads, need.days_per_week, len(need.demands)) for need in found] == [
        ("gate_guard:project:1", 1, 7, 1)
    ]


def test_a_post_at_each_gate() -> None:
    found = post_needs([(demand(1, "大门", "24"), GATE, gate) for gate in GATES], rules=RULES, project=PROJECT)
    assert [(need.key, need.heads, need.days_per_week) for need in found] == [
        ("gate_guard:place:1", 2, 5),
        ("gate_guard:place:2", 2, 5),
    ]


def test_layers_join_at_the_most_hours_and_heads() -> None:
    asked = [(demand(1, "监控室", "12"), CONTROL, ROOM), (demand(2, "消防", "2x24h"), CONTROL, ROOM)]
    (need,) = post_needs(asked, rules=(), project=PROJECT)
    assert (need.hours_per_day, need.heads, [one.clause_id for one in need.demands]) == (24, 2, [1, 2])


def test_what_another_post_does_is_no_post() -> None:
    recipe = Recipe("pass_check", "post")
    assert post_needs([(demand(1, "外来人员", "24"), recipe, GATES[0])], rules=RULES, project=PROJECT) == []


def test_without_a_rule_there_is_one_at_each_place() -> None:
    (need,) = post_needs([(demand(1, "x", "8"), Recipe("x", "post"), ROOM)], rules=RULES, project=PROJECT)
    assert (need.key, need.heads, need.days_per_week) == ("x:place:5", 1, 7)
    assert PostRule("x", "", "each", 1).days_per_week == 7
