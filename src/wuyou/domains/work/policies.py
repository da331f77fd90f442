"""Who may bind, plan, do, assign and review work (default deny)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project, User
from wuyou.domains.org.permissions import declare
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Denied

from .models import Problem, Task

VIEW_PLAN = declare("work.view_plan", _("See plans"))
EDIT_PLAN = declare("work.edit_plan", _("Draft plans"))
PUBLISH_PLAN = declare("work.publish_plan", _("Publish plans"))
BIND_STANDARDS = declare("work.bind_standards", _("Bind projects to standards"))
VIEW_TASKS = declare("work.view_tasks", _("See all tasks of a project"))
DO_TASKS = declare("work.do_tasks", _("Do tasks"))
ASSIGN_TASKS = declare("work.assign_tasks", _("Assign and hand over tasks"))
REVIEW_TASKS = declare("work.review_tasks", _("Review evidence"))
VIEW_COMPLIANCE = declare("work.view_compliance", _("See compliance"))
MANAGE_ABSENCE = declare("work.manage_absence", _("Record absences"))


def check_view_plan(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may see the project's plan."""
    require(by, VIEW_PLAN, project)


def check_edit_plan(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may draft the project's plan."""
    require(by, EDIT_PLAN, project)


def check_publish_plan(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may publish the project's plan."""
    require(by, PUBLISH_PLAN, project)


def check_bind(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may bind the project to standards."""
    require(by, BIND_STANDARDS, project)


def check_do(by: Actor, task: Task) -> None:
    """Raise Denied unless the task is for `by`: theirs, or nobody's in their team, or they assign work here.

    A person without a staff record may do what nobody is named for.
    """
    require(by, DO_TASKS, task.project)
    if not isinstance(by, User) or has_permission(by, ASSIGN_TASKS, task.project.node):
        return
    staff = getattr(by, "staff", None)
    if task.assignee_id is not None:
        is_mine = staff is not None and task.assignee_id == staff.pk
    else:
        is_mine = task.team_id is None or (staff is not None and task.team_id == staff.team_id)
    if not is_mine:
        raise Denied(_("This task is for somebody else."))


def check_assign(by: Actor, task: Task) -> None:
    """Raise Denied unless `by` may hand the task over or withdraw it."""
    require(by, ASSIGN_TASKS, task.project)


def check_review(by: Actor, task: Task) -> None:
    """Raise Denied unless `by` reviews here and did not do the task: nobody judges their own evidence."""
    require(by, REVIEW_TASKS, task.project)
    if isinstance(by, User) and task.done_by_id == by.pk:
        raise Denied(_("Nobody reviews their own work."))


def check_problem(by: Actor, problem: Problem, permission: str) -> None:
    """Raise Denied unless `by` holds the permission of the step at the problem's project."""
    require(by, permission, problem.project)


def check_manage_absence(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` records absences here."""
    require(by, MANAGE_ABSENCE, project)


def check_view_compliance(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may see compliance here."""
    require(by, VIEW_COMPLIANCE, project)
