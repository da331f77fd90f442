"""Reads of notifications."""

from datetime import time

from django.db.models import QuerySet

from .models import Notification, OutboxMessage, Preference, QuietHours


def notifications_of(user_id: int) -> QuerySet[Notification]:
    """A user's notifications, newest first."""
    return Notification.objects.filter(user_id=user_id)


def unread_count(user_id: int) -> int:
    """How many a user has not read: the bell."""
    return Notification.objects.filter(user_id=user_id, read_at__isnull=True).count()


def outbox() -> QuerySet[OutboxMessage]:
    """Everything that went out, waits, failed or would have gone out, newest first."""
    return OutboxMessage.objects.all()


def preferences_of(user_id: int) -> dict[tuple[str, str], bool]:
    """A user's choices: (event or "*", channel) → on or off."""
    rows = Preference.objects.filter(user_id=user_id).values_list("event", "channel", "is_on")
    return {(event, channel): is_on for event, channel, is_on in rows}


def quiet_hours_of(user_id: int) -> tuple[time, time] | None:
    """From and to, or none."""
    row = QuietHours.objects.filter(user_id=user_id).first()
    return (row.starts, row.ends) if row else None
