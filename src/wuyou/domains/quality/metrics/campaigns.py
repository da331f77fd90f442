"""Figures of campaigns (spec 12)."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.metrics import Metric, register

COVERAGE = register(
    Metric(
        code="quality.coverage",
        name=_("Inspection coverage"),
        unit="%",
        direction="up",
        formula=_("projects inspected at a level in its cycle ÷ projects in service in that cycle"),
        source="quality.Inspection",
        grain="node × level × cycle",
        owner="region",
    )
)
RESULTS_IN_TIME = register(
    Metric(
        code="quality.results_in_time",
        name=_("Results delivered in time"),
        unit="%",
        direction="up",
        formula=_("campaigns published by the time their results were due ÷ campaigns with such a time"),
        source="quality.Campaign",
        grain="node × month",
        owner="region",
    )
)
