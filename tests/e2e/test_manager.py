"""The project manager: from a figure down to the photo and the journal, the plan, workbooks, stickers."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from xlsxwriter import Workbook

HEADERS = ("类别", "名称", "片区", "面积(㎡)")  # of the estate's own workbook


def workbook(*rows: tuple[object, ...], headers: tuple[str, ...]) -> dict[str, object]:
    """An Excel file as somebody at the estate would make it."""
    buffer = io.BytesIO()
    with Workbook(buffer) as book:
        sheet = book.add_worksheet("公共区域")
        for number, row in enumerate((headers, *rows)):
            sheet.write_row(number, 0, row)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "公共区域补充.xlsx", "mimeType": kind, "buffer": buffer.getvalue()}


def test_a_figure_walks_down_to_the_photo_and_the_journal(visit):
    page = visit("jingli", "/compliance/")
    expect(page.locator(".headline-value")).to_contain_text("%")
    numbers = page.locator("tbody td a[href*='/tasks/']").filter(has_text=re.compile(r"^\s*[1-9]"))
    link = numbers.filter(visible=True).first
    count = int(re.sub(r"\D", "", link.inner_text()))
    link.click()
    expect(page.locator("tbody tr").filter(visible=True)).to_have_count(min(count, 50))
    page.goto("/compliance/")
    page.locator("tbody tr td a[href*='/compliance/clauses/']").first.click()
    expect(page.locator(".headline-value")).to_contain_text("%")
    expect(page.locator(".promise")).to_be_visible()
    page.goto("/tasks/?state=done&q=拖扫&sort=-done")
    page.locator("tbody tr td a").first.click()
    page.locator("a.photo").first.click()
    expect(page.locator("#lightbox img")).to_be_visible()
    assert page.evaluate("document.querySelector('#lightbox img').decode().then(() => true)")
    page.keyboard.press("Escape")
    expect(page.locator(".timeline .seal").first).to_contain_text(re.compile("[0-9a-f]{8}"))


@pytest.mark.parametrize("part", ["", "workload/", "calendar/", "year/", "matrix/", "lines/", "changes/"])
def test_the_plan_can_be_looked_at_from_every_side(visit, part):
    page = visit("jingli", "/plan/")
    page.locator("tbody tr td a").first.click()
    page.wait_for_url(re.compile(r"/plan/\d+/"))
    base = re.sub(r"(/plan/\d+/).*", r"\1", page.url)
    page.goto(base + part)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main .card, main .picture, main table").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def upload(page: Page, file: dict[str, object]) -> None:
    """Choose a file, confirm the columns, wait until every cell was read."""
    page.goto("/registry/imports/new/registry.places/")
    page.locator("input[type='file']").set_input_files(file)
    page.locator("main form.form button.primary").click()
    expect(page.locator(".map-cell").first).to_be_visible()
    page.locator("main form button.primary").last.click()
    expect(page.locator("main .stats, main .stat").first).to_be_visible(timeout=60_000)


def test_a_bad_workbook_is_explained_by_cell_then_a_good_one_loaded_and_taken_back(visit):
    page = visit("jingli", "/registry/imports/")
    upload(page, workbook(("公共卫生间", "演练卫生间1", "A区", "很多"), ("公共卫生间", "", "A区", 30), headers=HEADERS))
    wrong = page.locator("td:has(.tone-bad)")
    expect(wrong).to_have_count(2)
    expect(page.locator("td.mono").filter(has_text="很多")).to_be_visible()
    expect(page.locator("form[action$='/load/']")).to_have_count(0)
    rows = [("公共卫生间", f"演练卫生间{number}", "A区", 30 + number) for number in (1, 2)]
    upload(page, workbook(*rows, headers=HEADERS))
    expect(page.locator(".diff").first).to_be_visible()
    page.locator("form[action$='/load/'] button").click()
    expect(page.locator("form[action$='/undo/']")).to_be_visible(timeout=60_000)
    here = page.url
    page.goto("/registry/places/list/?q=演练卫生间")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.goto(here)
    page.locator("form[action$='/undo/'] button").click()
    page.locator("#confirm [data-yes]").click()
    expect(page.locator(".toast")).to_be_visible()
    page.goto("/registry/places/list/?q=演练卫生间")
    expect(page.locator("tbody tr")).to_have_count(0)


def test_stickers_come_as_a_pdf(visit):
    page = visit("jingli", "/registry/places/labels/")
    token = page.locator("main form [name='csrfmiddlewaretoken']").input_value()
    fields = page.locator("main form").evaluate("form => Object.fromEntries(new FormData(form))")
    answer = page.request.post(page.url, form=fields | {"csrfmiddlewaretoken": token}, headers={"Referer": page.url})
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
