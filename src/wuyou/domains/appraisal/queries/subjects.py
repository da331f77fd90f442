"""Scores and consequences as decisions that can be appealed against (spec 05, Appeal; 06)."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import ConsequenceState
from wuyou.domains.appraisal.models import Consequence, Period
from wuyou.domains.quality.queries.challenged import Amended, Challenge, Kind, amend_value, declare
from wuyou.domains.quality.rules.appeals import Decision
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid, Missing

from .periods import consequences_visible_to, events_of, periods_visible_to, scores_of

MOST_POINTS = Decimal(1000)


def score_challenge(by: Actor, pk: int) -> Challenge:
    """A month's score that was made known, as a decision; raises Missing, Conflict for one not known yet."""
    period = periods_visible_to(by).filter(pk=pk).first()
    if period is None:
        raise Missing(_("There is no such appraisal."))
    if period.disclosed_at is None:
        raise Conflict(_("Only a score that was made known can be appealed against."))
    newest = scores_of(period)[0]
    decision = Decision(
        kind="appraisal.score",
        id=period.pk,
        label=f"{period} {'' if period.points is None else period.points}".strip(),
        decided_at=max(period.disclosed_at, newest.at),
        decided_by=_deciders(period),
        parties=_parties(period),
    )
    return Challenge(period.project, decision)


def _deciders(period: Period) -> tuple[int, ...]:
    """Who made the score known, and who entered its events."""
    makers = {period.disclosed_by_id, *events_of(period).values_list("entered_by_id", flat=True)}
    return tuple(sorted(pk for pk in makers if pk is not None))


def _parties(period: Period) -> tuple[int, ...]:
    staff = period.enrolment.staff
    return (staff.user_id,) if staff is not None and staff.user_id is not None else ()


def consequence_challenge(by: Actor, pk: int) -> Challenge:
    """An approved consequence as a decision; raises Missing, Conflict for one not in force."""
    row = consequences_visible_to(by).filter(pk=pk).first()
    if row is None:
        raise Missing(_("There is no such consequence."))
    if row.state != ConsequenceState.APPROVED or row.decided_at is None:
        raise Conflict(_("Only a consequence in force can be appealed against."))
    decision = Decision(
        kind="appraisal.consequence",
        id=row.pk,
        label=f"{row.period} {row.name_zh}",
        decided_at=row.decided_at,
        decided_by=() if row.decided_by_id is None else (row.decided_by_id,),
        parties=_parties(row.period),
    )
    return Challenge(row.project, decision)


def amend_points(_pk: int, given: Amended) -> Amended:
    """`{"value": "85.00"}`: points with at most two decimal places."""
    found = amend_value(_pk, given)
    points = Decimal(str(found["value"]))
    if not 0 <= points <= MOST_POINTS or points != round(points, 2):
        raise Invalid(fields={"amended_to": _("Points from 0, with at most two decimal places.")})
    return found


def amend_fen(_pk: int, given: Amended) -> Amended:
    """`{"value": "150000"}`: an amount in fen."""
    found = amend_value(_pk, given)
    amount = Decimal(str(found["value"]))
    if amount < 0 or amount != amount.to_integral_value():
        raise Invalid(fields={"amended_to": _("A whole amount in fen, 0 or more.")})
    return found


SCORE = declare(Kind("appraisal.score", _("Score of an appraisal"), score_challenge, amend_points))
CONSEQUENCE = declare(Kind("appraisal.consequence", _("Consequence of an appraisal"), consequence_challenge, amend_fen))


def consequence_of(pk: int) -> Consequence | None:
    """A consequence by its id, with what reversing it reads."""
    related = ("period__enrolment__contract", "period__enrolment__staff", "period__version", "project__node", "score")
    return Consequence.objects.select_related(*related).filter(pk=pk).first()
