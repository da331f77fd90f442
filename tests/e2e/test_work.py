"""The working day in the browser: cleaner and electrician on a phone, the supervisor at the desk."""

import re

from playwright.sync_api import Page, expect

from e2e.driving import PHONE, enter, shot

DONE = re.compile(r"(\d+)\s*/\s*(\d+)")


def done_today(page: Page) -> int:
    """The number of tasks finished, as the start page says it."""
    found = DONE.search(page.locator(".day-progress").inner_text())
    assert found, page.locator(".day-progress").inner_text()
    return int(found[1])


def pass_all(page: Page) -> None:
    """Answer the check list as somebody does who found everything in order."""
    for line in page.locator(".checklist > li").all():
        choices = line.locator(".choose label")
        if choices.count():
            choices.first.tap()


def test_a_cleaner_finishes_a_stair_in_three_taps(visit):
    page = visit("", "/accounts/login/", size=PHONE)
    enter(page, "baojie")
    expect(page.locator(".day-head h1")).to_contain_text("郭淑春")
    before = done_today(page)
    stair = page.locator(".day-part.tone-info .work-card:has(.many)").first
    count = int(re.sub(r"\D", "", stair.locator(".many").inner_text()))
    stair.tap()  # first tap: the stair
    expect(page.locator(".ticks input")).to_have_count(count)
    page.locator("#proof input[capture]").set_input_files(shot(1))  # second tap: the camera
    expect(page.locator("#proof a.photo")).to_have_count(1)
    pass_all(page)
    page.locator(".thumb-bar .primary").tap()  # third tap: done
    expect(page.locator(".toast")).to_contain_text(str(count))
    assert done_today(page) >= before
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.goto("/tasks/?state=done&sort=-done")
    expect(page.locator("tbody tr").first).to_be_visible()


def test_a_photo_that_is_no_photo_is_refused_and_nothing_is_lost(visit, complaints):
    page = visit("baojie", size=PHONE)
    page.locator(".work-card:has(.many)").first.tap()
    page.locator("#id_note").fill("门口有积水")
    fake = {"name": "IMG_2.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7 not a photo"}
    page.locator("#proof input[capture]").set_input_files(fake)
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator("#proof a.photo")).to_have_count(0)
    expect(page.locator("#id_note")).to_have_value("门口有积水")
    complaints[:] = [line for line in complaints if "415" not in line]  # the browser notes the refusal


def test_an_implausible_reading_is_kept_and_marked(visit):
    page = visit("diangong", size=PHONE)
    expect(page.locator(".work-card").first).to_be_visible()
    addresses = [card.get_attribute("href") for card in page.locator("a.work-card[href^='/tasks/']").all()]
    for address in addresses[:12]:
        page.goto(address)
        hint = page.locator(".checklist li:has(input[inputmode='decimal']) .ask small")
        is_own = not page.locator("form[action$='/step/claim/']").count()
        if is_own and hint.count():
            break
    expect(hint.first).to_contain_text(re.compile(r"\d"))
    title = page.locator("h1").inner_text()
    for number in page.locator(".checklist input[inputmode='decimal']").all():
        number.fill("99999")
    for text in page.locator(".checklist input[type='text']:not([inputmode])").all():
        text.fill("正常")
    pass_all(page)
    page.locator("#proof input[capture]").set_input_files(shot(3))
    expect(page.locator("#proof a.photo").first).to_be_visible()
    here = page.url
    page.locator(".thumb-bar .primary").tap()
    expect(page.locator(".toast")).to_contain_text(title[:4])
    page.goto(here)
    expect(page.locator(".checklist .badge").first).to_be_visible()


def test_the_supervisor_judges_photos_from_the_keyboard(visit):
    page = visit("zhuguan", "/review/")
    wall = page.locator("[data-wall] > li")
    expect(wall.first).to_be_focused()
    assert wall.count() > 3
    page.keyboard.press("a")
    expect(wall.nth(0).locator(".acts .badge")).to_be_visible()
    expect(wall.nth(1)).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#confirm")).to_be_visible()
    page.locator("#confirm-ask").fill("照片模糊")
    page.keyboard.press("Enter")
    expect(wall.nth(1).locator(".acts .tone-bad")).to_be_visible()
    page.goto("/tasks/?state=rejected")
    expect(page.locator("tbody tr").first).to_be_visible()


def test_work_of_somebody_away_goes_to_colleagues(visit):
    page = visit("zhuguan", "/absence/new/")
    form = page.locator("form.form")
    options = form.locator("[name='staff'] option").all_inner_texts()
    who = next(option for option in options if "保洁员" in option)
    form.locator("[name='staff']").select_option(label=who)
    form.locator("[name='kind']").select_option(index=1)
    form.locator("button.primary").click()
    expect(page.locator("ul.rows b.num").first).to_contain_text(re.compile(r"\d"))
    page.locator("form button.primary").click()
    expect(page.locator(".toast")).to_contain_text(re.compile(r"\d"))
    expect(page.locator("tbody")).to_contain_text(who.split(" · ")[0])


def test_the_board_shows_the_day_person_by_person(visit):
    page = visit("zhuguan", "/board/")
    rows = page.locator(".board-rows tbody tr")
    assert rows.count() >= 20
    late = page.locator(".board-rows td a.text-bad").first
    wanted = late.inner_text() if late.count() else None
    page.locator(".day-nav a").first.click()
    expect(page).to_have_url(re.compile("day="))
    page.go_back()
    if wanted:
        late.click()
        expect(page.locator("tbody tr")).to_have_count(min(int(wanted), 50))
