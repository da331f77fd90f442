"""What people are told, what goes out to them, and how they want it (spec 02: Notifications)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from .choices import Channel, State


class Notification(models.Model):
    """One message to one user within the product, in every language."""

    user_id = models.BigIntegerField()
    event = models.CharField(_("event"), max_length=80)
    texts = models.JSONField()  # language → [title, body]
    url = models.CharField(max_length=300, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    dedupe = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(_("read"), null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user_id", "-id"]),
            models.Index(fields=["user_id"], condition=Q(read_at__isnull=True), name="notification_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "event", "dedupe"], condition=~Q(dedupe=""), name="notification_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def _text(self, position: int) -> str:
        words = self.texts.get(translation.get_language()) or self.texts[settings.LANGUAGE_CODE]
        return str(words[position])

    @property
    def title(self) -> str:
        """The title in the language active now."""
        return self._text(0)

    @property
    def body(self) -> str:
        """The body in the language active now."""
        return self._text(1)


class OutboxMessage(models.Model):
    """One message on its way out of the product; stays as a record of what went out or would have."""

    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    user_id = models.BigIntegerField()
    to = models.CharField(_("to"), max_length=200)
    event = models.CharField(_("event"), max_length=80)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"), blank=True)
    url = models.CharField(max_length=400, blank=True)
    dedupe = models.CharField(max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.IntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"))
    error = models.CharField(_("last error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("when"))
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state__in=["queued", "sending"]), name="outbox_waiting")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "user_id", "event", "dedupe"], condition=~Q(dedupe=""), name="outbox_once"
            )
        ]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """Whether a user wants an event ("*" for every event) by a channel."""

    user_id = models.BigIntegerField()
    event = models.CharField(max_length=80)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    is_on = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "event", "channel"], name="preference_once")]


class QuietHours(models.Model):
    """When a user wants nothing but urgent messages from outside the app; Shanghai time, may run over midnight."""

    user_id = models.BigIntegerField(unique=True)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
