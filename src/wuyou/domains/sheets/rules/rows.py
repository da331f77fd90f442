"""Rows of the shipped file → items."""

from collections.abc import Mapping
from decimal import Decimal

from .items import ItemSpec, Option


def item_of_row(row: Mapping[str, str]) -> ItemSpec:
    """An item from a row; options are `code=中文=English|…`, marks are y or empty. Raises KeyError, ValueError."""
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


def _option(text: str) -> Option:
    code, zh, en = text.split("=")
    return Option(code, zh, en)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
