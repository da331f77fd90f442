"""What campaigns hear: that the time for their results has passed."""

from typing import Any

from django.dispatch import receiver

from wuyou.domains.quality.notices.campaigns import tell_of_time
from wuyou.kernel.clocks.events import Notice, clock_breached, clock_escalated


@receiver((clock_breached, clock_escalated), dispatch_uid="quality.tell_of_late_results")
def on_missed_time(sender: object, *, notices: list[Notice], **_given: Any) -> None:
    """Climb the ladder."""
    for notice in notices:
        if notice.case_kind == "campaign":
            tell_of_time(notice)
