"""Figures of contracts."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.metrics import Metric, register

STAFFING_KEPT = register(
    Metric(
        code="contracts.staffing_kept",
        name=_("Staffing promises kept"),
        unit="%",
        direction="up",
        formula=_("jobs with as many fitting people as promised ÷ jobs promised, on the day"),
        source="contracts_staffingpromise, registry_staff, registry_qualification",
        grain="contract × day",
        owner="project_manager",
    )
)
