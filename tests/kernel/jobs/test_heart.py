"""What a worker has in hand and how it is kept."""

import time
from datetime import timedelta

import pytest

from kernel.jobs.conftest import Declare
from wuyou.kernel import clock, jobs
from wuyou.kernel.jobs import store
from wuyou.kernel.jobs.heart import HAND_BACK_AFTER, Hand, Heart
from wuyou.kernel.jobs.models import Job, Worker

LEASE = timedelta(seconds=20)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hand(declare: Declare) -> Hand:
    """Three claimed jobs, the first begun."""
    declare("test.nothing", lambda: None, time_limit=timedelta(minutes=1))
    for _ in range(3):
        jobs.enqueue("test.nothing")
    hand = Hand()
    hand.fill(store.claim("w", now=clock.now(), lease=LEASE, limit=3))
    hand.begin()
    return hand


def test_a_hand_begins_one_after_the_other(hand: Hand) -> None:
    begun = [hand.current, hand.begin(), hand.begin()]
    assert [one.id for one in begun if one] == sorted(Job.objects.values_list("id", flat=True))
    assert hand.begin() is None
    assert hand.held() == []


def test_a_beat_renews_every_lease_and_says_who_is_alive(hand: Hand) -> None:
    later = clock.now() + timedelta(seconds=15)
    with clock.at(later):
        Heart("w", hand, lease=LEASE).beat()
    assert set(Job.objects.values_list("due_at", flat=True)) == {later + LEASE}
    assert Worker.objects.get().seen_at == later


def test_beats_in_quick_succession_write_once(hand: Hand) -> None:
    heart = Heart("w", hand, lease=LEASE)
    with clock.at(clock.now() + timedelta(seconds=1)):
        heart.beat()
    seen = Worker.objects.get().seen_at
    with clock.at(clock.now() + timedelta(seconds=2)):
        heart.beat()
    assert Worker.objects.get().seen_at == seen


def test_what_waits_behind_a_slow_job_is_handed_back(hand: Hand) -> None:
    hand.begun = time.monotonic() - HAND_BACK_AFTER - 1
    Heart("w", hand, lease=LEASE).beat()
    assert hand.begin() is None
    taken = store.claim("v", now=clock.now(), lease=LEASE, limit=5)
    assert [claim.attempts for claim in taken] == [1, 1]


def test_a_job_past_its_time_limit_is_no_longer_kept(hand: Hand) -> None:
    hand.begun = time.monotonic() - 61
    assert len(hand.held()) == 2
    hand.let_go()
    assert hand.seconds() == 0.0
