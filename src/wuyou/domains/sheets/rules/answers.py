"""Answers against the items of a sheet (spec 03 Tasks, 05 Sheets): errors stop, implausible readings are flagged."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from wuyou.domains.sheets.choices import AnswerType
from wuyou.kernel.errors import FieldError, Invalid

from .items import HIGHEST_GRADE, LARGEST_POWER, MOST_DEFECTS, PLACES, ItemSpec

PASS, FAIL, NOT_APPLICABLE = "pass", "fail", "na"
NOTHING = "none"  # of a list of deductions: none was taken
LOW, HIGH, FALLEN = "low", "high", "fallen"

LONGEST_TEXT = 300
LONGEST_SIGNATURE = 60


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it is stored; `flag` says why a reading is implausible (low, high, fallen), "" when it is not."""

    code: str
    value: str
    number: Decimal | None = None
    flag: str = ""
    is_failure: bool = False

    @property
    def is_implausible(self) -> bool:
        """Whether the reading wants a second look."""
        return bool(self.flag)


@dataclass(slots=True)
class Checked:
    """All answers that could be read and everything that is wrong, each error at `answers.<code>`."""

    answers: list[Answered] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)

    @property
    def failures(self) -> list[Answered]:
        """The items that failed."""
        return [answer for answer in self.answers if answer.is_failure]

    @property
    def implausible(self) -> list[Answered]:
        """The readings to confirm."""
        return [answer for answer in self.answers if answer.is_implausible]

    def require_valid(self) -> None:
        """Raise Invalid with every error."""
        if self.errors:
            raise Invalid(fields={error.field: error.message for error in self.errors})


class WrongAnswer(Exception):
    """Why an answer cannot be taken."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message


def check_answers(
    items: Iterable[ItemSpec],
    answers: Mapping[str, object],
    *,
    photos: Mapping[str, int] | None = None,
    last: Mapping[str, Decimal] | None = None,
) -> Checked:
    """Check what somebody answered, by item code; `photos` counts pictures per item, `last` holds the last readings.

    A reading out of its bounds, or of a meter that fell, is taken and flagged: meters are replaced, pressure does drop.
    What was answered to an item whose condition is not met is left out: it is not asked.
    """
    listed = list(items)
    checked = Checked()
    known = {item.code for item in listed}
    checked.errors += [_error(code, _("This is not on the sheet.")) for code in answers if code not in known]
    taken: dict[str, str] = {}
    for item in listed:
        if not is_asked(item, taken):
            continue
        try:
            answer = _answered(item, answers.get(item.code), photos=(photos or {}).get(item.code, 0))
        except WrongAnswer as wrong:
            checked.errors.append(_error(item.code, wrong.message))
            continue
        if answer is not None:
            taken[item.code] = answer.value
            checked.answers.append(_flagged(item, answer, (last or {}).get(item.code)))
    return checked


def is_asked(item: ItemSpec, answers: Mapping[str, str]) -> bool:
    """Whether the item is asked, given the stored answers to the items before it that are asked themselves."""
    return not item.condition_code or answers.get(item.condition_code) == item.condition_value


def asked_items(items: Iterable[ItemSpec], answers: Mapping[str, str]) -> list[ItemSpec]:
    """The items whose condition is met, chain by chain; `answers` are values as they are stored, by item code."""
    kept: dict[str, str] = {}
    asked: list[ItemSpec] = []
    for item in items:
        if not is_asked(item, kept):
            continue
        asked.append(item)
        if item.code in answers:
            kept[item.code] = answers[item.code]
    return asked


def _error(code: str, message: object) -> FieldError:
    return FieldError(f"answers.{code}", message)


def _answered(item: ItemSpec, given: object, *, photos: int) -> Answered | None:
    """The answer to one item, None for an optional one left empty; raises WrongAnswer."""
    if item.answer_type == AnswerType.PHOTO:
        return _photographed(item, photos)
    if given is None or (isinstance(given, str) and not given.strip()):
        if item.is_required:
            raise WrongAnswer(_("An answer is needed."))
        return None
    answer = read_answer(item, given)
    if answer.is_failure and item.photo_on_failure and not photos:
        raise WrongAnswer(_("A photo is needed of what failed."))
    return answer


def read_answer(item: ItemSpec, given: object) -> Answered:
    """One answer as it is stored, with whether it is a failure; photos are counted elsewhere. Raises WrongAnswer."""
    if item.can_fail and given == NOT_APPLICABLE:
        return Answered(item.code, NOT_APPLICABLE)
    answer = _READERS[item.answer_type](item, given)
    return replace(answer, is_failure=fails(item, answer.value))


def fails(item: ItemSpec, value: str) -> bool:
    """Whether a stored answer is a failure of the item: of an item that was not answered it is not."""
    if not item.can_fail or value in {"", NOT_APPLICABLE}:
        return False
    return _FAILS[item.answer_type](item, value)


def out_of_tolerance(item: ItemSpec, number: Decimal) -> bool:
    """Whether a measured value is below or above what is tolerated."""
    too_low = item.tolerance_low is not None and number < item.tolerance_low
    return too_low or (item.tolerance_high is not None and number > item.tolerance_high)


_FAILS: Mapping[str, Callable[[ItemSpec, str], bool]] = {
    AnswerType.PASS_FAIL: lambda _item, value: value == FAIL,
    AnswerType.GRADE: lambda item, value: int(value) < item.lowest_grade,
    AnswerType.DEDUCT: lambda _item, value: value != NOTHING,
    AnswerType.COUNT: lambda item, value: int(value) > (item.limit or 0),
    AnswerType.MEASURE: lambda item, value: out_of_tolerance(item, Decimal(value)),
}


def _photographed(item: ItemSpec, photos: int) -> Answered | None:
    if photos:
        return Answered(item.code, str(photos))
    if item.is_required:
        raise WrongAnswer(_("A photo is needed."))
    return None


def _pass_fail(item: ItemSpec, given: object) -> Answered:
    if given not in (PASS, FAIL, NOT_APPLICABLE):
        raise WrongAnswer(_("Answer pass, fail or not applicable."))
    return Answered(item.code, str(given))


def _choice(item: ItemSpec, given: object) -> Answered:
    if given not in [option.code for option in item.options]:
        raise WrongAnswer(_("This is not one of the options."))
    return Answered(item.code, str(given))


def _text(item: ItemSpec, given: object) -> Answered:
    if not isinstance(given, str):
        raise WrongAnswer(_("This is not text."))
    text = given.strip()
    if len(text) > LONGEST_TEXT:
        raise WrongAnswer(_("This is too long."))
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in text):
        raise WrongAnswer(_("This contains a control character."))
    return Answered(item.code, text)


def _number(item: ItemSpec, given: object) -> Answered:
    number = _decimal(given)
    if number and number.adjusted() >= LARGEST_POWER:
        raise WrongAnswer(_("This number is too large."))
    if number != round(number, PLACES):
        raise WrongAnswer(_("At most four decimal places."))
    return Answered(item.code, f"{number.normalize():f}", number=number)


def _decimal(given: object) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
        raise WrongAnswer(_("This is not a number."))
    try:
        number = Decimal(_written(given))
    except InvalidOperation:
        raise WrongAnswer(_("This is not a number.")) from None
    if not number.is_finite():
        raise WrongAnswer(_("This is not a number."))
    return number


def _written(given: str | float | Decimal) -> str | int | Decimal:
    """A number as Decimal reads it exactly: full-width digits narrowed, a float by its shortest text."""
    if isinstance(given, float):
        return repr(given)
    return unicodedata.normalize("NFKC", given).replace(" ", "") if isinstance(given, str) else given


def _whole(item: ItemSpec, given: object, *, most: int) -> Answered:
    number = _decimal(given)
    if number != number.to_integral_value() or not 0 <= number <= most:
        raise WrongAnswer(_("This is a whole number from 0 to %(most)s.") % {"most": most})
    return Answered(item.code, str(int(number)))


def _grade(item: ItemSpec, given: object) -> Answered:
    return _whole(item, given, most=HIGHEST_GRADE)


def _count(item: ItemSpec, given: object) -> Answered:
    return _whole(item, given, most=MOST_DEFECTS)


def _deduct(item: ItemSpec, given: object) -> Answered:
    """Codes of the reasons, as a list or with commas between; stored in the order of the item."""
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise WrongAnswer(_("Name the deductions, or that there is none."))
    taken = {part.strip() for part in parts if part.strip()}
    if taken <= {NOTHING}:
        return Answered(item.code, NOTHING)
    known = [deduction.code for deduction in item.deductions]
    if not taken <= set(known):
        raise WrongAnswer(_("This is not one of the deductions."))
    return Answered(item.code, ",".join(code for code in known if code in taken))


def _signature(item: ItemSpec, given: object) -> Answered:
    answer = _text(item, given)
    if len(answer.value) > LONGEST_SIGNATURE or "\n" in answer.value:
        raise WrongAnswer(_("Sign with a name."))
    return answer


_READERS: Mapping[str, Callable[[ItemSpec, object], Answered]] = {
    AnswerType.PASS_FAIL: _pass_fail,
    AnswerType.CHOICE: _choice,
    AnswerType.TEXT: _text,
    AnswerType.NUMBER: _number,
    AnswerType.GRADE: _grade,
    AnswerType.DEDUCT: _deduct,
    AnswerType.COUNT: _count,
    AnswerType.MEASURE: _number,
    AnswerType.SIGNATURE: _signature,
}


def _flagged(item: ItemSpec, answer: Answered, last: Decimal | None) -> Answered:
    if answer.number is None:
        return answer
    return replace(answer, flag=flag_of(item, answer.number, last))


def flag_of(item: ItemSpec, number: Decimal, last: Decimal | None) -> str:
    """Why a reading is implausible: below its bounds, above them, or less than the meter's last; "" when it is not."""
    if item.low is not None and number < item.low:
        return LOW
    if item.high is not None and number > item.high:
        return HIGH
    return FALLEN if item.is_increasing and last is not None and number < last else ""
