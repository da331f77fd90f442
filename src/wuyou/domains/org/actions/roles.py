"""Roles and who holds them (spec 01)."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuyou.domains.org import events, policies
from wuyou.domains.org.models import Assignment, Node, Role, User
from wuyou.domains.org.permissions import all_permissions
from wuyou.domains.org.queries import chain_of, forget_held
from wuyou.domains.org.roles import STANDARD_ROLES
from wuyou.kernel import clock, journal
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Invalid
from wuyou.kernel.transactions import action


@action
def load_roles() -> int:
    """Bring the standard roles up to the shipped list; gives the number of roles. Running it again changes nothing."""
    for shipped in STANDARD_ROLES:
        Role.objects.update_or_create(
            code=shipped.code,
            defaults={
                "name_zh": shipped.name_zh,
                "name_en": shipped.name_en,
                "permissions": sorted(shipped.permissions),
                "is_standard": True,
            },
        )
    return len(STANDARD_ROLES)


@action
def add_role(*, code: str, name_zh: str, name_en: str, permissions: Iterable[str], by: Actor) -> Role:
    """Add a role of the company's own; raises Invalid for unknown permissions or a code in use."""
    policies.require_admin(by)
    wanted = _known(permissions)
    if Role.objects.filter(code=code).exists():
        raise Invalid(fields={"code": _("This code is in use.")})
    role = Role.objects.create(code=code, name_zh=name_zh, name_en=name_en, permissions=wanted)
    _record_role("org.role_added", role, by=by)
    return role


@action
def change_role(role: Role, *, name_zh: str, name_en: str, permissions: Iterable[str], by: Actor) -> Role:
    """Change a role of the company's own; raises Conflict for a standard one, which is changed by copying it."""
    policies.require_admin(by)
    if role.is_standard:
        raise Conflict(_("A standard role does not change: copy it under a name of your own."))
    role.name_zh, role.name_en, role.permissions = name_zh, name_en, _known(permissions)
    role.save()
    _record_role("org.role_changed", role, by=by)
    return role


@action
def grant_role(
    user: User, *, role: Role, node: Node, by: Actor, starts_on: dt.date | None = None, ends_on: dt.date | None = None
) -> Assignment:
    """Give a role at a node; nobody gives rights they do not hold there themselves (administrators excepted)."""
    policies.check_grant(by, role, node)
    start = starts_on or clock.today()
    if ends_on and ends_on < start:
        raise Invalid(fields={"ends_on": _("The role cannot end before it starts.")})
    if _overlapping(user, role, node, start, ends_on):
        raise Conflict(_("This person holds the role here already."))
    row = Assignment.objects.create(
        user=user, role=role, node=node, starts_on=start, ends_on=ends_on, granted_by=by.actor_label
    )
    forget_held(user)
    _record("org.role_granted", row, by=by)
    events.role_granted.send(Assignment, assignment_id=row.pk)
    return row


@action
def end_assignment(assignment: Assignment, *, by: Actor) -> Assignment:
    """End a role now; what was done under it stays. Raises Conflict when it has ended already."""
    policies.require(by, policies.MANAGE_USERS, assignment.node)
    now = clock.now()
    if Assignment.objects.filter(pk=assignment.pk, revoked_at__isnull=True).update(revoked_at=now) != 1:
        raise Conflict(_("The role has ended already."))
    assignment.revoked_at = now
    forget_held(assignment.user)
    _record("org.role_ended", assignment, by=by)
    return assignment


def _overlapping(user: User, role: Role, node: Node, start: dt.date, end: dt.date | None) -> bool:
    held = Assignment.objects.filter(user=user, role=role, node=node, revoked_at__isnull=True)
    rows = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=start))
    return (rows.filter(starts_on__lte=end) if end else rows).exists()


def _known(permissions: Iterable[str]) -> list[str]:
    wanted = sorted(set(permissions))
    unknown = set(wanted) - {permission.code for permission in all_permissions()}
    if unknown:
        raise Invalid(fields={"permissions": _("Unknown permission.")})
    return wanted


def _record(verb: str, row: Assignment, *, by: Actor) -> None:
    data = {"role": row.role.code, "node": row.node.code, "from": row.starts_on, "to": row.ends_on}
    subject = ("user", row.user.pk, row.user.actor_label)
    journal.record(verb, chain=chain_of(row.node), by=by, subject=subject, data=data)


def _record_role(verb: str, role: Role, *, by: Actor) -> None:
    for root in Node.objects.get_root_nodes():
        journal.record(
            verb,
            chain=chain_of(root),
            by=by,
            subject=("role", role.pk, role.code),
            data={"permissions": role.permissions},
        )
