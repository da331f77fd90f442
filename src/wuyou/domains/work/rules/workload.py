"""Hours and heads: what a plan costs in a year against who is there (spec 03 Plan, 13 §5 and §7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from wuyou.kernel import clock

HOURS_A_YEAR = Decimal(8760)
HUNDREDTH = Decimal("0.01")
TENTH = Decimal("0.1")
ROUND_THE_CLOCK = Decimal(24)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a head works in a year: the legal standard less leave and absence; a company may know better.

    `yearly_hours` 248 days of 8 hours, `overtime_hours` 36 a month at most, `leave_days` after one year of work
    (5, 10 or 15), `absence_share` is ours, to be calibrated; `day_minutes` of one shift.
    """

    yearly_hours: Decimal = Decimal(1984)
    leave_days: Decimal = Decimal(5)
    absence_share: Decimal = Decimal("0.02")
    overtime_hours: Decimal = Decimal(432)
    day_minutes: Decimal = Decimal(480)

    @property
    def net_hours(self) -> Decimal:
        """Hours a head is really there in a year."""
        return (self.yearly_hours - self.leave_days * 8) * (1 - self.absence_share)


DEFAULTS = Assumptions()


@dataclass(frozen=True, slots=True)
class Effort:
    """One line's share: which crew, minutes of one time, times a year."""

    crew: str
    minutes: Decimal
    per_year: Decimal


def yearly_hours(efforts: Iterable[Effort]) -> dict[str, Decimal]:
    """Hours a year by crew, to a tenth."""
    minutes: dict[str, Decimal] = defaultdict(Decimal)
    for effort in efforts:
        minutes[effort.crew] += effort.minutes * effort.per_year
    return {crew: (total / 60).quantize(TENTH, ROUND_HALF_UP) for crew, total in minutes.items()}


def heads_for(hours: Decimal, *, assumptions: Assumptions = DEFAULTS) -> Decimal:
    """Heads that so many hours a year need, gross of leave and absence, to a hundredth."""
    return (hours / assumptions.net_hours).quantize(HUNDREDTH, ROUND_HALF_UP)


def bare_heads_for(hours: Decimal, *, assumptions: Assumptions = DEFAULTS) -> Decimal:
    """Heads if nobody was ever on leave or ill: 4.42 for a post staffed round the clock (spec 13 §5)."""
    return (hours / assumptions.yearly_hours).quantize(HUNDREDTH, ROUND_HALF_UP)


def post_hours(*, hours_per_day: Decimal, heads: int, days_per_week: int = 7) -> Decimal:
    """Hours a year a post must be staffed; a round-the-clock post has 8,760."""
    return (HOURS_A_YEAR / 24 * hours_per_day * heads * days_per_week / 7).quantize(TENTH, ROUND_HALF_UP)


def fewest_lawful(hours: Decimal, *, assumptions: Assumptions = DEFAULTS) -> int:
    """The fewest people who may lawfully staff so many hours with all the overtime the law allows: 4 for 24 hours."""
    most = assumptions.yearly_hours + assumptions.overtime_hours
    return int((hours / most).to_integral_value(ROUND_CEILING))


def posts_covered(heads: int, *, assumptions: Assumptions = DEFAULTS) -> int:
    """How many round-the-clock posts so many people can staff within normal hours, leave and absence included."""
    need = HOURS_A_YEAR / assumptions.net_hours
    return int((heads / need).to_integral_value(ROUND_FLOOR))


@dataclass(frozen=True, slots=True)
class CrewLoad:
    """A crew's year: hours of scheduled work and of posts, heads needed and present."""

    crew: str
    task_hours: Decimal
    post_hours: Decimal
    needed: Decimal
    present: int

    @property
    def hours(self) -> Decimal:
        """All hours."""
        return self.task_hours + self.post_hours

    @property
    def short_by(self) -> Decimal:
        """Heads missing; 0 when there are enough."""
        return max(self.needed - self.present, Decimal(0))


def crew_loads(
    task_hours: Mapping[str, Decimal],
    posts: Mapping[str, Decimal],
    present: Mapping[str, int],
    *,
    assumptions: Assumptions = DEFAULTS,
) -> list[CrewLoad]:
    """Every crew that has work or people, the one that lacks most heads first."""
    loads = []
    for crew in sorted({*task_hours, *posts, *present}):
        tasks, posted = task_hours.get(crew, Decimal(0)), posts.get(crew, Decimal(0))
        needed = heads_for(tasks + posted, assumptions=assumptions)
        loads.append(CrewLoad(crew, tasks, posted, needed, present.get(crew, 0)))
    return sorted(loads, key=lambda load: (-load.short_by, load.crew))


@dataclass(frozen=True, slots=True)
class Customary:
    """Heads by a customary ratio: between `low` and `high`, for so much of what the ratio counts."""

    role: str
    amount: Decimal
    low: Decimal
    high: Decimal
    present: int

    @property
    def verdict(self) -> str:
        """`below`, `within` or `above` what is customary: a sanity check, not a rule."""
        if self.present < self.low:
            return "below"
        return "above" if self.present > self.high else "within"


def customary(role: str, *, amount: Decimal, fewest_per_head: int, most_per_head: int, present: int) -> Customary:
    """Heads that are customary for an amount (households, m²): one per `most_per_head` to one per `fewest_per_head`."""
    low = (amount / most_per_head).quantize(TENTH, ROUND_HALF_UP)
    high = (amount / fewest_per_head).quantize(TENTH, ROUND_HALF_UP)
    return Customary(role, amount, low, high, present)


def spread(opens: datetime, due: datetime, minutes: Decimal) -> dict[date, Decimal]:
    """Minutes of one window shared evenly over its Shanghai days: what is due by Sunday is not all done on Sunday."""
    first, last = clock.local(opens).date(), clock.local(due - timedelta(microseconds=1)).date()
    days = (last - first).days + 1
    return {first + timedelta(days=number): minutes / days for number in range(days)}


@dataclass(frozen=True, slots=True)
class Density:
    """One person's planned minutes on one day."""

    staff_id: int
    day: date
    minutes: Decimal
    limit: Decimal

    @property
    def is_impossible(self) -> bool:
        """More than a shift holds (spec 03: no impossible days)."""
        return self.minutes > self.limit


def impossible_days(
    planned: Mapping[tuple[int, date], Decimal], *, assumptions: Assumptions = DEFAULTS
) -> list[Density]:
    """The person-days that hold more than a shift, the fullest first."""
    days = [Density(staff, day, minutes, assumptions.day_minutes) for (staff, day), minutes in planned.items()]
    return sorted((one for one in days if one.is_impossible), key=lambda one: (-one.minutes, one.day, one.staff_id))
