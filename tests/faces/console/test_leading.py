"""Notices lead to the pages of their records."""

import pytest
from django.urls import reverse

from wuyou.faces.console.leading import PAGES, address_of


@pytest.mark.parametrize("kind", sorted(PAGES))
def test_every_kind_has_a_page(kind: str) -> None:
    assert address_of(f"{kind}:7") == reverse(PAGES[kind], args=[7])


@pytest.mark.parametrize(
    ("url", "expected"),
    [("/work/tasks/", "/work/tasks/"), ("", ""), ("plan:3", ""), ("finding:x", ""), ("finding", "")],
)
def test_addresses_stay_and_the_rest_leads_nowhere(url: str, expected: str) -> None:
    assert address_of(url) == expected
