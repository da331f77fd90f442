"""Quality: campaigns and draws, inspections, findings, appeals, improvement, statistics."""

from ninja import Router

router = Router()

from . import appeals, campaigns, draws, finding_figures, findings, improvement, inspections, meeting, statistics  # noqa: E402, F401 — each adds its operations to the router
