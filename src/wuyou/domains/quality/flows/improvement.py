"""States and transitions of an improvement project and of its proposals (spec 05: PDCA)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import ImprovementState, ProposalState
from wuyou.domains.quality.policies.rights import MANAGE_IMPROVEMENT
from wuyou.kernel import flows
from wuyou.kernel.flows import Flow, Transition

EDIT_STANDARDS = "standards.edit_standards"
PLAN, DO, CHECK, ACT = (
    ImprovementState.PLAN,
    ImprovementState.DO,
    ImprovementState.CHECK,
    ImprovementState.ACT,
)
OPEN = (PLAN, DO, CHECK, ACT)

IMPROVEMENT_FLOW = flows.register(
    Flow(
        name="improvement",
        label=_("Improvement project"),
        initial=PLAN,
        states=dict(ImprovementState.choices),
        transitions=(
            Transition("start", (PLAN,), DO, _("Begin the work"), MANAGE_IMPROVEMENT, tone="primary"),
            Transition(
                "check",
                (DO, CHECK),
                CHECK,
                _("Check what it brought"),
                MANAGE_IMPROVEMENT,
                needs=("after_from", "after_to"),
                tone="primary",
            ),
            Transition("adjust", (CHECK,), DO, _("Go on with other measures"), MANAGE_IMPROVEMENT),
            Transition("standardise", (CHECK,), ACT, _("Make it the standard"), MANAGE_IMPROVEMENT, tone="success"),
            Transition(
                "close", (CHECK, ACT), ImprovementState.CLOSED, _("Close it"), MANAGE_IMPROVEMENT, tone="success"
            ),
            Transition(
                "drop",
                OPEN,
                ImprovementState.DROPPED,
                _("Drop it"),
                MANAGE_IMPROVEMENT,
                needs=("dropped_because",),
                tone="danger",
            ),
        ),
    )
)
PROPOSAL_FLOW = flows.register(
    Flow(
        name="proposal",
        label=_("Proposal to change a standard"),
        initial=ProposalState.PROPOSED,
        states=dict(ProposalState.choices),
        transitions=(
            Transition(
                "accept",
                (ProposalState.PROPOSED,),
                ProposalState.ACCEPTED,
                _("Accept"),
                EDIT_STANDARDS,
                notifies=("quality.proposal_decided",),
                tone="success",
            ),
            Transition(
                "decline",
                (ProposalState.PROPOSED,),
                ProposalState.DECLINED,
                _("Decline"),
                EDIT_STANDARDS,
                needs=("note",),
                notifies=("quality.proposal_decided",),
                tone="danger",
            ),
        ),
    )
)
