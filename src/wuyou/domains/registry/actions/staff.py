"""Staff, qualifications and contractors (spec 01)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node, Project, User
from wuyou.domains.org.policies import require
from wuyou.domains.registry import documents, events, policies
from wuyou.domains.registry.choices import Employment
from wuyou.domains.registry.models import Contractor, Person, Qualification, QualificationKind, Staff, Team, Zone
from wuyou.domains.registry.rules.duty import check_weekly_hours
from wuyou.domains.registry.rules.licences import valid_until
from wuyou.domains.registry.writing import change_fields, check_fields
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action

from .people import add_person, check_usable
from .recording import reason_given, record_other, record_staff

STAFF_FIELDS = frozenset(
    {"team", "job", "sex", "born_on", "education", "employment", "contractor", "weekly_hours", "hired_on"}
)
LICENCE_FIELDS = frozenset({"number", "issuer", "valid_from", "valid_to", "reviewed_on"})
CONTRACTOR_FIELDS = frozenset({"name", "licence", "trade", "contact", "insured_until"})


@action
def hire(*, person: Person, team: Team, number: str, job: str, by: Actor, **fields: Any) -> Staff:
    """Employ a person in a team under a staff number.

    Raises Denied, Conflict for a record that may not be used, Invalid for a number in use, wrong hours or a missing
    contractor of outsourced staff.
    """
    policies.check_manage_staff(by, team.project)
    check_usable(person)
    wrong = set(fields) - STAFF_FIELDS
    if wrong:
        raise Invalid(fields={name: _("This field cannot be given here.") for name in sorted(wrong)})
    staff = Staff(
        project=team.project, person=person, team=team, number=number.strip(), name=person.name, job=job.strip(),
        **{"hired_on": clock.today(), **fields},
    )  # fmt: skip
    check_fields(staff, {"number", "job", *fields})
    _check_staff(staff)
    staff.save()
    record_staff("staff_hired", staff, by=by, data={"team": team.name, "job": staff.job, "from": staff.hired_on})
    documents.index_staff([staff.pk])
    return staff


@action
def hire_new(*, project: Project, name: str, phone: str, team: Team, by: Actor, **fields: Any) -> Staff:
    """Enter a person and employ them, in one step; raises what add_person and hire raise."""
    person = add_person(project=project, name=name, phone=phone, by=by)
    return hire(person=person, team=team, by=by, **fields)


def _check_staff(staff: Staff) -> None:
    check_weekly_hours(staff.weekly_hours)
    if staff.team.project_id != staff.project_id:
        raise Invalid(fields={"team": _("The team belongs to another project.")})
    if (staff.employment == Employment.OUTSOURCED) != (staff.contractor_id is not None):
        raise Invalid(fields={"contractor": _("Outsourced staff have a contractor, own staff have none.")})


@action
def change_staff(staff: Staff, *, by: Actor, **fields: Any) -> Staff:
    """Change team, job, hours or employer; raises Denied, Conflict when the person has left, Invalid with the field."""
    policies.check_change_staff(by, staff)
    check_present(staff)
    diff = change_fields(staff, fields, allowed=STAFF_FIELDS)
    _check_staff(staff)
    if diff:
        shown = {name: change for name, change in diff.items() if name != "born_on"}
        record_staff("staff_changed", staff, by=by, data={**shown, "fields": sorted(diff)})
        documents.index_staff([staff.pk])
    return staff


def check_present(staff: Staff) -> None:
    """Raise Conflict when a member of staff has left."""
    staff.refresh_from_db(fields=["left_on"])
    if staff.left_on:
        raise Conflict(_("%(name)s has left."), name=staff.name)


@action
def leave(staff: Staff, *, by: Actor, on: date | None = None) -> Staff:
    """End an employment on a day (today by default); zones lose their owner, the log-in is no longer theirs.

    Raises Denied, Conflict when it has ended, Invalid for a day before the hiring.
    """
    policies.check_change_staff(by, staff)
    day = on or clock.today()
    if staff.hired_on and day < staff.hired_on:
        raise Invalid(fields={"on": _("Nobody can leave before being hired.")})
    if Staff.objects.filter(pk=staff.pk, left_on__isnull=True).update(left_on=day, user=None) != 1:
        raise Conflict(_("%(name)s has left."), name=staff.name)
    staff.left_on, staff.user = day, None
    owned = list(staff.owned_zones.values_list("name", flat=True))
    staff.owned_zones.update(owner=None)
    record_staff("staff_left", staff, by=by, data={"on": day, "zones": owned})
    events.staff_left.send(Staff, staff_id=staff.pk, project_id=staff.project_id, left_on=day)
    documents.index_staff([staff.pk])
    return staff


@action
def set_supervisor(staff: Staff, *, supervisor: Staff | None, by: Actor) -> Staff:
    """Name who leads somebody; raises Denied, or Invalid for another project's staff or a circle."""
    policies.check_change_staff(by, staff)
    check_present(staff)
    if supervisor is not None:
        _check_supervisor(staff, supervisor)
    staff.supervisor = supervisor
    staff.save(update_fields=["supervisor"])
    record_staff("supervisor_set", staff, by=by, data={"to": supervisor.number if supervisor else ""})
    return staff


def _check_supervisor(staff: Staff, supervisor: Staff) -> None:
    if supervisor.project_id != staff.project_id:
        raise Invalid(fields={"supervisor": _("This person works at another project.")})
    above: Staff | None = supervisor
    while above is not None:
        if above.pk == staff.pk:
            raise Invalid(fields={"supervisor": _("Nobody can lead the person who leads them.")})
        above = above.supervisor


@action
def set_zones(staff: Staff, *, zones: Iterable[Zone], by: Actor) -> Staff:
    """Name the zones somebody works in; raises Denied, or Invalid for a zone of another project."""
    policies.check_change_staff(by, staff)
    check_present(staff)
    wanted = list(zones)
    if any(zone.project_id != staff.project_id for zone in wanted):
        raise Invalid(fields={"zones": _("The zone belongs to another project.")})
    staff.zones.set(wanted)
    record_staff("staff_zones_set", staff, by=by, data={"zones": sorted(zone.name for zone in wanted)})
    return staff


@action
def link_user(staff: Staff, *, user: User | None, by: Actor) -> Staff:
    """Tie a log-in to a member of staff, or untie it; raises Denied, or Conflict when the log-in is somebody else's."""
    policies.check_change_staff(by, staff)
    check_present(staff)
    if user is not None and Staff.objects.filter(user=user).exclude(pk=staff.pk).exists():
        raise Conflict(_("This log-in belongs to another member of staff."))
    staff.user = user
    staff.save(update_fields=["user"])
    record_staff("user_linked", staff, by=by, data={"user": user.pk if user else ""})
    return staff


# --- qualifications


@action
def add_qualification_kind(*, code: str, name_zh: str, by: Actor, validity: str = "") -> QualificationKind:
    """Add a kind of licence of the company's own; raises Denied, or Invalid for a code in use."""
    require(by, policies.MANAGE_STAFF)
    kind = QualificationKind(code=code.strip(), name_zh=name_zh.strip(), validity=validity)
    check_fields(kind, {"code", "name_zh", "validity"})
    kind.save()
    for root in Node.objects.filter(depth=1):
        record_other("qualification_kind_added", "qualification_kind", kind, where=root, by=by)
    return kind


@action
def add_qualification(staff: Staff, *, kind: QualificationKind, by: Actor, **fields: Any) -> Qualification:
    """Enter a licence; without a stated end its kind's term from the issue counts (spec 13 §5).

    Raises Denied, Conflict when the person has left or holds this licence, Invalid with the field.
    """
    policies.check_change_staff(by, staff)
    check_present(staff)
    wrong = set(fields) - LICENCE_FIELDS
    if wrong:
        raise Invalid(fields={name: _("This field cannot be given here.") for name in sorted(wrong)})
    row = Qualification(staff=staff, kind=kind, **fields)
    row.valid_to = valid_until(kind.code, issued_on=row.valid_from, stated=row.valid_to)
    if staff.qualifications.filter(kind=kind, number=row.number, revoked_on__isnull=True).exists():
        raise Conflict(_("This licence is entered already: renew it instead."))
    check_fields(row, fields)
    row.save()
    _announce("qualification_added", row, by=by, data={"valid_to": row.valid_to})
    return row


def _announce(verb: str, row: Qualification, *, by: Actor, data: dict[str, Any]) -> None:
    record_staff(verb, row.staff, by=by, data={"kind": row.kind.code, **data})
    events.qualification_changed.send(Staff, staff_id=row.staff_id, kind=row.kind.code)


@action
def renew_qualification(qualification: Qualification, *, by: Actor, **fields: Any) -> Qualification:
    """Enter a renewal or review: new dates, perhaps a new number; raises Denied, Conflict when revoked, or Invalid."""
    policies.check_change_staff(by, qualification.staff)
    if qualification.revoked_on:
        raise Conflict(_("This licence was revoked."))
    given = dict(fields)
    if given.get("valid_from") and not given.get("valid_to"):
        given["valid_to"] = valid_until(qualification.kind.code, issued_on=given["valid_from"], stated=None)
    diff = change_fields(qualification, given, allowed=LICENCE_FIELDS)
    if diff:
        _announce("qualification_renewed", qualification, by=by, data=dict(diff))
    return qualification


@action
def revoke_qualification(qualification: Qualification, *, by: Actor, reason: str) -> Qualification:
    """A licence no longer counts from today; raises Denied, Invalid without a reason, Conflict when revoked already."""
    policies.check_change_staff(by, qualification.staff)
    why, today = reason_given(reason), clock.today()
    rows = Qualification.objects.filter(pk=qualification.pk, revoked_on__isnull=True)
    if rows.update(revoked_on=today, revoked_why=why[:200]) != 1:
        raise Conflict(_("This licence was revoked."))
    qualification.revoked_on, qualification.revoked_why = today, why[:200]
    _announce("qualification_revoked", qualification, by=by, data={"reason": why})
    return qualification


# --- contractors


@action
def add_contractor(*, node: Node | Project, name: str, by: Actor, **fields: Any) -> Contractor:
    """Add an outside company working below a node; raises Denied, or Invalid for a name in use there."""
    where = node.node if isinstance(node, Project) else node
    policies.check_manage_contractors(by, where)
    row = Contractor(node=where, name=name.strip(), **fields)
    check_fields(row, {"name", *fields})
    row.save()
    record_other("contractor_added", "contractor", row, where=where, by=by)
    return row


@action
def change_contractor(contractor: Contractor, *, by: Actor, **fields: Any) -> Contractor:
    """Change a contractor's name, licence, trade, contact or insurance; raises Denied, Conflict when ended, Invalid."""
    policies.check_manage_contractors(by, contractor.node)
    if contractor.ended_on:
        raise Conflict(_("The work with this contractor has ended."))
    diff = change_fields(contractor, fields, allowed=CONTRACTOR_FIELDS)
    if diff:
        shown = {name: change for name, change in diff.items() if name != "contact"}
        record_other("contractor_changed", "contractor", contractor, where=contractor.node, by=by, data=shown)
    return contractor


@action
def end_contractor(contractor: Contractor, *, by: Actor, on: date | None = None) -> Contractor:
    """End the work with a contractor; raises Denied, or Conflict when it has ended or staff of theirs are present."""
    policies.check_manage_contractors(by, contractor.node)
    if contractor.staff.filter(left_on__isnull=True).exists():
        raise Conflict(_("Staff of this contractor are still employed here."))
    day = on or clock.today()
    if Contractor.objects.filter(pk=contractor.pk, ended_on__isnull=True).update(ended_on=day) != 1:
        raise Conflict(_("The work with this contractor has ended."))
    contractor.ended_on = day
    record_other("contractor_ended", "contractor", contractor, where=contractor.node, by=by, data={"on": day})
    return contractor
