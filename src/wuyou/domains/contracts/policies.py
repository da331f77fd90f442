"""Who may read and manage contracts (default deny)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.org.models import Project
from wuyou.domains.org.permissions import declare
from wuyou.domains.org.policies import require
from wuyou.kernel.actors import Actor

from .flows import MANAGE

VIEW_CONTRACTS = declare("contracts.view_contracts", _("Read contracts"))
MANAGE_CONTRACTS = declare(MANAGE, _("Record and change contracts"))


def check_manage(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may record and change the project's contracts."""
    require(by, MANAGE_CONTRACTS, project)
