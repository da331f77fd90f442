"""What happens below under a plan in force: places close, zones change, people leave, standards are withdrawn."""

from typing import Any

from django.dispatch import receiver

from wuyou.domains.org.actions import announce
from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry import events as registry
from wuyou.domains.standards import events as standards
from wuyou.kernel import jobs, journal
from wuyou.kernel.actors import System
from wuyou.kernel.clocks.events import Notice, clock_breached, clock_escalated

from . import events, notices
from .models import Plan, Problem, Task
from .notices import tell_of_time as told_of_time
from .queries.site import bindings_to

CHANGES = (
    registry.place_closed,
    registry.place_reopened,
    registry.place_moved,
    registry.zone_changed,
    registry.staff_left,
)


@receiver(CHANGES, dispatch_uid="work.follow_changes")
def follow_changes(sender: object, *, project_id: int, **_given: Any) -> None:
    """Let the plan in force follow, once for all changes that come together."""
    if Plan.objects.filter(project_id=project_id, published_at__isnull=False).exists():
        jobs.enqueue("work.reconcile", key=f"work.reconcile:{project_id}", project_id=project_id)


@receiver(standards.version_withdrawn, dispatch_uid="work.note_withdrawal")
def note_withdrawal(sender: object, *, version_id: int, **_given: Any) -> None:
    """Note in every bound project that its standard was withdrawn: the plan runs on, the next draft shows the gap."""
    for binding in bindings_to(version_id):
        journal.record(
            "work.standard_withdrawn",
            chain=chain_of(binding.project),
            by=System("standards"),
            subject=("work.binding", binding.pk, str(binding.version)),
        )


@receiver(events.problem_reported, dispatch_uid="work.tell_of_problem")
def on_problem(sender: object, *, problem_id: int, **_given: Any) -> None:
    """Tell who must look."""
    notices.tell_of_problem(Problem.objects.select_related("project__node", "place", "reported_by").get(pk=problem_id))


@receiver(events.evidence_rejected, dispatch_uid="work.tell_of_rejection")
def on_rejection(sender: object, *, task_id: int, **_given: Any) -> None:
    """Tell who must do it again."""
    notices.tell_of_rejection(Task.objects.select_related("assignee").get(pk=task_id))


@receiver((clock_breached, clock_escalated), dispatch_uid="work.tell_of_time")
def on_missed_time(sender: object, *, notices: list[Notice], **_given: Any) -> None:
    """Climb the ladder."""
    for notice in notices:
        if notice.case_kind == "problem":
            told_of_time(notice)


@receiver(events.plan_submitted, dispatch_uid="work.tell_of_plan")
def on_plan(sender: object, *, plan_id: int, **_given: Any) -> None:
    """Tell who reviews."""
    notices.tell_of_plan(Plan.objects.select_related("project__node").get(pk=plan_id))


@receiver(events.plan_published, dispatch_uid="work.announce_plan")
def on_publication(sender: object, *, plan_id: int, **_given: Any) -> None:
    """Tell other systems."""
    plan = Plan.objects.select_related("project__node").get(pk=plan_id)
    payload = {"plan": plan.number, "effective_from": plan.effective_from}
    announce("plan.published", project=plan.project, payload=payload)
