"""Who may come in and what they may do: invitation, second factor, lockout, the client's view; language and colours."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from e2e.driving import PASSWORD, enter

FRESH = "Anfang-2026-neu"  # the password somebody invited sets


def six_digits(secret: str) -> str:
    """What an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def invite(page: Page, login: str, name: str) -> str:
    """Invite somebody; gives the one-time code shown to the administrator."""
    page.goto("/org/users/invite/")
    form = page.locator("form.form")
    form.locator("[name='username']").fill(login)
    form.locator("[name='full_name']").fill(name)
    for choice in ("role", "node"):
        form.locator(f"[name='{choice}']").select_option(index=1)
    form.locator("button.primary").click()
    return page.locator(".code-once .big").inner_text().strip()


def test_somebody_invited_comes_in_with_a_code_and_then_a_second_factor(visit):
    code = invite(visit("admin", "/org/users/"), "xinren", "新员工")
    page = visit("", f"/join/?code={code}")
    page.locator("[name='password']").fill(FRESH)
    page.locator("[name='again']").fill(FRESH)
    page.locator("form.form button.primary").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    enter(page, "xinren", FRESH)
    page.wait_for_url(re.compile(r"/$"))
    page.goto("/accounts/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        page.locator("[name='password']").fill(FRESH)
        page.locator("form.form button.primary").click()
    secret = page.locator(".steps-list code").inner_text()
    page.locator("[name='code']").fill(six_digits(secret))
    page.locator("form.form button.primary").click()
    page.wait_for_url(re.compile("/accounts/2fa/(recovery-codes/.*)?$"))
    page.goto("/accounts/logout/")
    page.locator("main form button.primary, form.form button").first.click()
    page.wait_for_url(re.compile("/accounts/login/"))
    enter(page, "xinren", FRESH)
    page.wait_for_url(re.compile("/accounts/2fa/authenticate/"))
    page.locator("[name='code']").first.fill("000000")
    page.locator("form.form button.primary").first.click()
    expect(page.locator("[aria-invalid='true'], .errorlist").first).to_be_visible()


def test_devices_are_listed_and_the_others_logged_out(visit):
    first = visit("")
    enter(first, "chengshi")
    first.wait_for_url(re.compile(r"/$"))
    second = visit("")
    enter(second, "chengshi")
    second.wait_for_url(re.compile(r"/$"))
    second.goto("/accounts/sessions/")
    expect(second.locator("tbody tr")).to_have_count(2)
    second.locator("main form button.primary").click()
    expect(second.locator("tbody tr")).to_have_count(1)
    first.goto("/tasks/")
    first.wait_for_url(re.compile("/accounts/login/"))


def test_five_wrong_passwords_lock_the_door(visit, complaints):
    page = visit("", "/accounts/login/")
    for _try in range(5):
        enter(page, "qiantai", "falsch-falsch")
        expect(page.locator("form.form .form-alert, form.form .errorlist").first).to_be_visible()
    enter(page, "qiantai", PASSWORD)
    expect(page.locator("form.form .form-alert, form.form .errorlist, .error-page").first).to_be_visible()
    page.goto("/")
    page.wait_for_url(re.compile("/accounts/login/"))
    complaints[:] = [line for line in complaints if "429" not in line]


def test_the_client_looks_and_changes_nothing(visit, complaints):
    page = visit("jiafang", "/compliance/")
    expect(page.locator(".headline-value")).to_contain_text("%")
    acting = page.locator("main .page-header form[method='post'], main .page-header .primary, main .bulk")
    assert acting.count() == 0
    page.goto("/plan/")
    expect(page.locator("tbody tr").first).to_be_visible()
    assert acting.count() == 0
    for address in ("/org/users/", "/registry/people/", "/registry/imports/", "/system/jobs/", "/absence/new/"):
        assert page.goto(address).status == 403
    complaints[:] = [line for line in complaints if "403" not in line]


@pytest.mark.parametrize(("language", "words"), [("en", "My work"), ("zh-hans", "我的工作")])
def test_the_language_is_changed_at_once_and_stays(visit, language, words):
    page = visit("quyu", language="en" if language == "zh-hans" else "zh-hans")
    page.locator("summary:has(use[href$='#adjustments'])").click()
    page.locator(f"[name='language'][value='{language}'], button[value='{language}']").first.click()
    expect(page.locator(".side [aria-current='page']")).to_have_text(words)
    page.goto("/compliance/")
    expect(page.locator("html")).to_have_attribute("lang", re.compile(language[:2]))


def test_dark_colours_stay(visit):
    page = visit("quyu")
    page.locator("summary:has(use[href$='#adjustments'])").click()
    with page.expect_response(re.compile("preferences")):
        page.locator("[data-theme-choice][value='dark']").click()
    page.goto("/compliance/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_palette_finds_pages_and_records(visit):
    page = visit("jingli")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()
    page.locator("#palette-q").fill("宋平思")
    found = page.locator("#palette-list a[href*='/registry/staff/']").filter(has_text="宋平思")
    expect(found.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#palette-list a[aria-selected='true']")).to_have_count(1)
    found.first.click()
    page.wait_for_url(re.compile(r"/registry/staff/\d+/"))
    expect(page.locator("h1")).to_contain_text("宋平思")
