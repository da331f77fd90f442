"""Versioned forms whose answers are checked (spec 05, 10)."""

from typing import Any

from ninja import Router

from wuyou.domains.org.models import User
from wuyou.domains.sheets import actions, queries
from wuyou.domains.sheets.choices import AnswerType, SheetState
from wuyou.domains.sheets.flows import SHEET_FLOW
from wuyou.domains.sheets.models import Item, Sheet, SheetVersion
from wuyou.domains.sheets.policies import EDIT_SHEETS, VIEW_SHEETS
from wuyou.domains.sheets.rules.items import MOST_ITEMS, MOST_OPTIONS, ItemSpec, Option

from .operations import Acts, maybe, possible, ref, steps
from .org.tree import NODES
from .resources import Filter, Resource, ids
from .shapes import extended, shape
from .values import Bool, Given, Id, choice, column, decimal, listed, text

router = Router()

SHEETS = Resource(
    "sheets",
    shape("Sheet", Sheet, "id code name_zh name_en activity node"),
    lambda user: queries.sheets_visible_to(user).select_related("node"),
    view=[VIEW_SHEETS],
    filters={"code": Filter(text(60), "code"), "activity": Filter(text(40), "activity")},
    sorts={"code": "code", "name": "name_zh"},
    search=("name_zh", "name_en", "code"),
)
ITEM = shape(
    "SheetItem", Item,
    "id position section code text_zh text_en answer_type options unit low high is_required is_increasing"
    " photo_on_failure clause",
)  # fmt: skip
VERSION = shape(
    "SheetVersion", SheetVersion, "id sheet number state note issued_on withdrawn_on revision",
    sheet_code="sheet.code", steps=possible(SHEET_FLOW),
)  # fmt: skip
VERSIONS = Resource(
    "sheet-versions",
    VERSION,
    lambda user: queries.sheet_versions_visible_to(user).select_related("sheet__node"),
    view=[VIEW_SHEETS],
    filters={"sheet_id": ids("sheet"), "state": Filter(choice(SheetState), "state")},
    sorts={"number": "number", "issued_on": "issued_on"},
    detail=extended(
        VERSION, "SheetVersionDetail", items=(list[ITEM.model], lambda version: ITEM.all(queries.items_of(version))),  # type: ignore[name-defined]
    ),
)  # fmt: skip


class OptionGiven(Given):
    """One answer of a choice."""

    code: text(40, least=1)  # type: ignore[valid-type]
    zh: text(100, least=1)  # type: ignore[valid-type]
    en: text(100) = ""  # type: ignore[valid-type]


class ItemGiven(Given):
    """One question of a form."""

    code: column(Item, "code")  # type: ignore[valid-type]
    text_zh: column(Item, "text_zh")  # type: ignore[valid-type]
    answer_type: choice(AnswerType)  # type: ignore[valid-type]
    text_en: column(Item, "text_en") = ""  # type: ignore[valid-type]
    section: column(Item, "section") = ""  # type: ignore[valid-type]
    options: listed(OptionGiven, MOST_OPTIONS, 0) = []  # type: ignore[valid-type]
    unit: column(Item, "unit") = ""  # type: ignore[valid-type]
    low: decimal(10, 4, signed=True) | None = None  # type: ignore[valid-type]
    high: decimal(10, 4, signed=True) | None = None  # type: ignore[valid-type]
    is_required: Bool = True
    is_increasing: Bool = False
    photo_on_failure: Bool = False
    clause_id: Id | None = None


def begin(*, by: User, **given: Any) -> Sheet:
    """Begin a sheet of a node (of everybody without one) with its first draft."""
    return actions.create_sheet(by=by, **given).sheet


def change_items(version: SheetVersion, *, items: list[ItemGiven], by: User) -> list[Item]:
    """Make a draft ask exactly these questions in this order."""
    return actions.change_items(version, [_spec(item) for item in items], by=by)


def _spec(item: ItemGiven) -> ItemSpec:
    options = tuple(Option(one.code, one.zh, one.en) for one in item.options)
    return ItemSpec(**item.model_dump(exclude={"options"}), options=options)


NAMES = {
    "name_zh": column(Sheet, "name_zh"),
    "name_en": maybe(column(Sheet, "name_en")),
    "activity": maybe(column(Sheet, "activity")),
}
SHEETS.expose(router)
on_sheets = Acts(router, SHEETS, [EDIT_SHEETS])
on_sheets.add(begin, {"code": column(Sheet, "code"), **NAMES, "node": maybe(ref(NODES, empty=True))})
on_sheets.patch(actions.change_sheet, NAMES)
on_sheets.post("new-version", actions.new_version, {"note": maybe(text(300))}, answer=VERSION)

VERSIONS.expose(router)
on_versions = Acts(router, VERSIONS, [EDIT_SHEETS])
on_versions.put("items", change_items, {"items": listed(ItemGiven, MOST_ITEMS, 0)})
steps(
    on_versions,
    SHEET_FLOW,
    {"issue": (actions.issue, {}), "withdraw": (actions.withdraw, {"reason": text(300)})},
)
