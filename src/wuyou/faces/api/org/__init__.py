"""The organisation: nodes, projects, users, roles, what is one's own, webhooks, comments."""

from ninja import Router

router = Router()

from . import own, people, talk, tree  # noqa: E402, F401 — each adds its operations to the router
