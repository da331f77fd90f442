"""The shell: who sees what in it, languages and colours, errors as pages, security headers."""

import json
import logging
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client, RequestFactory
from django.utils import translation
from factories.org import UserFactory

from wuyou.domains.org.models import User
from wuyou.kernel import clock, search
from wuyou.kernel.errors import Denied
from wuyou.kernel.transactions import unit_of_work
from wuyou.ui import navigation, palette
from wuyou.ui.navigation import Group, Item
from wuyou.ui.visitor import user_of

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/people?q=1"}


@pytest.fixture
def english(web: Client) -> Client:
    web.cookies["django_language"] = "en"
    return web


@pytest.fixture
def menu(empty_registries: None) -> None:
    navigation.register(
        Group(
            "b",
            "Second",
            20,
            [
                Item("hidden", "Only for managers", "lock", "ui:projects", "org.manage_users"),
                Item("projects", "Projects", "building", "ui:projects"),
            ],
        )
    )
    navigation.register(
        Group("a", "First", 10, [Item("search", "Search", "search", "ui:palette", "org.view_journal", phone=True)])
    )


# --- navigation


def test_navigation_is_ordered_permitted_and_marked(english, menu):
    response = english.get("/ui/projects")
    seen = [
        (group.label, [(link.item.code, link.current) for link in links]) for group, links in response.context["menu"]
    ]
    assert seen == [("First", [("search", False)]), ("Second", [("projects", True)])]
    assert [link.item.code for link in response.context["bottom"]] == ["search"]
    assert "Only for managers" not in response.text


def test_an_item_registered_again_replaces_the_first(menu):
    navigation.register(Group("a", "First", 10, [Item("search", "Find", "search", "ui:palette")]))
    assert [(item.code, item.label) for item in navigation.groups()[0].items] == [("search", "Find")]


def test_a_stranger_has_no_navigation(client, db, menu):
    response = client.get("/accounts/login/")
    assert "Projects" not in response.text
    assert response.status_code == 200


def test_a_stranger_is_nobody():
    request = RequestFactory().get("/")
    request.user = None
    with pytest.raises(Denied):
        user_of(request)


# --- project


def test_switching_the_project_keeps_it_for_the_session(english, project):
    response = english.post("/ui/projects/switch", {"project": "JT", "next": "/people?page=3"})
    assert response["Location"] == "/people"  # the filters of one project mean nothing in another
    assert english.get("/people").context["scope"].project == project
    english.post("/ui/projects/switch", {"project": "all"})
    assert english.get("/people").context["scope"].project is None


def test_the_address_may_name_the_project(english, project):
    assert english.get("/people?project=JT").context["scope"].project == project
    assert english.get("/people").context["scope"].project == project
    assert english.get("/people?project=all").context["scope"].project is None


def test_nobody_switches_to_a_project_they_do_not_see(client, project):
    client.force_login(UserFactory())
    client.post("/ui/projects/switch", {"project": "JT"})
    assert client.get("/people").context["scope"].project is None


def test_the_list_of_projects_as_part_and_as_page(english, project):
    assert "<html" in english.get("/ui/projects").text
    part = english.get("/ui/projects", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="project-list")
    assert "<html" not in part.text
    assert "久泰家园" in part.text


@pytest.mark.parametrize("target", ["https://elsewhere.example/x", "//elsewhere.example/x", "javascript:alert(1)"])
def test_small_forms_lead_back_only_to_our_own_pages(english, project, target):
    assert english.post("/ui/projects/switch", {"project": "JT", "next": target})["Location"] == "/"


# --- language and colours


def test_preferences_are_kept_in_cookies_and_with_the_user(english, user):
    response = english.post("/ui/preferences", {"language": "en", "theme": "dark", "next": "/people?q=1"})
    assert response["Location"] == "/people?q=1"
    assert (response.cookies["django_language"].value, response.cookies["theme"].value) == ("en", "dark")
    user.refresh_from_db()
    assert (user.language, user.theme) == ("en", "dark")
    assert 'data-bs-theme="dark"' in english.get("/people").text


def test_a_script_changes_the_colours_without_a_new_page(english):
    response = english.post("/ui/preferences", {"theme": "dark"}, HTTP_HX_REQUEST="true")
    assert (response.status_code, response.content) == (204, b"")


def test_a_stranger_may_choose_too(client, db):
    client.post("/ui/preferences", {"language": "en", "theme": "light"})
    page = client.get("/accounts/login/").text
    assert 'lang="en" data-theme="light"' in page


@pytest.mark.parametrize("wrong", [{"language": "fr"}, {"theme": "pink"}])
def test_unknown_preferences_are_refused(english, user, wrong):
    assert english.post("/ui/preferences", wrong).status_code == 422
    user.refresh_from_db()
    assert (user.language, user.theme) == ("zh-hans", "auto")


def test_the_language_kept_with_the_user_holds_where_no_cookie_is(client, user):
    User.objects.filter(pk=user.pk).update(language="en")
    client.force_login(user)
    assert 'lang="en"' in client.get("/people").text
    User.objects.filter(pk=user.pk).update(language="zh-hans")
    assert 'lang="zh-Hans"' in client.get("/people", HTTP_ACCEPT_LANGUAGE="en").text


def test_an_unknown_theme_in_a_cookie_is_the_devices(english):
    english.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in english.get("/people").text


# --- palette


@pytest.fixture
def seen_kind(empty_registries, project):
    palette.show_kind("test.thing", "Things", icon="box", permission="org.view_journal")
    palette.show_kind("test.secret", "Secrets", icon="lock", permission="org.manage_users")
    with unit_of_work():
        for kind in ("test.thing", "test.secret"):
            search.index(
                kind, 7, project_id=project.pk, title="一号楼电梯", subtitle="JT", url_name="ui:palette", url_args=()
            )


def test_the_palette_finds_records_the_person_may_see(english, seen_kind):
    groups = english.get("/ui/palette?q=电梯").context["groups"]
    assert {name: [(hit.label, hit.url, hit.hint) for hit in hits] for name, hits in groups.items()} == {
        "Things": [("一号楼电梯", "/ui/palette", "JT")]
    }


def test_the_palette_offers_pages_by_name_and_keyword(english, menu):
    navigation.register(
        Group("b", "Second", 20, [Item("x", "Exports", "download", "ui:projects", keywords="excel csv")])
    )
    assert [hit.label for hit in english.get("/ui/palette?q=EXCEL").context["groups"]["Go to"]] == ["Exports"]
    assert len(english.get("/ui/palette").context["groups"]["Go to"]) == 3


def test_a_face_adds_hits_of_its_own(english, menu):
    @palette.provide
    def own(_request, text):
        yield palette.Hit(f"New {text}", "/new", group="Do")

    page = english.get("/ui/palette?q=task", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="palette-list").text
    assert 'href="/new"' in page
    assert "<html" not in page


def test_the_palette_finds_nothing(english, menu):
    assert "Nothing found" in english.get("/ui/palette?q=zzzz").text


# --- answers


@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        ("denied", 403, "You may not see or do this"),
        ("missing", 404, "There is no such page, or not for you"),
        ("conflict", 409, "Somebody was faster"),
        ("large", 413, "That is too large"),
    ],
)
def test_kernel_errors_are_pages_with_a_reference(english, kind, status, title):
    response = english.get(f"/fail/{kind}", HTTP_X_REQUEST_ID="abcdef12")
    assert response.status_code == status
    assert title in response.text
    assert "why it failed" in response.text
    assert "abcdef12" in response.text


def test_a_kernel_error_for_a_part_of_a_page_pops_up(english):
    response = english.get("/fail/conflict", **HTMX)
    assert (response.status_code, response.content) == (409, b"")
    assert json.loads(response["HX-Trigger"]) == {"toast": [{"tone": "bad", "text": "why it failed"}]}


def test_errors_of_the_interface_for_machines_are_problems(english):
    response = english.get("/api/fail/denied", HTTP_X_REQUEST_ID="abcdef12")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "about:blank",
        "title": "You may not see or do this",
        "status": 403,
        "detail": "why it failed",
        "reference": "abcdef12",
    }


def test_a_page_that_is_not_there(english, client, db):
    assert "There is no such page" in english.get("/nothing").text
    assert english.get("/api/nothing").json()["status"] == 404


def test_a_bug_is_a_calm_page_without_the_database(db, django_assert_num_queries, caplog):
    caplog.set_level(logging.CRITICAL)
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    with django_assert_num_queries(0):
        response = client.get("/broken", HTTP_X_REQUEST_ID="abcdef12")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert "abcdef12" in response.text
    assert "a bug" not in response.text
    assert client.get("/api/broken").json()["status"] == 500


def test_a_form_that_was_open_too_long_says_what_to_do(user):
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    strict.force_login(user)
    response = strict.post("/ui/preferences", {"theme": "dark"})
    assert response.status_code == 403
    with translation.override(user.language):
        assert "403" in response.text


def test_a_redirect_for_a_part_moves_the_whole_page(english):
    response = english.get("/moved", **HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (204, "/people")
    assert "moved" in english.get("/people").text  # the message waits for the page


def test_log_in_is_asked_for_by_the_whole_page_and_leads_back(client, db):
    response = client.get("/people", **HTMX)
    assert response["HX-Redirect"] == "/accounts/login/?next=/people"


def test_messages_of_a_part_travel_in_a_header(english):
    response = english.get("/told", **HTMX)
    assert json.loads(response["HX-Trigger"]) == {"toast": [{"tone": "warn", "text": "careful"}]}
    assert "HX-Request" in response["Vary"]


def test_messages_a_panel_shows_itself_are_not_said_twice(english):
    response = english.get("/shown", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="drawer-body")
    assert 'data-toast="bad">read me' in response.text
    assert "HX-Trigger" not in response.headers


def test_the_device_is_noted_every_ten_minutes(english, user, moment):
    english.get("/people")
    seen = UserSession.objects.get(user=user)
    with clock.at(moment + timedelta(minutes=9, seconds=59)):
        english.get("/people", HTTP_USER_AGENT="other")
    assert UserSession.objects.get(user=user).user_agent == seen.user_agent
    with clock.at(moment + timedelta(minutes=10)):
        english.get("/people", HTTP_USER_AGENT="other")
    assert UserSession.objects.get(user=user).user_agent == "other"


# --- headers


def test_pages_allow_no_script_or_style_but_our_files(english):
    policy = dict(part.split(" ", 1) for part in english.get("/people")["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    "address", ["/people", "/name", "/nothing", "/accounts/2fa/", "/accounts/sessions/", "/accounts/password/change/"]
)
def test_no_page_has_scripts_or_styles_inside(english, address):
    page = english.get(address).text
    assert "<style" not in page
    for tag in page.split("<script")[1:]:
        head = tag.split(">", 1)[0]
        assert "src=" in head or "application/json" in head
    assert "onclick" not in page


def test_devices_are_asked_for_by_our_own_pages_only(english):
    assert english.get("/people")["Permissions-Policy"].startswith("camera=(self), geolocation=(self)")


def test_the_gallery_is_for_builders_only(english, settings):
    for address in ("/ui/gallery", "/ui/gallery/list", "/ui/gallery/form", "/ui/gallery/job", "/ui/gallery/paper"):
        assert english.get(address).status_code == 404
    settings.DEBUG = True
    for address in ("/ui/gallery", "/ui/gallery/list", "/ui/gallery/form", "/ui/gallery/job", "/ui/gallery/paper"):
        assert english.get(address).status_code == 200
