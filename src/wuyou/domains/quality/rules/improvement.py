"""Before and after an improvement: numbers, confidence, verdict; and what a plan has to say (spec 05: PDCA). Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from django.utils.translation import gettext_lazy as _

from wuyou.kernel.errors import Invalid
from wuyou.kernel.statistics.change import Direction, compare_means, compare_proportions
from wuyou.kernel.statistics.intervals import CONFIDENCE, sample_of

Kind = Literal["share", "mean"]
PLACES = Decimal("0.0001")
HUNDRED = 100
FEWEST_VALUES = 2
LONGEST_PERIOD = dt.timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Point:
    """What was observed on one day: `count` of `size` for a share, or one measured `value` for a mean."""

    day: dt.date
    count: int = 0
    size: int = 0
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """A metric over a period: the share count ÷ size in percent, or the mean of values."""

    kind: Kind
    count: int = 0
    size: int = 0
    values: tuple[float, ...] = ()

    @property
    def number(self) -> int:
        """How many cases the figure rests on."""
        return self.size if self.kind == "share" else len(self.values)

    @property
    def value(self) -> Decimal | None:
        """The figure in the metric's unit, to four decimals half up; None without a case."""
        if not self.number:
            return None
        if self.kind == "share":
            return rounded(Decimal(HUNDRED) * self.count / self.size)
        return rounded(Decimal(sum(self.values)) / len(self.values))


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a metric, with every number it rests on; figures in the metric's unit, as text.

    `verdict` is better, worse or unclear; unclear with `is_too_few` when there was too little to compare.
    """

    kind: str
    before: str | None
    before_number: int
    after: str | None
    after_number: int
    difference: str | None
    low: str | None
    high: str | None
    confidence: str
    verdict: str
    is_too_few: bool
    target: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class PlanSpec:
    """What an improvement project sets out to do."""

    name: str
    problem: str
    metric: str
    target: Decimal
    before_from: dt.date
    before_to: dt.date
    ends_on: dt.date


def rounded(number: Decimal) -> Decimal:
    """To four decimals, half up."""
    return number.quantize(PLACES, ROUND_HALF_UP)


def observed(kind: Kind, points: Iterable[Point]) -> Observed:
    """Points of a period as one figure: shares add up their counts, a share is never a mean of shares."""
    rows = list(points)
    return Observed(
        kind,
        count=sum(point.count for point in rows),
        size=sum(point.size for point in rows),
        values=tuple(point.value for point in rows if point.value is not None),
    )


def by_month(kind: Kind, points: Iterable[Point], *, months: Sequence[dt.date]) -> list[tuple[dt.date, Observed]]:
    """The figure of each month, named by its first day; months without a case are there, empty."""
    found: dict[dt.date, list[Point]] = {month: [] for month in months}
    for point in points:
        month = point.day.replace(day=1)
        if month in found:
            found[month].append(point)
    return [(month, observed(kind, rows)) for month, rows in found.items()]


def months_to(last: dt.date, *, count: int) -> list[dt.date]:
    """The first days of `count` months that end with the month of `last`."""
    number = last.year * 12 + last.month - 1
    return [dt.date(one // 12, one % 12 + 1, 1) for one in range(number - count + 1, number + 1)]


def compare(before: Observed, after: Observed, *, direction: Direction, target: Decimal) -> Result:
    """Before against after with confidence: Newcombe for shares, Welch for means (kernel.statistics.change)."""
    numbers = _numbers(before, after, direction)
    after_value = after.value
    is_met = after_value is not None and (after_value >= target if direction == "up" else after_value <= target)
    return Result(
        kind=before.kind,
        before=_text(before.value),
        before_number=before.number,
        after=_text(after_value),
        after_number=after.number,
        difference=numbers.get("difference"),
        low=numbers.get("low"),
        high=numbers.get("high"),
        confidence=f"{CONFIDENCE}",
        verdict=numbers.get("verdict", "unclear"),
        is_too_few=not numbers,
        target=_text(rounded(target)) or "",
        is_met=is_met,
    )


def _numbers(before: Observed, after: Observed, direction: Direction) -> Mapping[str, str]:
    """Difference, interval and verdict as text; nothing when there is too little to compare."""
    if before.kind == "share":
        if not (before.size and after.size):
            return {}
        change = compare_proportions((before.count, before.size), (after.count, after.size), direction=direction)
        scale = HUNDRED
    else:
        if min(before.number, after.number) < FEWEST_VALUES:
            return {}
        change = compare_means(sample_of(before.values), sample_of(after.values), direction=direction)
        scale = 1
    found = change.difference
    parts = {"difference": found.estimate, "low": found.low, "high": found.high}
    return {name: str(rounded(Decimal(part * scale))) for name, part in parts.items()} | {"verdict": change.verdict}


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def to_json(result: Result) -> dict[str, object]:
    """A result as it is kept with the project."""
    return asdict(result)


def check_plan(spec: PlanSpec, *, metrics: Iterable[str], today: dt.date) -> None:
    """Raise Invalid, by field, for a plan that does not say what is measured from when to when, or is over already."""
    fields: dict[str, object] = {name: _("This is needed.") for name in ("name", "problem") if not _said(spec, name)}
    if spec.metric not in set(metrics):
        fields["metric"] = _("Choose one of the figures.")
    if spec.before_to < spec.before_from:
        fields["before_to"] = _("A period cannot end before it starts.")
    elif spec.before_to - spec.before_from > LONGEST_PERIOD:
        fields["before_to"] = _("A period is at most three years long.")
    elif spec.before_to > today:
        fields["before_to"] = _("The baseline lies in the past: it is what there was before the work began.")
    if spec.ends_on < today:
        fields["ends_on"] = _("This day is over.")
    if fields:
        raise Invalid(fields=fields)


def _said(spec: PlanSpec, name: str) -> bool:
    return bool(str(getattr(spec, name)).strip())


def check_period(first: dt.date, last: dt.date, *, after: dt.date, today: dt.date) -> None:
    """Raise Invalid for a period to check that overlaps the baseline, is upside down, too long or still to come."""
    fields: dict[str, object] = {}
    if first <= after:
        fields["after_from"] = _("The period to check comes after the baseline.")
    if last < first:
        fields["after_to"] = _("A period cannot end before it starts.")
    elif last - first > LONGEST_PERIOD:
        fields["after_to"] = _("A period is at most three years long.")
    elif last > today:
        fields["after_to"] = _("What is still to come cannot be measured.")
    if fields:
        raise Invalid(fields=fields)
