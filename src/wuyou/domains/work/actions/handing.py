"""Handing open tasks over and withdrawing them (spec 03)."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.models import Staff
from wuyou.domains.work import policies
from wuyou.domains.work.choices import TaskState
from wuyou.domains.work.flows.tasks import TASK_FLOW
from wuyou.domains.work.models import Task
from wuyou.kernel import journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.transactions import action

from .rollups import mark_stale
from .tasks import refuse_unqualified


@action
def hand_over(tasks: Iterable[Task], *, to: Staff, by: Actor, reason: str) -> int:
    """Give open tasks to a member of staff who may do them; gives how many went. Raises Invalid for a hindrance."""
    rows = list(tasks)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why the work goes to somebody else.")})
    for task in rows:
        policies.check_assign(by, task)
        if task.project_id != to.project_id:
            raise Invalid(fields={"to": _("This person works at another project.")})
    for one in {task.qualification: task for task in rows}.values():
        refuse_unqualified(one, to)
    ids = [task.pk for task in rows]
    open_ones = Task.objects.filter(pk__in=ids, state__in=TASK_FLOW.transition("hand_over").sources)
    moved = list(open_ones.values_list("pk", flat=True))
    open_ones.update(assignee=to, team_id=to.team_id, state=TaskState.OPEN)
    if moved:
        _record_many("work.tasks_handed_over", rows[0], moved, by=by, to=to.number, reason=reason.strip())
        mark_stale(rows[0].project_id, [task.day for task in rows])
    return len(moved)


@action
def withdraw_tasks(tasks: Iterable[Task], *, by: Actor, reason: str) -> int:
    """Take back open tasks that are not needed any more; they count nowhere. Gives how many were taken back."""
    rows = list(tasks)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why the tasks are withdrawn.")})
    for task in rows:
        policies.check_assign(by, task)
    ids = [task.pk for task in rows]
    open_ones = Task.objects.filter(pk__in=ids, state__in=TASK_FLOW.transition("withdraw").sources)
    gone = list(open_ones.values_list("pk", flat=True))
    open_ones.update(state=TaskState.WITHDRAWN, note=reason.strip())
    if gone:
        _record_many("work.tasks_withdrawn", rows[0], gone, by=by, reason=reason.strip())
        mark_stale(rows[0].project_id, [task.day for task in rows])
    return len(gone)


def _record_many(verb: str, sample: Task, ids: Sequence[int], *, by: Actor, **data: object) -> None:
    subject = ("tasks", ids[0], f"{sample.title} … × {len(ids)}")
    journal.record(verb, chain=chain_of(sample.project), by=by, subject=subject, data={"tasks": list(ids), **data})
