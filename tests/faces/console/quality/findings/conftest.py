"""An estate, its people's browsers, and a clock that stands at 10:00 on Friday 20 November 2026."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from factories.corrections import Estate
from factories.corrections import estate as make_estate

Browser = Callable[..., Client]


@pytest.fixture
def estate(db: None, moment: dt.datetime) -> Estate:
    """Four levels, one estate, its people."""
    return make_estate()


@pytest.fixture
def web(estate: Estate) -> Browser:
    """The browser of somebody of a role, in a language."""

    def open_as(role: str, language: str = "en") -> Client:
        client = Client()
        client.force_login(estate.user(role))
        client.cookies["django_language"] = language
        return client

    return open_as
