"""Work: bindings, plans, tasks and their proof, problems, ledgers, compliance."""

from ninja import Router

router = Router()

from . import bindings, compliance, day, ledgers, plans, problems, proof, reading, tasks  # noqa: E402, F401 — each adds its operations to the router
