"""Appraisal's tests live on the second of April 2026, when March is appraised."""

from collections.abc import Iterator

import pytest
from factories.appraised import APRIL_2, Site, campus_site

from wuyou.kernel import clock


@pytest.fixture
def april() -> Iterator[None]:
    """The second of April 2026."""
    with clock.at(APRIL_2):
        yield


@pytest.fixture
def campus(db: None, april: None) -> Site:
    """A campus under its scheme."""
    return campus_site()
