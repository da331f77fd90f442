"""Rows of the shipped file → items."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from wuyou.domains.sheets.choices import ItemSeverity

from .items import Deduction, ItemSpec, Option


def item_of_row(row: Mapping[str, str]) -> ItemSpec:
    """An item of a task's checklist; options are `code=中文=English|…`, marks are y or empty.

    Raises KeyError, ValueError.
    """
    return ItemSpec(
        code=row["code"],
        section=row["section"],
        text_zh=row["text_zh"],
        text_en=row["text_en"],
        answer_type=row["answer_type"],
        options=tuple(_option(part) for part in row["options"].split("|") if part),
        unit=row["unit"],
        low=_number(row["low"]),
        high=_number(row["high"]),
        is_required=row["required"] == "y",
        is_increasing=row["increasing"] == "y",
        photo_on_failure=row["photo_on_failure"] == "y",
    )


def inspection_item_of_row(row: Mapping[str, str]) -> ItemSpec:
    """An item of an inspection sheet; deductions are `code=points=中文=English|…`, a condition is `item=answer`.

    What a row leaves empty is as an item has it by itself; photos are asked of what failed unless the row says `n`.
    Raises KeyError, ValueError, ArithmeticError.
    """
    code, _equals, value = row["condition"].partition("=")
    spec = ItemSpec(row["code"], row["text_zh"], row["answer_type"])
    return replace(
        spec,
        text_en=row["text_en"],
        section=row["section"],
        section_en=row["section_en"],
        options=tuple(_option(part) for part in row["options"].split("|") if part),
        unit=row["unit"],
        is_required=row["required"] != "n",
        photo_on_failure=spec.can_fail and row["photo_on_failure"] != "n",
        severity=row["severity"] or ItemSeverity.MINOR.value,
        is_veto=row["veto"] == "y",
        weight=Decimal(row["weight"] or 1),
        points=Decimal(row["points"] or 1),
        deductions=tuple(_deduction(part) for part in row["deductions"].split("|") if part),
        limit=int(row["limit"]) if row["limit"] else None,
        tolerance_low=_number(row["tolerance_low"]),
        tolerance_high=_number(row["tolerance_high"]),
        condition_code=code,
        condition_value=value,
    )


def _deduction(text: str) -> Deduction:
    code, points, zh, en = text.split("=")
    return Deduction(code, zh, Decimal(points), en)


def _option(text: str) -> Option:
    code, zh, en = text.split("=")
    return Option(code, zh, en)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
