"""Quality: campaigns and draws, inspections, findings, appeals, improvement, statistics."""

from ninja import Router

router = Router()
