"""What tests of statistics share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are read in English."""
    with translation.override("en"):
        yield
