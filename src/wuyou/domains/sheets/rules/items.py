"""An item as a value, checked before it is written (spec 05, Sheets)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.domains.sheets.choices import AnswerType
from wuyou.kernel.errors import Invalid

MOST_ITEMS = 500
MOST_OPTIONS = 50
LARGEST_POWER = 10  # readings are stored with ten digits before the point
PLACES = 4  # and four behind

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice: its code is stored, its words are shown."""

    code: str
    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """One question; `low` and `high` bound what is plausible, in `unit`."""

    code: str
    text_zh: str
    answer_type: str
    text_en: str = ""
    section: str = ""
    options: Sequence[Option] = ()
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    is_required: bool = True
    is_increasing: bool = False
    photo_on_failure: bool = False
    clause_id: int | None = None


ITEM_FIELDS = tuple(name for name in ItemSpec.__dataclass_fields__ if name != "options")


def check_items(specs: Sequence[ItemSpec]) -> None:
    """Raise Invalid naming every wrong item as `items.<position>.<field>`, positions from 1."""
    if not specs:
        raise Invalid(fields={"items": _("A sheet needs at least one item.")})
    if len(specs) > MOST_ITEMS:
        raise Invalid(fields={"items": _("A sheet has at most %(most)s items.") % {"most": MOST_ITEMS}})
    wrong: dict[str, object] = {}
    seen: set[str] = set()
    for position, spec in enumerate(specs, start=1):
        found = _wrong_item(spec)
        if spec.code in seen:
            found["code"] = _("This code stands twice.")
        seen.add(spec.code)
        wrong |= {f"items.{position}.{name}": message for name, message in found.items()}
    if wrong:
        raise Invalid(fields=wrong)


def _wrong_item(spec: ItemSpec) -> dict[str, object]:
    wrong: dict[str, object] = {}
    if not _CODE.fullmatch(spec.code):
        wrong["code"] = _("A code is small letters, digits and dashes, at most 40 of them.")
    if not spec.text_zh.strip():
        wrong["text_zh"] = _("This is needed.")
    if spec.answer_type not in AnswerType.values:
        wrong["answer_type"] = _("There is no such kind of answer.")
    return wrong | _wrong_options(spec) | _wrong_bounds(spec)


def _wrong_options(spec: ItemSpec) -> dict[str, object]:
    if spec.answer_type != AnswerType.CHOICE:
        return {"options": _("Only a choice has options.")} if spec.options else {}
    codes = [option.code for option in spec.options]
    if not 2 <= len(codes) <= MOST_OPTIONS or len(set(codes)) < len(codes):
        return {"options": _("A choice needs 2 to 50 different options.")}
    if any(not _CODE.fullmatch(option.code) or not option.zh.strip() for option in spec.options):
        return {"options": _("An option needs a code and words.")}
    return {}


def _wrong_bounds(spec: ItemSpec) -> dict[str, object]:
    wrong: dict[str, object] = {}
    bounds = [bound for bound in (spec.low, spec.high) if bound is not None]
    if spec.answer_type != AnswerType.NUMBER and (bounds or spec.is_increasing):
        wrong["low"] = _("Only a number has bounds and can increase.")
    if any(bound and bound.adjusted() >= LARGEST_POWER for bound in bounds) or (
        len(bounds) == 2 and bounds[0] > bounds[1]
    ):
        wrong["high"] = _("The highest plausible number must not be below the lowest.")
    if spec.photo_on_failure and spec.answer_type != AnswerType.PASS_FAIL:
        wrong["photo_on_failure"] = _("Only a pass/fail item can fail.")
    return wrong
