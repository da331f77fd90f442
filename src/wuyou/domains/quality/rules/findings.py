"""Pure rules of findings: how grave, by when, who answers for it, what it repeats, whom it climbs to (spec 05)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any

Hours = Mapping[str, Sequence[Any]]
MINOR, MAJOR, CRITICAL = "minor", "major", "critical"
GRAVITY: Mapping[str, int] = MappingProxyType({MINOR: 0, MAJOR: 1, CRITICAL: 2})
AT_ONCE, REPAIR, CAPITAL = "at_once", "repair", "capital"
CLEANERS = "环境"  # the team whose minor work is put right at once: to clean needs no plan
REPEAT_MONTHS = 6
MOST_WEIGHT = 1024
EFFECT_DAYS = 30
EXPLAIN_DAYS = 3
VERIFY_DAYS = 3
LOOK_DAYS = 7
SIMILAR_MOST = 10
CAPITAL_MOST_DAYS = 366
ABOVE_LEVELS = frozenset({"city", "region", "special", "recheck", "yearend", "joint", "outside"})
UNCORRECTED = frozenset({"open", "contained", "analysed", "acting"})
IN_HAND = UNCORRECTED | {"proved"}
CORRECTED = frozenset({"verified", "closed"})


@dataclass(frozen=True, slots=True)
class Limit:
    """Time allowed: `hours` says which clock it is counted on (`wall` or `service`)."""

    target: dt.timedelta
    hours: str


@dataclass(frozen=True, slots=True)
class _Days:
    """A limit as people say it: hours by the wall clock, or whole service days."""

    hours: int = 0
    days: int = 0


# spec 13 §7: 24 h / 3 d / 7 d by severity; capital work first owes its plan, then the plan's date counts
LIMITS: Mapping[str, Mapping[str, _Days]] = MappingProxyType({
    AT_ONCE: {MINOR: _Days(hours=24), MAJOR: _Days(hours=24), CRITICAL: _Days(hours=24)},
    REPAIR: {MINOR: _Days(days=7), MAJOR: _Days(days=3), CRITICAL: _Days(hours=24)},
    CAPITAL: {MINOR: _Days(days=7), MAJOR: _Days(days=7), CRITICAL: _Days(days=3)},
})  # fmt: skip


def service_day(service_hours: Hours) -> dt.timedelta | None:
    """The mean length of a project's open weekdays; None for a project without service hours.

    A day has one span ("08:00", "18:00") or several such pairs; one that closes before it opens runs past midnight.
    """
    lengths = [_length(spans) for day, spans in service_hours.items() if day.isdecimal() and spans]
    return sum(lengths, dt.timedelta()) / len(lengths) if lengths else None


def _length(spans: Sequence[Any]) -> dt.timedelta:
    pairs = [spans] if isinstance(spans[0], str) else spans
    return sum((_span(opens, closes) for opens, closes in pairs), dt.timedelta())


def _span(opens: str, closes: str) -> dt.timedelta:
    length = _since_midnight(closes) - _since_midnight(opens)
    return length if length > dt.timedelta() else length + dt.timedelta(days=1)


def _since_midnight(text: str) -> dt.timedelta:
    hours, minutes = text.split(":")
    return dt.timedelta(hours=int(hours), minutes=int(minutes))


def days_limit(days: int, *, service_hours: Hours) -> Limit:
    """So many service days; days by the wall clock where a project has no service hours."""
    day = service_day(service_hours)
    return Limit(dt.timedelta(days=days), "wall") if day is None else Limit(day * days, "service")


def limit_for(*, severity: str, remedy: str, service_hours: Hours) -> Limit:
    """How long a correction may take by severity and remedy (spec 05; 13 §7). Raises KeyError for unknown codes."""
    said = LIMITS[remedy][severity]
    if said.hours:
        return Limit(dt.timedelta(hours=said.hours), "wall")
    return days_limit(said.days, service_hours=service_hours)


def remedy_for(*, severity: str, team: str) -> str:
    """How something is put right unless the finder said so: what is dangerous or can be cleaned, at once."""
    if severity == CRITICAL or (severity == MINOR and team == CLEANERS):
        return AT_ONCE
    return REPAIR


def severity_for(severity: str, *, hazard: str) -> str:
    """A major hazard is critical whatever the sheet says of the item; a general one is never minor."""
    if hazard == "major":
        return CRITICAL
    return worst((severity, MAJOR)) if hazard == "general" else severity


def worst(severities: Iterable[str]) -> str:
    """The gravest of some severities."""
    return max(severities, key=GRAVITY.__getitem__)


# who is told that a correction is late: a role, and a further time after the step before it, by the clock that runs
LADDER: tuple[tuple[str, dt.timedelta], ...] = (
    ("department_lead", dt.timedelta(0)),
    ("project_manager", dt.timedelta(hours=4)),
    ("city", dt.timedelta(hours=24)),
    ("region", dt.timedelta(hours=72)),
)


def ladder_from(start: int) -> tuple[tuple[str, dt.timedelta], ...]:
    """The ladder begun `start` steps higher; the last step always stays."""
    rest = LADDER[min(start, len(LADDER) - 1) :]
    return ((rest[0][0], dt.timedelta(0)), *rest[1:])


def steps_up(*, repeats: int, hazard: str) -> int:
    """How many steps a finding starts above the bottom: one for each repetition, two for a major hazard."""
    return min(repeats + (2 if hazard == "major" else 0), len(LADDER) - 1)


def told_at_once(*, repeats: int, hazard: str) -> tuple[str, ...]:
    """The roles the finding climbs to the moment it is entered, because it repeats or is a major hazard."""
    up = steps_up(repeats=repeats, hazard=hazard)
    return tuple(role for role, _after in LADDER[1 : up + 1])


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who could answer for a finding: their team, the zones they work in, whether they own its zone."""

    staff_id: int
    team_id: int
    in_zone: bool = False
    owns_zone: bool = False
    leads: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Who answers for a finding: a team and, where it can be told, one person."""

    team_id: int | None
    owner_id: int | None


def responsible(hands: Sequence[Hand], *, team_id: int | None) -> Party:
    """The team whose work the clause is, and in it the zone's owner, else the only one of the zone, else its lead.

    Without a team by the clause the zone's owner answers, with their team.
    """
    own = next((hand for hand in hands if hand.owns_zone), None)
    if team_id is None:
        return Party(own.team_id, own.staff_id) if own else Party(None, None)
    if own and own.team_id == team_id:
        return Party(team_id, own.staff_id)
    team = [hand for hand in hands if hand.team_id == team_id]
    of_zone = [hand for hand in team if hand.in_zone]
    leads = [hand for hand in team if hand.leads]
    chosen = of_zone if len(of_zone) == 1 else leads
    return Party(team_id, chosen[0].staff_id if len(chosen) == 1 else None)


@dataclass(frozen=True, slots=True)
class Past:
    """A finding there was before, of the same clause at the same place or device."""

    id: int
    state: str
    found_at: dt.datetime
    weight: int
    is_hidden: bool = False
    inspection_id: int | None = None


def months_before(moment: dt.datetime, months: int) -> dt.datetime:
    """The same day and time some months earlier, the last day of the month where there is no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = moment.day
    while True:
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            day -= 1


def repeated(
    past: Iterable[Past], *, found_at: dt.datetime, is_hidden: bool, months: int = REPEAT_MONTHS
) -> Past | None:
    """The latest corrected finding this one repeats: same clause and place within some months (spec 05).

    What is hidden from a project is no ground for a finding it can see.
    """
    since = months_before(found_at, months)
    seen = [
        one
        for one in past
        if one.state in CORRECTED and since <= one.found_at <= found_at and (is_hidden or not one.is_hidden)
    ]
    return max(seen, key=lambda one: (one.found_at, one.id), default=None)


def weight_of(repeats: Past | None) -> int:
    """Twice the weight of what is repeated, 1 for something new."""
    return min(2 * repeats.weight, MOST_WEIGHT) if repeats else 1


def duplicate(past: Iterable[Past], *, is_hidden: bool, inspection_id: int | None) -> Past | None:
    """The oldest one not yet put right, of which this is only another sight; hidden ones stay apart.

    Two items of one inspection are two things to say, and what is said to be put right and is seen again is new.
    """
    same = [
        one
        for one in past
        if one.state in UNCORRECTED
        and one.is_hidden == is_hidden
        and (inspection_id is None or one.inspection_id != inspection_id)
    ]
    return min(same, key=lambda one: (one.found_at, one.id), default=None)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place among which similar ones are looked for; `path` is its path in the tree."""

    id: int
    level: str
    category: str
    zone_id: int | None
    path: str


def similar(place: Spot, others: Iterable[Spot], *, most: int = SIMILAR_MOST) -> list[int]:
    """Ids of places of the same kind to be looked at too (举一反三): those of the zone first, then the nearest.

    Nearest is the longest common path in the tree of places; ties go in the order of the tree.
    """
    alike = [one for one in others if one.id != place.id and _kind(one) == _kind(place)]
    ranked = sorted(alike, key=lambda one: (not _same_zone(one, place), -_common(one.path, place.path), one.path))
    return [one.id for one in ranked[:most]]


def _kind(place: Spot) -> tuple[str, str]:
    return place.level, place.category


def _same_zone(one: Spot, other: Spot) -> bool:
    return one.zone_id is not None and one.zone_id == other.zone_id


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def may_be_quick(*, severity: str, remedy: str, hazard: str, repeats: bool) -> bool:
    """Whether a photo may follow at once: small, put right at once, new. Verification by somebody else stays."""
    return severity == MINOR and remedy == AT_ONCE and not hazard and not repeats


def is_root_found(whys: Sequence[str], *, severity: str) -> bool:
    """Whether enough whys were asked: one for what is minor, three for the rest (five is the custom, not the law)."""
    return len([why for why in whys if why.strip()]) >= (1 if severity == MINOR else 3)


def needs_person(*, severity: str, hazard: str) -> bool:
    """Whether somebody must look at the effect: else it is good when the same did not come back."""
    return severity == CRITICAL or bool(hazard)


def looks_elsewhere(severity: str) -> bool:
    """Whether all similar places must have been looked at before the correction is verified."""
    return severity != MINOR


def depth_to_extend(project_depth: int, *, approved: int) -> int:
    """How high in the tree (1 is the root) an extension is decided: above the project, each further one higher."""
    return max(1, project_depth - 1 - approved)


def is_in_time(*, proved_at: dt.datetime | None, deadline: dt.datetime, now: dt.datetime) -> bool | None:
    """Whether a correction was proved by its deadline; None while there is still time."""
    if proved_at is not None:
        return proved_at <= deadline
    return False if now > deadline else None


AGES: tuple[tuple[str, int | None], ...] = (("0-3", 3), ("4-7", 7), ("8-30", 30), ("31-90", 90), ("90+", None))


def age_band(found_at: dt.datetime, now: dt.datetime) -> str:
    """The band of ageing a finding is in, by whole days since it was found."""
    days = (now - found_at).days
    return next(name for name, last in AGES if last is None or days <= last)


@dataclass(frozen=True, slots=True)
class Share:
    """One bar of a Pareto chart: its count, its share and the share of all up to it, in percent."""

    key: object
    label: str
    count: int
    percent: Decimal
    cumulative: Decimal


TENTH = Decimal("0.1")


def pareto(counts: Iterable[tuple[object, str, int]]) -> list[Share]:
    """Bars from the tallest down with cumulative shares; ties by label. Empty counts are left out."""
    bars = sorted((bar for bar in counts if bar[2] > 0), key=lambda bar: (-bar[2], bar[1]))
    total, up_to, found = sum(count for _key, _label, count in bars), 0, []
    for key, label, count in bars:
        up_to += count
        found.append(Share(key, label, count, percent(count, total), percent(up_to, total)))
    return found


def percent(part: int, whole: int) -> Decimal:
    """A share in percent to one place; 0 of nothing."""
    return (Decimal(100 * part) / whole).quantize(TENTH, ROUND_HALF_UP) if whole else Decimal("0.0")
