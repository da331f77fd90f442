from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    """The queue's application."""

    name = "wuyou.kernel.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Load every app's tasks.py, where handlers are declared."""
        autodiscover_modules("tasks")
