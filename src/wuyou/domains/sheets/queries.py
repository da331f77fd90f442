"""Reads of sheets. Shipped sheets are everybody's; others are seen along the branch of their owner."""

from decimal import Decimal

from django.db.models import Q, QuerySet

from wuyou.domains.org.models import Project
from wuyou.domains.standards.queries import along_branch, branch
from wuyou.kernel.actors import Actor

from .choices import SheetPurpose, SheetState
from .models import Item, Sheet, SheetVersion
from .policies import VIEW_SHEETS
from .rules.items import ITEM_FIELDS, Deduction, ItemSpec, Option


def sheets_visible_to(user: Actor) -> QuerySet[Sheet]:
    """Shipped sheets, and those owned above or below the nodes where the user may read sheets."""
    return Sheet.objects.filter(along_branch(user, VIEW_SHEETS)).order_by("code")


def sheet_versions_visible_to(user: Actor) -> QuerySet[SheetVersion]:
    """Versions of the sheets the user may read, newest version of each first."""
    versions = SheetVersion.objects.filter(sheet__in=sheets_visible_to(user).order_by())
    return versions.select_related("sheet", "sheet__node").order_by("sheet__code", "-number")


def latest_version(sheet: Sheet) -> SheetVersion | None:
    """The version with the highest number, in whatever state."""
    return sheet.versions.order_by("-number").first()


def versions_for(project: Project) -> dict[str, SheetVersion]:
    """The sheet of every activity at a project, in one query: the nearest owner's wins, else the shipped one.

    Of several sheets of one owner for one activity the first by code is taken; of a sheet its newest issued version.
    """
    owners = Q(sheet__node__isnull=True) | Q(sheet__node__path__in=branch(project.node.path))
    rows = SheetVersion.objects.filter(owners, state=SheetState.ISSUED).exclude(sheet__activity="")
    chosen: dict[str, SheetVersion] = {}
    for version in sorted(rows.select_related("sheet", "sheet__node"), key=_preference):
        chosen.setdefault(version.sheet.activity, version)
    return chosen


def inspection_sheets_for(project: Project) -> list[SheetVersion]:
    """The newest issued version of every inspection sheet that may be used at a project, by code."""
    owners = Q(sheet__node__isnull=True) | Q(sheet__node__path__in=branch(project.node.path))
    rows = SheetVersion.objects.filter(owners, state=SheetState.ISSUED, sheet__purpose=SheetPurpose.INSPECTION)
    newest = {row.sheet_id: row for row in rows.select_related("sheet").order_by("sheet__code", "number")}
    return list(newest.values())


def _preference(version: SheetVersion) -> tuple[int, str, int]:
    depth = version.sheet.node.depth if version.sheet.node else 0
    return -depth, version.sheet.code, -version.number


def version_for(activity: str, project: Project) -> SheetVersion | None:
    """The sheet of one activity at a project; None when its tasks have no checklist."""
    return versions_for(project).get(activity)


def items_of(version: SheetVersion) -> list[Item]:
    """The items of a version in their order."""
    return list(version.items.all())


def spec_of(item: Item) -> ItemSpec:
    """A stored item as a value."""
    options = tuple(Option(option["code"], option["zh"], option.get("en", "")) for option in item.options)
    deductions = tuple(
        Deduction(one["code"], one["zh"], Decimal(one["points"]), one.get("en", "")) for one in item.deductions
    )
    return ItemSpec(**{name: getattr(item, name) for name in ITEM_FIELDS}, options=options, deductions=deductions)


def specs_of(version: SheetVersion) -> list[ItemSpec]:
    """The items of a version as values, for rules.answers.check_answers."""
    return [spec_of(item) for item in version.items.all()]
