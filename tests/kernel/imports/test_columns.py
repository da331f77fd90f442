"""Headers find their columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.kernel.imports import Column, map_headers
from wuyou.kernel.imports.columns import confirmed_map, plain_header

COLUMNS = (
    Column("room", "Room", headers=("房号", "房屋编号"), required=True),
    Column("area", "Floor area", headers=("建筑面积",), required=True),
    Column("owner", "Owner", headers=("业主姓名",)),
    Column("phone", "Owner's phone", headers=("业主电话", "联系电话")),
    Column("tenant_phone", "Tenant's phone", headers=("租户电话",)),
)


def test_exact_words_synonyms_units_and_stars() -> None:
    found = map_headers(["*房屋编号", " 建筑面积(㎡)", "业 主 姓 名", "Owner's phone", "备注", ""], COLUMNS)
    assert found.positions == {"room": 0, "area": 1, "owner": 2, "phone": 3}
    assert set(found.how.values()) == {"exact"}
    assert (found.unknown, found.missing) == ([4], [])


def test_close_words_are_marked() -> None:
    found = map_headers(["房号", "建筑总面积", "业主的电话"], COLUMNS)
    assert found.positions == {"room": 0, "area": 1, "phone": 2}
    assert found.how == {"room": "exact", "area": "close", "phone": "close"}


def test_the_tenants_phone_is_not_the_owners() -> None:
    assert map_headers(["租户电话"], COLUMNS).positions == {"tenant_phone": 0}
    assert map_headers(["电话"], COLUMNS).positions == {}


def test_missing_required_columns_are_named() -> None:
    assert map_headers(["业主姓名"], COLUMNS).missing == ["room", "area"]


def test_a_header_that_stands_twice_feeds_once() -> None:
    found = map_headers(["房号", "房号"], COLUMNS)
    assert (found.positions, found.unknown) == ({"room": 0}, [1])


@given(st.lists(st.sampled_from(["房号", "房屋编号", "建筑面积", "业主姓名", "电话", "备注", "联系电话", ""])))
def test_each_header_is_used_once(headers: list[str]) -> None:
    found = map_headers(headers, COLUMNS)
    positions = list(found.positions.values())
    assert len(set(positions)) == len(positions)
    assert all(0 <= position < len(headers) for position in positions)
    assert not set(found.unknown) & set(positions)


def test_a_person_settles_it() -> None:
    found = confirmed_map({"room": 1, "area": 0}, ["甲", "乙", "丙"], COLUMNS)
    assert (found.positions, found.missing, found.unknown) == ({"room": 1, "area": 0}, [], [2])


@pytest.mark.parametrize("wrong", [{"room": 3}, {"room": -1}, {"nothing": 0}, {"room": 0, "area": 0}])
def test_a_settled_mapping_must_make_sense(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"column|header"):
        confirmed_map(wrong, ["甲", "乙", "丙"], COLUMNS)


def test_the_template_writes_the_first_header() -> None:
    assert [column.header for column in COLUMNS[:2]] == ["房号", "建筑面积"]
    assert Column("x", "Plain").header == "Plain"
    assert plain_header("建筑面积（㎡）*：") == "建筑面积"
