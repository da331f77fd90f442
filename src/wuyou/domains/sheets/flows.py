"""The life of a version of a sheet: draft → issued → withdrawn."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.flows import Flow, Transition, register

from .choices import SheetState

EDIT = "sheets.edit_sheets"

SHEET_FLOW = register(
    Flow(
        "sheet_version",
        _("Version of a sheet"),
        SheetState.DRAFT,
        dict(SheetState.choices),
        (
            Transition(
                "issue",
                (SheetState.DRAFT,),
                SheetState.ISSUED,
                _("Issue this version"),
                EDIT,
                needs=("issued_on",),
                tone="success",
            ),
            Transition(
                "withdraw",
                (SheetState.ISSUED,),
                SheetState.WITHDRAWN,
                _("Withdraw this version"),
                EDIT,
                needs=("withdrawn_on",),
                tone="danger",
            ),
        ),
    )
)
