# ruff: noqa: E501 - one column a line, however long: read as a table
"""Import of the equipment workbook (spec 01, 08)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets import documents, events
from wuyou.domains.assets.choices import AssetState
from wuyou.domains.assets.models import Asset
from wuyou.domains.assets.queries import EXTINGUISHER, LIFT
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.importers import (
    PlaceTree,
    RegistryImporter,
    Spot,
    Writing,
    created,
    differing,
    problem,
    project_of,
    refuse_stickers,
)
from wuyou.kernel.actors import Actor
from wuyou.kernel.imports import Applied, CellError, Changes, Column, Context, Report, Row, Sample, cells, register

SHOWN = 200
TEXTS = ("system", "category", "name", "model", "serial", "maker", "note")
FIELDS = (*TEXTS, "in_service_on", "accepted_on", "made_on", "life_years", "quantity", "state", "x", "y")
STATES: dict[str, Sequence[str]] = {
    AssetState.IN_SERVICE: ("在用", "使用中", "正常", "运行", "in service", "ok"),
    AssetState.STANDBY: ("备用", "standby", "spare"),
    AssetState.FAULTY: ("故障", "损坏", "faulty", "broken"),
    AssetState.OUT_OF_SERVICE: ("停用", "停运", "out of service"),
    AssetState.SCRAPPED: ("报废", "已报废", "scrapped"),
}
# fmt: off
COLUMNS = (
    Column("code", _("Asset number"), ("设备编号", "资产编号", "编号", "设备编码", "资产编码", "设备号", "asset number", "asset code", "code"), cells.text(longest=40), required=True, unique=True, example="JT-00001"),
    Column("system", _("System"), ("系统", "所属系统", "专业", "system"), cells.text(longest=30), example="照明"),
    Column("category", _("Kind"), ("类别", "设备类别", "类型", "设备类型", "kind", "category", "type"), cells.text(longest=30), required=True, help=_("Standards find their devices by the kind."), example="路灯"),
    Column("name", _("Name"), ("名称", "设备名称", "资产名称", "name"), cells.text(longest=80), required=True, example="路灯001"),
    Column("place", _("Place"), ("位置", "安装位置", "所在位置", "安装地点", "存放地点", "放置位置", "设备位置", "place", "location"), cells.text(longest=80), help=_("A public place, building, unit (1号楼2单元) or area by its name."), example="A区"),
    Column("model", _("Model"), ("规格型号", "型号", "规格", "model"), cells.text(longest=60), example="LED-60W"),
    Column("serial", _("Serial number"), ("出厂编号", "序列号", "serial number", "serial"), cells.text(longest=60)),
    Column("maker", _("Maker"), ("厂家", "生产厂家", "制造商", "品牌", "maker", "manufacturer"), cells.text(longest=80)),
    Column("in_service_on", _("In service since"), ("启用日期", "投用日期", "使用日期", "安装日期", "启用时间", "投用时间", "安装时间", "in service since", "install date", "commissioned"), cells.day(), example="2016-10-22"),
    Column("accepted_on", _("Accepted (supervision inspection)"), ("监检合格日期", "监督检验日期", "验收日期", "accepted"), cells.day(), help=_("Lifts without it take the month of their building.")),
    Column("made_on", _("Made on"), ("出厂日期", "生产日期", "made on", "production date"), cells.day()),
    Column("life_years", _("Design life (years)"), ("设计年限", "使用年限", "设计寿命", "design life", "life years"), cells.integer(least=0, most=200, units=("年",)), example=8),
    Column("quantity", _("Quantity"), ("数量", "台数", "quantity", "count"), cells.integer(least=1, most=100_000, units=("台", "个", "具", "套", "只", "盏", "块")), example=1),
    Column("state", _("State"), ("状态", "设备状态", "使用状态", "state", "status"), cells.choice(STATES), example="在用"),
    Column("note", _("Note"), ("备注", "说明", "note", "remarks"), cells.text(longest=200)),
    Column("x", _("x (m)"), ("X(米)", "X坐标", "x"), cells.decimal(places=9)),
    Column("y", _("y (m)"), ("Y(米)", "Y坐标", "y"), cells.decimal(places=9)),
)
# fmt: on


@dataclass(slots=True)
class AssetPlan:
    """What is to become of one device."""

    row: Any
    asset: Asset | None
    values: dict[str, Any]


@dataclass(slots=True)
class AssetChanges(Changes):
    """The changes with the project they are for."""

    tree: Any = None


class AssetsImporter(RegistryImporter):
    """Equipment; a device is known by its number within the project."""

    code = "assets.assets"
    label = _("Equipment")
    columns = COLUMNS

    def validate(self, rows: Sequence[Row], context: Context) -> list[CellError]:
        """Places nobody knows or several are called so, life of no years."""
        tree = PlaceTree(context.project_id or 0)
        return [error for row in rows for error in _errors(row, tree)]

    def plan(self, rows: Sequence[Row], context: Context) -> Changes:
        """Compare with the equipment that is there."""
        tree = PlaceTree(context.project_id or 0)
        known = {row.code: row for row in Asset.objects.filter(project=tree.project)}
        plans = [_plan_of(row, known.get(row.code), tree) for row in rows]
        changes = AssetChanges(tree=tree)
        changes.create = [one for one in plans if one.asset is None]
        changes.update = [one for one in plans if one.asset is not None and one.values]
        changes.unchanged = len(plans) - len(changes.create) - len(changes.update)
        changes.samples = [_sample(one) for one in [*changes.create, *changes.update][:SHOWN]]
        return changes

    def apply(self, changes: Changes, context: Context, *, by: Actor, report: Report) -> Applied:
        """Add and change, set-wise."""
        if not isinstance(changes, AssetChanges):
            raise TypeError("these changes are of another import")
        project = changes.tree.project
        applied, writing = Applied(), Writing()
        new = [Asset(project=project, **plan.values) for plan in changes.create]
        Asset.objects.bulk_create(new, batch_size=1_000)
        created(applied, new)
        for plan in changes.update:
            writing.change(plan.asset, plan.values)
        applied.updated = writing.write()
        documents.index_assets([row.pk for row in new] + [plan.asset.pk for plan in changes.update])
        events.assets_imported.send(Asset, project_id=project.pk)
        total = len(changes.create) + len(changes.update)
        report(done=total, total=total)
        return applied

    def after_undo(self, run: Any, *, by: Actor) -> None:
        """Refuse when stickers are on what is gone; forget what search knows of it."""
        super().after_undo(run, by=by)
        known = Asset.objects.filter(project=run.project_id).values("pk")
        refuse_stickers(project_of(run.project_id), kind="asset", known=known)
        documents.forget_missing(run.project_id)
        events.assets_imported.send(Asset, project_id=run.project_id)


def _errors(row: Row, tree: PlaceTree) -> Iterator[CellError]:
    found = tree.find(row.place) if row.place else []
    if row.place and not found:
        yield problem(
            row,
            "place",
            row.place,
            _("There is no place of this name. Import the public places first, or correct the name."),
        )
    elif len(found) > 1:
        labels = "、".join(spot.label() for spot in found[:3])
        yield problem(
            row,
            "place",
            row.place,
            _("Several places have this name: %(places)s. Write the area in front."),
            places=labels,
        )


def _plan_of(row: Row, asset: Asset | None, tree: PlaceTree) -> AssetPlan:
    spot = tree.find(row.place)[0] if row.place else None
    wanted: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    wanted |= {name: float(wanted[name]) for name in ("x", "y") if wanted[name] is not None}
    wanted["life_years"] = row.life_years or None
    wanted["accepted_on"] = row.accepted_on or _lift_month(row, spot, tree)
    wanted["made_on"] = row.made_on or (row.in_service_on if row.category == EXTINGUISHER else None)
    if spot is not None:
        wanted |= {"place_id": spot.id, "zone_id": tree.zone_over(spot)}
    if asset is not None:
        return AssetPlan(row, asset, differing(asset, wanted))
    stated = {name: value for name, value in wanted.items() if value is not None and value != ""}
    return AssetPlan(row, None, {"code": row.code, "system": row.category, **stated})


def _lift_month(row: Row, spot: Spot | None, tree: PlaceTree) -> date | None:
    """A lift counts its inspections from the month its building says."""
    if row.category != LIFT or spot is None:
        return None
    building = next((one for one in spot.above() if one.level == PlaceLevel.BUILDING), None)
    record = tree.buildings.get(building.id or 0) if building else None
    return record.lift_accepted_on if record else None


def _sample(plan: AssetPlan) -> Sample:
    values: Mapping[str, Any] = {name: value for name, value in plan.values.items() if not name.endswith("_id")}
    before = {name: getattr(plan.asset, name) for name in values} if plan.asset else {}
    after = {**values, **({"place": plan.row.place} if "place_id" in plan.values else {})}
    return Sample(plan.row.number, f"{plan.row.code} {plan.row.name}", before, after)


register(AssetsImporter())
