"""The only writers of notifications: tell people, mark as read, choose channels, carry messages out (spec 02)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from wuyou.kernel import clock, jobs
from wuyou.kernel.errors import WuyouError
from wuyou.kernel.transactions import action

from . import templates
from .addresses import Address, addresses_of
from .choices import Channel, State
from .models import Notification, OutboxMessage, Preference, QuietHours
from .providers import provider_of
from .rules import LEASE, end_of_quiet, wait_before, wanted_channels
from .templates import Template

BATCH = 1_000
TAKE = 50

Texts = dict[str, list[str]]


@action
def notify(
    event: str,
    *,
    recipients: Collection[int],
    context: Mapping[str, Any],
    url: str = "",
    urgent: bool = False,
    dedupe: str | None = None,
) -> int:
    """Tell users of an event, in the app and by the channels each wants; gives the number of users reached.

    A second call with the same `dedupe` reaches nobody twice. Urgent ones ignore quiet hours and choices. Raises
    KeyError for an event not declared or a placeholder without a value.
    """
    template = templates.get(event)
    texts = templates.render(template, context)
    is_urgent = urgent or template.urgent
    people = addresses_of(set(recipients))
    plans = _plans(template, people, urgent=is_urgent)
    common = {"event": event, "dedupe": (dedupe or "")[:120], "created_at": clock.now()}
    told = [
        Notification(user_id=person.user_id, texts=texts, url=url, urgent=is_urgent, **common)
        for person, channels, _from in plans
        if Channel.IN_APP in channels
    ]
    Notification.objects.bulk_create(told, batch_size=BATCH, ignore_conflicts=True)
    messages = [message for plan in plans for message in _messages(plan, texts, url, common)]
    OutboxMessage.objects.bulk_create(messages, batch_size=BATCH, ignore_conflicts=True)
    _have_delivered(messages)
    return len(plans)


Plan = tuple[Address, list[str], datetime]


def _plans(template: Template, people: Sequence[Address], *, urgent: bool) -> list[Plan]:
    """Who is told by which channels, and from when: three queries whatever the number of people."""
    ids = [person.user_id for person in people]
    choices = _choices(ids, template.event)
    quiet = {row.user_id: row for row in QuietHours.objects.filter(user_id__in=ids)}
    offered = [Channel.IN_APP.value, *template.channels]
    now = clock.local(clock.now())
    plans = []
    for person in people:
        channels = wanted_channels(offered, template.event, choices.get(person.user_id, {}), urgent=urgent)
        hours = quiet.get(person.user_id)
        start = now if urgent or hours is None else end_of_quiet(now, starts=hours.starts, ends=hours.ends)
        plans.append((person, channels, start))
    return plans


def _choices(user_ids: Collection[int], event: str) -> dict[int, dict[tuple[str, str], bool]]:
    rows = Preference.objects.filter(user_id__in=user_ids, event__in=[event, "*"])
    found: dict[int, dict[tuple[str, str], bool]] = {}
    for row in rows:
        found.setdefault(row.user_id, {})[row.event, row.channel] = row.is_on
    return found


def _messages(plan: Plan, texts: Texts, url: str, common: Mapping[str, Any]) -> Iterator[OutboxMessage]:
    person, channels, start = plan
    title, body = texts.get(person.language) or texts[settings.LANGUAGE_CODE]
    for channel in channels:
        if person.to.get(channel):
            state = State.QUEUED if provider_of(channel) else State.SUPPRESSED
            yield OutboxMessage(
                channel=channel,
                user_id=person.user_id,
                to=person.to[channel],
                subject=title[:300],
                body=body,
                url=link_of(url),
                state=state,
                next_at=start,
                **common,
            )


def link_of(url: str) -> str:
    """The whole address for a message: of a page as it is, of a record (`kind:id`) by way of `/to/…/`."""
    if not url:
        return ""
    return f"{settings.BASE_URL}{url if url.startswith('/') else f'/to/{url}/'}"


def _have_delivered(messages: Sequence[OutboxMessage]) -> None:
    queued = [message.next_at for message in messages if message.state == State.QUEUED]
    if queued and min(queued) <= clock.now():
        jobs.enqueue("notify.deliver", key="notify.deliver")


def deliver_due() -> int:
    """Carry out what is due, one message at a time; gives the number sent. No transaction is open while sending."""
    sent = 0
    now = clock.now()
    due = OutboxMessage.objects.filter(state__in=[State.QUEUED, State.SENDING], next_at__lte=now).order_by(
        "next_at", "id"
    )
    for message in list(due[:TAKE]):
        if _claim(message, now):
            sent += _carry(message)
    return sent


def _claim(message: OutboxMessage, now: datetime) -> bool:
    """Take a message into hand; a worker that dies with it gives it back by the lease."""
    same = OutboxMessage.objects.filter(pk=message.pk, state=message.state, attempts=message.attempts, next_at__lte=now)
    message.attempts += 1
    return bool(same.update(state=State.SENDING, attempts=message.attempts, next_at=now + LEASE))


def _carry(message: OutboxMessage) -> int:
    provider = provider_of(message.channel)
    if provider is None:
        _note(message, state=State.SUPPRESSED)
        return 0
    try:
        provider.send(message)
    except WuyouError as error:
        wait = wait_before(message.attempts)
        state = State.QUEUED if wait else State.FAILED
        _note(message, state=state, error=str(error)[:500], next_at=clock.now() + (wait or LEASE))
        return 0
    _note(message, state=State.SENT, sent_at=clock.now(), error="")
    return 1


def _note(message: OutboxMessage, **values: Any) -> None:
    with transaction.atomic():
        OutboxMessage.objects.filter(pk=message.pk).update(**values)


@action
def mark_read(user_id: int, ids: Collection[int] | None = None) -> int:
    """Mark a user's notifications (all without `ids`) as read; gives how many were unread."""
    unread = Notification.objects.filter(Q(user_id=user_id), read_at__isnull=True)
    wanted = unread if ids is None else unread.filter(pk__in=ids)
    return wanted.update(read_at=clock.now())


@action
def prefer(user_id: int, *, event: str, channel: str, is_on: bool) -> None:
    """Keep a user's choice for an event ("*" for every event); raises KeyError for an event not declared."""
    if event != "*":
        templates.get(event)
    values = {"is_on": is_on}
    Preference.objects.update_or_create(user_id=user_id, event=event, channel=Channel(channel), defaults=values)


@action
def set_quiet_hours(user_id: int, *, starts: time | None, ends: time | None) -> None:
    """Keep a user's quiet hours in Shanghai time; without them a user has none."""
    if starts is None or ends is None or starts == ends:
        QuietHours.objects.filter(user_id=user_id).delete()
        return
    QuietHours.objects.update_or_create(user_id=user_id, defaults={"starts": starts, "ends": ends})


@action
def send_again(message: OutboxMessage) -> bool:
    """Queue a failed or unsent message once more; False when it is no longer in such a state."""
    stuck = OutboxMessage.objects.filter(pk=message.pk, state__in=[State.FAILED, State.SUPPRESSED])
    changed = stuck.update(state=State.QUEUED, attempts=0, next_at=clock.now(), error="")
    if changed:
        jobs.enqueue("notify.deliver", key="notify.deliver")
    return bool(changed)
