"""What a plan changes against the one before it: what a reviewer must see before publishing (spec 03, Plan)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wuyou.domains.registry.models import Staff, Team, Zone
from wuyou.domains.work.models import Plan, PlanLine

COMPARED = ("cadence", "minutes", "team_id", "assignee_id", "zone_id", "evidence", "qualification")
READ = ("key", "id", "title", "activity", "per_year", *COMPARED)
NAMES: Mapping[str, Any] = {"team_id": Team, "assignee_id": Staff, "zone_id": Zone}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a line: what it was and what it becomes."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that is new (`added`), gone (`removed`) or different (`changed`)."""

    kind: str
    line_id: int
    title: str
    activity: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """Everything that differs, and the hours a year before and after."""

    before: Plan | None
    lines: tuple[LineChange, ...]
    unchanged: int
    hours_before: Decimal
    hours_after: Decimal

    def count(self, kind: str) -> int:
        """How many lines are `added`, `removed` or `changed`."""
        return sum(line.kind == kind for line in self.lines)

    @property
    def by_activity(self) -> list[tuple[str, int, int, int]]:
        """Activity with lines added, removed and changed, the most first."""
        counts = Counter((line.activity, line.kind) for line in self.lines)
        rows = [
            (code, counts[code, "added"], counts[code, "removed"], counts[code, "changed"])
            for code in {line.activity for line in self.lines}
        ]
        return sorted(rows, key=lambda row: (-sum(row[1:]), row[0]))


def plan_before(plan: Plan) -> Plan | None:
    """The plan this one follows: in force when it was published, or now while it is being prepared."""
    rows = Plan.objects.filter(project=plan.project_id, number__lt=plan.number, published_at__isnull=False)
    return rows.order_by("-number").first()


def plan_changes(plan: Plan) -> PlanChanges:
    """Compare a plan with the one before line by line, joined by activity and target (at most six queries)."""
    before = plan_before(plan)
    olds = _lines(before) if before else {}
    news = _lines(plan)
    found: list[LineChange] = []
    for key, new in news.items():
        old = olds.get(key)
        fields = _differences(old, new) if old else ()
        if old is None:
            found.append(_change("added", new))
        elif fields:
            found.append(_change("changed", new, fields))
    found += [_change("removed", old) for key, old in olds.items() if key not in news]
    unchanged = sum(key in olds for key in news) - sum(line.kind == "changed" for line in found)
    return PlanChanges(before, tuple(_with_names(found)), unchanged, _hours(olds), _hours(news))


def _lines(plan: Plan) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in PlanLine.objects.filter(plan=plan).values(*READ)}


def _differences(old: dict[str, Any], new: dict[str, Any]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(name, old[name], new[name]) for name in COMPARED if old[name] != new[name])


def _change(kind: str, row: dict[str, Any], fields: tuple[FieldChange, ...] = ()) -> LineChange:
    return LineChange(kind, row["id"], row["title"], row["activity"], fields)


def _with_names(changes: list[LineChange]) -> list[LineChange]:
    """Teams, people and zones by name instead of by id."""
    names: dict[str, dict[Any, str]] = {}
    for column, model in NAMES.items():
        ids = {
            value
            for line in changes
            for field in line.fields
            if field.name == column
            for value in (field.before, field.after)
            if value
        }
        if ids:
            names[column] = dict(model.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [_named(line, names) for line in changes]


def _named(line: LineChange, names: dict[str, dict[Any, str]]) -> LineChange:
    fields = tuple(
        FieldChange(field.name, *(names[field.name].get(value, "") for value in (field.before, field.after)))
        if field.name in names
        else field
        for field in line.fields
    )
    return LineChange(line.kind, line.line_id, line.title, line.activity, fields)


def _hours(lines: dict[str, dict[str, Any]]) -> Decimal:
    minutes = sum((row["minutes"] * row["per_year"] for row in lines.values()), Decimal(0))
    return (minutes / 60).quantize(Decimal(1))
