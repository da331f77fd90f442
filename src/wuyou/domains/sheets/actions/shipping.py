"""Loading the sheets the product ships; the same rows load once."""

from wuyou.domains.sheets import policies
from wuyou.domains.sheets.events import sheet_issued
from wuyou.domains.sheets.flows import SHEET_FLOW
from wuyou.domains.sheets.models import Sheet, SheetVersion
from wuyou.domains.sheets.rules.items import check_items
from wuyou.domains.sheets.shipped import ShippedSheet, shipped_sheets
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.flows import claim
from wuyou.kernel.transactions import action

from .editing import open_version, record, write_items


@action
def load_shipped_sheets(*, by: Actor) -> list[str]:
    """Load the shipped sheets; gives the codes of those with a new version, none on a second run. Raises Denied."""
    policies.check_create(by, None)
    return [shipped.code for shipped in shipped_sheets() if _load(shipped, by=by)]


def _load(shipped: ShippedSheet, *, by: Actor) -> bool:
    sheet, _made = Sheet.objects.get_or_create(
        code=shipped.code,
        defaults={"name_zh": shipped.name_zh, "name_en": shipped.name_en, "activity": shipped.activity},
    )
    if sheet.versions.filter(source_digest=shipped.digest).exists():
        return False
    check_items(shipped.items)
    version = open_version(sheet)
    write_items(version, shipped.items)
    claim(version, SHEET_FLOW, "issue", issued_on=clock.today(), source_digest=shipped.digest)
    record("version_loaded", version, by=by, items=len(shipped.items), digest=shipped.digest)
    sheet_issued.send(SheetVersion, version_id=version.pk)
    return True
