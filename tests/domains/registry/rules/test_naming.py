"""Names of buildings and units, room codes."""

# ruff: noqa: E501 - one case a line

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuyou.domains.registry.rules import naming
from wuyou.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("零", 0), ("五", 5), ("十", 10), ("十二", 12), ("二十", 20), ("二十一", 21), ("一百零五", 105), ("三百", 300),
     ("一百二十", 120), ("两百", 200), ("一二三", 123)],
)  # fmt: skip
def test_chinese_numerals(numeral: str, number: int) -> None:
    assert naming.number_of(numeral) == number


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("1号楼", "1号楼"), ("１ 号楼", "1号楼"), ("1栋", "1号楼"), ("1#", "1号楼"), ("1#楼", "1号楼"), ("1幢", "1号楼"),
        ("十二号楼", "12号楼"), ("a座", "A号楼"), ("一单元", "1单元"), ("A区", "A区"), ("三期", "3期"), ("12楼", "12号楼"),
        ("文化楼", "文化楼"), ("兰 苑", "兰苑"),
    ],
)  # fmt: skip
def test_names_are_compared_by_what_they_mean(written: str, key: str) -> None:
    assert naming.place_key(written) == key


def test_a_bare_number_is_a_unit_or_a_building() -> None:
    assert [naming.unit_key(name) for name in ("2", "二单元", "东")] == ["2单元", "2单元", "东"]
    assert [naming.building_key(name) for name in ("12", "12栋", "东楼")] == ["12号楼", "12号楼", "东楼"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("1号楼2单元楼道", ("", "1号楼", "2单元", "楼道")),
        ("97号楼1单元", ("", "97号楼", "1单元", "")),
        ("A区1号楼大堂", ("A区", "1号楼", "", "大堂")),
        ("3期5栋", ("3期", "5栋", "", "")),
        ("12 # 一单元", ("", "12#", "一单元", "")),
        ("4号配电室", None),
        ("A区绿地", None),
        ("东门", None),
    ],
)
def test_a_name_says_where_it_is(name: str, expected: tuple[str, str, str, str] | None) -> None:
    found = naming.location_in(name)
    assert (None if found is None else (found.area, found.building, found.unit, found.rest)) == expected


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1-1-101", "1-1-101"), ("１－１－１０１", "1-1-101"), ("1号楼1单元101室", "1-1-101"), ("1-S01", "1-S01"),
        ("1栋101", "1-101"), ("101", "101"), ("1#1-101", "1-1-101"), ("1_1_101", "1-1-101"), ("甲101号", "甲101"),
    ],
)  # fmt: skip
def test_a_room_code_has_plain_hyphens(written: str, code: str) -> None:
    assert naming.normal_room_code(written) == code


@pytest.mark.parametrize("written", ["", "-", "1-1-101?", "1(101)", "a" * 61])
def test_a_wrong_room_code_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        naming.normal_room_code(written)


@pytest.mark.parametrize(
    ("number", "building", "unit", "code"),
    [
        ("101", "1号楼", "2单元", "1-2-101"),
        ("2-101", "1号楼", "2单元", "1-2-101"),
        ("1-2-101", "1号楼", "2单元", "1-2-101"),
        ("1-S01", "1号楼", "", "1-S01"),
        ("S01", "1号楼", "", "1-S01"),
        ("101", "A-1号楼", "2单元", "A-1-2-101"),
        ("101", "兰苑", "", "兰苑-101"),
    ],
)
def test_a_number_becomes_a_code(number: str, building: str, unit: str, code: str) -> None:
    assert naming.full_room_code(number, building=building, unit=unit) == code


def test_a_code_is_not_longer_than_it_may_be() -> None:
    with pytest.raises(Invalid):
        naming.full_room_code("1" * 50, building="兰" * 20, unit="1单元")


@given(st.integers(1, 300), st.integers(1, 12), st.integers(101, 3999))
def test_a_full_code_stays(building: int, unit: int, room: int) -> None:
    code = naming.full_room_code(str(room), building=f"{building}号楼", unit=f"{unit}单元")
    assert code == f"{building}-{unit}-{room}"
    assert naming.full_room_code(code, building=f"{building}号楼", unit=f"{unit}单元") == code


def test_lists_are_split_at_any_separator() -> None:
    assert naming.split_list("保安员证；健康证、 电工证,a;b/c\nd，") == [
        "保安员证",
        "健康证",
        "电工证",
        "a",
        "b",
        "c",
        "d",
    ]


def test_codes_are_ordered_as_people_count() -> None:
    codes = ["10-1-101", "2-1-101", "2-1-S01", "2-1-99"]
    assert sorted(codes, key=naming.natural_order) == ["2-1-99", "2-1-101", "2-1-S01", "10-1-101"]


@pytest.mark.parametrize(
    ("written", "floor"),
    [("3", 3), ("3层", 3), ("三楼", 3), ("第三层", 3), ("3F", 3), ("f3", 3), ("十一层", 11), ("０３", 3), ("-1", -1), ("B1", -1),
     ("b2层", -2), ("地下一层", -1), ("地下第2层", -2), ("负1楼", -1), ("地 下 1 层", -1), ("0", 0), ("夹层", None), ("", None),
     ("1-6", None), ("1.5", None), ("1234", None), ("地下室", None), ("层", None)],
)  # fmt: skip
def test_floors(written: str, floor: int | None) -> None:
    assert naming.floor_of(written) == floor
