"""The register: places, people, staff, codes."""

from ninja import Router

router = Router()

from . import people, places, privacy, staff, tags  # noqa: E402, F401 — each adds its operations to the router
