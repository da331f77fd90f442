"""What a plan is laid on: facts, places and devices, demands in force, people (spec 03, Plan)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from wuyou.domains.assets.choices import AssetState
from wuyou.domains.assets.models import Asset
from wuyou.domains.contracts.models import Contract
from wuyou.domains.org.models import Project
from wuyou.domains.registry import queries as registry
from wuyou.domains.registry.choices import PlaceLevel
from wuyou.domains.registry.models import Building, Place
from wuyou.domains.standards.models import ClauseValue, Subject
from wuyou.domains.standards.queries import clauses_in_force
from wuyou.domains.standards.rules.facts import Facts, holds, holds_for
from wuyou.domains.work import tables
from wuyou.domains.work.choices import GapReason
from wuyou.domains.work.models import Binding, Deviation
from wuyou.domains.work.rules.assigning import Worker
from wuyou.domains.work.rules.demands import ASSET, PLACE, PROJECT, Demand, Gap, Recipe, Target, anywhere
from wuyou.domains.work.rules.meaning import Meanings
from wuyou.domains.work.rules.plan import Site
from wuyou.kernel import clock

LIFT = "乘客电梯"
DAYS_A_YEAR = Decimal("365.2425")
AWAY = (AssetState.SCRAPPED, AssetState.OUT_OF_SERVICE)
DEVICES = {
    "lift": {LIFT},
    "extinguisher": {"灭火器"},
    "hydrant": {"室内消火栓", "室外消火栓"},
    "tank": {"二次供水水箱"},
    "transformer": {"变配电设备"},
    "cctv": {"监控摄像机"},
}


def bindings_in_force(project: Project, *, on: date | None = None) -> QuerySet[Binding]:
    """The layers a project is bound to on a day (today by default)."""
    day = on or clock.today()
    rows = Binding.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), project=project, starts_on__lte=day)
    return rows.select_related("version__standard", "grade").order_by("layer", "id")


def bindings_to(version_id: int) -> QuerySet[Binding]:
    """Bindings in force today to a version of a standard."""
    day = clock.today()
    rows = Binding.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), version_id=version_id)
    return rows.select_related("project__node", "version__standard").order_by("project_id")


def deviations_of(binding: Binding) -> QuerySet[Deviation]:
    """The deviations of a binding that hold now."""
    return Deviation.objects.filter(binding=binding, ended_at__isnull=True)


def collect_facts(project: Project, *, on: date | None = None) -> Facts:
    """The facts duties depend on, by the names of the library, from registry, equipment ledger and contracts."""
    day = on or clock.today()
    buildings = Building.objects.filter(place__project=project, place__closed_on__isnull=True)
    heights = sorted({height for height in buildings.values_list("height_m", flat=True) if height is not None})
    devices = _open_assets(project)
    categories = set(devices.values_list("category", flat=True).distinct())
    contract = Contract.objects.filter(project=project, starts_on__lte=day, ends_on__gte=day)
    known: dict[str, Any] = dict(registry.project_facts(project))
    known.update({fact: bool(categories & kinds) for fact, kinds in DEVICES.items()})
    known.update(
        {
            "extinguisher_dry": devices.filter(category="灭火器", model__startswith="MFZ").exists(),
            "contract": contract.exists(),
            "height": heights,
            "age": sorted(_ages(devices, day)),
            project.kind: True,
        }
    )
    return known


def _ages(devices: QuerySet[Asset], day: date) -> set[Decimal]:
    dates = devices.filter(category=LIFT, accepted_on__isnull=False).values_list("accepted_on", flat=True)
    return {years_between(found, day) for found in dates if found}


def years_between(start: date, end: date) -> Decimal:
    """Years from a day to another, in hundredths."""
    return (Decimal((end - start).days) / DAYS_A_YEAR).quantize(Decimal("0.01"))


def _open_assets(project: Project) -> QuerySet[Asset]:
    rows = Asset.objects.filter(Q(place__isnull=True) | Q(place__closed_on__isnull=True), project=project)
    return rows.exclude(state__in=AWAY)


def project_target(project: Project) -> Target:
    """The project itself as a target."""
    return Target(PROJECT, project.pk, project.name)


def site_of(project: Project, *, on: date | None = None) -> Site:
    """The open places and devices of a project and the heads at work there on a day."""
    day = on or clock.today()
    zones = _zones_by_path(project)
    things = [*_places(project, zones), *_devices(project, zones, day)]
    return Site(project_target(project), things, registry.staff_present(project, on=day).count())


def _zones_by_path(project: Project) -> dict[str, int]:
    rows = Place.objects.filter(project=project, zone__isnull=False).values_list("path", "zone_id")
    return {path: zone_id for path, zone_id in rows if zone_id is not None}


def _zone_of(path: str, zones: dict[str, int]) -> int | None:
    """The zone of a place, or of the nearest place above it that has one."""
    ends = range(len(path), 0, -Place.steplen)
    return next((zones[path[:end]] for end in ends if path[:end] in zones), None)


def _places(project: Project, zones: dict[str, int]) -> list[Target]:
    wanted = Q(level=PlaceLevel.BUILDING) | ~Q(category="")
    rows = Place.objects.filter(wanted, project=project, closed_on__isnull=True).order_by("path")
    fields = ("id", "name", "category", "level", "area_m2", "quantity", "path")
    buildings = {row.place_id: row for row in Building.objects.filter(place__project=project)}
    return [
        Target(
            PLACE, pk, name, category, level, area, quantity,
            zone_id=_zone_of(path, zones), facts=_building_facts(buildings.get(pk)), spot=path,
        )
        for pk, name, category, level, area, quantity, path in rows.values_list(*fields)
    ]  # fmt: skip


def _building_facts(building: Building | None) -> dict[str, bool | Decimal]:
    if building is None:
        return {}
    facts: dict[str, bool | Decimal] = {"fire_system": building.has_fire_system}
    if building.height_m is not None:
        facts["height"] = building.height_m
    return facts


def _devices(project: Project, zones: dict[str, int], day: date) -> list[Target]:
    rows = _open_assets(project).annotate(path=F("place__path")).order_by("code")
    return [_device(row, zones, day) for row in rows]


def _device(row: Asset, zones: dict[str, int], day: date) -> Target:
    path: str = getattr(row, "path", None) or ""
    is_dated_lift = row.category == LIFT and row.accepted_on is not None
    return Target(
        ASSET,
        row.pk,
        row.name,
        row.category,
        quantity=row.quantity,
        zone_id=row.zone_id or _zone_of(path, zones),
        model=row.model,
        dates={name: getattr(row, name) for name in ("accepted_on", "made_on", "in_service_on")},
        facts={"age": years_between(row.accepted_on, day)} if is_dated_lift and row.accepted_on else {},
        spot=path or f"asset:{row.pk}",
    )


@dataclass(frozen=True, slots=True)
class Demands:
    """All clauses in force at a project, and those left out on purpose."""

    demands: tuple[Demand, ...]
    gaps: tuple[Gap, ...]


def demands_of(
    project: Project, *, facts: Facts, on: date | None = None, bindings: Iterable[Binding] | None = None
) -> Demands:
    """What all layers together ask for on a day, deviations applied (spec 03, Layers); or what given ones would."""
    demands: list[Demand] = []
    gaps: list[Gap] = []
    for binding in bindings_in_force(project, on=on) if bindings is None else bindings:
        found = list(_demands(binding, facts, on))
        demands += found
        gaps += _left_out(binding, found)
        if binding.version.state == "withdrawn" and found:
            gaps.append(Gap(found[0], GapReason.WITHDRAWN, str(binding.version), count=len(found)))
    return Demands(tuple(demands), tuple(gaps))


def _demands(binding: Binding, facts: Facts, on: date | None) -> Iterable[Demand]:
    values = dict(ClauseValue.objects.filter(grade_id=binding.grade_id).values_list("clause_id", "value"))
    values.update(deviations_of(binding).values_list("clause_id", "value"))
    for clause in clauses_in_force(binding.version, on=on):
        if clause.pk in values and holds(clause.applies_when, facts):
            yield _demand(binding, clause, values[clause.pk], facts)


def _demand(binding: Binding, clause: Any, value: str, facts: Facts) -> Demand:
    when = clause.applies_when
    return Demand(
        layer=binding.layer,
        binding_id=binding.pk,
        clause_id=clause.pk,
        code=clause.code,
        subject=clause.subject_name,
        requirement=clause.requirement_zh,
        kind=clause.kind,
        value=value,
        window=clause.window,
        position=clause.position,
        selects=(lambda target: holds_for(when, facts, target.facts)) if when else anywhere,
        activity=clause.activity,
        unit=clause.workload_unit,
        minutes=clause.minutes_per_unit,
        qualification=clause.qualification,
        evidence=clause.evidence,
    )


def _left_out(binding: Binding, demands: list[Demand]) -> Iterable[Gap]:
    by_clause = {demand.clause_id: demand for demand in demands}
    for row in deviations_of(binding).filter(value="-"):
        if row.clause_id in by_clause:
            yield Gap(by_clause[row.clause_id], GapReason.LEFT_OUT, row.done_by or row.reason)


def meanings() -> Meanings:
    """The tables clauses are read with: the library's subjects and this app's own."""
    recipes = {
        row.name: Recipe(
            activity=row.activity,
            unit=row.unit,
            minutes=row.minutes_per_unit,
            team=row.team,
            place_kinds=frozenset(row.matches_place),
            asset_kinds=frozenset(row.matches_asset),
            qualification=row.qualification,
            evidence=row.evidence,
        )
        for row in Subject.objects.all()
    }
    return Meanings(recipes, tables.statutory_recipes(), tables.refinements(), tables.efforts())


def workers_of(project: Project, *, on: date | None = None) -> list[Worker]:
    """Everybody employed at a project on a day with their zones and the licences in force."""
    day = on or clock.today()
    licences: dict[int, set[str]] = {}
    for held in registry.held(project):
        if registry.counts(held, on=day):
            licences.setdefault(held.staff_id, set()).update({held.kind.name_zh, *held.kind.synonyms})
    return [
        Worker(
            row.pk,
            row.team.name,
            row.job,
            frozenset(zone.pk for zone in row.zones.all()),
            frozenset(licences.get(row.pk, ())),
        )
        for row in registry.staff_present(project, on=day).prefetch_related("zones")
    ]
