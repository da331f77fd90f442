"""What tests of campaigns share: a company on Friday 20 November 2026, read in English."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import translation
from factories.campaigns import Company, company


@pytest.fixture
def at(moment: datetime, db: None) -> Iterator[Company]:
    """The company."""
    with translation.override("en"):
        yield company()
