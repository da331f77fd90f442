"""Figures of appraisals (spec 12)."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.metrics import Metric, register

POINTS = register(
    Metric(
        code="appraisal.points",
        name=_("Points of the appraisal"),
        unit="points",
        direction="up",
        formula=_("the month's points under its scheme, as its tree explains"),
        source="appraisal.Score",
        grain="enrolment × month",
        owner="group_quality",
    )
)
