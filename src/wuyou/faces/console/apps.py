from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "wuyou.faces.console"
    label = "console"

    def ready(self) -> None:
        """Offer the console's pages in the menu and its records in the search."""
        from .navigation import install  # noqa: PLC0415

        install()
