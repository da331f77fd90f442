"""The rooms workbook: places, households, changes, what is wrong."""

# ruff: noqa: E501 - one case a line

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories.org import ProjectFactory
from factories.registry import OccupancyFactory, PersonFactory, PlaceFactory, RoomFactory, place_below
from factories.tables import CLERK, cells_of, check, figures, load, sheet

from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Building, Occupancy, Person, Place, Room
from wuyou.kernel import search
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.imports import actions

HEAD = [
    "区域", "楼栋", "单元", "楼层", "房号", "类型", "建筑面积(㎡)", "状态", "交房日期", "业主姓名", "业主电话", "使用情况",
    "租户姓名", "租户电话", "常住人数",
]  # fmt: skip


def row(**given: object) -> list[object]:
    """A row of 1-1-101 with an owner and a tenant, changed by column header."""
    values = dict(
        zip(
            HEAD,
            ["A区", "1号楼", "1单元", 1, "1-1-101", "住宅", 72.08, "已入住", dt.date(2018, 8, 31), "戴云明", "19900000001",
             "出租", "吕佳涛", "19900000002", 2],
            strict=True,
        )
    )  # fmt: skip
    return list({**values, **given}.values())


ROOM = "registry.rooms"


def load_rooms(project: Project, *rows: list[object]):
    return load(ROOM, sheet(HEAD, *rows), project)


def occupants() -> list[tuple[str, str, str]]:
    """Who is in which room as what, ended ones marked."""
    rows = Occupancy.objects.order_by("room__place__code", "id")
    return [
        (one.room.place.code, one.role, one.person.name + ("" if one.ends_on is None else " †"))
        for one in rows.select_related("room__place", "person")
    ]


def test_a_room_comes_with_its_household(estate: Project) -> None:
    run = load_rooms(estate, row())
    assert figures(run) == (1, 0, 0)
    room = Room.objects.select_related("place").get()
    assert (room.use, room.state, room.is_let, room.residents, room.handed_over_on) == (
        "dwelling", "occupied", True, 2, dt.date(2018, 8, 31),
    )  # fmt: skip
    assert (room.place.code, room.place.area_m2) == ("1-1-101", Decimal("72.08"))
    above = Place.objects.filter(path__in=[room.place.path[:end] for end in range(4, 24, 4)]).order_by("path")
    assert [(one.level, one.name) for one in above] == [
        ("site", "九台"), ("area", "A区"), ("building", "1号楼"), ("unit", "1单元"), ("floor", "1层"),
    ]  # fmt: skip
    assert occupants() == [("1-1-101", "owner", "戴云明"), ("1-1-101", "tenant", "吕佳涛")]
    owner = Person.objects.get(name="戴云明")
    assert (owner.phone, owner.phone_masked, owner.node.code) == ("19900000001", "199****0001", "G")
    assert Place.objects.find_problems() == ([], [], [], [], [])


def test_phones_are_not_readable_in_the_table(estate: Project) -> None:
    load_rooms(estate, row())
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM registry_person")
        stored = [text for (text,) in cursor.fetchall()]
    assert len(stored) == 2
    assert not any("19900000" in text for text in stored)


def test_a_second_run_changes_nothing(estate: Project) -> None:
    load_rooms(estate, row(), row(房号="1-1-102", 业主姓名="", 业主电话="", 租户姓名="", 租户电话="", 使用情况=""))
    counts = [model.objects.count() for model in (Place, Room, Person, Occupancy)]
    run = load_rooms(
        estate, row(), row(房号="1-1-102", 业主姓名="", 业主电话="", 租户姓名="", 租户电话="", 使用情况="")
    )
    assert (figures(run), run.changes["applied"]) == ((0, 0, 2), {})
    assert [model.objects.count() for model in (Place, Room, Person, Occupancy)] == counts


def test_shops_stand_in_the_building(estate: Project) -> None:
    load_rooms(estate, row(单元="", 房号="1-S01", 类型="商铺"))
    shop = Place.objects.get(code="1-S01")
    assert Place.objects.get(path=shop.path[:-4]).code == "1号楼-1层"
    assert shop.room.use == "shop"


@pytest.mark.parametrize("number", ["101", "1-101", "101室", "１０１"])
def test_a_bare_number_gets_its_full_code(estate: Project, number: str) -> None:
    load_rooms(estate, row(房号=number, 楼栋="2号楼"))
    assert Room.objects.get().place.code == "2-1-101"
    assert figures(load_rooms(estate, row(房号=number, 楼栋="2栋", 单元="一单元"))) == (0, 0, 1)


def test_one_unit_however_written(estate: Project) -> None:
    load_rooms(
        estate, row(), row(房号="1-1-102", 单元="一单元", 业主电话=""), row(房号="1-1-103", 单元="１ 单元", 业主电话="")
    )
    assert Place.objects.filter(level="unit").count() == 1


def test_one_person_may_hold_several_rooms(estate: Project) -> None:
    load_rooms(estate, row(), row(房号="1-1-102", 租户姓名="", 租户电话="", 使用情况="自住"))
    assert Person.objects.filter(name="戴云明").count() == 1
    assert occupants()[-1] == ("1-1-102", "owner", "戴云明")


def test_without_a_number_the_room_tells_people_apart(estate: Project) -> None:
    bare = {"业主电话": "", "租户姓名": "", "租户电话": "", "使用情况": "自住"}
    load_rooms(estate, row(**bare), row(房号="1-1-102", **bare))
    assert Person.objects.filter(name="戴云明").count() == 2
    run = load_rooms(estate, row(**bare), row(房号="1-1-102", **bare))
    assert figures(run) == (0, 0, 2)


def test_several_owners_in_one_cell(estate: Project) -> None:
    load_rooms(estate, row(业主姓名="戴云明、王芳", 业主电话="19900000001；19900000009", 租户姓名="", 租户电话=""))
    assert occupants() == [("1-1-101", "owner", "戴云明"), ("1-1-101", "owner", "王芳")]
    assert Person.objects.get(name="王芳").phone == "19900000009"


def test_a_new_owner_follows_the_old_one(estate: Project, moment: dt.datetime) -> None:
    load_rooms(estate, row())
    run = load_rooms(estate, row(业主姓名="新业主", 业主电话="19900000077"))
    assert figures(run) == (0, 1, 0)
    assert run.changes["samples"][0]["after"] == {"owner_name": "新业主"}
    assert occupants() == [
        ("1-1-101", "owner", "戴云明 †"), ("1-1-101", "tenant", "吕佳涛"), ("1-1-101", "owner", "新业主"),
    ]  # fmt: skip
    assert Occupancy.objects.get(person__name="戴云明").ends_on == dt.date(2026, 11, 20)
    assert Occupancy.objects.get(person__name="新业主").starts_on == dt.date(2026, 11, 20)
    actions.undo_run(run, by=CLERK)
    assert occupants() == [("1-1-101", "owner", "戴云明"), ("1-1-101", "tenant", "吕佳涛")]


def test_a_tenant_leaves_when_the_owner_lives_there(estate: Project) -> None:
    load_rooms(estate, row())
    load_rooms(estate, row(使用情况="自住", 租户姓名="", 租户电话=""))
    assert occupants() == [("1-1-101", "owner", "戴云明"), ("1-1-101", "tenant", "吕佳涛 †")]
    assert Room.objects.get().is_let is False


def test_an_empty_cell_sends_nobody_away(estate: Project) -> None:
    load_rooms(estate, row())
    run = load_rooms(estate, row(业主姓名="", 业主电话="", 租户姓名="", 租户电话=""))
    assert figures(run) == (0, 0, 1)


def test_a_corrected_name_is_the_same_person(estate: Project) -> None:
    load_rooms(estate, row())
    run = load_rooms(estate, row(业主姓名="戴云鸣"))
    assert run.changes["samples"][0]["after"] == {"name": "戴云鸣"}
    assert Person.objects.count() == 2
    assert occupants()[0] == ("1-1-101", "owner", "戴云鸣")
    actions.undo_run(run, by=CLERK)
    assert occupants()[0] == ("1-1-101", "owner", "戴云明")


def test_a_changed_phone_is_shown_masked_and_can_be_undone(estate: Project) -> None:
    load_rooms(estate, row())
    run = load_rooms(estate, row(业主电话="19900009999"))
    assert run.changes["samples"][0]["after"] == {"phone_masked": "199****9999"}
    owner = Person.objects.get(name="戴云明")
    assert owner.phone == "19900009999"
    actions.undo_run(run, by=CLERK)
    owner.refresh_from_db()
    assert (owner.phone, owner.phone_masked) == ("19900000001", "199****0001")


def test_restricted_data_stay_as_they_are(estate: Project) -> None:
    load_rooms(estate, row())
    Person.objects.update(restricted_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert figures(load_rooms(estate, row(业主电话="19900009999"))) == (0, 0, 1)
    assert Person.objects.count() == 2


def test_identity_numbers_go_before_phones(estate: Project) -> None:
    head = ["楼栋", "单元", "房号", "业主姓名", "业主电话", "业主身份证号"]
    first = ["1号楼", "1单元", "101", "戴云明", "19900000001", "110105491231002"]
    load(ROOM, sheet(head, first), estate)
    run = load(ROOM, sheet(head, ["1号楼", "1单元", "101", "戴云明", "19900000005", "11010519491231002X"]), estate)
    assert figures(run) == (0, 1, 0)
    assert Person.objects.get().phone == "19900000005"


def test_somebody_known_at_another_project_is_the_same_person(estate: Project) -> None:
    other = ProjectFactory(node__parent=estate.node.__class__.objects.get(code="G"), node__code="P9", code="P9")
    elsewhere = PersonFactory(node=estate.node.__class__.objects.get(code="G"), name="戴云明", phone="19900000001")
    OccupancyFactory(room=RoomFactory(parent=PlaceFactory(project=other)), person=elsewhere)
    load_rooms(estate, row())
    assert Occupancy.objects.filter(person=elsewhere).count() == 2


def test_a_shared_phone_is_shown_and_not_guessed(estate: Project) -> None:
    run = load_rooms(estate, row(租户电话="19900000001"))
    assert cells_of(run, warnings=True) == [(2, "owner_phone"), (2, "tenant_phone")]
    assert "戴云明" in run.errors[1]["message"] or "吕佳涛" in run.errors[1]["message"]
    assert run.errors[0]["value"] == "199****0001"
    assert Person.objects.count() == 2


def test_an_import_is_undone_while_nothing_depends_on_it(estate: Project) -> None:
    before = Place.objects.count()
    run = load_rooms(estate, row(), row(房号="1-1-102"))
    actions.undo_run(run, by=CLERK)
    counts = [model.objects.count() for model in (Place, Room, Person, Occupancy)]
    assert counts == [before, 0, 0, 0]
    assert Place.objects.find_problems() == ([], [], [], [], [])
    assert search.find("戴云明", project_ids=[estate.pk]) == []
    load_rooms(estate, row())
    assert Place.objects.find_problems() == ([], [], [], [], [])


def test_a_place_added_below_stands_in_the_way_of_an_undo(estate: Project) -> None:
    run = load_rooms(estate, row())
    place_below(Place.objects.get(level="unit"), name="门厅")
    with pytest.raises(Conflict, match="门厅"):
        actions.undo_run(run, by=CLERK)
    assert Room.objects.count() == 1


def test_without_buildings_the_rooms_bring_them(project: Project) -> None:
    load_rooms(project, row(), row(房号="1-2-601", 单元="2单元", 楼层=6, 业主电话=""))
    building = Building.objects.select_related("place").get()
    assert (building.place.name, building.floors, building.units) == ("1号楼", 6, 2)


def test_a_room_unlike_the_others_still_gets_a_state(estate: Project) -> None:
    head = ["楼栋", "房号", "业主姓名", "常住人数"]
    rows = [["1号楼", "101", "甲", 2], ["1号楼", "102", "乙", ""], ["1号楼", "103", "", ""]]
    load(ROOM, sheet(head, *rows), estate)
    assert list(Room.objects.order_by("place__code").values_list("state", flat=True)) == [
        "occupied",
        "vacant",
        "undelivered",
    ]


BAD = [
    (row(房号="1-1-101"), (3, "room")),  # twice
    (row(房号="101"), (3, "room")),  # the same room, bare number
    (row(房号="1-1-102", **{"建筑面积(㎡)": 0}), (3, "area_m2")),
    (row(房号="1-1-102", **{"建筑面积(㎡)": -5}), (3, "area_m2")),
    (row(房号="1-1-102", **{"建筑面积(㎡)": "很大"}), (3, "area_m2")),
    (row(房号="9-1-101", 楼栋="9号楼"), (3, "building")),  # unknown parents
    (row(房号="1-1-102", 区域="Z区"), (3, "phase")),
    (row(房号="1-5-102", 单元="5单元"), (3, "unit")),
    (row(房号="1-1-702", 楼层=7), (3, "floor")),
    (row(房号="1-1-102?"), (3, "room")),
    (row(房号=""), (3, "room")),
    (row(房号="1-1-102", 业主电话="1990000000a"), (3, "owner_phone")),
    (row(房号="1-1-102", 业主电话="199000000"), (3, "owner_phone")),
    (row(房号="1-1-102", 业主姓名=""), (3, "owner_name")),
    (row(房号="1-1-102", 业主电话="19900000003、19900000004"), (3, "owner_phone")),
    (row(房号="1-1-102", 交房日期="2018-02-30"), (3, "handed_over_on")),
    (row(房号="1-1-102", 交房日期="去年"), (3, "handed_over_on")),
    (row(房号="1-1-102", 状态="不知道"), (3, "state")),
    (row(房号="1-1-102", 类型="城堡"), (3, "use")),
    (row(房号="1-1-102", 常住人数=-1), (3, "residents")),
    (row(房号="1-1-102", 常住人数=1.5), (3, "residents")),
    (row(房号="1-1-102", 业主姓名="长" * 61, 业主电话=""), (3, "owner_name")),
]


@pytest.mark.parametrize(("wrong", "cell"), BAD)
def test_what_is_wrong_is_named_by_its_cell(estate: Project, wrong: list[object], cell: tuple[int, str]) -> None:
    run = check(ROOM, sheet(HEAD, row(), wrong), estate)
    assert cells_of(run) == [cell]
    with pytest.raises(Invalid):
        actions.start_apply(run, by=CLERK)
    assert Room.objects.count() == 0


def test_the_good_rows_are_loaded_when_the_person_chose_so(estate: Project) -> None:
    run = load(ROOM, sheet(HEAD, row(), *(bad for bad, _cell in BAD[1:6])), estate, on_error="rest")
    assert (run.rows_wrong, Room.objects.count()) == (5, 1)


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491331002X"])
def test_a_wrong_identity_number_is_named(estate: Project, number: str) -> None:
    head = ["楼栋", "单元", "房号", "业主姓名", "业主身份证号"]
    run = check(ROOM, sheet(head, ["1号楼", "1单元", "101", "甲", number]), estate)
    assert cells_of(run) == [(2, "owner_identity")]


def test_more_identity_numbers_than_names(estate: Project) -> None:
    head = ["楼栋", "单元", "房号", "业主姓名", "业主身份证号"]
    run = check(ROOM, sheet(head, ["1号楼", "1单元", "101", "甲", "11010519491231002X、11010519491231002X"]), estate)
    assert cells_of(run) == [(2, "owner_identity")]


def test_a_code_of_another_building_is_named(estate: Project) -> None:
    load_rooms(estate, row())
    Place.objects.filter(code="1-1-101").update(code="2-1-101")
    run = check(ROOM, sheet(HEAD, row(房号="2-1-101", 楼栋="2号楼")), estate)
    assert cells_of(run) == [(2, "room")]


def test_a_closed_room_is_not_opened_by_an_import(estate: Project) -> None:
    load_rooms(estate, row())
    Place.objects.filter(code="1-1-101").update(closed_on=dt.date(2026, 1, 1))
    assert cells_of(check(ROOM, sheet(HEAD, row()), estate)) == [(2, "room")]


def test_a_room_may_not_take_the_code_of_something_else(estate: Project) -> None:
    place_below(Place.objects.get(code="1号楼"), code="1-1-101", name="岗亭")
    assert cells_of(check(ROOM, sheet(HEAD, row()), estate)) == [(2, "room")]


def test_a_code_too_long_is_named(estate: Project) -> None:
    assert cells_of(check(ROOM, sheet(HEAD, row(房号="1" * 58)), estate)) == [(2, "room")]


def test_the_area_may_stand_in_front_of_the_building(estate: Project) -> None:
    load(ROOM, sheet(["楼栋", "单元", "房号"], ["A区1号楼", "1单元", "101"]), estate)
    assert Place.objects.filter(level="building").count() == 2
    assert Room.objects.get().place.code == "1-1-101"


def test_names_and_numbers_that_are_too_many_or_too_long(estate: Project) -> None:
    run = check(ROOM, sheet(HEAD, row(租户姓名="长" * 61), row(房号="1-1-102", 租户姓名="")), estate)
    assert cells_of(run) == [(2, "tenant_name"), (3, "tenant_name")]


def test_area_and_phone_of_a_known_room_are_changed(estate: Project) -> None:
    load_rooms(estate, row())
    run = load_rooms(estate, row(**{"建筑面积(㎡)": 80}))
    sample = run.changes["samples"][0]
    assert (sample["before"], sample["after"]) == ({"area_m2": "72.08"}, {"area_m2": "80.00"})
    assert Place.objects.get(code="1-1-101").area_m2 == Decimal(80)


def test_an_ambiguous_building_needs_its_area(estate: Project) -> None:
    load("registry.buildings", sheet(["区域", "楼栋", "层数"], ["B区", "1号楼", 6]), estate)
    head = ["区域", "楼栋", "单元", "房号"]
    assert cells_of(check(ROOM, sheet(head, ["", "1号楼", "1单元", "101"]), estate)) == [(2, "building")]
    load(ROOM, sheet(head, ["B区", "1号楼", "1单元", "101"], ["A区", "1号楼", "1单元", "101"]), estate)
    assert set(Room.objects.values_list("place__code", flat=True)) == {"B区-1-1-101", "1-1-101"}


def test_full_width_cells_and_dates_as_people_write_them(estate: Project) -> None:
    run = load_rooms(
        estate,
        row(
            房号="１－１－１０１",
            业主电话="１９９ ００００ ０００１",
            交房日期="2018年8月31日",
            **{"建筑面积(㎡)": "72.08㎡"},
        ),
        row(房号="1-1-102", 交房日期=43343, 业主电话=19900000001),
        row(房号="1-1-103", 交房日期="20180831"),
    )
    assert figures(run) == (3, 0, 0)
    assert set(Room.objects.values_list("handed_over_on", flat=True)) == {dt.date(2018, 8, 31)}


def test_a_gbk_csv_is_read(estate: Project) -> None:
    import io

    text = "楼栋,单元,房号,业主姓名,业主电话\r\n1号楼,1单元,101,戴云明,19900000001\r\n"
    load(ROOM, io.BytesIO(text.encode("gbk")), estate, name="房屋.csv")
    assert occupants() == [("1-1-101", "owner", "戴云明")]


def test_english_headers_in_any_order(estate: Project) -> None:
    head = ["Owner name", "Room", "Building", "Unit", "Area (sqm)", "Tenant", "Something else", "Status"]
    load(ROOM, sheet(head, ["Li Lei", "101", "1", "1", "72.08 m2", "Han Meimei", "?", "occupied"]), estate)
    assert occupants() == [("1-1-101", "owner", "Li Lei"), ("1-1-101", "tenant", "Han Meimei")]


def test_queries_do_not_grow_with_the_rows(estate: Project) -> None:
    def queries(count: int, floor: int) -> int:
        rows = [row(房号=f"2-1-{floor}{at:02d}", 楼栋="2号楼", 楼层=floor, 业主电话=f"1881111{floor}{at:03d}",
                    业主姓名=f"业主{at}", 租户姓名="", 租户电话="") for at in range(1, count + 1)]  # fmt: skip
        with CaptureQueriesContext(
            connection,
        ) as captured:
            load_rooms(estate, *rows)
        return len(captured)

    load_rooms(estate, row())
    assert queries(2, 1) == queries(8, 2)


def test_rooms_and_people_are_found_by_the_search(estate: Project) -> None:
    load_rooms(estate, row())
    assert [hit.title for hit in search.find("1-1-101", project_ids=[estate.pk], kinds=["registry.place"])] == [
        "1-1-101"
    ]
    assert [hit.title for hit in search.find("戴云", project_ids=[estate.pk])] == ["戴云明"]
    assert [hit.title for hit in search.find("19900000001", project_ids=[estate.pk])] == ["戴云明"]
    assert search.find("戴云明", project_ids=[estate.pk + 1]) == []
