"""What people are told of work, and whom: problems, rejected evidence, missed times, plans to review.

A notice points at its record by `kind:id` (`task:17`); the face that shows it knows the address.
"""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.queries import users_holding, users_in_role
from wuyou.kernel import notify
from wuyou.kernel.clocks.events import News, Notice

from .models import Plan, Problem, Task
from .policies import ASSIGN_TASKS, PUBLISH_PLAN

PROBLEM_REPORTED = notify.declare(
    "work.problem_reported",
    _("Problem reported"),
    title=_("%(number)s at %(place)s"),
    body=_("%(text)s (reported by %(by)s)"),
)
EVIDENCE_REJECTED = notify.declare(
    "work.evidence_rejected",
    _("Evidence rejected"),
    title=_("%(task)s: the evidence was rejected"),
    body=_("%(why)s. Do it again with new photos."),
)
TIME_MISSED = notify.declare(
    "work.time_missed",
    _("Time limit missed"),
    title=_("%(case)s is late"),
    body=_("It was to be dealt with by %(at)s."),
)
PLAN_TO_REVIEW = notify.declare(
    "work.plan_to_review",
    _("Plan to review"),
    title=_("The plan of %(project)s waits for your review"),
)


def tell_of_problem(problem: Problem) -> int:
    """Tell who assigns work at the project, at once when it is critical; gives how many."""
    people = set(users_holding(ASSIGN_TASKS, problem.project)) - {problem.reported_by_id}
    where = problem.place.name if problem.place else problem.project.name
    by = str(problem.reported_by or _("the system"))
    return notify.notify(
        PROBLEM_REPORTED.event,
        recipients=sorted(people),
        context={"number": problem.number, "place": where, "text": problem.text, "by": by},
        url=f"problem:{problem.pk}",
        urgent=problem.severity == "critical",
    )


def tell_of_rejection(task: Task) -> int:
    """Tell whoever did the task, and whose it is."""
    owner = task.assignee.user_id if task.assignee else None
    people = sorted(pk for pk in {task.done_by_id, owner} if pk is not None)
    context = {"task": task.title, "why": task.review_note}
    return notify.notify(EVIDENCE_REJECTED.event, recipients=people, context=context, url=f"task:{task.pk}")


def tell_of_time(notice: Notice) -> int:
    """Tell of a missed time: who assigns work, and at each rung of the ladder the people of that role above."""
    problem = Problem.objects.select_related("project__node").get(pk=notice.case_id)
    if notice.news == News.BREACHED:
        people = users_holding(ASSIGN_TASKS, problem.project)
    else:
        people = users_in_role(notice.role, problem.project)
    return notify.notify(
        TIME_MISSED.event,
        recipients=people,
        context={"case": notice.case_label, "at": notice.at},
        url=f"problem:{problem.pk}",
        urgent=True,
        dedupe=f"clock:{notice.clock_id}:{notice.news}:{notice.level}",
    )


def tell_of_plan(plan: Plan) -> int:
    """Tell who publishes plans here that one waits."""
    people = users_holding(PUBLISH_PLAN, plan.project)
    context = {"project": plan.project.name}
    return notify.notify(PLAN_TO_REVIEW.event, recipients=people, context=context, url=f"plan:{plan.pk}")
