"""Mechanisms: imports, jobs, journal, notifications, search."""

from ninja import Router

router = Router()

from . import imports, jobs, journal, notices, search  # noqa: E402, F401 — each adds its operations to the router
