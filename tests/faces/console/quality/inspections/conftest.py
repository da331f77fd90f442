"""An estate with an inspection owed, and browsers of its people."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from factories import inspections as made
from factories.corrections import Estate
from factories.corrections import estate as make_estate

from wuyou.domains.org.models import User
from wuyou.domains.quality.actions import inspections as actions
from wuyou.domains.quality.models import Inspection, Target


@pytest.fixture
def estate(db: None, moment: dt.datetime) -> Estate:
    """Four levels, one estate, its people."""
    return make_estate()


@pytest.fixture
def target(estate: Estate) -> Target:
    """What the city company owes."""
    return made.target(estate, made.sheet(made.specs(estate.clause.pk)), inspector=estate.user("city"))


@pytest.fixture
def begun(estate: Estate, target: Target) -> Inspection:
    """Under way."""
    return actions.start_inspection(target, by=estate.user("city"))


@pytest.fixture
def web(estate: Estate) -> Callable[..., Client]:
    """A browser of somebody of a standard role, or of anybody."""

    def open_as(who: str | User = "city", language: str = "en") -> Client:
        client = Client()
        client.force_login(estate.user(who) if isinstance(who, str) else who)
        client.cookies["django_language"] = language
        return client

    return open_as
