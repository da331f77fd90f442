"""Improvement projects, their measures, proposals and lessons, and the figures they are measured by (spec 05, 12)."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, User
from wuyou.domains.org.queries import projects_visible_to
from wuyou.domains.quality.actions import improvement as actions
from wuyou.domains.quality.choices import ImprovementState, ProposalState
from wuyou.domains.quality.flows.improvement import IMPROVEMENT_FLOW, PROPOSAL_FLOW
from wuyou.domains.quality.models import Finding, Improvement, Lesson, Measure, Proposal
from wuyou.domains.quality.policies.rights import MANAGE_IMPROVEMENT, VIEW_INSPECTIONS
from wuyou.domains.quality.queries import improvement as queries
from wuyou.domains.quality.queries.figures import FIGURES, Over, measure
from wuyou.domains.quality.queries.hiding import SEES_SITE
from wuyou.domains.quality.rules.improvement import PlanSpec
from wuyou.domains.standards.policies import EDIT_STANDARDS
from wuyou.domains.work.policies import DO_TASKS
from wuyou.faces.api.operations import Acts, maybe, possible, ref, refs, steps
from wuyou.faces.api.org.tree import NODES
from wuyou.faces.api.questions import ask, ask_of
from wuyou.faces.api.registry.staff import STAFF
from wuyou.faces.api.resources import Filter, Resource, ids
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.standards.clauses import CLAUSES
from wuyou.faces.api.values import Code, Day, PathId, choice, column, decimal, one_of
from wuyou.kernel.errors import Invalid
from wuyou.ui.visitor import user_of

from . import router
from .findings import FINDINGS

RUN = [MANAGE_IMPROVEMENT]
SEE = [MANAGE_IMPROVEMENT, DO_TASKS]  # staff see what they have to do
LEARN = [SEES_SITE]
WRITE = [EDIT_STANDARDS]
JUDGE = [MANAGE_IMPROVEMENT, EDIT_STANDARDS]
MOST_DAYS = 1200

IMPROVEMENTS = Resource(
    "improvements",
    shape(
        "Improvement", Improvement,
        "id node number name problem metric target before_from before_to after_from after_to owner ends_on state"
        " baseline result dropped_because made_at closed_at",
        steps=possible(IMPROVEMENT_FLOW),
    ),
    lambda user: queries.improvements_visible_to(user).select_related("node", "owner").order_by("-pk"),
    view=SEE,
    filters={
        "node_id": ids("node"), "owner_id": ids("owner"), "finding_id": ids("findings"),
        "state": Filter(choice(ImprovementState), "state"), "metric": Filter(Code, "metric"),
        "number": Filter(Code, "number"),
    },
    sorts={"ends_on": "ends_on", "number": "number"},
    search=("number", "name", "problem"),
)  # fmt: skip
MEASURES = Resource(
    "measures",
    shape("Measure", Measure, "id improvement text owner due_on done_on note", owner_name=(str | None, "owner.name")),
    queries.measures_visible_to,
    view=SEE,
    filters={
        "improvement_id": ids("improvement"), "owner_id": ids("owner"),
        "is_done": Filter(bool, lambda rows, value: rows.filter(done_on__isnull=not value)),
    },
    sorts={"due_on": "due_on"},
)  # fmt: skip
PROPOSALS = Resource(
    "standard-proposals",
    shape(
        "StandardProposal", Proposal, "id improvement clause text state decided_by decided_at note version",
        clause_code="clause.code", steps=possible(PROPOSAL_FLOW),
    ),
    lambda user: queries.proposals_visible_to(user).order_by("-pk"),
    view=JUDGE,
    filters={
        "improvement_id": ids("improvement"), "clause_id": ids("clause"),
        "state": Filter(choice(ProposalState), "state"),
    },
)  # fmt: skip
LESSONS = Resource(
    "lessons",
    shape("Lesson", Lesson, "id node improvement title text keywords made_by made_at"),
    queries.lessons_visible_to,
    view=LEARN,
    filters={"node_id": ids("node"), "improvement_id": ids("improvement")},
    sorts={"made_at": "made_at"},
    search=("title", "text", "keywords"),
)  # fmt: skip
for resource in (IMPROVEMENTS, MEASURES, PROPOSALS, LESSONS):
    resource.expose(router)
on_improvements = Acts(router, IMPROVEMENTS, RUN)

PLAN = {
    "name": column(Improvement, "name"), "problem": column(Improvement, "problem"), "metric": one_of(list(FIGURES)),
    "target": decimal(8, 4, signed=True), "before_from": Day, "before_to": Day, "ends_on": Day,
}  # fmt: skip


def plan(*, by: User, node: Node, findings: Sequence[Finding] = (), **given: Any) -> Improvement:
    """Plan an improvement project at a node; who plans it owns it."""
    return actions.plan_improvement(node=node, spec=PlanSpec(**given), findings=findings, by=by)


def replan(
    improvement: Improvement, *, by: User, findings: Sequence[Finding] | None = None, **given: Any
) -> Improvement:
    """Change what is planned, before the work begins; what is left out stays."""
    kept = {name: getattr(improvement, name) for name in PlanSpec.__dataclass_fields__}
    return actions.change_plan(improvement, spec=PlanSpec(**(kept | given)), findings=findings, by=by)


def drop(improvement: Improvement, *, by: User, dropped_because: str) -> Improvement:
    """Give a project up, saying why."""
    return actions.drop(improvement, reason=dropped_because, by=by)


on_improvements.add(plan, {"node": ref(NODES), **PLAN, "findings": maybe(refs(FINDINGS))})
on_improvements.patch(replan, {**{name: maybe(kind) for name, kind in PLAN.items()}, "findings": maybe(refs(FINDINGS))})
steps(on_improvements, IMPROVEMENT_FLOW, {
    "start": (actions.start, {}),
    "check": (actions.check, {"after_from": Day, "after_to": Day}),
    "adjust": (actions.adjust, {}),
    "standardise": (actions.standardise, {}),
    "close": (actions.close, {}),
    "drop": (drop, {"dropped_because": column(Improvement, "dropped_because")}),
})  # fmt: skip
on_improvements.post(
    "measures", actions.add_measure,
    {"text": column(Measure, "text"), "due_on": Day, "owner": maybe(ref(STAFF, empty=True))}, answer=MEASURES.shape,
)  # fmt: skip
on_improvements.post(
    "propose", actions.propose_change, {"clause": ref(CLAUSES), "text": column(Proposal, "text")},
    answer=PROPOSALS.shape,
)  # fmt: skip
Acts(router, MEASURES, SEE).post("finish", actions.finish_measure, {"note": column(Measure, "note")})


def deciding(*, accept: bool) -> Callable[..., Proposal]:
    """Accepting or declining as an operation."""

    def decide(proposal: Proposal, *, by: User, note: str = "") -> Proposal:
        return actions.decide_proposal(proposal, accept=accept, note=note, by=by)

    decide.__doc__ = (
        "Accept a proposal: the clause is changed in a draft of the standard."
        if accept
        else "Decline a proposal, saying why."
    )
    return decide


NOTE = column(Proposal, "note")
steps(Acts(router, PROPOSALS, WRITE), PROPOSAL_FLOW, {
    "accept": (deciding(accept=True), {"note": maybe(NOTE)}),
    "decline": (deciding(accept=False), {"note": NOTE}),
})  # fmt: skip

TEXTS = {
    "title": column(Lesson, "title"),
    "text": column(Lesson, "text"),
    "keywords": maybe(column(Lesson, "keywords")),
}


def learn(*, by: User, node: Node, improvement: Improvement | None = None, **given: str) -> Lesson:
    """Write down what was learnt, by a project or without one."""
    return actions.write_lesson(node=node, improvement=improvement, by=by, **given)


on_lessons = Acts(router, LESSONS, RUN)
on_lessons.add(learn, {"node": ref(NODES), "improvement": maybe(ref(IMPROVEMENTS, empty=True)), **TEXTS})
on_lessons.patch(actions.change_lesson, TEXTS)

OBSERVED = shape(
    "Observed", None, "", kind="kind", count=(int, "count"), size=(int, "size"), number=(int, "number"),
    value=(Decimal | None, "value"),
)  # fmt: skip
MONTH = shape(
    "ObservedMonth", None, "", month=(dt.date, lambda pair: pair[0]),
    observed=(OBSERVED.model, lambda pair: OBSERVED.of(pair[1])),
)  # fmt: skip


def trend(improvement: Improvement, request: HttpRequest, given: Any) -> list[dict[str, Any]]:
    """The project's figure month by month: shares as counts, means with the number of values."""
    return MONTH.all(queries.trend_of(improvement))


ask_of(router, IMPROVEMENTS, "trend", trend, list[MONTH.model], SEE)  # type: ignore[name-defined]


def figure(request: HttpRequest, given: Any) -> dict[str, Any]:
    """A figure of the registry over one project or all that are visible, on some days (both inclusive)."""
    if not 0 <= (given.last - given.first).days < MOST_DAYS:
        raise Invalid(fields={"last": _("The last day is not before the first, and at most 1200 days after it.")})
    projects = projects_visible_to(user_of(request), VIEW_INSPECTIONS)
    if given.project_id is not None:
        projects = projects.filter(pk=given.project_id)
    return OBSERVED.of(
        measure(given.metric, Over(list(projects.values_list("pk", flat=True)), given.first, given.last))
    )


ask(
    router, "/quality/figures", "quality_figure", figure, OBSERVED.model, [VIEW_INSPECTIONS],
    metric=one_of(list(FIGURES)), first=Day, last=Day, project_id=(PathId | None, None),
)  # fmt: skip
