"""Problems found on tasks or seen in passing, and their steps (spec 03)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.domains.work.actions.problems import Found, move_problem
from wuyou.domains.work.actions.spotting import report_problem
from wuyou.domains.work.choices import ProblemState, Severity
from wuyou.domains.work.flows.tasks import PROBLEM_FLOW
from wuyou.domains.work.models import Problem
from wuyou.domains.work.policies import DO_TASKS
from wuyou.domains.work.queries.tasks import problems_visible_to
from wuyou.faces.api.assets import ASSETS
from wuyou.faces.api.operations import Acts, Step, maybe, possible, ref, steps
from wuyou.faces.api.registry.places import PLACES
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import choice, column, text
from wuyou.kernel.errors import Invalid
from wuyou.kernel.flows import Transition

from . import router
from .tasks import SEE

PROBLEMS = Resource(
    "problems",
    shape(
        "TaskProblem", Problem,
        "id project number task place asset text severity state reported_by reported_at remedy",
        place_name=(str | None, "place.name"), asset_name=(str | None, "asset.name"), steps=possible(PROBLEM_FLOW),
    ),
    lambda user: problems_visible_to(user).select_related("project__node", "place", "asset", "reported_by"),
    view=SEE,
    filters={
        "project_id": ids("project"), "task_id": ids("task"), "place_id": ids("place"), "asset_id": ids("asset"),
        "state": Filter(choice(ProblemState), "state"), "severity": Filter(choice(Severity), "severity"),
        "number": Filter(text(40), "number"),
    },
    sorts={"reported_at": "reported_at", "number": "number"},
    search=("number", "text"),
)  # fmt: skip

PROBLEMS.expose(router)
on_problems = Acts(router, PROBLEMS, [DO_TASKS])


def report(*, by: User, text: str, severity: str = Severity.MINOR, place: Any = None, asset: Any = None) -> Problem:
    """Enter a problem seen in passing at a place or on a device, without a task."""
    if (place is None) == (asset is None):
        raise Invalid(fields={"place_id": _("Name a place or a device, one of them.")})
    return report_problem(place or asset, found=Found(text, severity), by=by)


on_problems.add(
    report,
    {
        "place": maybe(ref(PLACES, empty=True)), "asset": maybe(ref(ASSETS, empty=True)),
        "text": column(Problem, "text"), "severity": maybe(choice(Severity)),
    },
)  # fmt: skip


def stepping(transition: Transition) -> Step:
    """A step of the problem's flow as an operation."""

    def step(problem: Problem, *, by: User, **given: str) -> Problem:
        return move_problem(problem, step=transition.name, by=by, **given)

    step.__doc__ = f"Take the step `{transition.name}` of the problem's flow."
    return step, {name: column(Problem, name) for name in transition.needs}


steps(on_problems, PROBLEM_FLOW, {transition.name: stepping(transition) for transition in PROBLEM_FLOW.transitions})
