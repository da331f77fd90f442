from django.apps import AppConfig


class AppraisalConfig(AppConfig):
    name = "wuyou.domains.appraisal"
    label = "appraisal"

    def ready(self) -> None:
        """Declare permissions, flows, metrics, notices, jobs and what may be appealed against; listen below."""
        from . import flows, metrics, notices, policies, receivers, tasks  # noqa: F401, PLC0415
        from .queries import subjects  # noqa: F401, PLC0415
