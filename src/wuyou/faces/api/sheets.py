"""Versioned forms whose answers are checked (spec 05, 10)."""

from decimal import Decimal
from typing import Any

from ninja import Router

from wuyou.domains.org.models import User
from wuyou.domains.sheets import actions, queries
from wuyou.domains.sheets.choices import AnswerType, ItemSeverity, Scoring, SheetPurpose, SheetState
from wuyou.domains.sheets.flows import SHEET_FLOW
from wuyou.domains.sheets.models import Item, Sheet, SheetVersion
from wuyou.domains.sheets.policies import EDIT_SHEETS, VIEW_SHEETS
from wuyou.domains.sheets.rules.items import (
    MOST_DEDUCTIONS,
    MOST_DEFECTS,
    MOST_ITEMS,
    MOST_OPTIONS,
    Deduction,
    ItemSpec,
    Option,
)

from .operations import Acts, maybe, possible, ref, steps
from .org.tree import NODES
from .resources import Filter, Resource, ids
from .shapes import extended, shape
from .values import Bool, Given, Id, choice, column, decimal, listed, number, text

router = Router()

SHEETS = Resource(
    "sheets",
    shape("Sheet", Sheet, "id code name_zh name_en purpose activity node"),
    lambda user: queries.sheets_visible_to(user).select_related("node"),
    view=[VIEW_SHEETS],
    filters={
        "code": Filter(text(60), "code"),
        "activity": Filter(text(40), "activity"),
        "purpose": Filter(choice(SheetPurpose), "purpose"),
    },
    sorts={"code": "code", "name": "name_zh"},
    search=("name_zh", "name_en", "code"),
)
ITEM = shape(
    "SheetItem", Item,
    "id position section section_en code text_zh text_en answer_type options unit low high is_required is_increasing"
    " photo_on_failure severity is_veto weight points deductions limit tolerance_low tolerance_high condition_code"
    " condition_value clause",
)  # fmt: skip
VERSION = shape(
    "SheetVersion", SheetVersion, "id sheet number state scoring doubles_repeats note issued_on withdrawn_on revision",
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


class DeductionGiven(Given):
    """One reason to take points off."""

    code: text(20, least=1)  # type: ignore[valid-type]
    points: decimal(5, 2)  # type: ignore[valid-type]
    zh: text(100, least=1)  # type: ignore[valid-type]
    en: text(100) = ""  # type: ignore[valid-type]


class ItemGiven(Given):
    """One question of a form."""

    code: column(Item, "code")  # type: ignore[valid-type]
    text_zh: column(Item, "text_zh")  # type: ignore[valid-type]
    answer_type: choice(AnswerType)  # type: ignore[valid-type]
    text_en: column(Item, "text_en") = ""  # type: ignore[valid-type]
    section: column(Item, "section") = ""  # type: ignore[valid-type]
    section_en: column(Item, "section_en") = ""  # type: ignore[valid-type]
    options: listed(OptionGiven, MOST_OPTIONS, 0) = []  # type: ignore[valid-type]
    unit: column(Item, "unit") = ""  # type: ignore[valid-type]
    low: decimal(10, 4, signed=True) | None = None  # type: ignore[valid-type]
    high: decimal(10, 4, signed=True) | None = None  # type: ignore[valid-type]
    is_required: Bool = True
    is_increasing: Bool = False
    photo_on_failure: Bool = False
    severity: choice(ItemSeverity) = ItemSeverity.MINOR.value  # type: ignore[valid-type]
    is_veto: Bool = False
    weight: decimal(5, 2) = Decimal(1)  # type: ignore[valid-type]
    points: decimal(5, 2) = Decimal(1)  # type: ignore[valid-type]
    deductions: listed(DeductionGiven, MOST_DEDUCTIONS, 0) = []  # type: ignore[valid-type]
    limit: number(most=MOST_DEFECTS) | None = None  # type: ignore[valid-type]
    tolerance_low: decimal(10, 4, signed=True) | None = None  # type: ignore[valid-type]
    tolerance_high: decimal(10, 4, signed=True) | None = None  # type: ignore[valid-type]
    condition_code: column(Item, "condition_code") = ""  # type: ignore[valid-type]
    condition_value: column(Item, "condition_value") = ""  # type: ignore[valid-type]
    clause_id: Id | None = None


def begin(*, by: User, **given: Any) -> Sheet:
    """Begin a sheet of a node (of everybody without one) with its first draft."""
    return actions.create_sheet(by=by, **given).sheet


def change_items(version: SheetVersion, *, items: list[ItemGiven], by: User) -> list[Item]:
    """Make a draft ask exactly these questions in this order."""
    return actions.change_items(version, [_spec(item) for item in items], by=by)


def _spec(item: ItemGiven) -> ItemSpec:
    options = tuple(Option(one.code, one.zh, one.en) for one in item.options)
    deductions = tuple(Deduction(one.code, one.zh, one.points, one.en) for one in item.deductions)
    return ItemSpec(**item.model_dump(exclude={"options", "deductions"}), options=options, deductions=deductions)


NAMES = {
    "name_zh": column(Sheet, "name_zh"),
    "name_en": maybe(column(Sheet, "name_en")),
    "activity": maybe(column(Sheet, "activity")),
}
SHEETS.expose(router)
on_sheets = Acts(router, SHEETS, [EDIT_SHEETS])
on_sheets.add(
    begin,
    {
        "code": column(Sheet, "code"),
        **NAMES,
        "purpose": maybe(choice(SheetPurpose)),
        "node": maybe(ref(NODES, empty=True)),
    },
)
on_sheets.patch(actions.change_sheet, NAMES)
on_sheets.post("new-version", actions.new_version, {"note": maybe(text(300))}, answer=VERSION)

VERSIONS.expose(router)
on_versions = Acts(router, VERSIONS, [EDIT_SHEETS])
on_versions.put("items", change_items, {"items": listed(ItemGiven, MOST_ITEMS, 0)})
on_versions.post("scoring", actions.change_scoring, {"scoring": choice(Scoring), "doubles_repeats": maybe(Bool)})
steps(
    on_versions,
    SHEET_FLOW,
    {"issue": (actions.issue, {}), "withdraw": (actions.withdraw, {"reason": text(300)})},
)
