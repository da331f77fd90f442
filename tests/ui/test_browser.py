"""The components in a real Chromium: keyboard, phone, drawers, drafts, accessibility. Pictures go to $WUYOU_SHOTS."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from factories.org import UserFactory
from playwright.sync_api import Browser, Page, expect, sync_playwright

from wuyou.domains.org.models import User
from wuyou.ui.navigation import Group, Item, register

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("WUYOU_CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # the driver runs an event loop in this thread; the tests' own queries are made between its calls
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def complaints() -> list[str]:
    """What pages complained about."""
    return []


@pytest.fixture
def opened(browser, live_server, web, settings, empty_registries, complaints) -> Iterator[Opener]:
    """Open a page as the person who is logged in; what the page complains about fails the test."""
    settings.DEBUG = True
    register(
        Group(
            "try",
            "Try",
            1,
            [
                Item("people", "People", "users", "ui:projects", phone=True),
                Item("list", "Tasks", "checklist", "ui:gallery_list", phone=True),
            ],
        )
    )
    contexts = []

    def open_page(
        address: str, *, size: dict[str, int] = DESK, theme: str = "light", language: str = "zh-hans"
    ) -> Page:
        context = browser.new_context(
            viewport=size, has_touch=size is PHONE, is_mobile=size is PHONE, timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        cookies = {"sessionid": web.cookies["sessionid"].value, "theme": theme, "django_language": language}
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page = context.new_page()
        page.on(
            "console",
            lambda line: complaints.append(line.text) if line.type == "error" and "422" not in line.text else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def shot(page: Page, name: str) -> None:
    """Keep a picture when somebody wants to look."""
    folder = os.environ.get("WUYOU_SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong: rule and places."""
    page.evaluate(AXE.read_text(encoding="utf8"))
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    return [(rule["id"], [node["html"][:140] for node in rule["nodes"][:3]]) for rule in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    "address", ["/ui/gallery", "/ui/gallery/list?state=late", "/ui/gallery/form", "/accounts/2fa/", "/hidden"]
)
def test_pages_are_accessible_in_both_themes(opened, address, size, theme, complaints):
    page = opened(address, size=size, theme=theme)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    shot(page, f"{address.strip('/').replace('/', '-').split('?')[0]}-{'phone' if size is PHONE else 'desk'}-{theme}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    complaints[:] = [line for line in complaints if "403" not in line or address != "/hidden"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"])
def test_the_way_in_is_accessible(browser, live_server, address, size, theme):
    context = browser.new_context(viewport=size)
    context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + address)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    context.close()


def test_searching_replaces_the_table_and_keeps_the_typing(opened):
    for n in range(3):
        UserFactory(username=f"w{n}", full_name=f"王{n}")
    page = opened("/people")
    page.locator("#list-q").press_sequentially("王1")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/people\?q=%E7%8E%8B1&sort=login$"))
    expect(page.locator("#list-q")).to_be_focused()
    assert "q=%E7%8E%8B1" in page.locator("#list-export a").first.get_attribute("href")


def test_a_click_on_a_head_sorts_and_on_a_row_opens(opened):
    page = opened("/ui/gallery/list")
    page.get_by_role("link", name="编号").click()
    expect(page.locator("th[aria-sort='ascending']")).to_have_text("编号")
    expect(page.locator("tbody tr").first).to_contain_text("RW-JT-20261120-0001")
    page.locator("tbody tr").nth(2).locator("td").nth(3).click()
    expect(page).to_have_url(re.compile(r"/ui/gallery#case-3$"))


def test_ticked_rows_bring_the_bulk_bar_and_its_question(opened):
    page = opened("/ui/gallery/list")
    expect(page.locator(".bulk")).to_be_hidden()
    page.locator("input[name='id']").nth(0).check()
    page.locator("input[name='id']").nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-ticked]")).to_contain_text("4")
    page.get_by_role("button", name="跳过").click()
    expect(page.locator("#confirm")).to_be_visible()
    page.locator("#confirm [data-yes]").click()
    expect(page.locator(".toast")).to_contain_text("4")


def test_a_drawer_shows_errors_then_leads_on_with_a_message(opened):
    page = opened("/ui/gallery/list")
    page.get_by_role("link", name="新建任务").click()
    drawer = page.locator("#drawer")
    expect(drawer.locator("#drawer-title")).to_have_text("新建任务")
    drawer.locator("button.primary").click()
    expect(drawer.locator("[aria-invalid='true']").first).to_be_focused()
    drawer.locator("[name='title']").fill("冲突")
    drawer.locator("[name='place']").select_option("a1")
    drawer.locator("[name='due']").fill("2026-11-30")
    drawer.locator("[name='kind'][value='guard']").check()
    drawer.locator("button.primary").click()
    expect(drawer.locator(".form-alert")).to_contain_text("别人刚刚改过")
    assert violations(page) == []
    drawer.locator("[name='title']").fill("楼道清扫")
    drawer.locator("button.primary").click()
    expect(page.locator(".toast")).to_contain_text("任务已创建")
    expect(drawer).to_be_hidden()


def test_the_palette_by_keys(opened):
    page = opened("/ui/gallery/list", language="en")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    expect(page.locator("#palette-list a")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    assert violations(page) == []
    page.keyboard.type("peo")
    expect(page.locator("#palette-list a")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/ui/projects$"))
    page.keyboard.press("/")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()


def test_typed_text_survives_and_is_forgotten_once_sent(opened):
    page = opened("/name")
    page.locator("[name='name']").fill("World")
    page.locator("[name='note']").fill("long text")
    page.wait_for_timeout(500)
    page.reload()
    expect(page.locator("[name='note']")).to_have_value("long text")
    expect(page.locator(".draft-note")).to_be_visible()
    page.locator("form[data-draft] button.primary").click()
    expect(page).to_have_url(re.compile("/people$"))
    page.goto(page.url.replace("/people", "/name"))
    expect(page.locator("[name='note']")).to_have_value("")


def test_a_draft_can_be_thrown_away(opened):
    page = opened("/name")
    page.locator("[name='name']").fill("World")
    page.wait_for_timeout(500)
    page.reload()
    page.locator(".draft-note button").click()
    page.reload()
    expect(page.locator("[name='name']")).to_have_value("")


def test_two_presses_send_once(opened):
    page = opened("/name")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.locator("[name='name']").fill("World")
    page.locator("form[data-draft] button.primary").dblclick()
    expect(page).to_have_url(re.compile("/people$"))
    assert len(sent) == 1


def test_an_action_asks_for_a_reason_and_sends_it(opened):
    page = opened("/ui/gallery")
    bodies: list[str] = []
    page.on("request", lambda request: bodies.append(request.post_data or "") if request.method == "POST" else None)
    page.get_by_role("button", name="无法完成").click()
    page.locator("#confirm [data-yes]").click()
    expect(page.locator("#confirm-ask")).to_have_attribute("aria-invalid", "true")
    page.locator("#confirm-ask").fill("no key")
    page.locator("#confirm [data-yes]").click()
    page.wait_for_url(re.compile("/ui/gallery/form"))
    assert "reason=no+key" in bodies[0]


def test_colours_change_at_once_and_stay(opened, user):
    page = opened("/people")
    page.locator("summary:has(use[href$='#adjustments'])").click()
    with page.expect_response(lambda response: "preferences" in response.url):
        page.locator("[data-theme-choice][value='dark']").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert User.objects.get(pk=user.pk).theme == "dark"
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_job_is_asked_about_until_it_is_over(opened):
    page = opened("/ui/gallery")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "gallery/job" in request.url else None)
    expect(page.locator(".job.done")).to_be_visible(timeout=12_000)
    before = len(asked)
    page.wait_for_timeout(2_500)
    assert len(asked) == before


def test_charts_are_drawn_and_told(opened):
    page = opened("/ui/gallery")
    expect(page.locator("[data-chart]")).not_to_have_count(0)
    expect(page.locator("[data-chart] svg")).to_have_count(page.locator("[data-chart]").count())
    page.locator(".picture-table summary").first.click()
    expect(page.locator(".picture-table table").first).to_contain_text("96.8")


def test_a_plan_zooms_by_keys_and_lights_pin_and_entry(opened):
    page = opened("/ui/gallery")
    page.locator(".plan-zoom").wait_for()
    page.locator(".plan-list a").first.hover()
    expect(page.locator(".pin.lit")).to_have_count(1)
    page.locator(".pin").last.focus()
    page.keyboard.press("+")
    expect(page.locator("[data-world]")).to_have_attribute("transform", re.compile(r"scale\(1\.4\)"))


def test_photos_one_after_the_other(opened):
    page = opened("/ui/gallery")
    page.locator("a.photo").first.click()
    expect(page.locator("#lightbox p")).to_contain_text("1 / 8")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#lightbox p")).to_contain_text("2 / 8")
    page.keyboard.press("Escape")
    expect(page.locator("#lightbox")).to_be_hidden()


def test_a_phone_has_its_pages_at_the_bottom_and_the_rest_in_a_drawer(opened):
    page = opened("/ui/gallery/list", size=PHONE)
    expect(page.locator(".bottom a")).to_have_count(3)
    expect(page.locator("#side")).to_be_hidden()
    page.locator("[data-side]").tap()
    expect(page.locator("#side")).to_be_visible()
    page.locator(".side-veil").tap(position={"x": 370, "y": 400})
    expect(page.locator("#side")).to_be_hidden()


def test_what_a_thumb_must_hit_is_large_enough(opened):
    page = opened("/ui/gallery/list", size=PHONE)
    small = page.evaluate(
        """() => [...document.querySelectorAll(".bottom a, .button, .pages a, .segments a, input[type=search]")]
            .filter(one => one.offsetParent && one.getBoundingClientRect().height < 36)
            .map(one => one.outerHTML.slice(0, 90))"""
    )
    assert small == []
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 16


def test_the_keyboard_reaches_the_content_first(opened):
    page = opened("/people")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_pages_work_without_scripts(browser, live_server, web, settings):
    settings.DEBUG = True
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": web.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + "/ui/gallery/list")
    page.get_by_role("link", name="新建任务").click()
    expect(page.locator("form.form [name='title']")).to_be_visible()
    page.goto(live_server.url + "/ui/gallery")
    expect(page.locator(".plan-list li")).to_have_count(24)
    context.close()


def test_a_passkey_is_added_and_logs_in(browser, live_server, user):
    user.set_password("Wuyou2026!")
    user.save()
    context = browser.new_context()
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    home = live_server.url.replace("127.0.0.1", "localhost")
    page.goto(home + "/accounts/login/")
    page.locator("[name='login']").fill("spsi")
    page.locator("[name='password']").fill("Wuyou2026!")
    page.locator("form.form button.primary").click()
    page.goto(home + "/accounts/2fa/webauthn/add/")
    assert violations(page) == []  # the question for the password, once more
    page.locator("[name='password']").fill("Wuyou2026!")
    page.locator("form.form button.primary").click()
    page.locator("[name='passwordless']").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(re.compile("/accounts/2fa/(webauthn/|recovery-codes/.*)$"))
    context.clear_cookies(name="sessionid")
    page.goto(home + "/accounts/login/?next=/name")
    page.locator("#passkey_login").click()
    page.wait_for_url(re.compile("/name$"))
    context.close()
