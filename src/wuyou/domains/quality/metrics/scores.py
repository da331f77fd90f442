"""Figures of inspections: what they scored, and how much of what was looked at passed (spec 12)."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.metrics import Metric, register

GRAIN = "project × inspection"

PASS_RATE = register(
    Metric(
        code="quality.inspection_pass_rate",
        name=_("Inspected items that passed"),
        unit="%",
        direction="up",
        formula=_("items without a finding that stands ÷ items that could fail and applied, of published inspections"),
        source="quality.InspectionAnswer, quality.Finding",
        grain=GRAIN,
        owner="project_manager",
    )
)
MEAN_SCORE = register(
    Metric(
        code="quality.inspection_score",
        name=_("Mean inspection score"),
        unit="points",
        direction="up",
        formula=_("mean of the scores in force of published inspections"),
        source="quality.Inspection",
        grain=GRAIN,
        owner="project_manager",
    )
)
