"""Readers of the sources, each for many months at once: inspections, figures, panels, surveys, counts … (spec 06)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from django.db.models import Count, Q

from wuyou.domains.appraisal.choices import SourceKind, SubjectKind
from wuyou.domains.appraisal.models import (
    DeductionEvent,
    ManualScore,
    PanelMember,
    Period,
    SurveyCount,
    VetoRecord,
    ZoneDifficulty,
)
from wuyou.domains.appraisal.rules import operations as op
from wuyou.domains.appraisal.rules.inputs import Month, Reading, reading
from wuyou.domains.appraisal.rules.scheme import Component, Scheme
from wuyou.domains.quality.choices import InspectionState
from wuyou.domains.quality.models import Finding, Inspection
from wuyou.domains.quality.queries.figures import FIGURES, Over, measure
from wuyou.domains.registry.models import Staff, Zone
from wuyou.domains.work.queries.compliance import Scope, compliance
from wuyou.domains.work.rules.compliance import Counts, percent
from wuyou.kernel.explain import Link, Node, Words

from .targets import letter_nodes

Key = tuple[int, Month]
Found = dict[Key, dict[str, list[Reading]]]


class Wanting(Protocol):
    """A month to be read for: `gathering.Wanted`, which stands above these readers."""

    @property
    def period(self) -> Period:
        """The month."""

    @property
    def scheme(self) -> Scheme:
        """Its scheme."""

    @property
    def key(self) -> Key:
        """Enrolment and month."""


Wanted = Sequence[Wanting]


def parts_of(wanted: Wanted, kind: SourceKind) -> Iterator[tuple[Wanting, Component]]:
    """Each month with each of its components of a source."""
    parts: dict[int, list[Component]] = {}  # months of one version share its scheme
    for one in wanted:
        if id(one.scheme) not in parts:
            parts[id(one.scheme)] = [part for part in one.scheme.components() if part.source.kind == kind]
        for part in parts[id(one.scheme)]:
            yield one, part


def bounds(month: dt.date, months: int = 1) -> tuple[dt.date, dt.date]:
    """The first and last day of a month and the `months` − 1 before it."""
    first = month
    for _ in range(months - 1):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return first, (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def _days(wanted: Wanted, months: int = 1) -> tuple[dt.date, dt.date]:
    spans = [bounds(one.period.month, months) for one in wanted]
    return min(first for first, _ in spans), max(last for _, last in spans)


def _projects(wanted: Wanted) -> set[int]:
    return {one.period.project_id for one in wanted}


def _enrolments(wanted: Wanted) -> set[int]:
    return {one.period.enrolment_id for one in wanted}


def _month(day: dt.date) -> Month:
    return Month(day.year, day.month)


# --- inspections


Seen = tuple[int, dt.date, str, Decimal, str, int | None]  # id, day, level, score, number, zone


def read_inspections(wanted: Wanted, found: Found) -> None:
    """Scores in force of published inspections; of teams and persons only those of their zones."""
    asked = list(parts_of(wanted, SourceKind.INSPECTIONS))
    longest = max(part.source.months for _, part in asked)
    seen = _inspections(_projects(wanted), _days(wanted, longest))
    zones = _zones_by_subject(wanted)
    ease = _difficulties(wanted)
    for one, part in asked:
        first, last = bounds(one.period.month, part.source.months)
        own = zones.get(one.period.enrolment_id)
        for row in seen.get(one.period.project_id, ()):
            if first <= row[1] <= last and row[2] in part.source.levels and (own is None or row[5] in own):
                found[one.key][part.key].append(_inspection(row, part, ease))


def _inspections(projects: set[int], days: tuple[dt.date, dt.date]) -> Mapping[int, list[Seen]]:
    rows = Inspection.objects.filter(
        project__in=projects, day__range=days, state=InspectionState.PUBLISHED, second_of__isnull=True,
        score__isnull=False,
    ).order_by("day", "pk")  # fmt: skip
    seen: dict[int, list[Seen]] = defaultdict(list)
    columns = ("project_id", "pk", "day", "level", "score", "number", "place__zone_id")
    for project, pk, day, level, score, number, zone in rows.values_list(*columns):
        seen[project].append((pk, day, level, score, number, zone))
    return seen


def _inspection(row: Seen, part: Component, ease: Mapping[int, list[tuple[dt.date, Decimal]]]) -> Reading:
    pk, day, level, score, number, zone = row
    factor = Decimal(1)
    for since, value in ease.get(zone or 0, ()):
        factor = value if since <= day else factor
    return reading(
        f"inspection_{pk}",
        score,
        label=Words(f"{number} {day:%m-%d}"),
        links=(Link("inspection", str(pk), number),),
        weight=part.source.levels[level],
        ease=factor,
    )


def _zones_by_subject(wanted: Wanted) -> dict[int, set[int]]:
    """The zones of teams and persons by enrolment: owned by, or worked in by, the person or the team's people."""
    people = {one.period.enrolment_id: one.period.enrolment for one in wanted}
    private = {pk: row for pk, row in people.items() if row.kind in {SubjectKind.TEAM, SubjectKind.PERSON}}
    if not private:
        return {}
    projects = {row.project_id for row in private.values()}
    team_of = dict(Staff.objects.filter(project__in=projects).values_list("pk", "team_id"))
    pairs = set(Zone.objects.filter(project__in=projects, owner__isnull=False).values_list("owner_id", "pk"))
    pairs |= set(Staff.zones.through.objects.filter(staff__project__in=projects).values_list("staff_id", "zone_id"))
    return {
        pk: {zone for staff, zone in pairs if _is_of(row.staff_id, row.team_id, staff, team_of)}
        for pk, row in private.items()
    }


def _is_of(person: int | None, team: int | None, staff: int, team_of: Mapping[int, int]) -> bool:
    return staff == person if person is not None else team_of.get(staff) == team


def _difficulties(wanted: Wanted) -> dict[int, list[tuple[dt.date, Decimal]]]:
    if not any(part.source.eased for _one, part in parts_of(wanted, SourceKind.INSPECTIONS)):
        return {}
    found: dict[int, list[tuple[dt.date, Decimal]]] = defaultdict(list)
    rows = ZoneDifficulty.objects.filter(zone__project__in=_projects(wanted)).order_by("starts_on")
    for zone, since, factor in rows.values_list("zone_id", "starts_on", "factor"):
        found[zone].append((since, factor))
    return found


# --- figures of the registry


COMPLIANCE: Mapping[str, Callable[[Counts], Decimal | None]] = MappingProxyType({
    "work.task_compliance": lambda counts: counts.rate,
    "work.tasks_done": lambda counts: counts.done_rate,
    "work.evidence_rejected": lambda counts: percent(counts.rejected, counts.due),
    "work.not_possible": lambda counts: percent(counts.skipped, counts.due),
})  # fmt: skip
DIMENSION = {SubjectKind.TEAM: "team", SubjectKind.PERSON: "person"}


def readable_metrics() -> list[str]:
    """Codes of the figures an appraisal can read."""
    return sorted({*COMPLIANCE, *FIGURES})


def read_metrics(wanted: Wanted, found: Found) -> None:
    """Figures of work by project, team or person: one reading per month; figures of quality one project at a time."""
    asked = list(parts_of(wanted, SourceKind.METRIC))
    by_work = [(one, part) for one, part in asked if part.source.code in COMPLIANCE]
    groups: dict[tuple[dt.date, str], list[tuple[Wanting, Component]]] = defaultdict(list)
    for one, part in by_work:
        dimension = DIMENSION.get(SubjectKind(one.period.enrolment.kind), "project")
        groups[one.period.month, dimension].append((one, part))
    for (month, dimension), members in groups.items():
        counts = _counts(month, dimension, {one.period.project_id for one, _ in members})
        for one, part in members:
            value = COMPLIANCE[part.source.code](counts.get(_subject(one.period, dimension), Counts()))
            _add_metric(one, part, value, found)
    for one, part in asked:
        if part.source.code in FIGURES and part.source.code not in COMPLIANCE:
            first, last = bounds(one.period.month, part.source.months)
            value = measure(part.source.code, Over([one.period.project_id], first, last)).value
            _add_metric(one, part, value, found)


def _counts(month: dt.date, dimension: str, projects: set[int]) -> dict[object, Counts]:
    first, last = bounds(month)
    rows = compliance(Scope(projects=tuple(sorted(projects)), first=first, last=last), by=dimension)
    return {row.key: row.counts for row in rows}


def _subject(period: Period, dimension: str) -> int | None:
    row = period.enrolment
    return {"team": row.team_id, "person": row.staff_id}.get(dimension, row.project_id)


def _add_metric(one: Wanting, part: Component, value: Decimal | None, found: Found) -> None:
    if value is None:
        return
    code = part.source.code
    link = Link("metric", f"{code}:{one.period.project_id}:{one.period.month:%Y-%m}", code)
    found[one.key][part.key].append(reading("figure", value, label=part.name, unit="%", links=(link,)))


# --- panels, surveys, counts, scores by hand


def read_panels(wanted: Wanted, found: Found) -> None:
    """The sheets that came back of each component's panel."""
    names = {(*one.key, part.key) for one, part in parts_of(wanted, SourceKind.PANEL)}
    first, last = _days(wanted)
    rows = PanelMember.objects.filter(
        panel__enrolment__in=_enrolments(wanted), panel__month__range=(first, last), points__isnull=False
    ).order_by("pk")
    columns = ("pk", "panel__enrolment_id", "panel__month", "panel__component", "group", "code", "points")
    for pk, enrolment, month, component, group, code, points in rows.values_list(*columns):
        key = (enrolment, _month(month))
        if (*key, component) in names:
            label = Words(f"{group} {code}")
            links = (Link("appraisal_sheet", str(pk), code),)
            found[key][component].append(reading(f"sheet_{pk}", points, label=label, links=links, group=group))


def read_surveys(wanted: Wanted, found: Found) -> None:
    """The newest count of each component's survey: who was satisfied, who answered."""
    first, last = _days(wanted)
    rows = SurveyCount.objects.filter(enrolment__in=_enrolments(wanted), month__range=(first, last)).order_by("pk")
    newest = {(row.enrolment_id, _month(row.month), row.component): row for row in rows}
    for one, part in parts_of(wanted, SourceKind.SURVEY):
        row = newest.get((*one.key, part.key))
        if row is None:
            continue
        links = (Link("appraisal_survey", str(row.pk), row.text),)
        label = Words(row.text)
        found[one.key][part.key] += [
            reading(f"yes_{row.pk}", row.satisfied, label=label, links=links, group="yes"),
            reading(f"all_{row.pk}", row.answered, label=label, links=links, group="all"),
        ]


def dissatisfied_figures(wanted: Wanted) -> dict[Key, dict[str, Node]]:
    """The dissatisfied share of a month, out of panels and surveys together; absent where nobody answered."""
    if not any(rule.is_figure for one in wanted for rule in one.scheme.vetoes):
        return {}
    first, last = _days(wanted)
    answers: dict[Key, tuple[int, int]] = defaultdict(lambda: (0, 0))
    sheets = PanelMember.objects.filter(
        panel__enrolment__in=_enrolments(wanted), panel__month__range=(first, last), points__isnull=False
    )
    counts = (
        sheets.order_by()
        .values_list("panel__enrolment_id", "panel__month")
        .annotate(no=Count("pk", filter=Q(is_dissatisfied=True)), whole=Count("pk"))
    )
    for enrolment, month, no, whole in counts:
        answers[enrolment, _month(month)] = (no, whole)
    surveys = SurveyCount.objects.filter(enrolment__in=_enrolments(wanted), month__range=(first, last)).order_by("pk")
    for row in {(row.enrolment_id, row.month, row.component): row for row in surveys}.values():
        no, whole = answers[row.enrolment_id, _month(row.month)]
        answers[row.enrolment_id, _month(row.month)] = (no + row.dissatisfied, whole + row.answered)
    return {key: {"dissatisfied_share": _share(*found)} for key, found in answers.items() if found[1]}


def _share(no: int, whole: int) -> Node:
    return op.share(
        "dissatisfied_share",
        Words("不满意率", "Dissatisfied share"),
        op.given("no", Words("不满意数", "Dissatisfied"), no),
        op.given("answers", Words("有效答卷数", "Answers"), whole),
    )


def read_counts(wanted: Wanted, found: Found) -> None:
    """How many complaints, praises, incidents or findings there were; none is a number too."""
    asked = list(parts_of(wanted, SourceKind.COUNT))
    tallies = {code: _TALLIES[code](wanted) for code in {part.source.code for _, part in asked}}
    for one, part in asked:
        count = tallies[part.source.code].get(one.key, Decimal(0))
        found[one.key][part.key].append(reading("count", count, label=part.name))


def _events_from(origin: str) -> Callable[[Wanted], dict[Key, Decimal]]:
    def tally(wanted: Wanted) -> dict[Key, Decimal]:
        rows = DeductionEvent.objects.filter(
            enrolment__in=_enrolments(wanted), day__range=_days(wanted), origin=origin, void_because=""
        )
        found: dict[Key, Decimal] = defaultdict(Decimal)
        for enrolment, day, quantity in rows.values_list("enrolment_id", "day", "quantity"):
            found[enrolment, _month(day)] += quantity
        return found

    return tally


def _incidents(wanted: Wanted) -> dict[Key, Decimal]:
    rows = VetoRecord.objects.filter(
        enrolment__in=_enrolments(wanted), day__range=_days(wanted), void_because=""
    ).values_list("enrolment_id", "day")
    found: dict[Key, Decimal] = defaultdict(Decimal)
    for enrolment, day in rows:
        found[enrolment, _month(day)] += 1
    return found


def _findings(wanted: Wanted) -> dict[Key, Decimal]:
    """Findings that stand, by their weight, of the whole project or of the team or person they are charged to."""
    from wuyou.kernel import clock  # noqa: PLC0415

    first, last = _days(wanted)
    moments = (clock.midnight(first), clock.midnight(last + dt.timedelta(days=1)))
    rows = Finding.objects.filter(
        project__in=_projects(wanted), found_at__gte=moments[0], found_at__lt=moments[1], is_hidden=False
    ).exclude(state__in=("merged", "void"))
    counted: dict[tuple[str, int | None, Month], Decimal] = defaultdict(Decimal)
    for project, team, owner, at, weight in rows.values_list("project_id", "team_id", "owner_id", "found_at", "weight"):
        month = _month(clock.local(at).date())
        for kind, pk in (("project", project), ("team", team), ("person", owner)):
            counted[kind, pk, month] += weight
    return {one.key: counted[(*_who(one.period), one.key[1])] for one in wanted}


def _who(period: Period) -> tuple[str, int | None]:
    dimension = DIMENSION.get(SubjectKind(period.enrolment.kind), "project")
    return dimension, _subject(period, dimension)


_TALLIES: Mapping[str, Callable[[Wanted], dict[Key, Decimal]]] = MappingProxyType({
    "complaints": _events_from("complaint"),
    "praises": _events_from("praise"),
    "incidents": _incidents,
    "findings": _findings,
})  # fmt: skip


def read_manual(wanted: Wanted, found: Found) -> None:
    """The newest score entered for each component."""
    first, last = _days(wanted)
    rows = ManualScore.objects.filter(enrolment__in=_enrolments(wanted), month__range=(first, last)).order_by("pk")
    newest = {(row.enrolment_id, _month(row.month), row.component): row for row in rows}
    for one, part in parts_of(wanted, SourceKind.MANUAL):
        row = newest.get((*one.key, part.key))
        if row is not None:
            links = (Link("appraisal_manual", str(row.pk), row.reason),)
            entry = reading(f"entry_{row.pk}", row.value, label=Words(row.reason), links=links)
            found[one.key][part.key].append(entry)


# --- other appraisals


def read_schemes(wanted: Wanted, found: Found) -> None:
    """The points of the same month under another scheme: a person's team, else the same project."""
    asked = list(parts_of(wanted, SourceKind.SCHEME))
    first, last = _days(wanted)
    rows = Period.objects.filter(
        project__in=_projects(wanted), month__range=(first, last), points__isnull=False,
        enrolment__scheme__code__in={part.source.code for _, part in asked},
    ).order_by("pk")  # fmt: skip
    columns = ("pk", "month", "points", "enrolment__scheme__code", "enrolment__label", "enrolment__team_id",
               "enrolment__staff_id", "project_id")  # fmt: skip
    known: dict[tuple[str, dt.date, str, int | None], list[Reading]] = defaultdict(list)
    for pk, month, points, code, label, team, staff, project in rows.values_list(*columns):
        entry = reading(f"period_{pk}", points, label=Words(label), links=(Link("appraisal_period", str(pk), label),))
        kind, subject = ("team", team) if team else ("person", staff) if staff else ("project", project)
        known[code, month, kind, subject].append(entry)
    for one, part in asked:
        for kind, subject in _above(one.period):
            entries = known.get((part.source.code, one.period.month, kind, subject))
            if entries:
                found[one.key][part.key] += entries
                break


def _above(period: Period) -> list[tuple[str, int | None]]:
    """Whose result a subject reads: a person the team's, then the project's; a team or project the project's."""
    row = period.enrolment
    team = row.staff.team_id if row.staff is not None else row.team_id
    own = [("person", row.staff_id), ("team", team), ("project", row.project_id)]
    return [(kind, pk) for kind, pk in own if pk is not None]


def read_letters(wanted: Wanted, found: Found) -> None:
    """The target letter in force of each project, as far as the month."""
    asked = list(parts_of(wanted, SourceKind.LETTER))
    nodes = letter_nodes({(one.period.project_id, one.period.month) for one, _ in asked})
    for one, part in asked:
        node = nodes.get((one.period.project_id, one.period.month))
        if node is not None and node.value is not None:
            found[one.key][part.key].append(Reading(node))


READERS: Mapping[SourceKind, Callable[[Wanted, Found], None]] = MappingProxyType({
    SourceKind.INSPECTIONS: read_inspections,
    SourceKind.METRIC: read_metrics,
    SourceKind.PANEL: read_panels,
    SourceKind.SURVEY: read_surveys,
    SourceKind.COUNT: read_counts,
    SourceKind.MANUAL: read_manual,
    SourceKind.SCHEME: read_schemes,
    SourceKind.LETTER: read_letters,
})  # fmt: skip
