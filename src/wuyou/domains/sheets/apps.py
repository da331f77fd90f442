from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "wuyou.domains.sheets"
    label = "sheets"

    def ready(self) -> None:
        """Declare permissions and flows."""
        from . import flows, policies  # noqa: F401, PLC0415 — declared by being read
