"""A finding is merged, amended or declared void; what was scored with it is scored again (spec 05, Appeal)."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality import events
from wuyou.domains.quality.choices import InspectionState
from wuyou.domains.quality.flows.findings import FINDING_FLOW
from wuyou.domains.quality.models import Finding, Inspection
from wuyou.domains.quality.policies import findings as policies
from wuyou.domains.quality.rules import findings as rules
from wuyou.domains.work.choices import Severity
from wuyou.kernel import flows, search
from wuyou.kernel.actors import Actor
from wuyou.kernel.clocks.actions import retarget_clock
from wuyou.kernel.clocks.queries import open_clock
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .merging import merge_one
from .recording import CORRECT, EFFECT, VERIFY, announced, limit_of, set_deadline, start_correcting, stop, told, words

MOST_REASON = 300


@action
def merge_findings(into: Finding, others: Sequence[Finding], *, by: Actor) -> Finding:
    """Make several sights of one thing one finding; all or none. Raises Denied, Invalid, Conflict."""
    policies.check_judge(by, into)
    if into.state not in rules.UNCORRECTED:
        raise Conflict(_("Choose a finding that is not put right yet to merge into."))
    for other in others:
        policies.check_judge(by, other)
        if other.pk == into.pk or other.project_id != into.project_id:
            raise Invalid(fields={"others": _("Only other findings of the same project can be merged.")})
        if other.is_hidden != into.is_hidden:
            raise Invalid(fields={"others": _("What is hidden cannot be merged with what is not.")})
        merge_one(other, into, by=by)
    return into


@action
def void_finding(finding: Finding, *, reason: str, by: Actor, cause: tuple[str, int] | None = None) -> Finding:
    """Declare void what should not have been found; its inspection is scored again in the same transaction.

    `cause` names what led to it, such as ("appeal", 7). Raises Denied, Invalid without a reason, IllegalMove when it
    is void already.
    """
    policies.check_void(by, finding, cause=cause)
    _void(finding, reason=reason, by=by, cause=cause)
    rescore(finding, reason=f"{finding.number}: {reason.strip()}", cause=cause or ("finding", finding.pk), by=by)
    return finding


@action
def void_of_inspection(inspection: Inspection, *, by: Actor) -> int:
    """Declare void what a void inspection found; gives how many."""
    rows = Finding.objects.filter(inspection=inspection).exclude(state="void").select_related("project__node")
    found = list(rows.order_by("pk"))
    reason = inspection.void_because or str(_("The inspection is void."))
    for finding in found:
        _void(finding, reason=reason, by=by, cause=("inspection", inspection.pk))
    return len(found)


def _void(finding: Finding, *, reason: str, by: Actor, cause: tuple[str, int] | None) -> None:
    why = words("void_because", reason, most=MOST_REASON)
    flows.claim(finding, FINDING_FLOW, "void", void_because=why)
    stop(finding, CORRECT, VERIFY, EFFECT, by=by)
    told("finding_voided", finding, by=by, reason=why, cause=list(cause or ()))
    search.remove("quality.finding", finding.pk)
    events.finding_voided.send(Finding, finding_id=finding.pk, project_id=finding.project_id)
    announced("finding.voided", finding, reason=why)


@action
def amend_finding(
    finding: Finding, *, by: Actor, severity: str | None = None, text: str | None = None,
    cause: tuple[str, int] | None = None,
) -> Finding:  # fmt: skip
    """Change what was said of a finding, its severity or its words; deadline and scores follow.

    Raises Denied, Invalid for an unknown severity or nothing to change, Conflict for a void or merged one.
    """
    policies.check_void(by, finding, cause=cause)
    changes = _changes(severity, text)
    before = {name: getattr(finding, name) for name in changes}
    rows = Finding.objects.filter(pk=finding.pk).exclude(state__in=["void", "merged"])
    if rows.update(**changes) != 1:
        raise Conflict(_("A void or merged finding is not amended."))
    for name, value in changes.items():
        setattr(finding, name, value)
    if "severity" in changes and finding.state in rules.UNCORRECTED:
        _new_limit(finding, by=by)
    told("finding_amended", finding, by=by, before=before, after=changes, cause=list(cause or ()))
    if "severity" in changes:
        reason = str(_("%(number)s was amended.")) % {"number": finding.number}
        rescore(finding, reason=reason, cause=cause or ("finding", finding.pk), by=by)
    return finding


def _changes(severity: str | None, text: str | None) -> dict[str, str]:
    changes = {} if text is None else {"text": words("text", text)}
    if severity is not None:
        if severity not in Severity.values:
            raise Invalid(fields={"severity": _("Unknown severity.")})
        changes["severity"] = severity
    if not changes:
        raise Invalid(_("Say what is to be changed."))
    return changes


def _new_limit(finding: Finding, *, by: Actor) -> None:
    """The time by the new severity; time that somebody has granted stays granted."""
    running = open_clock("finding", finding.pk, CORRECT)
    if running is None or finding.extensions.filter(state="approved").exists():
        return
    limit = limit_of(finding)
    if limit.hours != running.hours:
        stop(finding, CORRECT, by=by)
        start_correcting(finding, by=by)
    else:
        retarget_clock(running, target=limit.target, reason=str(_("The severity was amended.")), by=by)
        set_deadline(finding, running.due_at)


def rescore(finding: Finding, *, reason: str, cause: tuple[str, int], by: Actor) -> None:
    """Score again the inspection a finding came from, if it was scored."""
    inspection = finding.inspection
    if inspection is None or inspection.state not in {InspectionState.SUBMITTED, InspectionState.PUBLISHED}:
        return
    from wuyou.domains.quality.actions.inspections import rescore_inspection  # noqa: PLC0415 — it enters findings

    rescore_inspection(inspection, reason=reason[:MOST_REASON], cause=cause, by=by)
