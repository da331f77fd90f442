"""Telephone numbers, identity numbers and number plates as people write them (spec 01: bad input)."""

import re
import unicodedata
from datetime import date

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

_LOOSE = re.compile(r"[\s\-—–().·]+")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1[3-9]\d{9}$)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}")
_SHORTENED = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)  # 1.99E+10
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Z](?:[A-HJ-NP-Z0-9]{{5}}|[A-HJ-NP-Z0-9]{{4}}[学警港澳挂]|[A-HJ-NP-Z0-9]{{6}})"
)


def _narrow(text: str) -> str:
    """Full-width signs narrowed, spaces and hyphens dropped."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", text))


def normal_phone(text: str) -> str:
    """A mainland number as plain digits: eleven of a mobile, a landline with its area code; '' stays ''.

    Raises Invalid for letters and for any other count of digits.
    """
    if _SHORTENED.fullmatch("".join(unicodedata.normalize("NFKC", text).split())):
        raise Invalid(_("A spreadsheet has shortened this number. Format the column as text and enter it again."))
    digits = _COUNTRY.sub("", _narrow(text))
    if not digits:
        return ""
    if not digits.removeprefix("+").isascii() or not digits.removeprefix("+").isdigit():
        raise Invalid(_("A telephone number has digits only."))
    if not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        raise Invalid(_("Not a mainland telephone number: 11 digits, or a landline with its area code."))
    return digits


def normal_identity(text: str) -> str:
    """An identity number in its 18-digit form; a 15-digit one of before 2000 is lengthened, '' stays ''.

    Raises Invalid for a wrong length, sign, birthday or check digit.
    """
    if _SHORTENED.fullmatch("".join(unicodedata.normalize("NFKC", text).split())):
        raise Invalid(_("A spreadsheet has shortened this number. Format the column as text and enter it again."))
    number = _narrow(text).upper()
    if not number:
        return ""
    if re.fullmatch(r"[0-9]{15}", number):
        body = f"{number[:6]}19{number[6:]}"
        number = body + check_sign(body)
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        raise Invalid(_("An identity number has 18 digits (the last may be X) or 15."))
    if born_on(number) is None:
        raise Invalid(_("The birthday in the identity number does not exist."))
    if check_sign(number[:17]) != number[17]:
        raise Invalid(_("The check digit of the identity number is wrong: a digit is mistyped."))
    return number


def check_sign(body: str) -> str:
    """The eighteenth sign of an identity number from its first seventeen (GB 11643)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return _CHECK_SIGNS[total % 11]


def born_on(identity: str) -> date | None:
    """The birthday inside an 18-digit identity number; None when there is no such day."""
    try:
        return date(int(identity[6:10]), int(identity[10:12]), int(identity[12:14]))
    except ValueError:
        return None


def normal_plate(text: str) -> str:
    """A number plate in capitals without spaces or dots, ordinary or new energy; raises Invalid for anything else."""
    plate = _narrow(text).replace("•", "").upper()
    if not _PLATE.fullmatch(plate):
        raise Invalid(_("Not a number plate: a province, a letter, then five or six letters and digits."))
    return plate


def age_on(birthday: date, day: date) -> int:
    """Full years on a day; who is born on 29 February has the birthday on 1 March in other years."""
    return day.year - birthday.year - ((day.month, day.day) < (birthday.month, birthday.day))
