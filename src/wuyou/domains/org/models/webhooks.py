"""Addresses of other systems that hear of events, and every attempt to tell them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wuyou.kernel.privacy import EncryptedText

from .people import Node


class WebhookEndpoint(models.Model):
    """An address that is told of events below a node; bodies are signed with its secret."""

    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="webhooks")
    url = models.URLField(_("address"), max_length=300)
    events = models.JSONField(_("events"), default=list)
    secret = EncryptedText(_("secret"))
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)


class WebhookDelivery(models.Model):
    """One event for one endpoint: what was sent, how often, what came back."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    event = models.CharField(max_length=60)
    body = models.TextField()
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["endpoint", "-id"], name="delivery_endpoint")]
