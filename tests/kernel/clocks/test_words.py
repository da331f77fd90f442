"""What is left, in words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from wuyou.kernel.clocks.words import duration_words, left_words


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def span(text: str) -> timedelta:
    """`d h m s` as a duration."""
    days, hours, minutes, seconds = map(int, text.split())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


@pytest.mark.parametrize(
    ("length", "hours", "words"),
    [
        ("0 0 0 0", "wall", "less than a minute"),
        ("0 0 0 59", "wall", "less than a minute"),
        ("0 0 1 0", "wall", "1 min"),
        ("0 0 59 59", "wall", "59 min"),
        ("0 1 0 0", "wall", "1 h"),
        ("0 1 12 30", "wall", "1 h 12 min"),
        ("0 23 59 59", "wall", "23 h 59 min"),
        ("1 0 0 0", "wall", "1 d"),
        ("2 3 40 0", "wall", "2 d 3 h"),
        ("2 3 40 0", "service", "51 h 40 min"),
    ],
)
def test_durations(length: str, hours: str, words: str) -> None:
    assert duration_words(span(length), hours=hours) == words


@pytest.mark.parametrize(
    ("left", "hours", "words"),
    [
        (timedelta(hours=1, minutes=12), "wall", "1 h 12 min left"),
        (timedelta(0), "wall", "less than a minute left"),
        (timedelta(seconds=-1), "wall", "overdue by less than a minute"),
        (-timedelta(days=2, hours=3), "wall", "overdue by 2 d 3 h"),
        (timedelta(hours=1), "service", "1 h of service hours left"),
        (-timedelta(hours=30), "service", "overdue by 30 h of service hours"),
    ],
)
def test_what_is_left(left: timedelta, hours: str, words: str) -> None:
    assert left_words(left, hours=hours) == words
