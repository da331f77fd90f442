"""How an inspection goes from being under way to being published; void at any time, with a reason (spec 05)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import InspectionState
from wuyou.kernel import flows
from wuyou.kernel.flows import Flow, Transition

INSPECT, PUBLISH = "quality.inspect", "quality.publish_campaigns"
UNDER_WAY, SUBMITTED, PUBLISHED = InspectionState.UNDER_WAY, InspectionState.SUBMITTED, InspectionState.PUBLISHED

INSPECTION_FLOW = flows.register(
    Flow(
        name="inspection",
        label=_("Inspection"),
        initial=UNDER_WAY,
        states=dict(InspectionState.choices),
        transitions=(
            Transition(
                "submit", (UNDER_WAY,), SUBMITTED, _("Submit"), INSPECT, needs=("submitted_at", "signed_as"),
                notifies=("quality.finding_entered",), tone="primary",
            ),
            Transition(
                "publish", (SUBMITTED,), PUBLISHED, _("Publish"), PUBLISH, needs=("published_at",),
                notifies=("quality.inspection_published",), tone="success",
            ),
            Transition(
                "void", (UNDER_WAY, SUBMITTED, PUBLISHED), InspectionState.VOID, _("Declare void"), PUBLISH,
                needs=("void_because",), notifies=("quality.inspection_voided",), tone="danger",
            ),
        ),
    )
)  # fmt: skip
