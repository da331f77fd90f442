"""Notifications: in the app at once, outside by an outbox that is retried and can be looked at (spec 02).

notify.declare("work.task_late", _("Task late"), title=_("%(task)s is late"), body=_("Due %(due)s."))
notify.notify("work.task_late", recipients=[3, 4], context={"task": "…", "due": due}, url="/…", dedupe="task:7")
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .choices import Channel, State
from .templates import Template, all_templates, declare

if TYPE_CHECKING:
    from .actions import mark_read, notify, prefer, send_again, set_quiet_hours
    from .addresses import Address, use_directory
    from .models import Notification, OutboxMessage
    from .providers import Provider, Undelivered, register
    from .queries import notifications_of, outbox, preferences_of, quiet_hours_of, unread_count

__all__ = [
    "Address", "Channel", "Notification", "OutboxMessage", "Provider", "State", "Template", "Undelivered",
    "all_templates", "declare", "mark_read", "notifications_of", "notify", "outbox", "prefer", "preferences_of",
    "quiet_hours_of", "register", "send_again", "set_quiet_hours", "unread_count", "use_directory",
]  # fmt: skip

_LATER = {
    **dict.fromkeys(("mark_read", "notify", "prefer", "send_again", "set_quiet_hours"), "actions"),
    **dict.fromkeys(("Address", "use_directory"), "addresses"),
    **dict.fromkeys(("Notification", "OutboxMessage"), "models"),
    **dict.fromkeys(("Provider", "Undelivered", "register"), "providers"),
    **dict.fromkeys(("notifications_of", "outbox", "preferences_of", "quiet_hours_of", "unread_count"), "queries"),
}


def __getattr__(name: str) -> Any:
    """What touches records is loaded when first asked for: they exist only after Django has started."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
