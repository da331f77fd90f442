"""A change of a contract: proposed, then approved or declined by the client (spec 09: the classic dispute)."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.flows import Flow, Transition, register

from .choices import ChangeState

MANAGE = "contracts.manage_contracts"

CHANGE_FLOW = register(
    Flow(
        "contract_change",
        _("Change of a contract"),
        ChangeState.PROPOSED,
        dict(ChangeState.choices),
        (
            Transition(
                "approve",
                (ChangeState.PROPOSED,),
                ChangeState.APPROVED,
                _("Record the client's approval"),
                MANAGE,
                needs=("approved_on", "reference"),
                tone="success",
            ),
            Transition(
                "decline",
                (ChangeState.PROPOSED,),
                ChangeState.DECLINED,
                _("Record that the client declined"),
                MANAGE,
                needs=("declined_why",),
                tone="danger",
            ),
        ),
    )
)
