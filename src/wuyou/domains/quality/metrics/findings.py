"""Figures of findings and their corrections (spec 05, 12)."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.metrics import Metric, register

SOURCE = "quality.Finding"
GRAIN = "project × period"

FINDING_DENSITY = register(
    Metric(
        code="quality.finding_density",
        name=_("Findings per 100 items inspected"),
        unit="count",
        direction="down",
        formula=_("weight of the findings of inspections × 100 ÷ items answered in these inspections"),
        source=f"{SOURCE}, quality.InspectionAnswer",
        grain=GRAIN,
        owner="project_manager",
    )
)
CORRECTION_IN_TIME = register(
    Metric(
        code="quality.correction_in_time",
        name=_("Corrections in time"),
        unit="%",
        direction="up",
        formula=_("findings proved by their deadline and not refused ÷ findings whose deadline was in the period"),
        source=SOURCE,
        grain=GRAIN,
        owner="project_manager",
    )
)
RECURRENCE = register(
    Metric(
        code="quality.recurrence",
        name=_("Findings that came back"),
        unit="%",
        direction="down",
        formula=_("findings that repeat an earlier one ÷ findings found"),
        source=SOURCE,
        grain=GRAIN,
        owner="project_manager",
    )
)
CLOSING_DAYS = register(
    Metric(
        code="quality.closing_days",
        name=_("Days until put right"),
        unit="d",
        direction="down",
        formula=_("days from found to proved, mean over the findings verified in the period"),
        source=SOURCE,
        grain=GRAIN,
        owner="project_manager",
    )
)
