"""Every page of the menu in both languages and sizes opens, fits, complains of nothing; main ones are accessible."""

import re

import pytest
from playwright.sync_api import Page

from e2e.driving import DESK, PHONE, violations

MAIN = {  # held to axe as well
    "/", "/tasks/", "/board/", "/review/", "/compliance/", "/plan/", "/workload/", "/standards/",
    "/registry/places/", "/registry/staff/", "/registry/imports/", "/registry/rooms/", "/system/settings/",
}  # fmt: skip
OWN = ("/org/account/", "/notifications/")
BEHIND = {  # pages no menu names
    "jingli": ("/registry/places/map/", "/registry/places/labels/", "/registry/staff/teams/", "/bindings/",
               "/absence/new/", *OWN),
    "admin": ("/org/roles/", "/org/users/invite/", *OWN),
}  # fmt: skip
OVERFLOWING = """() => [...document.querySelectorAll("main *")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .filter(one => !one.closest(".table-scroll, svg, .tabs, .segments, [data-scroll]"))
    .map(one => one.outerHTML.slice(0, 120)).slice(0, 3)"""


def addresses(page: Page, login: str) -> list[str]:
    """What the menu offers this person, and some pages behind it."""
    found = page.locator("#side a[href^='/']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return list(dict.fromkeys([*found, *BEHIND[login]]))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("login", ["jingli", "admin"])
def test_every_page_opens_fits_and_complains_of_nothing(visit, login, size, language):
    page = visit(login, size=size, language=language)
    menu = addresses(page, login)
    assert len(menu) >= 12
    wrong: dict[str, object] = {}
    for address in menu:
        answer = page.goto(address)
        page.wait_for_load_state("networkidle")
        assert answer is not None
        found = (
            [f"status {answer.status}"] * (answer.status >= 400)
            + [f"wide {each}" for each in page.evaluate(OVERFLOWING)]
            + [
                f"scrolls to {width}"
                for width in [page.evaluate("document.documentElement.scrollWidth")]
                if width > size["width"]
            ]
            + ["another language"] * (page.evaluate("document.documentElement.lang.toLowerCase()") != language)
        )
        if login == "jingli" and address in MAIN:
            found += violations(page)
        if found:
            wrong[address] = found
    assert wrong == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("login", ["baojie", "zhuguan", "pinzhi", "jiafang"])
def test_what_others_see_first_is_accessible(visit, login, theme):
    page = visit(login, size=PHONE, theme=theme)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    card = page.locator("a.work-card").first
    if card.count():
        card.tap()
        page.wait_for_url(re.compile("/(together|tasks)/"))
        page.wait_for_load_state("networkidle")
        assert violations(page) == []
