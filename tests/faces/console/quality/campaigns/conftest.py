"""What tests of the pages of campaigns share: a company and a browser of anybody in it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from factories.campaigns import Company, company

from wuyou.domains.org.models import User


@pytest.fixture
def at(moment: datetime, db: None) -> Company:
    """The company, on Friday 20 November 2026."""
    return company()


@pytest.fixture
def web(at: Company) -> Callable[..., Client]:
    """A browser of the group's quality centre, or of somebody else."""

    def open_as(user: User | None = None, language: str = "en") -> Client:
        client = Client()
        client.force_login(user or at.quality)
        client.cookies["django_language"] = language
        return client

    return open_as
