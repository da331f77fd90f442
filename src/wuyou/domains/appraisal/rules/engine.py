"""What a month's inputs make of a scheme: the points, as a tree that explains itself (spec 06)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import localcontext

from wuyou.domains.appraisal.choices import Absence, Aggregation, SourceKind
from wuyou.kernel.explain import Node, Words

from . import operations as op
from .deductions import adjusted
from .inputs import Inputs, Reading
from .scheme import Component, Scheme, Source

PLAIN: Mapping[Aggregation, Callable[[str, Words, Sequence[Node]], Node]] = {
    Aggregation.MEDIAN: op.median,
    Aggregation.MIN: op.lowest,
    Aggregation.LAST: op.last,
}
PLACES = 2  # a month's points are half up to 0.01


POINTS = Words("得分", "Points")


def points_of(scheme: Scheme, inputs: Inputs) -> Node:
    """The points of a month, half up to 0.01; without a value, and with the reason, where it is not rated.

    A decision on an appeal takes the place of what was computed, which is shown below it.
    """
    with localcontext(op.EXACT):
        computed = _computed(scheme, inputs)
    verdict = inputs.verdict
    if verdict is None:
        return computed
    return op.ruled("points", POINTS, computed, verdict.points, note=verdict.note, links=verdict.links)


def _computed(scheme: Scheme, inputs: Inputs) -> Node:
    short = _too_short(scheme, inputs)
    if short is not None:
        return op.without("points", POINTS, short)
    whole = component_node(scheme.total, scheme=scheme, inputs=inputs)
    if whole.value is None:
        return op.without("points", POINTS, whole.note or Words("无数据", "No data"), whole)
    return op.rounded("points", POINTS, whole, places=PLACES)


def _too_short(scheme: Scheme, inputs: Inputs) -> Words | None:
    days = inputs.days
    if days is None or days.present >= scheme.presence.min_days:
        return None
    least = scheme.presence.min_days
    return Words(
        f"本月在管 {days.present} 天,不足 {least} 天,不评分",
        f"Present for {days.present} days, fewer than {least}: not rated",
    )


def component_node(part: Component, *, scheme: Scheme, inputs: Inputs) -> Node:
    """One component: its source's number, then points taken and given, then its bounds, then its rounding."""
    node = _gathered(part, scheme=scheme, inputs=inputs)
    if node.value is None:
        return _absent(part, node)
    if part.table:
        node = adjusted(part, node, table=scheme.table(part.table), events=inputs.events.get(part.key, ()))
    if part.floor is not None or part.cap is not None:
        node = op.limit(part.key, part.name, _inner(node, "before_bounds"), low=part.floor, high=part.cap)
    if part.places is not None:
        node = op.rounded(part.key, part.name, _inner(node, "before_rounding"), places=part.places)
    return node


def _inner(node: Node, key: str) -> Node:
    """A step on the way to a component's value, under a key of its own."""
    words = {
        "before_bounds": Words("上下限之前", "Before bounds"),
        "before_rounding": Words("取整之前", "Before rounding"),
    }
    return replace(node, key=key, label=words[key])


def _absent(part: Component, node: Node) -> Node:
    if part.absence != Absence.ZERO:
        return node
    note = Words("无数据,按方案计零分", "No data: counts as zero, as the scheme says")
    return Node(part.key, part.name, op.ZERO, op="zero", children=(_inner(node, "before_bounds"),), note=note)


def _gathered(part: Component, *, scheme: Scheme, inputs: Inputs) -> Node:
    source = part.source
    if source.kind == SourceKind.PARTS:
        children = [component_node(child, scheme=scheme, inputs=inputs) for child in source.parts]
        weights = {child.key: child.weight for child in source.parts}
        spread = [child.key for child in source.parts if child.absence == Absence.REDISTRIBUTE]
        return op.weighted_mean(part.key, part.name, children, weights, spread=spread)
    if source.kind == SourceKind.EVENTS:
        return op.given(part.key, Words("起评分", "Starting points"), source.start)
    found = inputs.readings.get(part.key, ())
    if source.gathering.method == Aggregation.SHARE:
        return _share(part, found)
    return _aggregated(part, [_scored(one, source) for one in found], found)


def _scored(one: Reading, source: Source) -> Node:
    """A reading as points: by the straight line of the source, then eased by the zone's difficulty."""
    node = one.node
    if source.scoring is not None:
        node = op.linear(node.key, node.label, _named(node), zero=source.scoring.zero, full=source.scoring.full)
    if source.eased and one.ease != 1:
        node = op.eased(node.key, node.label, _named(node), factor=one.ease)
    return node


def _named(node: Node) -> Node:
    return replace(node, key="value")


def _share(part: Component, found: Sequence[Reading]) -> Node:
    """Of a survey: the answers of the group `yes` among all answers of the group `all`."""
    if not found:
        return _nothing(part)
    yes = op.total("yes", Words("满意数", "Satisfied"), [one.node for one in found if one.group == "yes"])
    whole = op.total("all", Words("有效答卷数", "Answers"), [one.node for one in found if one.group != "yes"])
    node = op.share(part.key, part.name, yes, whole)
    line = part.source.scoring
    if node.value is None or line is None:
        return node
    return op.linear(part.key, part.name, _named(node), zero=line.zero, full=line.full)


def _nothing(part: Component) -> Node:
    return op.without(part.key, part.name, Words("本期无数据", "No data in this period"))


def _aggregated(part: Component, nodes: list[Node], found: Sequence[Reading]) -> Node:
    if not nodes:
        return _nothing(part)
    method = part.source.gathering.method
    if method == Aggregation.TRIMMED:
        return _trimmed(part, nodes)
    if method == Aggregation.SHARE_ABOVE:
        return op.share_above(part.key, part.name, nodes, threshold=part.source.gathering.threshold)
    if method in PLAIN:
        return PLAIN[method](part.key, part.name, nodes)
    if any(one.weight != 1 for one in found):
        weights = {node.key: one.weight for node, one in zip(nodes, found, strict=True)}
        return op.weighted_mean(part.key, part.name, nodes, weights)
    return op.mean(part.key, part.name, nodes, note=_returned(part, len(nodes)))


def _trimmed(part: Component, nodes: list[Node]) -> Node:
    rule, count = part.source.gathering, len(nodes)
    if count < max(rule.at_least, rule.drop_high + rule.drop_low + 1):
        said = Words(f"仅 {count} 份,不足以去掉最高最低,未去分", f"Only {count}: too few to drop any, none was dropped")
        return op.mean(part.key, part.name, nodes, note=said)
    node = op.trimmed_mean(part.key, part.name, nodes, high=rule.drop_high, low=rule.drop_low)
    return replace(node, note=_returned(part, count))


def _returned(part: Component, count: int) -> Words | None:
    people = part.source.people
    if not people or count >= people:
        return None
    return Words(f"{people} 份中收回 {count} 份", f"{count} of {people} sheets came back")
