"""Hours and heads, computed by hand (spec 13 §5, §7)."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.work.rules.calendar import Planned, by_day, by_month
from wuyou.domains.work.rules.workload import (
    Assumptions,
    Effort,
    bare_heads_for,
    crew_loads,
    customary,
    fewest_lawful,
    heads_for,
    impossible_days,
    post_hours,
    posts_covered,
    spread,
    yearly_hours,
)

BARE = Assumptions(leave_days=Decimal(0), absence_share=Decimal(0))
DAY = dt.date(2026, 11, 20)


def at(day: int, hour: int = 0) -> dt.datetime:
    """A Shanghai hour of November 2026."""
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def test_a_head_is_there_1905_hours_a_year() -> None:
    # (1,984 - 5 × 8) × 0.98
    assert Assumptions().net_hours == Decimal("1905.12")
    assert BARE.net_hours == 1984


def test_a_round_the_clock_post() -> None:
    hours = post_hours(hours_per_day=Decimal(24), heads=1)
    assert hours == 8760
    assert bare_heads_for(hours) == Decimal("4.42")  # 8,760 / 1,984
    assert heads_for(hours, assumptions=Assumptions(absence_share=Decimal(0))) == Decimal(
        "4.51"
    )  # with 5 days of leave
    assert heads_for(hours) == Decimal("4.60")  # and 2 % of absence
    assert fewest_lawful(hours) == 4  # 8,760 / (1,984 + 432) = 3.63


def test_two_people_in_the_control_room() -> None:
    hours = post_hours(hours_per_day=Decimal(24), heads=2)
    assert (hours, bare_heads_for(hours), fewest_lawful(hours)) == (17520, Decimal("8.83"), 8)


def test_a_desk_five_days_a_week() -> None:
    assert post_hours(hours_per_day=Decimal(8), heads=1, days_per_week=5) == Decimal("2085.7")  # 8,760 / 3 × 5 / 7


@pytest.mark.parametrize(("heads", "posts"), [(10, 2), (4, 0), (5, 1), (0, 0), (14, 3)])
def test_what_guards_can_staff(heads: int, posts: int) -> None:
    # ten guards: 10 / 4.598 = 2.17
    assert posts_covered(heads) == posts


def test_hours_are_summed_by_crew() -> None:
    efforts = [
        Effort("环境", Decimal("5.2"), Decimal("365.2425")),  # 31.654 h
        Effort("环境", Decimal(30), Decimal(12)),  # 6 h
        Effort("工程", Decimal(45), Decimal(4)),  # 3 h
    ]
    assert yearly_hours(efforts) == {"环境": Decimal("37.7"), "工程": Decimal("3.0")}


def test_crews_are_compared_with_who_is_there() -> None:
    loads = crew_loads(
        {"环境/保洁员": Decimal("44709.0"), "工程": Decimal(1000)},
        {"秩序": Decimal(8760)},
        {"环境/保洁员": 18, "秩序": 10, "管理": 1},
    )
    assert [(load.crew, load.hours, load.needed, load.present, load.short_by) for load in loads] == [
        ("环境/保洁员", Decimal("44709.0"), Decimal("23.47"), 18, Decimal("5.47")),
        ("工程", 1000, Decimal("0.52"), 0, Decimal("0.52")),
        ("秩序", 8760, Decimal("4.60"), 10, 0),
        ("管理", 0, 0, 1, 0),
    ]


@pytest.mark.parametrize(
    ("present", "verdict"), [(40, "below"), (41, "below"), (42, "within"), (48, "within"), (49, "above")]
)
def test_customary_heads(present: int, verdict: str) -> None:
    # grade 3: one cleaner per 12,000 to 14,000 m² of 576,767 m²: 41.2 to 48.1
    found = customary("保洁", amount=Decimal("576767.2"), fewest_per_head=12000, most_per_head=14000, present=present)
    assert (found.low, found.high, found.verdict) == (Decimal("41.2"), Decimal("48.1"), verdict)


def test_a_window_is_spread_over_its_days() -> None:
    assert spread(at(16), at(23), Decimal(70)) == {dt.date(2026, 11, day): Decimal(10) for day in range(16, 23)}
    assert spread(at(20, 6), at(20, 8), Decimal(5)) == {DAY: Decimal(5)}
    assert spread(at(20, 22), at(21, 6), Decimal(8)) == {DAY: Decimal(4), dt.date(2026, 11, 21): Decimal(4)}


@given(hours=st.integers(1, 2000), minutes=st.decimals(1, 1000, places=1))
def test_spreading_loses_nothing(hours: int, minutes: Decimal) -> None:
    shares = spread(at(1), at(1) + dt.timedelta(hours=hours), minutes)
    assert abs(sum(shares.values()) - minutes) < Decimal("0.000001")


def test_days_that_hold_more_than_a_shift() -> None:
    planned = {(1, DAY): Decimal(480), (2, DAY): Decimal(481), (3, DAY): Decimal(900)}
    assert [(one.staff_id, one.minutes, one.limit) for one in impossible_days(planned)] == [
        (3, 900, 480),
        (2, 481, 480),
    ]


def test_planned_minutes_by_day_and_month() -> None:
    week = Planned(at(16), at(23), dt.date(2026, 11, 22))
    day = Planned(at(20), at(21), DAY)
    assert by_day([week, day], Decimal(14))[DAY] == Decimal(16)
    later = Planned(at(30), at(30) + dt.timedelta(days=31), dt.date(2026, 12, 30))
    long_ago = Planned(at(1), at(2), dt.date(2025, 11, 1))
    assert by_month([week, day, later, long_ago], start=dt.date(2026, 11, 1), months=2) == [2, 1]
