"""What the inspecting side says: verified or refused, and later whether it works (spec 05, Correction)."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.quality import events
from wuyou.domains.quality.choices import FindingState, SimilarState
from wuyou.domains.quality.flows.findings import FINDING_FLOW
from wuyou.domains.quality.models import Finding
from wuyou.domains.quality.notices import findings as notices
from wuyou.domains.quality.policies import findings as policies
from wuyou.domains.quality.queries.findings import came_back, photos_after
from wuyou.domains.quality.rules import findings as rules
from wuyou.kernel import clock, evidence, flows
from wuyou.kernel.actors import Actor, System
from wuyou.kernel.clocks.models import Clock
from wuyou.kernel.clocks.queries import open_clock
from wuyou.kernel.errors import Conflict
from wuyou.kernel.transactions import action

from .recording import (
    CORRECT,
    EFFECT,
    VERIFY,
    announced,
    correction_of,
    go_on_correcting,
    keep,
    start_correcting,
    start_effect,
    stop,
    told,
    words,
)

BATCH = 500
BY = System("effects")


@action
def verify(finding: Finding, *, by: Actor, note: str = "") -> Finding:
    """Say that it is put right, having looked; its effect is looked at 30 days later.

    Raises Denied for the doer and for whoever is not of the inspecting side, Conflict while similar places of a grave
    finding have not been looked at.
    """
    policies.check_verify(by, finding)
    if rules.looks_elsewhere(finding.severity) and finding.similar.filter(state=SimilarState.OWED).exists():
        raise Conflict(_("The similar places have not all been looked at yet."))
    flows.claim(finding, FINDING_FLOW, "verify")
    _review(finding, "accepted", by=by)
    due = clock.today() + dt.timedelta(days=rules.EFFECT_DAYS)
    keep(
        finding, verified_by=by if isinstance(by, User) else None, verified_at=clock.now(),
        verify_note=note.strip()[:500], effect_due=due, is_effective=None, effect_note="",
    )  # fmt: skip
    stop(finding, VERIFY, CORRECT, by=by)
    told("finding_verified", finding, by=by, note=note.strip(), effect_due=str(due))
    return finding


@action
def refuse_proof(finding: Finding, *, verify_note: str, by: Actor) -> Finding:
    """Say that it is not put right, and why: the photos do not count any more, the doer's time runs on."""
    policies.check_verify(by, finding)
    why = words("verify_note", verify_note)
    flows.claim(finding, FINDING_FLOW, "refuse")
    _review(finding, "rejected", by=by, reason=why)
    correction = correction_of(finding)
    doer = correction.proved_by_id
    keep(finding, verify_note=why, rejections=correction.rejections + 1, proved_at=None)
    stop(finding, VERIFY, by=by)
    go_on_correcting(finding, by=by)
    told("finding_refused", finding, by=by, reason=why)
    notices.tell_of_refusal(finding, proved_by=doer, why=why)
    return finding


def _review(finding: Finding, verdict: str, *, by: Actor, reason: str = "") -> None:
    for row in photos_after(finding):
        if not row.verdict:
            evidence.review(row, by=by, verdict=verdict, reason=reason)


@action
def check_effect(finding: Finding, *, works: bool, effect_note: str, by: Actor) -> Finding:
    """Say whether the correction works: closed, or open again to find the true cause.

    Raises Denied for the doer, Conflict when it works but the period is not over yet.
    """
    policies.check_verify(by, finding)
    note = words("effect_note", effect_note)
    FINDING_FLOW.check("confirm" if works else "reopen", finding.state)
    due = correction_of(finding).effect_due
    if works and due is not None and clock.today() < due:
        raise Conflict(_("The effect can be judged from %(day)s on."), day=f"{due:%Y-%m-%d}")
    if works:
        close(finding, note=note, is_effective=True, by=by)
    else:
        _reopen(finding, note=note, by=by)
    return finding


def close(finding: Finding, *, note: str, is_effective: bool, by: Actor) -> None:
    """Close a verified finding; the caller has checked that `by` may."""
    flows.claim(finding, FINDING_FLOW, "confirm" if is_effective else "carry_on", closed_at=clock.now())
    keep(finding, is_effective=is_effective, effect_note=note)
    stop(finding, EFFECT, by=by)
    told("finding_closed", finding, by=by, effective=is_effective, note=note)
    events.finding_closed.send(Finding, finding_id=finding.pk)
    announced("finding.closed", finding, effective=is_effective)


def _reopen(finding: Finding, *, note: str, by: Actor) -> None:
    flows.claim(finding, FINDING_FLOW, "reopen")
    keep(finding, is_effective=False, effect_note=note, effect_due=None, proved_at=None, verified_at=None)
    stop(finding, EFFECT, by=by)
    start_correcting(finding, by=by)
    told("finding_reopened", finding, by=by, note=note)
    notices.tell_of_finding(finding)


@action
def settle_effect(finding: Finding, *, by: Actor = BY) -> str:
    """After the period: closed when the same did not come back, carried on by the finding that says it did.

    What was critical or a hazard waits for somebody to look. Gives `closed`, `carried_on`, `asked` or `` for nothing.
    """
    due = correction_of(finding).effect_due
    if finding.state != FindingState.VERIFIED or due is None or clock.today() < due:
        return ""
    again = came_back(finding)
    if again is not None and again.is_hidden and not finding.is_hidden:
        return ""  # the project must not learn of it: wait until it is published
    if again is not None:
        note = str(_("It came back as %(number)s.")) % {"number": again.number}
        close(finding, note=note, is_effective=False, by=by)
        return "carried_on"
    if not rules.needs_person(severity=finding.severity, hazard=finding.hazard):
        close(finding, note=str(_("It did not come back.")), is_effective=True, by=by)
        return "closed"
    if open_clock("finding", finding.pk, EFFECT) is None:
        start_effect(finding, by=by)
        notices.tell_of_effect(finding)
        return "asked"
    return ""


def settle_effects() -> int:
    """Look at every verified finding whose period is over, at most 500 at a time; gives how many moved."""
    asked = Clock.objects.filter(case_kind="finding", kind=EFFECT, stopped_at__isnull=True).values("case_id")
    due = Finding.objects.filter(state=FindingState.VERIFIED, correction__effect_due__lte=clock.today())
    rows = due.exclude(pk__in=asked).select_related("project__node", "inspection", "correction")
    first = rows.order_by("correction__effect_due", "pk")[:BATCH]
    return sum(settle_effect(finding) != "" for finding in first)
