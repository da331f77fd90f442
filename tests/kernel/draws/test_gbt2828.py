"""GB/T 2828.1: the shipped table by checked cases, by its own structure and by its operating characteristic."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.draws import gbt2828
from wuyou.kernel.draws.gbt2828 import AQLS, LEVELS, Plan, entered_plan, is_accepted, normal_plan, passes_tighter
from wuyou.kernel.errors import Invalid

CASES = list(csv.DictReader((Path(__file__).parent / "gbt2828-cases.csv").read_text(encoding="utf8").splitlines()))
LETTERS = "ABCDEFGHJKLMNPQR"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['lot']}-{case['level']}-{case['aql']}")
def test_checked_cases(case: dict[str, str]) -> None:
    plan = normal_plan(int(case["lot"]), level=case["level"], aql=case["aql"])
    assert plan == Plan(int(case["lot"]), int(case["n"]), int(case["ac"]), int(case["re"]), case["letter"])


def test_the_cases_are_all_there() -> None:
    assert len(CASES) == 8


@pytest.mark.parametrize("aql", AQLS)
@pytest.mark.parametrize("letter", LETTERS)
def test_every_cell_is_what_the_structure_of_the_table_says(aql: str, letter: str) -> None:
    """Spec 13 §9: offsets from the row with 0/1, which moves up one letter per AQL step; an arrow takes its target."""
    offsets = {0: 0, 3: 1, 4: 2, 5: 3, 6: 5, 7: 7, 8: 10, 9: 14, 10: 21}
    zero = {name: 5 - step for step, name in enumerate(AQLS)}[aql]  # F at 0.65 … A at 6.5, above A at 10
    place = LETTERS.index(letter)
    row = place
    while (row - zero) not in offsets:
        row += {1: -1, 2: 1}.get(row - zero, 1 if row < zero else -1)
        if row < 0:  # the row with 0/1 lies above A: the first plan below
            row = zero + 3
    cell = gbt2828.table()["normal_single"][aql][letter]
    assert (cell["use_letter"], cell["ac"], cell["re"]) == (LETTERS[row], offsets[row - zero], offsets[row - zero] + 1)
    assert cell["n"] == gbt2828.table()["sample_size"][LETTERS[row]]


@pytest.mark.parametrize("aql", AQLS)
@pytest.mark.parametrize("letter", LETTERS)
def test_a_process_as_good_as_its_aql_is_nearly_always_accepted(aql: str, letter: str) -> None:
    cell = gbt2828.table()["normal_single"][aql][letter]
    plan = Plan(10**9, cell["n"], cell["ac"], cell["re"], letter)
    assert 0.85 <= gbt2828.acceptance_probability(plan, Decimal(aql) / 100) <= 0.999


@given(st.integers(2, 3_000), st.sampled_from(LEVELS), st.sampled_from(AQLS), st.data())
def test_worse_lots_are_accepted_less_often(lot: int, level: str, aql: str, data: st.DataObject) -> None:
    plan = normal_plan(lot, level=level, aql=aql)
    assert plan.n <= lot
    assert plan.ac < plan.n  # some lot can be rejected
    bad = data.draw(st.integers(0, lot - 1))
    chances = [gbt2828.lot_acceptance_probability(plan, count) for count in (bad, bad + 1)]
    assert 0 <= chances[1] <= chances[0] <= 1
    assert (chances[0] == 1) == (bad <= plan.ac)
    shares = [gbt2828.acceptance_probability(plan, Decimal(percent) / 100) for percent in (1, 5, 20, 60)]
    assert shares == sorted(shares, reverse=True)


@given(st.integers(2, 500), st.sampled_from(LEVELS), st.sampled_from(AQLS))
def test_a_whole_lot_is_judged_without_doubt(lot: int, level: str, aql: str) -> None:
    plan = normal_plan(lot, level=level, aql=aql)
    assert plan.is_whole_lot is (plan.n == lot)
    if plan.is_whole_lot:
        chances = [gbt2828.lot_acceptance_probability(plan, bad) for bad in range(lot + 1)]
        assert chances == [1.0] * (plan.ac + 1) + [0.0] * (lot - plan.ac)


def test_hypergeometric_by_hand() -> None:
    """Of 10 with 3 bad look at 4, accept with at most 1: (C(7,4) + 3·C(7,3)) / C(10,4) = 140/210."""
    assert gbt2828.lot_acceptance_probability(Plan(10, 4, 1, 2), 3) == pytest.approx(2 / 3)


def test_binomial_by_hand() -> None:
    """2 of them, none bad allowed, half of all bad: 1/4."""
    assert gbt2828.acceptance_probability(Plan(100, 2, 0, 1), Decimal("0.5")) == 0.25


@pytest.mark.parametrize(
    ("lot", "level", "letter"),
    [
        (2, "II", "A"),
        (8, "III", "B"),
        (9, "II", "B"),
        (500_000, "III", "Q"),
        (500_001, "III", "R"),
        (10**9, "S-1", "D"),
    ],
)
def test_code_letters_at_the_edges(lot: int, level: str, letter: str) -> None:
    assert gbt2828.code_letter(lot, level) == letter


@pytest.mark.parametrize(
    ("lot", "options", "field"),
    [(1, {}, "lot"), (0, {}, "lot"), (50, {"level": "IV"}, "level"), (50, {"aql": "3.0"}, "aql")],
)
def test_what_the_tables_do_not_have(lot: int, options: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        normal_plan(lot, **options)
    assert [error.field for error in caught.value.fields] == [field]


def test_a_sample_that_reaches_the_lot_is_the_lot() -> None:
    plan = normal_plan(10, level="III", aql="0.65")  # letter C, arrow down to F with n = 20
    assert (plan.n, plan.ac, plan.is_whole_lot) == (10, 0, True)


@pytest.mark.parametrize(
    ("plan", "found", "accepted"),
    [(Plan(150, 32, 1, 2), 1, True), (Plan(150, 32, 1, 2), 2, False), (Plan(5, 5, 0, 1), 5, False)],
)
def test_judging_a_lot(plan: Plan, found: int, accepted: bool) -> None:
    assert is_accepted(plan, found) is accepted


@pytest.mark.parametrize("found", [-1, 33])
def test_more_than_was_looked_at_cannot_be_wrong(found: int) -> None:
    with pytest.raises(Invalid):
        is_accepted(Plan(150, 32, 1, 2), found)


@pytest.mark.parametrize(
    ("ac", "found", "passes"), [(0, 0, False), (2, 1, True), (2, 2, False), (7, 5, True), (7, 6, False), (21, 14, True)]
)
def test_one_step_tighter(ac: int, found: int, passes: bool) -> None:
    assert passes_tighter(Plan(10_000, 200, ac, ac + 1), found) is passes


def test_numbers_a_person_enters() -> None:
    assert entered_plan(1_000, n=80, ac=3) == Plan(1_000, 80, 3, 4)
    assert entered_plan(50, n=80, ac=3) == Plan(50, 50, 3, 4)


@pytest.mark.parametrize(
    ("lot", "n", "ac", "fields"),
    [
        (1, 5, 0, ["lot"]),
        (50, 0, 0, ["n"]),
        (50, 5, -1, ["ac"]),
        (50, 5, 5, ["ac"]),
        (0, 0, -1, ["lot", "n", "ac"]),
    ],
)
def test_numbers_that_make_no_plan(lot: int, n: int, ac: int, fields: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        entered_plan(lot, n=n, ac=ac)
    assert [error.field for error in caught.value.fields] == fields
