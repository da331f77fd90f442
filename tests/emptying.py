"""Tests that really commit are emptied afterwards; the journal's triggers refuse that, so they are lifted meanwhile."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from wuyou.kernel.journal import guard


@pytest.fixture(autouse=True, scope="session")
def journal_may_be_emptied() -> Iterator[None]:
    """Wrap the tear-down of transactional tests: triggers away, tables emptied, triggers back."""
    teardown = TransactionTestCase._fixture_teardown

    def lifted(self: TransactionTestCase) -> None:
        guard.remove(connection)
        teardown(self)
        guard.install(connection)

    TransactionTestCase._fixture_teardown = lifted
    yield
    TransactionTestCase._fixture_teardown = teardown
