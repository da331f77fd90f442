"""The table of days in the database: reading it as a value, loading what is shipped, entering what is announced."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import resources
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.kernel import jobs, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid
from wuyou.kernel.transactions import action

from .choices import DayKind
from .models import CalendarDay
from .workcalendar import Days, WorkCalendar, work_calendar

CHAIN = "installation"
RECOMPUTE = "clocks.recompute"  # clocks of service hours follow a change of the table
FIELDS = ["kind", "name", "confirmed", "source"]


def day_table() -> Days:
    """The table of days as a value, in one query; a year is confirmed when all its days are."""
    rows = list(CalendarDay.objects.values_list("day", "kind", "confirmed"))
    open_years = {day.year for day, _kind, confirmed in rows if not confirmed}
    years = {day.year for day, _kind, _confirmed in rows}
    return Days({day: kind for day, kind, _confirmed in rows}, frozenset(years - open_years))


def calendar_for(service_hours: Mapping[str, Any]) -> WorkCalendar:
    """The calendar of a project with these service hours; raises Invalid when they leave no time to work."""
    return work_calendar(service_hours, day_table())


def shipped_days() -> Iterator[CalendarDay]:
    """The days the product ships, not saved."""
    path = resources.files(__package__) / "data" / "days.csv"
    with path.open(encoding="utf8") as file:
        for row in csv.DictReader(file):
            yield CalendarDay(
                day=date.fromisoformat(row["day"]),
                kind=row["kind"],
                name=row["name"],
                confirmed=row["confirmed"] == "1",
                source=row["source"],
            )


@action
def load_calendar(*, by: Actor) -> int:
    """Enter the shipped days and give how many were new or changed; a year somebody has confirmed is left alone."""
    known = {row.day: row for row in CalendarDay.objects.select_for_update()}
    confirmed = day_table().confirmed
    wanted = [row for row in shipped_days() if row.confirmed or row.day.year not in confirmed]
    changed = [row for row in wanted if not _is_same(row, known.get(row.day))]
    CalendarDay.objects.bulk_create(changed, update_conflicts=True, unique_fields=["day"], update_fields=FIELDS)
    if changed:
        _enter("calendar_loaded", ("clocks.calendar", "days", "days.csv"), by=by, data={"days": len(changed)})
    return len(changed)


def _is_same(row: CalendarDay, known: CalendarDay | None) -> bool:
    return known is not None and all(getattr(row, name) == getattr(known, name) for name in FIELDS)


@action
def set_day(day: date, *, kind: str, name: str, source: str, by: Actor) -> CalendarDay:
    """Enter a day as announced, for example when the next year's swapped days are published.

    Raises Invalid for an unknown kind, or without a name or a source.
    """
    if kind not in DayKind.values:
        raise Invalid(fields={"kind": _("Choose one of the kinds of day.")})
    empty = [field for field, value in (("name", name), ("source", source)) if not value.strip()]
    if empty:
        raise Invalid(fields={field: _("This is needed.") for field in empty})
    values = {"kind": kind, "name": name, "source": source, "confirmed": True}
    row, _created = CalendarDay.objects.update_or_create(day=day, defaults=values)
    _enter("day_set", ("clocks.day", day, str(row)), by=by, data=values)
    return row


@action
def unset_day(day: date, *, by: Actor) -> None:
    """Make a provisional day plain again, when the announcement puts the holiday elsewhere; a confirmed day stays."""
    gone, _by_model = CalendarDay.objects.filter(day=day, confirmed=False).delete()
    if not gone:
        raise Invalid(fields={"day": _("Only a provisional day can be taken out.")})
    _enter("day_unset", ("clocks.day", day, day.isoformat()), by=by, data={})


@action
def confirm_year(year: int, *, by: Actor) -> int:
    """Say that a year stands as announced; gives how many days were provisional. Raises Invalid for an empty year."""
    rows = CalendarDay.objects.filter(day__year=year)
    if not rows.exists():
        raise Invalid(fields={"year": _("No day of this year has been entered.")})
    count = rows.filter(confirmed=False).update(confirmed=True)
    _enter("year_confirmed", ("clocks.year", year, str(year)), by=by, data={"provisional": count})
    return count


def _enter(verb: str, subject: tuple[str, object, object], *, by: Actor, data: Mapping[str, Any]) -> None:
    """Enter a change of the table in the journal and let the clocks follow it."""
    journal.record(f"clocks.{verb}", chain=CHAIN, by=by, subject=subject, data=data)
    jobs.enqueue(RECOMPUTE, key=RECOMPUTE)
