"""Standards: the library, its versions, clauses × grades, subjects."""

from ninja import Router

router = Router()

from . import clauses, library  # noqa: E402, F401 — each adds its operations to the router
