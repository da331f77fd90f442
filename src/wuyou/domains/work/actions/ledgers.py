"""Ledgers of disinfection and refuse: entries are added, never changed; a correction refers to what it corrects."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.models import Place
from wuyou.domains.work import policies
from wuyou.domains.work.choices import RefuseSort
from wuyou.domains.work.models import DisinfectionEntry, RefuseEntry
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action


@action
def record_disinfection(
    *, place: Place, by: Actor, corrects: DisinfectionEntry | None = None, **given: Any
) -> DisinfectionEntry:
    """Enter a disinfection: agent, concentration (mg/L), area (m²), and batch, weather, warning signs, re-entry."""
    require(by, policies.DO_TASKS, place.project)
    fields: dict[str, object] = {}
    if not str(given.get("agent", "")).strip():
        fields["agent"] = _("Say which agent was used.")
    fields |= {
        name: _("This must be greater than zero.") for name in ("concentration_mg_l", "area_m2") if given[name] <= 0
    }
    up, down, reentry = (given.get(name) for name in ("signs_up_at", "signs_down_at", "reentry_at"))
    if up and down and down < up:
        fields["signs_down_at"] = _("Signs are removed after they were put up.")
    if reentry and reentry < given.get("at", clock.now()):
        fields["reentry_at"] = _("People come back after the disinfection.")
    _refuse(fields)
    _refuse_corrected(corrects)
    given.setdefault("at", clock.now())
    row = DisinfectionEntry.objects.create(
        project=place.project, place=place, by_label=by.actor_label, corrects=corrects, **given
    )
    _record("work.disinfection_recorded", row, by=by, agent=row.agent, corrects=corrects and corrects.pk)
    return row


@action
def record_refuse(*, place: Place, by: Actor, corrects: RefuseEntry | None = None, **given: Any) -> RefuseEntry:
    """Enter a collection at a point: sort, weight (kg), vehicle, destination, whether the point was overflowing."""
    require(by, policies.DO_TASKS, place.project)
    fields: dict[str, object] = {}
    if given.get("sort") not in RefuseSort.values:
        fields["sort"] = _("Unknown sort of refuse.")
    if given["weight_kg"] < 0:
        fields["weight_kg"] = _("A weight cannot be negative.")
    _refuse(fields)
    _refuse_corrected(corrects)
    given.setdefault("at", clock.now())
    row = RefuseEntry.objects.create(
        project=place.project, place=place, by_label=by.actor_label, corrects=corrects, **given
    )
    _record("work.refuse_recorded", row, by=by, sort=row.sort, kg=row.weight_kg, corrects=corrects and corrects.pk)
    return row


def _refuse(fields: dict[str, object]) -> None:
    if fields:
        raise Invalid(fields=fields)


def _refuse_corrected(entry: DisinfectionEntry | RefuseEntry | None) -> None:
    if entry is not None and entry.corrections.exists():
        raise Conflict(_("This entry has been corrected already: correct the later one."))


def _record(verb: str, row: DisinfectionEntry | RefuseEntry, *, by: Actor, **data: object) -> None:
    subject = (type(row).__name__.lower(), row.pk, row.place.name)
    journal.record(verb, chain=chain_of(row.project), by=by, subject=subject, data=data)
