"""Organisation, users, roles, account, first log-in."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from faces.console.estates import Estate, browser_of
from faces.console.pages import PageTest
from factories.org import RoleFactory, UserFactory

from wuyou.domains.org.models import User
from wuyou.ui import navigation

O = "console:org:"  # noqa: E741


class TestOrganisation(PageTest):
    pages = {
        f"{O}tree": lambda e: [],
        f"{O}node_add": lambda e: [e.root],
        f"{O}node_rename": lambda e: [e.root],
        f"{O}node_move": lambda e: [e.project.node],
        f"{O}project": lambda e: [e.project],
        f"{O}project_close": lambda e: [e.project],
        f"{O}users": lambda e: [],
        f"{O}invite": lambda e: [],
        f"{O}user": lambda e: [e.lord],
        f"{O}user_change": lambda e: [e.lord],
        f"{O}grant": lambda e: [e.lord],
        f"{O}roles": lambda e: [],
    }


class TestAccount(PageTest):
    pages = {
        f"{O}account": lambda e: [],
        f"{O}notices": lambda e: [],
        f"{O}tokens": lambda e: [],
        f"{O}token_new": lambda e: [],
        "console:notifications": lambda e: [],
    }
    everybodys = set(pages)


@pytest.fixture
def estate(db) -> Estate:
    return Estate()


def test_every_item_of_the_menu_has_its_page(estate):
    menu = estate.web.get(reverse(f"{O}account")).context["menu"]
    urls = [link.url for _group, links in menu for link in links]
    assert len(urls) == len(set(urls)) == sum(len(group.items) for group in navigation.groups())


def test_inviting_shows_a_code_that_sets_the_first_password(estate):
    role = RoleFactory(permissions=["work.do_tasks"])
    given = {"username": "guo", "full_name": "郭淑春", "role": role.pk, "node": estate.project.node.pk}
    page = estate.web.post(reverse(f"{O}invite"), given)
    code = re.search(r'class="big">([A-Z2-9-]{11})<', page.text)[1]
    assert page["Cache-Control"] == "no-store"
    assert "<svg" in page.text
    stranger = Client()
    password = "Sauber-Treppe-7"
    answer = stranger.post(reverse("console:join"), {"code": code, "password": password, "again": password})
    assert answer["Location"] == reverse("account_login")
    assert User.objects.get(username="guo").check_password(password)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "WRONGCODE2", "password": "Sauber-Treppe-7", "again": "Sauber-Treppe-7"}, "code"),
        ({"code": "WRONGCODE2", "password": "Sauber-Treppe-7", "again": "other"}, "again"),
        ({"code": "", "password": "", "again": ""}, "code"),
    ],
)
def test_a_wrong_code_is_said_at_its_field(db, given, field):
    cache.clear()
    answer = browser_of(None).post(reverse("console:join"), given)
    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)


def test_tries_are_limited(db):
    cache.clear()
    stranger = browser_of(None)
    given = {"code": "WRONGCODE2", "password": "Sauber-Treppe-7", "again": "Sauber-Treppe-7"}
    statuses = [stranger.post(reverse("console:join"), given).status_code for _try in range(21)]
    assert statuses == [422] * 20 + [429]
    cache.clear()


def test_five_wrong_passwords_lock_a_log_in_out(db):
    cache.clear()
    user = UserFactory(username="song")
    user.set_password("Sauber-Treppe-7")
    user.save()
    stranger = browser_of(None)
    for _try in range(5):
        stranger.post(reverse("account_login"), {"login": "song", "password": "wrong"})
    answer = stranger.post(reverse("account_login"), {"login": "song", "password": "Sauber-Treppe-7"})
    assert answer.status_code == 200
    assert "_auth_user_id" not in stranger.session
    cache.clear()
    stranger.post(reverse("account_login"), {"login": "song", "password": "Sauber-Treppe-7"})
    assert stranger.session["_auth_user_id"] == str(user.pk)


def test_service_hours_are_a_line_a_day(estate):
    url = reverse(f"{O}project", args=[estate.project.pk])
    days = {f"service_hours_{day}": "08:30-17:30" for day in "12345"}
    answer = estate.web.post(url, {"kind": "residential", **days, "service_hours_6": "", "facts": ["lightning"]})
    assert answer.status_code == 302
    estate.project.refresh_from_db()
    assert estate.project.service_hours == {day: ["08:30", "17:30"] for day in "12345"}
    assert estate.project.facts == {"key_unit": False, "lightning": True, "common_income": False}


def test_hours_that_are_none_are_said_with_their_day(estate):
    url = reverse(f"{O}project", args=[estate.project.pk])
    answer = estate.web.post(url, {"kind": "residential", "service_hours_2": "all day"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["service_hours"] == [
        "Tuesday: give hours such as 08:00-18:00, or leave it empty."
    ]


def test_a_token_is_shown_once(estate):
    answer = estate.web.post(reverse(f"{O}token_new"), {"name": "finance", "scopes": ["*"], "days": "30"})
    text = re.search(r"wy_[\w-]{40,}", answer.text)[0]
    assert answer["Cache-Control"] == "no-store"
    assert text not in estate.web.get(reverse(f"{O}tokens")).text


def test_notification_choices_are_kept(estate):
    url = reverse(f"{O}notices")
    estate.web.post(url, {"starts": "22:00", "ends": "07:00"})
    page = estate.web.get(url)
    assert all(not is_on for _template, cells in page.context["rows"] for _channel, is_on in cells)
    assert page.context["form"].initial["starts"].hour == 22


def test_a_second_step_is_asked_for_once_it_is_set_up(db):
    cache.clear()
    user = UserFactory(username="song")
    user.set_password("Sauber-Treppe-7")
    user.save()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    web = browser_of(None)
    answer = web.post(reverse("account_login"), {"login": "song", "password": "Sauber-Treppe-7"})
    assert answer["Location"].split("?")[0] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in web.session
    code = f"{hotp_value('JBSWY3DPEHPK3PXP', next(yield_hotp_counters_from_time())):06d}"
    web.post(reverse("mfa_authenticate"), {"code": code})
    assert web.session["_auth_user_id"] == str(user.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reference", "page"),
    [
        ("finding:7", "/quality/findings/7/"),
        ("task:7", "/tasks/7/"),
        ("finding:x", "/notifications/"),
        ("unheard:7", "/notifications/"),
    ],
)
def test_messages_lead_to_their_records(reference: str, page: str) -> None:
    answer = browser_of(UserFactory()).get(f"/to/{reference}/")
    assert (answer.status_code, answer["Location"]) == (302, page)


def test_a_stranger_logs_in_before_being_led() -> None:
    assert Client().get("/to/finding:7/")["Location"].startswith("/accounts/login/")
