"""Who may see and change the equipment ledger (spec 08)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.models import Asset
from wuyou.domains.org.models import Project
from wuyou.domains.org.permissions import declare
from wuyou.domains.org.policies import require
from wuyou.kernel.actors import Actor

VIEW_ASSETS = declare("assets.view_assets", _("See the equipment ledger"))
MANAGE_ASSETS = declare("assets.manage_assets", _("Change the equipment ledger"))


def check_manage_assets(by: Actor, project: Project) -> None:
    """Raise Denied unless `by` may change the project's equipment."""
    require(by, MANAGE_ASSETS, project)


def check_change_asset(by: Actor, asset: Asset) -> None:
    """Raise Denied unless `by` may change this device."""
    check_manage_assets(by, asset.project)
