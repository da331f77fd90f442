"""The review of the last places within classes of comparable subjects (spec 06, reference scheme 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .scheme import Ranking


@dataclass(frozen=True, slots=True)
class Contender:
    """One subject of a class; `points` None is not rated."""

    subject_id: int
    klass: str
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subject stands among the rated of its class; `place` None is not ranked."""

    subject_id: int
    klass: str
    place: int | None
    of: int
    is_last: bool = False


def places_of(rule: Ranking, contenders: Sequence[Contender]) -> list[Place]:
    """The place of each contender in its class, in the given order; equal points share the better place.

    A class with fewer rated than `min_class` is not ranked. The last `last` are marked; equals of the first marked
    one are marked with it, but never the whole class.
    """
    found: dict[int, Place] = {}
    for klass in {one.klass for one in contenders}:
        mates = [one for one in contenders if one.klass == klass]
        found |= {place.subject_id: place for place in _class_places(rule, klass, mates)}
    return [found[one.subject_id] for one in contenders]


def _class_places(rule: Ranking, klass: str, mates: Sequence[Contender]) -> list[Place]:
    rated = sorted((one.points for one in mates if one.points is not None), reverse=True)
    if len(rated) < max(1, rule.min_class):
        return [Place(one.subject_id, klass, None, len(rated)) for one in mates]
    edge = rated[-min(rule.last, len(rated))]
    return [_place(one, klass, rated, edge) for one in mates]


def _place(one: Contender, klass: str, rated: Sequence[Decimal], edge: Decimal) -> Place:
    if one.points is None:
        return Place(one.subject_id, klass, None, len(rated))
    is_last = one.points <= edge and one.points < rated[0]
    return Place(one.subject_id, klass, rated.index(one.points) + 1, len(rated), is_last)
