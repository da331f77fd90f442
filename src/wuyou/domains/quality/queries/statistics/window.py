"""What statistics are about: published inspections and known findings of some days, projects and a level."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from wuyou.domains.quality.choices import FindingState, InspectionState
from wuyou.domains.quality.models import Finding, Inspection
from wuyou.domains.quality.queries.findings import UNCORRECTED, findings_visible_to
from wuyou.domains.quality.queries.inspections import inspections_visible_to
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor

GONE = (FindingState.MERGED, FindingState.VOID)


@dataclass(frozen=True, slots=True)
class Window:
    """Days (both inclusive), one project or all that are visible, one level or all."""

    first: dt.date
    last: dt.date
    project: int | None = None
    level: str = ""

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """The days as moments [from, to)."""
        return clock.midnight(self.first), clock.midnight(self.last + dt.timedelta(days=1))


def inspections_within(user: Actor, window: Window) -> QuerySet[Inspection]:
    """Published inspections of the window that the user may see, second ones included, oldest first."""
    rows = inspections_visible_to(user).filter(
        state=InspectionState.PUBLISHED, day__gte=window.first, day__lte=window.last
    )
    if window.project is not None:
        rows = rows.filter(project_id=window.project)
    if window.level:
        rows = rows.filter(level=window.level)
    return rows.order_by("day", "pk")


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of a window that stand, and those not put right yet, whenever they were found."""

    within: QuerySet[Finding]
    still_open: QuerySet[Finding]


def findings_of(user: Actor, window: Window) -> Found:
    """Findings the user may see that are no secret; with a level, those of its inspections."""
    start, end = window.moments
    rows = _known(user, window)
    return Found(
        rows.filter(found_at__gte=start, found_at__lt=end).exclude(state__in=GONE), rows.filter(state__in=UNCORRECTED)
    )


def _known(user: Actor, window: Window) -> QuerySet[Finding]:
    rows = findings_visible_to(user).filter(is_hidden=False)
    if window.project is not None:
        rows = rows.filter(project_id=window.project)
    if window.level:
        rows = rows.filter(inspection__level=window.level)
    return rows.order_by("found_at", "pk")
