"""Scoring again what used something that changed: scores, places, money, statements; nothing is overwritten."""

import datetime as dt
import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db.models import QuerySet

from wuyou.domains.appraisal import events, notices
from wuyou.domains.appraisal.choices import PeriodState
from wuyou.domains.appraisal.models import Period
from wuyou.domains.appraisal.writing import case_of, record
from wuyou.kernel.actors import Actor
from wuyou.kernel.transactions import action

from .consequences import settle_dues
from .periods import set_places
from .scoring import Because, Scored, score_months, with_all

AT_ONCE = 25  # projects
KNOWN = (PeriodState.PUBLISHED, PeriodState.FINAL)


@action
def rescore_stale(project_id: int, *, by: Actor) -> int:
    """Score again every marked month of a project, and the later ones its run reaches; gives how many changed."""
    return rescore(Period.objects.filter(project=project_id, is_stale=True), by=by)


@action
def rescore(rows: QuerySet[Period], *, by: Actor) -> int:
    """Score again some marked months, wherever they are, and the later ones of the same subjects.

    Their score is superseded with the reason; dues that changed are reversed and proposed anew; places follow.
    """
    projects = sorted(set(rows.filter(is_stale=True).order_by().values_list("project_id", flat=True)))
    with _collector_at_rest():
        return sum(
            _rescore(rows.filter(project__in=projects[start : start + AT_ONCE]), by=by)
            for start in range(0, len(projects), AT_ONCE)
        )


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep Python from searching thousands of trees for cycles they do not have: a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _rescore(rows: QuerySet[Period], *, by: Actor) -> int:
    changed: list[Scored] = []
    for because, periods in _by_cause(with_all(rows.filter(is_stale=True))):
        changed += score_months([*periods, *_later(periods)], because=because, by=by)
    if changed:
        _settle_changed(changed, by=by)
        _enter(changed, by=by)
        events.score_superseded.send(Period, period_ids=[one.period.pk for one in changed])
    return len(changed)


def _by_cause(marked: Sequence[Period]) -> list[tuple[Because, list[Period]]]:
    found: dict[Because, list[Period]] = {}
    for one in marked:
        because = Because(one.stale_because, one.stale_cause_kind, one.stale_cause_id)
        found.setdefault(because, []).append(one)
    return list(found.items())


def _later(periods: Iterable[Period]) -> list[Period]:
    """Computed months after the first marked one of the same enrolments: their runs may look back to it."""
    first: dict[int, dt.date] = {}
    for one in periods:
        first[one.enrolment_id] = min(one.month, first.get(one.enrolment_id, one.month))
    rows = Period.objects.filter(enrolment__in=first, month__gt=min(first.values()), is_stale=False)
    rows = rows.exclude(state=PeriodState.OPEN)
    return [row for row in with_all(rows) if row.month > first[row.enrolment_id]]


def _settle_changed(changed: Sequence[Scored], *, by: Actor) -> None:
    published = [one for one in changed if one.period.state in KNOWN]
    if not published:
        return
    settle_dues(published, reason=published[0].score.reason, by=by)
    set_places({one.period.month for one in published}, {one.period.enrolment.scheme_id for one in published})


def _enter(changed: Sequence[Scored], *, by: Actor) -> None:
    for one in changed:
        points = None if one.score.points is None else f"{one.score.points:f}"
        record(
            "period_rescored", one.period.project, case_of(one.period), by=by,
            points=points, band=one.score.band, reason=one.score.reason,
        )  # fmt: skip
    known = [one for one in changed if one.period.state in {*KNOWN, PeriodState.DISCLOSED}]
    notices.tell_of_rescoring([(one.period, one.score) for one in known])
