"""How a campaign moves from a plan to its publication, and what becomes of each project it owes (spec 05)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import CampaignState, TargetState
from wuyou.kernel import flows
from wuyou.kernel.flows import Flow, Transition

MANAGE, PUBLISH, INSPECT = "quality.manage_campaigns", "quality.publish_campaigns", "quality.inspect"
DRAFT, OPEN, CLOSED = CampaignState.DRAFT, CampaignState.OPEN, CampaignState.CLOSED

CAMPAIGN_FLOW = flows.register(
    Flow(
        name="campaign",
        label=_("Campaign"),
        initial=DRAFT,
        states=dict(CampaignState.choices),
        transitions=(
            Transition(
                "open", (DRAFT,), OPEN, _("Begin"), MANAGE, starts=("results",),
                notifies=("quality.inspection_assigned",), tone="primary",
            ),
            Transition("close", (OPEN,), CLOSED, _("All is inspected"), MANAGE, tone="primary"),
            Transition("reopen", (CLOSED,), OPEN, _("Go on inspecting"), MANAGE),
            Transition(
                "publish", (CLOSED,), CampaignState.PUBLISHED, _("Publish the results"), PUBLISH, stops=("results",),
                notifies=("quality.campaign_published",), tone="success",
            ),
            Transition(
                "cancel", (DRAFT, OPEN, CLOSED), CampaignState.CANCELLED, _("Cancel"), MANAGE,
                needs=("cancelled_because",), stops=("results",), tone="danger",
            ),
        ),
    )
)  # fmt: skip

OWED, UNDER_WAY, INSPECTED, WAIVED = (
    TargetState.OWED, TargetState.UNDER_WAY, TargetState.INSPECTED, TargetState.WAIVED,
)  # fmt: skip
# begin, finish and give_back follow the inspections of the target: nobody presses them
TARGET_FLOW = flows.register(
    Flow(
        name="target",
        label=_("Project of a campaign"),
        initial=OWED,
        states=dict(TargetState.choices),
        transitions=(
            Transition("begin", (OWED, INSPECTED), UNDER_WAY, _("Inspection begun"), INSPECT),
            Transition("finish", (OWED, UNDER_WAY), INSPECTED, _("Inspection submitted"), INSPECT),
            Transition("give_back", (UNDER_WAY, INSPECTED), OWED, _("Inspection void"), MANAGE),
            Transition("waive", (OWED,), WAIVED, _("Waive"), MANAGE, needs=("waived_because",), tone="danger"),
            Transition("restore", (WAIVED,), OWED, _("Owe it after all"), MANAGE),
        ),
    )
)
