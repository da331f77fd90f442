from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "wuyou.domains.quality"
    label = "quality"

    def ready(self) -> None:
        """Declare permissions, flows and job handlers; listen to the apps below."""
        from .flows import appeals as appeal_flow  # noqa: F401, PLC0415
        from .flows import campaigns as campaign_flow  # noqa: F401, PLC0415
        from .flows import findings as finding_flow  # noqa: F401, PLC0415
        from .flows import improvement as improvement_flow  # noqa: F401, PLC0415
        from .flows import inspections as inspection_flow  # noqa: F401, PLC0415
        from .metrics import campaigns as campaign_figures  # noqa: F401, PLC0415
        from .metrics import findings as finding_figures  # noqa: F401, PLC0415
        from .metrics import scores as score_figures  # noqa: F401, PLC0415
        from .notices import appeals as appeal_notices  # noqa: F401, PLC0415
        from .notices import improvement as improvement_notices  # noqa: F401, PLC0415
        from .notices import inspections as inspection_notices  # noqa: F401, PLC0415
        from .policies import rights  # noqa: F401, PLC0415
        from .queries import subjects  # noqa: F401, PLC0415
        from .receivers import campaigns as campaign_receivers  # noqa: F401, PLC0415
        from .receivers import findings as finding_receivers  # noqa: F401, PLC0415
        from .tasks import appeals as appeal_tasks  # noqa: F401, PLC0415
        from .tasks import findings as finding_tasks  # noqa: F401, PLC0415
        from .tasks import improvement as improvement_tasks  # noqa: F401, PLC0415
