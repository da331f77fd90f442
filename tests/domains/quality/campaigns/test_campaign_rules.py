"""Levels, deadlines, coverage, independence, risk: pure rules by tables and properties (spec 05)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.quality.choices import Feedback, Level
from wuyou.domains.quality.rules import campaigns, coverage, deadlines, independence, levels, risk
from wuyou.domains.quality.rules.coverage import Site

DAY = dt.date(2026, 11, 20)
days = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


def test_every_level_has_its_rule() -> None:
    assert set(levels.LEVELS) == set(Level.values)
    assert {rule.feedback for rule in levels.LEVELS.values()} <= set(Feedback.values)
    assert levels.OWING == ("project", "city", "region", "special")


def test_duties_of_the_spec() -> None:
    """Region: all projects a quarter; group special: every region, 60 % of projects a year."""
    region, special = levels.LEVELS["region"], levels.LEVELS["special"]
    assert (region.cycle, region.cover_percent, region.every_region) == ("quarter", 100, False)
    assert (special.cycle, special.cover_percent, special.every_region) == ("year", 60, True)
    assert levels.LEVELS["project"].feedback == "next_monday"
    assert levels.LEVELS["city"].feedback == "second_week"


def test_a_company_says_otherwise() -> None:
    found = levels.adjusted("special", weight=Decimal(7), cover_percent=80, feedback="days_3")
    assert (found.weight, found.cover_percent, found.feedback, found.every_region) == (Decimal(7), 80, "days_3", True)


@pytest.mark.parametrize(
    ("cycle", "day", "first", "last"),
    [
        ("day", DAY, DAY, DAY),
        ("at_will", DAY, DAY, DAY),
        ("month", DAY, dt.date(2026, 11, 1), dt.date(2026, 11, 30)),
        ("month", dt.date(2028, 2, 3), dt.date(2028, 2, 1), dt.date(2028, 2, 29)),
        ("quarter", DAY, dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
        ("quarter", dt.date(2026, 1, 1), dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
        ("year", DAY, dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    ],
)
def test_cycles(cycle: str, day: dt.date, first: dt.date, last: dt.date) -> None:
    assert levels.period_of(cycle, day) == (first, last)


@given(days, st.sampled_from(["day", "month", "quarter", "year"]))
def test_cycles_tile_the_calendar(day: dt.date, cycle: str) -> None:
    first, last = levels.period_of(cycle, day)
    assert first <= day <= last
    assert levels.period_of(cycle, last + dt.timedelta(days=1))[0] == last + dt.timedelta(days=1)
    assert levels.period_of(cycle, first) == (first, last)


@pytest.mark.parametrize(
    ("feedback", "ends_on", "due"),
    [
        ("none", DAY, None),
        ("next_monday", DAY, dt.date(2026, 11, 23)),  # Friday
        ("next_monday", dt.date(2026, 11, 22), dt.date(2026, 11, 23)),  # Sunday
        ("next_monday", dt.date(2026, 11, 23), dt.date(2026, 11, 30)),  # a Monday itself: the next one
        ("second_week", DAY, dt.date(2026, 12, 14)),
        ("second_week", dt.date(2026, 12, 31), dt.date(2027, 1, 14)),
        ("days_3", DAY, dt.date(2026, 11, 23)),
        ("days_10", dt.date(2026, 12, 25), dt.date(2027, 1, 4)),
    ],
)
def test_when_results_are_due(feedback: str, ends_on: dt.date, due: dt.date | None) -> None:
    assert deadlines.results_due(feedback, ends_on) == due


@pytest.mark.parametrize("feedback", ["soon", "days_", "days_x", "weeks_2"])
def test_deadlines_that_are_none(feedback: str) -> None:
    with pytest.raises(LookupError):
        deadlines.results_due(feedback, DAY)


@given(days, st.sampled_from([code for code in Feedback.values if code != "none"]))
def test_results_are_due_after_the_end_and_within_seven_weeks(ends_on: dt.date, feedback: str) -> None:
    due = deadlines.results_due(feedback, ends_on)
    assert due is not None
    assert dt.timedelta(0) < due - ends_on <= dt.timedelta(days=45)


SITES = [Site(1, "east"), Site(2, "east"), Site(3, "west"), Site(4, "west"), Site(5, "")]


def covered(level: str, inspected: set[int], sites: list[Site] | None = None) -> coverage.Coverage:
    given_sites = SITES if sites is None else sites
    return coverage.coverage(level, levels.LEVELS[level], day=DAY, sites=given_sites, inspected=inspected)


@pytest.mark.parametrize(
    ("level", "inspected", "owed", "regions"),
    [
        ("region", set(), 5, ()),
        ("region", {1, 2, 3}, 2, ()),
        ("region", {1, 2, 3, 4, 5}, 0, ()),
        ("special", set(), 3, ("east", "west")),
        ("special", {1, 2, 5}, 1, ("west",)),  # 60 % reached, a region without any is still owed
        ("special", {1, 3}, 1, ()),
        ("special", {1, 3, 5}, 0, ()),
        ("special", {1, 3, 5, 99}, 0, ()),  # a project of somebody else's counts nothing
    ],
)
def test_what_is_still_owed(level: str, inspected: set[int], owed: int, regions: tuple[str, ...]) -> None:
    found = covered(level, inspected)
    assert (found.owed, found.regions_missing, found.is_kept) == (owed, regions, owed == 0)
    assert found.covered == len(inspected & {1, 2, 3, 4, 5})
    assert set(found.missing) == {1, 2, 3, 4, 5} - inspected


@pytest.mark.parametrize(
    ("opened", "closed", "counts"),
    [
        (None, None, True),
        (dt.date(2026, 12, 31), None, True),
        (dt.date(2027, 1, 1), None, False),
        (None, dt.date(2026, 10, 1), True),
        (None, dt.date(2026, 9, 30), False),
    ],
)
def test_only_projects_in_service_in_the_quarter_count(
    opened: dt.date | None, closed: dt.date | None, counts: bool
) -> None:
    assert covered("region", set(), [Site(1, "", opened, closed)]).sites == int(counts)


def test_nothing_is_owed_where_there_is_nothing() -> None:
    found = covered("region", set(), [])
    assert (found.required, found.owed, found.first, found.last) == (0, 0, dt.date(2026, 10, 1), dt.date(2026, 12, 31))


@given(st.integers(0, 500), st.integers(0, 100))
def test_a_share_is_never_less_than_it_says(sites: int, percent: int) -> None:
    number = coverage.required(sites, percent)
    assert number * 100 >= sites * percent > (number - 1) * 100 or number == 0 == sites * percent


def ties(**given: Any) -> independence.Ties:
    return independence.Ties(**{"rights_there": (), "is_staff": False, "may_inspect": True, "was_last": False, **given})


@pytest.mark.parametrize(
    ("level", "given_ties", "said"),
    [
        ("city", {}, None),
        ("city", {"may_inspect": False}, "may not inspect"),
        ("team", {"may_inspect": False}, "may not inspect"),
        ("city", {"is_staff": True}, "works at the project"),
        ("city", {"rights_there": {"quality.correct_findings"}}, "a part in running"),
        ("city", {"rights_there": {"work.view_plan", "quality.view_inspections"}}, None),  # a client's role
        ("city", {"was_last": True}, "last inspection"),
        ("recheck", {"was_last": True}, None),  # who found it may look again
        ("recheck", {"is_staff": True}, "works at the project"),
        ("project", {"is_staff": True, "was_last": True, "rights_there": {"work.do_tasks"}}, None),
        ("team", {"is_staff": True, "was_last": True}, None),
    ],
)
def test_who_may_inspect(level: str, given_ties: dict[str, Any], said: str | None) -> None:
    with translation.override("en"):
        found = independence.obstacle(levels.LEVELS[level], ties(**given_ties))
        assert found is None if said is None else said in str(found)


@pytest.mark.parametrize(
    ("past", "weight"),
    [
        ({"open_findings": 0, "last_score": Decimal(100), "last_day": DAY}, 1),
        ({"open_findings": 3, "last_score": Decimal("84.9"), "last_day": DAY - dt.timedelta(days=61)}, 1 + 3 + 1 + 2),
        ({"open_findings": 0, "last_score": None, "last_day": None}, 13),
        ({"open_findings": 99, "last_score": Decimal(0), "last_day": DAY - dt.timedelta(days=999)}, 1 + 20 + 10 + 12),
        ({"open_findings": 0, "last_score": Decimal(104), "last_day": DAY + dt.timedelta(days=40)}, 1),
    ],
)
def test_risk_of_a_project(past: dict[str, Any], weight: int) -> None:
    assert risk.project_weight(**past, today=DAY) == weight


def test_risk_of_things_and_records() -> None:
    assert [risk.thing_weight(findings=count) for count in (0, 2, 50)] == [1, 5, 41]
    assert [risk.task_weight(was_late=late, was_rejected=bad) for late in (0, 1) for bad in (0, 1)] == [1, 4, 3, 6]
    assert [risk.finding_weight(severity=word, repeats=2) for word in ("minor", "major", "critical")] == [2, 4, 8]
    assert risk.finding_weight(severity="minor", repeats=1024) == 16


def plan(**given_values: Any) -> campaigns.Plan:
    values: dict[str, Any] = {
        "name": "x", "level": "special", "theme": "", "starts_on": DAY, "ends_on": DAY, "is_hidden": False,
        "is_above": True, "sheet_is_issued": True,
    }  # fmt: skip
    return campaigns.Plan(**{**values, **given_values})


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"name": "   "}, {"name"}),
        ({"name": "x" * 121}, {"name"}),
        ({"ends_on": DAY - dt.timedelta(days=1)}, {"ends_on"}),
        ({"ends_on": DAY + dt.timedelta(days=367)}, {"ends_on"}),
        ({"level": "city", "theme": "fire"}, {"theme"}),
        ({"theme": "mystery"}, {"is_hidden"}),
        ({"theme": "mystery", "is_hidden": True}, set()),
        ({"is_hidden": True, "is_above": False}, {"is_hidden"}),
        ({"sheet_is_issued": False}, {"sheet_version"}),
    ],
)
def test_what_a_campaign_must_be_like(changes: dict[str, Any], fields: set[str]) -> None:
    assert set(campaigns.problems(plan(**changes))) == fields
