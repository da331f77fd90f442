"""Lot sampling by GB/T 2828.1-2012 (ISO 2859-1): code letters and single plans for normal inspection (spec 13 §9).

The table is shipped as `data/gbt2828.json`. An arrow means the first plan in its direction, with that plan's own sample
size. A sample that reaches the lot means that everything is inspected. Plans for tightened and reduced inspection are
not shipped: whoever inspects enters them.
"""

import functools
import json
import math
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

TABLE = Path(__file__).parent / "data" / "gbt2828.json"
LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")
AQLS = ("0.65", "1.0", "1.5", "2.5", "4.0", "6.5", "10")
SMALLEST_LOT = 2
# acceptance numbers along a row of the table: one step tighter is one place to the left
ACCEPTANCE = (0, 1, 2, 3, 5, 7, 10, 14, 21)


@dataclass(frozen=True, slots=True)
class Plan:
    """Look at `n` of the lot; accept it with at most `ac` nonconforming, reject it with `re` or more."""

    lot: int
    n: int
    ac: int
    re: int
    letter: str = ""

    @property
    def is_whole_lot(self) -> bool:
        """Whether everything is looked at."""
        return self.n >= self.lot


@functools.cache
def table() -> dict[str, Any]:
    """The shipped table."""
    found: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf8"))
    return found


def code_letter(lot: int, level: str) -> str:
    """The code letter of a lot size at an inspection level; raises Invalid for a lot below two or another level."""
    if level not in LEVELS:
        raise Invalid(fields={"level": _("Choose an inspection level of GB/T 2828.1.")})
    if lot < SMALLEST_LOT:
        raise Invalid(fields={"lot": _("A lot has at least two units.")})
    rows = table()["code_letters"]
    return str(next(row[level] for row in rows if row["lot_max"] is None or lot <= row["lot_max"]))


def normal_plan(lot: int, *, level: str = "II", aql: str = "2.5") -> Plan:
    """The single sampling plan for normal inspection; raises Invalid for a level or AQL the tables do not have."""
    letter = code_letter(lot, level)
    if aql not in AQLS:
        raise Invalid(fields={"aql": _("Choose one of the AQL values of the table: 0.65 to 10.")})
    cell = table()["normal_single"][aql][letter]
    return Plan(lot, min(cell["n"], lot), cell["ac"], cell["re"], cell["use_letter"])


def entered_plan(lot: int, *, n: int, ac: int) -> Plan:
    """A plan whose numbers a person enters (tightened, reduced); raises Invalid for numbers that cannot be.

    The edition of 2012 has no gap between acceptance and rejection number in any of its tables.
    """
    wrong: dict[str, object] = {}
    if lot < SMALLEST_LOT:
        wrong["lot"] = _("A lot has at least two units.")
    if n < 1:
        wrong["n"] = _("Look at one unit at least.")
    if ac < 0:
        wrong["ac"] = _("An acceptance number is not negative.")
    if not wrong and ac >= n:
        wrong["ac"] = _("With this acceptance number every lot would be accepted.")
    if wrong:
        raise Invalid(fields=wrong)
    return Plan(lot, min(n, lot), ac, ac + 1)


def is_accepted(plan: Plan, nonconforming: int) -> bool:
    """Whether a lot is accepted; raises Invalid for a count that cannot be."""
    if not 0 <= nonconforming <= plan.n:
        raise Invalid(_("Of %(n)d looked at, %(found)d cannot be nonconforming."), n=plan.n, found=nonconforming)
    return nonconforming <= plan.ac


def passes_tighter(plan: Plan, nonconforming: int) -> bool:
    """Whether the lot would also be accepted one AQL step tighter; there is no step below acceptance number 0."""
    tighter = [number for number in ACCEPTANCE if number < plan.ac]
    return bool(tighter) and nonconforming <= tighter[-1]


def acceptance_probability(plan: Plan, share: Decimal) -> float:
    """How likely a lot is accepted when this share of a long production is nonconforming (binomial)."""
    p = float(share)
    return math.fsum(math.comb(plan.n, k) * p**k * (1 - p) ** (plan.n - k) for k in range(plan.re))


def lot_acceptance_probability(plan: Plan, nonconforming: int) -> float:
    """How likely this very lot is accepted when it holds that many nonconforming units (hypergeometric)."""
    ways = sum(
        math.comb(nonconforming, k) * math.comb(plan.lot - nonconforming, plan.n - k)
        for k in range(min(plan.re, plan.n + 1))
    )
    return ways / math.comb(plan.lot, plan.n)
