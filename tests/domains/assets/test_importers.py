"""The equipment workbook."""

import datetime as dt

import pytest
from factories.org import ProjectFactory
from factories.registry import TagFactory
from factories.tables import CLERK, cells_of, check, figures, load, sheet

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.kernel import search
from wuyou.kernel.errors import Conflict
from wuyou.kernel.imports import actions

ASSETS = "assets.assets"
HEAD = ["设备编号", "系统", "类别", "名称", "位置", "规格型号", "启用日期", "设计年限", "数量", "备注", "X(米)"]
BUILDINGS = (
    ["区域", "楼栋", "层数", "单元数", "有电梯", "电梯监检合格月份"],
    ["A区", "97号楼", 11, 2, "是", "2015-06"],
    ["B区", "1号楼", 6, 2, "否", ""],
)
PLACES = (
    ["类别", "名称", "片区"],
    ["电梯轿厢", "97号楼1单元电梯", "A区"],
    ["出入口", "东门", "A区"],
    ["出入口", "北门", "A区"],
    ["出入口", "北门", "B区"],
)


def row(**given: object) -> list[object]:
    """A lamp of area A, changed by column header."""
    values = dict(
        zip(
            HEAD,
            ["JT-1", "照明", "路灯", "路灯001", "A区", "LED-60W", dt.date(2016, 10, 22), 8, 1, "", 2.5],
            strict=True,
        )
    )
    return list({**values, **given}.values())


@pytest.fixture
def project(db: None) -> Project:
    """A project with two buildings and four public places."""
    made = ProjectFactory(code="JT")
    load("registry.buildings", sheet(*BUILDINGS), made)
    load("registry.places", sheet(*PLACES), made)
    return made


def test_a_device_stands_where_the_sheet_says(project: Project) -> None:
    rows = [row(), row(设备编号="JT-2", 位置="东门"), row(设备编号="JT-3", 位置="97栋"), row(设备编号="JT-4", 位置="")]
    assert figures(load(ASSETS, sheet(HEAD, *rows), project)) == (4, 0, 0)
    found = Asset.objects.order_by("code").values_list("code", "place__name", "zone__name")
    assert list(found) == [
        ("JT-1", "A区", "A区"), ("JT-2", "东门", "A区"), ("JT-3", "97号楼", "A区"), ("JT-4", None, None),
    ]  # fmt: skip
    lamp = Asset.objects.get(code="JT-1")
    assert (lamp.model, lamp.in_service_on, lamp.life_years, lamp.quantity, lamp.x, lamp.state) == (
        "LED-60W", dt.date(2016, 10, 22), 8, 1, 2.5, "in_service",
    )  # fmt: skip
    assert [hit.title for hit in search.find("JT-1", project_ids=[project.pk])][:1] == ["路灯001"]


def test_a_lift_counts_from_the_month_of_its_building(project: Project) -> None:
    load(ASSETS, sheet(HEAD, row(类别="乘客电梯", 位置="97号楼1单元电梯")), project)
    assert Asset.objects.get().accepted_on == dt.date(2015, 6, 1)


def test_a_stated_acceptance_goes_first(project: Project) -> None:
    head = [*HEAD, "监检合格日期"]
    load(ASSETS, sheet(head, [*row(类别="乘客电梯", 位置="97号楼1单元电梯"), "2016-03-05"]), project)
    assert Asset.objects.get().accepted_on == dt.date(2016, 3, 5)


def test_an_extinguisher_is_as_old_as_its_use(project: Project) -> None:
    load(ASSETS, sheet(HEAD, row(类别="灭火器"), row(设备编号="JT-2")), project)
    assert list(Asset.objects.order_by("code").values_list("made_on", flat=True)) == [dt.date(2016, 10, 22), None]


def test_a_second_run_changes_nothing(project: Project) -> None:
    rows = [row(), row(设备编号="JT-2", 类别="乘客电梯", 位置="97号楼1单元电梯")]
    load(ASSETS, sheet(HEAD, *rows), project)
    run = load(ASSETS, sheet(HEAD, *rows), project)
    assert (figures(run), run.changes["applied"]) == ((0, 0, 2), {})


def test_changes_are_shown_made_and_undone(project: Project) -> None:
    load(ASSETS, sheet(HEAD, row()), project)
    run = load(ASSETS, sheet(HEAD, row(位置="东门", 数量="2盏", 名称="路灯甲")), project)
    sample = run.changes["samples"][0]
    assert (figures(run), sample["before"]) == ((0, 1, 0), {"name": "路灯001", "quantity": "1"})
    assert sample["after"] == {"name": "路灯甲", "quantity": "2", "place": "东门"}
    assert Asset.objects.get().place.name == "东门"
    actions.undo_run(run, by=CLERK)
    asset = Asset.objects.get()
    assert (asset.place.name, asset.quantity, asset.name) == ("A区", 1, "路灯001")


def test_a_whole_import_is_undone_unless_a_sticker_is_on_it(project: Project) -> None:
    run = load(ASSETS, sheet(HEAD, row()), project)
    tag = TagFactory(project=project, subject_kind="asset", subject_id=Asset.objects.get().pk)
    with pytest.raises(Conflict):
        actions.undo_run(run, by=CLERK)
    tag.delete()
    run.refresh_from_db()
    actions.undo_run(run, by=CLERK)
    assert Asset.objects.count() == 0
    assert search.find("路灯", project_ids=[project.pk]) == []


@pytest.mark.parametrize(
    ("wrong", "cell"),
    [
        (row(), (3, "code")),  # twice
        (row(设备编号=""), (3, "code")),
        (row(设备编号="2", 类别=""), (3, "category")),
        (row(设备编号="2", 名称=""), (3, "name")),
        (row(设备编号="2", 位置="没有的地方"), (3, "place")),
        (row(设备编号="2", 位置="北门"), (3, "place")),  # two gates of this name
        (row(设备编号="2", 启用日期="2016-13-01"), (3, "in_service_on")),
        (row(设备编号="2", 设计年限=-1), (3, "life_years")),
        (row(设备编号="2", 设计年限="八年"), (3, "life_years")),
        (row(设备编号="2", 数量=0), (3, "quantity")),
        (row(设备编号="2", 数量=1.5), (3, "quantity")),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(project: Project, wrong: list[object], cell: tuple[int, str]) -> None:
    assert cells_of(check(ASSETS, sheet(HEAD, row(), wrong), project)) == [cell]


def test_the_area_in_front_tells_two_gates_apart(project: Project) -> None:
    load(ASSETS, sheet(HEAD, row(位置="B区/北门")), project)
    assert Asset.objects.get().place.code == "B区/北门"


def test_english_headers_and_states(project: Project) -> None:
    head = ["Location", "Asset number", "Status", "Category", "Name", "Commissioned"]
    load(ASSETS, sheet(head, ["东门", "X1", "standby", "道闸", "Barrier", "2020-05-06"]), project)
    asset = Asset.objects.get()
    assert (asset.state, asset.system, asset.in_service_on) == ("standby", "道闸", dt.date(2020, 5, 6))
