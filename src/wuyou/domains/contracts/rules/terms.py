"""The term and the money of a contract: renewal alerts, what is paid on a day (spec 09 Contracts)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

ALERTS = (30, 90, 180)  # days before the end
EXPIRED = "expired"

FEN = Decimal(100)


@dataclass(frozen=True, slots=True)
class FeeChange:
    """An approved change of the yearly fee from a day, in fen."""

    effective_on: date
    delta_fen: int


def renewal_alert(ends_on: date, *, on: date) -> str:
    """`30`, `90` or `180`: the end is at most so many days away; `expired` behind it; "" before any alert."""
    left = (ends_on - on).days
    if left < 0:
        return EXPIRED
    return next((str(days) for days in ALERTS if left <= days), "")


def yearly_fee_fen(base_fen: int, changes: Iterable[FeeChange], *, on: date) -> int:
    """The yearly fee in force on a day: the agreed one and every approved change effective by then, in fen."""
    return base_fen + sum(change.delta_fen for change in changes if change.effective_on <= on)


def last_day(starts_on: date, *, years: int) -> date:
    """The last day of a term of whole years: the day before its anniversary. 29 February counts as 1 March."""
    try:
        return starts_on.replace(year=starts_on.year + years) - timedelta(days=1)
    except ValueError:
        return date(starts_on.year + years, 2, 28)


def fen_of(yuan: object, *, name: str) -> int:
    """An amount in yuan as whole fen; raises Invalid at `name` for no amount, a negative one or parts of a fen."""
    try:
        amount = Decimal(str(yuan).strip()) * FEN
    except ArithmeticError:
        raise Invalid(fields={name: _("This is not an amount.")}) from None
    if not amount.is_finite() or not 0 <= amount < Decimal(10) ** 15:
        raise Invalid(fields={name: _("This is not an amount.")})
    if amount != amount.to_integral_value():
        raise Invalid(fields={name: _("An amount has at most two decimal places.")})
    return int(amount)
