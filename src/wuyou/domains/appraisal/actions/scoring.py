"""Scoring many months at once: read set-wise, evaluate, write what is new, supersede what changed (spec 06)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from wuyou.domains.appraisal.choices import PeriodState
from wuyou.domains.appraisal.models import Period, Score
from wuyou.domains.appraisal.queries.gathering import Wanted, inputs_of, read_all
from wuyou.domains.appraisal.queries.schemes import value_of
from wuyou.domains.appraisal.rules.outcome import Due, Result, evaluate
from wuyou.domains.appraisal.rules.validation import schemes_read
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.explain import to_json

BATCH = 500
COLUMNS = ["points", "band", "is_vetoed", "is_stale"]


@dataclass(frozen=True, slots=True)
class Because:
    """Why months are scored again; empty for the first time."""

    reason: str = ""
    kind: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A month with its new score."""

    period: Period
    score: Score
    dues: tuple[Due, ...]


def score_months(periods: Iterable[Period], *, because: Because, by: Actor) -> list[Scored]:
    """Score months, and then those whose schemes read theirs; gives those whose score is new or changed.

    Periods come with enrolment (and staff) and version. A month whose tree stays the same keeps its score. For
    actions of this app: rights were checked.
    """
    found: list[Scored] = []
    waiting = {one.pk: one for one in periods}
    while waiting:
        ready = _ready(waiting.values())
        for one in ready:
            del waiting[one.pk]
        changed = _score_level(ready, because=because, by=by)
        found += changed
        waiting |= {one.pk: one for one in _readers_of(changed) if one.pk not in {row.period.pk for row in found}}
    return found


def _ready(periods: Iterable[Period]) -> list[Period]:
    """Those whose schemes read none of the others'."""
    rows = list(periods)
    codes = {row.enrolment.scheme.code for row in rows}
    ready = [row for row in rows if not schemes_read(value_of(row.version)) & (codes - {row.enrolment.scheme.code})]
    return ready or rows


def _readers_of(changed: Sequence[Scored]) -> list[Period]:
    """Computed months of the same projects whose schemes read a scheme that changed there."""
    at: dict[tuple[int, dt.date], set[str]] = defaultdict(set)
    for one in changed:
        at[one.period.project_id, one.period.month].add(one.period.enrolment.scheme.code)
    if not at:
        return []
    rows = with_all(
        Period.objects.filter(project__in={project for project, _ in at}, month__in={month for _, month in at})
        .exclude(state=PeriodState.OPEN)
        .exclude(pk__in=[one.period.pk for one in changed])
    )
    return [row for row in rows if schemes_read(value_of(row.version)) & at[row.project_id, row.month]]


def with_all(rows: QuerySet[Period]) -> list[Period]:
    """Periods with everything scoring reads of them."""
    related = ("enrolment__scheme", "enrolment__staff", "enrolment__contract", "version", "project__node")
    return list(rows.select_related(*related))


def _score_level(periods: Sequence[Period], *, because: Because, by: Actor) -> list[Scored]:
    wanted = [Wanted(period, value_of(period.version)) for period in periods]
    gathered = read_all(wanted)
    before = _in_force([period.pk for period in periods])
    found: list[Scored] = []
    for one in sorted(wanted, key=lambda row: row.period.month):
        result = evaluate(one.scheme, inputs_of(one, gathered))
        gathered.bands[one.period.enrolment_id][one.key[1]] = result.band  # the next month's run starts from here
        tree = to_json(result.tree)
        known = before.get(one.period.pk)
        if known is None or known.tree != tree:
            found.append(Scored(one.period, _score(one.period, result, tree, because=because, by=by), result.dues))
    Score.objects.bulk_create([one.score for one in found], batch_size=BATCH)
    _write_periods(periods, {one.period.pk: one.score for one in found})
    return found


def _in_force(ids: Sequence[int]) -> dict[int, Score]:
    newest = Score.objects.filter(period__in=ids).order_by().values("period").annotate(newest=Max("pk"))
    return {row.period_id: row for row in Score.objects.filter(pk__in=newest.values("newest"))}


def _score(period: Period, result: Result, tree: dict[str, object], *, because: Because, by: Actor) -> Score:
    return Score(
        period=period,
        points=result.points,
        band=result.band,
        points_band=result.points_band,
        vetoes=list(result.vetoes),
        tree=tree,
        reason=because.reason[:300],
        cause_kind=because.kind,
        cause_id=because.id,
        by_label=by.actor_label[:80],
        at=clock.now(),
    )


def _write_periods(periods: Sequence[Period], scores: dict[int, Score]) -> None:
    for period in periods:
        period.is_stale = False
        score = scores.get(period.pk)
        if score is not None:
            period.points, period.band, period.is_vetoed = score.points, score.band, bool(score.vetoes)
    Period.objects.bulk_update(periods, COLUMNS, batch_size=BATCH)
