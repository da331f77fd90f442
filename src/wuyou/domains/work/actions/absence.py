"""Somebody is away: the work of those days goes to colleagues at once (spec 03)."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.models import Staff
from wuyou.domains.registry.queries.staff import staff_present
from wuyou.domains.work import events, policies
from wuyou.domains.work.choices import AbsenceKind, TaskState
from wuyou.domains.work.models import Absence, Task
from wuyou.domains.work.queries.tasks import absent_ids, is_qualified
from wuyou.domains.work.rules import tasks as rules
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .rollups import mark_stale


@dataclass(frozen=True, slots=True)
class Reassigned:
    """What became of the tasks of somebody who is away: tasks per colleague, and those left to the team."""

    absence: Absence
    taken: dict[Staff, int]
    left_open: int


@dataclass(slots=True)
class Share:
    """Who takes which tasks (ids by the taker's id), what is left to the team, and the days concerned."""

    people: dict[int, Staff]
    taken: dict[int, list[int]]
    left: list[int]
    days: list[dt.date]

    def give(self, person: Staff, ids: list[int]) -> None:
        """Hand some more tasks to a person."""
        known = self.people.setdefault(person.pk, person)
        self.taken.setdefault(known.pk, []).extend(ids)

    @property
    def counts(self) -> dict[Staff, int]:
        """How many tasks each takes."""
        return {self.people[pk]: len(ids) for pk, ids in self.taken.items()}


@action
def record_absence(
    staff: Staff, *, kind: str, starts_on: dt.date, ends_on: dt.date, by: Actor, note: str = ""
) -> Reassigned:
    """Record an absence (days inclusive) and share the open tasks of those days out among present colleagues.

    Colleagues are of the same team, licensed where the task demands it, those of the same zone first; what nobody can
    take goes back to the team. Raises Invalid for wrong days, Conflict when these days are recorded already.
    """
    policies.check_manage_absence(by, staff.project)
    if ends_on < starts_on:
        raise Invalid(fields={"ends_on": _("An absence cannot end before it starts.")})
    if kind not in AbsenceKind.values:
        raise Invalid(fields={"kind": _("Unknown kind of absence.")})
    overlapping = staff.absences.filter(cancelled_at__isnull=True, starts_on__lte=ends_on, ends_on__gte=starts_on)
    if overlapping.exists():
        raise Conflict(_("These days are recorded already."))
    absence = Absence.objects.create(staff=staff, kind=kind, starts_on=starts_on, ends_on=ends_on, note=note.strip())
    taken, left = _share_out(staff, starts_on, ends_on)
    data = {"kind": kind, "from": starts_on, "to": ends_on, "taken": {row.number: n for row, n in taken.items()}}
    _record("work.absence_recorded", staff, by=by, **data, left_open=left)
    events.absence_recorded.send(Absence, absence_id=absence.pk)
    return Reassigned(absence, taken, left)


@action
def cancel_absence(absence: Absence, *, by: Actor) -> Absence:
    """Somebody comes after all; tasks stay where they went. Raises Conflict when it is cancelled already."""
    policies.check_manage_absence(by, absence.staff.project)
    now = clock.now()
    if Absence.objects.filter(pk=absence.pk, cancelled_at__isnull=True).update(cancelled_at=now) != 1:
        raise Conflict(_("This absence is cancelled already."))
    absence.cancelled_at = now
    _record("work.absence_cancelled", absence.staff, by=by)
    return absence


def share_of(staff: Staff, first: dt.date, last: dt.date) -> Share:
    """Who would take the open tasks of somebody's days: the same arithmetic as recording, nothing written."""
    by_day: dict[dt.date, list[Task]] = defaultdict(list)
    for row in _open_tasks(staff, first, last):
        by_day[row.day].append(row)
    share = Share({}, {}, [], list(by_day))
    for day, tasks in by_day.items():
        _share_day(share, staff, day, tasks)
    return share


def _open_tasks(staff: Staff, first: dt.date, last: dt.date) -> QuerySet[Task]:
    rows = Task.objects.filter(assignee=staff, day__range=(first, last))
    return rows.filter(state__in=[TaskState.OPEN, TaskState.CLAIMED]).order_by("day", "due", "pk")


def _share_out(staff: Staff, first: dt.date, last: dt.date) -> tuple[dict[Staff, int], int]:
    share = share_of(staff, first, last)
    for person, ids in share.taken.items():
        Task.objects.filter(pk__in=ids).update(assignee_id=person, state=TaskState.OPEN)
    Task.objects.filter(pk__in=share.left).update(assignee=None, state=TaskState.OPEN)
    mark_stale(staff.project_id, share.days)
    return share.counts, len(share.left)


def _share_day(share: Share, staff: Staff, day: dt.date, tasks: list[Task]) -> None:
    colleagues = _colleagues(staff, day)
    loads = _loads(colleagues, day)
    groups: dict[tuple[str, int | None], list[Task]] = defaultdict(list)
    for task in tasks:
        groups[task.qualification, task.zone_id].append(task)
    for (licence, zone_id), group in groups.items():
        fit = {row.pk: row for row in _fit(colleagues, licence, zone_id, day)}
        if not fit:
            share.left += [task.pk for task in group]
            continue
        chosen = rules.share_out([task.minutes for task in group], {pk: loads[pk] for pk in fit})
        for person, mine in _grouped(chosen, group).items():
            share.give(fit[person], [task.pk for task in mine])
            loads[person] += sum((task.minutes for task in mine), Decimal(0))


def _grouped(chosen: list[int], tasks: list[Task]) -> dict[int, list[Task]]:
    mine: dict[int, list[Task]] = defaultdict(list)
    for person, task in zip(chosen, tasks, strict=True):
        mine[person].append(task)
    return mine


def _colleagues(staff: Staff, day: dt.date) -> list[Staff]:
    away = absent_ids(staff.project_id, day)
    present = staff_present(staff.project, on=day).filter(team_id=staff.team_id).prefetch_related("zones")
    return [row for row in present if row.pk != staff.pk and row.pk not in away]


def _fit(colleagues: list[Staff], licence: str, zone_id: int | None, day: dt.date) -> list[Staff]:
    licensed = [row for row in colleagues if not licence or is_qualified(row, licence, on=day)]
    same_zone = [row for row in licensed if zone_id in {zone.pk for zone in row.zones.all()}]
    return same_zone or licensed


def _loads(colleagues: list[Staff], day: dt.date) -> dict[int, Decimal]:
    rows = Task.objects.filter(assignee__in=colleagues, day=day).exclude(state=TaskState.WITHDRAWN)
    sums = dict(rows.order_by().values_list("assignee_id").annotate(Sum("minutes")))
    return {row.pk: Decimal(sums.get(row.pk, 0)) for row in colleagues}


def _record(verb: str, staff: Staff, *, by: Actor, **data: object) -> None:
    journal.record(verb, chain=chain_of(staff.project), by=by, subject=("staff", staff.pk, staff.number), data=data)
