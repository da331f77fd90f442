"""Clauses as values: checks, particulars, what stands against issuing."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from wuyou.domains.standards.rules.clauses import (
    ClauseSpec,
    Particulars,
    check_clause,
    particulars,
    review_issues,
    stored_values,
    wrong_value,
)
from wuyou.kernel.errors import Invalid

GOOD = ClauseSpec("C1", "clean", "楼道", "拖洗", "cadence", values={"g1": "1/1 w", "g2": "-"})


def wrong_fields(**fields):
    with pytest.raises(Invalid) as error:
        check_clause(replace(GOOD, **fields), grades=["g1", "g2"])
    return [one.field for one in error.value.fields]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"code": ""}, ["code"]),
        ({"code": "a b"}, ["code"]),
        ({"code": "x" * 21}, ["code"]),
        ({"part": " "}, ["part"]),
        ({"subject_name": ""}, ["subject_name"]),
        ({"requirement_zh": ""}, ["requirement_zh"]),
        ({"kind": "wish", "values": {}}, ["kind"]),
        ({"certainty": "X"}, ["certainty"]),
        ({"in_force_from": date(2026, 6, 2), "in_force_to": date(2026, 6, 1)}, ["in_force_to"]),
        ({"applies_when": "dragon"}, ["applies_when"]),
        ({"window": "08:00-08:00"}, ["window"]),
        ({"activity": "Sweep!"}, ["activity"]),
        ({"workload_unit": "mile"}, ["workload_unit"]),
        ({"evidence": "oath"}, ["evidence"]),
        ({"minutes_per_unit": Decimal(-1)}, ["minutes_per_unit"]),
        ({"deduct_points": Decimal(10_000)}, ["deduct_points"]),
        ({"values": {"g9": "1/1 d"}}, ["values.g9"]),
        ({"values": {"g1": "often", "g2": "0/1 d"}}, ["values.g1", "values.g2"]),
        ({"code": "", "part": "", "values": {"g1": "?"}}, ["part", "code", "values.g1"]),
    ],
)
def test_each_wrong_field_is_named(fields, where):
    assert wrong_fields(**fields) == where


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"applies_when": "lift&age>15y", "window": "<08:00"},
        {"in_force_from": date(2026, 6, 1), "in_force_to": date(2026, 6, 1)},
        {"activity": "septic_empty", "workload_unit": "asset", "minutes_per_unit": Decimal(0), "evidence": "photo"},
        {"values": {}},
    ],
)
def test_good_clauses_pass(fields):
    check_clause(replace(GOOD, **fields), grades=["g1", "g2"])


def test_no_duty_needs_no_row():
    assert stored_values(replace(GOOD, values={"g1": " 1/1 w ", "g2": "-", "g3": ""})) == {"g1": "1/1 w"}


def test_wrong_value_says_why():
    assert wrong_value("minutes", "30") == ""
    assert "soon" in wrong_value("minutes", "soon")


SUBJECT = Particulars("septic_check", "工程", "asset", Decimal(6), "有限空间作业", "photo", "无外溢", Decimal("0.5"))


class Said:
    """A clause that says nothing of its own, or what is given."""

    def __init__(self, **own):
        empty = {"minutes_per_unit": None, "deduct_points": None}
        for name in (
            "activity",
            "workload_unit",
            "minutes_per_unit",
            "qualification",
            "evidence",
            "check_text",
            "deduct_points",
        ):
            setattr(self, name, own.get(name, empty.get(name, "")))


def test_a_clause_without_particulars_is_as_its_subject():
    assert particulars(Said(), SUBJECT) == SUBJECT


def test_a_clause_may_say_otherwise():
    own = Said(
        activity="septic_empty",
        workload_unit="project",
        minutes_per_unit=Decimal(0),
        evidence="record",
        deduct_points=Decimal(2),
    )
    assert particulars(own, SUBJECT) == Particulars(
        "septic_empty", "工程", "project", Decimal(0), "有限空间作业", "record", "无外溢", Decimal(2)
    )


def issues(*specs, ranks=None, subjects=("楼道",)):
    found = review_issues(specs, ranks={"g1": 1, "g2": 2} if ranks is None else ranks, subjects=subjects)
    return [(issue.code, issue.is_blocking) for issue in found]


def test_a_good_version_has_no_issue():
    assert issues(GOOD) == []


@pytest.mark.parametrize(
    ("specs", "ranks", "expected"),
    [
        ([], None, [("", True)]),
        ([GOOD], {}, [("", True)]),
        ([], {}, [("", True), ("", True)]),
        ([replace(GOOD, values={})], None, [("C1", True)]),
        ([replace(GOOD, values={"g1": "often"})], None, [("C1", True)]),
        ([replace(GOOD, subject_name="月亮")], None, [("C1", False)]),
        ([replace(GOOD, values={"g1": "1/1 w", "g2": "1/1 d"})], None, [("C1", False)]),
        ([replace(GOOD, values={"g2": "1/1 d"})], None, [("C1", False)]),
        ([replace(GOOD, kind="duty", subject_name="月亮", values={"g1": "yes"})], None, []),
    ],
)
def test_issues(specs, ranks, expected):
    assert issues(*specs, ranks=ranks) == expected
