"""Findings seen together: by state, by age, where and against which clause, by cause (spec 05: statistics)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import Concat, RowNumber
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import Cause, FindingState
from wuyou.domains.quality.models import Finding
from wuyou.domains.quality.rules import findings as rules
from wuyou.kernel import clock

from .findings import IN_HAND, OVER, RELATED, UNCORRECTED

COLUMNS = (
    FindingState.OPEN, FindingState.CONTAINED, FindingState.ANALYSED, FindingState.ACTING, FindingState.PROVED,
    FindingState.VERIFIED,
)  # fmt: skip
GONE = (FindingState.MERGED, FindingState.VOID)
MOST_ACROSS = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One state of the kanban: how many there are, how many of them are late, the first of them."""

    state: str
    label: object
    count: int
    late: int
    findings: list[Finding]


def kanban(rows: QuerySet[Finding], *, each: int = 12, now: dt.datetime | None = None) -> list[Column]:
    """The findings in hand by state, the first due first; three queries whatever there is."""
    moment = now or clock.now()
    wanted = rows.filter(state__in=COLUMNS)
    late = Q(state__in=UNCORRECTED, deadline__lt=moment)
    counted = wanted.order_by().values("state").annotate(n=Count("pk"), late=Count("pk", filter=late))
    counts = {row["state"]: (row["n"], row["late"]) for row in counted}
    order = ["deadline", "pk"]
    nth = Window(RowNumber(), partition_by="state", order_by=order)
    first = list(wanted.order_by().annotate(nth=nth).filter(nth__lte=each).values_list("pk", flat=True))
    shown = list(Finding.objects.filter(pk__in=first).select_related(*RELATED).order_by(*order))
    return [
        Column(state, state.label, *counts.get(state, (0, 0)), [one for one in shown if one.state == state])
        for state in COLUMNS
    ]


@dataclass(frozen=True, slots=True)
class Age:
    """One band of ageing: how many days, how many findings of each state."""

    band: str
    by_state: Mapping[str, int]

    @property
    def count(self) -> int:
        """All findings of the band."""
        return sum(self.by_state.values())


def ageing(rows: QuerySet[Finding], *, now: dt.datetime | None = None) -> list[Age]:
    """The findings not closed by days since they were found; one query."""
    moment = now or clock.now()
    bands = [
        When(found_at__gt=moment - dt.timedelta(days=last + 1), then=Value(name))
        for name, last in rules.AGES
        if last is not None
    ]
    band = Case(*bands, default=Value(rules.AGES[-1][0]), output_field=CharField())
    found = rows.filter(state__in=IN_HAND).order_by().annotate(band=band).values_list("band", "state")
    counts = {(name, state): n for name, state, n in found.annotate(n=Count("pk", distinct=True))}
    return [
        Age(name, {state: counts[name, state] for state in IN_HAND if (name, state) in counts})
        for name, _last in rules.AGES
    ]


@dataclass(frozen=True, slots=True)
class Cell:
    """What was found in one row and column of the heat map."""

    count: int
    weight: int


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat map: keys (ids of zones and clauses, codes of projects and parts) and labels, and what was found where.

    A key of None: no zone, no clause.
    """

    down: list[tuple[object, str]]
    across: list[tuple[object, str]]
    cells: Mapping[tuple[object, object], Cell]


DOWN = {"zone": ("zone_id", "zone__name"), "project": ("project__code", "project__name")}
ACROSS = {"clause": ("clause_id", "about"), "part": ("clause__part", "clause__part")}
ABOUT = Concat("clause__code", Value(" "), "clause__subject_name")  # a code alone says little


def heat(rows: QuerySet[Finding], *, down: str = "zone", across: str = "clause") -> Heat:
    """Weights of findings by zone (or project) and clause (or part of the standard), the heaviest first; one query.

    Merged and void ones do not count. Clauses beyond the twelve heaviest are left to the map by part.
    """
    (row, row_name), (column, column_name) = DOWN[down], ACROSS[across]
    found = rows.exclude(state__in=GONE).order_by().annotate(about=ABOUT)
    found = found.values(*{row, row_name, column, column_name})
    lines = list(found.annotate(n=Count("pk", distinct=True), heavy=Sum("weight")))
    cells: dict[tuple[object, object], Cell] = {}
    for line in lines:
        cells[line[row], line[column]] = Cell(line["n"], line["heavy"])
    downwards = _ranked([(line[row], line[row_name] or _("No zone"), line["heavy"]) for line in lines])
    along = _ranked([(line[column], line[column_name] or _("No clause"), line["heavy"]) for line in lines])
    return Heat(downwards, along[:MOST_ACROSS], cells)


def _ranked(lines: list[tuple[Any, object, int]]) -> list[tuple[Any, str]]:
    """Keys with labels, the heaviest first, ties by label."""
    totals: dict[Any, int] = {}
    labels: dict[Any, str] = {}
    for key, label, weight in lines:
        totals[key] = totals.get(key, 0) + weight
        labels[key] = str(label)
    return [(key, labels[key]) for key in sorted(totals, key=lambda one: (-totals[one], labels[one]))]


PARETO = {
    "clause": ("clause_id", "about"),
    "cause": ("correction__cause", "correction__cause"),
    "team": ("team_id", "team__name"),
    "place": ("place_id", "place__name"),
}


def pareto_of(rows: QuerySet[Finding], *, by: str = "clause") -> list[rules.Share]:
    """How many findings fall on each clause, cause, team or place, the most first with cumulative shares."""
    key, name = PARETO[by]
    found = rows.exclude(state__in=GONE).filter(**{f"{key}__isnull": False}).order_by().annotate(about=ABOUT)
    found = found.values(*{key, name})
    words = dict(Cause.choices)
    lines = found.annotate(n=Count("pk", distinct=True))
    return rules.pareto((line[key], str(words.get(line[name], line[name])), line["n"]) for line in lines if line[key])


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands above the list of findings."""

    in_hand: int
    late: int
    to_verify: int
    repeats: int


def figures_of(rows: QuerySet[Finding], *, now: dt.datetime | None = None) -> Figures:
    """Counts over findings not closed, in one query."""
    late = Q(state__in=UNCORRECTED, deadline__lt=now or clock.now())
    found = rows.exclude(state__in=OVER).aggregate(
        in_hand=Count("pk", filter=Q(state__in=UNCORRECTED), distinct=True),
        late=Count("pk", filter=late, distinct=True),
        to_verify=Count("pk", filter=Q(state=FindingState.PROVED), distinct=True),
        repeats=Count("pk", filter=Q(state__in=IN_HAND, repeat_of__isnull=False), distinct=True),
    )
    return Figures(**found)
