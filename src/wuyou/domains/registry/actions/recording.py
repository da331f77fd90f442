"""Journal entries of the register: which chain, which subject, no personal values."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project
from wuyou.domains.org.queries import chain_of
from wuyou.domains.registry.models import Person, Place, Staff
from wuyou.kernel import journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Invalid


def record_place(verb: str, place: Place, *, by: Actor, data: Mapping[str, Any] | None = None) -> None:
    """Enter an act on a place in its project's chain."""
    subject = ("registry.place", place.pk, f"{place.code} {place.name}")
    journal.record(f"registry.{verb}", chain=chain_of(place.project), by=by, subject=subject, data=data or {})


def record_person(verb: str, person: Person, *, by: Actor, data: Mapping[str, Any] | None = None) -> None:
    """Enter an act on a person in the chain of their register; the person is named by number, never by name."""
    subject = ("registry.person", person.pk, f"#{person.pk}")
    journal.record(f"registry.{verb}", chain=chain_of(person.node), by=by, subject=subject, data=data or {})


def record_staff(verb: str, staff: Staff, *, by: Actor, data: Mapping[str, Any] | None = None) -> None:
    """Enter an act on a member of staff, named by staff number, in the project's chain."""
    subject = ("registry.staff", staff.pk, staff.number)
    journal.record(f"registry.{verb}", chain=chain_of(staff.project), by=by, subject=subject, data=data or {})


def record_other(
    verb: str, kind: str, row: Any, *, where: Project | Node, by: Actor, data: Mapping[str, Any] | None = None
) -> None:
    """Enter an act on a zone, team, post, code or contractor."""
    subject = (f"registry.{kind}", row.pk, str(row))
    journal.record(f"registry.{verb}", chain=chain_of(where), by=by, subject=subject, data=data or {})


def reason_given(reason: str) -> str:
    """The reason without outer spaces; raises Invalid for an empty one."""
    stripped = reason.strip()
    if not stripped:
        raise Invalid(fields={"reason": _("Say why.")})
    return stripped
