from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "wuyou.domains.work"
    label = "work"

    def ready(self) -> None:
        """Declare permissions, flows and job handlers; listen to the apps below."""
        from . import metrics, policies, receivers, tasks  # noqa: F401, PLC0415
        from .flows import plan  # noqa: F401, PLC0415
        from .flows import tasks as task_flows  # noqa: F401, PLC0415
