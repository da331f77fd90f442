"""A small estate to load strange workbooks into."""

from domains.registry.conftest import estate, project  # noqa: F401 — fixtures
