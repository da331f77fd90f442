"""Rules of findings: limits, responsible party, repeats, duplicates, similar places, ladder (spec 05; 13 §7, §8)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.quality.rules import findings as rules
from wuyou.domains.quality.rules.findings import Hand, Limit, Party, Past, Spot

NOON = dt.datetime(2026, 11, 20, 4, tzinfo=dt.UTC)
TEN_HOURS = {str(day): ["08:00", "18:00"] for day in range(1, 8)}
hours = lambda n: dt.timedelta(hours=n)  # noqa: E731 — a word for the tables below


@pytest.mark.parametrize(
    ("remedy", "severity", "expected"),
    [
        ("at_once", "minor", Limit(hours(24), "wall")),
        ("at_once", "critical", Limit(hours(24), "wall")),
        ("repair", "minor", Limit(hours(70), "service")),
        ("repair", "major", Limit(hours(30), "service")),
        ("repair", "critical", Limit(hours(24), "wall")),
        ("capital", "minor", Limit(hours(70), "service")),
        ("capital", "critical", Limit(hours(30), "service")),
    ],
)
def test_limit_by_severity_and_remedy(remedy: str, severity: str, expected: Limit) -> None:
    assert rules.limit_for(severity=severity, remedy=remedy, service_hours=TEN_HOURS) == expected


def test_a_project_without_service_hours_counts_days_by_the_wall_clock() -> None:
    assert rules.limit_for(severity="major", remedy="repair", service_hours={}) == Limit(dt.timedelta(days=3), "wall")


@pytest.mark.parametrize(
    ("service_hours", "expected"),
    [
        ({}, None),
        ({"1": []}, None),
        ({"holiday": ["09:00", "12:00"]}, None),
        ({"1": ["08:00", "18:00"]}, hours(10)),
        ({"1": ["08:00", "18:00"], "2": ["08:00", "12:00"]}, hours(7)),
        ({"1": [["08:00", "12:00"], ["13:30", "17:00"]]}, dt.timedelta(hours=7, minutes=30)),
        ({"1": ["20:00", "08:00"]}, hours(12)),
        ({"1": ["00:00", "00:00"]}, hours(24)),
        ({"1": ["08:00", "18:00"], "holiday": ["09:00", "10:00"]}, hours(10)),
    ],
)
def test_service_day(service_hours: dict[str, list[str]], expected: dt.timedelta | None) -> None:
    assert rules.service_day(service_hours) == expected


def test_every_remedy_has_a_limit_for_every_severity() -> None:
    for remedy in ("at_once", "repair", "capital"):
        targets = [
            rules.limit_for(severity=severity, remedy=remedy, service_hours={}).target for severity in rules.GRAVITY
        ]
        assert targets == sorted(targets, reverse=True)  # the graver, the sooner


def test_unknown_codes_have_no_limit() -> None:
    with pytest.raises(KeyError):
        rules.limit_for(severity="odd", remedy="repair", service_hours={})


@pytest.mark.parametrize(
    ("severity", "team", "expected"),
    [
        ("minor", "环境", "at_once"),
        ("minor", "工程", "repair"),
        ("major", "环境", "repair"),
        ("critical", "工程", "at_once"),
        ("minor", "", "repair"),
    ],
)
def test_remedy(severity: str, team: str, expected: str) -> None:
    assert rules.remedy_for(severity=severity, team=team) == expected


@pytest.mark.parametrize(
    ("severity", "hazard", "expected"),
    [
        ("minor", "", "minor"),
        ("minor", "general", "major"),
        ("critical", "general", "critical"),
        ("minor", "major", "critical"),
    ],
)
def test_a_hazard_makes_it_graver(severity: str, hazard: str, expected: str) -> None:
    assert rules.severity_for(severity, hazard=hazard) == expected


def test_worst() -> None:
    assert rules.worst(["minor", "critical", "major"]) == "critical"


ROLES = ["department_lead", "project_manager", "city", "region"]


@pytest.mark.parametrize(
    ("repeats", "hazard", "at_once", "ladder"),
    [
        (0, "", [], ROLES),
        (1, "", ["project_manager"], ROLES[1:]),
        (2, "", ["project_manager", "city"], ROLES[2:]),
        (0, "general", [], ROLES),
        (0, "major", ["project_manager", "city"], ROLES[2:]),
        (9, "major", ["project_manager", "city", "region"], ROLES[3:]),
    ],
)
def test_escalation(repeats: int, hazard: str, at_once: list[str], ladder: list[str]) -> None:
    up = rules.steps_up(repeats=repeats, hazard=hazard)
    steps = rules.ladder_from(up)
    assert list(rules.told_at_once(repeats=repeats, hazard=hazard)) == at_once
    assert [role for role, _after in steps] == ladder
    assert steps[0][1] == dt.timedelta(0)  # whoever is first hears of it when it is due


ENV, ENG = 1, 2


@pytest.mark.parametrize(
    ("hands", "team_id", "expected"),
    [
        ([], None, Party(None, None)),
        ([], ENV, Party(ENV, None)),
        ([Hand(7, ENG)], None, Party(None, None)),
        ([Hand(7, ENV, owns_zone=True)], None, Party(ENV, 7)),
        ([Hand(7, ENV, owns_zone=True), Hand(8, ENV, in_zone=True)], ENV, Party(ENV, 7)),
        ([Hand(7, ENV, owns_zone=True), Hand(8, ENG, leads=True)], ENG, Party(ENG, 8)),
        ([Hand(7, ENV, in_zone=True), Hand(8, ENV, leads=True)], ENV, Party(ENV, 7)),
        ([Hand(7, ENV, in_zone=True), Hand(8, ENV, in_zone=True), Hand(9, ENV, leads=True)], ENV, Party(ENV, 9)),
        ([Hand(7, ENV), Hand(8, ENV)], ENV, Party(ENV, None)),
        ([Hand(7, ENV, leads=True), Hand(8, ENV, leads=True)], ENV, Party(ENV, None)),
    ],
)
def test_responsible(hands: list[Hand], team_id: int | None, expected: Party) -> None:
    assert rules.responsible(hands, team_id=team_id) == expected


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [
        (dt.datetime(2026, 11, 20), 6, dt.datetime(2026, 5, 20)),
        (dt.datetime(2026, 3, 31), 1, dt.datetime(2026, 2, 28)),
        (dt.datetime(2024, 3, 31), 1, dt.datetime(2024, 2, 29)),
        (dt.datetime(2026, 1, 5), 6, dt.datetime(2025, 7, 5)),
        (dt.datetime(2026, 12, 31), 6, dt.datetime(2026, 6, 30)),
    ],
)
def test_months_before(moment: dt.datetime, months: int, expected: dt.datetime) -> None:
    assert rules.months_before(moment, months) == expected


@given(st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2100, 1, 1)), st.integers(0, 36))
def test_months_before_is_that_many_months(moment: dt.datetime, months: int) -> None:
    earlier = rules.months_before(moment, months)
    assert (moment.year - earlier.year) * 12 + moment.month - earlier.month == months
    assert earlier.time() == moment.time()
    assert earlier.day <= moment.day


def past(pk: int = 1, state: str = "closed", *, days: int = 30, weight: int = 1, **given: object) -> Past:
    return Past(pk, state, NOON - dt.timedelta(days=days), weight, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "is_hidden", "expected"),
    [
        ([], False, None),
        ([past(1)], False, 1),
        ([past(1, "verified")], False, 1),
        ([past(1, "open")], False, None),
        ([past(1, "void")], False, None),
        ([past(1, "merged")], False, None),
        ([past(1, days=200)], False, None),
        ([past(1, days=-1)], False, None),
        ([past(1, days=90), past(2, days=20)], False, 2),
        ([past(1, days=20), past(2, days=20)], False, 2),
        ([past(1, is_hidden=True)], False, None),
        ([past(1, is_hidden=True)], True, 1),
    ],
)
def test_repeated(rows: list[Past], is_hidden: bool, expected: int | None) -> None:
    found = rules.repeated(rows, found_at=NOON, is_hidden=is_hidden)
    assert (found.id if found else None) == expected


def test_exactly_six_months_ago_still_counts() -> None:
    edge = dt.datetime(2026, 5, 20, 4, tzinfo=dt.UTC)
    assert rules.repeated([Past(1, "closed", edge, 1)], found_at=NOON, is_hidden=False) is not None
    before = Past(1, "closed", edge - dt.timedelta(seconds=1), 1)
    assert rules.repeated([before], found_at=NOON, is_hidden=False) is None


@pytest.mark.parametrize(("weight", "expected"), [(1, 2), (2, 4), (3, 6), (600, 1024), (1024, 1024)])
def test_weight_doubles(weight: int, expected: int) -> None:
    assert rules.weight_of(past(weight=weight)) == expected
    assert rules.weight_of(None) == 1


@pytest.mark.parametrize(
    ("rows", "is_hidden", "expected"),
    [
        ([], False, None),
        ([past(1, "closed")], False, None),
        ([past(1, "proved")], False, None),
        ([past(1, "acting")], False, 1),
        ([past(1, "open", days=3), past(2, "open", days=9)], False, 2),
        ([past(1, "open", is_hidden=True)], False, None),
        ([past(1, "open")], True, None),
        ([past(1, "open", inspection_id=5)], False, None),
        ([past(1, "open", inspection_id=4)], False, 1),
    ],
)
def test_duplicate(rows: list[Past], is_hidden: bool, expected: int | None) -> None:
    found = rules.duplicate(rows, is_hidden=is_hidden, inspection_id=5)
    assert (found.id if found else None) == expected


def test_something_seen_by_hand_twice_is_a_duplicate() -> None:
    assert rules.duplicate([past(1, "open")], is_hidden=False, inspection_id=None) == past(1, "open")


HERE = Spot(1, "spot", "楼道楼梯", 1, "000100010001")


def test_similar_places_are_of_the_same_kind_the_zone_first_then_the_nearest() -> None:
    others = [
        HERE,
        Spot(2, "spot", "楼道楼梯", 2, "000100010002"),  # another zone, same building
        Spot(3, "spot", "楼道楼梯", 2, "000100020001"),  # another zone and building
        Spot(4, "spot", "楼道楼梯", 1, "000100090001"),  # same zone, far away
        Spot(5, "spot", "垃圾投放点", 1, "000100010003"),
        Spot(6, "floor", "楼道楼梯", 1, "000100010004"),
    ]
    assert rules.similar(HERE, others) == [4, 2, 3]
    assert rules.similar(HERE, others, most=1) == [4]


def test_without_a_zone_only_nearness_counts() -> None:
    here = Spot(1, "spot", "楼道楼梯", None, "00010001")
    others = [Spot(2, "spot", "楼道楼梯", None, "00020001"), Spot(3, "spot", "楼道楼梯", 4, "00010002")]
    assert rules.similar(here, others) == [3, 2]


@given(st.lists(st.builds(Spot, st.integers(1, 50), st.just("spot"), st.sampled_from(["a", "b"]), st.integers(1, 3),
                          st.text("01", min_size=4, max_size=12)), unique_by=lambda one: one.id))  # fmt: skip
def test_similar_never_names_the_place_itself_nor_another_kind(others: list[Spot]) -> None:
    here = Spot(1, "spot", "a", 1, "0001")
    found = rules.similar(here, others)
    kinds = {one.id: one.category for one in others}
    assert len(found) <= rules.SIMILAR_MOST
    assert len(set(found)) == len(found)
    assert 1 not in found
    assert all(kinds[pk] == "a" for pk in found)


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ({}, True),
        ({"severity": "major"}, False),
        ({"remedy": "repair"}, False),
        ({"hazard": "general"}, False),
        ({"repeats": True}, False),
    ],
)
def test_may_be_quick(given_: dict[str, object], expected: bool) -> None:
    small = {"severity": "minor", "remedy": "at_once", "hazard": "", "repeats": False}
    assert rules.may_be_quick(**(small | given_)) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("whys", "severity", "expected"),
    [
        ([], "minor", False),
        (["  "], "minor", False),
        (["没人"], "minor", True),
        (["a", "b"], "major", False),
        (["a", "b", "c"], "major", True),
        (["a", " ", "b", "c"], "critical", True),
    ],
)
def test_is_root_found(whys: list[str], severity: str, expected: bool) -> None:
    assert rules.is_root_found(whys, severity=severity) is expected


@pytest.mark.parametrize(
    ("severity", "hazard", "person", "elsewhere"),
    [("minor", "", False, False), ("major", "", False, True), ("critical", "", True, True),
     ("major", "general", True, True)],
)  # fmt: skip
def test_what_is_grave_asks_for_more(severity: str, hazard: str, person: bool, elsewhere: bool) -> None:
    assert rules.needs_person(severity=severity, hazard=hazard) is person
    assert rules.looks_elsewhere(severity) is elsewhere


@pytest.mark.parametrize(
    ("depth", "approved", "expected"), [(4, 0, 3), (4, 1, 2), (4, 2, 1), (4, 9, 1), (2, 0, 1), (1, 0, 1)]
)
def test_each_extension_is_decided_one_level_higher(depth: int, approved: int, expected: int) -> None:
    assert rules.depth_to_extend(depth, approved=approved) == expected


@pytest.mark.parametrize(
    ("proved", "now", "expected"),
    [(-1, 5, True), (0, 5, True), (1, 5, False), (None, -1, None), (None, 0, None), (None, 1, False)],
)
def test_is_in_time(proved: int | None, now: int, expected: bool | None) -> None:
    proved_at = None if proved is None else NOON + hours(proved)
    assert rules.is_in_time(proved_at=proved_at, deadline=NOON, now=NOON + hours(now)) is expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "0-3"), (3, "0-3"), (4, "4-7"), (7, "4-7"), (8, "8-30"), (30, "8-30"), (31, "31-90"), (91, "90+")],
)
def test_age_band(days: int, expected: str) -> None:
    assert rules.age_band(NOON - dt.timedelta(days=days), NOON) == expected


def test_pareto() -> None:
    found = rules.pareto([("a", "A", 1), ("b", "B", 6), ("c", "C", 0), ("d", "D", 1)])
    assert [(one.key, one.count, one.percent, one.cumulative) for one in found] == [
        ("b", 6, Decimal("75.0"), Decimal("75.0")),
        ("a", 1, Decimal("12.5"), Decimal("87.5")),
        ("d", 1, Decimal("12.5"), Decimal("100.0")),
    ]
    assert rules.pareto([]) == []


@given(st.lists(st.integers(0, 1000)))
def test_pareto_never_rises_and_ends_at_a_hundred(counts: list[int]) -> None:
    found = rules.pareto((key, str(key), count) for key, count in enumerate(counts))
    assert [one.count for one in found] == sorted((count for count in counts if count), reverse=True)
    assert not found or found[-1].cumulative == 100


def test_percent_rounds_half_up() -> None:
    assert rules.percent(1, 3) == Decimal("33.3")
    assert rules.percent(1, 16) == Decimal("6.3")  # 6.25
    assert rules.percent(0, 0) == 0
