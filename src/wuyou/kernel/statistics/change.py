"""Before and after: has it become better, worse, or can one not tell?"""

from dataclasses import dataclass
from typing import Literal

from .intervals import CONFIDENCE, Interval, Sample, newcombe, welch

Direction = Literal["up", "down"]
Verdict = Literal["better", "worse", "unclear"]


@dataclass(frozen=True, slots=True)
class Change:
    """After minus before with its interval, and what may be said about it."""

    before: float
    after: float
    difference: Interval
    verdict: Verdict


def compare_proportions(
    before: tuple[int, int], after: tuple[int, int], *, direction: Direction, confidence: float = CONFIDENCE
) -> Change:
    """Two shares, each (count, size), by Newcombe's interval; `direction` says which way is better."""
    difference = newcombe(after, before, confidence=confidence)
    return Change(before[0] / before[1], after[0] / after[1], difference, verdict(difference, direction=direction))


def compare_means(before: Sample, after: Sample, *, direction: Direction, confidence: float = CONFIDENCE) -> Change:
    """Two means by Welch's interval; `direction` says which way is better."""
    difference = welch(after, before, confidence=confidence)
    return Change(before.mean, after.mean, difference, verdict(difference, direction=direction))


def verdict(difference: Interval, *, direction: Direction) -> Verdict:
    """Better or worse when the whole interval lies on one side of zero; unclear otherwise."""
    if not difference.excludes_zero:
        return "unclear"
    return "better" if (difference.low > 0) == (direction == "up") else "worse"
