"""Target letters: points of a KPI between baseline, target and stretch, and where the year will end (spec 06)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from django.utils.translation import gettext_lazy as _

from wuyou.domains.appraisal.choices import YearMethod
from wuyou.kernel.errors import Invalid, filled
from wuyou.kernel.explain import Link, Node, Words
from wuyou.kernel.statistics.distributions import t_quantile

from . import operations as op

HUNDRED = Decimal(100)
STRETCH_SHARE = Decimal("0.2")  # reaching the stretch is worth 20 points more than reaching the target
CONFIDENCE = Decimal("0.9")
UPPER = 0.95  # of a two-sided interval of 90 %
MONTHS = 12
TARGET_WORDS = Words("目标值", "Target")


@dataclass(frozen=True, slots=True)
class Target:
    """One KPI of a letter; `weight` in percent of the letter; more is better where the target is above the baseline."""

    key: str
    name: Words
    baseline: Decimal
    target: Decimal
    weight: Decimal
    stretch: Decimal | None = None
    method: YearMethod = YearMethod.MEAN
    unit: str = ""

    @property
    def is_up(self) -> bool:
        """Whether more is better."""
        return self.target > self.baseline


def check_targets(targets: Sequence[Target]) -> None:
    """Raise Invalid naming every wrong KPI as `kpis.<position>.<field>` (from 1), or weights that do not fit."""
    wrong: dict[str, object] = {}
    if not targets:
        wrong["kpis"] = _("A target letter needs at least one KPI.")
    for position, one in enumerate(targets, start=1):
        wrong |= {f"kpis.{position}.{name}": text for name, text in _wrong(one).items()}
    total = sum((one.weight for one in targets), Decimal(0))
    if targets and total != HUNDRED:
        wrong["kpis"] = filled(_("The weights add up to %(total)s, not to 100."), total=f"{total.normalize():f}")
    keys = [one.key for one in targets]
    for position, key in enumerate(keys, start=1):
        if keys.count(key) > 1:
            wrong[f"kpis.{position}.key"] = _("Two KPIs have this code.")
    if wrong:
        raise Invalid(fields=wrong)


def _wrong(one: Target) -> dict[str, object]:
    wrong: dict[str, object] = {}
    if one.weight <= 0:
        wrong["weight"] = _("A weight is more than 0.")
    if one.target == one.baseline:
        wrong["target"] = _("The target must differ from the baseline: the way between them is what is measured.")
    elif (one.stretch is not None and (one.stretch > one.target) != one.is_up) or one.stretch == one.target:
        wrong["stretch"] = _("The stretch lies beyond the target, seen from the baseline.")
    return wrong


def kpi_points(one: Target, value: Node) -> Node:
    """100 points at the target, 0 at the baseline or worse, 120 at the stretch or better; straight lines between."""
    base = op.given("baseline", Words("基准值", "Baseline"), one.baseline, unit=one.unit)
    goal = op.given("target", TARGET_WORDS, one.target, unit=one.unit)
    reached = op.between("reached", Words("达标程度", "Way to the target"), [value, base, goal])
    if one.stretch is None:
        return op.same(one.key, one.name, reached)
    best = op.given("stretch", Words("挑战值", "Stretch"), one.stretch, unit=one.unit)
    beyond = op.between("beyond", Words("超额程度", "Way to the stretch"), [value, goal, best])
    share = op.given("share", Words("超额折算", "What the stretch is worth"), STRETCH_SHARE)
    extra = op.product("extra", Words("超额得分", "Beyond the target"), [beyond, share])
    return op.total(one.key, one.name, [reached, extra])


def letter_points(targets: Sequence[Target], values: dict[str, Node], *, label: Words) -> Node:
    """A letter's points: the weighted mean of its KPIs, those without data left out and shown as such."""
    nodes = [_kpi_or_nothing(one, values.get(one.key)) for one in targets]
    weights = {one.key: one.weight for one in targets}
    with localcontext(op.EXACT):
        return op.weighted_mean(
            "letter", label, nodes, weights, spread=[node.key for node in nodes if node.value is None]
        )


def _kpi_or_nothing(one: Target, value: Node | None) -> Node:
    if value is None or value.value is None:
        return op.without(one.key, one.name, Words("尚无数据", "No data yet"))
    with localcontext(op.EXACT):
        return kpi_points(one, value)


def year_so_far(one: Target, months: Sequence[tuple[str, Decimal]], *, links: Sequence[Link] = ()) -> Node:
    """The value of the year up to now from its months: their mean, their sum against the share of the year, the last.

    A sum is stretched to twelve months, so that it can be held against the year's target in any month.
    """
    label = Words("年内数值", "Year so far")
    if not months:
        return op.without("value", label, Words("尚无数据", "No data yet"))
    nodes = [op.given(month, Words(month, month), value, unit=one.unit, links=tuple(links)) for month, value in months]
    with localcontext(op.EXACT):
        if one.method == YearMethod.LAST:
            return op.last("value", label, nodes)
        mean = op.mean("value", label, nodes)
        if one.method == YearMethod.MEAN:
            return mean
        year = op.given("months", Words("全年月数", "Months of the year"), MONTHS)
        return op.product("value", label, [op.mean("mean", Words("月均", "Monthly mean"), nodes), year])


# --- forecast


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the year will end: the value, its 90 % interval (None with too few months), and by which method."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None
    method: Words
    months: int

    def outlook(self, one: Target) -> str:
        """`met`, `missed`, or `open` where the interval holds the target; `open` without an interval."""
        if self.low is None or self.high is None:
            return "open"
        worst, best = (self.low, self.high) if one.is_up else (-self.high, -self.low)
        goal = one.target if one.is_up else -one.target
        if worst >= goal:
            return "met"
        return "missed" if best < goal else "open"


def forecast(one: Target, values: Sequence[tuple[int, Decimal]]) -> Forecast | None:
    """The year's end from the months known, as (month 1 to 12, value); None without any.

    Means and sums: the months to come as the mean of those known, interval t(n−1) · s · √(1/n + 1/r) on the r months
    to come. Last values: the straight line of least squares at December, interval t(n−2) · s · √(1 + 1/n + (12 − m̄)²
    / S). Three months are needed for an interval; twelve known months leave nothing to forecast.
    """
    known = sorted(values)
    if not known:
        return None
    with localcontext(op.EXACT):
        if one.method == YearMethod.LAST:
            return _by_line(known)
        return _by_mean(known, is_sum=one.method == YearMethod.SUM)


LEAST = 3
BY_MEAN = Words("其余各月按已知月均值估计", "The months to come as the mean of those known")
BY_LINE = Words("按已知各月线性趋势外推至十二月", "The straight line through the known months, at December")


def _by_mean(known: Sequence[tuple[int, Decimal]], *, is_sum: bool) -> Forecast:
    numbers = [value for _month, value in known]
    count, left = len(numbers), max(0, MONTHS - len(numbers))
    mean = sum(numbers, Decimal(0)) / count
    scale = Decimal(MONTHS) if is_sum else Decimal(1)
    value = mean * scale
    if count < LEAST:
        return Forecast(_shown(value), None, None, BY_MEAN, count)
    half = Decimal(0)
    if left:
        squares = sum(((number - mean) ** 2 for number in numbers), Decimal(0))
        spread = (squares / (count - 1)).sqrt() * (Decimal(1) / count + Decimal(1) / left).sqrt()
        half = _t(count - 1) * spread * left / MONTHS * scale
    return Forecast(_shown(value), _shown(value - half), _shown(value + half), BY_MEAN, count)


def _by_line(known: Sequence[tuple[int, Decimal]]) -> Forecast:
    count = len(known)
    last_month, last_value = known[-1]
    if count < LEAST or last_month == MONTHS:
        bound = _shown(last_value) if last_month == MONTHS else None
        return Forecast(_shown(last_value), bound, bound, BY_LINE, count)
    centre = Decimal(sum(month for month, _ in known)) / count
    mean = sum((value for _, value in known), Decimal(0)) / count
    squares = sum(((month - centre) ** 2 for month, _ in known), Decimal(0))
    slope = sum(((month - centre) * (value - mean) for month, value in known), Decimal(0)) / squares
    rest = sum(((value - mean - slope * (month - centre)) ** 2 for month, value in known), Decimal(0))
    ahead = Decimal(MONTHS) - centre
    error = (rest / (count - 2)).sqrt() * (1 + Decimal(1) / count + ahead**2 / squares).sqrt()
    value, half = mean + slope * ahead, _t(count - 2) * error
    return Forecast(_shown(value), _shown(value - half), _shown(value + half), BY_LINE, count)


def _t(freedom: int) -> Decimal:
    return Decimal(str(t_quantile(UPPER, freedom=freedom)))


def _shown(number: Decimal) -> Decimal:
    return op.half_up(number, 2)
