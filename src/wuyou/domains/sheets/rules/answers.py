"""Answers against the items of a sheet (spec 03 Tasks, 05 Sheets): errors stop, implausible readings are flagged."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _

from wuyou.domains.sheets.choices import AnswerType
from wuyou.kernel.errors import FieldError, Invalid

from .items import LARGEST_POWER, PLACES, ItemSpec

PASS, FAIL, NOT_APPLICABLE = "pass", "fail", "na"
LOW, HIGH, FALLEN = "low", "high", "fallen"

LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it is stored; `flag` says why a reading is implausible (low, high, fallen), "" when it is not."""

    code: str
    value: str
    number: Decimal | None = None
    flag: str = ""

    @property
    def is_failure(self) -> bool:
        """Whether the item failed."""
        return self.value == FAIL and self.number is None

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


class _Wrong(Exception):
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
    """
    listed = list(items)
    checked = Checked()
    known = {item.code for item in listed}
    checked.errors += [_error(code, _("This is not on the sheet.")) for code in answers if code not in known]
    for item in listed:
        try:
            answer = _answered(item, answers.get(item.code), photos=(photos or {}).get(item.code, 0))
        except _Wrong as wrong:
            checked.errors.append(_error(item.code, wrong.message))
            continue
        if answer is not None:
            checked.answers.append(_flagged(item, answer, (last or {}).get(item.code)))
    return checked


def _error(code: str, message: object) -> FieldError:
    return FieldError(f"answers.{code}", message)


def _answered(item: ItemSpec, given: object, *, photos: int) -> Answered | None:
    """The answer to one item, None for an optional one left empty; raises _Wrong."""
    if item.answer_type == AnswerType.PHOTO:
        return _photographed(item, photos)
    if given is None or (isinstance(given, str) and not given.strip()):
        if item.is_required:
            raise _Wrong(_("An answer is needed."))
        return None
    answer = _READERS[item.answer_type](item, given)
    if answer.is_failure and item.photo_on_failure and not photos:
        raise _Wrong(_("A photo is needed of what failed."))
    return answer


def _photographed(item: ItemSpec, photos: int) -> Answered | None:
    if photos:
        return Answered(item.code, str(photos))
    if item.is_required:
        raise _Wrong(_("A photo is needed."))
    return None


def _pass_fail(item: ItemSpec, given: object) -> Answered:
    if given not in (PASS, FAIL, NOT_APPLICABLE):
        raise _Wrong(_("Answer pass, fail or not applicable."))
    return Answered(item.code, str(given))


def _choice(item: ItemSpec, given: object) -> Answered:
    if given not in [option.code for option in item.options]:
        raise _Wrong(_("This is not one of the options."))
    return Answered(item.code, str(given))


def _text(item: ItemSpec, given: object) -> Answered:
    if not isinstance(given, str):
        raise _Wrong(_("This is not text."))
    text = given.strip()
    if len(text) > LONGEST_TEXT:
        raise _Wrong(_("This is too long."))
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in text):
        raise _Wrong(_("This contains a control character."))
    return Answered(item.code, text)


def _number(item: ItemSpec, given: object) -> Answered:
    number = _decimal(given)
    if number and number.adjusted() >= LARGEST_POWER:
        raise _Wrong(_("This number is too large."))
    if number != round(number, PLACES):
        raise _Wrong(_("At most four decimal places."))
    return Answered(item.code, f"{number.normalize():f}", number=number)


def _decimal(given: object) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, str | int | float | Decimal):
        raise _Wrong(_("This is not a number."))
    try:
        number = Decimal(_written(given))
    except InvalidOperation:
        raise _Wrong(_("This is not a number.")) from None
    if not number.is_finite():
        raise _Wrong(_("This is not a number."))
    return number


def _written(given: str | float | Decimal) -> str | int | Decimal:
    """A number as Decimal reads it exactly: full-width digits narrowed, a float by its shortest text."""
    if isinstance(given, float):
        return repr(given)
    return unicodedata.normalize("NFKC", given).replace(" ", "") if isinstance(given, str) else given


_READERS: Mapping[str, Callable[[ItemSpec, object], Answered]] = {
    AnswerType.PASS_FAIL: _pass_fail,
    AnswerType.CHOICE: _choice,
    AnswerType.TEXT: _text,
    AnswerType.NUMBER: _number,
}


def _flagged(item: ItemSpec, answer: Answered, last: Decimal | None) -> Answered:
    if answer.number is None:
        return answer
    return Answered(answer.code, answer.value, answer.number, flag_of(item, answer.number, last))


def flag_of(item: ItemSpec, number: Decimal, last: Decimal | None) -> str:
    """Why a reading is implausible: below its bounds, above them, or less than the meter's last; "" when it is not."""
    if item.low is not None and number < item.low:
        return LOW
    if item.high is not None and number > item.high:
        return HIGH
    return FALLEN if item.is_increasing and last is not None and number < last else ""
