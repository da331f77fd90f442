"""Metrics of quality over projects and days, as counts or values that can be compared (spec 12, 05: PDCA).

Only what was published counts, so that a figure gives away no hidden visit.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import FindingState, InspectionState
from wuyou.domains.quality.models import Finding, Inspection, InspectionAnswer
from wuyou.domains.quality.rules.improvement import Kind, Observed, Point, by_month, months_to, observed
from wuyou.domains.work.queries.compliance import Scope, compliance
from wuyou.kernel import clock
from wuyou.kernel.errors import Invalid
from wuyou.kernel.metrics import Metric, get

Points = list[Point]
DAY_SECONDS = 86_400
GONE = (FindingState.MERGED, FindingState.VOID)
PUT_RIGHT = (FindingState.PROVED, FindingState.VERIFIED, FindingState.CLOSED)


@dataclass(frozen=True, slots=True)
class Over:
    """Which projects, and which days (both inclusive)."""

    projects: Collection[int]
    first: dt.date
    last: dt.date

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """The days as moments [from, to)."""
        return clock.midnight(self.first), clock.midnight(self.last + dt.timedelta(days=1))


def _task_compliance(over: Over) -> Points:
    scope = Scope(projects=tuple(over.projects), first=over.first, last=over.last)
    rows = compliance(scope, by="day")
    return [
        Point(row.key, count=row.counts.on_time, size=row.counts.due)
        for row in rows
        if isinstance(row.key, dt.date) and row.counts.due
    ]


def _correction_in_time(over: Over) -> Points:
    start, end = over.moments
    rows = Finding.objects.filter(project_id__in=over.projects, deadline__gte=start, deadline__lt=end)
    due = rows.filter(Q(deadline__lte=clock.now()), _known()).exclude(state__in=GONE)
    kept = Q(correction__proved_at__lte=F("deadline"), state__in=PUT_RIGHT)
    found = due.annotate(was_kept=Case(When(kept, then=1), default=0)).values_list("deadline", "was_kept")
    return [Point(clock.local(deadline).date(), count=was_kept, size=1) for deadline, was_kept in found]


def _recurrence(over: Over) -> Points:
    start, end = over.moments
    rows = Finding.objects.filter(_known(), project_id__in=over.projects, found_at__gte=start, found_at__lt=end)
    found = rows.exclude(state__in=GONE).values_list("found_at", "repeat_of")
    return [Point(clock.local(at).date(), count=int(repeated is not None), size=1) for at, repeated in found]


def _closing_days(over: Over) -> Points:
    start, end = over.moments
    rows = Finding.objects.filter(
        _known(), project_id__in=over.projects, correction__verified_at__gte=start, correction__verified_at__lt=end,
        correction__proved_at__isnull=False,
    ).exclude(state__in=GONE)  # fmt: skip
    found = rows.values_list("found_at", "correction__proved_at", "correction__verified_at")
    return [
        Point(clock.local(verified).date(), value=(proved - at).total_seconds() / DAY_SECONDS)
        for at, proved, verified in found
        if proved and verified
    ]


def _density(over: Over) -> Points:
    """Weight of findings per 100 items answered, one value per inspection."""
    inspections = _published(over)
    items = dict(inspections.annotate(n=Count("answers")).values_list("pk", "n"))
    found = Finding.objects.filter(inspection__in=inspections).exclude(state__in=GONE).order_by()
    weights = dict(found.values_list("inspection").annotate(weight=Sum("weight")))
    return [
        Point(day, value=100 * weights.get(pk, 0) / items[pk])
        for pk, day in inspections.values_list("pk", "day")
        if items[pk]
    ]


def _pass_rate(over: Over) -> Points:
    rows = InspectionAnswer.objects.filter(inspection__in=_published(over), verdict__in=("pass", "fail"))
    failed = Q(verdict="fail") & ~Q(finding__state=FindingState.VOID)
    days = rows.order_by().values_list("inspection__day")
    found = days.annotate(size=Count("pk"), failed=Count("pk", filter=failed))
    return [Point(day, count=size - failed, size=size) for day, size, failed in found]


def _score(over: Over) -> Points:
    rows = _published(over).filter(score__isnull=False).values_list("day", "score")
    return [Point(day, value=float(score)) for day, score in rows if score is not None]


def _published(over: Over) -> QuerySet[Inspection]:
    """Published inspections; one of two of the same counts, the other is there to compare inspectors."""
    return Inspection.objects.filter(
        project_id__in=over.projects, day__range=(over.first, over.last), state=InspectionState.PUBLISHED,
        second_of__isnull=True,
    )  # fmt: skip


def _known() -> Q:
    """Findings that everybody at the project may know of."""
    return Q(is_hidden=False)


FIGURES: Mapping[str, tuple[Kind, Callable[[Over], Points]]] = MappingProxyType({
    "work.task_compliance": ("share", _task_compliance),
    "quality.inspection_pass_rate": ("share", _pass_rate),
    "quality.inspection_score": ("mean", _score),
    "quality.finding_density": ("mean", _density),
    "quality.correction_in_time": ("share", _correction_in_time),
    "quality.recurrence": ("share", _recurrence),
    "quality.closing_days": ("mean", _closing_days),
})  # fmt: skip


def measurable() -> list[Metric]:
    """The metrics that can be measured over projects and days, in the order they are offered."""
    return [get(code) for code in FIGURES]


def points_of(code: str, over: Over) -> tuple[Kind, Points]:
    """What was observed day by day, and whether it is a share or a mean; raises Invalid for any other metric."""
    if code not in FIGURES:
        raise Invalid(fields={"metric": _("This figure cannot be measured over a period.")})
    kind, read = FIGURES[code]
    return kind, read(over)


def measure(code: str, over: Over) -> Observed:
    """A metric over projects and days; raises Invalid for one that cannot be measured so."""
    return observed(*points_of(code, over))


def monthly(code: str, *, projects: Collection[int], last: dt.date, months: int) -> list[tuple[dt.date, Observed]]:
    """A metric month by month up to the month of `last`, read at once."""
    firsts = months_to(last, count=months)
    kind, points = points_of(code, Over(projects, firsts[0], last))
    return by_month(kind, points, months=firsts)
