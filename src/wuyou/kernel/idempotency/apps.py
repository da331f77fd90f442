from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    """The application of idempotency keys."""

    name = "wuyou.kernel.idempotency"
    label = "idempotency"
