"""Who may appeal until when, who may decide, and how an appeal climbs (spec 05: Appeal; 00: rule 3). Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from wuyou.domains.quality.choices import Outcome, Step
from wuyou.kernel import clock
from wuyou.kernel.clocks.workcalendar import Days
from wuyou.kernel.errors import Conflict, Denied, Invalid, filled

LIMIT_DAYS = 5  # working days to appeal within, where a company says nothing else
MOST_DAYS = 60
MOST_STEPS = 6
SECOND = timedelta(seconds=1)
LADDER_STEPS = (Step.PROJECT_HEAD, Step.DEPARTMENT, Step.GENERAL_MANAGER)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: which role decides, and within how many working days."""

    step: str
    role: str
    days: int


LADDER = (
    Rung(Step.PROJECT_HEAD.value, "project_manager", 3),
    Rung(Step.DEPARTMENT.value, "group_quality", 5),
    Rung(Step.GENERAL_MANAGER.value, "region", 5),
)  # where a company says nothing else


@dataclass(frozen=True, slots=True)
class Decision:
    """What is challenged: an opaque reference, when it was made known, by whom it was made, whom it is about.

    `parties` are users who may appeal because they were scored themselves. A decision `is_from_above` when it was made
    above the project: then the head of the project does not decide about it.
    """

    kind: str
    id: int
    label: str
    decided_at: datetime
    decided_by: tuple[int, ...] = ()
    parties: tuple[int, ...] = ()
    is_from_above: bool = False


@dataclass(frozen=True, slots=True)
class Climb:
    """What the next climb enters: steps nobody is left for, then the one that waits; None at the end of the ladder."""

    empty: tuple[Rung, ...]
    waits: Rung | None


def check_ladder(rungs: Sequence[Rung], *, days: int, deciding_roles: Collection[str]) -> None:
    """Raise Invalid, at `days` and at each step, for a ladder that cannot be climbed."""
    fields: dict[str, object] = {}
    if not 1 <= days <= MOST_DAYS:
        fields["days"] = filled(_("From 1 to %(most)s working days."), most=MOST_DAYS)
    if not 1 <= len(rungs) <= MOST_STEPS:
        fields["steps"] = filled(_("A ladder has 1 to %(most)s steps."), most=MOST_STEPS)
    for place, rung in enumerate(rungs, start=1):
        fields |= {f"steps.{place}.{name}": why for name, why in _wrong(rung, deciding_roles).items()}
    if fields:
        raise Invalid(fields=fields)


def _wrong(rung: Rung, deciding_roles: Collection[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    if rung.step not in LADDER_STEPS:
        found["step"] = _("There is no such step.")
    if rung.role not in deciding_roles:
        found["role"] = _("This role does not decide appeals.")
    if not 1 <= rung.days <= MOST_DAYS:
        found["days"] = filled(_("From 1 to %(most)s working days."), most=MOST_DAYS)
    return found


def ladder_for(rungs: Sequence[Rung], *, is_from_above: bool) -> tuple[Rung, ...]:
    """The steps an appeal climbs: the head of a project does not overrule who inspected the project from above."""
    if not is_from_above:
        return tuple(rungs)
    return tuple(rung for rung in rungs if rung.step != Step.PROJECT_HEAD)


def limit_after(moment: datetime, *, days: int, table: Days) -> datetime:
    """The last second of the nth working day after the day of `moment`, by the calendar with its swapped days."""
    day, left = clock.local(moment).date(), days
    while left:
        day += timedelta(days=1)
        left -= table.is_workday(day)
    return clock.midnight(day + timedelta(days=1)) - SECOND


def check_in_time(now: datetime, *, until: datetime) -> None:
    """Raise Conflict once the time to appeal is over; the last second of the last day is in time."""
    if now > until:
        day = f"{clock.local(until):%Y-%m-%d}"
        raise Conflict(_("This could be appealed until %(day)s; the time is over."), day=day)


def check_party(user_id: int, *, decision: Decision, may_appeal_here: bool) -> None:
    """Raise Denied unless the user is the party scored: appeals for the project or is whom it is about.

    Nobody appeals against their own decision.
    """
    if user_id in decision.decided_by:
        raise Denied(_("You made this decision yourself."))
    if not may_appeal_here and user_id not in decision.parties:
        raise Denied(_("Only the party that was scored may appeal."))


def deciders(
    candidates: Collection[int], *, not_by: Collection[int], appellant: int, decided_before: Collection[int]
) -> frozenset[int]:
    """Who of the candidates may decide: nobody who made the decision, none it is about, nobody who decided before."""
    return frozenset(candidates) - frozenset(not_by) - frozenset(decided_before) - {appellant}


def climb_from(rungs: Sequence[Rung], start: int, *, left: Mapping[int, Collection[int]]) -> Climb:
    """Where an appeal goes from step number `start` (0 is the lowest); `left` says who is left at each step."""
    empty: list[Rung] = []
    for place in range(start, len(rungs)):
        if left.get(place):
            return Climb(tuple(empty), rungs[place])
        empty.append(rungs[place])
    return Climb(tuple(empty), None)


def has_lapsed(now: datetime, *, due: datetime) -> bool:
    """Whether the time of a step is over; deciding at the due second itself is in time."""
    return now > due


def check_words(grounds: str, wanted: str) -> None:
    """Raise Invalid for an appeal that does not say what is wrong with the decision."""
    fields: dict[str, object] = {}
    if not grounds.strip():
        fields["grounds"] = _("Say why the decision is wrong.")
    if not wanted.strip():
        fields["wanted"] = _("Say what you ask for.")
    if fields:
        raise Invalid(fields=fields)


def check_outcome(outcome: str, *, reasons: str, amended_to: Mapping[str, object] | None) -> None:
    """Raise Invalid for no outcome, no reasons, an amendment that does not say to what, or one where none is made."""
    fields: dict[str, object] = {}
    if outcome not in Outcome.values:
        fields["outcome"] = _("Choose what becomes of the decision.")
    if not reasons.strip():
        fields["reasons"] = _("Give your reasons.")
    if outcome == Outcome.AMEND and not amended_to:
        fields["amended_to"] = _("Say what the decision becomes.")
    if outcome in (Outcome.UPHOLD, Outcome.VOID) and amended_to:
        fields["amended_to"] = _("Only an amended decision becomes something else.")
    if fields:
        raise Invalid(fields=fields)
