"""An item as a value, checked before it is written (spec 05, Sheets)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.domains.sheets.choices import AnswerType, ItemSeverity
from wuyou.kernel.errors import Invalid

MOST_ITEMS = 500
MOST_OPTIONS = 50
MOST_DEDUCTIONS = 12
MOST_DEFECTS = 9999
HIGHEST_GRADE = 5
PASSING_GRADE = 3  # where an item says nothing else
LARGEST_POWER = 10  # readings are stored with ten digits before the point
PLACES = 4  # and four behind
LARGEST_POINTS = Decimal("99999.99")
POINT_PLACES = 2

NUMERIC = frozenset({AnswerType.NUMBER, AnswerType.MEASURE})
SCORED = frozenset(
    {AnswerType.PASS_FAIL, AnswerType.GRADE, AnswerType.DEDUCT, AnswerType.COUNT, AnswerType.MEASURE}
)  # can fail, and earn or lose points

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_SHORT_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")
RESERVED = frozenset({"none", "na"})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice: its code is stored, its words are shown."""

    code: str
    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Deduction:
    """One reason to take points off."""

    code: str
    zh: str
    points: Decimal
    en: str = ""


@dataclass(frozen=True, slots=True)
class ItemSpec:
    """One question; `low` and `high` bound what is plausible, in `unit`.

    `points` is the most the item can win or lose, `weight` its relative weight where shares are weighted. `limit` is
    how many defects a count may have, or the lowest grade that passes (3 without). A measured value passes between the
    tolerances, both included. The deductions of a count are at most one: what each defect above the limit costs.
    With `condition_code` the item is asked only where that earlier item was answered with `condition_value`.
    """

    code: str
    text_zh: str
    answer_type: str
    text_en: str = ""
    section: str = ""
    section_en: str = ""
    options: Sequence[Option] = ()
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    is_required: bool = True
    is_increasing: bool = False
    photo_on_failure: bool = False
    severity: str = ItemSeverity.MINOR.value
    is_veto: bool = False
    weight: Decimal = Decimal(1)
    points: Decimal = Decimal(1)
    deductions: Sequence[Deduction] = ()
    limit: int | None = None
    tolerance_low: Decimal | None = None
    tolerance_high: Decimal | None = None
    condition_code: str = ""
    condition_value: str = ""
    clause_id: int | None = None

    @property
    def can_fail(self) -> bool:
        """Whether an answer can be a failure."""
        return self.answer_type in SCORED

    @property
    def lowest_grade(self) -> int:
        """The lowest grade that passes."""
        return PASSING_GRADE if self.limit is None else self.limit


LISTS = ("options", "deductions")  # stored as JSON
ITEM_FIELDS = tuple(name for name in ItemSpec.__dataclass_fields__ if name not in LISTS)


def check_items(specs: Sequence[ItemSpec]) -> None:
    """Raise Invalid naming every wrong item as `items.<position>.<field>`, positions from 1."""
    if not specs:
        raise Invalid(fields={"items": _("A sheet needs at least one item.")})
    if len(specs) > MOST_ITEMS:
        raise Invalid(fields={"items": _("A sheet has at most %(most)s items.") % {"most": MOST_ITEMS}})
    wrong: dict[str, object] = {}
    earlier: dict[str, ItemSpec] = {}
    for position, spec in enumerate(specs, start=1):
        found = _wrong_item(spec) | _wrong_condition(spec, earlier)
        if spec.code in earlier:
            found["code"] = _("This code stands twice.")
        earlier.setdefault(spec.code, spec)
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
    if spec.severity not in ItemSeverity.values:
        wrong["severity"] = _("There is no such severity.")
    return wrong | _wrong_options(spec) | _wrong_bounds(spec) | _wrong_points(spec) | _wrong_judgement(spec)


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
    if (spec.answer_type not in NUMERIC and bounds) or (spec.answer_type != AnswerType.NUMBER and spec.is_increasing):
        wrong["low"] = _("Only a number has bounds and can increase.")
    if _is_no_range(spec.low, spec.high):
        wrong["high"] = _("The highest plausible number must not be below the lowest.")
    if spec.photo_on_failure and not spec.can_fail:
        wrong["photo_on_failure"] = _("Only an item that can fail can ask for a photo of it.")
    if spec.is_veto and not spec.can_fail:
        wrong["is_veto"] = _("Only an item that can fail can be a red line.")
    return wrong


def _is_no_range(low: Decimal | None, high: Decimal | None) -> bool:
    bounds = [bound for bound in (low, high) if bound is not None]
    too_large = any(bound and bound.adjusted() >= LARGEST_POWER for bound in bounds)
    return too_large or (len(bounds) == 2 and bounds[0] > bounds[1])


_LONGEST_LISTS: Mapping[str, int] = {AnswerType.DEDUCT: MOST_DEDUCTIONS, AnswerType.COUNT: 1}


def _wrong_points(spec: ItemSpec) -> dict[str, object]:
    said = _("From 0 to 99999.99, with at most two decimal places.")
    wrong: dict[str, object] = {name: said for name in ("weight", "points") if not _is_points(getattr(spec, name))}
    if len(spec.deductions) > _LONGEST_LISTS.get(spec.answer_type, 0):
        wrong["deductions"] = _("A list has at most 12 reasons, a number of defects one, anything else none.")
    elif spec.answer_type == AnswerType.DEDUCT and not spec.deductions:
        wrong["deductions"] = _("Say for what how many points are taken off.")
    elif _is_bad_list(spec.deductions):
        wrong["deductions"] = _("A reason needs a code of its own, words, and points above 0.")
    elif spec.deductions and not spec.points:
        wrong["points"] = _("Deductions need points to be taken from.")
    return wrong


def _is_points(number: Decimal) -> bool:
    return number.is_finite() and 0 <= number <= LARGEST_POINTS and number == round(number, POINT_PLACES)


def _is_bad_list(deductions: Sequence[Deduction]) -> bool:
    codes = [one.code for one in deductions]
    if len(set(codes)) < len(codes) or RESERVED & set(codes):
        return True
    return any(
        not (_SHORT_CODE.fullmatch(one.code) and one.zh.strip() and one.points and _is_points(one.points))
        for one in deductions
    )


def _wrong_judgement(spec: ItemSpec) -> dict[str, object]:
    wrong: dict[str, object] = {}
    if spec.limit is not None and not 0 <= spec.limit <= MOST_DEFECTS:
        wrong["limit"] = _("From 0 to 9999.")
    elif spec.answer_type == AnswerType.COUNT and spec.limit is None:
        wrong["limit"] = _("Say how many defects are allowed.")
    elif spec.answer_type == AnswerType.GRADE and spec.lowest_grade > HIGHEST_GRADE:
        wrong["limit"] = _("The lowest grade that passes is between 0 and 5.")
    elif spec.answer_type not in {AnswerType.COUNT, AnswerType.GRADE} and spec.limit is not None:
        wrong["limit"] = _("Only a number of defects or a grade has a limit.")
    tolerances = [spec.tolerance_low, spec.tolerance_high]
    if spec.answer_type != AnswerType.MEASURE:
        if tolerances != [None, None]:
            wrong["tolerance_low"] = _("Only a measured value has a tolerance.")
    elif tolerances == [None, None]:
        wrong["tolerance_low"] = _("Say between which values it passes.")
    elif _is_no_range(*tolerances):
        wrong["tolerance_high"] = _("The tolerance must not end below its beginning.")
    return wrong


def _wrong_condition(spec: ItemSpec, earlier: Mapping[str, ItemSpec]) -> dict[str, object]:
    if not spec.condition_code:
        return {"condition_value": _("Name the item whose answer it is.")} if spec.condition_value else {}
    on = earlier.get(spec.condition_code)
    if on is None:
        return {"condition_code": _("This is not an item further up.")}
    if spec.condition_value not in possible_answers(on):
        return {"condition_value": _("That item is never answered so.")}
    return {}


def possible_answers(spec: ItemSpec) -> list[str]:
    """The answers of an item that another can depend on; none for numbers, words and pictures."""
    if spec.answer_type == AnswerType.PASS_FAIL:
        return ["pass", "fail", "na"]
    if spec.answer_type == AnswerType.GRADE:
        return [*(str(grade) for grade in range(HIGHEST_GRADE + 1)), "na"]
    if spec.answer_type == AnswerType.CHOICE:
        return [option.code for option in spec.options]
    return []
