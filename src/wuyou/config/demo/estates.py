# ruff: noqa: E501 - rows of tables
"""The demo's five estates, each from five workbooks through the importers."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import BinaryIO

from wuyou.domains.org.actions import add_project
from wuyou.domains.org.models import Node, Project
from wuyou.domains.registry.queries.staff import staff_present
from wuyou.kernel import imports
from wuyou.kernel.transactions import unit_of_work

from . import books
from .company import BY, let_in_people

JIUTAI = Path(__file__).parent / "jiutai"
IMPORTERS = {
    "buildings": "registry.buildings",
    "rooms": "registry.rooms",
    "places": "registry.places",
    "assets": "assets.assets",
    "staff": "registry.staff",
}
EVERY_DAY = {str(day): ["08:00", "18:00"] for day in range(1, 8)} | {"holiday": ["09:00", "16:00"]}


@dataclass(frozen=True, slots=True)
class Estate:
    """An estate: where it hangs, what it is, which standards it is bound to (code of the set → grade)."""

    code: str
    name: str
    node: str
    kind: str
    city: str
    standards: tuple[tuple[str, str], ...]
    count: int = 0
    floors: int = 6
    units: int = 2
    has_lift: bool = False
    areas: tuple[str, ...] = ("东区", "西区")
    extra: tuple[str, ...] = ("水泵房", "配电室")
    effort: int = 3
    facts: tuple[str, ...] = ("common_income",)


ESTATES = (
    Estate(
        "JT", "九台区煤矿棚户区万户新居小区", "CC", "residential", "长春",
        (("residential-2004", "g3"), ("residential-public-3", "g3")), effort=30,
    ),
    Estate("BH", "滨河花园", "CC", "residential", "长春", (("residential-2004", "g1"),), count=6, floors=11, has_lift=True),
    Estate("XF", "幸福里小区", "SY", "residential", "沈阳", (("residential-2004", "g2"),), count=8),
    Estate(
        "YX", "云玺府", "GZ", "residential", "广州", (("hotel-style", "premium"),), count=4, floors=18, has_lift=True,
        extra=("水泵房", "配电室", "停车场", "屋面", "外立面"), facts=("common_income", "lightning"),
    ),
    Estate("JC", "江城职业学院", "GZ", "campus", "广州", (("campus", "standard"),), count=5, floors=5, facts=("key_unit",)),
)  # fmt: skip


def open_estate(estate: Estate, nodes: dict[str, Node], report: Callable[..., None]) -> Project:
    """Enter the project and import its workbooks; the first estate's people are let in once its staff are known."""
    project = add_project(
        parent=nodes[estate.node], code=estate.code, name=estate.name, by=BY, kind=estate.kind, city=estate.city,
        service_hours=EVERY_DAY, facts=dict.fromkeys(estate.facts, True),
    )  # fmt: skip
    files = list(_workbooks(estate))
    for number, (kind, name, file) in enumerate(files):
        load(project, kind, name, file)
        report(done=number + 1, total=len(files))
    if estate.code == "JT":
        let_in_people(nodes, project, {row.number: row for row in staff_present(project)})
    return project


def load(project: Project, kind: str, name: str, file: BinaryIO) -> None:
    """Import one workbook as the wizard does: upload, columns as proposed, check, load all or nothing."""
    run = imports.upload_file(file, by=BY, importer=IMPORTERS[kind], project_id=project.pk, file_name=name)
    imports.confirm_mapping(run, by=BY)
    with unit_of_work():
        imports.start_check(run, by=BY)
        imports.check_run(run, by=BY, report=_quiet)
    with unit_of_work():
        imports.start_apply(run, by=BY)
        imports.apply_run(run, by=BY, report=_quiet)


def _quiet(**_figures: object) -> None:
    """Imports report by row; here a bar of files is enough."""


def _workbooks(estate: Estate) -> Iterator[tuple[str, str, BinaryIO]]:
    if estate.code == "JT":
        for kind in IMPORTERS:
            yield kind, f"{kind}.xlsx", io.BytesIO((JIUTAI / f"{kind}.xlsx").read_bytes())
        return
    chance = Random(estate.code)  # noqa: S311 - made-up names, not secrets
    phone = 18_800_000_000 + 100_000 * [one.code for one in ESTATES].index(estate.code)
    homes = books.buildings(
        estate.areas, count=estate.count, floors=estate.floors, units=estate.units, has_lift=estate.has_lift
    )
    rows: dict[str, tuple[Sequence[str], Sequence[Sequence[object]]]] = {
        "buildings": (books.BUILDING_HEADERS, homes),
        "rooms": (books.ROOM_HEADERS, books.rooms(homes, per_floor=2, phone=phone, chance=chance)),
        "places": (books.PLACE_HEADERS, books.places(estate.areas, homes, extra=estate.extra)),
        "assets": (books.ASSET_HEADERS, books.assets(estate.code, estate.areas, homes)),
        "staff": (books.STAFF_HEADERS, books.staff(estate.code, estate.areas, phone=phone + 50_000, chance=chance)),
    }
    for kind, (headers, lines) in rows.items():
        yield kind, f"{estate.name}-{kind}.xlsx", books.workbook(kind, headers, lines)
