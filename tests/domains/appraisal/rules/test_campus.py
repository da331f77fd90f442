"""Reference scheme 1, worked by hand (spec 06; the arithmetic stands beside each case)."""

from decimal import Decimal

import pytest
from explained import value_of
from factories.appraisals import BOND, campus, events, sheets, shipped, standings, words

from wuyou.domains.appraisal.rules.inputs import Claim
from wuyou.domains.appraisal.rules.outcome import Result, evaluate
from wuyou.kernel.explain import to_json

SCHEME = shipped("campus_monthly")
FULL = sheets(90, 90, 90)  # 0.4 × 90 = 36


def month(*given, **named) -> Result:
    """A month's result, checked by the independent reader."""
    result = evaluate(SCHEME, campus(*given, **named))
    value_of(to_json(result.tree))
    return result


def dues(result: Result) -> dict[str, int | None]:
    return {due.rule.key: due.amount_fen for due in result.dues}


# what happened, the people's sheets, departments, people, month, band
WORKED = [
    # the example of the data's README
    (events(public_hygiene=3, repair=2, security=1) + events("complaint", repair=1), (80, 90, 85, 70, 95),
     "92.5", "85", "89.50", "pass"),
    # nothing happened: 100; 0.6 × 100 + 0.4 × 90 = 96
    ([], (90, 90, 90), "100", "90", "96.00", "excellent"),
    # trimmed: 60 and 100 go, (70 + 80 + 90) / 3 = 80; 60 + 32 = 92
    ([], (60, 70, 80, 90, 100), "100", "80", "92.00", "excellent"),
    # a highest value that stands twice is dropped once: (70 + 95) / 2 = 82.5; 60 + 33 = 93
    ([], (60, 70, 95, 95), "100", "82.5", "93.00", "excellent"),
    # three sheets leave the middle one: 70; 60 + 28 = 88
    ([], (10, 70, 100), "100", "70", "88.00", "pass"),
    # two sheets are not trimmed: (60 + 81) / 2 = 70.5; 60 + 28.2 = 88.2
    ([], (60, 81), "100", "70.5", "88.20", "pass"),
    # thirds are rounded once, at the end: (80 + 80 + 81) / 3 = 80.333…; 60 + 32.1333… = 92.13
    ([], (10, 80, 80, 81, 100), "100", "80.333333333333", "92.13", "excellent"),
    # cap: 30 places × 0.5 = 15, capped at 10 → 90; 54 + 36 = 90
    (events(public_hygiene=30), (90, 90, 90), "90", "90", "90.00", "excellent"),
    # the cap exactly: 20 × 0.5 = 10
    (events(public_hygiene=20), (90, 90, 90), "90", "90", "90.00", "excellent"),
    # a cap of 5: greening 11 × 0.5 = 5.5 → 5; 0.6 × 95 + 36 = 93
    (events(greening=11), (90, 90, 90), "95", "90", "93.00", "excellent"),
    # complaints stand outside the cap: min(12, 10) + 2 × 2 = 14 → 86; 51.6 + 36 = 87.6
    (events(repair=12) + events("complaint", repair=2), (90, 90, 90), "86", "90", "87.60", "pass"),
    # but no more than twice the cap: 10 + 2 × 8 = 26 → 20 → 80; 48 + 36 = 84
    (events(repair=12) + events("complaint", repair=8), (90, 90, 90), "80", "90", "84.00", "pass"),
    # complaints alone reach twice the cap: 2 × 11 = 22 → 20
    (events("complaint", repair=11), (90, 90, 90), "80", "90", "84.00", "pass"),
    # complaints of special equipment: 2 × 3 = 6 each; 3 × 6 = 18 → 82; 49.2 + 36 = 85.2
    (events("complaint", special_equipment=3), (90, 90, 90), "82", "90", "85.20", "pass"),
    # half a percentage point is no event; four whole ones × 0.5 = 2 → 98; 58.8 + 36 = 94.8
    (events(satisfaction=4), (90, 90, 90), "98", "90", "94.80", "excellent"),
    # every line at its cap: 85 → 15; 9 + 36 = 45
    (events(public_hygiene=99, repair=99, teaching=99, temp_labour=99, meetings=99, security=99, dormitory=99,
            greening=99, special_equipment=99, satisfaction=99), (90, 90, 90), "15", "90", "45.00", "fail"),
    # below 0 there is nothing: twice every cap would be 170
    (events("complaint", public_hygiene=99, repair=99, teaching=99, temp_labour=99, meetings=99, security=99,
            dormitory=99, greening=99, special_equipment=99, satisfaction=99),
     (90, 90, 90), "0", "90", "36.00", "fail"),
    # the bounds of the bands: 89.99 is not excellent (0.4 × 74.975 = 29.99), 80 is pass, 70 is improve, 69.99 fails
    ([], (10, 74.97, 74.98, 100), "100", "74.975", "89.99", "pass"),
    ([], (50, 50, 50), "100", "50", "80.00", "pass"),
    ([], (49.97, 49.97, 49.97), "100", "49.97", "79.99", "improve"),
    ([], (25, 25, 25), "100", "25", "70.00", "improve"),
    ([], (24.97, 24.97, 24.97), "100", "24.97", "69.99", "fail"),
    # half up: 0.4 × 74.9875 = 29.995 → 89.995 → 90.00, excellent
    ([], (10, 74.9875, 74.9875, 100), "100", "74.9875", "90.00", "excellent"),
]  # fmt: skip


@pytest.mark.parametrize(("happened", "people", "departments", "mean", "points", "band"), WORKED)
def test_a_month_is_as_worked_by_hand(happened, people, departments, mean, points, band):
    result = month(happened, sheets(*people))
    parts = {node.key: node.value for node in result.tree.walk() if node.key in {"departments", "people"}}
    assert parts == {"departments": Decimal(departments), "people": Decimal(mean)}
    assert (str(result.points), result.band) == (points, band)


def test_two_sheets_are_flagged():
    tree = month([], sheets(60, 81)).tree
    notes = [node.note.en for node in tree.walk() if node.note and node.op == "mean"]
    assert notes == ["Only 2: too few to drop any, none was dropped"]


def test_sheets_that_did_not_come_back_are_shown():
    tree = month([], sheets(*[80] * 12)).tree
    assert [node.note.zh for node in tree.walk() if node.op == "trimmed_mean"] == ["30 份中收回 12 份"]
    tree = month([], sheets(*[80] * 30)).tree
    assert [node.note for node in tree.walk() if node.op == "trimmed_mean"] == [None]


def test_without_sheets_the_month_is_not_rated():
    result = month(events(repair=1))
    assert (result.points, result.band, result.is_rated, result.dues) == (None, "", False, ())
    assert result.tree.child("points").note.en == "No data: Staff and students"


# --- vetoes: a month of 96 points

VETOES = [
    ({"claims": [Claim("safety_accident", words("fire"), {"loss_fen": Decimal(1_000_001)})]}, "fail"),
    ({"claims": [Claim("safety_accident", words("fire"), {"loss_fen": Decimal(1_000_000)})]}, "excellent"),
    ({"claims": [Claim("safety_accident", words("fall"), {"loss_fen": Decimal(0), "injured": Decimal(1)})]}, "fail"),
    ({"claims": [Claim("safety_accident", words("scare"), {"injured": Decimal(0)})]}, "excellent"),
    ({"claims": [Claim("safety_accident", words("unknown"))]}, "excellent"),
    ({"claims": [Claim("criticised", words("letter"))]}, "fail"),
    ({"claims": [Claim("demand_ignored", words("notice"))]}, "fail"),
    ({"claims": [Claim("no_such_rule", words("other"))]}, "excellent"),
    ({"dissatisfied": "40"}, "excellent"),
    ({"dissatisfied": "40.01"}, "fail"),
    ({}, "excellent"),
]


@pytest.mark.parametrize(("given", "band"), VETOES)
def test_a_veto_fails_the_month_whatever_the_points(given, band):
    result = month([], FULL, **given)
    assert (str(result.points), result.points_band, result.band) == ("96.00", "excellent", band)
    assert bool(result.vetoes) is (band == "fail")


def test_a_veto_fails_even_a_month_that_is_not_rated():
    result = month(claims=[Claim("criticised", words("letter"))])
    assert (result.points, result.points_band, result.band) == (None, "", "fail")
    assert result.tree.note.en == (
        "Fail (veto: Written criticism by a superior body or the college's leaders; by points Not rated)"
    )


def test_a_veto_keeps_the_bonus_back_and_shows_it():
    result = month([], FULL, claims=[Claim("criticised", words("letter"))])
    kept = [(node.key, node.value, node.op) for node in result.tree.child("consequences").children]
    assert dues(result) == {"bond_one_percent": 200_000}
    assert kept == [
        ("bond_one_percent", Decimal(200_000), "money"),
        ("bonus", Decimal(0), "withheld"),
        ("preference", Decimal(0), "withheld"),
    ]


def test_a_veto_on_a_bad_month_keeps_nothing_back():
    result = month([], sheets(20, 20, 20), claims=[Claim("criticised", words("letter"))])
    assert [node.key for node in result.tree.child("consequences").children] == ["bond_one_percent"]


# --- what follows


BAD, MIDDLING, FINE, GOOD = (sheets(*[points] * 3) for points in (20, 30, 60, 90))  # 68, 72, 84, 96 points


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (GOOD, {"bonus": 200_000, "preference": None}),
        (FINE, {}),
        (MIDDLING, {}),
        (BAD, {"bond_one_percent": 200_000}),
    ],
)
def test_each_band_brings_its_own(people, expected):
    assert dues(month([], people)) == expected


STREAKS = [
    ((), 1, set()),
    (("pass",), 1, set()),
    (("improve",), 1, set()),
    (("fail",), 2, {"rectify"}),
    (("fail", "pass"), 1, set()),
    (("fail", ""), 1, set()),  # a month that was not rated ends the run
    (("fail", "fail"), 3, {"rectify"}),
    (("fail", "fail", "fail"), 4, {"rectify"}),
    (("pass", "fail", "fail", "fail", "fail"), 5, {"rectify", "terminate"}),
    (("fail", "fail", "fail", "fail", "fail"), 6, {"rectify", "terminate"}),
    (("fail", "fail", "improve", "fail"), 2, {"rectify"}),
]


@pytest.mark.parametrize(("earlier", "run", "expected"), STREAKS)
def test_failed_months_in_a_row(earlier, run, expected):
    result = month([], BAD, earlier=standings(*earlier))
    assert set(dues(result)) == {"bond_one_percent"} | expected
    assert result.dues[0].run == run


def test_a_good_month_ends_the_run():
    assert dues(month([], FINE, earlier=standings(*["fail"] * 4))) == {}


def test_a_veto_counts_into_the_run():
    result = month([], FULL, earlier=standings("fail"), claims=[Claim("criticised", words("letter"))])
    assert set(dues(result)) == {"bond_one_percent", "rectify"}


def test_a_missing_month_between_ends_the_run():
    earlier = [one for one in standings("fail", "fail") if one.month.month == 1]
    assert set(dues(month([], BAD, earlier=earlier))) == {"bond_one_percent"}


# --- the bond: 200,000 yuan, one percent is 2,000

BONDS = [
    (BOND, "", 200_000, None),
    (BOND - 600_000, "fail", 200_000, None),
    (150_000, "fail", 150_000, None),  # never more than is left
    (0, "fail", 0, None),
    (19_200_000, "fail fail fail fail", 200_000, 19_000_000),  # the fifth: the charge first, then the rest
    (150_000, "fail fail fail fail", 150_000, 0),
    (None, "", 200_000, None),  # no balance known: the plain share
    (None, "fail fail fail fail", 200_000, None),
]


@pytest.mark.parametrize(("balance", "earlier", "charge", "rest"), BONDS)
def test_the_bond(balance, earlier, charge, rest):
    found = dues(month([], BAD, balance=balance, earlier=standings(*earlier.split())))
    assert (found["bond_one_percent"], found.get("terminate")) == (charge, rest)


def test_a_share_is_half_up_to_the_fen():
    inputs = campus([], BAD, balance=None)
    for bond, charge in ((12_345_649, 123_456), (12_345_650, 123_457), (12_345_651, 123_457)):
        result = evaluate(SCHEME, type(inputs)(**{**vars_of(inputs), "money": {"bond": bond}}))
        assert dues(result) == {"bond_one_percent": charge}


def vars_of(inputs) -> dict[str, object]:
    return {name: getattr(inputs, name) for name in inputs.__dataclass_fields__}


def test_an_unknown_bond_is_said_and_not_invented():
    inputs = campus([], BAD, balance=None)
    result = evaluate(SCHEME, type(inputs)(**{**vars_of(inputs), "money": {}}))
    assert dues(result) == {"bond_one_percent": None}
    assert result.tree.child("consequences").children[0].note.en == "The amount it is a share of is not recorded"
