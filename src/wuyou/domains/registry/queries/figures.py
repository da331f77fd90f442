"""The register's metrics, computed (spec 12)."""

from datetime import date
from decimal import Decimal

from django.db.models import Q

from wuyou.domains.org.models import Project
from wuyou.domains.registry.choices import RoomState
from wuyou.domains.registry.models import Room
from wuyou.kernel import clock

from .staff import counts, held


def occupied_rooms(project: Project) -> Decimal | None:
    """Per cent of open rooms that are lived in; None without rooms."""
    rooms = Room.objects.filter(place__project=project, place__closed_on__isnull=True)
    return _per_cent(rooms.filter(state=RoomState.OCCUPIED).count(), rooms.count())


def licences_in_force(project: Project, *, on: date | None = None) -> Decimal | None:
    """Per cent of present staff's licences that count on a day; None without licences."""
    day = on or clock.today()
    present = Q(staff__left_on__isnull=True) | Q(staff__left_on__gte=day)
    rows = list(held(project).filter(present))
    return _per_cent(sum(counts(row, on=day) for row in rows), len(rows))


def _per_cent(part: int, whole: int) -> Decimal | None:
    return round(Decimal(100 * part) / whole, 1) if whole else None
