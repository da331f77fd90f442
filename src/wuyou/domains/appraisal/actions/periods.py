"""A month's way: computed, made known to the party, published after the appeals, closed (spec 06)."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal import events, notices, policies
from wuyou.domains.appraisal.choices import ConsequenceState, PeriodState, VersionState
from wuyou.domains.appraisal.flows import PERIOD_FLOW
from wuyou.domains.appraisal.models import Period, SchemeVersion, Score
from wuyou.domains.appraisal.queries.schemes import value_of
from wuyou.domains.appraisal.rules.outcome import dues_in
from wuyou.domains.appraisal.rules.ranking import Contender, places_of
from wuyou.domains.appraisal.writing import case_of, person_or_none, record
from wuyou.domains.org.actions import announce
from wuyou.domains.quality.queries.appeals import open_appeal_on
from wuyou.domains.quality.rules.appeals import limit_after
from wuyou.kernel import clock, flows
from wuyou.kernel.actors import Actor
from wuyou.kernel.clocks.calendars import day_table
from wuyou.kernel.errors import Conflict
from wuyou.kernel.explain import from_json
from wuyou.kernel.transactions import action

from .consequences import settle_dues
from .scoring import Because, Scored, score_months, with_all, write_rows

APPEALED = "appraisal.score"


@action
def compute_period(period: Period, *, by: Actor) -> Score | None:
    """Compute a month from what is known now; again as often as wanted until it is made known.

    Gives the new score, None where nothing has changed. Raises Denied, IllegalMove once it was made known.
    """
    policies.check_appraise(by, period)
    flows.claim(period, PERIOD_FLOW, "compute")
    found = score_months(with_all(Period.objects.filter(pk=period.pk)), because=Because(), by=by)
    period.refresh_from_db()
    own = next((one.score for one in found if one.period.pk == period.pk), None)
    points = None if period.points is None else f"{period.points:f}"
    record("period_computed", period.project, case_of(period), by=by, points=points, band=period.band)
    return own


@action
def disclose_period(period: Period, *, by: Actor) -> None:
    """Make a month known to the party and open the time for appeals, in working days of the scheme.

    Raises Denied, IllegalMove, Conflict where something it was computed from has changed since.
    """
    policies.check_appraise(by, period)
    if period.is_stale:
        raise Conflict(_("Something it was computed from has changed: compute it again first."))
    now = clock.now()
    until = limit_after(now, days=value_of(period.version).appeal_days, table=day_table())
    flows.claim(period, PERIOD_FLOW, "disclose", disclosed_at=now, appeal_until=until, disclosed_by=person_or_none(by))
    record("period_disclosed", period.project, case_of(period), by=by, appeal_until=until.isoformat())
    notices.tell_of_score(period)
    events.period_disclosed.send(Period, period_id=period.pk)


@action
def publish_period(period: Period, *, by: Actor) -> None:
    """Publish a month after the time for appeals: ranks, and proposals of what follows.

    Raises Denied, IllegalMove, Conflict while appeals may still come, one is open, or the score is to be made anew.
    """
    policies.check_appraise(by, period)
    PERIOD_FLOW.check("publish", period.state)
    now = clock.now()
    if period.appeal_until is not None and now <= period.appeal_until:
        day = f"{clock.local(period.appeal_until):%Y-%m-%d}"
        raise Conflict(_("Appeals may still come until %(day)s."), day=day)
    appeal = open_appeal_on(APPEALED, period.pk)
    if appeal is not None:
        raise Conflict(_("An appeal is open: %(number)s."), number=appeal.number)
    if period.is_stale:
        raise Conflict(_("Something it was computed from has changed: it is scored again first."))
    flows.claim(period, PERIOD_FLOW, "publish", published_at=now)
    _settle(period, by=by)
    points = None if period.points is None else f"{period.points:f}"
    record("period_published", period.project, case_of(period), by=by, points=points, band=period.band)
    payload = {"subject": period.enrolment.label, "month": f"{period.month:%Y-%m}", "points": points,
               "band": period.band}  # fmt: skip
    announce("appraisal.published", project=period.project, payload=payload)
    events.period_published.send(Period, period_id=period.pk)


def _settle(period: Period, *, by: Actor) -> None:
    """Propose what follows from a published month and set the places."""
    score = period.scores.order_by("-pk").first()
    if score is not None:
        dues = dues_in(value_of(period.version), from_json(score.tree))
        settle_dues([Scored(period, score, dues)], reason="", by=by)
    set_places({period.month}, {period.enrolment.scheme_id})


@action
def close_period(period: Period, *, by: Actor) -> None:
    """Close a month once everything that follows from it was decided. Raises Denied, IllegalMove, Conflict."""
    policies.check_appraise(by, period)
    if period.consequences.filter(state=ConsequenceState.PROPOSED).exists():
        raise Conflict(_("Something that follows from it is not decided yet."))
    flows.claim(period, PERIOD_FLOW, "close", closed_at=clock.now())
    record("period_closed", period.project, case_of(period), by=by)


def set_places(months: set[dt.date], schemes: set[int]) -> None:
    """Rank the published months of schemes with a review of the last places, class by class."""
    versions = SchemeVersion.objects.filter(scheme__in=schemes).exclude(state=VersionState.DRAFT)
    ranked = {row.scheme_id for row in versions if value_of(row).ranking is not None}
    if not ranked:
        return
    published = (PeriodState.PUBLISHED, PeriodState.FINAL)
    groups: dict[tuple[int, dt.date], list[Period]] = {}
    for row in with_all(Period.objects.filter(state__in=published, month__in=months, enrolment__scheme__in=ranked)):
        groups.setdefault((row.enrolment.scheme_id, row.month), []).append(row)
    for members in groups.values():
        _rank(members)


def _rank(members: Sequence[Period]) -> None:
    rule = value_of(max(members, key=lambda row: row.version.number).version).ranking
    if rule is None:
        return
    contenders = [Contender(row.pk, row.enrolment.klass, _standing_points(row)) for row in members]
    for row, place in zip(members, places_of(rule, contenders), strict=True):
        row.place, row.place_of, row.is_last = place.place, place.of, place.is_last
    write_rows(members, ("place", "place_of", "is_last"))


def _standing_points(row: Period) -> Decimal | None:
    """A month with a veto stands behind every other of its class."""
    if row.points is None:
        return None
    return row.points - 1000 if row.is_vetoed else row.points
