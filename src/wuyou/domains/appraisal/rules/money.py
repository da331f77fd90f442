"""Money of consequences: splits that add up, and what a person's penalty costs the supervisor (spec 06; spec 00)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid


def split_fen(amount_fen: int, weights: Sequence[Decimal]) -> list[int]:
    """An amount in fen split by weight so that the parts add up to it: the largest remainder gets the last fen.

    Of equal remainders the earlier part is served first; a negative amount is split as its opposite. Raises Invalid
    for no weights, a negative one, or a total of 0.
    """
    total = sum(weights, Decimal(0))
    if not weights or min(weights) < 0 or not total:
        raise Invalid(_("An amount is split by shares of 0 or more, not all of them 0."))
    sign = -1 if amount_fen < 0 else 1
    exact = [abs(amount_fen) * weight / total for weight in weights]
    parts = [int(share.to_integral_value(rounding=ROUND_FLOOR)) for share in exact]
    left = abs(amount_fen) - sum(parts)
    order = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[:left]:
        parts[index] += 1
    return [sign * part for part in parts]


def percent_fen(amount_fen: int, percent: Decimal) -> int:
    """A percentage of an amount, half up to the fen."""
    return int((amount_fen * percent / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Charge:
    """What one person is paid (positive) or charged (negative), in fen, and whether as somebody's supervisor."""

    person_id: int
    amount_fen: int
    for_person_id: int | None = None


def charges_of(person_id: int, amount_fen: int, *, supervisor_id: int | None, percent: Decimal) -> list[Charge]:
    """A person's reward or penalty and, of a penalty, the supervisor's own charge beside it (spec 06, manager shares).

    The supervisor pays in addition: the person's charge is not lessened. Nobody supervises himself.
    """
    own = [Charge(person_id, amount_fen)]
    if amount_fen >= 0 or supervisor_id is None or supervisor_id == person_id or not percent:
        return own
    return [*own, Charge(supervisor_id, -percent_fen(-amount_fen, percent), for_person_id=person_id)]
