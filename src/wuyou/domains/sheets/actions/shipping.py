"""Loading the sheets the product ships; the same rows load once."""

from dataclasses import replace

from wuyou.domains.sheets import policies
from wuyou.domains.sheets.events import sheet_issued
from wuyou.domains.sheets.flows import SHEET_FLOW
from wuyou.domains.sheets.models import Sheet, SheetVersion
from wuyou.domains.sheets.rules.items import ItemSpec, check_items
from wuyou.domains.sheets.rules.scoring import check_scoring
from wuyou.domains.sheets.shipped import ShippedSheet, shipped_sheets
from wuyou.domains.standards.queries import issued_clause_ids
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
    names = ("name_zh", "name_en", "activity", "purpose")
    sheet, _made = Sheet.objects.get_or_create(
        code=shipped.code, defaults={name: getattr(shipped, name) for name in names}
    )
    if sheet.versions.filter(source_digest=shipped.digest).exists():
        return False
    check_items(shipped.items)
    check_scoring(shipped.items, mode=shipped.scoring)
    version = open_version(sheet)
    write_items(version, _with_clauses(shipped))
    marks = {"source_digest": shipped.digest, "scoring": shipped.scoring}
    claim(version, SHEET_FLOW, "issue", issued_on=clock.today(), **marks)
    record("version_loaded", version, by=by, items=len(shipped.items), digest=shipped.digest)
    sheet_issued.send(SheetVersion, version_id=version.pk)
    return True


def _with_clauses(shipped: ShippedSheet) -> list[ItemSpec]:
    """The items with the clauses they check; a standard that is not loaded leaves its items without one."""
    known = issued_clause_ids(shipped.clauses.values())
    return [replace(item, clause_id=known.get(shipped.clauses.get(item.code, ""))) for item in shipped.items]
