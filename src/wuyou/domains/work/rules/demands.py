"""The values plans are made of: what clauses demand, how it is done, and on what (spec 03, Layers)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

PROJECT, PLACE, ASSET = "project", "place", "asset"

# every plan counts "every third day" and the like from the same Monday, so that a new plan keeps the old rhythm
EPOCH = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Target:
    """A place, a device or the project itself; `dates` by the name of the ledger's column."""

    kind: str
    id: int
    name: str = ""
    category: str = ""
    level: str = ""
    area_m2: Decimal | None = None
    quantity: int = 1
    zone_id: int | None = None
    model: str = ""
    dates: Mapping[str, date | None] = field(default_factory=dict)
    facts: Mapping[str, bool | Decimal] = field(default_factory=dict)
    spot: str = ""  # where it stands, so that one person gets all that is to be done there

    @property
    def key(self) -> str:
        """`place:17`, the part of a line's key that says where."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an activity is done and on which kinds of thing; minutes per unit, unit as in the subjects' table."""

    activity: str
    unit: str
    minutes: Decimal = Decimal(0)
    team: str = ""
    place_kinds: frozenset[str] = frozenset()
    asset_kinds: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    models: tuple[str, ...] = ()
    qualification: str = ""
    evidence: str = ""
    anchor: str = ""  # the column of the ledger from which years are counted


def anywhere(_target: Target) -> bool:
    """The predicate of a clause without conditions on the object."""
    return True


@dataclass(frozen=True, slots=True)
class Demand:
    """One clause in force in one binding, at the value that holds here (the grade's, or the deviation's)."""

    layer: str
    binding_id: int
    clause_id: int
    code: str
    subject: str
    requirement: str
    kind: str
    value: str
    window: str = ""
    position: int = 0
    selects: Callable[[Target], bool] = anywhere
    activity: str = ""  # what follows is said by the clause itself and goes before its subject's particulars
    unit: str = ""
    minutes: Decimal | None = None
    qualification: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A clause that a line proves, with the frequency the clause asked for."""

    demand: Demand
    cadence: str


@dataclass(frozen=True, slots=True)
class Line:
    """An activity on a target: the leading clause comes first in `proofs`, the others are covered by it.

    `cadence` is a text of the cadence grammar; a `trigger` line makes tasks only when somebody triggers it.
    """

    key: str
    target: Target
    recipe: Recipe
    cadence: str
    anchor: date
    minutes: Decimal
    proofs: tuple[Proof, ...]
    is_triggered: bool = False

    @property
    def activity(self) -> str:
        """What is done."""
        return self.recipe.activity

    @property
    def lead(self) -> Demand:
        """The clause that sets the frequency."""
        return self.proofs[0].demand


@dataclass(frozen=True, slots=True)
class Gap:
    """A clause (or one of its targets) without a line, and why; `why` is a code of GapReason."""

    demand: Demand
    why: str
    detail: str = ""
    count: int = 1  # how many targets


@dataclass(frozen=True, slots=True)
class PostNeed:
    """A position that clauses ask to be staffed: `hours_per_day` at `heads` at a time on `days_per_week`."""

    key: str
    activity: str
    target: Target
    team: str
    hours_per_day: Decimal
    days_per_week: int
    heads: int
    qualification: str
    demands: tuple[Demand, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """What became of all demands: lines, gaps, clauses that are measured rather than scheduled, posts to be staffed."""

    lines: tuple[Line, ...]
    gaps: tuple[Gap, ...]
    measured: tuple[Demand, ...]
    posts: tuple[PostNeed, ...]
