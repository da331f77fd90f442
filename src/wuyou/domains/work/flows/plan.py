"""How a plan moves: drafted, reviewed, published, superseded by the next (spec 03)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.work.choices import PlanState
from wuyou.kernel import flows
from wuyou.kernel.flows import Flow, Transition

EDIT, PUBLISH = "work.edit_plan", "work.publish_plan"

PLAN_FLOW = flows.register(
    Flow(
        name="plan",
        label=_("Plan"),
        initial=PlanState.DRAFT,
        states=dict(PlanState.choices),
        transitions=(
            Transition("submit", (PlanState.DRAFT,), PlanState.REVIEW, _("Submit for review"), EDIT, tone="primary"),
            Transition(
                "send_back",
                (PlanState.REVIEW,),
                PlanState.DRAFT,
                _("Send back"),
                PUBLISH,
                needs=("remark",),
                tone="warning",
            ),
            Transition(
                "publish",
                (PlanState.REVIEW,),
                PlanState.PUBLISHED,
                _("Publish"),
                PUBLISH,
                needs=("effective_from",),
                tone="success",
            ),
            Transition("discard", (PlanState.DRAFT,), PlanState.DISCARDED, _("Discard"), EDIT, tone="danger"),
            Transition("supersede", (PlanState.PUBLISHED,), PlanState.SUPERSEDED, _("Superseded"), PUBLISH),
        ),
    )
)
