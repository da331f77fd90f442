"""What every page is asked: a stranger logs in first, a colleague without the right is refused, a neighbour too."""

from typing import ClassVar

import pytest
from django.test import Client
from django.urls import reverse
from faces.console.estates import Estate, browser_of, lord_of
from factories.org import UserFactory

OK, LOG_IN = 200, 302
REFUSED = {403, 404}


class PageTest:
    """Subclass it with `pages`: URL name → how to find its arguments in the estate.

    Pages in `everybodys` show a neighbour their own rows instead of refusing.
    """

    pages: ClassVar[dict[str, object]] = {}
    everybodys: ClassVar[set[str]] = set()

    @pytest.fixture
    def estate(self, db: None) -> Estate:
        estate = Estate()
        for name in ("spot", "room", "person", "staff", "asset", "zone", "lord"):
            getattr(estate, name)
        return estate

    def address(self, name: str, estate: Estate) -> str:
        return reverse(name, args=[getattr(one, "pk", one) for one in self.pages[name](estate)])

    def test_a_stranger_is_sent_to_the_log_in(self, estate: Estate) -> None:
        stranger = Client()
        found = {name: stranger.get(self.address(name, estate)) for name in self.pages}
        assert {name: (r.status_code, r["Location"].split("?")[0]) for name, r in found.items()} == dict.fromkeys(
            self.pages, (LOG_IN, "/accounts/login/")
        )

    def test_a_colleague_without_the_right_is_refused(self, estate: Estate) -> None:
        colleague = browser_of(UserFactory())
        found = {name: colleague.get(self.address(name, estate)).status_code for name in self.pages}
        assert {name for name, status in found.items() if status not in REFUSED} == self.open_to_all()

    def test_a_neighbour_sees_nothing_of_the_estate(self, estate: Estate) -> None:
        neighbour = browser_of(lord_of(Estate(code="YX").project.node))
        found = {name: neighbour.get(self.address(name, estate)).status_code for name in self.pages}
        with_arguments = {name for name in self.pages if self.pages[name](estate)}
        assert {name for name in with_arguments if found[name] not in REFUSED} == set()

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_who_may_sees_the_page(self, estate: Estate, language: str) -> None:
        web = browser_of(estate.lord, language=language)
        found = {name: web.get(self.address(name, estate)).status_code for name in self.pages}
        assert found == dict.fromkeys(self.pages, OK)

    def open_to_all(self) -> set[str]:
        return self.everybodys
