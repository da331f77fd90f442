"""The places of one project as an import sees them: what is there, what is to be added, all in a few statements."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from wuyou.domains.org.models import Project
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Building, Place, Zone
from wuyou.domains.registry.rules.naming import LONGEST_CODE, building_key, location_in, place_key, unit_key
from wuyou.kernel import trees

BATCH = 1_000
_KEYS = {PlaceLevel.BUILDING: building_key, PlaceLevel.UNIT: unit_key}


def level_key(level: str, name: str) -> str:
    """A name to compare by among places of one level."""
    return _KEYS.get(PlaceLevel(level), place_key)(name)


@dataclass(slots=True, eq=False)
class Spot:
    """A place that is there (`id`) or is to be added; `values` are the fields of a new one."""

    level: str
    code: str
    name: str
    parent: "Spot | None"
    id: int | None = None
    path: str = ""
    zone_id: int | None = None
    is_closed: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    new_children: list["Spot"] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether the place is to be added."""
        return self.id is None

    @property
    def pk(self) -> int:
        """The id once the place is written; raises RuntimeError before."""
        if self.id is None:
            raise RuntimeError(f"{self.code} is not written yet")
        return self.id

    def above(self) -> "Iterator[Spot]":
        """The place and those above it, up to the site."""
        spot: Spot | None = self
        while spot is not None:
            yield spot
            spot = spot.parent

    def label(self) -> str:
        """Names from the area down, for a person to read."""
        return " ".join(reversed([spot.name for spot in self.above() if spot.parent is not None])) or self.name


class PlaceTree:
    """A snapshot of a project's places with their indexes. `ensure` adds in memory; `insert` writes set-wise."""

    def __init__(self, project_id: int) -> None:
        """Read every place of the project in one query."""
        self.project = Project.objects.select_related("node").get(pk=project_id)
        self.new: list[Spot] = []
        self._below: dict[tuple[int, str, str], Spot] = {}
        self._by_level: dict[str, dict[str, list[Spot]]] = defaultdict(lambda: defaultdict(list))
        self._by_code: dict[str, Spot] = {}
        self.by_id: dict[int, Spot] = {}
        self.site = self._read() or self._add(
            Spot(PlaceLevel.SITE, self.project.code, self.project.name, None), is_new=True
        )
        self.zones = {
            place_key(name): pk for pk, name in Zone.objects.filter(project_id=project_id).values_list("id", "name")
        }
        self.buildings = {
            row.place_id: row for row in Building.objects.filter(place__project_id=project_id).select_related("place")
        }

    def _read(self) -> Spot | None:
        by_path: dict[str, Spot] = {}
        columns = ("id", "path", "level", "code", "name", "zone_id", "closed_on")
        for pk, path, level, code, name, zone_id, closed_on in (
            Place.objects.filter(project=self.project).order_by("path").values_list(*columns)
        ):
            parent = by_path.get(path[: -Place.steplen])
            spot = Spot(level, code, name, parent, id=pk, path=path, zone_id=zone_id, is_closed=closed_on is not None)
            by_path[path] = spot
            self._add(spot, is_new=False)
        return next((spot for spot in by_path.values() if spot.level == PlaceLevel.SITE), None)

    def _add(self, spot: Spot, *, is_new: bool) -> Spot:
        key = level_key(spot.level, spot.name)
        if spot.parent is not None and not spot.is_closed:
            self._below[(id(spot.parent), spot.level, key)] = spot
        if not spot.is_closed:
            self._by_level[spot.level][key].append(spot)
        self._by_code[spot.code] = spot
        if spot.id is not None:
            self.by_id[spot.id] = spot
        if is_new:
            self.new.append(spot)
            if spot.parent is not None:
                spot.parent.new_children.append(spot)
        return spot

    def below(self, parent: Spot, *, level: str, name: str) -> Spot | None:
        """The open place of that level and name directly below a place."""
        return self._below.get((id(parent), level, level_key(level, name)))

    def named(self, name: str, *, level: str) -> list[Spot]:
        """Open places of a level by name, wherever they stand."""
        return list(self._by_level[level].get(level_key(level, name), ()))

    def coded(self, code: str) -> Spot | None:
        """The place of that code, closed ones included: a code is never given twice."""
        return self._by_code.get(code)

    def has(self, level: str) -> bool:
        """Whether the project has open places of a level already, what this import adds left out."""
        return any(not spot.is_new for spots in self._by_level[level].values() for spot in spots)

    def ensure(self, parent: Spot, *, level: str, name: str, code: str = "", **values: Any) -> Spot:
        """The place of that level and name below `parent`, added when it is not there."""
        found = self.below(parent, level=level, name=name)
        if found is not None:
            return found
        spot = Spot(level, self.free_code(parent, code or name), name, parent, values=values)
        return self._add(spot, is_new=True)

    def free_code(self, parent: Spot, wanted: str) -> str:
        """`wanted`, or with the names above in front while another place has it."""
        candidates = [wanted]
        for spot in parent.above():
            candidates.append(f"{spot.name}-{candidates[-1]}")
        candidates += [f"{wanted[:50]}-{number}" for number in range(2, 1_000)]
        return next(code for code in candidates if len(code) <= LONGEST_CODE and code not in self._by_code)

    # --- finding what a cell names

    def building(self, name: str, *, area: str = "") -> list[Spot]:
        """Buildings of that name, in the area when one is named (in its own cell or in front: A区1号楼)."""
        found = self.named(name, level=PlaceLevel.BUILDING)
        said = location_in(name)
        if not found and said is not None and said.area:
            area = area or said.area
            found = self.named(said.building, level=PlaceLevel.BUILDING)
        if area:
            found = [
                spot for spot in found if spot.parent is not None and place_key(spot.parent.name) == place_key(area)
            ]
        return found

    def find(self, name: str) -> list[Spot]:
        """Open places a cell may mean: by name or code, or a building and unit (1号楼2单元); several are ambiguous."""
        exact = self._by_code.get(name)
        if exact is not None and not exact.is_closed:
            return [exact]
        levels = (PlaceLevel.SPOT, PlaceLevel.AREA, PlaceLevel.BUILDING, PlaceLevel.SITE)
        for level in levels:
            found = self.named(name, level=level)
            if found:
                return found
        return self._unit_of(name)

    def _unit_of(self, name: str) -> list[Spot]:
        said = location_in(name)
        if said is None or said.rest:
            return []
        buildings = self.building(said.building, area=said.area)
        if not said.unit:
            return buildings
        units = (self.below(building, level=PlaceLevel.UNIT, name=said.unit) for building in buildings)
        return [unit for unit in units if unit is not None]

    def zone_over(self, spot: Spot) -> int | None:
        """The zone of a place, else of the nearest place above with one, else the zone called like the area."""
        for one in spot.above():
            if one.zone_id is not None:
                return one.zone_id
        for one in spot.above():
            if one.level == PlaceLevel.AREA:
                return self.zones.get(place_key(one.name))
        return None

    # --- writing

    def insert(self) -> list[Place]:
        """Write the new places in one go and bring the numbers of children up to date. Lock the site before."""
        if not self.new:
            return []
        parents = self._give_paths()
        rows = [self._row(spot) for spot in self.new]
        Place.objects.bulk_create(rows, batch_size=BATCH)
        for spot, row in zip(self.new, rows, strict=True):
            spot.id = row.pk
            self.by_id[row.pk] = spot
        self._count_children(parents)
        self.new = []
        return rows

    def _give_paths(self) -> list[Spot]:
        """Paths from the top down; the old parents that get children."""
        last = self._last_steps()
        if self.site.is_new:
            roots = Place.objects.filter(depth=1).values_list("path", flat=True)
            after = trees.last_step(Place, roots)
            self.site.path = next(trees.child_paths(Place, "", after=after))
        frontier = [spot for spot in self.by_id.values() if spot.new_children]
        old = list(frontier)
        frontier += [self.site] if self.site.is_new else []
        while frontier:
            spot = frontier.pop()
            paths = trees.child_paths(Place, spot.path, after=last.get(spot.path, 0))
            for child, path in zip(spot.new_children, islice(paths, len(spot.new_children)), strict=True):
                child.path = path
            frontier += spot.new_children
        return old

    def _last_steps(self) -> dict[str, int]:
        """The last step given below each path, read anew: somebody may have added since the snapshot."""
        last: dict[str, int] = {}
        for path in Place.objects.filter(project=self.project).values_list("path", flat=True):
            parent = path[: -Place.steplen]
            last[parent] = max(last.get(parent, 0), trees.last_step(Place, [path]))
        return last

    def _row(self, spot: Spot) -> Place:
        return Place(
            project=self.project, level=spot.level, code=spot.code, name=spot.name, path=spot.path,
            depth=len(spot.path) // Place.steplen, numchild=len(spot.new_children), zone_id=spot.zone_id, **spot.values,
        )  # fmt: skip

    def _count_children(self, parents: list[Spot]) -> None:
        rows = Place.objects.in_bulk([spot.id for spot in parents])
        for spot in parents:
            if spot.id is not None:
                rows[spot.id].numchild += len(spot.new_children)
            spot.new_children = []
        Place.objects.bulk_update(rows.values(), ["numchild"], batch_size=BATCH)
