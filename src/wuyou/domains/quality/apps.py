from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "wuyou.domains.quality"
    label = "quality"

    def ready(self) -> None:
        """Declare permissions, flows and job handlers; listen to the apps below."""
        from .policies import rights  # noqa: F401, PLC0415
