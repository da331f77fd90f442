"""Rules of doing and counting tasks."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.work.rules import compliance, tasks
from wuyou.domains.work.rules.compliance import Counts
from wuyou.domains.work.rules.tasks import Load, Outcome, Proof, Timing

OPENS = dt.datetime(2026, 11, 20, 0, 0, tzinfo=dt.UTC)
DUE = OPENS + dt.timedelta(hours=8)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("state", "done_at", "now", "expected"),
    [
        ("open", None, OPENS - MINUTE, Timing.NOT_YET),
        ("open", None, OPENS, Timing.NOW),
        ("claimed", None, DUE - 61 * MINUTE, Timing.NOW),
        ("open", None, DUE - 60 * MINUTE, Timing.DUE_SOON),
        ("open", None, DUE - MINUTE, Timing.DUE_SOON),
        ("open", None, DUE, Timing.LATE),
        ("done", DUE - MINUTE, DUE, Timing.DONE_IN_TIME),
        ("done", DUE, DUE, Timing.DONE_LATE),
        ("done", DUE + MINUTE, DUE, Timing.DONE_LATE),
        ("skipped", DUE, DUE, Timing.OFF),
        ("rejected", DUE, DUE, Timing.OFF),
        ("withdrawn", None, DUE, Timing.OFF),
    ],
)
def test_timing(state, done_at, now, expected):
    assert tasks.timing(state=state, opens=OPENS, due=DUE, done_at=done_at, now=now) is expected


@pytest.mark.parametrize(
    ("state", "done_at", "expected"),
    [
        ("open", None, Outcome.PENDING),
        ("claimed", None, Outcome.PENDING),
        ("done", DUE - MINUTE, Outcome.ON_TIME),
        ("done", DUE, Outcome.LATE),
        ("skipped", DUE, Outcome.SKIPPED),
        ("rejected", OPENS, Outcome.REJECTED),
        ("withdrawn", None, Outcome.WITHDRAWN),
    ],
)
def test_outcome(state, done_at, expected):
    assert tasks.outcome(state=state, due=DUE, done_at=done_at) is expected


@given(st.timedeltas(dt.timedelta(-30), dt.timedelta(30)), st.timedeltas(dt.timedelta(-30), dt.timedelta(30)))
def test_late_stays_late_whenever_one_looks(done_after, looked_after):
    done_at = DUE + done_after
    seen = tasks.timing(state="done", opens=OPENS, due=DUE, done_at=done_at, now=DUE + looked_after)
    counted = tasks.outcome(state="done", due=DUE, done_at=done_at)
    assert (seen is Timing.DONE_LATE) == (counted is Outcome.LATE) == (done_at >= DUE)


@pytest.mark.parametrize(
    ("evidence", "proof", "pick_reason", "missing"),
    [
        ("", Proof(), "", None),
        ("handover", Proof(), "", None),
        ("photo", Proof(), "", "photos"),
        ("photo", Proof(photos=1), "", None),
        ("certificate", Proof(), "", "photos"),
        ("document", Proof(photos=2), "", None),
        ("scan", Proof(), "", "scanned"),
        ("scan", Proof(), "  ", "scanned"),
        ("scan", Proof(), "标签破损", None),
        ("scan", Proof(scanned=True), "", None),
        ("reading", Proof(), "", "answers"),
        ("reading", Proof(note="0.35 MPa"), "", None),
        ("reading", Proof(answers=1), "", None),
        ("record", Proof(), "", "note"),
        ("log", Proof(note="x"), "", None),
    ],
)
def test_proof(evidence, proof, pick_reason, missing):
    assert tasks.missing_proof(evidence, proof, pick_reason=pick_reason) == missing


def test_too_early():
    assert tasks.is_too_early(OPENS, OPENS - MINUTE)
    assert not tasks.is_too_early(OPENS, OPENS)


def test_twins_belong_on_different_days():
    day = dt.date(2026, 11, 20)
    assert tasks.clashes_with_sibling(day, [day])
    assert not tasks.clashes_with_sibling(day, [day - dt.timedelta(days=1)])


@pytest.mark.parametrize(("minutes", "impossible"), [("480", False), ("480.1", True), ("0", False)])
def test_impossible_days(minutes, impossible):
    assert Load(3, Decimal(minutes)).is_impossible is impossible


def test_sharing_out_by_hand():
    work = [Decimal(30), Decimal(30), Decimal(10)]
    assert tasks.share_out(work, {7: Decimal(20), 3: Decimal(0)}) == [3, 7, 3]
    with pytest.raises(ValueError, match="nobody"):
        tasks.share_out(work, {})


@given(
    st.lists(st.integers(1, 120).map(Decimal), max_size=40),
    st.dictionaries(st.integers(1, 9), st.integers(0, 300).map(Decimal), min_size=1, max_size=6),
)
def test_sharing_out_is_even(work, loads):
    taken = tasks.share_out(work, loads)
    assert len(taken) == len(work)
    after = dict(loads)
    for minutes, person in zip(work, taken, strict=True):
        after[person] += minutes
    grew = [person for person in loads if after[person] > loads[person]]
    if grew:  # nobody who was given work ends more than one piece above somebody else
        assert max(after[person] for person in grew) - min(after.values()) <= max(work)


@given(st.lists(st.integers(1, 10_000), unique=True, max_size=200), st.text(max_size=5))
def test_samples_are_fair_and_repeatable(ids, seed):
    chosen = tasks.sample_for_review(ids, share=Decimal("0.1"), at_least=5, seed=seed)
    assert chosen == tasks.sample_for_review(list(reversed(ids)), share=Decimal("0.1"), at_least=5, seed=seed)
    assert len(chosen) == min(len(ids), max(5, len(ids) // 10))
    assert set(chosen) <= set(ids)


def test_another_day_another_sample():
    ids = list(range(1, 200))
    monday, tuesday = (
        tasks.sample_for_review(ids, share=Decimal("0.1"), at_least=5, seed=day) for day in ("2026-11-16", "2026-11-17")
    )
    assert monday != tuesday


def test_faster_than_walking_is_suspicious():
    moments = [OPENS, OPENS + dt.timedelta(seconds=10), OPENS + dt.timedelta(seconds=400)]
    positions = [(0.0, 0.0), (400.0, 0.0), (400.0, 300.0)]
    assert tasks.is_suspicious(moments, positions, most_m_per_s=3.0) == [1]
    assert tasks.is_suspicious(moments[:1], positions[:1], most_m_per_s=3.0) == []
    assert tasks.is_suspicious([OPENS, OPENS], [(0.0, 0.0), (1.0, 0.0)], most_m_per_s=3.0) == [1]


@pytest.mark.parametrize(
    ("counts", "due", "rate", "done_rate"),
    [
        (Counts(), 0, None, None),
        (Counts(waiting=5), 0, None, None),
        (Counts(on_time=3, waiting=1), 3, "100.0", "100.0"),
        (Counts(on_time=8, late=1, not_done=1), 10, "80.0", "90.0"),
        (Counts(on_time=1, skipped=1, rejected=1), 3, "33.3", "33.3"),
        (Counts(on_time=1999, not_done=1), 2000, "99.9", "99.9"),  # 99.95 is not a hundred
    ],
)
def test_rates(counts, due, rate, done_rate):
    assert counts.due == due
    assert counts.rate == (Decimal(rate) if rate else None)
    assert counts.done_rate == (Decimal(done_rate) if done_rate else None)


COUNTS = st.builds(Counts, *[st.integers(0, 1000)] * 6)


@given(st.lists(COUNTS, max_size=8))
def test_a_total_is_the_sum_of_its_parts(parts):
    whole = compliance.total(parts)
    assert whole.due == sum(part.due for part in parts)
    assert whole.on_time == sum(part.on_time for part in parts)
    assert whole.waiting == sum(part.waiting for part in parts)


@given(COUNTS)
def test_a_hundred_percent_means_all(counts):
    assert (counts.rate == 100) == (counts.due > 0 and counts.on_time == counts.due)
