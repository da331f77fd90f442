"""Laying lines: layers join on the same object, the strictest leads, removing a layer loosens nothing."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wuyou.domains.work.choices import GapReason
from wuyou.domains.work.rules.demands import EPOCH, Demand, Laid, Recipe, Target
from wuyou.domains.work.rules.plan import Site, lay_lines, matching, minutes_of, unplanned
from wuyou.domains.work.rules.posts import PostRule
from wuyou.domains.work.rules.strictness import satisfies

PROJECT = Target("project", 1, "小区")
STAIRS = Target("place", 1, "1号楼道", "楼道楼梯", area_m2=Decimal(87))
LOBBY = Target("place", 2, "电梯厅", "电梯厅", area_m2=Decimal(66), quantity=11)
LIFT = Target("asset", 1, "电梯", "乘客电梯", dates={"accepted_on": dt.date(2015, 6, 1)}, facts={"age": Decimal(11)})
TOWER = Target("place", 3, "97号楼", level="building", facts={"height": Decimal("32.6")})
THINGS = (STAIRS, LOBBY, LIFT, TOWER)

SWEEP = Recipe("sweep", "100m2", Decimal(6), "环境", frozenset({"楼道楼梯", "电梯厅"}), evidence="photo")
SWEEP_MOP = Recipe("sweep_mop", "100m2", Decimal(14), "环境", frozenset({"楼道楼梯"}))
INSPECT = Recipe(
    "lift_inspect", "asset", Decimal(120), "工程", asset_kinds=frozenset({"乘客电梯"}), anchor="accepted_on"
)
PATROL = Recipe("fire_patrol", "place", Decimal(15), "秩序", levels=frozenset({"building"}))
DRILL = Recipe("fire_drill", "project", Decimal(180), "秩序")
GATE = Recipe("gate_guard", "post", Decimal(0), "秩序", frozenset({"出入口"}))
REPAIR = Recipe("repair", "ticket", Decimal(0), "工程")
TANK = Recipe("tank_clean", "asset", Decimal(480), "工程", asset_kinds=frozenset({"乘客电梯"}))
RECIPES = {
    "sweep": (SWEEP,), "sweep_mop": (SWEEP_MOP,), "both": (SWEEP, SWEEP_MOP), "inspect": (INSPECT,),
    "patrol": (PATROL,), "drill": (DRILL,), "gate": (GATE,), "repair": (REPAIR,), "tank": (TANK,),
}  # fmt: skip
COVERS = {"sweep": frozenset({"sweep_mop"})}


def demand(clause_id: int, subject: str, value: str, **given: object) -> Demand:
    values = {
        "layer": "grade", "binding_id": 1, "code": f"C{clause_id}", "requirement": subject, "kind": "cadence",
        "position": clause_id,
    }  # fmt: skip
    return Demand(clause_id=clause_id, subject=subject, value=value, **(values | given))


def lay(demands: Sequence[Demand], things: Sequence[Target] = THINGS, **given: object) -> Laid:
    site = Site(PROJECT, things, heads=35)
    return lay_lines(demands, site=site, meaning=lambda one: RECIPES.get(one.subject, ()), covers=COVERS, **given)


def proofs(laid: Laid) -> dict[str, tuple[str, list[str]]]:
    """Line key → its frequency and the codes it proves, the leading one first."""
    return {line.key: (line.cadence, [proof.demand.code for proof in line.proofs]) for line in laid.lines}


def test_one_clause_makes_a_line_for_each_place_of_its_kinds() -> None:
    laid = lay([demand(1, "sweep", "1/1 d")])
    assert [(line.key, line.minutes, line.anchor, line.is_triggered) for line in laid.lines] == [
        ("sweep:place:1", Decimal("5.2"), EPOCH, False),
        ("sweep:place:2", Decimal("4.0"), EPOCH, False),
    ]
    assert laid.gaps == ()


def test_the_strictest_of_all_layers_leads_and_covers_the_others() -> None:
    laid = lay(
        [
            demand(1, "sweep", "1/1 w"),
            demand(2, "sweep", "2/1 d", layer="service_set", binding_id=2),
            demand(3, "sweep", "1/1 d", layer="contract", binding_id=3),
        ],
        [STAIRS],
    )
    assert proofs(laid) == {"sweep:place:1": ("2/1 d", ["C2", "C3", "C1"])}


def test_of_equal_frequencies_the_layer_of_most_force_leads() -> None:
    layers = ["maker", "grade", "contract", "statutory", "service_set", "own"]
    given = [demand(n, "sweep", "1/1 d", layer=layer, binding_id=n) for n, layer in enumerate(layers)]
    (line,) = lay(given, [STAIRS]).lines
    assert [proof.demand.layer for proof in line.proofs] == [
        "statutory", "contract", "grade", "service_set", "maker", "own",
    ]  # fmt: skip


def test_what_the_leader_does_not_prove_gets_its_own_line() -> None:
    laid = lay(
        [
            demand(1, "sweep", "1/1 d; season 5-10"),
            demand(2, "sweep", "1/1 w", layer="contract", binding_id=2),
            demand(3, "sweep", "1/1 m", layer="contract", binding_id=3),
        ],
        [STAIRS],
    )
    assert proofs(laid) == {
        "sweep:place:1": ("1/1 d; season 5-10", ["C1"]),
        "sweep~contract.C2:place:1": ("1/1 w", ["C2", "C3"]),
    }


def test_two_requirements_of_one_standard_on_one_subject_are_two_deeds() -> None:
    check = demand(1, "sweep", "1/1 q", requirement="检查")
    empty = demand(2, "sweep", "1/1 y", requirement="清掏")
    assert proofs(lay([check, empty], [STAIRS])) == {
        "sweep:place:1": ("1/1 q", ["C1"]),
        "sweep~grade.C2:place:1": ("1/1 y", ["C2"]),
    }


def test_a_stronger_activity_proves_a_weaker_one_done_often_enough() -> None:
    laid = lay([demand(1, "sweep", "1/1 d"), demand(2, "sweep_mop", "1/1 d", layer="contract", binding_id=2)], [STAIRS])
    assert proofs(laid) == {"sweep_mop:place:1": ("1/1 d", ["C2", "C1"])}


@pytest.mark.parametrize(("weak", "strong"), [("2/1 d", "1/1 d"), ("cond:spill", "1/1 d"), ("1/1 d", "cond:spill")])
def test_a_stronger_activity_done_too_rarely_or_on_a_trigger_proves_nothing_else(weak: str, strong: str) -> None:
    laid = lay([demand(1, "sweep", weak), demand(2, "sweep_mop", strong, binding_id=2)], [STAIRS])
    assert sorted((line.activity, line.cadence, len(line.proofs)) for line in laid.lines) == [
        ("sweep", weak, 1),
        ("sweep_mop", strong, 1),
    ]


def test_one_clause_may_ask_for_two_activities() -> None:
    laid = lay([demand(1, "both", "1/1 d", binding_id=1)], [LOBBY])
    assert set(proofs(laid)) == {"sweep:place:2"}


def test_a_trigger_waits_and_joins_only_its_own_kind() -> None:
    laid = lay(
        [
            demand(1, "sweep", "及时", kind="cond"),
            demand(2, "sweep", "及时", kind="cond", binding_id=2),
            demand(3, "sweep", "1/1 d", binding_id=3),
        ],
        [STAIRS],
    )
    assert [(line.cadence, line.is_triggered, len(line.proofs)) for line in laid.lines] == [
        ("cond:及时", True, 2),
        ("1/1 d", False, 1),
    ]


def test_lines_of_standards_with_the_same_codes_are_told_apart() -> None:
    twins = [
        demand(n, "sweep", value, binding_id=n, code="C1", layer="service_set")
        for n, value in enumerate(["1/1 d; season 5-10", "1/1 w; season 4-5", "1/1 m; season 11-3"])
    ]
    assert sorted(line.key for line in lay(twins, [STAIRS]).lines) == [
        "sweep:place:1",
        "sweep~service_set.C1:place:1",
        "sweep~service_set.C1:place:1.2",
    ]


def test_a_condition_on_the_object_selects_it() -> None:
    tall = demand(1, "patrol", "1/1 d", selects=lambda target: target.facts.get("height", 0) > 27)
    small = Target("place", 9, "1号楼", level="building", facts={"height": Decimal("17.7")})
    assert [line.target.name for line in lay([tall], [TOWER, small]).lines] == ["97号楼"]


def test_years_are_counted_from_the_ledger_and_a_missing_date_is_a_gap() -> None:
    bare = Target("asset", 2, "2号电梯", "乘客电梯")
    laid = lay([demand(1, "inspect", "years 1;4;then 1/1 y; early<=2 m")], [LIFT, bare])
    assert [(line.target.id, line.anchor) for line in laid.lines] == [(1, dt.date(2015, 6, 1))]
    assert [(gap.why, gap.detail, gap.count) for gap in laid.gaps] == [(GapReason.NO_DATE, "2号电梯", 1)]


def test_models_narrow_devices() -> None:
    recipe = Recipe("service", "asset", asset_kinds=frozenset({"灭火器"}), models=("MFZ",))
    dry = Target("asset", 1, category="灭火器", model="MFZ/ABC4")
    wet = Target("asset", 2, category="灭火器", model="MSZ")
    assert matching(recipe, demand(1, "x", "1/1 m"), Site(PROJECT, [dry, wet])) == [dry]


@pytest.mark.parametrize(
    ("given", "why", "detail"),
    [
        (demand(1, "unheard of", "1/1 d"), GapReason.UNKNOWN_SUBJECT, "unheard of"),
        (demand(1, "sweep", "定期"), GapReason.UNREADABLE, "定期"),
        (demand(1, "gate", "ever", kind="hours_per_day"), GapReason.UNREADABLE, "ever"),
        (demand(1, "tank", "yes", kind="law"), GapReason.LAW_SILENT, "tank"),
    ],
)
def test_gaps_say_why(given: Demand, why: str, detail: str) -> None:
    laid = lay([given])
    assert [(gap.why, gap.detail) for gap in laid.gaps] == [(why, detail)]
    assert laid.lines == ()


def test_no_such_place_names_the_kinds() -> None:
    laid = lay([demand(1, "sweep", "1/1 d")], [LIFT])
    assert [(gap.why, gap.detail) for gap in laid.gaps] == [(GapReason.NO_SUCH_PLACE, "楼道楼梯、电梯厅")]


def test_a_missing_area_is_a_gap_and_counts_as_a_hundred_square_metres() -> None:
    laid = lay([demand(1, "sweep", "1/1 d")], [Target("place", 5, "楼道", "楼道楼梯")])
    assert [(gap.why, gap.count) for gap in laid.gaps] == [(GapReason.NO_AREA, 1)]
    assert laid.lines[0].minutes == Decimal("6.0")


@pytest.mark.parametrize("value", ["", "-", " - "])
def test_no_duty_leaves_no_trace(value: str) -> None:
    assert lay([demand(1, "sweep", value)]) == Laid((), (), (), ())


@pytest.mark.parametrize(
    "given",
    [
        demand(1, "sweep", "95", kind="percent"),
        demand(1, "unheard of", "95", kind="percent"),
        demand(1, "repair", "1/1 d"),
        demand(1, "sweep", "24", kind="hours_per_day"),
        demand(1, "sweep", "yes", kind="law", layer="statutory"),
    ],
)
def test_what_cannot_be_scheduled_is_measured(given: Demand) -> None:
    assert lay([given]) == Laid((), (), (given,), ())


def test_as_the_law_says_is_proven_by_the_laws_own_line() -> None:
    law = demand(1, "tank", "1/1 hy", layer="statutory", binding_id=2)
    laid = lay([demand(2, "tank", "yes", kind="law"), law])
    assert proofs(laid) == {"tank_clean:asset:1": ("1/1 hy", ["C1", "C2"])}
    assert laid.gaps == ()


def test_the_laws_silence_is_counted_once_per_clause() -> None:
    second = Target("asset", 7, category="乘客电梯")
    laid = lay([demand(2, "tank", "yes", kind="law")], [LIFT, second])
    assert [(gap.why, gap.count) for gap in laid.gaps] == [(GapReason.LAW_SILENT, 2)]


def test_posts_are_needs_not_lines() -> None:
    rules = (PostRule("gate_guard", "", "one", 1),)
    laid = lay([demand(1, "gate", "24", kind="hours_per_day")], post_rules=rules)
    assert laid.lines == ()
    assert [(post.key, post.hours_per_day, post.heads) for post in laid.posts] == [("gate_guard:project:1", 24, 1)]


def test_a_project_activity_has_the_project_for_its_target() -> None:
    (line,) = lay([demand(1, "drill", "1/1 y")]).lines
    assert (line.key, line.target) == ("fire_drill:project:1", PROJECT)


def test_qualification_and_evidence_come_from_whoever_asks() -> None:
    licensed = Recipe("sweep", "place", Decimal(30), "环境", frozenset({"楼道楼梯"}), qualification="健康证")
    site = Site(PROJECT, [STAIRS])
    both = [demand(1, "plain", "1/1 d"), demand(2, "licensed", "1/1 w", binding_id=2)]
    laid = lay_lines(both, site=site, meaning=lambda one: (SWEEP,) if one.subject == "plain" else (licensed,))
    (line,) = laid.lines
    assert (line.recipe.qualification, line.recipe.evidence, line.minutes) == ("健康证", "photo", Decimal("30.0"))


@pytest.mark.parametrize(
    ("unit", "target", "expected"),
    [
        ("100m2", STAIRS, "5.2"),  # 6 × 0.87 = 5.22
        ("place", LOBBY, "66.0"),
        ("asset", LIFT, "6.0"),
        ("point", LOBBY, "6.0"),
        ("project", PROJECT, "6.0"),
        ("person", PROJECT, "210.0"),
    ],
)
def test_minutes(unit: str, target: Target, expected: str) -> None:
    assert minutes_of(Recipe("x", unit, Decimal(6)), target, heads=35) == Decimal(expected)


def test_what_has_no_line_is_told() -> None:
    laid = lay([demand(1, "sweep", "1/1 d")])
    assert unplanned(THINGS, laid.lines) == [LIFT, TOWER]


values = st.sampled_from(
    ["1/1 d", "2/1 d", "1/1 w", "2/1 w", "1/1 m", "1/15 d", "1/3 h", "1/4 h", "1/1 d; <08:00", "1/1 d; season 5-10",
     "1/1 w; season 11-3", "2/1 m; season 4-10; else 1/1 m", "1/1 d; workdays", "cond:snow", "1/1 y"]
)  # fmt: skip
layers = st.lists(
    st.lists(st.tuples(st.sampled_from(["sweep", "sweep_mop", "both", "drill"]), values), max_size=3),
    min_size=1,
    max_size=4,
)


def demands_of(given: list[list[tuple[str, str]]]) -> list[Demand]:
    names = ["grade", "service_set", "contract", "statutory"]
    return [
        demand(100 * layer + n, subject, value, layer=names[layer], binding_id=layer, requirement=f"{subject}{n}")
        for layer, clauses in enumerate(given)
        for n, (subject, value) in enumerate(clauses)
    ]


@given(given=layers)
@settings(max_examples=120, deadline=None)
def test_every_demand_is_proven_by_a_line_at_least_as_strict(given: list[list[tuple[str, str]]]) -> None:
    demands = demands_of(given)
    laid = lay(demands, [STAIRS, LOBBY])
    for one in demands:
        mine = [(line, proof) for line in laid.lines for proof in line.proofs if proof.demand == one]
        asked = {
            target.key
            for recipe in RECIPES[one.subject]
            for target in matching(recipe, one, Site(PROJECT, [STAIRS, LOBBY]))
        }
        assert {line.target.key for line, _proof in mine} == asked
        assert all(satisfies(line.cadence, proof.cadence) for line, proof in mine)


@given(given=layers, gone=st.integers(0, 3))
@settings(max_examples=120, deadline=None)
def test_removing_a_layer_loosens_nothing_another_still_demands(given: list[list[tuple[str, str]]], gone: int) -> None:
    left = [one for one in demands_of(given) if one.binding_id != gone]
    after = lay(left, [STAIRS, LOBBY])
    for one in lay(demands_of(given), [STAIRS, LOBBY]).lines:
        for proof in one.proofs:
            if proof.demand.binding_id != gone:
                lines = [line for line in after.lines if line.target.key == one.target.key]
                assert any(
                    satisfies(line.cadence, proof.cadence) and proof.demand in [p.demand for p in line.proofs]
                    for line in lines
                )


@given(given=layers)
@settings(max_examples=60, deadline=None)
def test_keys_are_given_once_and_the_order_of_layers_changes_nothing(given: list[list[tuple[str, str]]]) -> None:
    demands = demands_of(given)
    laid = lay(demands, [STAIRS, LOBBY])
    assert len({line.key for line in laid.lines}) == len(laid.lines)
    assert sorted(proofs(lay(list(reversed(demands)), [STAIRS, LOBBY]))) == sorted(proofs(laid))
