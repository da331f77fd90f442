"""What a month gives an appraisal to work with: readings, events, figures, vetoes, earlier months, money (spec 06)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from wuyou.kernel.explain import Link, Node, Words


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month; months compare in time."""

    year: int
    month: int

    def __lt__(self, other: "Month") -> bool:
        """Whether this month is earlier."""
        return (self.year, self.month) < (other.year, other.month)

    def __str__(self) -> str:
        """`2026-03`."""
        return f"{self.year:04d}-{self.month:02d}"

    def shifted(self, months: int) -> "Month":
        """The month so many months later, earlier with a negative number."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def quarter(self) -> int:
        """1 to 4."""
        return (self.month + 2) // 3


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a component: its node, its weight among the others, its group, how hard the zone is (1 plain)."""

    node: Node
    weight: Decimal = Decimal(1)
    group: str = ""
    ease: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Happening:
    """So many events of an item of a table, from an origin such as `complaint` ("" is ordinary)."""

    item: str
    label: Words
    quantity: Decimal = Decimal(1)
    origin: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A recorded veto: which rule, what is known about it."""

    rule: str
    label: Words
    facts: Mapping[str, Decimal] = field(default_factory=dict)
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How an earlier month ended; `band` is "" where it was not rated."""

    month: Month
    band: str


@dataclass(frozen=True, slots=True)
class Days:
    """The days the subject was there, and the days of the month."""

    present: int
    of: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an appeal made of the points: another number, or None, and then the month is not rated."""

    points: Decimal | None
    note: Words
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything one month's evaluation looks at.

    `readings` and `events` are by component key, `figures` by fact, `money` by base in fen; `earlier` need not be
    sorted; a month that is absent from it counts as not rated.
    """

    month: Month
    readings: Mapping[str, Sequence[Reading]] = field(default_factory=dict)
    events: Mapping[str, Sequence[Happening]] = field(default_factory=dict)
    figures: Mapping[str, Node] = field(default_factory=dict)
    claims: Sequence[Claim] = ()
    earlier: Sequence[Standing] = ()
    money: Mapping[str, int] = field(default_factory=dict)
    days: Days | None = None
    verdict: Verdict | None = None


def reading(
    key: str,
    value: Decimal | int | str,
    *,
    label: Words | None = None,
    unit: str = "",
    links: tuple[Link, ...] = (),
    weight: Decimal = Decimal(1),
    group: str = "",
    ease: Decimal = Decimal(1),
) -> Reading:
    """A reading of one given number."""
    node = Node(key, label or Words(key, key), Decimal(value), unit=unit, links=links)
    return Reading(node, weight=weight, group=group, ease=ease)
