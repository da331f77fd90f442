from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class RegistryConfig(AppConfig):
    name = "wuyou.domains.registry"
    label = "registry"

    def ready(self) -> None:
        """Declare permissions, imports, jobs and metrics; every migrate brings the shipped kinds of licence."""
        for module in ("policies", "importers", "tasks", "metrics"):
            import_module(f"{self.name}.{module}")
        post_migrate.connect(load_shipped, sender=self, dispatch_uid="registry.shipped")


def load_shipped(using: str, **_given: Any) -> None:
    """Load the shipped kinds of licence once their table is there."""
    if using == "default" and "registry_qualificationkind" in connections[using].introspection.table_names():
        import_module("wuyou.domains.registry.actions").load_qualification_kinds()
