"""States of a device (spec 08)."""

from django.utils.translation import gettext_lazy as _

from wuyou.domains.assets.choices import AssetState
from wuyou.kernel import flows
from wuyou.kernel.flows import Flow, Transition

MANAGE = "assets.manage_assets"
SERVING = (AssetState.IN_SERVICE, AssetState.STANDBY)
STOPPED = (AssetState.FAULTY, AssetState.OUT_OF_SERVICE)

ASSET_FLOW = flows.register(
    Flow(
        "asset",
        _("Device"),
        AssetState.IN_SERVICE,
        dict(AssetState.choices),
        (
            Transition("stand_by", (AssetState.IN_SERVICE, *STOPPED), AssetState.STANDBY, _("Put on standby"), MANAGE),
            Transition(
                "put_in_service", (AssetState.STANDBY, *STOPPED), AssetState.IN_SERVICE, _("Put in service"), MANAGE,
                tone="success",
            ),
            Transition(
                "report_fault", SERVING, AssetState.FAULTY, _("Report a fault"), MANAGE, needs=("reason",),
                tone="warning",
            ),
            Transition(
                "take_out", (*SERVING, AssetState.FAULTY), AssetState.OUT_OF_SERVICE, _("Take out of service"), MANAGE,
                needs=("reason",),
            ),
            Transition(
                "scrap", (*SERVING, *STOPPED), AssetState.SCRAPPED, _("Scrap"), MANAGE, needs=("reason",),
                tone="danger",
            ),
        ),
    )
)  # fmt: skip
