"""The pictures of README and docs: the main screens in both languages, made from the demo.

They are written where they are missing, or all anew with WUYOU_PICTURES=1 (`make pictures`).
"""

import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from e2e.driving import DESK, PHONE, ROOT
from wuyou.kernel import clock

FOLDER = ROOT / "docs" / "pictures"
MOST = 150_000  # bytes of one picture
LANGUAGES = {"zh": "zh-hans", "en": "en"}
READMES = {"zh": "README.zh.md", "en": "README.md"}


@dataclass(frozen=True)
class Screen:
    """One picture: who looks at what, on what, and what must be seen."""

    name: str
    login: str
    address: str
    seen: str
    size: dict[str, int]
    theme: str = "light"
    before: Callable[[Page], None] | None = None


def first_plan(part: str) -> Callable[[Page], None]:
    """Go on to a page of the first plan in the list."""

    def go(page: Page) -> None:
        page.locator("tbody tr td a").first.click()
        page.wait_for_url(re.compile(r"/plan/\d+/"))
        page.goto(re.sub(r"(/plan/\d+/).*", rf"\1{part}", page.url))

    return go


def first_stair(page: Page) -> None:
    """Open the first group of the day."""
    page.locator(".day-part.tone-info .work-card:has(.many)").first.tap()


def compared_grades(page: Page) -> None:
    """Open the grades of the standard with the most clauses side by side."""
    page.locator("tbody tr", has_text="2004").first.locator("td a").first.click()
    page.wait_for_url(re.compile(r"/versions/\d+/"))
    page.goto(page.url.split("?")[0] + "compare/")


def first_month(page: Page) -> None:
    """Open the campus month before this one."""
    last = clock.today().replace(day=1) - timedelta(days=1)
    page.locator("tbody tr", has_text=f"{last:%Y-%m}").first.locator("td a").first.click()
    page.wait_for_url(re.compile(r"/appraisal/months/\d+/"))


SCREENS = (
    Screen("board", "jingli", "/board/", ".board-rows", DESK),
    Screen("compliance", "jingli", "/compliance/", "[data-chart] svg", DESK),
    Screen("review", "zhuguan", "/review/", ".wall img", DESK),
    Screen("workload", "jingli", "/plan/", "[data-chart] svg", DESK, before=first_plan("workload/")),
    Screen("year", "jingli", "/plan/", ".gantt", DESK, before=first_plan("year/")),
    Screen("map", "jingli", "/registry/places/map/", ".plan-zoom", DESK, theme="dark"),
    Screen("standards", "pinzhi", "/standards/", "table", DESK, before=compared_grades),
    Screen("imports", "jingli", "/registry/imports/", ".kind", DESK),
    Screen("corrections", "pinzhi", "/quality/findings/board/", ".kanban-card", DESK),
    Screen("score", "pinzhi", "/appraisal/?kind=contractor", ".arithmetic", DESK, before=first_month),
    Screen("today", "baojie", "/", ".work-card", PHONE),
    Screen("stair", "baojie", "/", ".ticks", PHONE, before=first_stair),
)


def slim(picture: bytes) -> bytes:
    """The same picture in 256 colours: a screen has few."""
    buffer = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@pytest.mark.parametrize("tongue", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_the_picture_shows_the_screen(visit, screen, tongue):
    page = visit(screen.login, screen.address, size=screen.size, theme=screen.theme, language=LANGUAGES[tongue])
    if screen.before:
        screen.before(page)
    expect(page.locator(screen.seen).first).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)  # charts draw themselves
    picture = slim(page.screenshot(animations="disabled", caret="hide"))
    assert 8_000 < len(picture) <= MOST
    file = FOLDER / f"{screen.name}.{tongue}.png"
    if not file.exists() or os.environ.get("WUYOU_PICTURES"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        file.write_bytes(picture)
    assert f"docs/pictures/{file.name}" in (ROOT / READMES[tongue]).read_text(encoding="utf8")
