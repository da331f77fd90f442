"""What tests of draws share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def english() -> Iterator[None]:
    """Messages are read in English."""
    with translation.override("en"):
        yield
