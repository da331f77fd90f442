"""Eight writers on one project: no fork, no gap, on threads of their own connections."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from kernel.journal.writing import CHAIN, act, enter
from wuyou.kernel.journal import Verdict, verify
from wuyou.kernel.journal.models import Chain, Entry
from wuyou.kernel.transactions import unit_of_work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WRITERS, ACTIONS = 8, 25


def test_eight_writers_on_one_chain() -> None:
    def write(_number: int) -> None:
        try:
            for _ in range(ACTIONS):
                act(2)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    total = WRITERS * ACTIONS * 2
    assert verify() == Verdict(chains=1, entries=total)
    assert Chain.objects.get(key=CHAIN).head_seq == total
    assert Entry.objects.values("prev_hash").distinct().count() == total


def test_writers_of_two_chains_in_opposite_order_never_block_each_other_for_good() -> None:
    def write(chains: tuple[str, str]) -> None:
        try:
            for _ in range(ACTIONS):
                with unit_of_work():
                    for chain in chains:
                        enter(chain=chain)
        finally:
            connection.close()

    orders = [("project:1", "project:2"), ("project:2", "project:1")] * 2
    with ThreadPoolExecutor(len(orders)) as pool:
        list(pool.map(write, orders))
    assert verify() == Verdict(chains=2, entries=len(orders) * ACTIONS * 2)
