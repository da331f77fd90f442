"""Subjects, promises and rows of files as values."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from wuyou.domains.standards.rules.clauses import ClauseSpec
from wuyou.domains.standards.rules.promises import Promise, promise_clauses
from wuyou.domains.standards.rules.rows import ratios_of_row, spec_of_row, subject_of_row
from wuyou.domains.standards.rules.subjects import SubjectSpec, check_subject, subject_values
from wuyou.kernel.errors import Invalid

GOOD = SubjectSpec("楼道", "mop", "环境", "100m2", Decimal(12))


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": " "}, ["name"]),
        ({"team": ""}, ["team"]),
        ({"activity": "9"}, ["activity"]),
        ({"unit": "mile"}, ["unit"]),
        ({"evidence": "oath"}, ["evidence"]),
        ({"minutes_per_unit": Decimal(-1), "deduct_points": Decimal(10_000)}, ["minutes_per_unit", "deduct_points"]),
    ],
)
def test_wrong_subjects_say_where(fields, where):
    with pytest.raises(Invalid) as error:
        check_subject(replace(GOOD, **fields))
    assert [one.field for one in error.value.fields] == where


def test_kinds_are_tidied():
    check_subject(GOOD)
    values = subject_values(replace(GOOD, matches_place=[" 楼道楼梯", "电梯厅", "", "楼道楼梯 "]))
    assert (values["matches_place"], values["matches_asset"]) == (["楼道楼梯", "电梯厅"], [])


def test_promises_become_clauses_of_the_team_that_does_the_work():
    promises = [Promise("楼道", "清扫和消毒", "1/1 d"), Promise("热线", "答复时限", "24", "hours", "h")]
    assert promise_clauses(promises, {"楼道": GOOD}) == [
        ClauseSpec("K1", "clean", "楼道", "清扫和消毒", "cadence", values={"contract": "1/1 d"}),
        ClauseSpec("K2", "contract", "热线", "答复时限", "hours", unit="h", values={"contract": "24"}),
    ]


def test_a_team_without_a_part_of_its_own():
    assert promise_clauses([Promise("楼道", "x", "-")], {"楼道": replace(GOOD, team="运送")})[0].part == "contract"


def test_a_row_of_a_file():
    row = {
        "code": "Q1", "part": "p", "subject": "s", "requirement_zh": "r", "kind": "law", "certainty": "M", "law": "x",
        "g2": "", "in_force_to": "2026-05-31", "minutes_per_unit": "1.5",
    }  # fmt: skip
    assert spec_of_row(row, grades=("law", "g2")) == ClauseSpec(
        "Q1",
        "p",
        "s",
        "r",
        "law",
        certainty="M",
        in_force_to=date(2026, 5, 31),
        minutes_per_unit=Decimal("1.5"),
        values={"law": "x"},
    )


def test_a_row_of_subjects():
    row = {
        "subject": "楼道", "name_en": "Stairs", "matches_place": "a;b；c", "matches_asset": "", "activity": "mop",
        "team": "环境", "unit": "100m2", "minutes_per_unit": "12", "qualification": "", "evidence": "photo",
        "check": "x", "deduct_points": "0.5",
    }  # fmt: skip
    found = subject_of_row(row)
    assert (found.matches_place, found.matches_asset, found.minutes_per_unit) == (["a", "b", "c"], [], Decimal(12))


def test_a_row_of_ratios():
    row = {f"g{rank}_{edge}": str(rank * 10 + (edge == "max")) for rank in (1, 2, 3) for edge in ("min", "max")}
    assert ratios_of_row(row) == [(1, 10, 11), (2, 20, 21), (3, 30, 31)]
