"""Two sights of one thing become one finding (spec 05: duplicates merge)."""

from wuyou.domains.quality.flows.findings import FINDING_FLOW
from wuyou.domains.quality.models import Finding
from wuyou.domains.quality.rules import findings as rules
from wuyou.kernel import flows
from wuyou.kernel.actors import Actor

from .recording import CORRECT, set_deadline, stop, told


def merge_one(finding: Finding, into: Finding, *, by: Actor) -> None:
    """Move one into another: the graver severity, the heavier weight and the earlier deadline count."""
    flows.claim(finding, FINDING_FLOW, "merge", merged_into=into)
    stop(finding, CORRECT, by=by)
    told("finding_merged", finding, by=by, into=into.number)
    severity, weight = rules.worst((into.severity, finding.severity)), max(into.weight, finding.weight)
    Finding.objects.filter(pk=into.pk).update(severity=severity, weight=weight)
    into.severity, into.weight = severity, weight
    if finding.deadline < into.deadline and finding.found_at < into.found_at:
        set_deadline(into, finding.deadline)
    told("finding_merged_here", into, by=by, of=finding.number)
