from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "wuyou.domains.standards"
    label = "standards"

    def ready(self) -> None:
        """Declare permissions and flows."""
        from . import flows, policies  # noqa: F401, PLC0415 — declared by being read
