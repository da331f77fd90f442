"""What the law gives a person about their data: consent, access, export, erasure, restriction (PIPL; spec 13 §6)."""

from collections.abc import Mapping
from typing import Any

from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from wuyou.domains.registry import documents, events, policies
from wuyou.domains.registry.models import Consent, Occupancy, Person, Staff
from wuyou.domains.registry.queries import histories_of
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .people import check_usable
from .recording import reason_given, record_person

REVEALED = ("phone", "identity_number", "email", "emergency_contact")
BLANK = {
    "phone": "", "phone_digest": "", "phone_masked": "", "identity_number": "", "identity_digest": "",
    "identity_masked": "", "email": "", "emergency_contact": "", "channel": "",
}  # fmt: skip


@action
def give_consent(person: Person, *, purpose: str, version: str, by: Actor) -> Consent:
    """A person agrees to a purpose under a version of the notice; an older version's consent ends.

    Raises Denied, Invalid for an empty purpose or version, Conflict when this version is agreed to.
    """
    policies.check_change_person(by, person)
    check_usable(person)
    wanted, wording = purpose.strip(), version.strip()
    if not wanted or not wording:
        raise Invalid(fields={"purpose": _("Name the purpose and the version of the notice.")})
    standing = person.consents.filter(purpose=wanted, withdrawn_at__isnull=True)
    if standing.filter(version=wording).exists():
        raise Conflict(_("This consent stands already."))
    now = clock.now()
    standing.update(withdrawn_at=now)
    consent = Consent.objects.create(person=person, purpose=wanted, version=wording, given_at=now)
    record_person("consent_given", person, by=by, data={"purpose": wanted, "version": wording})
    return consent


@action
def withdraw_consent(consent: Consent, *, by: Actor) -> Consent:
    """Withdraw a consent now, as easily as it was given; raises Denied, or Conflict when it is withdrawn."""
    policies.check_change_person(by, consent.person)
    now = clock.now()
    if Consent.objects.filter(pk=consent.pk, withdrawn_at__isnull=True).update(withdrawn_at=now) != 1:
        raise Conflict(_("This consent is withdrawn already."))
    consent.withdrawn_at = now
    record_person("consent_withdrawn", consent.person, by=by, data={"purpose": consent.purpose})
    return consent


@action
def reveal(person: Person, field: str, *, by: Actor, reason: str) -> str:
    """The plain value of a masked field; who read it and why is entered in the journal, the value is not.

    Raises Denied, Invalid without a reason or for a field that is not masked, Conflict when it is only kept or gone.
    """
    policies.check_reveal_person(by, person)
    why = reason_given(reason)
    if field not in REVEALED:
        raise Invalid(fields={"field": _("This field is not masked.")})
    check_usable(person)
    record_person("person_revealed", person, by=by, data={"field": field, "reason": why})
    return str(getattr(person, field))


@action
def export_person(person: Person, *, by: Actor, reason: str) -> dict[str, Any]:
    """Everything the register holds about a person, merged records included, as JSON-safe data (PIPL 45).

    Raises Denied, or Invalid without a reason. The export is entered in the journal.
    """
    policies.check_export_person(by, person)
    why = reason_given(reason)
    record_person("person_exported", person, by=by, data={"reason": why})
    merged = Person.objects.filter(pk__in=[pk for _kind, pk in histories_of(person)]).order_by("pk")
    occupancies = Occupancy.objects.filter(person__in=merged).select_related("room__place__project").order_by("pk")
    return {
        "exported_at": clock.now().isoformat(),
        "person": _plain(person),
        "merged_records": [_plain(row) for row in merged if row.pk != person.pk],
        "rooms": [
            {**_plain(row), "room": row.room.place.code, "project": row.room.place.project.name} for row in occupancies
        ],
        "vehicles": [_plain(row) for row in person.vehicles.order_by("pk")],
        "care_flags": [_plain(row) for row in person.care_flags.order_by("pk")],
        "consents": [{**_plain(row), "purpose": row.purpose} for row in person.consents.order_by("pk")],
        "employments": [_employment(row) for row in person.employments.order_by("pk")],
    }


def _plain(row: Any) -> dict[str, Any]:
    """A record's own columns; dates and decimals as text, digests left out: they say nothing to the person."""
    values = {name: value for name, value in model_to_dict(row).items() if not name.endswith("_digest")}
    return {name: value if isinstance(value, str | int | bool | None) else str(value) for name, value in values.items()}


def _employment(row: Staff) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in ("number", "job", "sex", "born_on", "education", "hired_on", "left_on")}
    licences = [_plain(one) for one in row.qualifications.order_by("pk")]
    shown: Mapping[str, Any] = {name: str(value) if value is not None else None for name, value in own.items()}
    return {**shown, "project": row.project.name, "team": row.team.name, "qualifications": licences}


@action
def restrict_person(person: Person, *, by: Actor, reason: str) -> Person:
    """Keep a person's data and do nothing else with them (PIPL 47); raises Denied, Invalid or Conflict."""
    policies.check_erase_person(by, person)
    why = reason_given(reason)
    check_usable(person)
    person.restricted_at, person.restriction = clock.now(), why[:200]
    person.save(update_fields=["restricted_at", "restriction"])
    record_person("person_restricted", person, by=by, data={"reason": why})
    documents.index_persons([person.pk])
    return person


@action
def lift_restriction(person: Person, *, by: Actor, reason: str) -> Person:
    """Use a person's data again; raises Denied, Invalid without a reason, Conflict when they are not restricted."""
    policies.check_erase_person(by, person)
    why = reason_given(reason)
    rows = Person.objects.filter(pk=person.pk, restricted_at__isnull=False, erased_at__isnull=True)
    if rows.update(restricted_at=None, restriction="") != 1:
        raise Conflict(_("This person's data are not restricted."))
    person.restricted_at, person.restriction = None, ""
    record_person("restriction_lifted", person, by=by, data={"reason": why})
    documents.index_persons([person.pk])
    return person


@action
def erase_person(person: Person, *, by: Actor, reason: str, legal_hold: str = "") -> Person:
    """Blank a person's data everywhere in the register; ids stay, so that other records go on (PIPL 47).

    With a `legal_hold` (why the law wants them kept) the data are restricted instead. Raises Denied, Invalid without
    a reason, Conflict when erased already, still employed, or holding a room as the owner.
    """
    policies.check_erase_person(by, person)
    why = reason_given(reason)
    if legal_hold.strip():
        return restrict_person(person, by=by, reason=legal_hold)
    _check_erasable(person)
    now, today = clock.now(), clock.today()
    ids = [pk for _kind, pk in histories_of(person)]
    Person.objects.filter(pk__in=ids).update(**BLANK, name=f"#{person.pk}", erased_at=now)
    Occupancy.objects.filter(person__in=ids, ends_on__isnull=True).update(ends_on=today)
    person.care_flags.update(reason="", ended_on=today)
    person.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    person.vehicles.update(plate="", ends_on=today)
    Staff.objects.filter(person__in=ids).update(name=f"#{person.pk}", born_on=None, education="", sex="", user=None)
    person.refresh_from_db()
    record_person("person_erased", person, by=by, data={"reason": why, "records": ids})
    events.person_erased.send(Person, person_id=person.pk)
    documents.index_persons(ids)
    return person


def _check_erasable(person: Person) -> None:
    person.refresh_from_db()
    if person.erased_at or person.merged_into_id:
        raise Conflict(_("This person's data have been erased or merged."))
    if person.employments.filter(left_on__isnull=True).exists():
        raise Conflict(_("This person is employed here. End the employment first."))
    if person.occupancies.filter(role="owner", ends_on__isnull=True).exists():
        raise Conflict(_("This person owns a room here. The contract asks for their data: restrict them instead."))
