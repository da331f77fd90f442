"""A scheme as a value: sources, weights, aggregation, adjustments, vetoes, bands, consequences (spec 06)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from wuyou.domains.appraisal.choices import (
    Absence,
    Aggregation,
    ConsequenceKind,
    MoneyBase,
    Partial,
    RollGrain,
    RollMethod,
    SourceKind,
    SubjectKind,
)
from wuyou.kernel.explain import Words

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of points: so much per event; `cap` bounds ordinary events of one month, None is no bound."""

    item: str
    name: Words
    event: Words
    points: Decimal
    cap: Decimal | None = None
    is_bonus: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of points per event.

    `factors` multiplies the points of events of an origin (a complaint counts double); these stand outside the cap of
    ordinary events, but a line takes no more than `ceiling` × cap altogether.
    """

    key: str
    name: Words
    lines: tuple[Line, ...]
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    ceiling: Decimal = Decimal(1)

    def line(self, item: str) -> Line:
        """The line of an item; raises LookupError when the table has none."""
        for line in self.lines:
            if line.item == item:
                return line
        raise LookupError(f"the table {self.key} has no item {item}")


@dataclass(frozen=True, slots=True)
class Linear:
    """A value as points: 0 at `zero`, 100 at `full`, in a straight line between and no further."""

    zero: Decimal
    full: Decimal


@dataclass(frozen=True, slots=True)
class Gathering:
    """How the values of a source become one; the mean is trimmed only with at least `at_least` values."""

    method: Aggregation = Aggregation.MEAN
    drop_high: int = 0
    drop_low: int = 0
    at_least: int = 3
    threshold: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Source:
    """Where numbers come from.

    `parts` belong to PARTS; `start` to EVENTS; `levels` (code → weight) to INSPECTIONS; `code` names the metric, the
    scheme, or what is counted; `groups` (name → people) to PANEL; `eased` divides lost points by a zone's difficulty.
    `months` looks back over so many months, the appraised one included (a quarterly inspection counts thrice).
    """

    kind: SourceKind
    parts: tuple["Component", ...] = ()
    start: Decimal = HUNDRED
    levels: Mapping[str, Decimal] = field(default_factory=dict)
    code: str = ""
    groups: Mapping[str, int] = field(default_factory=dict)
    gathering: Gathering = Gathering()
    scoring: Linear | None = None
    eased: bool = False
    months: int = 1

    @property
    def people(self) -> int:
        """How many sheets a panel should give."""
        return sum(self.groups.values())


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the score. `weight` is its percentage among its siblings; `places` rounds it on the way, half up."""

    key: str
    name: Words
    source: Source
    weight: Decimal = HUNDRED
    table: str = ""
    floor: Decimal | None = Decimal(0)
    cap: Decimal | None = HUNDRED
    absence: Absence = Absence.NOT_RATED
    places: int | None = None

    def walk(self) -> Iterator["Component"]:
        """This component and its parts, parents first."""
        yield self
        for part in self.source.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on a fact: `op` is `>`, `>=`, `<` or `<=`."""

    fact: str
    op: str
    than: Decimal


@dataclass(frozen=True, slots=True)
class VetoRule:
    """What ends a month in a band no higher than `at_most`, whatever the points.

    With `figure` the tests look at the month's figures; otherwise at the facts of recorded vetoes of this key. A
    recorded veto without any test holds by being recorded; several tests are alternatives.
    """

    key: str
    name: Words
    at_most: str
    tests: tuple[Test, ...] = ()
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of points: `low` is included, `high` is not; None is open. `is_gap` takes what no other band covers."""

    code: str
    name: Words
    low: Decimal | None = None
    high: Decimal | None = None
    is_gap: bool = False
    tone: str = ""

    def covers(self, points: Decimal) -> bool:
        """Whether the points are within the bounds."""
        if self.is_gap:
            return False
        return (self.low is None or points >= self.low) and (self.high is None or points < self.high)


@dataclass(frozen=True, slots=True)
class Money:
    """A share of a base in percent, or a fixed amount in fen."""

    base: MoneyBase
    share: Decimal = Decimal(0)
    amount_fen: int = 0


@dataclass(frozen=True, slots=True)
class ConsequenceRule:
    """What follows when the month, and the months before it, `in_a_row` in all, ended in one of `bands`."""

    key: str
    name: Words
    kind: ConsequenceKind
    bands: tuple[str, ...]
    in_a_row: int = 1
    money: Money | None = None

    @property
    def is_reward(self) -> bool:
        """A veto keeps rewards back."""
        return self.kind in {ConsequenceKind.BONUS, ConsequenceKind.PREFERENCE}


@dataclass(frozen=True, slots=True)
class RollUp:
    """How the months of a quarter or a year become one; fewer than `at_least` rated ones are not rated."""

    grain: RollGrain
    method: RollMethod = RollMethod.MEAN
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Presence:
    """What a part of a month means: fewer than `min_days` are not rated."""

    partial: Partial = Partial.FULL
    min_days: int = 0


@dataclass(frozen=True, slots=True)
class Ranking:
    """The review of the last places: so many of each class, in classes of at least `min_class` rated subjects."""

    last: int
    min_class: int


@dataclass(frozen=True, slots=True)
class Split:
    """The share (percent) of a person's penalty that the direct supervisor is charged as well."""

    supervisor: Decimal


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scheme. `bands` stand from the best to the worst."""

    code: str
    name: Words
    subject: SubjectKind
    total: Component
    tables: tuple[Table, ...] = ()
    vetoes: tuple[VetoRule, ...] = ()
    bands: tuple[Band, ...] = ()
    consequences: tuple[ConsequenceRule, ...] = ()
    rollups: tuple[RollUp, ...] = ()
    presence: Presence = Presence()
    ranking: Ranking | None = None
    split: Split | None = None
    unrated_breaks_streak: bool = True
    appeal_days: int = 7

    def table(self, key: str) -> Table:
        """The table of a key; raises LookupError when there is none."""
        for table in self.tables:
            if table.key == key:
                return table
        raise LookupError(f"the scheme {self.code} has no table {key}")

    def band(self, code: str) -> Band:
        """The band of a code; raises LookupError when there is none."""
        for band in self.bands:
            if band.code == code:
                return band
        raise LookupError(f"the scheme {self.code} has no band {code}")

    def rank(self, band: str) -> int:
        """How far from the best a band stands."""
        return [known.code for known in self.bands].index(band)

    def components(self) -> list[Component]:
        """Every component, parents first."""
        return list(self.total.walk())

    def rollup(self, grain: str) -> RollUp:
        """How months become that grain; the plain mean where the scheme says nothing."""
        return next((rule for rule in self.rollups if rule.grain == grain), RollUp(RollGrain(grain)))
