"""The operations of the explain tree, each making a node from its inputs; defined in docs/reference/explain.md.

Quotients are rounded half up to 12 decimal places; every other operation is exact; only `round` rounds to be read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Context, Decimal

from wuyou.kernel.explain import Link, Node, Words, plain

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
QUOTIENT = Decimal("0.000000000001")
HUNDRED = Decimal(100)
ZERO = Decimal(0)


def divided(number: Decimal, by: Decimal) -> Decimal:
    """A quotient, half up to 12 decimal places."""
    return EXACT.quantize(EXACT.divide(number, by), QUOTIENT).normalize(EXACT) + 0


def half_up(number: Decimal, places: int) -> Decimal:
    """A number rounded half up (away from zero at the half) to so many decimal places."""
    return EXACT.quantize(number, Decimal(1).scaleb(-places))


def given(
    key: str,
    label: Words,
    value: Decimal | int | None,
    *,
    unit: str = "",
    links: tuple[Link, ...] = (),
    note: Words | None = None,
) -> Node:
    """A leaf: a recorded number, or one the scheme states."""
    return Node(key, label, None if value is None else Decimal(value), unit=unit, links=links, note=note)


def without(key: str, label: Words, note: Words, *children: Node) -> Node:
    """A number that does not exist, and why."""
    return Node(key, label, None, op="none", children=children, note=note)


def total(key: str, label: Words, children: Sequence[Node], *, unit: str = "") -> Node:
    """`sum`: the inputs added up; nothing adds up to 0."""
    return Node(key, label, sum(values(children), ZERO), op="sum", unit=unit, children=tuple(children))


def difference(key: str, label: Words, first: Node, rest: Sequence[Node]) -> Node:
    """`difference`: the first input less all others."""
    value = values([first])[0] - sum(values(rest), ZERO)
    return Node(key, label, value, op="difference", children=(first, *rest))


def product(key: str, label: Words, children: Sequence[Node]) -> Node:
    """`product`: the inputs multiplied."""
    value = Decimal(1)
    for number in values(children):
        value = EXACT.multiply(value, number)
    return Node(key, label, value, op="product", children=tuple(children))


def limit(key: str, label: Words, child: Node, *, low: Decimal | None = None, high: Decimal | None = None) -> Node:
    """`limit`: the input, but no less than `low` and no more than `high`."""
    value = values([child])[0]
    if high is not None:
        value = min(value, high)
    if low is not None:
        value = max(value, low)
    bounds = {"low": low, "high": high}
    detail = {name: plain(bound) for name, bound in bounds.items() if bound is not None}
    return Node(key, label, value, op="limit", detail=detail, children=(child,), unit=child.unit)


def rounded(key: str, label: Words, child: Node, *, places: int) -> Node:
    """`round`: the input half up to `places` decimal places."""
    value = half_up(values([child])[0], places)
    return Node(key, label, value, op="round", detail={"places": str(places)}, children=(child,), unit=child.unit)


def linear(key: str, label: Words, child: Node, *, zero: Decimal, full: Decimal) -> Node:
    """`linear`: points between 0 (at `zero`) and 100 (at `full`), never beyond."""
    share = divided(HUNDRED * (values([child])[0] - zero), full - zero)
    value = max(ZERO, min(HUNDRED, share))
    return Node(key, label, value, op="linear", detail={"zero": plain(zero), "full": plain(full)}, children=(child,))


def eased(key: str, label: Words, child: Node, *, factor: Decimal) -> Node:
    """`ease`: the points lost to 100 divided by the factor; a zone twice as hard loses half."""
    value = HUNDRED - divided(HUNDRED - values([child])[0], factor)
    return Node(key, label, value, op="ease", detail={"factor": plain(factor)}, children=(child,))


def between(key: str, label: Words, children: Sequence[Node]) -> Node:
    """`between`: how far the first input is from the second to the third, in percent, from 0 to 100."""
    now, start, end = values(children)
    way = max(ZERO, min(HUNDRED, divided(HUNDRED * (now - start), end - start)))
    detail = {"low": "0", "high": "100"}
    return Node(key, label, way, op="between", unit="%", detail=detail, children=tuple(children))


def same(key: str, label: Words, child: Node) -> Node:
    """`same`: the input under another name."""
    return Node(key, label, child.value, op="same", children=(child,), unit=child.unit)


def ruled(
    key: str, label: Words, computed: Node, value: Decimal | None, *, note: Words, links: tuple[Link, ...]
) -> Node:
    """`ruled`: the number in `ruling` (none where it is absent) takes the place of the input, by an appeal."""
    inner = replace(computed, key="computed", label=Words("申诉前得分", "Points before the appeal"))
    detail = {} if value is None else {"ruling": plain(value)}
    return Node(key, label, value, op="ruled", detail=detail, children=(inner,), links=links, note=note)


def mean(key: str, label: Words, children: Sequence[Node], *, note: Words | None = None) -> Node:
    """`mean`: the sum of the inputs by their number."""
    found = values(children)
    value = divided(sum(found, ZERO), Decimal(len(found)))
    return Node(key, label, value, op="mean", children=tuple(children), note=note)


def weighted_mean(
    key: str, label: Words, children: Sequence[Node], weights: Mapping[str, Decimal], *, spread: Sequence[str] = ()
) -> Node:
    """`weighted_mean`: by weight; inputs without a value whose key is in `spread` are left out.

    Any other input without a value leaves the whole without one; so does a total weight of 0.
    """
    detail = {f"weight.{child.key}": plain(weights[child.key]) for child in children}
    detail |= {f"missing.{key}": "redistribute" for key in spread}
    rated = [child for child in children if child.value is not None]
    owing = [child for child in children if child.value is None and child.key not in spread]
    weight = sum((weights[child.key] for child in rated), ZERO)
    node = Node(key, label, None, op="weighted_mean", detail=detail, children=tuple(children))
    if owing or not weight:
        names = [child.label for child in owing or children]
        zh, en = "、".join(name.zh for name in names), ", ".join(name.text("en") for name in names)
        return replace(node, note=Words(f"无数据:{zh}", f"No data: {en}"))
    points = sum((weights[child.key] * number for child, number in zip(rated, values(rated), strict=True)), ZERO)
    return replace(node, value=divided(points, weight))


def trimmed_mean(key: str, label: Words, children: Sequence[Node], *, high: int, low: int) -> Node:
    """`trimmed_mean`: the mean without the `drop_high` highest and `drop_low` lowest inputs; these carry a note."""
    found = values(children)
    order = sorted(range(len(children)), key=lambda index: (found[index], index))
    dropped_low, dropped_high = set(order[:low]), set(order[len(order) - high :])
    kept = [found[index] for index in order[low : len(order) - high]]
    marked = [
        replace(node, note=_dropped(is_low=index in dropped_low)) if index in dropped_low | dropped_high else node
        for index, node in enumerate(children)
    ]
    detail = {"drop_high": str(high), "drop_low": str(low)}
    value = divided(sum(kept, ZERO), Decimal(len(kept)))
    return Node(key, label, value, op="trimmed_mean", detail=detail, children=tuple(marked))


def _dropped(*, is_low: bool) -> Words:
    return Words("最低分,去掉", "lowest, left out") if is_low else Words("最高分,去掉", "highest, left out")


def median(key: str, label: Words, children: Sequence[Node]) -> Node:
    """`median`: the middle input, or the mean of the two in the middle."""
    found = sorted(values(children))
    middle = len(found) // 2
    value = found[middle] if len(found) % 2 else divided(found[middle - 1] + found[middle], Decimal(2))
    return Node(key, label, value, op="median", children=tuple(children))


def lowest(key: str, label: Words, children: Sequence[Node], *, unit: str = "") -> Node:
    """`min`: the lowest input."""
    return Node(key, label, min(values(children)), op="min", children=tuple(children), unit=unit)


def last(key: str, label: Words, children: Sequence[Node]) -> Node:
    """`last`: the last input."""
    return Node(key, label, values(children)[-1], op="last", children=tuple(children))


def share_above(key: str, label: Words, children: Sequence[Node], *, threshold: Decimal) -> Node:
    """`share_above`: 100 × the inputs at or above the threshold by the number of inputs."""
    above = sum(1 for number in values(children) if number >= threshold)
    value = divided(HUNDRED * above, Decimal(len(children)))
    detail = {"threshold": plain(threshold)}
    return Node(key, label, value, op="share_above", detail=detail, children=tuple(children))


def share(key: str, label: Words, part: Node, whole: Node) -> Node:
    """`share`: 100 × the first input by the second; none where the second is 0."""
    numbers = values([part, whole])
    if not numbers[1]:
        return without(key, label, Words("无人作答", "Nobody answered"), part, whole)
    return Node(key, label, divided(HUNDRED * numbers[0], numbers[1]), op="share", unit="%", children=(part, whole))


def money_share(key: str, label: Words, base: Node, *, percent: Decimal, present: int = 1, of: int = 1) -> Node:
    """`money_share`: percent of a base × days present by days of the month, half up to the fen."""
    exact = EXACT.divide(values([base])[0] * percent * present, HUNDRED * of)
    detail = {"percent": plain(percent), "days": str(present), "of": str(of)}
    return Node(key, label, half_up(exact, 0), op="money_share", unit="fen", detail=detail, children=(base,))


TESTS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">": lambda found, than: found > than,
    ">=": lambda found, than: found >= than,
    "<": lambda found, than: found < than,
    "<=": lambda found, than: found <= than,
}


def values(nodes: Sequence[Node]) -> list[Decimal]:
    """The numbers of nodes that must have one; raises ValueError otherwise."""
    found = [node.value for node in nodes if node.value is not None]
    if len(found) < len(nodes):
        raise ValueError("an input of this operation has no value")
    return found
