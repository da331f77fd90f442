"""Figures of the equipment ledger (spec 12)."""

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.metrics import Metric, register

ASSETS_IN_ORDER = register(
    Metric(
        code="assets.in_order",
        name=_("Equipment in order"),
        unit="%",
        direction="up",
        formula=_("Devices in service or on standby ÷ devices that are not scrapped"),
        source="assets.Asset",
        grain="project × day",
        owner="project_manager",
    )
)
