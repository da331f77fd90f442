from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "wuyou.domains.org"
    label = "org"

    def ready(self) -> None:
        """Declare permissions and job handlers."""
        from . import policies, tasks  # noqa: F401, PLC0415
