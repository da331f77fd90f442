"""An estate, a sheet, a campaign that owes the estate an inspection, and an inspector of the city company."""

import datetime as dt

import pytest
from factories import inspections as made
from factories.corrections import Estate
from factories.corrections import estate as make_estate

from wuyou.domains.org.models import User
from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.models import Inspection, Target
from wuyou.domains.sheets.models import SheetVersion


@pytest.fixture
def estate(db: None, moment: dt.datetime) -> Estate:
    """Four levels, one estate, its people."""
    return make_estate()


@pytest.fixture
def sheet(estate: Estate) -> SheetVersion:
    """Two sections, seven items."""
    return made.sheet(made.specs(estate.clause.pk))


@pytest.fixture
def inspector(estate: Estate) -> User:
    """Of the city company."""
    return estate.user("city")


@pytest.fixture
def target(estate: Estate, sheet: SheetVersion, inspector: User) -> Target:
    """What is owed."""
    return made.target(estate, sheet, inspector=inspector)


@pytest.fixture
def begun(target: Target, inspector: User) -> Inspection:
    """Under way, nothing answered."""
    return actions.start_inspection(target, by=inspector)
