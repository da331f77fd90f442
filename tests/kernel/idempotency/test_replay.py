"""A repeated request is answered from what was kept; of two at once only one acts."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from kernel.journal.writing import act
from wuyou.kernel import clock
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.idempotency import Answer, replay_or_run, sweep_keys
from wuyou.kernel.idempotency.models import Key
from wuyou.kernel.journal.models import Entry


def send(
    *,
    answer: Answer = Answer(201, '{"id": 1}'),  # noqa: B008 — a tuple
    actor: str = "user:1",
    key: str = "abc",
    method: str = "POST",
    path: str = "/api/v1/tasks",
    body: bytes = b"{}",
) -> Answer:
    """One request, whose effect is an entry in the journal."""

    def run() -> Answer:
        act()
        return answer

    return replay_or_run(run, actor=actor, key=key, method=method, path=path, request_body=body)


def fail() -> Answer:
    act()
    raise ZeroDivisionError


@pytest.mark.django_db
def test_the_first_request_acts_and_is_kept(moment: datetime) -> None:
    assert send() == Answer(201, '{"id": 1}', replayed=False)
    kept = Key.objects.get()
    assert (kept.actor, kept.key, kept.request) == ("user:1", "abc", "POST /api/v1/tasks")
    assert (kept.status, kept.body, kept.created_at) == (201, '{"id": 1}', moment)


@pytest.mark.django_db
def test_the_second_is_answered_the_same_and_does_nothing() -> None:
    send()
    assert send(answer=Answer(200, "other")) == Answer(201, '{"id": 1}', replayed=True)
    assert Entry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"actor": "user:2"}, {"key": "abd"}])
def test_another_persons_or_another_key_is_another_request(other: dict[str, str]) -> None:
    send()
    assert send(**other).replayed is False
    assert Entry.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"method": "PUT"}, {"path": "/api/v1/plans"}, {"body": b'{"a": 1}'}])
def test_a_key_used_for_another_request_is_refused(other: dict[str, object]) -> None:
    send()
    with pytest.raises(Conflict, match="another request"):
        send(**other)
    assert Entry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "a\0"])
def test_an_unusable_key_is_refused(key: str) -> None:
    with pytest.raises(Invalid) as caught:
        send(key=key)
    assert [error.field for error in caught.value.fields] == ["Idempotency-Key"]
    assert Entry.objects.count() == 0


@pytest.mark.django_db
def test_a_request_that_failed_can_be_sent_again() -> None:
    with pytest.raises(ZeroDivisionError):
        replay_or_run(fail, actor="user:1", key="abc", method="POST", path="/api/v1/tasks", request_body=b"{}")
    assert (Key.objects.count(), Entry.objects.count()) == (0, 0)
    assert send().replayed is False


@pytest.mark.django_db
def test_old_keys_are_forgotten() -> None:
    for day, key in [(1, "old"), (8, "new")]:
        with clock.at(datetime(2026, 11, day, 2, tzinfo=UTC)):
            send(key=key)
    with clock.at(datetime(2026, 11, 8, 3, tzinfo=UTC) + timedelta(hours=1)):
        assert sweep_keys() == 1
    assert Key.objects.get().key == "new"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_acts_and_both_get_its_answer() -> None:
    gate = threading.Barrier(4)

    def press(number: int) -> Answer:
        try:
            gate.wait(10)
            return send(answer=Answer(201, str(number)))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(press, range(4)))
    assert len({one.body for one in answers}) == 1
    assert sorted(one.replayed for one in answers) == [False, True, True, True]
    assert Entry.objects.count() == 1
