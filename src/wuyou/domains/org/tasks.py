"""Background entry points of the organisation."""

from wuyou.kernel import jobs

from .actions import deliver
from .models import WebhookDelivery


@jobs.handler("org.deliver_webhook", retries=8)
def deliver_webhook(delivery_id: int) -> None:
    """Send one webhook delivery."""
    deliver(WebhookDelivery.objects.select_related("endpoint").get(pk=delivery_id))
