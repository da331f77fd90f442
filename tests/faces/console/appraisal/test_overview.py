"""Appraisals at a glance: what it says, for whom, and at what cost."""

import pytest
from django.test import Client
from django.urls import reverse
from faces.console.estates import browser_of
from factories.org import NodeFactory, ProjectFactory, UserFactory
from factories.years import Years, years
from pytest_django import DjangoAssertNumQueries

from wuyou.domains.org.choices import NodeKind

pytestmark = pytest.mark.django_db
URL = "/appraisal/overview/"
STEADY = ["84", "86", "85", "84", "86", "85", "84", "86", "85", "84", "86", "85"]


def page(made: Years, who: object = None, *, language: str = "en", **asked: object) -> str:
    """The page as somebody sees it."""
    web = browser_of(who or made.at.quality, language=language)
    response = web.get(URL, asked)
    assert response.status_code == 200
    return str(response.text)


def test_strangers_log_in_and_others_are_refused() -> None:
    assert Client().get(URL)["Location"].startswith("/accounts/login/")
    assert browser_of(UserFactory()).get(URL).status_code == 403


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing appraised yet"), ("zh-hans", "尚无考核")])
def test_before_anything_is_appraised(language: str, said: str) -> None:
    assert said in page(years(), language=language)


def test_the_titles_say_what_the_numbers_say() -> None:
    made = years({"A": STEADY, "B": STEADY, "C": STEADY, "D": [*STEADY[:-1], "40"]})
    text = page(made)
    assert "The last month, 73.75 points, is worse than the usual ups and downs" in text
    assert "Month by month the branches lie between 40.00 and 86.00 points" in text
    assert "No project lies below what chance explains" in text
    assert "-46.00" in text


def test_who_stands_out_is_named_with_a_way_to_the_months() -> None:
    made = years(dict.fromkeys("ABC", STEADY) | {"D": [str(int(one) - 30) for one in STEADY]})
    for number in range(16):
        node = NodeFactory(parent=made.at.cities[0], kind=NodeKind.PROJECT)
        made.rate(ProjectFactory(node=node, code=f"E{number}"), STEADY)
    text = page(made)
    assert "1 project lies below what chance explains" in text
    assert reverse("console:appraisal:months") + "?project=D" in text


def test_a_branch_shows_its_own_and_the_way_up() -> None:
    made = years({"A": ["80"], "D": ["50"]})
    text = page(made, node=made.at.regions[0].pk)
    assert "80.00" in text
    assert "50.00" not in text
    assert f"?node={made.at.group.pk}" in text


@pytest.mark.parametrize("asked", [{"node": "x"}, {"node": "999999"}, {"scheme": "0"}, {"scheme": "-"}])
def test_nonsense_in_the_address_is_ignored(asked: dict[str, str]) -> None:
    assert "80.00" in page(years({"A": ["80"]}), **asked)


def test_a_manager_sees_his_own_branch_only() -> None:
    made = years({"A": ["80"], "B": ["70"]})
    text = page(made, made.at.manager, node=made.at.group.pk)
    assert "80.00" in text
    assert "70.00" not in text


@pytest.mark.parametrize("codes", ["A", "ABCD"])
def test_it_costs_the_same_for_one_project_and_for_all(
    codes: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = years(dict.fromkeys(codes, STEADY))
    web = browser_of(made.at.quality)
    web.get(URL)
    with django_assert_max_num_queries(14) as counted:
        web.get(URL)
    assert len(counted) <= 14
