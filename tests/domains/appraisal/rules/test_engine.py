"""Each building block of a scheme by itself (spec 06)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from explained import value_of
from factories.appraisals import MARCH, document, events, sheets, shipped, standings, words

from wuyou.domains.appraisal.choices import Absence, Aggregation, Partial, SourceKind
from wuyou.domains.appraisal.rules import operations as op
from wuyou.domains.appraisal.rules.engine import points_of
from wuyou.domains.appraisal.rules.inputs import Claim, Days, Inputs, reading
from wuyou.domains.appraisal.rules.outcome import evaluate
from wuyou.domains.appraisal.rules.parsing import parse_scheme
from wuyou.domains.appraisal.rules.scheme import (
    Component,
    Gathering,
    Line,
    Linear,
    Presence,
    Source,
    Table,
)
from wuyou.domains.appraisal.rules.simulation import simulate
from wuyou.kernel.explain import to_json

SCHEME = shipped("campus_monthly")


def leaf(kind: SourceKind = SourceKind.MANUAL, **given) -> Component:
    """A component of one source; arguments of the source and of the component."""
    own = {name: given.pop(name) for name in ("table", "floor", "cap", "absence", "weight", "places") if name in given}
    key = given.pop("key", "part")
    return Component(key, words(key), Source(kind, **given), **own)


def scored(
    part: Component, found=(), happened=(), *, table: Table | None = None, days: Days | None = None
) -> str | None:
    """The points of a scheme of this one component, checked by the independent reader."""
    scheme = replace(SCHEME, total=part, tables=(table,) if table else ())
    inputs = Inputs(MARCH, readings={part.key: found}, events={part.key: happened}, days=days)
    node = points_of(scheme, inputs)
    value_of(to_json(node))
    return None if node.value is None else str(node.value)


GATHERED = [
    (Gathering(), (80, 90, 95), "88.33"),
    (Gathering(Aggregation.TRIMMED, 1, 1), (10, 80, 90, 100), "85.00"),
    (Gathering(Aggregation.TRIMMED, 0, 2), (10, 80, 90, 100), "95.00"),
    (Gathering(Aggregation.TRIMMED, 2, 1, at_least=3), (10, 80, 90), "60.00"),  # nothing would be left: the plain mean
    (Gathering(Aggregation.TRIMMED, 1, 1, at_least=5), (10, 80, 90, 100), "70.00"),
    (Gathering(Aggregation.MEDIAN), (10, 80, 95), "80.00"),
    (Gathering(Aggregation.MEDIAN), (95, 10, 80, 81), "80.50"),
    (Gathering(Aggregation.MIN), (95, 10, 80), "10.00"),
    (Gathering(Aggregation.LAST), (95, 10, 80), "80.00"),
    (Gathering(Aggregation.SHARE_ABOVE, threshold=Decimal(80)), (79.99, 80, 81), "66.67"),
]


@pytest.mark.parametrize(("rule", "found", "points"), GATHERED)
def test_several_values_become_one(rule, found, points):
    assert scored(leaf(gathering=rule), sheets(*found)) == points


def test_readings_with_weights():
    found = [reading("a", 80, weight=Decimal(3)), reading("b", 100)]
    assert scored(leaf(), found) == "85.00"
    assert scored(leaf(), [reading("a", 80, weight=Decimal(0))]) is None


@pytest.mark.parametrize(
    ("value", "points"), [("0", "100.00"), ("1", "95.00"), ("20", "0.00"), ("21", "0.00"), ("-1", "100.00")]
)
def test_a_count_is_scored_by_a_straight_line(value, points):
    assert scored(leaf(SourceKind.COUNT, scoring=Linear(Decimal(20), Decimal(0))), [reading("count", value)]) == points


@pytest.mark.parametrize(("ease", "points"), [("1", "80.00"), ("1.25", "84.00"), ("2", "90.00"), ("0.8", "75.00")])
def test_a_hard_zone_loses_less(ease, points):
    found = [reading("zone", 80, ease=Decimal(ease))]
    assert scored(leaf(SourceKind.INSPECTIONS, eased=True), found) == points
    assert scored(leaf(SourceKind.INSPECTIONS), found) == "80.00"


def test_a_survey_is_a_share_of_its_answers():
    rule = Gathering(Aggregation.SHARE)
    found = [reading("a_yes", 45, group="yes"), reading("a_all", 50, group="all"),
             reading("b_yes", 30, group="yes"), reading("b_all", 50, group="all")]  # fmt: skip
    assert scored(leaf(SourceKind.SURVEY, gathering=rule), found) == "75.00"
    line = Linear(Decimal(50), Decimal(90))
    assert scored(leaf(SourceKind.SURVEY, gathering=rule, scoring=line), found) == "62.50"
    nobody = [reading("yes", 0, group="yes"), reading("all", 0, group="all")]
    assert scored(leaf(SourceKind.SURVEY, gathering=rule, scoring=line), nobody) is None
    assert scored(leaf(SourceKind.SURVEY, gathering=rule)) is None


# --- no data


def parent(*parts: Component) -> Component:
    return leaf(SourceKind.PARTS, key="whole", parts=parts)


@pytest.mark.parametrize(
    ("absence", "points"), [(Absence.NOT_RATED, None), (Absence.ZERO, "60.00"), (Absence.REDISTRIBUTE, "100.00")]
)
def test_a_component_without_data(absence, points):
    whole = parent(leaf(key="one", weight=Decimal(60)), leaf(key="two", weight=Decimal(40), absence=absence))
    scheme = replace(SCHEME, total=whole, tables=())
    node = points_of(scheme, Inputs(MARCH, readings={"one": sheets(100)}))
    value_of(to_json(node))
    assert (None if node.value is None else str(node.value)) == points


def test_nothing_at_all_is_not_rated():
    whole = parent(leaf(key="one", weight=Decimal(60), absence=Absence.REDISTRIBUTE),
                   leaf(key="two", weight=Decimal(40), absence=Absence.REDISTRIBUTE))  # fmt: skip
    node = points_of(replace(SCHEME, total=whole, tables=()), Inputs(MARCH))
    assert (node.value, node.note.en) == (None, "No data: one, two")
    assert scored(leaf()) is None


# --- events on top of another source


TABLE = Table(
    "conduct",
    words("conduct"),
    (
        Line("late", words("late"), words("each"), Decimal(2), Decimal(5)),
        Line("theft", words("theft"), words("each"), Decimal(40)),
        Line("praise", words("praise"), words("each"), Decimal(1), Decimal(3), is_bonus=True),
    ),
    {"complaint": Decimal(2)},
    Decimal(2),
)


@pytest.mark.parametrize(
    ("happened", "points"),
    [
        ([], "90.00"),
        (events(late=1), "88.00"),
        (events(late=3), "85.00"),
        (events(praise=2), "92.00"),
        (events(praise=9), "93.00"),
        (events(late=1, praise=1), "89.00"),
        (events(theft=1) + events("complaint", theft=1), "0.00"),  # 90 − 40 − 80 is less than nothing
        (events("other", late=3), "85.00"),  # an origin without factor is ordinary
        (events("complaint", praise=1), "92.00"),
    ],
)
def test_points_taken_and_given(happened, points):
    assert scored(leaf(table="conduct"), sheets(90), happened, table=TABLE) == points


def test_an_event_of_no_line_is_an_error():
    with pytest.raises(LookupError, match="no item murder"):
        scored(leaf(table="conduct"), sheets(90), events(murder=1), table=TABLE)


@pytest.mark.parametrize(
    ("floor", "cap", "points"),
    [(None, None, "-10.00"), ("0", "100", "0.00"), ("20", "100", "20.00"), (None, "-30", "-30.00")],
)
def test_bounds(floor, cap, points):
    bounds = {"floor": floor and Decimal(floor), "cap": cap and Decimal(cap)}
    assert scored(leaf(table="conduct", **bounds), sheets(30), events(theft=1), table=TABLE) == points


@pytest.mark.parametrize(("places", "points"), [(0, "85.00"), (1, "84.50"), (2, "84.50"), (None, "84.50")])
def test_a_component_may_be_rounded_on_the_way(places, points):
    assert scored(leaf(places=places), sheets(84, 85)) == points


# --- present for a part of the month


@pytest.mark.parametrize(("present", "points"), [(9, None), (10, "90.00"), (31, "90.00")])
def test_too_few_days_are_not_rated(present, points):
    scheme = replace(SCHEME, total=leaf(), tables=(), presence=Presence(min_days=10))
    node = points_of(scheme, Inputs(MARCH, readings={"part": sheets(90)}, days=Days(present, 31)))
    assert (None if node.value is None else str(node.value)) == points


@pytest.mark.parametrize(("partial", "amount"), [(Partial.FULL, 200_000), (Partial.PRO_RATA, 103_226)])
def test_money_of_a_part_of_the_month(partial, amount):
    """1 % of 200,000 yuan × 16 / 31 days = 1,032.258… yuan."""
    scheme = replace(SCHEME, total=leaf(), tables=(), presence=Presence(partial))
    inputs = Inputs(MARCH, readings={"part": sheets(50)}, days=Days(16, 31), money={"bond": 20_000_000})
    result = evaluate(scheme, inputs)
    value_of(to_json(result.tree))
    assert [due.amount_fen for due in result.dues] == [amount]


# --- schemes 2 and 3


def test_the_group_scheme_by_levels():
    """City 80 and 90 → 85, region 92, group min 70: 0.4 × 85 + 0.3 × 92 + 0.3 × 70 = 82.6; letter 110;
    satisfaction 180 / 200 = 90: 0.5 × 82.6 + 0.3 × 110 + 0.2 × 90 = 92.3, less a complaint, plus an award."""
    scheme = shipped("group_project")
    inputs = Inputs(
        MARCH,
        readings={
            "inspections_city": sheets(80, 90),
            "inspections_region": sheets(60, 92),
            "inspections_group": sheets(70, 88),
            "letter": sheets(110),
            "satisfaction": [reading("yes", 180, group="yes"), reading("all", 200, group="all")],
        },
        events={"month": events(group_complaint=2, award=1)},
    )
    result = evaluate(scheme, inputs)
    value_of(to_json(result.tree))
    assert (str(result.points), result.band) == ("91.30", "excellent")
    assert [(due.rule.key, due.amount_fen) for due in result.dues] == [("bonus", 200_000)]


def test_the_group_scheme_without_region_and_letter():
    """Inspections (40 × 85 + 30 × 70) / 70 = 78.571428…; (50 × that + 20 × 90) / 70 = 81.836…"""
    inputs = Inputs(
        MARCH,
        readings={
            "inspections_city": sheets(85),
            "inspections_group": sheets(70),
            "satisfaction": [reading("yes", 9, group="yes"), reading("all", 10, group="all")],
        },
    )
    result = evaluate(shipped("group_project"), inputs)
    value_of(to_json(result.tree))
    assert (str(result.points), result.band) == ("81.84", "good")


def test_teams_are_compared_fairly():
    """Two teams found equally dirty; one has the harder zone (1.5): 70 → 80."""

    def team(ease: str) -> str:
        readings = {"compliance": sheets(90), "rejected": [reading("share", 5)], "attendance": sheets(100),
                    "training": sheets(100), "findings": [reading("zone", 70, ease=Decimal(ease))]}  # fmt: skip
        return str(evaluate(shipped("team_monthly"), Inputs(MARCH, readings=readings)).points)

    # 0.35 × 90 + 0.15 × 75 + 0.3 × 70 + 10 + 10 = 83.75; 0.3 × 10 more for the harder zone
    assert (team("1"), team("1.5")) == ("83.75", "86.75")


def test_a_person_takes_a_share_of_the_team():
    readings = {"compliance": sheets(95), "findings": sheets(90), "team": sheets(80), "attendance": sheets(100),
                "votes": sheets(60, 80, 90, 90, 100)}  # fmt: skip
    result = evaluate(shipped("person_monthly"), Inputs(MARCH, readings=readings))
    # 38 + 18 + 16 + 10 + 0.1 × 86.666… = 90.666… → 90.67
    assert (str(result.points), result.band) == ("90.67", "excellent")
    assert [(due.rule.key, due.amount_fen) for due in result.dues] == [("bonus", 20_000)]


def test_a_month_not_rated_does_not_end_a_run_where_the_scheme_skips_it():
    scheme = shipped("person_monthly")
    readings = {key: sheets(40) for key in ("compliance", "findings", "team", "attendance", "votes")}
    result = evaluate(scheme, Inputs(MARCH, readings=readings, earlier=standings("improve", "")))
    value_of(to_json(result.tree))
    assert {due.rule.key: due.run for due in result.dues} == {"penalty": 2, "plan": 2}


# --- simulation


def test_a_simulation_makes_its_own_streaks():
    def month(index: int, people: int) -> Inputs:
        readings = {"people": sheets(*[people] * 3)}
        earlier = standings("fail", "fail", until=MARCH.shifted(index))  # what was published does not count
        return Inputs(MARCH.shifted(index), readings=readings, earlier=earlier, money={"bond": 100})

    found = simulate(SCHEME, [month(1, 20), month(0, 20), month(2, 90)])
    assert [(str(inputs.month), result.band) for inputs, result in found] == [
        ("2026-03", "fail"), ("2026-04", "fail"), ("2026-05", "excellent"),
    ]  # fmt: skip
    assert [[due.rule.key for due in result.dues] for _inputs, result in found] == [
        ["bond_one_percent"], ["bond_one_percent", "rectify"], ["bonus", "preference"],
    ]  # fmt: skip


def test_a_capped_veto_lets_a_worse_month_be_worse():
    data = document("campus_monthly")
    data["vetoes"][1]["at_most"] = "improve"
    scheme = parse_scheme(data)
    for people, band in ((90, "improve"), (20, "fail")):
        inputs = Inputs(MARCH, readings={"people": sheets(people)}, claims=[Claim("criticised", words("letter"))])
        assert evaluate(scheme, inputs).band == band


def test_an_operation_without_its_number_is_a_defect_and_not_a_zero():
    with pytest.raises(ValueError, match="has no value"):
        op.mean("mean", words("mean"), [reading("a", 1).node, op.given("b", words("b"), None)])
