"""Notifications: read, marked, preferred (spec 02)."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import User
from wuyou.faces.api.access import CHANGE_SELF, SEE_SELF
from wuyou.faces.api.operations import Acts, Told, maybe, one, told
from wuyou.faces.api.questions import ask
from wuyou.faces.api.resources import Filter, Resource
from wuyou.faces.api.shapes import shape
from wuyou.faces.api.values import Bool, Id, Time, listed, one_of, text
from wuyou.kernel import notify
from wuyou.kernel.errors import Invalid
from wuyou.kernel.notify import Channel
from wuyou.kernel.notify.models import Notification
from wuyou.ui.visitor import user_of

from . import router

EVERY = "*"
NOTICES = Resource(
    "notifications",
    shape("Notification", Notification, "id event url urgent created_at read_at", title="title", body="body"),
    lambda user: notify.notifications_of(user.pk),
    view=[SEE_SELF],
    filters={"is_unread": Filter(bool, "read_at__isnull")},
    sorts={"created_at": "created_at"},
)
NOTICES.expose(router)
on_notices = Acts(router, NOTICES, [CHANGE_SELF])


def mark_read(*, by: User, ids: list[int] | None = None) -> int:
    """Mark notifications (all without `ids`) as read; gives how many were unread."""
    return notify.mark_read(by.pk, ids)


on_notices.free(
    "/notifications/mark-read", "mark_read", mark_read, {"ids": maybe(listed(Id, 500, 0) | None)},
    answer=one("MarkedRead", "marked", int),
)  # fmt: skip
CHOICE = told("NoticeChoice", lambda one: one, event=str, channel=str, is_on=bool).model
SETTINGS = told(
    "NoticeSettings", lambda one: one, events=list[str], choices=list[CHOICE], unread=int,  # type: ignore[valid-type]
    quiet_from=str | None, quiet_to=str | None,
)  # fmt: skip


def _settings(user: User) -> dict[str, Any]:
    chosen = notify.preferences_of(user.pk)
    quiet = notify.quiet_hours_of(user.pk)
    return {
        "events": sorted(template.event for template in notify.all_templates()),
        "choices": [{"event": event, "channel": channel, "is_on": on} for (event, channel), on in chosen.items()],
        "unread": notify.unread_count(user.pk),
        "quiet_from": quiet[0].isoformat("minutes") if quiet else None,
        "quiet_to": quiet[1].isoformat("minutes") if quiet else None,
    }


def settings(request: HttpRequest, given: Any) -> dict[str, Any]:
    """What there is to be told of, one's choices by event and channel, quiet hours, and the number unread."""
    return _settings(user_of(request))


ask(router, "/notification-settings", "notification_settings_get", settings, SETTINGS.model, [SEE_SELF])


def prefer(*, by: User, event: str, channel: str, is_on: bool) -> User:
    """Choose whether an event (“*” for every event) is told by a channel."""
    known = {template.event for template in notify.all_templates()} | {EVERY}
    if event not in known:
        raise Invalid(fields={"event": _("There is no such event.")})
    notify.prefer(by.pk, event=event, channel=channel, is_on=is_on)
    return by


def keep_quiet(*, by: User, starts: dt.time | None, ends: dt.time | None) -> User:
    """Quiet hours in Shanghai time; none without both."""
    notify.set_quiet_hours(by.pk, starts=starts, ends=ends)
    return by


AFTER = Told(SETTINGS.model, _settings)
on_notices.free(
    "/notification-settings/choices", "prefer", prefer,
    {
        "event": text(80, least=1), "channel": one_of(tuple(str(code) for code in Channel.values)), "is_on": Bool,
    },
    method="PUT", answer=AFTER,
)  # fmt: skip
on_notices.free(
    "/notification-settings/quiet-hours", "keep_quiet", keep_quiet, {"starts": Time | None, "ends": Time | None},
    method="PUT", answer=AFTER,
)  # fmt: skip
