"""How a finding moves from being found to being closed (spec 05, Correction; ISO 9001, 10.2)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuyou.domains.quality.choices import FindingState
from wuyou.kernel import flows
from wuyou.kernel.flows import Flow, Transition

CORRECT, VERIFY = "quality.correct_findings", "quality.verify_corrections"
OPEN, CONTAINED, ANALYSED = FindingState.OPEN, FindingState.CONTAINED, FindingState.ANALYSED
ACTING, PROVED, VERIFIED = FindingState.ACTING, FindingState.PROVED, FindingState.VERIFIED
CLOSED, MERGED, VOID = FindingState.CLOSED, FindingState.MERGED, FindingState.VOID
UNCORRECTED = (OPEN, CONTAINED, ANALYSED, ACTING)

# the clock `correct` stands still while the proof waits for whoever verifies it, and goes on when it is refused
FINDING_FLOW = flows.register(
    Flow(
        name="finding",
        label=_("Finding"),
        initial=OPEN,
        states=dict(FindingState.choices),
        transitions=(
            Transition("contain", (OPEN,), CONTAINED, _("Contain"), CORRECT, needs=("containment",), tone="primary"),
            Transition(
                "clean",
                (OPEN,),
                PROVED,
                _("Put right at once"),
                CORRECT,
                needs=("proof",),
                starts=("verify",),
                notifies=("quality.proof_given",),
                tone="success",
            ),
            Transition(
                "analyse",
                (OPEN, CONTAINED),
                ANALYSED,
                _("Find the cause"),
                CORRECT,
                needs=("cause", "whys"),
                tone="primary",
            ),
            Transition(
                "act",
                (ANALYSED,),
                ACTING,
                _("Decide what to do"),
                CORRECT,
                needs=("action", "action_owner", "action_due"),
                notifies=("quality.action_given",),
                tone="primary",
            ),
            Transition(
                "prove",
                (ACTING,),
                PROVED,
                _("Prove it"),
                CORRECT,
                needs=("proof",),
                starts=("verify",),
                notifies=("quality.proof_given",),
                tone="success",
            ),
            Transition(
                "verify",
                (PROVED,),
                VERIFIED,
                pgettext_lazy("finding", "Verify"),
                VERIFY,
                stops=("verify", "correct"),
                tone="success",
            ),
            Transition(
                "refuse",
                (PROVED,),
                ACTING,
                _("Refuse the proof"),
                VERIFY,
                needs=("verify_note",),
                stops=("verify",),
                notifies=("quality.proof_refused",),
                tone="danger",
            ),
            Transition(
                "confirm", (VERIFIED,), CLOSED, _("It works"), VERIFY, needs=("effect_note",), stops=("effect",),
                tone="success",
            ),
            Transition(
                "reopen",
                (VERIFIED,),
                OPEN,
                _("It does not work"),
                VERIFY,
                needs=("effect_note",),
                starts=("correct",),
                stops=("effect",),
                notifies=("quality.finding_entered",),
                tone="danger",
            ),
            Transition("carry_on", (VERIFIED,), CLOSED, _("It came back"), VERIFY, stops=("effect",)),
            Transition("merge", UNCORRECTED, MERGED, _("Merge"), VERIFY, needs=("merged_into",), stops=("correct",)),
            Transition(
                "void",
                (*UNCORRECTED, PROVED, VERIFIED, CLOSED, MERGED),
                VOID,
                _("Declare void"),
                VERIFY,
                needs=("void_because",),
                stops=("correct", "verify", "effect"),
                tone="danger",
            ),
        ),
    )
)  # fmt: skip
