from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "wuyou.domains.contracts"
    label = "contracts"

    def ready(self) -> None:
        """Declare permissions, flows, metrics and jobs."""
        from . import flows, metrics, policies, tasks  # noqa: F401, PLC0415 — declared by being read
