"""An estate and a clock that stands at 10:00 on Friday 20 November 2026."""

import datetime as dt

import pytest
from factories.corrections import Estate
from factories.corrections import estate as make_estate


@pytest.fixture
def estate(db: None, moment: dt.datetime) -> Estate:
    """Four levels, one estate, its people."""
    return make_estate()
