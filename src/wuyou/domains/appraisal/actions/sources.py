"""Entering what a month is appraised by: events, vetoes, scores by hand, surveys, difficulties (spec 06)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal import policies
from wuyou.domains.appraisal.choices import SourceKind
from wuyou.domains.appraisal.models import (
    DeductionEvent,
    Enrolment,
    ManualScore,
    Period,
    SurveyCount,
    VetoRecord,
    ZoneDifficulty,
)
from wuyou.domains.appraisal.queries.proofs import PROVED
from wuyou.domains.appraisal.queries.schemes import issued_version, value_of
from wuyou.domains.appraisal.rules.scheme import Component, Scheme
from wuyou.domains.appraisal.writing import person_or_none, record
from wuyou.domains.registry.models import Zone
from wuyou.kernel import clock, evidence
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.evidence.choices import Kind
from wuyou.kernel.transactions import action

from .marking import mark_stale

LARGEST_QUANTITY = 1000
MOST_POINTS = 120


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an event came from: how it counts (`complaint` twice, say), and the record behind it."""

    code: str = ""
    kind: str = ""
    id: int | None = None
    label: str = ""


@action
def enter_event(
    enrolment: Enrolment,
    *,
    component: str,
    item: str,
    day: dt.date,
    text: str,
    by: Actor,
    quantity: Decimal = Decimal(1),
    origin: Origin = Origin(),
) -> DeductionEvent:
    """Enter events of an item of the scheme's table. Raises Denied, Invalid per field, Conflict for a month known."""
    policies.check_enter(by, enrolment)
    scheme = _scheme_on(enrolment, day)
    wrong = _wrong_item(scheme, component, item)
    if not text.strip():
        wrong["text"] = _("Say what happened.")
    if not 0 < quantity <= LARGEST_QUANTITY:
        wrong["quantity"] = _("A number above 0, at most 1000.")
    _refuse(wrong | _wrong_day(enrolment, day))
    row = DeductionEvent.objects.create(
        project_id=enrolment.project_id,
        enrolment=enrolment,
        component=component,
        item=item,
        origin=origin.code,
        quantity=quantity,
        day=day,
        text=text.strip()[:300],
        source_kind=origin.kind,
        source_id=origin.id,
        source_label=origin.label[:60],
        entered_by=person_or_none(by),
        entered_at=clock.now(),
    )
    entry = ("appraisal_event", row.pk, row.text)
    record("event_entered", enrolment.project, entry, by=by, item=item, origin=origin.code, quantity=f"{quantity:f}")
    return row


def _scheme_on(enrolment: Enrolment, day: dt.date) -> Scheme:
    """The scheme of the month of a day; raises Conflict where the month was made known already."""
    period = Period.objects.filter(enrolment=enrolment, month=day.replace(day=1)).select_related("version").first()
    if period is not None:
        policies.check_open(period)
        return value_of(period.version)
    return value_of(policies.usable(enrolment.scheme, issued_version(enrolment.scheme)))


def _wrong_item(scheme: Scheme, component: str, item: str) -> dict[str, object]:
    part = next((one for one in scheme.components() if one.key == component and one.table), None)
    if part is None:
        return {"component": _("This part of the scheme has no table of points.")}
    if item not in {line.item for line in scheme.table(part.table).lines}:
        return {"item": _("The table has no such item.")}
    return {}


def _wrong_day(enrolment: Enrolment, day: dt.date) -> dict[str, object]:
    if day > clock.today():
        return {"day": _("This day is yet to come.")}
    if day < enrolment.starts_on or (enrolment.ends_on is not None and day > enrolment.ends_on):
        return {"day": _("This day is outside the time of the enrolment.")}
    return {}


def _refuse(wrong: dict[str, object]) -> None:
    if wrong:
        raise Invalid(fields=wrong)


@action
def void_event(event: DeductionEvent, *, reason: str, by: Actor, cause: tuple[str, int] = ("", 0)) -> None:
    """Let an event count no more; months computed from it are scored again. Raises Denied, Invalid, Conflict.

    A person may do so while the month is open; after that only what an appeal brings about.
    """
    policies.check_enter(by, event.enrolment)
    if person_or_none(by) is not None:
        _scheme_on(event.enrolment, event.day)
    said = reason.strip()[:300]
    if not said:
        raise Invalid(fields={"reason": _("Say why.")})
    if DeductionEvent.objects.filter(pk=event.pk, void_because="").update(void_because=said) != 1:
        raise Conflict(_("This is void already."))
    event.void_because = said
    rows = Period.objects.filter(enrolment=event.enrolment, month=event.day.replace(day=1))
    mark_stale(rows, reason=said, cause=cause if cause[0] else ("appraisal_event", event.pk))
    record("event_voided", event.enrolment.project, ("appraisal_event", event.pk, event.text), by=by, reason=said)


@action
def enter_veto(
    enrolment: Enrolment,
    *,
    rule: str,
    day: dt.date,
    text: str,
    by: Actor,
    facts: Mapping[str, Decimal] | None = None,
    document: str = "",
) -> VetoRecord:
    """Record what a veto looks at, with its facts (`loss_fen`, `injured` …). Raises Denied, Invalid, Conflict."""
    policies.check_enter(by, enrolment)
    scheme = _scheme_on(enrolment, day)
    known = next((one for one in scheme.vetoes if one.key == rule and not one.is_figure), None)
    wrong = _wrong_day(enrolment, day)
    if known is None:
        wrong["rule"] = _("The scheme has no such veto to record.")
    else:
        named = {test.fact for test in known.tests}
        wrong |= {f"facts.{name}": _("This veto does not look at this.") for name in facts or {} if name not in named}
    if not text.strip():
        wrong["text"] = _("Say what happened.")
    _refuse(wrong)
    row = VetoRecord.objects.create(
        project_id=enrolment.project_id,
        enrolment=enrolment,
        rule=rule,
        day=day,
        text=text.strip()[:300],
        facts={name: f"{number:f}" for name, number in (facts or {}).items()},
        document=document.strip()[:120],
        entered_by=person_or_none(by),
        entered_at=clock.now(),
    )
    entry = ("appraisal_veto", row.pk, row.text)
    record("veto_recorded", enrolment.project, entry, by=by, rule=rule, facts=row.facts)
    return row


@action
def void_veto(veto: VetoRecord, *, reason: str, by: Actor) -> None:
    """Let a recorded veto count no more, while its month is open. Raises Denied, Invalid, Conflict."""
    policies.check_enter(by, veto.enrolment)
    _scheme_on(veto.enrolment, veto.day)
    said = reason.strip()[:300]
    if not said:
        raise Invalid(fields={"reason": _("Say why.")})
    if VetoRecord.objects.filter(pk=veto.pk, void_because="").update(void_because=said) != 1:
        raise Conflict(_("This is void already."))
    veto.void_because = said
    record("veto_voided", veto.enrolment.project, ("appraisal_veto", veto.pk, veto.text), by=by, reason=said)


@action
def enter_score(
    enrolment: Enrolment,
    *,
    component: str,
    month: dt.date,
    value: Decimal,
    reason: str,
    by: Actor,
) -> ManualScore:
    """Enter a component's score by hand with its reason; the newest counts. Raises Denied, Invalid, Conflict.

    Evidence follows by `attach_proof`.
    """
    policies.check_enter(by, enrolment)
    first = month.replace(day=1)
    wrong = _wrong_component(_scheme_on(enrolment, first), component, SourceKind.MANUAL)
    if not 0 <= value <= MOST_POINTS:
        wrong["value"] = _("From 0 to 120 points.")
    if not reason.strip():
        wrong["reason"] = _("Say what it rests on.")
    _refuse(wrong)
    row = ManualScore.objects.create(
        project_id=enrolment.project_id,
        enrolment=enrolment,
        component=component,
        month=first,
        value=value,
        reason=reason.strip()[:300],
        entered_by=person_or_none(by),
        entered_at=clock.now(),
    )
    entry = ("appraisal_manual", row.pk, row.reason)
    record("score_entered", enrolment.project, entry, by=by, component=component, value=f"{value:f}")
    return row


@action
def attach_proof(
    row: ManualScore, *, upload: "File[bytes] | BinaryIO", by: Actor, kind: str = Kind.PHOTO
) -> evidence.Evidence:
    """Attach a photo or a document to a score by hand. Raises Denied, Conflict for a month known, Unsupported."""
    policies.check_enter(by, row.enrolment)
    _scheme_on(row.enrolment, row.month)
    return evidence.receive(
        upload,
        by=by,
        project_id=row.project_id,
        subject=(PROVED, row.pk, row.reason),
        watermark=f"{row.enrolment.project.name}\n{by.actor_label}",
        kind=kind,
    )


def _wrong_component(scheme: Scheme, component: str, kind: SourceKind) -> dict[str, object]:
    return {} if _part(scheme, component, kind) else {"component": _("The scheme has no such part of this source.")}


def _part(scheme: Scheme, component: str, kind: SourceKind) -> Component | None:
    return next((one for one in scheme.components() if one.key == component and one.source.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a survey counted."""

    satisfied: int
    answered: int
    dissatisfied: int = 0


@action
def enter_survey(
    enrolment: Enrolment, *, component: str, month: dt.date, counted: Counted, text: str, by: Actor
) -> SurveyCount:
    """Enter what a survey counted; the newest counts. Raises Denied, Invalid per field, Conflict."""
    policies.check_enter(by, enrolment)
    first = month.replace(day=1)
    wrong = _wrong_component(_scheme_on(enrolment, first), component, SourceKind.SURVEY)
    if min(counted.satisfied, counted.dissatisfied, counted.answered) < 0:
        wrong["answered"] = _("A count is 0 or more.")
    elif counted.satisfied + counted.dissatisfied > counted.answered:
        wrong["answered"] = _("There are no more opinions than answers.")
    if not text.strip():
        wrong["text"] = _("Say which survey it was.")
    _refuse(wrong)
    row = SurveyCount.objects.create(
        project_id=enrolment.project_id,
        enrolment=enrolment,
        component=component,
        month=first,
        satisfied=counted.satisfied,
        dissatisfied=counted.dissatisfied,
        answered=counted.answered,
        text=text.strip()[:120],
        entered_by=person_or_none(by),
        entered_at=clock.now(),
    )
    entry = ("appraisal_survey", row.pk, row.text)
    record("survey_entered", enrolment.project, entry, by=by, satisfied=counted.satisfied, answered=counted.answered)
    return row


@action
def set_difficulty(zone: Zone, *, factor: Decimal, reason: str, starts_on: dt.date, by: Actor) -> ZoneDifficulty:
    """Say how hard a zone is from a day on. Raises Denied, Invalid, Conflict for a second one of the same day."""
    policies.check_enrol(by, zone.project, "team")
    wrong: dict[str, object] = {}
    if not Decimal("0.5") <= factor <= Decimal(3):
        wrong["factor"] = _("A difficulty is between 0.5 and 3.")
    if not reason.strip():
        wrong["reason"] = _("Say what makes it so.")
    _refuse(wrong)
    row, is_new = ZoneDifficulty.objects.get_or_create(
        zone=zone, starts_on=starts_on, defaults={"factor": factor, "reason": reason.strip()[:300]}
    )
    if not is_new:
        raise Conflict(_("This zone has a difficulty from that day already."))
    record("difficulty_set", zone.project, ("registry.zone", zone.pk, zone.name), by=by, factor=f"{factor:f}")
    return row
