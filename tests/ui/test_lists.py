"""The list page: filters, order, columns, views, bulk actions, export."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone
from factories.org import AssignmentFactory, UserFactory
from python_calamine import CalamineWorkbook

from wuyou.domains.org.models import SavedView, User
from wuyou.kernel import clock
from wuyou.kernel.journal.models import Entry
from wuyou.ui.lists import cells
from wuyou.ui.lists.columns import Column
from wuyou.ui.lists.parts import MOST_COUNTED, Pages

PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "list-body"}


@pytest.fixture
def english(web: Client) -> Client:
    web.cookies["django_language"] = "en"
    return web


@pytest.fixture
def people(user: User) -> list[User]:
    return [
        UserFactory(username=f"p{n:02d}", full_name=f"Person {n:02d}", language="en" if n % 2 else "zh-hans")
        for n in range(60)
    ]


def names(response) -> list[str]:
    return [row.full_name for row in response.context["pages"].items]


def test_a_page_has_fifty_rows_in_the_default_order(english, people):
    response = english.get("/people")
    assert len(names(response)) == 50
    assert names(response)[:2] == ["Person 00", "Person 01"]
    assert "1–50 of 61" in response.text
    assert names(english.get("/people?page=2")) == [*(f"Person {n}" for n in range(50, 60)), "宋平思"]


@pytest.mark.parametrize("page", ["99", "x", "-1", "9" * 30, "0"])
def test_a_page_that_is_not_there_is_the_nearest(english, people, page):
    assert english.get(f"/people?page={page}").context["pages"].number in {1, 2}


def test_the_number_of_queries_does_not_grow_with_the_rows(english, user, django_assert_max_num_queries):
    english.get("/people")  # the device is noted once
    with django_assert_max_num_queries(8) as one:
        english.get("/people")
    for n in range(50):
        UserFactory(username=f"q{n}")
    with django_assert_max_num_queries(8) as many:
        english.get("/people")
    assert len(many) == len(one)


def test_filters_become_chips_that_lead_to_the_list_without_them(english, people):
    response = english.get("/people?language=en&theme=auto&is_active=true&created_after=2020-01-01&sort=-login")
    chips = [(chip.label, chip.value, chip.remove) for chip in response.context["chips"]]
    assert chips == [
        ("Language", "English", "?theme=auto&is_active=true&created_after=2020-01-01&sort=-login"),
        ("Theme", "As the device", "?language=en&is_active=true&created_after=2020-01-01&sort=-login"),
        ("Active", "Yes", "?language=en&theme=auto&created_after=2020-01-01&sort=-login"),
        ("Created", "1 Jan 2020 – …", "?language=en&theme=auto&is_active=true&sort=-login"),
    ]
    assert names(response)[0] == "Person 59"
    assert response.context["clear_url"] == "?sort=-login"


def test_a_chip_names_the_chosen_record(english, user):
    role = user.assignments.get().role
    response = english.get(f"/people?granted={role.pk}")
    assert names(response) == ["宋平思"]
    assert [chip.value for chip in response.context["chips"]] == [role.name_zh]


def test_a_wrong_filter_value_filters_nothing_and_says_so(english, people):
    response = english.get("/people?theme=pink")
    assert response.context["pages"].total == 61
    assert "pink" in response.text


def test_search_and_nothing_found(english, people):
    assert names(english.get("/people", {"q": "Person 07"})) == ["Person 07"]
    response = english.get("/people", {"q": "nobody at all"})
    assert "Nothing fits these filters" in response.text


def test_nothing_at_all_offers_what_to_do(english, user, monkeypatch):
    monkeypatch.setattr("ui.urls.People.rows", lambda _self: User.objects.none())
    response = english.get("/people")
    assert "Nobody yet" in response.text
    assert "Invite somebody." in response.text


def test_an_unknown_column_or_order_is_ignored(english, people):
    response = english.get("/people?sort=password&cols=name,secret")
    assert response.context["list"].sort == "login"
    assert [column.code for column in response.context["list"].chosen] == ["name"]
    assert english.get("/people?sort=email").context["list"].sort == "login"  # there, but not to be sorted by


def test_columns_that_are_always_there_stay(english, people):
    chosen = english.get("/people?cols=pk&cols=login").context["list"].chosen
    assert [column.code for column in chosen] == ["name", "login", "pk"]


def test_a_head_turns_the_order_around(english, people):
    heads = {head["column"].code: head for head in english.get("/people?sort=login&page=2").context["heads"]}
    assert (heads["login"]["sorted"], heads["login"]["url"]) == ("ascending", "?sort=-login")
    assert (heads["name"]["sorted"], heads["name"]["url"]) == ("", "?sort=name")
    assert heads["email"]["url"] == ""


def test_the_table_alone_for_htmx(english, people):
    response = english.get("/people?q=Person", **PART)
    assert "<html" not in response.text
    assert "Person 01" in response.text
    assert 'hx-swap-oob="true"' in response.text  # the export links follow the search
    assert "HX-Target" in response["Vary"]


def test_a_preset_is_marked_when_it_is_what_is_shown(english, people):
    assert [current for _preset, _url, current in english.get("/people?language=en&sort=name").context["presets"]] == [
        True
    ]
    assert [current for _preset, _url, current in english.get("/people").context["presets"]] == [False]


def test_a_list_may_be_refused(english):
    response = english.get("/hidden")
    assert response.status_code == 403
    assert "not for you" in response.text


def test_text_from_records_is_escaped(english, user):
    UserFactory(username="aaa", full_name="<script>alert(1)</script>")
    response = english.get("/people")
    assert "<script>alert" not in response.text
    assert "&lt;script&gt;alert(1)" in response.text


# --- views


def test_a_view_is_kept_offered_and_dropped(english, user):
    english.post("/people?language=en&page=2", {"save-view": "1", "name": "English ones", "shared": "on"})
    view = SavedView.objects.get()
    assert (view.user, view.page, view.name, view.query, view.is_shared) == (
        user,
        "test.people",
        "English ones",
        "language=en",
        True,
    )
    assert 'href="?language=en">' in english.get("/people").text
    english.post("/people", {"forget-view": str(view.pk)})
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused(english, user):
    response = english.post("/people", {"save-view": "1", "name": " "}, follow=True)
    assert "A view needs a name." in response.text
    assert not SavedView.objects.exists()


def test_nobody_drops_the_view_of_another(english, user, group):
    colleague = AssignmentFactory(node=group).user
    theirs = SavedView.objects.create(user=colleague, page="test.people", name="x", query="", is_shared=True)
    assert english.post("/people", {"forget-view": str(theirs.pk)}).status_code == 403
    assert english.post("/people", {"forget-view": "999999"}).status_code == 404
    assert SavedView.objects.count() == 1


# --- many rows at once


def test_a_bulk_action_runs_on_the_ticked_rows(english, people):
    ids = [people[0].pk, people[1].pk]
    response = english.post("/people?sort=name", {"bulk": "dark", "id": ids}, follow=True)
    assert response.redirect_chain == [("/people?sort=name", 302)]
    assert "2 changed" in response.text
    assert set(User.objects.filter(theme="dark").values_list("pk", flat=True)) == set(ids)


def test_a_bulk_action_runs_on_all_that_fit(english, people):
    english.post("/people?language=en", {"bulk": "dark", "all": "1", "id": people[0].pk})
    assert set(User.objects.filter(theme="dark")) == set(User.objects.filter(language="en"))


def test_a_bulk_action_asks_what_it_needs_to_know(english, people):
    ids = [person.pk for person in people[:3]]
    asked = english.post("/people", {"bulk": "theme", "id": ids})
    assert asked.status_code == 200
    assert [row.pk for row in asked.context["rows"]] == ids
    assert "3 rows selected" in asked.text
    wrong = english.post("/people", {"bulk": "theme", "id": ids, "confirmed": "1", "theme": "pink"})
    assert wrong.status_code == 422
    english.post("/people", {"bulk": "theme", "id": ids, "confirmed": "1", "theme": "dark"})
    assert User.objects.filter(theme="dark").count() == 3


@pytest.mark.parametrize("ids", [[], ["x"], ["-1"], ["99999999"]])
def test_a_bulk_action_without_rows_says_so(english, people, ids):
    response = english.post("/people", {"bulk": "dark", "id": ids}, follow=True)
    assert "Nothing was selected." in response.text
    assert not User.objects.filter(theme="dark").exists()


def test_a_bulk_action_that_fails_says_why(english, people):
    response = english.post("/people", {"bulk": "refuse", "id": [people[0].pk]}, follow=True)
    assert "somebody was faster" in response.text


def test_an_unknown_bulk_action_is_missing(english, people):
    assert english.post("/people", {"bulk": "delete", "id": [people[0].pk]}).status_code == 404


# --- as a file


def test_the_export_holds_the_same_rows_and_columns(english, people, project):
    response = english.get("/people?language=en&cols=login,created&sort=-name&export=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert sheet[0] == ["Name", "Login", "Created"]
    assert [row[1] for row in sheet[1:3]] == ["p59", "p57"]
    assert len(sheet) == 31
    made = clock.local(people[59].created_at).replace(tzinfo=None, second=0, microsecond=0)
    assert sheet[1][2].replace(second=0, microsecond=0) == made
    assert response["Content-Disposition"].startswith("attachment; filename*=UTF-8''People-")


def test_an_export_is_in_the_journal_without_values(english, people, project):
    english.get("/people?q=Person&language=en&export=csv")
    entry = Entry.objects.get(verb="ui.list_exported")
    assert (entry.subject_kind, entry.subject_id, entry.actor_label) == ("list", "test.people", "宋平思")
    assert json.loads(entry.data) == {"kind": "csv", "rows": 30, "filters": ["language", "q"]}


def test_the_journal_entry_stands_in_the_chain_of_the_chosen_project(english, people, project):
    english.get("/people?project=JT")
    english.get("/people?export=csv")
    assert Entry.objects.get(verb="ui.list_exported").chain.key == f"project:{project.pk}"


def test_the_csv_says_who_took_it(english, people):
    text = english.get("/people?q=Person+01&export=csv").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "Name,Login,E-mail,State"
    assert lines[1].startswith("Person 01,p01,,active")
    assert "Exported by 宋平思 (spsi)" in lines[2]


def test_an_unknown_kind_of_file_is_refused(english, people):
    assert english.get("/people?export=exe").status_code == 415


def test_too_many_rows_are_refused(english, people, monkeypatch):
    monkeypatch.setattr("wuyou.ui.lists.export.MOST_EXPORTED", 10)
    response = english.get("/people?export=csv")
    assert response.status_code == 413
    assert "More than 10 rows fit" in response.text
    assert not Entry.objects.filter(verb="ui.list_exported").exists()


def test_somebody_without_any_role_exports_nothing(client, db):
    client.force_login(UserFactory())
    assert client.get("/people?export=csv").status_code == 403


# --- parts


def test_counting_stops_at_ten_thousand(db):
    pages = Pages(range(MOST_COUNTED + 500), number=1)
    assert (pages.total, pages.is_more, pages.last) == (MOST_COUNTED, True, 200)
    assert not Pages(range(MOST_COUNTED), number=1).is_more


@pytest.mark.parametrize(
    ("number", "total", "around"),
    [
        (1, 10, [1]),
        (1, 500, [1, 2, None, 10]),
        (5, 500, [1, None, 4, 5, 6, None, 10]),
        (10, 500, [1, None, 9, 10]),
        (1, 0, [1]),
    ],
)
def test_pages_around(number, total, around):
    assert Pages(range(total), number=number).around == around


def test_an_empty_list_has_no_first_row():
    pages = Pages([], number=3)
    assert (pages.number, pages.first_row, pages.last_row, pages.items) == (1, 0, 0, [])


def test_cells_show_nothing_as_a_dash_and_what_is_late_in_red(moment):
    assert (
        cells.moment(None) == cells.day(None) == cells.yuan(None) == cells.number(None) == cells.mono("") == cells.BLANK
    )
    assert "text-bad" in cells.due(datetime(2026, 11, 20, 1, 0, tzinfo=UTC))
    assert "text-bad" not in cells.due(datetime(2026, 11, 20, 3, 0, tzinfo=UTC))
    assert cells.due(None) == cells.BLANK
    assert cells.yuan(1250) == "¥12.50"
    assert cells.number(1250) == "1,250"
    assert "2026-11-20" in cells.day(timezone.localdate(moment))


def test_cells_escape():
    assert cells.two_lines("<b>", "&") == '<span class="two">&lt;b&gt;<small>&amp;</small></span>'
    assert cells.link("<", "/?a=1&b=2") == '<a href="/?a=1&amp;b=2">&lt;</a>'
    assert "width:50%" in cells.bar(5, 10)
    assert "width:0%" in cells.bar(5, 0)
    with pytest.raises(ValueError, match="pink"):
        cells.badge("x", "pink")


def test_a_column_without_a_value_has_no_link():
    column = Column("a", "A", lambda row: row, link=lambda row: "/x")
    assert column.content("") == cells.BLANK
    assert column.content("y") == '<a href="/x">y</a>'


def test_a_descending_column_turns_each_of_its_fields():
    assert Column("a", "A", str, sort=("x", "-y")).order(is_descending=True) == ["-x", "y"]
    assert Column("a", "A", str, sort=("x", "-y")).order(is_descending=False) == ["x", "-y"]
