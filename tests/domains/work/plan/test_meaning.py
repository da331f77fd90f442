"""What clauses mean: subjects, statutory codes, words of the requirement, the clause's own words."""

from decimal import Decimal

import pytest

from wuyou.domains.work.rules.demands import Demand, Recipe, Target, anywhere
from wuyou.domains.work.rules.meaning import (
    Effort,
    Meanings,
    efforts_of,
    recipe_of_row,
    refinements_of,
    split_words,
)

SEPTIC = Recipe("septic_check", "asset", Decimal(6), "工程", asset_kinds=frozenset({"化粪池"}), evidence="photo")
SWEEP = Recipe("sweep", "100m2", Decimal(6), "环境", frozenset({"楼道楼梯"}), evidence="photo")
LIFT = Recipe("lift_maintain", "asset", Decimal(30), "工程", asset_kinds=frozenset({"乘客电梯"}))
REFINEMENTS = refinements_of(
    [
        {"activity": "septic_check", "subject": "", "word": "清掏", "becomes": "septic_empty"},
        {"activity": "sweep", "subject": "", "word": "清扫和消毒", "becomes": "sweep;disinfect"},
        {"activity": "training", "subject": "培训-安全", "word": "", "becomes": "training_safety"},
    ]
)
MEANINGS = Meanings(
    {"化粪池": SEPTIC, "楼道": SWEEP, "电梯": SEPTIC, "培训-安全": Recipe("training", "project", Decimal(120))},
    {"L1": LIFT},
    REFINEMENTS,
    {"septic_empty": Effort(Decimal(1), Decimal(60), "photo"), "disinfect": Effort(Decimal("0.5"), Decimal(2), "log")},
)


def demand(subject: str, requirement: str = "", **given: object) -> Demand:
    values = {"layer": "grade", "binding_id": 1, "clause_id": 1, "code": "C1", "kind": "cadence", "value": "1/1 d"}
    return Demand(subject=subject, requirement=requirement, **(values | given))


def brief(found: tuple[Recipe, ...]) -> list[tuple[str, Decimal, str]]:
    return [(recipe.activity, recipe.minutes, recipe.evidence) for recipe in found]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (demand("化粪池", "检查"), [("septic_check", Decimal(6), "photo")]),
        (demand("化粪池", "清掏"), [("septic_empty", Decimal(60), "photo")]),
        (demand("楼道", "清扫和消毒"), [("sweep", Decimal(6), "photo"), ("disinfect", Decimal("0.5"), "log")]),
        (demand("培训-安全", "讲座"), [("training_safety", Decimal(120), "")]),
        (demand("化粪池", "清掏", activity="empty", minutes=Decimal(90)), [("empty", Decimal(90), "photo")]),
        (demand("楼道", "清扫", minutes=Decimal(7), evidence="scan"), [("sweep", Decimal(7), "scan")]),
        (demand("没有", "清扫"), []),
        (demand("电梯", "维护", layer="statutory", code="L1"), [("lift_maintain", Decimal(30), "")]),
        (demand("电梯", "维护", layer="statutory", code="L99"), [("septic_check", Decimal(6), "photo")]),
        (demand("电梯", "维护", layer="grade", code="L1"), [("septic_check", Decimal(6), "photo")]),
    ],
)
def test_recipes(given: Demand, expected: list[tuple[str, Decimal, str]]) -> None:
    assert brief(MEANINGS.recipes_of(given)) == expected


def test_a_refinement_without_an_effort_keeps_the_subjects_minutes() -> None:
    bare = Meanings({"化粪池": SEPTIC}, {}, REFINEMENTS)
    assert brief(bare.recipes_of(demand("化粪池", "清掏"))) == [("septic_empty", Decimal(6), "photo")]


def test_own_unit_and_licence_go_before_the_subjects() -> None:
    (recipe,) = MEANINGS.recipes_of(demand("楼道", "清扫", unit="place", qualification="健康证"))
    assert (recipe.unit, recipe.qualification) == ("place", "健康证")


def test_a_row_of_the_statutory_table() -> None:
    row = {
        "code": "X11", "activity": "extinguisher_service", "place_kinds": "", "asset_kinds": "灭火器; 推车灭火器",
        "levels": "", "models": "MFZ", "team": "秩序", "unit": "asset", "minutes_per_unit": "15", "qualification": "",
        "evidence": "certificate", "anchor": "made_on",
    }  # fmt: skip
    recipe = recipe_of_row(row)
    assert recipe.asset_kinds == {"灭火器", "推车灭火器"}
    assert (recipe.models, recipe.minutes, recipe.anchor) == (("MFZ",), Decimal(15), "made_on")
    assert recipe_of_row({**row, "minutes_per_unit": ""}).minutes == 0


def test_efforts_depend_on_the_unit() -> None:
    rows = [{"activity": "wax", "minutes_per_100m2": "40", "minutes_each": "30", "evidence": "photo"}]
    effort = efforts_of(rows)["wax"]
    assert (effort.minutes_for("100m2"), effort.minutes_for("place")) == (Decimal(40), Decimal(30))


def test_cells_are_split_at_both_semicolons() -> None:
    assert split_words("楼道楼梯; 电梯厅;") == ("楼道楼梯", "电梯厅")


def test_keys_and_conditions_of_targets() -> None:
    assert Target("asset", 17).key == "asset:17"
    assert anywhere(Target("asset", 17)) is True
