"""Handlers that live for one test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wuyou.kernel import jobs
from wuyou.kernel.jobs.handlers import forget

Declare = Callable[..., jobs.Handler[..., Any]]


@pytest.fixture
def declare() -> Iterator[Declare]:
    """Declare a handler under a name; it is forgotten after the test."""
    names: list[str] = []

    def declared(name: str, function: Callable[..., Any], **options: Any) -> jobs.Handler[..., Any]:
        made = jobs.handler(name, **options)(function)
        names.append(name)
        return made

    yield declared
    for name in names:
        forget(name)
