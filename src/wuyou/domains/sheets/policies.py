"""Who may read and write sheets (default deny). A shipped sheet belongs to the whole installation."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Node
from wuyou.domains.org.permissions import declare
from wuyou.domains.standards.policies import require_at_owner
from wuyou.kernel.actors import Actor

from .flows import EDIT
from .models import Sheet

VIEW_SHEETS = declare("sheets.view_sheets", _("Read sheets"))
EDIT_SHEETS = declare(EDIT, _("Write, issue and withdraw sheets"))


def check_create(by: Actor, node: Node | None) -> None:
    """Raise Denied unless `by` may write sheets of this owner."""
    require_at_owner(by, EDIT_SHEETS, node)


def check_edit(by: Actor, sheet: Sheet) -> None:
    """Raise Denied unless `by` may write, issue and withdraw versions of this sheet."""
    require_at_owner(by, EDIT_SHEETS, sheet.node)
