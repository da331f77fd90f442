"""The life of a version (spec 03): draft → review → issued → withdrawn; a review may send it back with a reason."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.flows import Flow, Transition, register

from .choices import VersionState

EDIT = "standards.edit_standards"
ISSUE = "standards.issue_standards"

VERSION_FLOW = register(
    Flow(
        "standard_version",
        _("Version of a standard"),
        VersionState.DRAFT,
        dict(VersionState.choices),
        (
            Transition(
                "submit", (VersionState.DRAFT,), VersionState.REVIEW, _("Submit for review"), EDIT, tone="primary"
            ),
            Transition(
                "send_back", (VersionState.REVIEW,), VersionState.DRAFT, _("Send back"), ISSUE, needs=("reason",)
            ),
            Transition(
                "issue",
                (VersionState.REVIEW,),
                VersionState.ISSUED,
                _("Issue this version"),
                ISSUE,
                needs=("issued_on",),
                tone="success",
            ),
            Transition(
                "withdraw",
                (VersionState.ISSUED,),
                VersionState.WITHDRAWN,
                _("Withdraw this version"),
                ISSUE,
                needs=("reason", "withdrawn_on"),
                tone="danger",
            ),
        ),
    )
)
