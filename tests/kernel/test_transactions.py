"""One action, one transaction; what must happen last happens once, just before commit."""

import contextlib

import pytest
from django.db import connection, transaction

from wuyou.kernel.numbering.models import Counter
from wuyou.kernel.transactions import action, before_commit, commit_hooks, kept_in_unit, unit_of_work

pytestmark = pytest.mark.django_db


class RefusedError(Exception):
    """Raised by the actions of these tests."""


def write(prefix: str) -> None:
    Counter.objects.create(prefix=prefix, scope="P", day="2026-11-20", last=1)


def written() -> list[str]:
    return sorted(Counter.objects.values_list("prefix", flat=True))


@action
def write_and_fail(prefix: str) -> None:
    """An action that fails after its write."""
    write(prefix)
    raise RefusedError


def test_an_action_gives_what_its_function_gives() -> None:
    @action
    def add(one: int, *, other: int) -> int:
        """Adds."""
        return one + other

    assert (add(1, other=2), add.__name__, add.__doc__) == (3, "add", "Adds.")


def test_a_failed_action_writes_nothing() -> None:
    with pytest.raises(RefusedError):
        write_and_fail("A")
    assert written() == []


def test_a_failed_inner_action_is_undone_alone() -> None:
    with unit_of_work():
        write("A")
        with contextlib.suppress(RefusedError):
            write_and_fail("B")
        write("C")
    assert written() == ["A", "C"]


def test_a_closer_runs_once_at_the_outermost_end() -> None:
    ran: list[str] = []
    with unit_of_work():
        with unit_of_work():
            before_commit("x", lambda: ran.append("first"))
        before_commit("x", lambda: ran.append("second"))
        assert ran == []
    assert ran == ["first"]


def test_a_closer_is_part_of_the_transaction() -> None:
    def close() -> None:
        write("A")
        raise RefusedError

    with pytest.raises(RefusedError), unit_of_work():
        before_commit("x", close)
    assert written() == []


def test_a_closer_may_ask_for_another() -> None:
    ran: list[str] = []

    def close() -> None:
        ran.append("a")
        before_commit("b", lambda: ran.append("b"))

    with unit_of_work():
        before_commit("a", close)
    assert ran == ["a", "b"]


def test_no_closer_runs_after_a_failure() -> None:
    ran: list[str] = []
    with contextlib.suppress(RefusedError), unit_of_work():
        before_commit("x", lambda: ran.append("x"))
        raise RefusedError
    assert ran == []


def test_what_a_unit_keeps_is_made_once_and_gone_with_it() -> None:
    with unit_of_work():
        first = kept_in_unit("list", list)
        with unit_of_work():
            assert kept_in_unit("list", list) is first
    with unit_of_work():
        assert kept_in_unit("list", list) is not first


def test_nothing_of_this_outside_a_unit() -> None:
    for use in (lambda: before_commit("x", list), lambda: kept_in_unit("x", list), commit_hooks):
        with pytest.raises(RuntimeError, match="call it from an action"):
            use()


def test_only_the_hooks_of_the_unit_that_were_not_undone_are_seen() -> None:
    def earlier() -> None: ...
    def undone() -> None: ...
    def kept() -> None: ...

    transaction.on_commit(earlier)
    with unit_of_work():
        with contextlib.suppress(RefusedError), unit_of_work():
            transaction.on_commit(undone)
            raise RefusedError
        transaction.on_commit(kept)
        assert commit_hooks() == [kept]
    assert [hook[1] for hook in connection.run_on_commit] == [earlier, kept]
