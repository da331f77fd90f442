"""A scheme on past months, before it is issued (spec 06): the same evaluation, with streaks of its own making."""

from collections.abc import Iterable
from dataclasses import replace

from .inputs import Inputs, Standing
from .outcome import Result, evaluate
from .scheme import Scheme


def simulate(scheme: Scheme, months: Iterable[Inputs]) -> list[tuple[Inputs, Result]]:
    """Each month's result in time order; what came before is what this scheme makes of it, not what was published."""
    earlier: list[Standing] = []
    found: list[tuple[Inputs, Result]] = []
    for inputs in sorted(months, key=lambda one: (one.month.year, one.month.month)):
        own = replace(inputs, earlier=tuple(earlier))
        result = evaluate(scheme, own)
        earlier.append(Standing(inputs.month, result.band))
        found.append((own, result))
    return found
