"""When to try again, when periodic jobs are due, how many jobs to take at once."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.clock import local
from wuyou.kernel.jobs.rules import (
    LARGEST_BATCH,
    LONGEST_PAUSE,
    Daily,
    Every,
    batch_size,
    pause_before_retry,
    rhythm,
)

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
INTERVALS = st.timedeltas(timedelta(seconds=1), timedelta(days=2)).map(
    lambda length: timedelta(seconds=int(length.total_seconds()))
)


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 0.5, 2), (2, 0.5, 4), (5, 0.5, 32), (1, 0.0, 1.5), (1, 0.999, 2.499), (12, 0.5, 3600), (500, 0.0, 3600)],
)
def test_pauses_double_up_to_an_hour(attempts: int, chance: float, seconds: float) -> None:
    assert pause_before_retry(attempts, chance=chance).total_seconds() == pytest.approx(seconds)


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_never_too_long_and_never_nothing(attempts: int, chance: float) -> None:
    assert timedelta(seconds=1) < pause_before_retry(attempts, chance=chance) <= LONGEST_PAUSE


@given(INTERVALS, MOMENTS)
def test_a_slot_of_an_interval_is_its_latest_multiple(interval: timedelta, now: datetime) -> None:
    slot = Every(interval).slot(now)
    assert slot <= now < slot + interval
    assert Every(interval).slot(slot) == slot
    assert slot.timestamp() % interval.total_seconds() == 0


@given(st.times().map(lambda at: at.replace(second=0, microsecond=0)), MOMENTS)
def test_a_daily_slot_is_the_latest_time_of_day(at: time, now: datetime) -> None:
    slot = Daily(at).slot(now)
    assert slot <= now < slot + timedelta(days=1)
    assert local(slot).time() == at


def test_a_daily_slot_changes_at_its_minute_in_shanghai() -> None:
    two = Daily(time(2))
    before, at = datetime(2026, 11, 19, 17, 59, 59, tzinfo=UTC), datetime(2026, 11, 19, 18, tzinfo=UTC)
    assert two.slot(before) == datetime(2026, 11, 18, 18, tzinfo=UTC)
    assert two.slot(at) == at


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"every": timedelta(hours=1), "daily_at": "02:00"},
        {"every": timedelta(0)},
        {"every": timedelta(milliseconds=999)},
        {"every": timedelta(hours=-1)},
        {"daily_at": "25:00"},
        {"daily_at": "two"},
    ],
)
def test_a_rhythm_must_make_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        rhythm(**wrong)


def test_rhythms() -> None:
    assert rhythm(every=timedelta(minutes=5)) == Every(timedelta(minutes=5))
    assert rhythm(daily_at="02:30") == Daily(time(2, 30))


@pytest.mark.parametrize(
    ("seconds", "size"), [(0, LARGEST_BATCH), (-1, LARGEST_BATCH), (0.001, 50), (0.02, 25), (0.3, 1), (100, 1)]
)
def test_a_batch_is_about_half_a_second(seconds: float, size: int) -> None:
    assert batch_size(seconds) == size
