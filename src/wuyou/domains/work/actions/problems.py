"""Problems found at work: reported with a number at once, acknowledged, resolved, closed, under clocks (spec 03)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.actions import announce
from wuyou.domains.org.models import Project, User
from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.models import Place
from wuyou.domains.work import events, policies
from wuyou.domains.work.choices import Severity
from wuyou.domains.work.flows.tasks import PROBLEM_FLOW
from wuyou.domains.work.models import Problem, Task
from wuyou.kernel import clock, flows, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.clocks.actions import start_clock, stop_clock
from wuyou.kernel.clocks.queries import open_clock
from wuyou.kernel.errors import Invalid
from wuyou.kernel.numbering import next_number
from wuyou.kernel.transactions import action

NUMBER_PREFIX = "WT"  # 问题
# target, on which hours: how soon somebody must look, and how soon it must be solved
TARGETS: Mapping[str, Mapping[str, tuple[dt.timedelta, str]]] = MappingProxyType({
    "acknowledge": {
        Severity.CRITICAL: (dt.timedelta(minutes=30), "wall"),
        Severity.MAJOR: (dt.timedelta(hours=4), "service"),
        Severity.MINOR: (dt.timedelta(hours=10), "service"),
    },
    "resolve": {
        Severity.CRITICAL: (dt.timedelta(hours=24), "wall"),
        Severity.MAJOR: (dt.timedelta(hours=30), "service"),
        Severity.MINOR: (dt.timedelta(hours=70), "service"),
    },
})  # fmt: skip
LADDER = (
    ("department_lead", dt.timedelta(0)),
    ("project_manager", dt.timedelta(hours=2)),
    ("city", dt.timedelta(hours=24)),
    ("region", dt.timedelta(hours=72)),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody saw: in words, and how grave."""

    text: str
    severity: str = Severity.MINOR


@action
def open_problem(task: Task, *, found: Found, by: Actor) -> Problem:
    """Enter a problem seen while doing a task; its number is known at once (spec 03: on the spot)."""
    policies.check_do(by, task)
    return enter_problem(project=task.project, place=task.place, asset=task.asset, task=task, found=found, by=by)


def enter_problem(
    *, project: Project, place: Place | None, asset: Asset | None, found: Found, by: Actor, task: Task | None = None
) -> Problem:
    """Write a problem, start its clock, tell those who listen; the caller has checked that `by` may."""
    fields: dict[str, object] = {}
    if not found.text.strip():
        fields["text"] = _("Say what is wrong.")
    if found.severity not in Severity.values:
        fields["severity"] = _("Unknown severity.")
    if fields:
        raise Invalid(fields=fields)
    problem = Problem.objects.create(
        project=project,
        number=next_number(NUMBER_PREFIX, project.code, clock.today()),
        task=task,
        place=place,
        asset=asset,
        text=found.text.strip(),
        severity=found.severity,
        reported_by=by if isinstance(by, User) else None,
        reported_at=clock.now(),
    )
    _start("acknowledge", problem, by=by)
    _told("work.problem_reported", problem, by=by, severity=problem.severity)
    events.problem_reported.send(Problem, problem_id=problem.pk)
    payload = {"number": problem.number, "severity": problem.severity, "text": problem.text}
    announce("problem.reported", project=problem.project, payload=payload)
    return problem


@action
def move_problem(problem: Problem, *, step: str, by: Actor, remedy: str = "") -> Problem:
    """Take a problem along its flow by `step` (acknowledge, resolve, reopen, close); clocks follow the table."""
    transition = PROBLEM_FLOW.transition(step)
    policies.check_problem(by, problem, transition.permission)
    flows.claim(problem, PROBLEM_FLOW, step, **({"remedy": remedy.strip()} if step == "resolve" else {}))
    for kind in transition.stops:
        running = open_clock("problem", problem.pk, kind)
        if running is not None:
            stop_clock(running, by=by)
    for kind in transition.starts:
        _start(kind, problem, by=by)
    _told(f"work.problem_{step}", problem, by=by)
    events.problem_moved.send(Problem, problem_id=problem.pk)
    return problem


def _case(problem: Problem) -> tuple[str, int, str]:
    return ("problem", problem.pk, problem.number)


def _start(kind: str, problem: Problem, *, by: Actor) -> None:
    target, hours = TARGETS[kind][problem.severity]
    start_clock(
        kind,
        case=_case(problem),
        project_id=problem.project_id,
        target=target,
        hours=hours,
        service_hours=problem.project.service_hours,
        ladder=LADDER,
        by=by,
    )


def _told(verb: str, problem: Problem, *, by: Actor, **data: object) -> None:
    journal.record(verb, chain=chain_of(problem.project), by=by, subject=_case(problem), data=data)
