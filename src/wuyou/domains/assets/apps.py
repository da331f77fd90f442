from importlib import import_module

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "wuyou.domains.assets"
    label = "assets"

    def ready(self) -> None:
        """Declare permissions, the flow, the import and metrics; let devices carry stickers."""
        for module in ("policies", "flows", "importers", "metrics"):
            import_module(f"{self.name}.{module}")
        tagging = import_module("wuyou.domains.registry.tagging")
        tagging.register_kind("asset", import_module(f"{self.name}.queries").tagged_assets)
