"""Whether somebody may appeal against a decision now: for showing the way, never for deciding (spec 00 rule 3)."""

from dataclasses import dataclass
from datetime import datetime

from wuyou.domains.quality.models import Appeal
from wuyou.domains.quality.policies.appeals import check_file
from wuyou.kernel import clock
from wuyou.kernel.actors import Actor
from wuyou.kernel.errors import Conflict, Denied, Missing

from .appeals import appeal_in_the_way, appealable_until, appeals_on, appeals_visible_to, ladder_of
from .challenged import Challenge, challenge


@dataclass(frozen=True, slots=True)
class Chance:
    """A decision that may be appealed against until a moment."""

    challenge: Challenge
    until: datetime


def chance_of(by: Actor, kind: str, pk: int) -> Chance | None:
    """The chance to appeal against a decision; None for who is no party, after the limit, or a second time."""
    try:
        found = challenge(by, kind, pk)
        check_file(by, found.project, found.decision)
    except (Missing, Conflict, Denied):
        return None
    until = appealable_until(found.decision, ladder_of(found.project))
    is_free = appeal_in_the_way(found.decision) is None
    return Chance(found, until) if is_free and clock.now() <= until else None


def appeals_shown_on(by: Actor, kind: str, pk: int) -> list[Appeal]:
    """Appeals against a decision that `by` may see, the newest first."""
    return list(appeals_on(kind, pk).filter(pk__in=appeals_visible_to(by).values("pk")))
