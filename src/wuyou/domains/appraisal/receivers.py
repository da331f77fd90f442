"""What appraisal listens to: inspections and findings that changed, appeals that were decided, dues reversed."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality import events as quality
from wuyou.domains.quality.choices import Outcome
from wuyou.domains.quality.models import Appeal, Finding, Inspection
from wuyou.kernel import clock
from wuyou.kernel.actors import System

from . import events
from .actions.consequences import amend_amount, reverse_consequence
from .actions.marking import mark_stale, months_reading
from .actions.rescoring import rescore
from .actions.sources import void_event
from .actions.statements import correct_statements
from .models import DeductionEvent, Period, Ruling
from .queries.subjects import consequence_of

BY = System("appraisal")


@receiver(quality.inspection_published, dispatch_uid="appraisal.inspection_published")
def on_publication(sender: object, *, inspection_id: int, **_given: Any) -> None:
    """A late inspection reaches months that were computed without it."""
    row = Inspection.objects.get(pk=inspection_id)
    _mark(row.project_id, row.day, _said(_("Inspection %(number)s was published."), row.number), ("inspection", row.pk))


@receiver((quality.inspection_rescored, quality.inspection_voided), dispatch_uid="appraisal.inspection_changed")
def on_inspection(sender: object, *, inspection_id: int, project_id: int, day: dt.date, **_given: Any) -> None:
    """Months that used the inspection are scored again."""
    number = Inspection.objects.values_list("number", flat=True).get(pk=inspection_id)
    _mark(project_id, day, _said(_("Inspection %(number)s was scored again."), number), ("inspection", inspection_id))


@receiver(quality.finding_voided, dispatch_uid="appraisal.finding_voided")
def on_finding(sender: object, *, finding_id: int, project_id: int, **_given: Any) -> None:
    """Events that came from the finding count no more; months that counted it are scored again."""
    rows = DeductionEvent.objects.filter(source_kind="finding", source_id=finding_id, void_because="")
    for event in rows.select_related("enrolment__project__node", "enrolment__scheme", "enrolment__staff"):
        void_event(
            event,
            reason=_said(_("Finding %(number)s is void."), event.source_label),
            cause=("finding", finding_id),
            by=BY,
        )
    found = Finding.objects.get(pk=finding_id)
    _mark(
        project_id,
        clock.local(found.found_at).date(),
        _said(_("Finding %(number)s is void."), found.number),
        ("finding", finding_id),
    )


def _said(text: object, number: str) -> str:
    return str(text) % {"number": number}


def _mark(project_id: int, day: dt.date, reason: str, cause: tuple[str, int]) -> None:
    mark_stale(months_reading(project_id, day), reason=reason, cause=cause)


@receiver(quality.appeal_decided, dispatch_uid="appraisal.appeal_decided")
def on_appeal(
    sender: object, *, appeal_id: int, subject_kind: str, subject_id: int, outcome: str, amended_to: Any, **_given: Any
) -> None:
    """A score or a consequence is void or amended by appeal: at once, in the same transaction."""
    if outcome == Outcome.UPHOLD or not subject_kind.startswith("appraisal."):
        return
    appeal = Appeal.objects.get(pk=appeal_id)
    value = Decimal(str(amended_to["value"])) if outcome == Outcome.AMEND else None
    reason = _said(_("Decided on appeal %(number)s."), appeal.number)
    if subject_kind == "appraisal.score":
        _rule(appeal, subject_id, value, reason=reason)
    elif subject_kind == "appraisal.consequence":
        _change(appeal, subject_id, value, reason=reason)


def _rule(appeal: Appeal, period_id: int, points: Decimal | None, *, reason: str) -> None:
    Ruling.objects.create(
        period_id=period_id, points=points, appeal_id=appeal.pk, appeal_label=appeal.number, at=clock.now()
    )
    rows = Period.objects.filter(pk=period_id)
    mark_stale(rows, reason=reason, cause=("appeal", appeal.pk))
    rescore(rows, by=BY)


def _change(appeal: Appeal, pk: int, amount: Decimal | None, *, reason: str) -> None:
    row = consequence_of(pk)
    if row is None:
        return
    if amount is None:
        reverse_consequence(row, reason=reason, by=BY)
    else:
        amend_amount(row, amount_fen=int(amount), reason=reason, by=BY)


@receiver(events.consequence_reversed, dispatch_uid="appraisal.correct_statement")
def on_reversal(sender: object, *, consequence_id: int, **_given: Any) -> None:
    """What a statement says of a reversed consequence is put right, in the draft or by a correction."""
    row = consequence_of(consequence_id)
    contract = row.period.enrolment.contract if row else None
    if row is not None and contract is not None and row.statement_lines.exists():
        correct_statements(contract, month=row.period.month, reason=row.reversed_because, by=BY)
