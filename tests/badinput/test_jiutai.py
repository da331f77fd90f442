"""The Jiutai workbooks with one thing wrong in each: the cell is named, nothing else is touched (spec 01: bad input)."""

# ruff: noqa: E501 - one case a line

import datetime as dt
import io
import random
import time
import zipfile

import pytest
from badinput import jiutai
from badinput.jiutai import KINDS
from django.test import override_settings
from factories.tables import CLERK, cells_of, check, figures, load, quiet

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.registry.actions import load_qualification_kinds
from wuyou.domains.registry.models import Building, Occupancy, Person, Place, Room, Staff
from wuyou.kernel import journal
from wuyou.kernel.errors import Conflict, Invalid, TooLarge, Unsupported
from wuyou.kernel.imports import actions, all_importers
from wuyou.kernel.imports.models import ImportRun

MODELS = (Place, Building, Room, Person, Occupancy, Staff, Asset)


def counts() -> list[int]:
    """How many records of each kind there are."""
    return [model.objects.count() for model in MODELS]


@pytest.fixture
def jiutai_estate(project: Project) -> Project:
    """The estate with the first buildings of each area."""
    load_qualification_kinds()
    load(KINDS["buildings"], jiutai.some_buildings(), project)
    return project


BAD = [
    # --- rooms
    ("rooms", "房号", "1-1-101", "room"),  # the code of the row above
    ("rooms", "房号", " １－１－１０１ ", "room"),  # the same, full-width with spaces
    ("rooms", "房号", "1号楼1单元101室", "room"),  # the same, written out
    ("rooms", "房号", "", "room"),
    ("rooms", "房号", "1-1-#!", "room"),
    ("rooms", "区域", "E区", "phase"),  # unknown parents
    ("rooms", "楼栋", "101号楼", "building"),
    ("rooms", "单元", "9单元", "unit"),
    ("rooms", "楼层", 7, "floor"),
    ("rooms", "建筑面积(㎡)", 0, "area_m2"),
    ("rooms", "建筑面积(㎡)", -72.08, "area_m2"),
    ("rooms", "建筑面积(㎡)", "－７２", "area_m2"),
    ("rooms", "建筑面积(㎡)", "=B2*2", "area_m2"),  # a formula as text
    ("rooms", "建筑面积(㎡)", 1e12, "area_m2"),
    ("rooms", "业主电话", "1990000000O", "owner_phone"),  # a letter
    ("rooms", "业主电话", "手机", "owner_phone"),
    ("rooms", "业主电话", 1990000000, "owner_phone"),  # a digit short
    ("rooms", "业主电话", "1.99E+10", "owner_phone"),
    ("rooms", "交房日期", "2018-02-30", "handed_over_on"),
    ("rooms", "交房日期", "2018-13-01", "handed_over_on"),
    ("rooms", "交房日期", 12, "handed_over_on"),
    ("rooms", "交房日期", "二〇一八年", "handed_over_on"),
    ("rooms", "状态", "已入注", "state"),
    ("rooms", "类型", "住宅楼房", "use"),
    ("rooms", "常住人数", "2-3", "residents"),
    # --- buildings
    ("buildings", "楼栋", "1号楼", "building"),
    ("buildings", "楼栋", " １ 栋 ", "building"),
    ("buildings", "层数", 0, "floors"),
    ("buildings", "层数", "六", "floors"),
    ("buildings", "高度(米)", -1, "height_m"),
    ("buildings", "竣工日期", "2013-10-32", "completed_on"),
    ("buildings", "有电梯", "大概", "has_lift"),
    ("buildings", "电梯监检合格月份", "2015-13", "lift_accepted_on"),
    # --- public places
    ("places", "名称", "A区主次干道", "name"),
    ("places", "面积(㎡)", 0, "area_m2"),
    ("places", "面积(㎡)", -5, "area_m2"),
    ("places", "数量", 0, "quantity"),
    ("places", "X(米)", "左边", "x"),
    # --- staff
    ("staff", "工号", "JT001", "staff_number"),
    ("staff", "工号", "ＪＴ００１ ", "staff_number"),
    ("staff", "姓名", "", "name"),
    ("staff", "性别", "未知", "sex"),
    ("staff", "出生日期", dt.date(2020, 1, 1), "born_on"),
    ("staff", "出生日期", dt.date(1900, 1, 1), "born_on"),
    ("staff", "电话", "199O0010934", "phone"),
    ("staff", "片区", "E区", "zones"),
    ("staff", "持证", "驾驶证（飞机）", "licences"),
    ("staff", "入职日期", "去年", "hired_on"),
    # --- equipment
    ("assets", "设备编号", "JT-00001", "code"),
    ("assets", "设备编号", "jt-00001", "code"),
    ("assets", "位置", "月球", "place"),
    ("assets", "启用日期", "2016-02-30", "in_service_on"),
    ("assets", "设计年限", "很久", "life_years"),
    ("assets", "数量", 0, "quantity"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "column", "cell", "code"), BAD)
def test_the_cell_is_named_and_nothing_is_loaded(
    jiutai_estate: Project, name: str, column: str, cell: object, code: str
) -> None:
    before = counts()
    run = check(KINDS[name], jiutai.changed(name, column, cell), jiutai_estate)
    assert cells_of(run) == [(3, code)]
    assert run.errors[0]["message"]
    with pytest.raises(Invalid):
        actions.start_apply(run, by=CLERK)
    assert counts() == before


SAME = [
    ("rooms", "房号", "１－１－１０２"),
    ("rooms", "房号", " 1-1-102\u3000"),
    ("rooms", "楼栋", "１号楼 "),
    ("rooms", "楼栋", "1栋"),
    ("rooms", "单元", "一单元"),
    ("rooms", "单元", 1),
    ("rooms", "楼层", "１层"),
    ("rooms", "建筑面积(㎡)", "７２．０８"),
    ("rooms", "建筑面积(㎡)", " 72.08 ㎡ "),
    ("rooms", "业主电话", 19900000003),
    ("rooms", "业主电话", "１９９ 0000-0003"),
    ("rooms", "业主电话", "+86 199 0000 0003"),
    ("rooms", "业主姓名", "彭 霞 庆　"),
    ("rooms", "交房日期", "2018年1月14日"),
    ("rooms", "交房日期", "2018.1.14"),
    ("rooms", "交房日期", "20180114"),
    ("rooms", "交房日期", 43114),  # a serial
    ("rooms", "交房日期", "２０１８／１／１４"),
    ("rooms", "状态", " 已入住 "),
    ("rooms", "常住人数", "4人"),
    ("buildings", "楼栋", "２ 幢"),
    ("buildings", "层数", "６层"),
    ("buildings", "竣工日期", 41578),
    ("buildings", "有电梯", "没有"),
    ("staff", "姓名", "石　珍春"),
    ("staff", "电话", 19900010934),
    ("staff", "出生日期", 36065),
    ("staff", "出生日期", "1998.9.27"),
    ("assets", "设计年限", "8年"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "column", "cell"), SAME)
def test_the_same_thing_written_otherwise_changes_nothing(
    jiutai_estate: Project, name: str, column: str, cell: object
) -> None:
    if name != "buildings":
        load(KINDS[name], jiutai.written(jiutai.rows(name, 6)), jiutai_estate)
    before = counts()
    run = load(KINDS[name], jiutai.changed(name, column, cell), jiutai_estate)
    assert (figures(run), counts()) == ((0, 0, 6), before)


# --- identity numbers


@pytest.mark.parametrize(
    ("number", "is_good"),
    [
        ("11010519491231002X", True), ("11010519491231002x", True), ("110105491231002", True), (110105491231002, True),
        ("１１０１０５１９４９１２３１００２Ｘ", True), ("110105 19491231 002X", True), ("110105194912310021", False),
        ("11010549123100", False), ("110105499931002", False), ("1101051949123100", False), (110105194912310021, False),
        ("A10105194912310021", False),
    ],
)  # fmt: skip
def test_identity_numbers(jiutai_estate: Project, number: object, is_good: bool) -> None:
    made = jiutai.rows("rooms", 3)
    for row in made:
        row.append("业主身份证号" if row is made[0] else "")
    made[2][-1] = number
    run = check(KINDS["rooms"], jiutai.written(made), jiutai_estate)
    assert cells_of(run) == ([] if is_good else [(3, "owner_identity")])


# --- the shape of the sheet


def shuffled() -> jiutai.Rows:
    """The columns in another order."""
    made = jiutai.rows("rooms", 5)
    order = list(range(len(made[0])))
    random.Random(2).shuffle(order)
    return [[row[at] for at in order] for row in made]


def with_extra_columns() -> jiutai.Rows:
    """Columns nobody asks for, in front and between."""
    made = [["", *row[:4], "", *row[4:], ""] for row in jiutai.rows("rooms", 5)]
    made[0][0], made[0][5], made[0][-1] = "序号", "朝向", "车位号"
    return [made[0], *([at, *row[1:5], "南", *row[6:-1], f"B{at}"] for at, row in enumerate(made[1:], start=1))]


def in_english() -> jiutai.Rows:
    """The same under English headers."""
    made = jiutai.rows("rooms", 5)
    made[0] = ["Phase", "Building", "Unit", "Floor", "Room no", "Type", "Area (m2)", "Status", "Handed over", "Owner",
               "Owner phone", "Occupation", "Tenant", "Tenant phone", "Residents"]  # fmt: skip
    return made


def titled() -> jiutai.Rows:
    """Titles above the header, empty rows between, totals and signatures below."""
    head, *body = jiutai.rows("rooms", 5)
    return [["九台区煤矿棚户区房屋业户台账"], [], ["填表日期：2026-11-20", "", "单位：㎡"], head, *body[:2], [], ["", " "],
            *body[2:], [], ["小计", *[""] * 5, 341.0], ["合计：5户"], ["备注：以上数据截至2026年11月"], ["制表：", "", "审核："]]  # fmt: skip


def with_stars() -> jiutai.Rows:
    """Headers with stars, line breaks, units and trailing spaces."""
    made = jiutai.rows("rooms", 5)
    made[0] = [f"*{str(name).replace('(㎡)', '')}\n（必填） " for name in made[0]]
    return made


@pytest.mark.parametrize("make", [shuffled, with_extra_columns, in_english, titled, with_stars])
def test_the_same_list_in_another_shape(jiutai_estate: Project, make: object) -> None:
    load(KINDS["rooms"], jiutai.written(jiutai.rows("rooms", 5)), jiutai_estate)
    before = counts()
    run = load(KINDS["rooms"], jiutai.written(make()), jiutai_estate)  # type: ignore[operator]
    assert (figures(run), counts()) == ((0, 0, 5), before)


def test_merged_cells(jiutai_estate: Project) -> None:
    def merge(_book: object, sheet: object) -> None:
        for area, value in (("A2:A6", "A区"), ("B2:B6", "1号楼"), ("C2:C6", "1单元"), ("D2:D5", 1)):
            sheet.merge_range(area, value)  # type: ignore[attr-defined]

    load(KINDS["rooms"], jiutai.written(jiutai.rows("rooms", 5)), jiutai_estate)
    made = jiutai.rows("rooms", 5)
    for row in made[1:]:
        row[:3] = ["", "", ""]
    run = load(KINDS["rooms"], jiutai.written(made, shape=merge), jiutai_estate)
    assert figures(run) == (0, 0, 5)


def test_formulas(jiutai_estate: Project) -> None:
    def formulas(_book: object, sheet: object) -> None:
        sheet.write_formula("G2", "=60+12.08", None, 72.08)  # type: ignore[attr-defined]
        sheet.write_formula("G3", "=60+12.08", None, "")  # type: ignore[attr-defined]
        sheet.write_formula("G4", "=1/0", None, "#DIV/0!")  # type: ignore[attr-defined]

    run = check(KINDS["rooms"], jiutai.written(jiutai.rows("rooms", 5), shape=formulas), jiutai_estate)
    assert cells_of(run) == [(3, "area_m2"), (4, "area_m2")]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_the_list_as_csv(jiutai_estate: Project, encoding: str, sign: str) -> None:
    load(KINDS["rooms"], jiutai.written(jiutai.rows("rooms", 5)), jiutai_estate)
    text = "\r\n".join(sign.join(str(cell) for cell in row) for row in jiutai.rows("rooms", 5))
    run = load(KINDS["rooms"], io.BytesIO(text.encode(encoding, "replace")), jiutai_estate, name="房屋.csv")
    assert figures(run) == (0, 0, 5)


# --- files that are traps


def test_more_than_a_hundred_megabytes(jiutai_estate: Project, tmp_path: object) -> None:
    path = tmp_path / "big.csv"  # type: ignore[operator]
    with path.open("wb") as file:
        file.write("楼栋,单元,房号\n".encode())
        file.truncate((100 << 20) + 1)
    began = time.monotonic()
    with path.open("rb") as file, pytest.raises(TooLarge, match="100"):
        check(KINDS["rooms"], file, jiutai_estate, name="big.csv")
    assert time.monotonic() - began < 5
    assert ImportRun.objects.exclude(state="applied").count() == 0


def replaced(part: str, content: bytes) -> io.BytesIO:
    """The rooms workbook with one part replaced."""
    source = zipfile.ZipFile(jiutai.written(jiutai.rows("rooms", 5)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, content if name == part else source.read(name))
    buffer.seek(0)
    return buffer


def test_a_zip_bomb(jiutai_estate: Project) -> None:
    bomb = replaced("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * (50 << 20) + b"</worksheet>")
    assert len(bomb.getvalue()) < 200_000
    with pytest.raises(TooLarge):
        check(KINDS["rooms"], bomb, jiutai_estate)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_an_outside_entity(jiutai_estate: Project, part: str) -> None:
    trap = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    with pytest.raises(Unsupported):
        check(KINDS["rooms"], replaced(part, trap), jiutai_estate)
    assert ImportRun.objects.exclude(state="applied").count() == 0


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_off_workbook(jiutai_estate: Project, share: float) -> None:
    data = jiutai.file("staff").getvalue()
    with pytest.raises(Unsupported):
        check(KINDS["staff"], io.BytesIO(data[: int(len(data) * share)]), jiutai_estate)


@override_settings(IMPORT_MOST_BYTES=1_000)
def test_a_limit_of_one_s_own(jiutai_estate: Project) -> None:
    with pytest.raises(TooLarge):
        check(KINDS["staff"], jiutai.file("staff"), jiutai_estate)


# --- a list of another kind


@pytest.mark.parametrize("chosen", list(KINDS))
@pytest.mark.parametrize("name", list(KINDS))
def test_a_list_of_another_kind_is_refused(jiutai_estate: Project, name: str, chosen: str) -> None:
    if name == chosen:
        return
    before = counts()
    label = {importer.code: str(importer.label) for importer in all_importers()}
    with pytest.raises(Invalid) as caught:
        check(KINDS[chosen], jiutai.written(jiutai.rows(name, 30)), jiutai_estate)
    assert label[KINDS[name]] in str(caught.value)
    assert counts() == before


def test_the_charges_wait(jiutai_estate: Project) -> None:
    head = ["收费项目", "适用对象", "计费方式", "单价", "单位", "生效日期"]
    for kind in KINDS.values():
        with pytest.raises(Invalid):
            check(
                kind,
                jiutai.written([head, ["物业费", "住宅", "建筑面积", 0.45, "元/㎡·月", "2025-01-01"]]),
                jiutai_estate,
            )


def test_columns_set_by_hand_are_believed(jiutai_estate: Project) -> None:
    file = jiutai.written(jiutai.rows("assets", 3))
    run = actions.upload_file(file, by=CLERK, importer=KINDS["places"], project_id=jiutai_estate.pk, file_name="x.xlsx")
    chosen = {code: at for code, at in run.mapping.items() if code != "note"}
    actions.confirm_mapping(run, by=CLERK, mapping=chosen)
    assert run.state == "mapped"


# --- one among ten thousand


@pytest.mark.slow
def test_one_bad_cell_among_ten_thousand(jiutai_estate: Project) -> None:
    load(KINDS["buildings"], jiutai.file("buildings"), jiutai_estate)
    made = jiutai.rows("rooms")
    made[7_000][made[0].index("业主电话")] = "1990000000a"
    before = counts()
    run = check(KINDS["rooms"], jiutai.written(made), jiutai_estate)
    assert (cells_of(run), run.errors_total, run.rows_wrong) == ([(7_001, "owner_phone")], 1, 1)
    assert run.errors[0]["value"] == "1990000000a"
    with pytest.raises(Invalid):
        actions.start_apply(run, by=CLERK)
    assert counts() == before
    actions.confirm_mapping(run, by=CLERK, on_error="rest")
    actions.start_check(run, by=CLERK)
    actions.check_run(run, by=CLERK, report=quiet)
    assert figures(run) == (9_999, 0, 0)


# --- two at once


def test_a_run_is_loaded_once(jiutai_estate: Project) -> None:
    run = check(KINDS["staff"], jiutai.file("staff"), jiutai_estate)
    same = ImportRun.objects.get(pk=run.pk)
    actions.start_apply(run, by=CLERK)
    with pytest.raises(Conflict):
        actions.start_apply(same, by=CLERK)
    actions.apply_run(run, by=CLERK, report=quiet)
    with pytest.raises(Conflict):
        actions.apply_run(same, by=CLERK, report=quiet)
    assert Staff.objects.count() == 35
    assert journal.verify().is_intact
