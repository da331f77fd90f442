"""Running jobs: done with their effect, tried again, given up, undone when the lease was lost."""

from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest

from kernel.jobs.conftest import Declare
from kernel.journal.writing import act, enter
from wuyou.kernel import clock, jobs
from wuyou.kernel.jobs import store
from wuyou.kernel.jobs.handlers import forget
from wuyou.kernel.jobs.models import Beat, Job
from wuyou.kernel.jobs.worker import run_job, start_periodic
from wuyou.kernel.journal.models import Entry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
LEASE = timedelta(seconds=20)


def explode() -> NoReturn:
    raise ZeroDivisionError("boom")


def take(limit: int = 10, *, worker: str = "w", now: datetime | None = None) -> list[store.Claim]:
    return store.claim(worker, now=now or clock.now(), lease=LEASE, limit=limit)


def test_a_job_is_done_with_its_result(declare: Declare, moment: datetime) -> None:
    declare("test.double", lambda number: {"twice": number * 2})
    number = jobs.enqueue("test.double", number=4)
    assert jobs.drain() == 1
    job = Job.objects.get(pk=number)
    assert (job.state, job.result, job.attempts, job.error) == ("done", '{"twice": 8}', 1, "")
    assert (job.started_at, job.finished_at) == (moment, moment)
    assert jobs.drain() == 0


def test_a_handler_is_an_action(declare: Declare) -> None:
    declare("test.act", lambda: enter("test.done"))
    jobs.enqueue("test.act")
    jobs.drain()
    assert Entry.objects.get().verb == "test.done"


def test_a_failure_undoes_the_effect_and_is_tried_again(declare: Declare, moment: datetime) -> None:
    def half() -> None:
        act()
        explode()

    declare("test.half", half, retries=1)
    jobs.enqueue("test.half")
    assert jobs.drain() == 1
    job = Job.objects.get()
    assert (job.state, job.attempts, job.last_error_line) == ("failed", 1, "ZeroDivisionError: boom")
    assert timedelta(seconds=1.5) <= job.due_at - moment < timedelta(seconds=2.5)
    assert Entry.objects.count() == 0
    with clock.at(moment + timedelta(seconds=3)):
        assert jobs.drain() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("dead", 2)
    assert "Traceback" in job.error


def test_a_second_attempt_may_succeed(declare: Declare) -> None:
    attempts: list[int] = []

    def flaky() -> None:
        attempts.append(1)
        if len(attempts) == 1:
            explode()

    declare("test.flaky", flaky)
    jobs.enqueue("test.flaky")
    jobs.drain()
    with clock.at(clock.now() + timedelta(minutes=1)):
        jobs.drain()
    job = Job.objects.get()
    assert (job.state, job.attempts, job.error) == ("done", 2, "")


def test_a_result_that_json_cannot_carry_is_a_failure(declare: Declare) -> None:
    declare("test.set", lambda: {1, 2}, retries=0)
    jobs.enqueue("test.set")
    jobs.drain()
    assert Job.objects.get().last_error_line == "TypeError: Object of type set is not JSON serializable"


def test_a_job_whose_handler_is_gone_is_kept(declare: Declare) -> None:
    declare("test.gone", explode, retries=0)
    jobs.enqueue("test.gone")
    forget("test.gone")
    jobs.drain()
    job = Job.objects.get()
    assert (job.state, job.last_error_line) == ("dead", "LookupError: no job is called test.gone")


def test_priority_then_time_then_order(declare: Declare, moment: datetime) -> None:
    ran: list[str] = []
    declare("test.note", lambda name: ran.append(name))  # noqa: PLW0108 — the parameter's name counts
    for name, priority, earlier in [
        ("late", 0, 0),
        ("later", 0, 0),
        ("first", 9, 0),
        ("early", 0, 60),
        ("last", -1, 0),
    ]:
        jobs.enqueue("test.note", name=name, priority=priority, run_at=moment - timedelta(seconds=earlier))
    jobs.drain()
    assert ran == ["first", "early", "late", "later", "last"]


def test_a_lost_lease_undoes_the_effect(declare: Declare) -> None:
    def stolen() -> None:
        act()
        Job.objects.update(worker="another")

    declare("test.stolen", stolen)
    jobs.enqueue("test.stolen")
    (claim,) = take()
    run_job(claim)
    assert Entry.objects.count() == 0
    assert Job.objects.get().state == "running"  # undone with the rest; its new owner will end it


def test_a_job_cancelled_while_it_runs_is_undone(declare: Declare) -> None:
    declare("test.act", act)
    jobs.enqueue("test.act")
    (claim,) = take()
    Job.objects.update(state="cancelled")
    run_job(claim)
    assert Entry.objects.count() == 0
    assert Job.objects.get().state == "cancelled"


def test_a_failure_of_a_job_taken_over_is_not_recorded(declare: Declare) -> None:
    declare("test.explode", explode)
    jobs.enqueue("test.explode")
    (claim,) = take()
    Job.objects.update(attempts=2)
    run_job(claim)
    job = Job.objects.get()
    assert (job.state, job.attempts, job.error) == ("running", 2, "")


def test_without_a_transaction_of_its_own_what_was_done_stays(declare: Declare) -> None:
    def steps() -> None:
        act()
        explode()

    declare("test.steps", steps, transactional=False)
    jobs.enqueue("test.steps")
    jobs.drain()
    assert Entry.objects.count() == 1
    assert Job.objects.get().state == "failed"


# --- claiming


def test_a_claimed_job_is_not_claimed_again_before_its_lease_ends(declare: Declare) -> None:
    declare("test.act", act)
    jobs.enqueue("test.act")
    now = clock.now()
    (first,) = take(now=now)
    assert take(worker="v", now=now + LEASE - timedelta(seconds=1)) == []
    (second,) = take(worker="v", now=now + LEASE)
    assert (second.id, second.attempts, second.worker) == (first.id, 2, "v")


def test_a_renewed_lease_lasts(declare: Declare) -> None:
    declare("test.act", act)
    jobs.enqueue("test.act")
    now = clock.now()
    claims = take(now=now)
    store.renew(claims, until=now + 2 * LEASE)
    assert take(worker="v", now=now + LEASE) == []


def test_a_renewal_that_comes_too_late_changes_nothing(declare: Declare) -> None:
    declare("test.act", act)
    jobs.enqueue("test.act")
    now = clock.now()
    claims = take(now=now)
    (other,) = take(worker="v", now=now + LEASE)
    store.renew(claims, until=now + 9 * LEASE)
    store.hand_back(claims, now=now)
    job = Job.objects.get()
    assert (job.worker, job.attempts, job.due_at) == ("v", other.attempts, now + 2 * LEASE)


def test_a_job_handed_back_can_be_taken_at_once_and_lost_no_attempt(declare: Declare) -> None:
    declare("test.act", act)
    jobs.enqueue("test.act")
    now = clock.now()
    store.hand_back(take(now=now), now=now)
    (again,) = take(worker="v", now=now)
    assert again.attempts == 1


def test_jobs_tried_before_are_taken_alone(declare: Declare) -> None:
    declare("test.act", act)
    for _ in range(4):
        jobs.enqueue("test.act")
    now = clock.now()
    assert len(take(2, now=now)) == 2
    later = now + LEASE
    assert [len(take(now=later)) for _ in range(4)] == [2, 1, 1, 0]


def test_a_job_that_kills_its_worker_is_given_up(declare: Declare) -> None:
    declare("test.act", act, retries=1)
    jobs.enqueue("test.act")
    now = clock.now()
    assert [len(take(now=now + number * LEASE)) for number in range(3)] == [1, 1, 0]
    job = Job.objects.get()
    assert (job.state, job.attempts) == ("dead", 2)
    assert "worker died" in job.error


def test_nothing_due_is_nothing_taken(declare: Declare) -> None:
    declare("test.act", act)
    jobs.enqueue("test.act", run_at=clock.now() + timedelta(hours=1))
    assert take() == []


# --- by the clock


@pytest.fixture
def hourly() -> object:
    """A periodic job of every hour and one of 10:30."""
    ran: list[str] = []
    jobs.periodic("test.hourly", every=timedelta(hours=1))(lambda: ran.append("hourly"))
    jobs.periodic("test.daily", daily_at="10:30")(lambda: ran.append("daily"))
    yield ran
    forget("test.hourly")
    forget("test.daily")


def tick(moment: datetime) -> None:
    with clock.at(moment):
        start_periodic()
        start_periodic()  # as a second worker would
        jobs.drain()


def test_each_slot_runs_once(hourly: list[str]) -> None:
    tick(NOW)  # 10:00 in Shanghai
    assert hourly == ["hourly"]
    tick(NOW + timedelta(minutes=29))
    assert hourly == ["hourly"]
    tick(NOW + timedelta(minutes=30))
    assert hourly == ["hourly", "daily"]
    tick(NOW + timedelta(minutes=61))
    assert hourly == ["hourly", "daily", "hourly"]


def test_after_downtime_each_runs_once(hourly: list[str]) -> None:
    tick(NOW)
    hourly.clear()
    tick(NOW + timedelta(days=5))
    assert sorted(hourly) == ["daily", "hourly"]


def test_a_slot_that_still_waits_is_not_asked_for_twice(hourly: list[str]) -> None:
    for hours in range(3):
        with clock.at(NOW + timedelta(hours=hours)):
            start_periodic()
    assert Job.objects.filter(name="test.hourly").count() == 1
    assert Beat.objects.get(name="test.hourly").slot == NOW + timedelta(hours=2)


def test_only_one_of_two_takes_a_slot() -> None:
    taken = [store.take_slot("test.x", slot=NOW, first=NOW - LEASE) for _ in range(2)]
    assert taken == [True, False]
    assert store.take_slot("test.x", slot=NOW - LEASE, first=NOW) is False
    assert store.slots()["test.x"] == NOW
