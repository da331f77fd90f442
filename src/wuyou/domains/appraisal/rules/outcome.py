"""From points to a band and what follows: vetoes, bands, streaks, money (spec 06)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from wuyou.domains.appraisal.choices import ConsequenceKind, MoneyBase, Partial
from wuyou.kernel.explain import Node, Words, plain

from . import operations as op
from .engine import points_of
from .inputs import Claim, Days, Inputs
from .scheme import Band, ConsequenceRule, Scheme, Test, VetoRule

UNRATED = Words("不评定", "Not rated")


@dataclass(frozen=True, slots=True)
class Due:
    """A consequence that follows: `amount_fen` is None where it is no money; what a veto kept back is not here."""

    rule: ConsequenceRule
    amount_fen: int | None
    run: int


@dataclass(frozen=True, slots=True)
class Result:
    """A month under a scheme. `band` is "" where it was not rated; `points_band` is the band without vetoes."""

    tree: Node
    points: Decimal | None
    band: str
    points_band: str
    vetoes: tuple[str, ...]
    dues: tuple[Due, ...]

    @property
    def is_rated(self) -> bool:
        """Whether the month got a band."""
        return bool(self.band)


def evaluate(scheme: Scheme, inputs: Inputs) -> Result:
    """A month's result with its whole tree: points, vetoes, band, streaks and money (spec 06)."""
    with localcontext(op.EXACT):
        points = points_of(scheme, inputs)
        vetoes = [veto_node(rule, inputs) for rule in scheme.vetoes]
        held = tuple(rule.key for rule, node in zip(scheme.vetoes, vetoes, strict=True) if node.value)
        by_points = band_of(scheme, points.value)
        band = vetoed_band(scheme, by_points, held)
        nodes, dues = _consequences(scheme, inputs, band=band, by_points=by_points, is_vetoed=bool(held))
    children = [points, op.total("vetoes", Words("一票否决", "Vetoes"), vetoes)] if vetoes else [points]
    if nodes:
        children.append(Node("consequences", Words("奖惩", "Consequences"), None, op="list", children=tuple(nodes)))
    tree = Node(
        "result",
        scheme.name,
        points.value,
        op="outcome",
        detail=_bands_detail(scheme, band=band, by_points=by_points),
        children=tuple(children),
        note=_note(scheme, band=band, by_points=by_points, held=held),
    )
    return Result(tree, points.value, band, by_points, held, tuple(dues))


def dues_in(scheme: Scheme, tree: Node) -> tuple[Due, ...]:
    """What follows by a tree that was stored: the same as its evaluation gave."""
    listed = next((node for node in tree.children if node.key == "consequences"), None)
    rules = {rule.key: rule for rule in scheme.consequences}
    return tuple(
        Due(rules[node.key], None if node.value is None else int(node.value), int(node.child("run").value or 0))
        for node in (listed.children if listed else ())
        if node.op in {"act", "money"}
    )


def band_of(scheme: Scheme, points: Decimal | None) -> str:
    """The band of some points: the first that covers them, else the one for gaps; "" without points or band."""
    if points is None:
        return ""
    covering = [band.code for band in scheme.bands if band.covers(points)]
    gaps = [band.code for band in scheme.bands if band.is_gap]
    return next(iter([*covering, *gaps]), "")


def vetoed_band(scheme: Scheme, band: str, held: tuple[str, ...]) -> str:
    """The band after vetoes: the worst of what the points gave and what each veto allows at most."""
    bands = [rule.at_most for rule in scheme.vetoes if rule.key in held]
    if band:
        bands.append(band)
    return max(bands, key=scheme.rank, default="")


def _bands_detail(scheme: Scheme, *, band: str, by_points: str) -> dict[str, str]:
    """Every band from the best to the worst as `band.<n>` = `code low high`; `-` is open, `gap` takes the rest."""
    detail = {f"band.{index}": _band_text(one) for index, one in enumerate(scheme.bands, start=1)}
    detail |= {f"at_most.{rule.key}": rule.at_most for rule in scheme.vetoes}
    return detail | {"band_by_points": by_points, "band": band}


def _band_text(band: Band) -> str:
    if band.is_gap:
        return f"{band.code} gap"
    return " ".join([band.code, *("-" if bound is None else plain(bound) for bound in (band.low, band.high))])


def _note(scheme: Scheme, *, band: str, by_points: str, held: tuple[str, ...]) -> Words:
    if not band:
        return UNRATED
    name = scheme.band(band).name
    if not held:
        return name
    names = [rule.name for rule in scheme.vetoes if rule.key in held]
    zh, en = "、".join(one.zh for one in names), ", ".join(one.text("en") for one in names)
    before = scheme.band(by_points).name if by_points else UNRATED
    return Words(
        f"{name.zh}(一票否决:{zh};按得分为{before.zh})",
        f"{name.text('en')} (veto: {en}; by points {before.text('en')})",
    )


# --- vetoes


def veto_node(rule: VetoRule, inputs: Inputs) -> Node:
    """1 where the veto holds, 0 where not: any recorded claim, or any figure, that passes any of its tests."""
    facts = _figures(rule, inputs) if rule.is_figure else _claims(rule, inputs)
    detail = {f"test.{index}": f"{test.fact} {test.op} {plain(test.than)}" for index, test in enumerate(rule.tests, 1)}
    holds = any(_holds(rule, node) for node in facts)
    return Node(rule.key, rule.name, Decimal(int(holds)), op="condition", detail=detail, children=tuple(facts))


def _figures(rule: VetoRule, inputs: Inputs) -> list[Node]:
    found = [inputs.figures[test.fact] for test in rule.tests if test.fact in inputs.figures]
    return [Node("case_1", rule.name, None, op="list", children=tuple(found))] if found else []


def _claims(rule: VetoRule, inputs: Inputs) -> list[Node]:
    claims = [claim for claim in inputs.claims if claim.rule == rule.key]
    return [_claim_node(claim, index) for index, claim in enumerate(claims, start=1)]


def _claim_node(claim: Claim, index: int) -> Node:
    facts = tuple(op.given(name, Words(name, name), number) for name, number in sorted(claim.facts.items()))
    return Node(f"case_{index}", claim.label, None, op="list", children=facts, links=claim.links)


def _holds(rule: VetoRule, case: Node) -> bool:
    if not rule.tests:
        return True
    facts = {node.key: node.value for node in case.children}
    return any(_passes(test, facts) for test in rule.tests)


def _passes(test: Test, facts: Mapping[str, Decimal | None]) -> bool:
    found = facts.get(test.fact)
    return found is not None and op.TESTS[test.op](found, test.than)


# --- streaks and consequences


def run_length(
    scheme: Scheme, inputs: Inputs, *, band: str, bands: tuple[str, ...]
) -> tuple[int, list[tuple[str, str]]]:
    """How many months in a row up to this one ended in one of `bands`, and the months looked at, the latest first."""
    looked = [(str(inputs.month), band)]
    if band not in bands:
        return 0, looked
    run = 1
    for month, found in _backwards(inputs):
        looked.append((month, found))
        if found in bands:
            run += 1
        elif found or scheme.unrated_breaks_streak:
            break
    return run, looked


def _backwards(inputs: Inputs) -> Iterator[tuple[str, str]]:
    """The months before this one with their bands, the latest first, to the earliest that is known."""
    known = {one.month: one.band for one in inputs.earlier if one.month < inputs.month}
    month = inputs.month.shifted(-1)
    first = min(known, default=inputs.month)
    while not month < first:
        yield str(month), known.get(month, "")
        month = month.shifted(-1)


def _run_node(scheme: Scheme, rule: ConsequenceRule, inputs: Inputs, *, band: str) -> Node:
    run, looked = run_length(scheme, inputs, band=band, bands=rule.bands)
    detail = {f"month.{month}": found for month, found in looked}
    detail |= {"bands": " ".join(rule.bands), "unrated": "breaks" if scheme.unrated_breaks_streak else "skipped"}
    return Node("run", Words("连续月数", "Months in a row"), Decimal(run), op="run", detail=detail)


def _consequences(
    scheme: Scheme, inputs: Inputs, *, band: str, by_points: str, is_vetoed: bool
) -> tuple[list[Node], list[Due]]:
    nodes: list[Node] = []
    dues: list[Due] = []
    charged: list[Node] = []
    for rule in scheme.consequences:
        if is_vetoed and rule.is_reward:
            nodes += _withheld(rule, by_points)
            continue
        run = _run_node(scheme, rule, inputs, band=band)
        if (run.value or 0) < rule.in_a_row:
            continue
        node = _due_node(scheme, rule, inputs, run=run, charged=charged)
        nodes.append(node)
        if rule.kind == ConsequenceKind.BOND_CHARGE and node.value is not None:
            charged.append(node)
        dues.append(Due(rule, None if node.value is None else int(node.value), int(run.value or 0)))
    return nodes, dues


def _withheld(rule: ConsequenceRule, by_points: str) -> list[Node]:
    """A reward the points alone would have brought, shown with 0; nothing where they would not."""
    if by_points not in rule.bands:
        return []
    note = Words("一票否决,不予兑现", "Kept back: a veto holds")
    return [Node(rule.key, rule.name, op.ZERO, op="withheld", unit="fen" if rule.money else "", note=note)]


def _due_node(scheme: Scheme, rule: ConsequenceRule, inputs: Inputs, *, run: Node, charged: list[Node]) -> Node:
    detail = {"in_a_row": str(rule.in_a_row), "kind": rule.kind.value}
    if rule.money is None:
        return Node(rule.key, rule.name, None, op="act", detail=detail, children=(run,))
    amount = _amount_node(scheme, rule, inputs, charged=charged)
    if amount.value is None:
        return Node(rule.key, rule.name, None, op="act", detail=detail, children=(run, amount), note=amount.note)
    return Node(rule.key, rule.name, amount.value, op="money", unit="fen", detail=detail, children=(amount, run))


def _amount_node(scheme: Scheme, rule: ConsequenceRule, inputs: Inputs, *, charged: list[Node]) -> Node:
    """The money of a consequence in fen; a charge on the bond never takes more than is left of it."""
    money = rule.money
    assert money is not None  # noqa: S101 — asked for money only where there is some
    label = Words("金额", "Amount")
    if money.base == MoneyBase.FIXED:
        return op.given("amount", label, money.amount_fen, unit="fen")
    left = _bond_left(inputs, charged)
    base = left if money.base == MoneyBase.BOND_BALANCE else _base(money.base, inputs)
    if base is None:
        return op.without("amount", label, Words("未登记计算基数", "The amount it is a share of is not recorded"))
    days = inputs.days if scheme.presence.partial == Partial.PRO_RATA else None
    days = days if money.base != MoneyBase.BOND_BALANCE else None
    shared = _share_by_days(label, base, money.share, days)
    if rule.kind != ConsequenceKind.BOND_CHARGE or left is None:
        return shared
    return _within(shared, left)


def _share_by_days(label: Words, base: Node, percent: Decimal, days: Days | None) -> Node:
    present, of = (days.present, days.of) if days else (1, 1)
    return op.money_share("amount", label, base, percent=percent, present=present, of=of)


def _within(shared: Node, left: Node) -> Node:
    label = Words("金额,不超过履约保证金余额", "Amount, no more than is left of the bond")
    if (shared.value or 0) <= (left.value or 0):
        return shared
    return op.lowest("amount", label, [op.total("full", shared.label, [shared], unit="fen"), left], unit="fen")


def _base(base: MoneyBase, inputs: Inputs) -> Node | None:
    if base.value not in inputs.money:
        return None
    return op.given(base.value, _BASES[base], inputs.money[base.value], unit="fen")


def _bond_left(inputs: Inputs, charged: list[Node]) -> Node | None:
    """What is left of the bond after this month's charges so far; None where no balance is known."""
    start = _base(MoneyBase.BOND_BALANCE, inputs)
    if start is None or not charged:
        return start
    taken = [op.given(node.key, node.label, node.value, unit="fen") for node in charged]
    left = op.difference("bond_left", Words("本月扣后余额", "Left after this month's charges"), start, taken)
    return Node(left.key, left.label, left.value, left.op, "fen", children=left.children)


_BASES = {
    MoneyBase.BOND: Words("履约保证金", "Performance bond"),
    MoneyBase.BOND_BALANCE: Words("履约保证金余额", "Left of the bond"),
    MoneyBase.FEE: Words("当月服务费", "Fee of the month"),
    MoneyBase.WAGE: Words("当月工资", "Wage of the month"),
}
