"""Laying a plan: demands of all layers × targets → lines, with what covers what and what is left open (spec 03)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from wuyou.domains.work.choices import GapReason

from .demands import ASSET, EPOCH, PLACE, Demand, Gap, Laid, Line, Proof, Recipe, Target
from .posts import PostRule, post_needs, read_staffing
from .strictness import Reading, rank, read, satisfies

SCHEDULED = {"cadence", "cond"}
BY_POST = {"hours_per_day", "posts"}
BY_LAW = "law"
MEASURED_UNITS = {"ticket", "event", "post"}  # proven by tickets, notices and rosters, not by scheduled tasks
PROJECT_UNITS = {"project", "person", "job"}
NO_DUTY = {"", "-"}
FORCE = ("statutory", "contract", "grade", "service_set", "maker")  # of equal frequencies this layer's leads
TENTH = Decimal("0.1")

Covers = Mapping[str, frozenset[str]]  # weaker activity → the stronger ones that include it
Meaning = Callable[[Demand], tuple[Recipe, ...]]


@dataclass(frozen=True, slots=True)
class Site:
    """What the demands are laid on: the project, its open places and devices, and how many people work there."""

    project: Target
    things: Sequence[Target]
    heads: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One clause on one target, before layers are joined; `reading` is None for what only the law's own duties say."""

    demand: Demand
    recipe: Recipe
    target: Target
    reading: Reading | None = None
    minutes: Decimal = Decimal(0)


@dataclass(slots=True)
class _Bench:
    """What piles up while demands are read."""

    candidates: list[Candidate] = field(default_factory=list)
    lawful: list[Candidate] = field(default_factory=list)
    posts: list[Candidate] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    measured: list[Demand] = field(default_factory=list)


def lay_lines(
    demands: Iterable[Demand],
    *,
    site: Site,
    meaning: Meaning,
    covers: Covers | None = None,
    post_rules: Sequence[PostRule] = (),
) -> Laid:
    """The lines all demands together need: per activity and target the strictest frequency leads (spec 03, Layers).

    A demand is covered only by a line that is at least as frequent in every season; otherwise it gets its own line, so
    that removing a layer loosens nothing another one still asks for.
    """
    bench = _Bench()
    for demand in demands:
        if demand.value.strip() not in NO_DUTY:
            _read_demand(demand, meaning(demand), site, bench)
    lines = _include_weaker(_join(bench.candidates), covers or {})
    lines, silent = _attach_laws(lines, bench.lawful)
    asked = [(one.demand, one.recipe, one.target) for one in bench.posts]
    posts = post_needs(asked, rules=post_rules, project=site.project)
    return Laid(tuple(lines), (*bench.gaps, *silent), tuple(bench.measured), tuple(posts))


def _read_demand(demand: Demand, recipes: tuple[Recipe, ...], site: Site, bench: _Bench) -> None:
    if not recipes and demand.kind in SCHEDULED:
        bench.gaps.append(Gap(demand, GapReason.UNKNOWN_SUBJECT, demand.subject))
        return
    takers = [_taker(demand, recipe) for recipe in recipes]
    if not any(takers):
        bench.measured.append(demand)
    for recipe, taker in zip(recipes, takers, strict=True):
        if taker:
            taker(demand, recipe, site, bench)


def _taker(demand: Demand, recipe: Recipe) -> Callable[[Demand, Recipe, Site, _Bench], None] | None:
    """Who deals with a clause of this kind; None when it is measured rather than scheduled."""
    if demand.kind in BY_POST and recipe.unit == "post":
        return _take_post
    if demand.kind == BY_LAW and demand.layer != "statutory":
        return _take_law
    if demand.kind in SCHEDULED and recipe.unit not in MEASURED_UNITS:
        return _take_schedule
    return None


def _take_post(demand: Demand, recipe: Recipe, site: Site, bench: _Bench) -> None:
    try:
        read_staffing(demand.value)
    except ValueError:
        bench.gaps.append(Gap(demand, GapReason.UNREADABLE, demand.value))
        return
    for target in matching(recipe, demand, site) or [site.project]:
        bench.posts.append(Candidate(demand, recipe, target))


def _take_law(demand: Demand, recipe: Recipe, site: Site, bench: _Bench) -> None:
    bench.lawful += [Candidate(demand, recipe, target) for target in matching(recipe, demand, site)]


def _take_schedule(demand: Demand, recipe: Recipe, site: Site, bench: _Bench) -> None:
    is_condition = demand.kind == "cond"
    reading = read(demand.value, window=demand.window, is_condition=is_condition, anchor=recipe.anchor)
    if reading is None:
        bench.gaps.append(Gap(demand, GapReason.UNREADABLE, demand.value))
        return
    targets = matching(recipe, demand, site)
    if not targets:
        bench.gaps.append(Gap(demand, GapReason.NO_SUCH_PLACE, _kinds(recipe)))
    undated = [one for one in targets if reading.needs_anchor and not one.dates.get(reading.anchor)]
    _note_missing(demand, GapReason.NO_DATE, undated, bench)
    missing = {target.key for target in undated}
    dated = [target for target in targets if target.key not in missing]
    if recipe.unit == "100m2":
        _note_missing(demand, GapReason.NO_AREA, [target for target in dated if target.area_m2 is None], bench)
    for target in dated:
        minutes = minutes_of(recipe, target, heads=site.heads)
        bench.candidates.append(Candidate(demand, recipe, target, reading, minutes))


def _kinds(recipe: Recipe) -> str:
    return "、".join(sorted(recipe.place_kinds | recipe.asset_kinds | recipe.levels))


def _note_missing(demand: Demand, why: str, targets: list[Target], bench: _Bench) -> None:
    if targets:
        names = "、".join(target.name for target in targets[:3])
        bench.gaps.append(Gap(demand, why, names, count=len(targets)))


def matching(recipe: Recipe, demand: Demand, site: Site) -> list[Target]:
    """The targets a clause speaks of: the project, or the things of its kinds that its condition selects."""
    if recipe.unit in PROJECT_UNITS:
        return [site.project]
    return [target for target in site.things if _is_of(recipe, target) and demand.selects(target)]


def _is_of(recipe: Recipe, target: Target) -> bool:
    if target.kind == PLACE:
        return target.category in recipe.place_kinds or target.level in recipe.levels
    return target.category in recipe.asset_kinds and (not recipe.models or target.model.startswith(recipe.models))


def minutes_of(recipe: Recipe, target: Target, *, heads: int = 0) -> Decimal:
    """Expected minutes of one time, to a tenth: per 100 m² of area, per head of staff, or per piece.

    A place without an area counts as 100 m²; a row of the ledgers may stand for several pieces (`quantity`).
    """
    if recipe.unit == "100m2":
        factor = target.area_m2 / 100 if target.area_m2 is not None else Decimal(1)
    elif recipe.unit == "person":
        factor = Decimal(heads)
    elif recipe.unit in {PLACE, ASSET}:
        factor = Decimal(target.quantity)
    else:
        factor = Decimal(1)
    return (recipe.minutes * factor).quantize(TENTH, ROUND_HALF_UP)


def _join(candidates: Iterable[Candidate]) -> list[Line]:
    groups: dict[tuple[str, str, str], list[Candidate]] = defaultdict(list)
    for one in candidates:
        reading = one.reading
        trigger = reading.text if reading and reading.is_triggered else ""
        groups[one.recipe.activity, one.target.key, trigger].append(one)
    return _apart([line for group in groups.values() for line in _lines_of(group)])


def _apart(lines: list[Line]) -> list[Line]:
    """Two standards of one layer may use the same code: their lines are told apart by the clause."""
    seen: set[str] = set()
    found: list[Line] = []
    for line in lines:
        key = f"{line.key}.{line.lead.clause_id}" if line.key in seen else line.key
        seen.add(key)
        found.append(replace(line, key=key))
    return found


def _lines_of(group: list[Candidate]) -> list[Line]:
    """One line led by the strictest, and further ones for what it does not satisfy."""
    left = sorted(group, key=_strictest_first)
    lines: list[Line] = []
    while left:
        members = [left[0]]
        for one in left[1:]:
            if _may_join(one, members):
                members.append(one)
        left = [one for one in left if one not in members]
        lines.append(_line(members, is_first=not lines))
    return lines


def _strictest_first(one: Candidate) -> tuple[object, ...]:
    demand = one.demand
    force = FORCE.index(demand.layer) if demand.layer in FORCE else len(FORCE)
    return (*rank(_text(one)), force, demand.position, demand.clause_id)


def _text(one: Candidate) -> str:
    return one.reading.text if one.reading else ""


def _may_join(one: Candidate, members: list[Candidate]) -> bool:
    """Whether the leader's frequency proves this clause too."""
    return not any(_are_twins(one.demand, other.demand) for other in members) and satisfies(
        _text(members[0]), _text(one)
    )


def _are_twins(one: Demand, other: Demand) -> bool:
    """Two requirements of one standard on one subject are two deeds, whatever the tables call them."""
    is_same_subject = (one.binding_id, one.subject) == (other.binding_id, other.subject)
    return is_same_subject and one.requirement != other.requirement


def _line(members: list[Candidate], *, is_first: bool) -> Line:
    lead = members[0]
    is_triggered = bool(lead.reading and lead.reading.is_triggered)
    # the key stays the same from plan to plan whichever clause leads, unless there are several lines of an activity
    suffix = "" if is_first and not is_triggered else f"~{lead.demand.layer}.{lead.demand.code}"
    recipe = replace(
        lead.recipe,
        qualification=_first(one.recipe.qualification for one in members),
        evidence=_first(one.recipe.evidence for one in members),
    )
    return Line(
        key=f"{recipe.activity}{suffix}:{lead.target.key}",
        target=lead.target,
        recipe=recipe,
        cadence=_text(lead),
        anchor=_anchor(lead),
        minutes=max(one.minutes for one in members),
        proofs=tuple(Proof(one.demand, _text(one)) for one in members),
        is_triggered=is_triggered,
    )


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _anchor(one: Candidate) -> date:
    known = one.target.dates.get(one.reading.anchor) if one.reading and one.reading.needs_anchor else None
    return known or EPOCH


def _include_weaker(lines: list[Line], covers: Covers) -> list[Line]:
    """Let a stronger activity on the same target prove a weaker one where it is done often enough."""
    kept = {line.key: line for line in lines}
    by_target: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        by_target[line.target.key].append(line.key)
    for weak in lines:
        stronger = covers.get(weak.activity, frozenset())
        rivals = [kept[key] for key in by_target[weak.target.key] if key in kept and kept[key].activity in stronger]
        now = kept[weak.key]
        strong = next((line for line in rivals if _includes(line, now)), None)
        if strong:
            kept[strong.key] = replace(strong, proofs=strong.proofs + now.proofs)
            del kept[weak.key]
    return list(kept.values())


def _includes(strong: Line, weak: Line) -> bool:
    if strong.is_triggered or weak.is_triggered:
        return False
    return all(satisfies(strong.cadence, proof.cadence) for proof in weak.proofs)


def _attach_laws(lines: list[Line], lawful: list[Candidate]) -> tuple[list[Line], list[Gap]]:
    """A clause that says "as the law says" is proven by the line the law itself leads; where none is, it is a gap."""
    kept = {line.key: line for line in lines}
    silent: dict[int, Gap] = {}
    for one in lawful:
        key = f"{one.recipe.activity}:{one.target.key}"
        if key in kept:
            kept[key] = replace(kept[key], proofs=(*kept[key].proofs, Proof(one.demand, "")))
        else:
            before = silent.get(one.demand.clause_id)
            count = before.count + 1 if before else 1
            silent[one.demand.clause_id] = Gap(one.demand, GapReason.LAW_SILENT, one.demand.subject, count=count)
    return list(kept.values()), list(silent.values())


def unplanned(things: Iterable[Target], lines: Iterable[Line]) -> list[Target]:
    """Places and devices without any line (coverage, spec 03)."""
    planned = {line.target.key for line in lines}
    return [target for target in things if target.key not in planned]
