from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate

from . import guard


class JournalConfig(AppConfig):
    """The journal's application."""

    name = "wuyou.kernel.journal"
    label = "journal"

    def ready(self) -> None:
        """Guard the tables again after every migrate."""
        post_migrate.connect(_guard, sender=self)


def _guard(*, using: str, **_kwargs: Any) -> None:
    db = connections[using]
    if "journal_seal" in db.introspection.table_names():
        guard.install(db)
