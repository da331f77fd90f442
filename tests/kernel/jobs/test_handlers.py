"""Naming handlers and asking for them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from kernel.jobs.conftest import Declare
from wuyou.kernel import clock, jobs
from wuyou.kernel.jobs.handlers import all_periodic, find_handler, forget
from wuyou.kernel.jobs.models import Job

pytestmark = pytest.mark.django_db


def nothing(*, number: int = 0, text: str = "") -> None:
    """A handler without effect."""


def test_a_handler_is_still_the_function(declare: Declare) -> None:
    double = declare("test.double", lambda number: number * 2)
    assert double(4) == 8
    assert Job.objects.count() == 0


def test_a_job_is_what_was_asked_for(declare: Declare, moment: datetime) -> None:
    declare("test.nothing", nothing, retries=2)
    number = jobs.enqueue("test.nothing", number=1, text="九台", priority=5)
    job = Job.objects.get(pk=number)
    assert (job.name, job.args, job.key, job.priority) == ("test.nothing", '{"number": 1, "text": "九台"}', None, 5)
    assert (job.state, job.attempts, job.max_attempts) == ("waiting", 0, 3)
    assert (job.run_at, job.due_at, job.created_at, job.started_at) == (moment, moment, moment, None)


def test_the_handler_asks_for_itself(declare: Declare) -> None:
    handler = declare("test.double", lambda number: number * 2)
    assert Job.objects.get(pk=handler.enqueue(4)).args == '{"number": 4}'


def test_a_job_rolls_back_with_its_transaction(declare: Declare) -> None:
    declare("test.nothing", nothing)
    with transaction.atomic():
        jobs.enqueue("test.nothing")
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


def test_a_name_is_taken_once(declare: Declare) -> None:
    declare("test.nothing", nothing)
    with pytest.raises(ValueError, match=r"test\.nothing is declared twice"):
        declare("test.nothing", nothing)


@pytest.mark.parametrize("function", [lambda key: key, lambda run_at: run_at, lambda priority: priority])
def test_a_handler_leaves_the_queues_own_words_alone(declare: Declare, function: object) -> None:
    with pytest.raises(ValueError, match="belong to enqueue"):
        declare("test.greedy", function)


def test_an_unknown_name_is_refused_at_once() -> None:
    with pytest.raises(LookupError, match=r"test\.missing"):
        jobs.enqueue("test.missing")


@pytest.mark.parametrize("wrong", [{"other": 1}, {"number": Decimal(1)}, {"number": {1}}])
def test_wrong_arguments_are_refused_at_once(declare: Declare, wrong: dict[str, object]) -> None:
    declare("test.nothing", nothing)
    with pytest.raises(TypeError):
        jobs.enqueue("test.nothing", **wrong)
    assert Job.objects.count() == 0


def test_the_same_key_waits_once(declare: Declare, moment: datetime) -> None:
    declare("test.nothing", nothing)
    first = jobs.enqueue("test.nothing", key="a", number=1, run_at=moment + timedelta(hours=1))
    assert jobs.enqueue("test.nothing", key="a", number=1) == first
    assert jobs.enqueue("test.nothing", key="a", number=1, run_at=moment + timedelta(hours=2)) == first
    assert jobs.enqueue("test.nothing", key="b", number=1) != first
    assert Job.objects.get(pk=first).due_at == moment  # the earliest of the wishes
    assert Job.objects.count() == 2


@pytest.mark.parametrize("state", ["running", "failed", "done", "dead", "cancelled"])
def test_a_key_is_free_again_once_its_job_has_begun(declare: Declare, state: str) -> None:
    declare("test.nothing", nothing)
    first = jobs.enqueue("test.nothing", key="a")
    Job.objects.update(state=state)
    assert jobs.enqueue("test.nothing", key="a") != first


def test_many_at_once(declare: Declare) -> None:
    declare("test.nothing", nothing)
    assert jobs.enqueue_many("test.nothing", [{"number": n} for n in range(1500)], priority=3) == 1500
    assert Job.objects.filter(priority=3).count() == 1500
    assert jobs.enqueue_many("test.nothing", []) == 0
    with pytest.raises(TypeError):
        jobs.enqueue_many("test.nothing", [{"number": 1}, {"wrong": 1}])
    assert Job.objects.count() == 1500


def test_periodic_jobs_are_listed_by_name() -> None:
    made = jobs.periodic("test.often", every=timedelta(minutes=5))(nothing)
    try:
        assert "test.often" in [one.name for one in all_periodic()]
        assert find_handler("test.often") is made
    finally:
        forget("test.often")
    assert "test.often" not in [one.name for one in all_periodic()]


def test_the_products_own_periodic_jobs_are_there() -> None:
    assert {"idempotency.sweep", "jobs.sweep", "journal.seal"} <= {one.name for one in all_periodic()}


def test_the_wanted_time_is_kept(declare: Declare) -> None:
    declare("test.nothing", nothing)
    later = datetime(2030, 1, 1, tzinfo=UTC)
    number = jobs.enqueue("test.nothing", run_at=later)
    assert jobs.drain() == 0
    with clock.at(later):
        assert jobs.drain() == 1
    assert Job.objects.get(pk=number).state == "done"
