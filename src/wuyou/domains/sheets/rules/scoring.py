"""Scores of filled sheets with their whole arithmetic, and how far a sheet is filled (spec 05, Sheets).

Weights are relative: they need not add up to 100, the score shows the sum it divides by. What does not apply and what
is not asked leaves the denominator. A failed red line makes the score 0; the arithmetic is still seen below it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from wuyou.domains.sheets.choices import AnswerType, Scoring
from wuyou.kernel.errors import Invalid
from wuyou.kernel.explain import Link, Node, Words, plain

from .answers import NOT_APPLICABLE, NOTHING, PASS, asked_items, fails, out_of_tolerance
from .items import HIGHEST_GRADE, SCORED, Deduction, ItemSpec

FULL = Decimal(100)
PLACES = 2  # of a score
SHARE_PLACES = 4  # of the share of its points that one item keeps
ZERO, ONE = Decimal(0), Decimal(1)

SCORE = Words("得分", "Score")
WON = Words("得分合计", "Won")
POSSIBLE = Words("应得合计", "Possible")
LOST = Words("扣分合计", "Points lost")
BASE = Words("满分", "Full score")
POINTS = Words("分值", "Points possible")
WEIGHT = Words("权重", "Weight")
SHARE = Words("得分率", "Share kept")
LOST_SHARE = Words("失分率", "Share lost")
GRADE = Words("评级", "Grade")
BEST = Words("最高评级", "Best grade")
TAKEN = Words("扣分", "Taken off")
EXCESS = Words("超出限值的缺陷数", "Defects above the limit")
FOUND = Words("发现的缺陷数", "Defects found")
LIMIT = Words("允许的缺陷数", "Defects allowed")
KEPT = Words("保留分值", "Points kept")
FACTOR = Words("重复发生的倍数", "Factor of a repetition")
RED_LINE = Words("触碰红线", "Red line crossed")
BEFORE = Words("未计红线的得分", "Score without the red line")
NO_SECTION = Words("未分组", "Without section")
DOES_NOT_APPLY = Words("不适用,不计入分母", "Not applicable: left out of the denominator")
NOT_ASKED = Words("条件不满足,未检查", "Its condition is not met: not asked")
NOTHING_APPLIES = Words("没有适用的评分项,不评分", "No scored item applies: there is no score")
PASSED = Words("合格", "Pass")
FAILED = Words("不合格", "Fail")


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the items that are asked were answered; of all and by section."""

    answered: int
    asked: int
    sections: Mapping[str, tuple[int, int]]  # section → (answered, asked)
    missing: tuple[str, ...]  # codes of required items without an answer

    @property
    def is_complete(self) -> bool:
        """Whether every required item was answered."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about a failed item: it counts as passed (void finding), or `factor` times (a repetition)."""

    why: Words
    link: Link | None = None
    is_excused: bool = False
    factor: Decimal = ONE


def progress(items: Iterable[ItemSpec], answers: Mapping[str, str]) -> Progress:
    """How far a sheet is filled; `answers` are values as they are stored, by item code."""
    sections: dict[str, tuple[int, int]] = {}
    missing: list[str] = []
    asked = asked_items(items, answers)
    for item in asked:
        done = item.code in answers
        before = sections.get(item.section, (0, 0))
        sections[item.section] = (before[0] + done, before[1] + 1)
        if item.is_required and not done:
            missing.append(item.code)
    return Progress(sum(one[0] for one in sections.values()), len(asked), sections, tuple(missing))


def check_scoring(items: Iterable[ItemSpec], *, mode: str) -> None:
    """Raise Invalid unless a sheet with these items can be scored so: something must count."""
    if mode == Scoring.NONE:
        return
    if not any(_counts(item, mode) for item in items):
        said = {
            Scoring.WEIGHTED: _("The weights add up to 0: give at least one scored item a weight."),
            Scoring.POINTS: _("The points add up to 0: give at least one scored item points."),
            Scoring.DEDUCTION: _("Nothing can be lost: give at least one scored item points."),
        }
        raise Invalid(fields={"scoring": said[Scoring(mode)]})


def _counts(item: ItemSpec, mode: str) -> bool:
    return item.answer_type in SCORED and bool(item.weight if mode == Scoring.WEIGHTED else item.points)


def score(
    items: Sequence[ItemSpec],
    answers: Mapping[str, str],
    *,
    mode: str,
    links: Mapping[str, Link] | None = None,
    rulings: Mapping[str, Ruling] | None = None,
) -> Node:
    """The score between 0 and 100, half up to 0.01, as a tree by section and item; None where nothing applies.

    `answers` are values as they are stored, `links` say which record each answer is, `rulings` what was
    decided about failed items. Raises Invalid at `answers.<code>` while a required item has no answer, and at
    `scoring` for a sheet that is not scored.
    """
    if mode == Scoring.NONE:
        raise Invalid(fields={"scoring": _("This sheet is not scored.")})
    filled = progress(items, answers)
    if filled.missing:
        raise Invalid(fields={f"answers.{code}": _("An answer is needed.") for code in filled.missing})
    sheet = _Sheet(
        items=[item for item in items if _counts(item, mode) or item.is_veto],
        asked={item.code for item in asked_items(items, answers)},
        answers=answers,
        links=links or {},
        rulings=rulings or {},
    )
    return sheet.with_veto(_MODES[mode](sheet))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A filled sheet on its way to a score."""

    items: list[ItemSpec]
    asked: set[str]
    answers: Mapping[str, str]
    links: Mapping[str, Link]
    rulings: Mapping[str, Ruling]

    def applies(self, item: ItemSpec) -> bool:
        """Whether the item counts: asked, answered, applicable."""
        return item.code in self.asked and self.answers.get(item.code, NOT_APPLICABLE) != NOT_APPLICABLE

    def sections(self, key: str, label: Words, of: Callable[[ItemSpec], Node]) -> Node:
        """The sum over sections of sums over items; `of` makes the node of an item that applies."""
        parts: dict[str, list[Node]] = {}
        names: dict[str, Words] = {}
        for item in self.items:
            names.setdefault(item.section, Words(item.section, item.section_en) if item.section else NO_SECTION)
            parts.setdefault(item.section, []).append(of(item) if self.applies(item) else self.left_out(item))
        sections = [
            total(f"section-{number}", names[name], nodes)
            for number, (name, nodes) in enumerate(parts.items(), start=1)
        ]
        return total(key, label, sections)

    def left_out(self, item: ItemSpec) -> Node:
        """An item that does not count, with why."""
        why = DOES_NOT_APPLY if item.code in self.asked else NOT_ASKED
        return Node(item.code, words_of(item), None, links=self.link(item), note=why)

    def link(self, item: ItemSpec) -> tuple[Link, ...]:
        """The records behind the answer of an item."""
        ruling = self.rulings.get(item.code)
        found = (self.links.get(item.code), ruling.link if ruling else None)
        return tuple(link for link in found if link)

    def kept(self, item: ItemSpec) -> Node:
        """The share of the item's points that its answer keeps, from 0 to 1."""
        ruling = self.rulings.get(item.code)
        if ruling and ruling.is_excused:
            return Node("share", SHARE, ONE, links=self.link(item), note=ruling.why)
        return replace(_SHARES[item.answer_type](item, self.answers[item.code]), links=self.link(item))

    def size(self, item: ItemSpec, key: str, label: Words, number: Decimal) -> Node:
        """What the item counts: more where what failed had failed before."""
        ruling = self.rulings.get(item.code)
        if ruling is None or ruling.factor == ONE:
            return given(key, label, number)
        factor = Node("factor", FACTOR, ruling.factor, note=ruling.why, links=(ruling.link,) if ruling.link else ())
        return product(key, label, [given("once", label, number), factor])

    def is_crossed(self, item: ItemSpec) -> bool:
        """Whether the item is a red line that was crossed."""
        if not item.is_veto or not self.applies(item) or not fails(item, self.answers[item.code]):
            return False
        ruling = self.rulings.get(item.code)
        return not (ruling and ruling.is_excused)

    def with_veto(self, node: Node) -> Node:
        """The score 0 above the arithmetic when a red line was crossed."""
        crossed = [item for item in self.items if self.is_crossed(item)]
        if not crossed:
            return node
        before = replace(node, key="_before", label=BEFORE)
        lines = [Node(item.code, words_of(item), ZERO, links=self.link(item), note=FAILED) for item in crossed]
        return Node("score", SCORE, ZERO, "veto", children=(before, *lines), note=RED_LINE)


def words_of(item: ItemSpec) -> Words:
    """The text of an item in both languages."""
    return Words(item.text_zh, item.text_en)


# --- the three modes


def _points(sheet: _Sheet) -> Node:
    return _share_of(sheet, POINTS, lambda item: item.points)


def _weighted(sheet: _Sheet) -> Node:
    return _share_of(sheet, WEIGHT, lambda item: item.weight)


def _share_of(sheet: _Sheet, name: Words, size: Callable[[ItemSpec], Decimal]) -> Node:
    """100 × what was won / what was possible; `size` is what an item counts."""

    def won(item: ItemSpec) -> Node:
        return product(item.code, words_of(item), [sheet.size(item, "size", name, size(item)), sheet.kept(item)])

    def possible(item: ItemSpec) -> Node:
        return sheet.size(item, item.code, words_of(item), size(item))

    upper = sheet.sections("won", WON, won)
    lower = sheet.sections("possible", POSSIBLE, possible)
    if not lower.value:
        return Node("score", SCORE, None, "percent", children=(upper, lower), note=NOTHING_APPLIES)
    assert upper.value is not None  # noqa: S101 — what is possible has items, so what was won has too
    value = _half_up(upper.value * FULL / lower.value, PLACES)
    return Node("score", SCORE, value, "percent", detail={"places": str(PLACES)}, children=(upper, lower))


def _deduction(sheet: _Sheet) -> Node:
    """100 less what was lost, not below 0."""

    def lost(item: ItemSpec) -> Node:
        kept = sheet.kept(item)
        assert kept.value is not None  # noqa: S101 — an item that applies keeps a share
        share = Node("lost", LOST_SHARE, ONE - kept.value, "difference", children=(given("whole", BASE, ONE), kept))
        return product(item.code, words_of(item), [sheet.size(item, "size", POINTS, item.points), share])

    off = sheet.sections("lost", LOST, lost)
    detail = {"floor": "0", "places": str(PLACES)}
    if off.value is None:
        return Node("score", SCORE, None, "none", children=(off,), note=NOTHING_APPLIES)
    value = _half_up(max(ZERO, FULL - off.value), PLACES)
    return Node("score", SCORE, value, "difference", detail=detail, children=(given("base", BASE, FULL), off))


_MODES: Mapping[str, Callable[[_Sheet], Node]] = {
    Scoring.DEDUCTION: _deduction,
    Scoring.WEIGHTED: _weighted,
    Scoring.POINTS: _points,
}


# --- the share of its points an answer keeps


def _pass_fail(_item: ItemSpec, value: str) -> Node:
    return _all_or_nothing(is_passed=value == PASS)


def _all_or_nothing(*, is_passed: bool, note: Words | None = None) -> Node:
    return Node("share", SHARE, ONE if is_passed else ZERO, note=note or (PASSED if is_passed else FAILED))


def _grade(_item: ItemSpec, value: str) -> Node:
    grade = Decimal(value)
    inputs = (given("grade", GRADE, grade), given("best", BEST, Decimal(HIGHEST_GRADE)))
    return Node("share", SHARE, _share(grade / HIGHEST_GRADE), "quotient", detail=_SHARE_DETAIL, children=inputs)


def _deduct(item: ItemSpec, value: str) -> Node:
    taken = set() if value == NOTHING else set(value.split(","))
    reasons = [_reason(one) for one in item.deductions if one.code in taken]
    return _what_is_left(item, Node("taken", TAKEN, _sum(reasons) or ZERO, "sum", children=tuple(reasons)))


def _reason(deduction: Deduction) -> Node:
    return given(deduction.code, Words(deduction.zh, deduction.en), deduction.points)


def _count(item: ItemSpec, value: str) -> Node:
    found, limit = Decimal(value), Decimal(item.limit or 0)
    said = Words(f"{value} 处,允许 {limit} 处", f"{value} found, {limit} allowed")
    if not item.deductions:
        return _all_or_nothing(is_passed=found <= limit, note=said)
    excess = Node(
        "excess", EXCESS, max(ZERO, found - limit), "difference", detail={"floor": "0"},
        children=(given("found", FOUND, found), given("limit", LIMIT, limit)),
    )  # fmt: skip
    return _what_is_left(item, product("taken", TAKEN, [excess, _reason(item.deductions[0])]))


def _what_is_left(item: ItemSpec, taken: Node) -> Node:
    """(points − taken, not below 0) / points."""
    assert taken.value is not None  # noqa: S101 — made above
    whole = given("points", POINTS, item.points)
    left = max(ZERO, item.points - taken.value)
    kept = Node("kept", KEPT, left, "difference", detail={"floor": "0"}, children=(whole, taken))
    return Node("share", SHARE, _share(left / item.points), "quotient", detail=_SHARE_DETAIL, children=(kept, whole))


def _measure(item: ItemSpec, value: str) -> Node:
    low = "" if item.tolerance_low is None else plain(item.tolerance_low.normalize())
    high = "" if item.tolerance_high is None else plain(item.tolerance_high.normalize())
    said = f"{value} {item.unit}".strip()
    note = Words(f"{said},允许 {low}–{high}", f"{said}, allowed {low}–{high}")
    return _all_or_nothing(is_passed=not out_of_tolerance(item, Decimal(value)), note=note)


_SHARE_DETAIL = {"places": str(SHARE_PLACES)}
_SHARES: Mapping[str, Callable[[ItemSpec, str], Node]] = {
    AnswerType.PASS_FAIL: _pass_fail,
    AnswerType.GRADE: _grade,
    AnswerType.DEDUCT: _deduct,
    AnswerType.COUNT: _count,
    AnswerType.MEASURE: _measure,
}


# --- arithmetic


def given(key: str, label: Words, value: Decimal) -> Node:
    """A leaf."""
    return Node(key, label, value)


def total(key: str, label: Words, nodes: Sequence[Node]) -> Node:
    """The sum of the inputs that have a value; None when none has."""
    return Node(key, label, _sum(nodes), "sum", children=tuple(nodes))


def product(key: str, label: Words, nodes: Sequence[Node]) -> Node:
    """The product of inputs that all have values."""
    value = ONE
    for node in nodes:
        assert node.value is not None  # noqa: S101 — the callers give numbers
        value *= node.value
    return Node(key, label, value, "product", children=tuple(nodes))


def _sum(nodes: Iterable[Node]) -> Decimal | None:
    values = [node.value for node in nodes if node.value is not None]
    return sum(values, ZERO) if values else None


def _share(number: Decimal) -> Decimal:
    return _half_up(number, SHARE_PLACES)


def _half_up(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
