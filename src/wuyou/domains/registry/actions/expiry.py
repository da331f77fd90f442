"""Warnings of licences that expire (spec 01: at 60, 30 and 7 days)."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.org.queries import users_holding
from wuyou.domains.registry import policies
from wuyou.domains.registry.models import Qualification
from wuyou.domains.registry.queries import held
from wuyou.domains.registry.rules.licences import EXPIRED, UNLIMITED, VALID, expiry_band
from wuyou.kernel import clock, notify
from wuyou.kernel.transactions import action

EXPIRING = notify.declare(
    "registry.licence_expiring",
    _("Licence expires"),
    title=_("%(kind)s of %(name)s is valid to %(until)s"),
    body=_("An expired licence blocks work that demands it. Enter the renewal in time."),
)


@action
def warn_expiring(project: Project) -> int:
    """Tell the holder, the supervisor and who manages staff of each licence that reached a band; the number warned of.

    Each band of each validity is told once, whatever days the job was down.
    """
    today = clock.today()
    rows = held(project).filter(staff__left_on__isnull=True, valid_to__isnull=False)
    due = [
        (row, band)
        for row in rows.select_related("staff", "staff__supervisor", "kind")
        if (band := expiry_band(row.valid_to, on=today)) not in (VALID, UNLIMITED)
    ]
    managers = users_holding(policies.MANAGE_STAFF, project) if due else []
    for row, band in due:
        _warn(row, band, managers)
    return len(due)


def _warn(row: Qualification, band: str, managers: Iterable[int]) -> None:
    leader = row.staff.supervisor
    people = {row.staff.user_id, leader.user_id if leader else None, *managers} - {None}
    context = {"kind": row.kind.name_zh, "name": row.staff.name, "until": row.valid_to}
    notify.notify(
        EXPIRING.event, recipients=sorted(pk for pk in people if pk is not None), context=context,
        urgent=band in ("7", EXPIRED), dedupe=f"licence:{row.pk}:{row.valid_to}:{band}",
    )  # fmt: skip
