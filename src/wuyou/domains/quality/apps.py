from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "wuyou.domains.quality"
    label = "quality"

    def ready(self) -> None:
        """Declare permissions, flows and job handlers; listen to the apps below."""
        from .flows import appeals as appeal_flow  # noqa: F401, PLC0415
        from .flows import findings as finding_flow  # noqa: F401, PLC0415
        from .metrics import findings as finding_figures  # noqa: F401, PLC0415
        from .notices import appeals as appeal_notices  # noqa: F401, PLC0415
        from .policies import rights  # noqa: F401, PLC0415
        from .queries import subjects  # noqa: F401, PLC0415
        from .receivers import findings as finding_receivers  # noqa: F401, PLC0415
        from .tasks import appeals as appeal_tasks  # noqa: F401, PLC0415
        from .tasks import findings as finding_tasks  # noqa: F401, PLC0415
