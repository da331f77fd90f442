"""Lives of a scheme's version, an appraised month, what follows from it, a statement, a target letter (spec 06)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wuyou.kernel.flows import Flow, Transition, register

from .choices import ConsequenceState, LetterState, PeriodState, StatementState, VersionState

EDIT_SCHEMES = "appraisal.edit_schemes"
ISSUE_SCHEMES = "appraisal.issue_schemes"
APPRAISE = "appraisal.appraise"
APPRAISE_PEOPLE = "appraisal.appraise_people"
APPROVE = "appraisal.approve_consequences"
MANAGE_TARGETS = "appraisal.manage_targets"

SCHEME_FLOW = register(
    Flow(
        "appraisal_scheme",
        _("Version of an appraisal scheme"),
        VersionState.DRAFT,
        dict(VersionState.choices),
        (
            Transition("submit", (VersionState.DRAFT,), VersionState.REVIEW, _("Send for review"), EDIT_SCHEMES),
            Transition("return", (VersionState.REVIEW,), VersionState.DRAFT, _("Send back"), ISSUE_SCHEMES),
            Transition(
                "issue", (VersionState.REVIEW,), VersionState.ISSUED, _("Issue this version"), ISSUE_SCHEMES,
                needs=("issued_on",), tone="success",
            ),
            Transition(
                "withdraw", (VersionState.ISSUED,), VersionState.WITHDRAWN, _("Withdraw this version"), ISSUE_SCHEMES,
                needs=("withdrawn_on",), tone="danger",
            ),
        ),
    )
)  # fmt: skip

PERIOD_FLOW = register(
    Flow(
        "appraisal_period",
        _("Appraised month"),
        PeriodState.OPEN,
        dict(PeriodState.choices),
        (
            Transition(
                "compute", (PeriodState.OPEN, PeriodState.COMPUTED), PeriodState.COMPUTED, _("Compute"), APPRAISE
            ),
            Transition(
                "disclose", (PeriodState.COMPUTED,), PeriodState.DISCLOSED, _("Make known to the party"), APPRAISE,
                needs=("disclosed_at", "appeal_until"), tone="primary",
            ),
            Transition(
                "publish", (PeriodState.DISCLOSED,), PeriodState.PUBLISHED, _("Publish"), APPRAISE,
                needs=("published_at",), tone="success",
            ),
            Transition(
                "close", (PeriodState.PUBLISHED,), PeriodState.FINAL, pgettext_lazy("appraisal", "Close"), APPRAISE,
                needs=("closed_at",),
            ),
        ),
    )
)  # fmt: skip

CONSEQUENCE_FLOW = register(
    Flow(
        "appraisal_consequence",
        _("Consequence of an appraisal"),
        ConsequenceState.PROPOSED,
        dict(ConsequenceState.choices),
        (
            Transition(
                "approve", (ConsequenceState.PROPOSED,), ConsequenceState.APPROVED, _("Approve"), APPROVE,
                needs=("decided_at",), tone="success",
            ),
            Transition(
                "decline", (ConsequenceState.PROPOSED,), ConsequenceState.DECLINED, _("Decline"), APPROVE,
                needs=("decided_at", "decision_note"), tone="danger",
            ),
            Transition(
                "reverse",
                (ConsequenceState.PROPOSED, ConsequenceState.APPROVED, ConsequenceState.DECLINED),
                ConsequenceState.REVERSED,
                _("Reverse"),
                APPROVE,
                needs=("reversed_because", "reversed_at"),
                tone="warning",
            ),
        ),
    )
)  # fmt: skip

STATEMENT_FLOW = register(
    Flow(
        "appraisal_statement",
        _("Statement for the client"),
        StatementState.DRAFT,
        dict(StatementState.choices),
        (
            Transition(
                "issue", (StatementState.DRAFT,), StatementState.ISSUED, _("Issue"), APPROVE,
                needs=("issued_at",), tone="success",
            ),
        ),
    )
)  # fmt: skip

LETTER_FLOW = register(
    Flow(
        "target_letter",
        _("Target letter"),
        LetterState.DRAFT,
        dict(LetterState.choices),
        (
            Transition(
                "issue", (LetterState.DRAFT,), LetterState.ISSUED, _("Issue"), MANAGE_TARGETS,
                needs=("issued_on",), tone="success",
            ),
            Transition(
                "close", (LetterState.ISSUED,), LetterState.CLOSED, pgettext_lazy("appraisal", "Close"), MANAGE_TARGETS
            ),
        ),
    )
)  # fmt: skip
