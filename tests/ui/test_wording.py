"""Dates, durations and money as people write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from wuyou.kernel import clock
from wuyou.ui import wording

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)  # Friday 14:30 in Shanghai


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"), clock.at(NOW):
        yield


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 11, 20), "Fri 20 Nov"),
        (date(2027, 1, 3), "Sun 3 Jan 2027"),
        (date(2025, 1, 5), "5 Jan 2025"),
        (datetime(2026, 11, 20, 17, 0, tzinfo=UTC), "Sat 21 Nov"),  # already tomorrow in Shanghai
    ],
)
def test_day(value, said):
    assert wording.day(value) == said


def test_when_is_day_and_time_in_shanghai():
    assert wording.when(NOW) == "Fri 20 Nov 14:30"


def test_short_day_and_month():
    assert wording.short_day(date(2026, 3, 9)) == "9 Mar"
    assert wording.month(2026, 3) == "Mar 2026"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "1 min"),
        (1, "1 min"),
        (59, "59 min"),
        (60, "1 h"),
        (72, "1 h 12 min"),
        (24 * 60, "1 day"),
        (27 * 60 + 5, "1 day 3 h"),
        (-72, "1 h 12 min"),
        (15 * 24 * 60 + 60, "15 days"),
    ],
)
def test_duration(minutes, said):
    assert wording.duration(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=-59), "59 min ago"),
        (timedelta(hours=-2, minutes=-40), "2 h ago"),
        (timedelta(days=-4, hours=-21), "4 days ago"),
        (timedelta(hours=2), "in 2 h"),
        (timedelta(days=-8), "Thu 12 Nov 14:30"),
    ],
)
def test_ago(gap, said):
    assert wording.ago(NOW + gap) == said


@pytest.mark.parametrize(("fen", "said"), [(0, "¥0.00"), (5, "¥0.05"), (123456789, "¥1,234,567.89"), (-150, "-¥1.50")])
def test_yuan(fen, said):
    assert wording.yuan(fen) == said


@pytest.mark.parametrize(
    ("ratio", "places", "said"),
    [(Decimal("0.8735"), 1, "87.4%"), (Decimal("0.8735"), 0, "87%"), (1, 1, "100.0%"), (0.0005, 1, "0.1%")],
)
def test_percent_rounds_half_up(ratio, places, said):
    assert wording.percent(ratio, places=places) == said


def test_number():
    assert wording.number(1234567) == "1,234,567"
    assert wording.number(Decimal("1234.50")) == "1,234.50"
