"""Rules of the organisation, by tables and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.org import rules


@pytest.mark.parametrize(
    ("kind", "parent", "expected"),
    [
        ("group", None, True),
        ("project", None, True),
        ("region", "group", True),
        ("city", "group", True),
        ("project", "city", True),
        ("group", "region", False),
        ("region", "region", False),
        ("project", "project", False),
    ],
)
def test_levels(kind, parent, expected):
    assert rules.may_stand_below(kind, parent) is expected


@pytest.mark.parametrize(
    ("hours", "faulty"),
    [
        ({}, []),
        ({"1": ["08:00", "18:00"]}, []),
        ({"1": ["08:00", "12:00", "13:00", "24:00"], "holiday": []}, []),
        ({"8": ["08:00", "18:00"]}, ["8"]),
        ({"1": ["18:00", "08:00"]}, ["1"]),
        ({"1": ["08:00"]}, ["1"]),
        ({"1": ["8:00", "18:00"]}, ["1"]),
        ({"1": ["08:00", "25:00"]}, ["1"]),
        ({"1": ["08:00", "13:00", "12:00", "18:00"]}, ["1"]),
        ({"1": "08"}, ["1"]),
    ],
)
def test_service_hours(hours, faulty):
    assert rules.faulty_service_days(hours) == faulty


@pytest.mark.parametrize(
    ("password", "classes"), [("", 0), ("abc", 1), ("abC", 2), ("abC1", 3), ("aB1-", 4), ("物业", 1)]
)
def test_character_classes(password, classes):
    assert rules.character_classes(password) == classes


@given(st.text(), st.text())
def test_more_characters_never_fewer_classes(one, other):
    assert rules.character_classes(one + other) >= max(rules.character_classes(one), rules.character_classes(other))


@pytest.mark.parametrize(
    ("scopes", "permission", "allowed"),
    [
        (["*"], "work.do_tasks", True),
        (["work.*"], "work.do_tasks", True),
        (["work.do_tasks"], "work.do_tasks", True),
        (["work.read"], "work.view_tasks", True),
        (["read"], "work.view_tasks", True),
        (["read"], "work.do_tasks", False),
        (["work.read"], "work.do_tasks", False),
        (["registry.*"], "work.view_tasks", False),
        ([], "work.view_tasks", False),
    ],
)
def test_scopes(scopes, permission, allowed):
    assert rules.scope_allows(scopes, permission) is allowed


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("::1", False),
    ],
)
def test_addresses(address, public):
    assert rules.is_public_address(address) is public
