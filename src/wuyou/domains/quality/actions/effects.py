"""What a decided appeal does at once to a finding or an inspection; other kinds hear of it by event (spec 05)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from wuyou.domains.quality.choices import FindingState, InspectionState, Outcome
from wuyou.domains.quality.models import Appeal, Finding, Inspection
from wuyou.domains.quality.queries.subjects import counting_findings
from wuyou.domains.quality.rules.amending import FindingChange, finding_change, inspection_changes
from wuyou.kernel.actors import System

from .findings import amend_finding, void_finding
from .inspections import void_inspection

DECIDED = System("appeals")  # the decider's right is to decide the appeal; who it was stands in the journal


def apply_effects(appeal: Appeal, *, reasons: str) -> None:
    """Void or amend what was appealed against, and score anew what used it; nothing for an upheld decision."""
    act = _ACTS.get(appeal.subject_kind)
    if act is not None and appeal.outcome != Outcome.UPHOLD:
        act(appeal, f"{appeal.number}: {reasons}"[:300])


def _on_finding(appeal: Appeal, reason: str) -> None:
    finding = Finding.objects.select_related("project__node").get(pk=appeal.subject_id)
    if finding.state == FindingState.VOID:  # somebody withdrew it while the appeal was open
        return
    if appeal.outcome == Outcome.VOID:
        void_finding(finding, reason=reason, cause=_cause(appeal), by=DECIDED)
        return
    change = finding_change(appeal.amended_to or {}, finding=finding.pk, severity=finding.severity, text=finding.text)
    _change(finding, change, appeal, reason)


def _on_inspection(appeal: Appeal, reason: str) -> None:
    inspection = Inspection.objects.select_related("project__node").get(pk=appeal.subject_id)
    if inspection.state == InspectionState.VOID:
        return
    if appeal.outcome == Outcome.VOID:
        void_inspection(inspection, reason=reason, by=DECIDED)
        return
    findings = {one.pk: one for one in counting_findings(inspection)}
    now = {pk: one.severity for pk, one in findings.items()}
    for change in inspection_changes(appeal.amended_to or {}, findings=now):
        _change(findings[change.finding], change, appeal, reason)


def _change(finding: Finding, change: FindingChange, appeal: Appeal, reason: str) -> None:
    if change.is_void:
        void_finding(finding, reason=reason, cause=_cause(appeal), by=DECIDED)
    else:
        amend_finding(finding, severity=change.severity, text=change.text, cause=_cause(appeal), by=DECIDED)


def _cause(appeal: Appeal) -> tuple[str, int]:
    return ("appeal", appeal.pk)


_ACTS: Mapping[str, Callable[[Appeal, str], None]] = MappingProxyType(
    {"finding": _on_finding, "inspection": _on_inspection}
)
