"""What clocks announce, in the transaction in which it is recorded; receivers get `notices`, a list of Notice."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.dispatch import Signal


class News(StrEnum):
    """What can become of a promised time."""

    WARNED = "warned"
    BREACHED = "breached"
    ESCALATED = "escalated"


class Notice(NamedTuple):
    """One clock's news: which case, and since when; `level` and `role` only for an escalation."""

    news: News
    clock_id: int
    case_kind: str
    case_id: int
    case_label: str
    project_id: int
    kind: str
    at: datetime
    level: int = 0
    role: str = ""


clock_warned = Signal()
clock_breached = Signal()
clock_escalated = Signal()

SIGNALS = {News.WARNED: clock_warned, News.BREACHED: clock_breached, News.ESCALATED: clock_escalated}
