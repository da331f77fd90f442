"""The vital few: causes by their share, with the running total (Juran)."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid

Key = TypeVar("Key", bound=Hashable)
VITAL = 0.8


@dataclass(frozen=True, slots=True)
class Share(Generic[Key]):
    """One cause: its count, its share of all and the share of it and all larger ones together."""

    key: Key
    count: float
    share: float
    cumulative: float


def pareto(counts: Mapping[Key, float]) -> list[Share[Key]]:
    """Largest first; equal counts keep the order they were given in; zeros are left out. Raises Invalid below zero."""
    if any(count < 0 for count in counts.values()):
        raise Invalid(_("A count is not negative."))
    total = sum(counts.values())
    found: list[Share[Key]] = []
    running = 0.0
    for key, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        if count:
            running += count
            found.append(Share(key, count, count / total, running / total))
    return found


def vital_few(shares: list[Share[Key]], *, share: float = VITAL) -> list[Share[Key]]:
    """The fewest largest causes that together make at least `share` of all."""
    cut = next((place for place, one in enumerate(shares, start=1) if one.cumulative >= share - 1e-12), len(shares))
    return shares[:cut]
