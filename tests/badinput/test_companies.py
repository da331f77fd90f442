"""Workbooks the product has never seen, as other companies keep them: what is meant is understood, what is not is said."""

# ruff: noqa: E501 - one case a line

import datetime as dt
from decimal import Decimal

import pytest
from badinput import companies
from badinput.companies import Sheet, book, one
from factories.tables import CLERK, cells_of, check, figures, load, quiet, sheet

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.registry.actions import load_qualification_kinds
from wuyou.domains.registry.models import Building, Occupancy, Person, Place, Room, Staff
from wuyou.kernel.errors import Invalid, Unsupported
from wuyou.kernel.imports import actions

ROOMS, BUILDINGS, PLACES, STAFF, ASSETS = (
    "registry.rooms", "registry.buildings", "registry.places", "registry.staff", "assets.assets",
)  # fmt: skip


def owners() -> dict[str, list[str]]:
    """Owners by room."""
    found: dict[str, list[str]] = {}
    for code, name in (
        Occupancy.objects.filter(role="owner")
        .order_by("room__place__code", "id")
        .values_list("room__place__code", "person__name")
    ):
        found.setdefault(code, []).append(name)
    return found


def test_a_title_odd_names_totals_and_signatures(estate: Project) -> None:
    run = load(ROOMS, companies.title_and_odd_names(), estate)
    assert (run.header_row, figures(run)) == (3, (3, 0, 0))
    assert owners() == {"1-1-101": ["张三", "李四"], "1-1-201": ["王五"], "2-2-1101": ["赵六"]}
    assert Person.objects.get(name="赵六").phone == "19900000003"
    assert Place.objects.get(code="2-2-1101").area_m2 == Decimal("101.50")
    assert cells_of(run, warnings=True) == [(7, ""), (8, "")]  # left out, and said so


def test_a_header_of_two_rows(estate: Project) -> None:
    run = load(ROOMS, companies.two_row_header(), estate)
    assert run.headers == ["楼栋", "单元", "房号", "建筑面积", "业主姓名", "业主电话", "租户姓名", "租户电话"]
    assert (run.header_row, figures(run)) == (3, (2, 0, 0))
    assert Occupancy.objects.get(role="tenant").person.phone == "19900000002"


def test_a_header_of_two_rows_without_merged_cells(estate: Project) -> None:
    rows = (
        ["楼栋", "房号", "业主信息", "", "备注"],
        ["", "", "姓名", "电话", ""],
        ["1号楼", "101", "甲", "19900000001", "x"],
    )
    run = check(ROOMS, one(*rows), estate)
    assert (run.headers, cells_of(run)) == (["楼栋", "房号", "业主姓名", "业主电话", "备注"], [])


def test_merged_down_over_their_rooms(estate: Project) -> None:
    load(ROOMS, companies.merged_downwards(), estate)
    assert sorted(owners()) == ["1-1-101", "1-1-102", "1-1-103"]


def test_dashes_and_words_for_nothing(estate: Project) -> None:
    load(ROOMS, companies.dashes_for_nothing(), estate)
    assert owners() == {"1-1-101": ["戴云明"], "1-1-102": ["毛怡庆"]}
    assert Occupancy.objects.filter(role="tenant").count() == 0
    assert list(Room.objects.order_by("place__code").values_list("residents", flat=True)) == [0, 2, 0]


def test_owners_on_lines(estate: Project) -> None:
    load(ROOMS, companies.owners_on_lines(), estate)
    assert owners() == {"1-1-101": ["戴云明", "王芳"]}
    assert Person.objects.get(name="王芳").phone == "19900000009"


def test_two_numbers_with_a_space_between(estate: Project) -> None:
    rows = (["楼栋", "房号", "业主姓名", "业主电话"], ["1号楼", "101", "甲、乙", "19900000001 19900000002"])
    load(ROOMS, one(*rows), estate)
    assert Person.objects.get(name="乙").phone == "19900000002"


def test_floors_below_ground(estate: Project) -> None:
    load(ROOMS, companies.basements(), estate)
    below = Place.objects.filter(level="floor", name="-1层").get()
    assert Place.objects.filter(level="room", path__startswith=below.path).count() == 7
    assert Place.objects.filter(level="room", path__startswith=Place.objects.get(name="3层").path).count() == 3


def test_an_english_list(estate: Project) -> None:
    load(ROOMS, companies.english(), estate)
    assert owners() == {"1-1-101": ["Li Lei"], "1-1-102": ["Han Meimei"]}
    assert set(Room.objects.values_list("is_let", "handed_over_on")) == {
        (False, dt.date(2018, 8, 31)), (True, dt.date(2018, 8, 31)),
    }  # fmt: skip


def test_the_list_is_found_behind_a_cover(estate: Project) -> None:
    run = load(ROOMS, companies.behind_a_cover(), estate)
    assert (run.sheet, run.sheets) == ("房屋明细", ["封面", "填表说明", "房屋明细"])
    assert owners() == {"1-1-101": ["戴云明"]}


def test_a_sheet_that_is_not_the_first_is_chosen_by_hand(estate: Project) -> None:
    head = ["楼栋", "房号"]
    file = book(Sheet("旧", [head, ["1号楼", "101"]]), Sheet("新", [head, ["1号楼", "102"], ["1号楼", "103"]]))
    run = actions.upload_file(file, by=CLERK, importer=ROOMS, project_id=estate.pk, file_name="房屋.xlsx")
    assert (run.sheet, run.rows_total) == ("旧", 1)
    actions.choose_sheet(run, by=CLERK, sheet="新")
    actions.confirm_mapping(run, by=CLERK)
    actions.start_check(run, by=CLERK)
    assert figures(actions.check_run(run, by=CLERK, report=quiet)) == (2, 0, 0)


def test_buildings_with_counts(project: Project) -> None:
    load(BUILDINGS, companies.buildings_with_counts(), project)
    rows = Building.objects.order_by("place__name").values_list(
        "place__name", "floors", "height_m", "units", "has_lift", "completed_on"
    )
    assert list(rows) == [
        ("1号楼", 6, Decimal("17.7"), 3, False, dt.date(2013, 10, 31)),
        ("2幢", 11, Decimal("32.6"), 2, True, dt.date(2013, 10, 31)),
    ]  # fmt: skip


def test_equipment_with_its_header_on_every_page(estate: Project) -> None:
    load(ROOMS, one(["楼栋", "单元", "房号"], ["2号楼", "1单元", "101"]), estate)
    run = check(ASSETS, companies.equipment_in_parts(), estate)
    assert cells_of(run) == [(3, "in_service_on")]  # 2016.10 is a month, no day
    assert cells_of(run, warnings=True) == [(5, ""), (7, ""), (8, "")]
    run = load(ASSETS, companies.equipment_in_parts(), estate, on_error="rest")
    assert list(Asset.objects.order_by("code").values_list("code", "quantity", "place__name", "state")) == [
        ("SB-002", 4, "1单元", "in_service"), ("SB-003", 1, "2号楼", "out_of_service"),
    ]  # fmt: skip


def test_staff_on_paper(estate: Project) -> None:
    load_qualification_kinds()
    load(STAFF, companies.staff_on_paper(), estate)
    guard, cleaner = Staff.objects.order_by("number")
    assert (guard.number, guard.name, guard.person.phone) == ("W001", "张三", "19900000001")
    assert sorted(guard.qualifications.values_list("kind__code", flat=True)) == ["guard", "health"]
    assert (cleaner.employment, cleaner.qualifications.count(), cleaner.hired_on) == (
        "outsourced",
        0,
        dt.date(2025, 8, 1),
    )


def test_places_by_part(estate: Project) -> None:
    load(PLACES, companies.places_by_part(), estate)
    spots = Place.objects.filter(level="spot").order_by("name").values_list("name", "area_m2", "quantity", "note")
    assert list(spots) == [("1号楼一单元楼道", Decimal(87), 6, ""), ("A区主干道", Decimal(7800), 1, "")]


def test_a_company_s_list_comes_in_only_once(estate: Project) -> None:
    for make in companies.ROOM_BOOKS:
        load(ROOMS, make(), estate)
        before = [model.objects.count() for model in (Place, Room, Person, Occupancy)]
        run = load(ROOMS, make(), estate)
        assert figures(run)[:2] == (0, 0), make.__name__
        assert [model.objects.count() for model in (Place, Room, Person, Occupancy)] == before


@pytest.mark.parametrize("header", ["房号", "房屋地址", "房屋坐落"])
def test_rooms_that_name_their_building_themselves(estate: Project, header: str) -> None:
    written = ["1-1-101", "1号楼1单元102室", "A区1号楼一单元103", "2#2单元104", "1-S01", "１栋-105"]
    load(ROOMS, one([header, "业主", "面积"], *([code, f"业主{at}", 70] for at, code in enumerate(written))), estate)
    assert sorted(owners()) == ["1-1-101", "1-1-102", "1-1-103", "1-105", "1-S01", "2-2-104"]
    above = Place.objects.get(code="2-2-104").path[:-4]
    assert Place.objects.filter(path=above).values_list("level", "name").get() == ("unit", "2单元")
    run = load(ROOMS, one(["楼栋", "单元", "房号"], ["1号楼", "1单元", "101"], ["2栋", "二单元", 104]), estate)
    assert figures(run) == (0, 0, 2)


def test_a_room_nobody_can_place_is_named(estate: Project) -> None:
    run = check(
        ROOMS,
        one(["房号", "业主"], ["101", "甲"], ["9-1-101", "乙"], ["1-1-101", "丙"], ["9号楼1单元101", "丁"]),
        estate,
    )
    assert cells_of(run) == [(2, "building"), (3, "building"), (5, "building")]


# --- bad ones


def refused(rows: list[list[object]], project: Project, kind: str = ROOMS) -> list[tuple[int, str, str]]:
    """The errors of a sheet: row, column, what stood there."""
    run = check(kind, sheet(*rows), project)
    return [(error["row"], error["column"], error["value"]) for error in run.errors if not error["is_warning"]]


HEAD: list[object] = ["楼栋", "单元", "房号", "面积", "业主", "业主电话", "交房日期", "楼层"]
GOOD: list[object] = ["1号楼", "1单元", "101", 72, "甲", "19900000001", "2018-08-31", 1]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("业主电话", "1.99E+10"), ("业主电话", "199****0001"), ("业主电话", "8765432"), ("业主电话", "转告"),
        ("业主电话", "19900000001/19900000002"), ("面积", "约72"), ("面积", "72/65"), ("面积", -72), ("面积", 0),
        ("面积", "七十二"), ("面积", 1e300), ("交房日期", "2018.8"), ("交房日期", "31/8/2018"), ("交房日期", "2018年"),
        ("交房日期", 3), ("楼层", "1-6"), ("楼层", "夹层"), ("楼层", "999"), ("楼层", 1.5), ("房号", "1,2"), ("房号", "？"),
        ("单元", "9单元"), ("楼栋", "99号楼"), ("楼栋", ""), ("房号", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named(estate: Project, column: str, cell: object) -> None:
    at = HEAD.index(column)
    row = [cell if place == at else value for place, value in enumerate(GOOD)]
    code = {
        "楼栋": "building",
        "单元": "unit",
        "房号": "room",
        "面积": "area_m2",
        "业主电话": "owner_phone",
        "交房日期": "handed_over_on",
        "楼层": "floor",
    }
    found = refused([HEAD, GOOD, [*row[:2], "102" if column != "房号" else cell, *row[3:]]], estate)
    assert [(number, name) for number, name, _value in found] == [(3, code[column])]
    assert Room.objects.count() == 0


def test_shortened_numbers_say_why(estate: Project) -> None:
    run = check(ROOMS, sheet(HEAD, [*GOOD[:5], "1.99E+10", *GOOD[6:]]), estate)
    assert "科学计数法" in run.errors[0]["message"] or "shortened" in run.errors[0]["message"]


def test_a_list_without_its_key_is_refused_by_name(estate: Project) -> None:
    with pytest.raises(Invalid) as caught:
        check(ROOMS, one(["楼栋", "业主", "电话"], ["1号楼", "甲", "19900000001"]), estate)
    assert [error.field for error in caught.value.fields] == ["room"]


def test_a_web_page_called_a_workbook(estate: Project) -> None:
    import io

    page = io.BytesIO(b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>")
    with pytest.raises(Unsupported):
        check(ROOMS, page, estate, name="房屋.xls")


def test_sheets_without_anything(estate: Project) -> None:
    for file in (book(Sheet("空", [])), one(["楼栋", "房号"])):
        try:
            assert figures(check(ROOMS, file, estate)) == (0, 0, 0)
        except Invalid:
            assert file is not None  # an empty sheet is refused in so many words
