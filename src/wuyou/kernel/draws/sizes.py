"""How many to ask or look at for a stated confidence and margin, from a finite population (spec 13 §7).

n0 = z² · p · (1 − p) / e²; n = n0 / (1 + (n0 − 1) / N), rounded up. p = 0.5 is the most careful choice. Exact decimals.
"""

from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

Z = {90: Decimal("1.645"), 95: Decimal("1.96"), 99: Decimal("2.576")}  # two-sided normal quantiles, as tables give them


def sample_size(population: int, *, margin: Decimal, confidence: int = 95, share: Decimal = Decimal("0.5")) -> int:
    """The sample a population needs; `margin` and the expected `share` are parts of one, `confidence` a percentage.

    Raises Invalid for an empty population, another confidence than 90, 95 or 99, or parts outside (0, 1).
    """
    wrong: dict[str, object] = {}
    if population < 1:
        wrong["population"] = _("There is nothing to draw from.")
    if confidence not in Z:
        wrong["confidence"] = _("Choose 90, 95 or 99 percent.")
    for name, part in (("margin", margin), ("share", share)):
        if not 0 < part < 1:
            wrong[name] = _("This lies between 0 and 100 percent.")
    if wrong:
        raise Invalid(fields=wrong)
    unlimited = Z[confidence] ** 2 * share * (1 - share) / margin**2
    needed = unlimited / (1 + (unlimited - 1) / population)
    return max(1, min(population, int(needed.to_integral_value(rounding=ROUND_CEILING))))
