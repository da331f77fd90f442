"""The API as a program and as a browser sees it."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from factories.everything import World, world


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> Iterator[None]:
    """Counts of requests start anew with every test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def at(db: None, moment: object) -> World:
    """One record of every kind."""
    return world()


@pytest.fixture
def api() -> Client:
    """A client without cookies that does not raise what the API should have answered."""
    return Client(raise_request_exception=True)
