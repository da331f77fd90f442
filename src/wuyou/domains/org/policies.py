"""Who may do what in the organisation, and the one check every other app calls (default deny)."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Denied

from .models import Node, Project, Role, User
from .permissions import declare
from .queries import has_permission, is_all_powerful

MANAGE_ORGANISATION = declare("org.manage_organisation", _("Manage the organisation tree and projects"))
MANAGE_USERS = declare("org.manage_users", _("Invite users and grant roles"))
VIEW_JOURNAL = declare("org.view_journal", _("Read the journal"))
MANAGE_SYSTEM = declare("org.manage_system", _("Manage jobs, settings, tokens and webhooks"))


def require(by: Actor, permission: str, where: Project | Node | None = None) -> None:
    """Raise Denied unless `by` holds the permission at the project or node (anywhere when None)."""
    node = where.node if isinstance(where, Project) else where
    if not has_permission(by, permission, node):
        raise Denied(_("You are not allowed to do this here."))


def may(check: Callable[..., None], by: Actor, *things: Any) -> bool:
    """Whether a check_<verb> policy would let `by` act: for showing a button, never for deciding."""
    try:
        check(by, *things)
    except Denied:
        return False
    return True


def require_admin(by: Actor) -> None:
    """Raise Denied unless `by` administers the installation."""
    if not is_all_powerful(by):
        raise Denied(_("Only an administrator of the installation may do this."))


def check_grant(by: Actor, role: Role, node: Node) -> None:
    """Raise Denied unless `by` manages users at the node and holds every right of the role there."""
    if is_all_powerful(by):
        return
    require(by, MANAGE_USERS, node)
    missing = [code for code in role.permissions if not has_permission(by, code, node)]
    if missing:
        raise Denied(_("You cannot give rights that you do not hold."))


def check_manage_user(by: Actor, user: User) -> None:
    """Raise Denied unless `by` administers, or manages users at every node where the user holds a role."""
    if is_all_powerful(by):
        return
    nodes = [row.node for row in user.assignments.select_related("node")]
    if user.is_admin or not nodes:
        raise Denied(_("Only an administrator of the installation may do this."))
    for node in nodes:
        require(by, MANAGE_USERS, node)
