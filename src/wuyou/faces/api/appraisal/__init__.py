"""Appraisal: schemes, months with their explained scores, sources, consequences, money, target letters."""

from ninja import Router

router = Router()

from . import money, months, schemes, sources, targets  # noqa: E402, F401 — each adds its operations to the router
