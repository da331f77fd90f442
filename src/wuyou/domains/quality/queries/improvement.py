"""Improvement projects somebody may see, their figures, proposals to decide and lessons to be found (spec 05)."""

import datetime as dt
from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.org.queries import chain_of, held_by, nodes_visible_to
from wuyou.domains.quality.choices import ImprovementState, ProposalState
from wuyou.domains.quality.models import Finding, Improvement, Lesson, Measure, Proposal
from wuyou.domains.quality.policies.rights import MANAGE_IMPROVEMENT
from wuyou.domains.quality.rules.improvement import Observed
from wuyou.domains.registry.models import Staff
from wuyou.domains.standards.models import Clause, Standard
from wuyou.domains.standards.policies import EDIT_STANDARDS
from wuyou.domains.standards.queries import along_branch, clauses_visible_to
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor, System

from .figures import Over, measure, monthly
from .findings import findings_visible_to
from .hiding import SEES_SITE

OPEN = (ImprovementState.PLAN, ImprovementState.DO, ImprovementState.CHECK, ImprovementState.ACT)
TREND_MONTHS = 12


def improvements_visible_to(user: Actor) -> QuerySet[Improvement]:
    """Improvement projects where the user runs such, those they own, and those they have a measure to do in."""
    if isinstance(user, System):
        return Improvement.objects.all()
    seen = Q(node__in=nodes_visible_to(user, MANAGE_IMPROVEMENT))
    if isinstance(user, User):
        mine = Measure.objects.filter(owner__user=user).values("improvement")
        seen |= Q(owner=user) | Q(pk__in=mine)
    return Improvement.objects.filter(seen)


def improvements_for_list(user: Actor) -> QuerySet[Improvement]:
    """Visible projects with what a list shows of them, the newest first."""
    rows = improvements_visible_to(user).select_related("node", "owner")
    return rows.prefetch_related("measures").order_by("-pk")


def measures_of(improvement: Improvement) -> QuerySet[Measure]:
    """The measures of a project, the first due first."""
    return improvement.measures.select_related("owner", "improvement__node").order_by("due_on", "pk")


def measures_visible_to(user: Actor) -> QuerySet[Measure]:
    """Measures of visible projects."""
    rows = Measure.objects.filter(improvement__in=improvements_visible_to(user))
    return rows.select_related("owner", "improvement__node").order_by("due_on", "pk")


def measures_waiting_for(user: User) -> QuerySet[Measure]:
    """Measures this person has to do that are not done, of projects being worked on, the first due first."""
    rows = Measure.objects.filter(owner__user=user, done_on__isnull=True, improvement__state__in=OPEN)
    return rows.select_related("improvement").order_by("due_on", "pk")


def measures_due(day: dt.date) -> QuerySet[Measure]:
    """Measures that are due by a day and not done, of projects that are being worked on."""
    rows = Measure.objects.filter(done_on__isnull=True, due_on__lte=day, improvement__state__in=OPEN)
    return rows.select_related("owner", "improvement").order_by("due_on", "pk")


def proposals_visible_to(user: Actor) -> QuerySet[Proposal]:
    """Proposals of visible projects, and those to change a standard the user writes."""
    written = Standard.objects.filter(along_branch(user, EDIT_STANDARDS)).values("pk")
    seen = Q(improvement__in=improvements_visible_to(user)) | Q(clause__version__standard__in=written)
    rows = Proposal.objects.filter(seen)
    return rows.select_related(
        "improvement__node", "clause__version__standard__node", "version__standard", "decided_by"
    )


def proposals_to_decide(user: Actor) -> QuerySet[Proposal]:
    """Proposals that wait for whoever writes the standard, the oldest first."""
    return proposals_visible_to(user).filter(state=ProposalState.PROPOSED).order_by("pk")


def proposals_of(improvement: Improvement) -> QuerySet[Proposal]:
    """The proposals of a project, oldest first. The caller has checked that the project is visible."""
    rows = improvement.proposals.select_related("clause__version__standard__node", "version__standard", "decided_by")
    return rows.order_by("pk")


def findings_shown_of(improvement: Improvement, user: Actor) -> list[Finding]:
    """The findings a project is about that the user may see."""
    visible = findings_visible_to(user).filter(improvements=improvement)
    return list(visible.select_related("project").order_by("pk"))


def lessons_visible_to(user: Actor) -> QuerySet[Lesson]:
    """What was learnt anywhere in the company: for all who work in it and see a site's work, to be found again."""
    rows = Lesson.objects.select_related("node", "improvement", "made_by").order_by("-pk")
    if isinstance(user, System):
        return rows
    held = held_by(user) if isinstance(user, User) else []
    roots = {one.path[: Node.steplen] for one in held if SEES_SITE in one.permissions}
    return rows.filter(reduce(or_, (Q(node__path__startswith=root) for root in sorted(roots)), Q(pk__in=[])))


def nodes_to_improve(user: Actor) -> QuerySet[Node]:
    """Nodes at which the user may run an improvement project."""
    return nodes_visible_to(user, MANAGE_IMPROVEMENT).order_by("path")


def owners_at(node: Node) -> QuerySet[User]:
    """Who can own a project at a node: active users with a role at, above or below it."""
    above = [node.path[:end] for end in range(Node.steplen, len(node.path) + 1, Node.steplen)]
    here = Q(assignments__node__path__in=above) | Q(assignments__node__path__startswith=node.path)
    return User.objects.filter(here, is_active=True, assignments__revoked_at__isnull=True).distinct().order_by("pk")


def staff_at(node: Node) -> QuerySet[Staff]:
    """Who can have a measure to do: staff of the projects below a node."""
    rows = Staff.objects.filter(project__node__path__startswith=node.path, left_on__isnull=True)
    return rows.select_related("project").order_by("project__code", "number")


def findings_to_improve(user: Actor, node: Node) -> QuerySet[Finding]:
    """Visible findings below a node that a project may be about, the newest first."""
    rows = findings_visible_to(user).filter(project__node__path__startswith=node.path)
    return rows.exclude(state__in=("void", "merged")).select_related("project").order_by("-pk")


def clauses_to_change(user: Actor) -> QuerySet[Clause]:
    """Clauses a proposal may be about: those of issued versions the user may read."""
    return clauses_visible_to(user).filter(version__state="issued")


def projects_below(node: Node) -> list[int]:
    """Ids of the projects an improvement at a node is measured over."""
    return list(Project.objects.filter(node__path__startswith=node.path).values_list("pk", flat=True))


def baseline_of(improvement: Improvement) -> Observed:
    """The metric over the baseline period, as the records say today."""
    over = Over(projects_below(improvement.node), improvement.before_from, improvement.before_to)
    return measure(improvement.metric, over)


def trend_of(improvement: Improvement, *, months: int = TREND_MONTHS) -> Sequence[tuple[dt.date, Observed]]:
    """The metric month by month up to now, or to the end of what was checked."""
    last = improvement.after_to or clock.today()
    return monthly(improvement.metric, projects=projects_below(improvement.node), last=last, months=months)


def chain_at(node: Node) -> str:
    """The journal chain of an act at a node: the project's own at a project, else the organisation root's."""
    project = Project.objects.filter(node=node).first()
    return chain_of(project or node)
