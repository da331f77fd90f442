"""The staff workbook."""

# ruff: noqa: E501 - one case a line

import datetime as dt

import pytest
from factories.registry import ContractorFactory, ZoneFactory
from factories.tables import CLERK, cells_of, check, figures, load, sheet

from wuyou.domains.org.models import Project
from wuyou.domains.registry.models import Contractor, Person, Qualification, Staff, Team
from wuyou.kernel import search
from wuyou.kernel.imports import actions

STAFF = "registry.staff"
HEAD = [
    "工号",
    "姓名",
    "性别",
    "出生日期",
    "部门",
    "岗位",
    "片区",
    "学历",
    "电话",
    "入职日期",
    "持证",
    "证书有效期",
    "用工性质",
]


def row(**given: object) -> list[object]:
    """A guard with two licences, changed by column header."""
    values = dict(
        zip(
            HEAD,
            ["JT003", "傅然", "男", dt.date(1989, 7, 16), "秩序", "保安员", "", "高中", "19900010935", dt.date(2025, 6, 1),
             "保安员证；消防设施操作员(中级)", dt.date(2027, 1, 15), "自有"],
            strict=True,
        )
    )  # fmt: skip
    return list({**values, **given}.values())


def test_staff_come_with_team_zone_and_licences(estate: Project) -> None:
    ZoneFactory(project=estate, name="A区")
    run = load(STAFF, sheet(HEAD, row(片区="A区")), estate)
    assert figures(run) == (1, 0, 0)
    staff = Staff.objects.select_related("team", "person").get()
    assert (staff.number, staff.name, staff.sex, staff.born_on, staff.team.name, staff.job, staff.employment) == (
        "JT003", "傅然", "male", dt.date(1989, 7, 16), "秩序", "保安员", "own",
    )  # fmt: skip
    assert (staff.person.phone, staff.person.node.code) == ("19900010935", "G")
    assert [zone.name for zone in staff.zones.all()] == ["A区"]
    licences = Qualification.objects.order_by("kind__code").values_list("kind__code", "valid_to")
    assert list(licences) == [("fire_operator_mid", dt.date(2027, 1, 15)), ("guard", dt.date(2027, 1, 15))]


def test_a_second_run_changes_nothing(estate: Project) -> None:
    load(STAFF, sheet(HEAD, row(片区="A区")), estate)
    run = load(STAFF, sheet(HEAD, row(片区="A区")), estate)
    assert (figures(run), run.changes["applied"]) == ((0, 0, 1), {})


def test_changes_are_made_and_undone(estate: Project) -> None:
    load(STAFF, sheet(HEAD, row()), estate)
    changed = row(
        姓名="傅燃", 部门="环境", 岗位="保洁员", 证书有效期=dt.date(2028, 1, 15), 电话="19900010999", 片区="A区"
    )
    run = load(STAFF, sheet(HEAD, changed), estate)
    assert figures(run) == (0, 1, 0)
    staff = Staff.objects.select_related("team", "person").get()
    assert (staff.name, staff.team.name, staff.person.name, staff.person.phone) == (
        "傅燃",
        "环境",
        "傅燃",
        "19900010999",
    )
    assert set(Qualification.objects.values_list("valid_to", flat=True)) == {dt.date(2028, 1, 15)}
    actions.undo_run(run, by=CLERK)
    staff = Staff.objects.select_related("team", "person").get()
    assert (staff.name, staff.team.name, staff.person.phone, staff.zones.count()) == ("傅然", "秩序", "19900010935", 0)
    assert set(Qualification.objects.values_list("valid_to", flat=True)) == {dt.date(2027, 1, 15)}


def test_a_whole_import_can_be_undone(estate: Project) -> None:
    run = load(STAFF, sheet(HEAD, row(片区="A区")), estate)
    actions.undo_run(run, by=CLERK)
    assert [model.objects.count() for model in (Staff, Person, Team, Qualification)] == [0, 0, 0, 0]
    assert search.find("傅然", project_ids=[estate.pk]) == []


def test_staff_are_found_by_the_search(estate: Project) -> None:
    load(STAFF, sheet(HEAD, row()), estate)
    assert [hit.title for hit in search.find("JT003", project_ids=[estate.pk])] == ["傅然"]
    assert [hit.kind for hit in search.find("19900010935", project_ids=[estate.pk])] == ["registry.person"]


@pytest.mark.parametrize("name", ["电工证", "低压电工作业证", "特种作业操作证（低压电工）"])
def test_licences_go_by_any_of_their_names(estate: Project, name: str) -> None:
    load(STAFF, sheet(HEAD, row(持证=name)), estate)
    assert Qualification.objects.get().kind.code == "electrician_lv"


def test_a_date_for_each_licence(estate: Project) -> None:
    load(STAFF, sheet(HEAD, row(持证="保安员证、健康证", 证书有效期="2027-01-15；2026-12-31")), estate)
    found = dict(Qualification.objects.values_list("kind__code", "valid_to"))
    assert found == {"guard": dt.date(2027, 1, 15), "health": dt.date(2026, 12, 31)}


def test_supervisors_by_number(estate: Project) -> None:
    head = ["工号", "姓名", "部门", "岗位", "上级工号"]
    rows = [["1", "甲", "环境", "主管", ""], ["2", "乙", "环境", "保洁员", "1"]]
    load(STAFF, sheet(head, *rows), estate)
    assert Staff.objects.get(number="2").supervisor.number == "1"
    run = load(STAFF, sheet(head, ["3", "丙", "环境", "经理", ""], ["1", "甲", "环境", "主管", "3"]), estate)
    assert Staff.objects.get(number="1").supervisor.number == "3"
    assert figures(load(STAFF, sheet(head, ["1", "甲", "环境", "主管", "3"]), estate)) == (0, 0, 1)
    actions.undo_run(run, by=CLERK)
    assert Staff.objects.get(number="1").supervisor is None


def test_outsourced_staff_and_their_contractor(estate: Project) -> None:
    ContractorFactory(node=estate.node, name="洁净公司")
    head = [*HEAD, "合作单位"]
    load(
        STAFF,
        sheet(
            head, [*row(用工性质="外包"), "洁净公司"], [*row(工号="X2", 姓名="乙", 电话="", 用工性质="外包"), "新公司"]
        ),
        estate,
    )
    assert set(Contractor.objects.values_list("name", flat=True)) == {"洁净公司", "新公司"}
    assert Staff.objects.get(number="JT003").contractor.name == "洁净公司"


def test_further_zones_stay_and_are_named(estate: Project) -> None:
    zone = ZoneFactory(project=estate, name="一片")
    load(STAFF, sheet(HEAD, row(片区="A区")), estate)
    Staff.objects.get().zones.add(zone)
    run = check(STAFF, sheet(HEAD, row(片区="A区")), estate)
    assert (cells_of(run), cells_of(run, warnings=True)) == ([], [(2, "zones")])


@pytest.mark.parametrize(
    ("wrong", "cell"),
    [
        (row(), (3, "staff_number")),  # twice
        (row(工号=""), (3, "staff_number")),
        (row(工号="2", 姓名=""), (3, "name")),
        (row(工号="2", 性别="不明"), (3, "sex")),
        (row(工号="2", 电话="1990001093x"), (3, "phone")),
        (row(工号="2", 出生日期="1989-02-30"), (3, "born_on")),
        (row(工号="2", 出生日期=dt.date(2008, 7, 16)), (3, "born_on")),  # a guard of 16
        (row(工号="2", 岗位="保洁员", 部门="环境", 出生日期=dt.date(2010, 7, 16)), (3, "born_on")),  # 14 years old
        (row(工号="2", 出生日期=dt.date(1889, 7, 16)), (3, "born_on")),
        (row(工号="2", 片区="Z区"), (3, "zones")),
        (row(工号="2", 持证="驾驶证"), (3, "licences")),
        (row(工号="2", 证书有效期="2027-01-15；2027-01-16；2027-01-17"), (3, "licence_until")),
        (row(工号="2", 证书有效期="长期"), (3, "licence_until")),
        (row(工号="2", 用工性质="外包"), (3, "contractor")),
        (row(工号="2", 部门=""), (3, "team")),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(estate: Project, wrong: list[object], cell: tuple[int, str]) -> None:
    assert cells_of(check(STAFF, sheet(HEAD, row(), wrong), estate)) == [cell]


def test_dates_and_supervisors_that_cannot_be(estate: Project) -> None:
    head = ["工号", "姓名", "部门", "岗位", "入职日期", "离职日期", "上级工号", "身份证号"]
    rows = [
        ["1", "甲", "环境", "保洁员", "2025-06-01", "2025-05-31", "", ""],
        ["2", "乙", "环境", "保洁员", "", "", "99", ""],
        ["3", "丙", "环境", "保洁员", "", "", "", "110105194912310021"],
    ]
    assert cells_of(check(STAFF, sheet(head, *rows), estate)) == [(2, "left_on"), (3, "supervisor"), (4, "identity")]


def test_erased_data_do_not_come_back(estate: Project) -> None:
    load(STAFF, sheet(HEAD, row()), estate)
    Person.objects.update(erased_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), name="#1", phone="")
    assert cells_of(check(STAFF, sheet(HEAD, row()), estate)) == [(2, "staff_number")]


def test_restricted_data_stay_as_they_are(estate: Project) -> None:
    load(STAFF, sheet(HEAD, row()), estate)
    Person.objects.update(restricted_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    load(STAFF, sheet(HEAD, row(电话="19900010999")), estate)
    assert Person.objects.get().phone == "19900010935"


def test_somebody_who_lives_here_may_work_here(estate: Project) -> None:
    load(
        "registry.rooms",
        sheet(["楼栋", "房号", "业主姓名", "业主电话"], ["1号楼", "101", "傅然", "19900010935"]),
        estate,
    )
    load(STAFF, sheet(HEAD, row()), estate)
    assert Person.objects.count() == 1
