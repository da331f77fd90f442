"""The way of a draw: committed → drawn → seed published; before it is published it may be abandoned, visibly."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel import flows
from wuyou.kernel.flows import Flow, Transition

from .choices import State

PERMISSION = "draws.conduct"  # whoever owns the case says who may

DRAW = flows.register(
    Flow(
        "draw",
        _("Draw"),
        State.COMMITTED,
        dict(State.choices),
        (
            Transition("draw", (State.COMMITTED,), State.DRAWN, _("Draw"), PERMISSION, tone="primary"),
            Transition("reveal", (State.DRAWN,), State.REVEALED, _("Publish the seed"), PERMISSION, tone="success"),
            Transition(
                "abandon",
                (State.COMMITTED, State.DRAWN),
                State.ABANDONED,
                _("Abandon"),
                PERMISSION,
                needs=("abandoned_because",),
                tone="danger",
            ),
        ),
    )
)
