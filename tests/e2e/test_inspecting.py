"""Inspecting on a phone: a self-check from its first tap to its findings, also when the network goes away."""

from playwright.sync_api import Page, expect

from e2e.driving import PHONE, shot, violations

SAVED = "已保存"
GONE = ("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")


def begin(page: Page, sheet: str) -> None:
    """A self-check with a sheet of that name."""
    page.goto("/quality/inspections/self-check/")
    page.locator("#id_sheet_version").select_option(label=sheet)
    page.locator("form.form button.primary").tap()
    page.wait_for_url("**/fill/1/")


def answer(page: Page) -> None:
    """Answer every question shown as somebody does who finds all in order, and wait until it is saved."""
    for question in page.locator(".question:visible").all():
        choices = question.locator(".choose label")
        if choices.count():
            good = question.locator(".choose label.pass, .choose label.\\35, .choose label.yes")
            (good if good.count() else choices).first.tap()
        elif question.locator(".unit input").count():
            question.locator(".unit input").fill("95" if question.locator("[inputmode=decimal]").count() else "张三")
            question.locator(".unit input").blur()
    expect(page.locator("#inspect-status")).to_contain_text(SAVED)


def test_a_self_check_becomes_a_finding_with_its_photo(visit):
    page = visit("jingli", size=PHONE)
    begin(page, "记录资料检查表")
    number = page.locator(".page-header .number, header .number").first.inner_text()
    answer(page)
    first = page.locator(".question").first
    first.locator("label.fail").tap()
    first.locator("textarea").fill("计划未盖章")
    first.locator("input[type=file]").first.set_input_files(shot(11))
    expect(first.locator(".photos img")).to_have_count(1)
    expect(page.locator("#inspect-status")).to_contain_text(SAVED)
    assert violations(page) == []
    for part in range(2, page.locator(".sections-bar a").count() + 1):
        page.locator("button[name=go]").tap()
        page.wait_for_url(f"**/fill/{part}/")
        answer(page)
    page.locator("button[name=go]").tap()
    page.wait_for_url("**/finish/")
    page.locator("#id_signed_as").fill("王经理")
    page.locator("form.form button.primary").tap()
    page.wait_for_url("**/quality/inspections/*/")
    expect(page.locator(".score-head b")).to_be_visible()
    expect(page.locator(".arithmetic > li > details > summary b")).to_be_visible()
    found = page.locator(".rows .row-link", has_text="计划未盖章")
    expect(found).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.goto(f"/quality/inspections/?q={number}")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_without_network_nothing_is_lost(visit, complaints):
    page = visit("jingli", size=PHONE)
    begin(page, "安全专项检查表(消防、电梯)")
    question = page.locator(".question").first
    page.context.set_offline(True)
    question.locator("label.pass").tap()
    expect(page.locator("#inspect-status")).to_contain_text("尚未保存")
    page.context.set_offline(False)
    expect(page.locator("#inspect-status")).to_contain_text(SAVED, timeout=30_000)
    page.reload()
    expect(page.locator(".question").first.locator("input[value=pass]")).to_be_checked()
    complaints[:] = [line for line in complaints if not any(words in line for words in GONE)]  # the browser notes it


def test_what_depends_on_an_answer_is_asked_after_it(visit):
    page = visit("jingli", size=PHONE)
    begin(page, "安全专项检查表(消防、电梯)")
    page.goto(page.url.replace("/fill/1/", "/fill/5/"))
    lifts, marks = page.locator("#item-lft1"), page.locator("#item-lft2")
    expect(marks).to_be_hidden()
    lifts.locator("label.yes").tap()
    expect(marks).to_be_visible()
    lifts.locator("label.no").tap()
    expect(marks).to_be_hidden()
