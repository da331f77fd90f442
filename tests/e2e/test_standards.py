"""The group's quality centre: the library, grades side by side, a new version and what it changes."""

import re

from playwright.sync_api import expect


def test_a_standard_is_read_and_its_grades_compared(visit):
    page = visit("pinzhi", "/standards/")
    page.locator("tbody tr", has_text="2004").first.locator("td a").first.click()
    page.wait_for_url(re.compile(r"/standards/versions/\d+/"))
    expect(page.locator(".clause-code").first).to_be_visible()
    page.goto(page.url.split("?")[0] + "compare/")
    lines = page.locator("tbody tr")
    everything = lines.count()
    page.locator("nav.segments a", has_text=re.compile("不同|有差异|Different")).click()
    expect(page.locator("td.differs").first).to_be_visible()
    assert 0 < lines.count() < everything
    page.locator("[name='grade']").nth(1).uncheck()
    page.locator("[name='grade']").nth(2).check()
    page.locator("form.list-tools button").click()
    expect(page.locator("thead th")).to_have_count(4)


def test_a_new_version_is_drafted_and_compared_with_the_one_in_force(visit):
    page = visit("pinzhi", "/standards/")
    row = page.locator("tbody tr", has_text=re.compile("校园|campus", re.IGNORECASE)).first
    row.locator("td a").first.click()
    page.wait_for_url(re.compile(r"/standards/versions/\d+/"))
    issued = page.url.split("?")[0]
    draft = page.locator("main form[action$='/next/'] button").first
    if not draft.is_visible():
        page.locator(".page-header details[data-menu] summary").click()
    draft.click()
    if page.locator("#confirm").is_visible():
        page.locator("#confirm [data-yes]").click()
    page.wait_for_url(lambda url: "/standards/versions/" in url and not url.startswith(issued))
    draft_page = page.url.split("?")[0]
    assert page.locator(".clause-code").count() > 10
    page.goto(draft_page + "compare/?with=" + re.search(r"(\d+)/$", issued)[1])
    expect(page.locator("main .empty")).to_be_visible()  # nothing changed yet
