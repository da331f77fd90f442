"""What is drawn from a frame: simple, stratified and weighted samples, each draw with its reason (spec 05: Draws).

Strata are worked through in the order of their names (by code point); within a stratum units stand in the frame's
order. One stream of random numbers serves all strata, one after the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

from .choices import Allocation
from .generator import Pick, Stream, pick

MOST_UNITS = 200_000
HEAVIEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that can be drawn; `id` is unique in its frame, `weight` how likely against the others (≥ 1)."""

    id: str
    label: str
    stratum: str = ""
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Method:
    """How to draw: how many, by which strata, whether weights count, and whether a public word is waited for.

    `allocation` none ignores strata; proportional shares `number` out by the largest remainder (`at_least_one`: every
    stratum gets one first); given takes `numbers`, whose sum is `number`.
    """

    number: int
    allocation: str = Allocation.NONE
    at_least_one: bool = False
    numbers: Mapping[str, int] = field(default_factory=dict)
    is_weighted: bool = False
    needs_word: bool = False


class Drawn(NamedTuple):
    """One unit drawn, and why: `roll` below `of` fell on it when it was number `turn` in its stratum."""

    position: int
    unit: Unit
    turn: int
    roll: int
    of: int


def check_frame(units: Sequence[Unit]) -> None:
    """Raise Invalid for a frame nothing can be drawn from: empty, too large, a unit twice, a weight below one."""
    if not units:
        raise Invalid(fields={"frame": _("There is nothing to draw from.")})
    if len(units) > MOST_UNITS:
        raise Invalid(fields={"frame": _("A frame has at most 200,000 units.")})
    seen: dict[str, Unit] = {}
    for number, unit in enumerate(units):
        _check_unit(unit, number, seen.get(unit.id))
        seen[unit.id] = unit


def _check_unit(unit: Unit, number: int, twin: Unit | None) -> None:
    where = f"frame/{number}"
    if not unit.id:
        raise Invalid(fields={f"{where}/id": _("A unit needs an identifier.")})
    if twin and twin.stratum != unit.stratum:
        message = _("“%(label)s” stands in two strata: “%(one)s” and “%(other)s”.")
        raise Invalid(message, label=unit.label, one=twin.stratum, other=unit.stratum)
    if twin:
        raise Invalid(_("“%(label)s” stands in the frame twice."), label=unit.label)
    if not 1 <= unit.weight <= HEAVIEST:
        raise Invalid(fields={f"{where}/weight": _("A weight is a whole number from 1 to 1,000,000.")})


def check_method(method: Method, units: Sequence[Unit]) -> None:
    """Raise Invalid for a method that this frame cannot serve: see `allot`."""
    allot(method, strata_of(units, method))


def strata_of(units: Iterable[Unit], method: Method) -> dict[str, list[Unit]]:
    """The units by stratum, strata in the order of their names; one nameless stratum where strata do not count."""
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault("" if method.allocation == Allocation.NONE else unit.stratum, []).append(unit)
    return dict(sorted(found.items()))


def allot(method: Method, strata: Mapping[str, Sequence[Unit]]) -> dict[str, int]:
    """How many to draw from each stratum.

    Raises Invalid for more than there is, less than one, an unknown stratum, or numbers that contradict each other.
    """
    sizes = {name: len(units) for name, units in strata.items()}
    if method.allocation not in Allocation.values:
        raise Invalid(fields={"allocation": _("Choose how the sample is shared out.")})
    if method.number < 1:
        raise Invalid(fields={"number": _("Draw at least one.")})
    if method.number > sum(sizes.values()):
        raise Invalid(
            _("%(number)d are asked for but there are only %(size)d."), number=method.number, size=sum(sizes.values())
        )
    if method.allocation == Allocation.GIVEN:
        return _given(method, sizes)
    if method.numbers:
        raise Invalid(fields={"numbers": _("Numbers by stratum go with numbers given by stratum only.")})
    if not (method.at_least_one and method.allocation == Allocation.PROPORTIONAL):
        return proportional(method.number, sizes)
    return _one_each_first(method.number, sizes)


def _one_each_first(number: int, sizes: Mapping[str, int]) -> dict[str, int]:
    if number < len(sizes):
        message = _("There are %(strata)d strata: at least one of each needs %(strata)d, not %(number)d.")
        raise Invalid(message, strata=len(sizes), number=number)
    rest = proportional(number - len(sizes), {name: size - 1 for name, size in sizes.items()})
    return {name: 1 + extra for name, extra in rest.items()}


def _given(method: Method, sizes: Mapping[str, int]) -> dict[str, int]:
    unknown = sorted(set(method.numbers) - set(sizes))
    if unknown:
        raise Invalid(_("The frame has no stratum “%(name)s”."), name=unknown[0])
    for name, number in method.numbers.items():
        if not 0 <= number <= sizes[name]:
            message = _("%(number)d are asked for in “%(name)s”, which has %(size)d.")
            raise Invalid(message, number=number, name=name, size=sizes[name])
    total = sum(method.numbers.values())
    if total != method.number:
        message = _("The numbers by stratum add up to %(total)d, not to %(number)d.")
        raise Invalid(message, total=total, number=method.number)
    return {name: method.numbers.get(name, 0) for name in sizes}


def proportional(number: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """`number` shared out in proportion to sizes by the largest remainder; ties go to the name that sorts first."""
    whole = sum(sizes.values())
    shares = {name: number * size // whole if whole else 0 for name, size in sizes.items()}
    rest = {name: number * size % whole if whole else 0 for name, size in sizes.items()}
    for name in sorted(sizes, key=lambda name: (-rest[name], name))[: number - sum(shares.values())]:
        shares[name] += 1
    return shares


def draw(stream: Stream, units: Sequence[Unit], method: Method) -> list[Drawn]:
    """Draw by this method; in order drawn. Raises Invalid for a frame or a method that cannot be."""
    check_frame(units)
    strata = strata_of(units, method)
    result: list[Drawn] = []
    for name, count in allot(method, strata).items():
        members = strata[name]
        weights = [unit.weight if method.is_weighted else 1 for unit in members]
        picks = pick(stream, weights, count)
        result += [_drawn(len(result) + turn, turn, members, found) for turn, found in enumerate(picks, 1)]
    return result


def _drawn(position: int, turn: int, members: Sequence[Unit], found: Pick) -> Drawn:
    return Drawn(position, members[found.place], turn, found.roll, found.of)
