"""Who may read, write and issue standards (default deny). A shipped standard belongs to the whole installation."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.org.permissions import declare
from wuyou.domains.org.policies import require
from wuyou.domains.org.queries import has_permission
from wuyou.kernel.actors import Actor

from .flows import EDIT, ISSUE
from .models import Standard

VIEW_STANDARDS = declare("standards.view_standards", _("Read standards"))
EDIT_STANDARDS = declare(EDIT, _("Write standards and subjects"))
MANAGE_CONTRACTS = "contracts.manage_contracts"  # declared by the app above, which owns contracts
ISSUE_STANDARDS = declare(ISSUE, _("Issue and withdraw standards"))


def check_create(by: Actor, node: Node | None) -> None:
    """Raise Denied unless `by` may write standards of this owner."""
    require_at_owner(by, EDIT_STANDARDS, node)


def check_edit(by: Actor, standard: Standard) -> None:
    """Raise Denied unless `by` may write this standard."""
    require_at_owner(by, EDIT_STANDARDS, standard.node)


def check_issue(by: Actor, standard: Standard) -> None:
    """Raise Denied unless `by` may issue, send back or withdraw versions of this standard."""
    require_at_owner(by, ISSUE_STANDARDS, standard.node)


def check_edit_subjects(by: Actor) -> None:
    """Raise Denied unless `by` may change the subjects, which all standards share."""
    require_at_owner(by, EDIT_STANDARDS, None)


def check_promise(by: Actor, node: Node) -> None:
    """Raise Denied unless `by` writes standards of this owner or manages its contracts, whose promises these are."""
    if not has_permission(by, MANAGE_CONTRACTS, node):
        require_at_owner(by, EDIT_STANDARDS, node)


def check_ship(by: Actor) -> None:
    """Raise Denied unless `by` may load what the product ships."""
    require_at_owner(by, ISSUE_STANDARDS, None)


def require_at_owner(by: Actor, permission: str, node: Node | None) -> None:
    """Raise Denied unless the right is held at the owner node; what has no owner needs it at every root."""
    roots: list[Node | None] = [node] if node else list(Node.objects.filter(depth=1))
    for root in roots or [None]:
        require(by, permission, root)
