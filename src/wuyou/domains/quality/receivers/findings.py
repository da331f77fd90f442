"""What findings listen to: problems at work, inspections submitted, published and void, times that were missed."""

from typing import Any

from django.dispatch import receiver

from wuyou.domains.quality import events
from wuyou.domains.quality.actions.findings import owe_explanations, release_of, reveal_findings, void_of_inspection
from wuyou.domains.quality.actions.findings.entering import entry_of, write_finding
from wuyou.domains.quality.models import Inspection
from wuyou.domains.quality.notices.findings import tell_of_findings, tell_of_time
from wuyou.domains.registry import events as registry
from wuyou.domains.registry.models import Staff
from wuyou.domains.work import events as work
from wuyou.domains.work.choices import Severity
from wuyou.domains.work.models import Problem
from wuyou.kernel.actors import System
from wuyou.kernel.clocks.events import Notice, clock_breached, clock_escalated

BY = System("findings")


@receiver(work.problem_reported, dispatch_uid="quality.finding_of_problem")
def on_problem(sender: object, *, problem_id: int, **_given: Any) -> None:
    """A grave problem is a finding at once; of a minor one a lead makes one (spec 03, 05)."""
    problem = Problem.objects.select_related("project__node", "place", "asset", "task__clause", "reported_by").get(
        pk=problem_id
    )
    if problem.severity != Severity.MINOR:
        write_finding(project=problem.project, entry=entry_of(problem, severity=problem.severity), by=BY)


@receiver(events.inspection_submitted, dispatch_uid="quality.owe_explanations")
def on_submission(sender: object, *, inspection_id: int, **_given: Any) -> None:
    """What it saw still open is to be explained; what a hidden one saw, only when it is published."""
    inspection = _inspection(inspection_id)
    if not inspection.is_hidden:
        tell_of_findings(inspection)
        owe_explanations(inspection, by=BY)


@receiver(events.inspection_published, dispatch_uid="quality.reveal_findings")
def on_publication(sender: object, *, inspection_id: int, **_given: Any) -> None:
    """The project learns what a hidden one found, and what it has to explain."""
    inspection = _inspection(inspection_id)
    reveal_findings(inspection, by=BY)
    tell_of_findings(inspection)
    owe_explanations(inspection, by=BY)


@receiver(events.inspection_voided, dispatch_uid="quality.void_findings")
def on_void(sender: object, *, inspection_id: int, **_given: Any) -> None:
    """What a void inspection found is void too."""
    void_of_inspection(_inspection(inspection_id), by=BY)


@receiver(registry.staff_left, dispatch_uid="quality.release_findings")
def on_staff_left(sender: object, *, staff_id: int, **_given: Any) -> None:
    """What somebody who left had to put right is their team's again, and who hands it out is told."""
    release_of(Staff.objects.get(pk=staff_id), by=BY)


@receiver((clock_breached, clock_escalated), dispatch_uid="quality.finding_times")
def on_missed_time(sender: object, *, notices: list[Notice], **_given: Any) -> None:
    """Climb the ladder."""
    for notice in notices:
        if notice.case_kind == "finding":
            tell_of_time(notice)


def _inspection(pk: int) -> Inspection:
    return Inspection.objects.select_related("project__node", "sheet_version", "place").get(pk=pk)
