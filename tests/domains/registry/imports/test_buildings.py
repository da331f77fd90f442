"""The buildings workbook."""

import datetime as dt
from decimal import Decimal

import pytest
from factories.org import user_with
from factories.tables import CLERK, cells_of, check, figures, load, quiet, sheet

from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Building, Place
from wuyou.kernel import imports
from wuyou.kernel.errors import Conflict, Denied, Missing
from wuyou.kernel.imports import actions

HEAD = ["区域", "楼栋", "层数", "高度(米)", "单元数", "有电梯", "电梯监检合格月份", "X(米)"]
KINDS = ["registry.buildings", "registry.rooms", "registry.places", "registry.staff", "assets.assets"]
FIRST = ["A区", "1号楼", 6, 17.7, 4, "否", "", 20.5]


def test_areas_and_buildings_are_made(project: Project) -> None:
    run = load("registry.buildings", sheet(HEAD, FIRST, ["B区", "97号楼", 11, 32.6, 4, "是", "2015-06", 0]), project)
    assert figures(run) == (2, 0, 0)
    names = Place.objects.filter(project=project).order_by("path").values_list("level", "code", "depth", "numchild")
    assert list(names) == [
        ("site", "JT", 1, 2), ("area", "A区", 2, 1), ("building", "1号楼", 3, 0), ("area", "B区", 2, 1),
        ("building", "97号楼", 3, 0),
    ]  # fmt: skip
    tall = Building.objects.get(place__code="97号楼")
    assert (tall.floors, tall.height_m, tall.has_lift, tall.lift_accepted_on) == (
        11, Decimal("32.6"), True, dt.date(2015, 6, 1),
    )  # fmt: skip
    assert Place.objects.get(code="1号楼").x == 20.5
    assert Place.objects.find_problems() == ([], [], [], [], [])


def test_a_second_run_changes_nothing(project: Project) -> None:
    load("registry.buildings", sheet(HEAD, FIRST), project)
    run = load("registry.buildings", sheet(HEAD, FIRST), project)
    assert figures(run) == (0, 0, 1)
    assert run.changes["applied"] == {}


def test_changes_are_shown_before_they_are_made(project: Project) -> None:
    load("registry.buildings", sheet(HEAD, FIRST), project)
    run = check("registry.buildings", sheet(HEAD, ["A区", "1栋", 7, 17.7, 4, "否", "", 21]), project)
    assert figures(run) == (0, 1, 0)
    sample = run.changes["samples"][0]
    assert (sample["before"], sample["after"]) == ({"floors": "6"}, {"floors": "7"})
    assert Building.objects.get().floors == 6


def test_an_import_needs_a_project_and_the_right(project: Project) -> None:
    importer = imports.get("registry.buildings")
    with pytest.raises(Missing):
        importer.check_import(by=CLERK, project_id=None)
    with pytest.raises(Denied):
        importer.check_import(by=user_with("registry.manage_places", at=project), project_id=project.pk)
    importer.check_import(by=user_with("registry.import_data", at=project), project_id=project.pk)


@pytest.mark.parametrize("code", KINDS)
def test_changes_of_another_kind_are_refused(project: Project, code: str) -> None:
    context = imports.Context(project.pk, dt.date(2026, 1, 1))
    with pytest.raises(TypeError):
        imports.get(code).apply(imports.Changes(), context, by=CLERK, report=quiet)


@pytest.mark.parametrize("code", KINDS)
def test_the_example_of_each_template_is_taken(project: Project, code: str) -> None:
    load("registry.buildings", sheet(HEAD, FIRST), project)
    columns = [column for column in imports.get(code).columns if column.example != ""]
    run = check(code, sheet([column.header for column in columns], [column.example for column in columns]), project)
    assert cells_of(run) == []


def test_a_change_can_be_undone(project: Project) -> None:
    load("registry.buildings", sheet(HEAD, FIRST), project)
    run = load("registry.buildings", sheet(HEAD, ["A区", "1号楼", 7, 18, 4, "否", "", 21]), project)
    actions.undo_run(run, by=CLERK)
    row = Building.objects.select_related("place").get()
    assert (row.floors, row.height_m, row.place.x) == (6, Decimal("17.7"), 20.5)


def test_an_empty_cell_takes_nothing_away(project: Project) -> None:
    load("registry.buildings", sheet(HEAD, FIRST), project)
    run = load("registry.buildings", sheet(["楼栋", "层数"], ["1号楼", 6]), project)
    assert figures(run) == (0, 0, 1)
    assert Building.objects.get().height_m == Decimal("17.7")


def test_a_whole_import_can_be_undone_and_done_again(project: Project) -> None:
    run = load("registry.buildings", sheet(HEAD, FIRST), project)
    actions.undo_run(run, by=CLERK)
    assert (Place.objects.count(), Building.objects.count()) == (0, 0)
    load("registry.buildings", sheet(HEAD, FIRST), project)
    assert Place.objects.count() == 3


def test_a_building_with_rooms_is_not_undone(project: Project) -> None:
    run = load("registry.buildings", sheet(HEAD, FIRST), project)
    load("registry.rooms", sheet(["楼栋", "单元", "房号"], ["1号楼", "1单元", "101"]), project)
    with pytest.raises(Conflict):
        actions.undo_run(run, by=CLERK)
    assert Place.objects.filter(code="1-1-101").exists()


def test_the_same_name_in_two_areas_is_two_buildings(project: Project) -> None:
    load("registry.buildings", sheet(HEAD, FIRST, ["B区", "1号楼", 6, 17.7, 4, "否", "", 1]), project)
    assert list(Place.objects.filter(level="building").order_by("path").values_list("code", flat=True)) == [
        "1号楼",
        "B区-1号楼",
    ]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (["A区", "1栋", 6, 17.7, 4, "否", "", 1], (3, "building")),  # 1号楼 once more
        (["A区", "2号楼", 0, 17.7, 4, "否", "", 1], (3, "floors")),
        (["A区", "2号楼", "", 17.7, 4, "否", "", 1], (3, "floors")),
        (["A区", "2号楼", 6, 0, 4, "否", "", 1], (3, "height_m")),
        (["A区", "2号楼", 6, 17.7, 4, "大概", "", 1], (3, "has_lift")),
        (["A区", "2号楼", 6, 17.7, 4, "否", "2015-06", 1], (3, "has_lift")),
        (["A区", "2号楼", 6, 17.7, 4, "是", "2015-13", 1], (3, "lift_accepted_on")),
        (["A区", "", 6, 17.7, 4, "否", "", 1], (3, "building")),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(project: Project, row: list[object], wrong: tuple[int, str]) -> None:
    run = check("registry.buildings", sheet(HEAD, FIRST, row), project)
    assert cells_of(run) == [wrong]


def test_a_lift_without_its_month_is_shown(project: Project) -> None:
    run = check("registry.buildings", sheet(HEAD, ["A区", "2号楼", 6, 17.7, 4, "是", "", 1]), project)
    assert (cells_of(run), cells_of(run, warnings=True)) == ([], [(2, "lift_accepted_on")])


def test_english_headers_in_any_order_with_more_columns(project: Project) -> None:
    head = ["Remarks", "Floors", "Height (m)", "Building", "Phase", "Lift"]
    run = load("registry.buildings", sheet(head, ["x", "11层", "32.6m", "A座", "1期", "yes"]), project)
    assert figures(run) == (1, 0, 0)
    assert Building.objects.get().floors == 11
    assert Place.objects.get(level="building").name == "A座"
