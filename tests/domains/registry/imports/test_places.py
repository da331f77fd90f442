"""The public places workbook."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.registry import TagFactory, ZoneFactory
from factories.tables import CLERK, cells_of, check, figures, load, sheet

from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Place, Zone
from wuyou.kernel.errors import Conflict
from wuyou.kernel.imports import actions

PLACES = "registry.places"
HEAD = ["类别", "名称", "片区", "面积(㎡)", "数量", "备注", "X(米)", "Y(米)"]
STAIRS = ["楼道楼梯", "1号楼1单元楼道", "A区", 87, 1, "6层", 20, 25]


def above(code: str) -> str:
    """The code of the place directly above."""
    return Place.objects.get(path=Place.objects.get(code=code).path[:-4]).code


def test_a_place_stands_where_its_name_says(estate: Project) -> None:
    run = load(
        PLACES,
        sheet(
            HEAD,
            STAIRS,
            ["电梯厅", "2栋大堂", "A区", 66, 11, "", 1, 2],
            ["出入口", "东门", "A区", 60, 1, "", 3, 4],
            ["小区道路", "A区主次干道", "A区", 7800, 1, "", 5, 6],
        ),
        estate,
    )
    assert figures(run) == (4, 0, 0)
    found = {code: above(code) for code in ("A区/1号楼1单元楼道", "A区/2栋大堂", "A区/东门", "A区主次干道")}
    assert found == {
        "A区/1号楼1单元楼道": "1号楼-1单元", "A区/2栋大堂": "2号楼", "A区/东门": "A区", "A区主次干道": "A区",
    }  # fmt: skip
    stairs = Place.objects.select_related("zone").get(name="1号楼1单元楼道")
    assert (stairs.category, stairs.area_m2, stairs.note, stairs.x, stairs.y) == (
        "楼道楼梯",
        Decimal(87),
        "6层",
        20,
        25,
    )
    assert stairs.zone.name == "A区"
    assert Place.objects.find_problems() == ([], [], [], [], [])


def test_a_second_run_changes_nothing(estate: Project) -> None:
    load(PLACES, sheet(HEAD, STAIRS), estate)
    run = load(PLACES, sheet(HEAD, STAIRS), estate)
    assert (figures(run), run.changes["applied"]) == ((0, 0, 1), {})


def test_changes_are_shown_made_and_undone(estate: Project) -> None:
    load(PLACES, sheet(HEAD, STAIRS), estate)
    zone = ZoneFactory(project=estate, name="保洁一片")
    head = [*HEAD, "编号"]
    run = load(
        PLACES,
        sheet(head, ["楼道楼梯", "1号楼1单元楼道", "保洁一片", 90, 1, "6层", 20, 25, "A区/1号楼1单元楼道"]),
        estate,
    )
    assert figures(run) == (0, 1, 0)
    assert run.changes["samples"][0]["after"] == {"area_m2": "90.00", "zone": "保洁一片"}
    stairs = Place.objects.get(name="1号楼1单元楼道")
    assert (stairs.area_m2, stairs.zone) == (Decimal(90), zone)
    actions.undo_run(run, by=CLERK)
    stairs.refresh_from_db()
    assert (stairs.area_m2, stairs.zone.name) == (Decimal(87), "A区")


def test_a_moved_place_is_still_known(estate: Project) -> None:
    from wuyou.domains.registry.actions import move_place

    load(PLACES, sheet(HEAD, STAIRS), estate)
    move_place(Place.objects.get(name="1号楼1单元楼道"), to=Place.objects.get(code="2号楼"), by=CLERK)
    run = load(PLACES, sheet(HEAD, STAIRS), estate)
    assert figures(run) == (0, 0, 1)


def test_the_place_above_may_have_its_own_cell(estate: Project) -> None:
    head = ["类别", "名称", "所属位置", "材质"]
    load(PLACES, sheet(head, ["电梯厅", "大堂", "1号楼2单元", ""], ["电梯轿厢", "轿厢", "1号楼", "不锈钢"]), estate)
    run = load(PLACES, sheet(head, ["电梯厅", "门厅", "1号楼2单元", "石材"]), estate)
    assert figures(run) == (1, 0, 0)
    assert [above(code) for code in ("轿厢",)] == ["1号楼"]


def test_without_areas_a_zone_is_a_zone_and_the_site_is_above(project: Project) -> None:
    load(PLACES, sheet(HEAD, ["出入口", "东门", "一片", 60, 1, "", 3, 4]), project)
    assert above("一片/东门") == project.code
    assert list(Zone.objects.values_list("name", flat=True)) == ["一片"]


def test_new_zones_are_undone_too(estate: Project) -> None:
    run = load(PLACES, sheet(HEAD, STAIRS), estate)
    assert Zone.objects.count() == 1
    actions.undo_run(run, by=CLERK)
    assert (Zone.objects.count(), Place.objects.filter(level__in=["spot", "unit"]).count()) == (0, 0)


def test_a_sticker_stands_in_the_way_of_an_undo(estate: Project) -> None:
    run = load(PLACES, sheet(HEAD, STAIRS), estate)
    TagFactory(project=estate, subject_id=Place.objects.get(name="1号楼1单元楼道").pk)
    with pytest.raises(Conflict):
        actions.undo_run(run, by=CLERK)
    assert Place.objects.filter(name="1号楼1单元楼道").exists()


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (["楼道楼梯", "9号楼1单元楼道", "A区", 87, 1, "", 1, 1], (3, "name")),  # unknown building
        (["楼道楼梯", "1号楼9单元楼道", "A区", 87, 1, "", 1, 1], (3, "name")),  # unknown unit
        (["楼道楼梯", "1号楼1单元楼道", "A区", 87, 1, "", 1, 1], (3, "name")),  # twice
        (["绿地", "绿地", "Z区", 87, 1, "", 1, 1], (3, "zone")),
        (["绿地", "绿地", "A区", 0, 1, "", 1, 1], (3, "area_m2")),
        (["绿地", "绿地", "A区", -1, 1, "", 1, 1], (3, "area_m2")),
        (["绿地", "绿地", "A区", 87, 0, "", 1, 1], (3, "quantity")),
        (["绿地", "绿地", "A区", 87, 1, "", "东", 1], (3, "x")),
        (["", "绿地", "A区", 87, 1, "", 1, 1], (3, "category")),
        (["绿地", "", "A区", 87, 1, "", 1, 1], (3, "name")),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(estate: Project, row: list[object], wrong: tuple[int, str]) -> None:
    assert cells_of(check(PLACES, sheet(HEAD, STAIRS, row), estate)) == [wrong]


def test_places_above_nobody_knows_or_several_are_called_so(estate: Project) -> None:
    load("registry.buildings", sheet(["区域", "楼栋", "层数"], ["B区", "1号楼", 6]), estate)
    head = ["类别", "名称", "区域", "所属位置"]
    rows = [
        ["出入口", "东门", "Z区", ""], ["出入口", "西门", "", "没有的楼"], ["出入口", "南门", "", "1号楼"],
        ["楼道楼梯", "1号楼1单元楼道", "", ""], ["楼道楼梯", "B区1号楼大堂", "", ""],
    ]  # fmt: skip
    run = check(PLACES, sheet(head, *rows), estate)
    assert cells_of(run) == [(2, "phase"), (3, "parent"), (5, "name")]
    # a building's code names one place, its name two
    assert Place.objects.filter(level="building", name="1号楼").count() == 2


def test_a_closed_place_is_not_opened_by_an_import(estate: Project) -> None:
    load(PLACES, sheet(HEAD, STAIRS), estate)
    Place.objects.filter(name="1号楼1单元楼道").update(closed_on=dt.date(2026, 1, 1))
    assert cells_of(check(PLACES, sheet(HEAD, STAIRS), estate)) == [(2, "name")]


def test_merged_cells_stand_for_all_their_rows(estate: Project) -> None:
    import io

    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        made = book.add_worksheet()
        made.write_row(0, 0, ["类别", "名称", "片区"])
        made.merge_range(1, 0, 2, 0, "出入口")
        made.merge_range(1, 2, 2, 2, "A区")
        made.write(1, 1, "东门")
        made.write(2, 1, "西门")
    buffer.seek(0)
    load(PLACES, buffer, estate)
    assert set(Place.objects.filter(category="出入口").values_list("name", flat=True)) == {"东门", "西门"}
