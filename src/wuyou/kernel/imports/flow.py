"""The way of an import run: uploaded → mapped → checked → applied → undone (spec 01)."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel import flows
from wuyou.kernel.flows import Flow, Transition

PERMISSION = "imports.run"  # the importer itself says who may: Importer.check_import
OPEN = ("uploaded", "mapped", "checked", "failed")

IMPORT_RUN = flows.register(
    Flow(
        "import_run",
        _("Import"),
        "uploaded",
        {
            "uploaded": _("uploaded"),
            "mapped": _("columns confirmed"),
            "checking": _("being checked"),
            "checked": _("checked"),
            "applying": _("being loaded"),
            "applied": _("loaded"),
            "undone": _("undone"),
            "failed": _("failed"),
            "cancelled": _("cancelled"),
        },
        (
            Transition("map", OPEN, "mapped", _("Confirm columns"), PERMISSION, tone="primary"),
            Transition(
                "start_check", ("mapped", "checked", "failed"), "checking", _("Check"), PERMISSION, tone="primary"
            ),
            Transition("check", ("checking",), "checked", _("Checked"), PERMISSION),
            Transition("start_apply", ("checked",), "applying", _("Load"), PERMISSION, tone="primary"),
            Transition("apply", ("applying",), "applied", _("Loaded"), PERMISSION),
            Transition("fail", ("checking", "applying"), "failed", _("Failed"), PERMISSION),
            Transition("cancel", (*OPEN, "checking", "applying"), "cancelled", _("Cancel"), PERMISSION, tone="danger"),
            Transition("undo", ("applied",), "undone", _("Undo"), PERMISSION, tone="danger"),
        ),
    )
)
