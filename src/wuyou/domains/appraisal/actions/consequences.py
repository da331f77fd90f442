"""What follows from scores: proposed, approved, declined, reversed; money on the bond, in payroll (spec 06)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal import events, notices, policies
from wuyou.domains.appraisal.choices import BondKind, ConsequenceKind, ConsequenceState, SubjectKind
from wuyou.domains.appraisal.flows import CONSEQUENCE_FLOW
from wuyou.domains.appraisal.models import BondEntry, Consequence, PayrollEntry, Period
from wuyou.domains.appraisal.queries.schemes import value_of
from wuyou.domains.appraisal.rules.money import charges_of
from wuyou.domains.appraisal.rules.outcome import Due
from wuyou.domains.appraisal.writing import person_or_none, record
from wuyou.kernel import clock, flows
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .marking import mark_stale
from .scoring import Scored

FROM_BOND: Mapping[str, BondKind] = {
    ConsequenceKind.BOND_CHARGE: BondKind.CHARGE,
    ConsequenceKind.TERMINATION: BondKind.KEPT,
}
FOR_PAYROLL: Mapping[str, int] = {ConsequenceKind.PENALTY: -1, ConsequenceKind.BONUS: 1}


def settle_dues(scored: Sequence[Scored], *, reason: str, by: Actor) -> None:
    """Bring what is in force in line with what the scores bring: keep, reverse, propose. For actions of this app."""
    rows = Consequence.objects.filter(period__in=[one.period.pk for one in scored]).exclude(
        state=ConsequenceState.REVERSED
    )
    known: dict[int, dict[str, Consequence]] = defaultdict(dict)
    for row in rows.select_related("period__enrolment__scheme", "period__version", "project__node"):
        known[row.period_id][row.rule] = row
    fresh: list[Consequence] = []
    for one in scored:
        dues = {due.rule.key: due for due in one.dues}
        in_force = known[one.period.pk]
        for key, row in in_force.items():
            if key not in dues or row.amount_fen != dues[key].amount_fen:
                _reverse(row, reason=reason or one.score.reason or str(_("The score has changed.")), by=by)
        fresh += [
            _proposed(one, due)
            for key, due in dues.items()
            if key not in in_force or in_force[key].amount_fen != due.amount_fen
        ]
    Consequence.objects.bulk_create(fresh, batch_size=500)
    for row in fresh:
        entry = ("appraisal_consequence", row.pk, row.name_zh)
        record("consequence_proposed", row.project, entry, by=by, rule=row.rule, amount_fen=row.amount_fen)
    notices.tell_of_proposals(fresh)


def _proposed(one: Scored, due: Due) -> Consequence:
    return Consequence(
        project=one.period.project,
        period=one.period,
        score=one.score,
        rule=due.rule.key,
        kind=due.rule.kind,
        name_zh=due.rule.name.zh,
        name_en=due.rule.name.en,
        amount_fen=due.amount_fen,
        run=due.run,
        proposed_at=clock.now(),
    )


@action
def approve_consequence(consequence: Consequence, *, note: str = "", by: Actor) -> None:
    """Let a consequence take effect: on the bond, in payroll, on the next statement, or as an act (spec 06, Money).

    Raises Denied, IllegalMove, Conflict for money of a contract that is not known.
    """
    policies.check_decide(by, consequence)
    contract = consequence.period.enrolment.contract
    if consequence.kind in FROM_BOND and consequence.amount_fen and contract is None:
        raise Conflict(_("No contract is named whose bond could be charged."))
    flows.claim(
        consequence, CONSEQUENCE_FLOW, "approve",
        decided_at=clock.now(), decided_by=person_or_none(by), decision_note=note.strip()[:300],
    )  # fmt: skip
    _take_effect(consequence, by=by)
    entry = ("appraisal_consequence", consequence.pk, consequence.name_zh)
    record("consequence_approved", consequence.project, entry, by=by, amount_fen=consequence.amount_fen)
    notices.tell_of_decision(consequence)
    events.consequence_approved.send(Consequence, consequence_id=consequence.pk)


def _take_effect(consequence: Consequence, *, by: Actor) -> None:
    amount, enrolment = consequence.amount_fen, consequence.period.enrolment
    if not amount:
        return
    if consequence.kind in FROM_BOND and enrolment.contract is not None:
        BondEntry.objects.create(
            contract=enrolment.contract,
            month=consequence.period.month,
            kind=FROM_BOND[consequence.kind],
            amount_fen=-amount,
            text=f"{consequence.period} {consequence.name_zh}"[:200],
            consequence=consequence,
            by_label=by.actor_label[:80],
            at=clock.now(),
        )
    elif consequence.kind in FOR_PAYROLL and enrolment.kind == SubjectKind.PERSON:
        _enter_payroll(consequence, FOR_PAYROLL[consequence.kind] * amount)


def _enter_payroll(consequence: Consequence, amount_fen: int) -> None:
    staff = consequence.period.enrolment.staff
    assert staff is not None  # noqa: S101 — the table of enrolments says so
    split = value_of(consequence.period.version).split
    percent = split.supervisor if split else Decimal(0)
    charges = charges_of(staff.pk, amount_fen, supervisor_id=staff.supervisor_id, percent=percent)
    PayrollEntry.objects.bulk_create([
        PayrollEntry(
            project=consequence.project,
            staff_id=charge.person_id,
            for_staff_id=charge.for_person_id,
            month=consequence.period.month,
            amount_fen=charge.amount_fen,
            text=f"{consequence.period.month:%Y-%m} {consequence.name_zh}"[:200],
            consequence=consequence,
            at=clock.now(),
        )
        for charge in charges
        if charge.amount_fen
    ])  # fmt: skip


@action
def decline_consequence(consequence: Consequence, *, note: str, by: Actor) -> None:
    """Let a proposed consequence not take effect, with the reason. Raises Denied, IllegalMove, Invalid."""
    policies.check_decide(by, consequence)
    said = note.strip()[:300]
    if not said:
        raise Invalid(fields={"note": _("Say why.")})
    flows.claim(
        consequence, CONSEQUENCE_FLOW, "decline",
        decided_at=clock.now(), decided_by=person_or_none(by), decision_note=said,
    )  # fmt: skip
    entry = ("appraisal_consequence", consequence.pk, consequence.name_zh)
    record("consequence_declined", consequence.project, entry, by=by, note=said)
    notices.tell_of_decision(consequence)


@action
def reverse_consequence(consequence: Consequence, *, reason: str, by: Actor) -> None:
    """Take a consequence back with the reason; what it moved is moved back. Raises Denied, IllegalMove, Invalid."""
    policies.check_decide(by, consequence)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    _reverse(consequence, reason=reason, by=by)


def _reverse(consequence: Consequence, *, reason: str, by: Actor) -> None:
    flows.claim(
        consequence, CONSEQUENCE_FLOW, "reverse", reversed_because=reason.strip()[:300], reversed_at=clock.now()
    )
    moved = _reverse_bond(consequence, by=by)
    _reverse_payroll(consequence)
    entry = ("appraisal_consequence", consequence.pk, consequence.name_zh)
    record("consequence_reversed", consequence.project, entry, by=by, reason=reason)
    events.consequence_reversed.send(Consequence, consequence_id=consequence.pk)
    if moved:
        later = Period.objects.filter(
            enrolment__contract=consequence.period.enrolment.contract_id, month__gt=consequence.period.month
        )
        mark_stale(later, reason=reason, cause=("appraisal_consequence", consequence.pk))


def _reverse_bond(consequence: Consequence, *, by: Actor) -> bool:
    entries = list(consequence.bond_entries.filter(reverses__isnull=True, reversed_by__isnull=True))
    for one in entries:
        BondEntry.objects.create(
            contract_id=one.contract_id,
            month=one.month,
            kind=BondKind.REVERSAL,
            amount_fen=-one.amount_fen,
            text=f"{consequence.reversed_because}"[:200],
            consequence=consequence,
            reverses=one,
            by_label=by.actor_label[:80],
            at=clock.now(),
        )
    return bool(entries)


def _reverse_payroll(consequence: Consequence) -> None:
    """What payroll has taken is given back in the current month; what it has not, in the same."""
    this_month = clock.today().replace(day=1)
    for one in consequence.payroll_entries.filter(reverses__isnull=True, reversed_by__isnull=True):
        PayrollEntry.objects.create(
            project_id=one.project_id,
            staff_id=one.staff_id,
            for_staff_id=one.for_staff_id,
            month=one.month if one.exported_at is None else this_month,
            amount_fen=-one.amount_fen,
            text=f"{consequence.reversed_because}"[:200],
            consequence=consequence,
            reverses=one,
            at=clock.now(),
        )


@action
def amend_amount(consequence: Consequence, *, amount_fen: int, reason: str, by: Actor) -> Consequence:
    """Put another amount in the place of a consequence, by a decision on appeal; it waits for approval again."""
    policies.check_decide(by, consequence)
    if amount_fen < 0:
        raise Invalid(fields={"amended_to": _("An amount cannot be negative.")})
    _reverse(consequence, reason=reason, by=by)
    fresh = Consequence.objects.create(
        project_id=consequence.project_id,
        period=consequence.period,
        score=consequence.score,
        rule=consequence.rule,
        kind=consequence.kind,
        name_zh=consequence.name_zh,
        name_en=consequence.name_en,
        amount_fen=amount_fen,
        run=consequence.run,
        proposed_at=clock.now(),
    )
    entry = ("appraisal_consequence", fresh.pk, fresh.name_zh)
    record("consequence_amended", consequence.project, entry, by=by, amount_fen=amount_fen, reason=reason)
    return fresh


@action
def mark_exported(entries: Sequence[PayrollEntry], *, by: Actor) -> int:
    """Note that payroll has taken entries; gives how many were new. Raises Denied."""
    for project in {one.project for one in entries}:
        policies.check_payroll(by, project)
    rows = PayrollEntry.objects.filter(pk__in=[one.pk for one in entries], exported_at__isnull=True)
    found = list(rows.values_list("project_id", "month", "amount_fen"))
    count = rows.update(exported_at=clock.now())
    for project in {one.project for one in entries}:
        theirs = [amount for pk, _month, amount in found if pk == project.pk]
        if theirs:
            entry = ("appraisal_payroll", project.pk, project.name)
            record("payroll_exported", project, entry, by=by, entries=len(theirs), sum_fen=sum(theirs))
    return count
