"""An estate with its layers, to be planned; and the Jiutai estate as its workbooks have it."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import python_calamine

from factories.org import NodeFactory, ProjectFactory, user_with
from factories.registry import PlaceFactory, StaffFactory, TeamFactory, ZoneFactory, place_below
from factories.standards import ClauseFactory, GradeFactory, StandardFactory, SubjectFactory, VersionFactory
from wuyou import config
from wuyou.domains.assets.models import Asset
from wuyou.domains.contracts.actions import load_contract
from wuyou.domains.org.models import Project, User
from wuyou.domains.registry.actions import load_qualification_kinds
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import (
    Building,
    Person,
    Place,
    Qualification,
    QualificationKind,
    Staff,
    Team,
    Zone,
)
from wuyou.domains.standards.actions.shipping import load_shipped
from wuyou.domains.standards.models import Clause, Grade, StandardVersion
from wuyou.domains.standards.queries import latest_issued
from wuyou.domains.work.actions.binding import bind
from wuyou.domains.work.actions.drafting import draft_plan
from wuyou.domains.work.actions.plan import publish_plan, submit_plan
from wuyou.domains.work.models import Binding, Plan
from wuyou.kernel import clock
from wuyou.kernel.actors import System
from wuyou.kernel.trees import child_paths

PLANNER = (
    "work.view_plan", "work.edit_plan", "work.publish_plan", "work.bind_standards", "work.assign_tasks",
    "work.view_tasks",
)  # fmt: skip
BY = System("test")
JIUTAI = Path(config.__file__).parent / "demo" / "jiutai"
LONG_AGO = dt.date(2026, 1, 1)


@dataclass
class Estate:
    """What `estate()` made."""

    project: Project
    planner: User
    root: Place
    zones: list[Zone]
    stairs: list[Place]
    team: Team
    cleaners: list[Staff]
    bindings: dict[str, Binding] = field(default_factory=dict)


def estate(*, stairs: int = 3) -> Estate:
    """Some stairs of 100 m² in two zones, each with a cleaner; bound to nothing yet."""
    project = ProjectFactory(node=NodeFactory(kind="project", parent=NodeFactory()))
    root = PlaceFactory(project=project, name="小区")
    zones = [ZoneFactory(project=project) for _ in range(2)]
    team = TeamFactory(project=project, name="环境")
    cleaners = [StaffFactory(team=team, job="保洁员") for _ in zones]
    for cleaner, zone in zip(cleaners, zones, strict=True):
        cleaner.zones.add(zone)
    places = [stair(root, zones[number % 2]) for number in range(stairs)]
    return Estate(project, user_with(*PLANNER, at=project), root, zones, places, team, cleaners)


def stair(root: Place, zone: Zone | None = None) -> Place:
    """One more stair of 100 m²."""
    return place_below(root, category="楼道楼梯", zone=zone, area_m2=Decimal(100))


def layer(kind: str = "grade", **values: str) -> tuple[StandardVersion, Grade]:
    """An issued version of a new standard; `sweep="1/1 d"` makes a clause on the subject of that activity.

    A subject `sweep` matches stairs at 6 minutes per 100 m²; every other name is an activity on stairs too.
    """
    version = VersionFactory(issued=True, standard=StandardFactory(kind=kind))
    grade = GradeFactory(version=version)
    for activity, value in values.items():
        subject(activity)
        clause(version, activity, value)
    return version, grade


def subject(activity: str, **given: Any) -> Any:
    """A subject called like its activity."""
    return SubjectFactory._meta.model.objects.filter(name=activity).first() or SubjectFactory(
        name=activity, activity=activity, **given
    )


def clause(version: StandardVersion, activity: str, value: str, **given: Any) -> Clause:
    """A clause on a subject, with its value at the only grade."""
    kind = given.pop("kind", "cadence")
    return ClauseFactory(version=version, subject_name=activity, kind=kind, values={"g1": value}, **given)


def bound(site: Estate, kind: str = "grade", *, starts_on: dt.date = LONG_AGO, **values: str) -> Binding:
    """The estate bound to a new layer."""
    version, grade = layer(kind, **values)
    site.bindings[kind] = bind(site.project, version, grade, starts_on=starts_on, by=site.planner)
    return site.bindings[kind]


def published(site: Estate, *, effective_from: dt.date | None = None) -> Plan:
    """A plan of the estate's layers in force from a day, today by default."""
    plan = draft_plan(site.project, by=site.planner)
    submit_plan(plan, by=site.planner)
    return publish_plan(plan, effective_from=effective_from or clock.today(), by=site.planner)


# --- Jiutai


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of the first sheet of a shipped workbook."""
    book = python_calamine.CalamineWorkbook.from_path(str(JIUTAI / name))
    head, *body = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    return [dict(zip(head, row, strict=True)) for row in body]


def jiutai() -> Project:
    """The Jiutai estate without its residents: places, buildings, devices, staff, licences; bound to nothing yet."""
    load_qualification_kinds()
    load_shipped(by=BY)
    project = ProjectFactory(
        node=NodeFactory(kind="project", parent=NodeFactory()), code="JT", name="九台区煤矿棚户区万户新居小区",
        facts={"lightning": True},
    )  # fmt: skip
    zones = {name: ZoneFactory(project=project, name=name) for name in ("A区", "B区", "C区", "D区")}
    root = PlaceFactory(project=project, name=project.name)
    places = _places(project, root, zones)
    _assets(project, places, zones)
    _staff(project, zones)
    return project


def _places(project: Project, root: Place, zones: dict[str, Zone]) -> dict[str, Place]:
    spots, buildings = rows("places.xlsx"), rows("buildings.xlsx")
    paths = child_paths(Place, root.path, after=0)
    found = [
        Place(
            project=project, path=next(paths), depth=2, level=PlaceLevel.SPOT, category=row["类别"], code=f"S{number}",
            name=row["名称"], zone=zones[row["片区"]], quantity=int(row["数量"]),
            area_m2=Decimal(str(row["面积(㎡)"])) if row["面积(㎡)"] else None,
        )
        for number, row in enumerate(spots)
    ] + [
        Place(
            project=project, path=next(paths), depth=2, level=PlaceLevel.BUILDING, code=f"B{number}", name=row["楼栋"],
            zone=zones[row["区域"]],
        )
        for number, row in enumerate(buildings)
    ]  # fmt: skip
    Place.objects.bulk_create(found)
    Place.objects.filter(pk=root.pk).update(numchild=len(found))
    by_name = {place.name: place for place in found}
    Building.objects.bulk_create(
        Building(
            place=by_name[row["楼栋"]], floors=int(row["层数"]), height_m=Decimal(str(row["高度(米)"])),
            units=int(row["单元数"]), has_lift=row["有电梯"] == "是", has_fire_system=row["自动消防设施"] == "有",
        )
        for row in buildings
    )  # fmt: skip
    return by_name


def _assets(project: Project, places: dict[str, Place], zones: dict[str, Zone]) -> None:
    Asset.objects.bulk_create(
        Asset(
            project=project, code=row["设备编号"], system=row["系统"], category=row["类别"], name=row["名称"],
            place=places.get(row["位置"]), zone=zones.get(row["位置"]), model=row["规格型号"],
            in_service_on=row["启用日期"], made_on=row["启用日期"], quantity=int(row["数量"]),
            accepted_on=dt.date(2015, 6, 1) if row["类别"] == "乘客电梯" else None,
        )
        for row in rows("assets.xlsx")
    )  # fmt: skip


def _staff(project: Project, zones: dict[str, Zone]) -> None:
    teams: dict[str, Team] = {}
    kinds = {name: kind for kind in QualificationKind.objects.all() for name in (kind.name_zh, *kind.synonyms)}
    for row in rows("staff.xlsx"):
        team = teams.setdefault(row["部门"], None) or TeamFactory(project=project, name=row["部门"])
        teams[row["部门"]] = team
        person = Person.objects.create(node=project.node, name=row["姓名"])
        staff = Staff.objects.create(
            project=project, person=person, number=row["工号"], name=row["姓名"], team=team, job=row["岗位"],
            hired_on=row["入职日期"],
        )  # fmt: skip
        if row["片区"]:
            staff.zones.add(zones[row["片区"]])
        for name in filter(None, row["持证"].split("；")):
            Qualification.objects.create(
                staff=staff, kind=kinds[name], valid_from=dt.date(2025, 1, 1), valid_to=row["证书有效期"]
            )


def bind_jiutai(project: Project, *, by: Any = BY, starts_on: dt.date = LONG_AGO) -> dict[str, Binding]:
    """Grade 3, the public-service set, the contract's promises and the statutory duties, by layer."""
    contract = load_contract(JIUTAI / "contract.yaml", project=project, by=by)
    found = {}
    for code, grade in (("residential-2004", "g3"), ("residential-public-3", "g3"), ("statutory", "law")):
        version = latest_issued(code)
        assert version is not None
        binding = bind(project, version, version.grades.get(code=grade), starts_on=starts_on, by=by)
        found[binding.layer] = binding
    promises = contract.promises
    assert promises is not None
    found["contract"] = bind(project, promises, promises.grades.get(), starts_on=starts_on, by=by)
    return found
