"""States and transitions of an appeal (spec 05)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuyou.domains.quality.choices import AppealState
from wuyou.domains.quality.policies.rights import DECIDE_APPEALS, FILE_APPEALS
from wuyou.kernel import flows
from wuyou.kernel.flows import Flow, Transition

CLOCK = "decide"

APPEAL_FLOW = flows.register(
    Flow(
        name="appeal",
        label=_("Appeal"),
        initial=AppealState.FILED,
        states=dict(AppealState.choices),
        transitions=(
            Transition(
                "decide",
                (AppealState.FILED,),
                AppealState.DECIDED,
                _("Decide"),
                DECIDE_APPEALS,
                needs=("outcome", "reasons"),
                stops=(CLOCK,),
                notifies=("quality.appeal_decided",),
                tone="primary",
            ),
            Transition(
                "climb",
                (AppealState.FILED,),
                AppealState.FILED,
                _("No answer in time"),
                DECIDE_APPEALS,
                starts=(CLOCK,),
                stops=(CLOCK,),
                notifies=("quality.appeal_climbed", "quality.appeal_stuck"),
            ),
            Transition(
                "further",
                (AppealState.DECIDED,),
                AppealState.FILED,
                _("Take it a step further"),
                FILE_APPEALS,
                starts=(CLOCK,),
                notifies=("quality.appeal_waits",),
                tone="primary",
            ),
            Transition(
                "withdraw",
                (AppealState.FILED,),
                AppealState.WITHDRAWN,
                pgettext_lazy("appeal", "Withdraw"),
                FILE_APPEALS,
                stops=(CLOCK,),
                tone="danger",
            ),
        ),
    )
)
