"""Points taken and given for events, by a table with caps and factors (spec 06, adjustments).

A line takes min(points × ordinary events, cap), and for events of an origin with a factor points × factor each,
outside that cap, but no more than ceiling × cap altogether.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from wuyou.kernel.explain import Node, Words

from . import operations as op
from .inputs import Happening
from .scheme import Component, Line, Table


def adjusted(part: Component, start: Node, *, table: Table, events: Sequence[Happening]) -> Node:
    """A component's start less what its table takes, plus what it gives; raises LookupError for an unknown item."""
    found: dict[str, list[Happening]] = {}
    for event in events:
        found.setdefault(table.line(event.item).item, []).append(event)
    lines = [(line, line_node(line, table, found[line.item])) for line in table.lines if line.item in found]
    less = op.difference(
        part.key, part.name, replace(start, key="start"), [node for line, node in lines if not line.is_bonus]
    )
    added = [node for line, node in lines if line.is_bonus]
    if not added:
        return less
    inner = replace(less, key="less", label=Words("扣分后", "Less deductions"))
    return op.total(part.key, part.name, [inner, *added])


def line_node(line: Line, table: Table, events: Sequence[Happening]) -> Node:
    """The points of one line in one month."""
    plain_ones = [event for event in events if event.origin not in table.factors]
    ordinary = _points(line, plain_ones, origin="", factor=Decimal(1))
    if line.cap is not None:
        ordinary = op.limit("ordinary", Words("一般事件(封顶)", "Ordinary events, capped"), ordinary, high=line.cap)
    extra = [
        _points(line, found, origin=origin, factor=factor)
        for origin, factor in table.factors.items()
        if (found := [event for event in events if event.origin == origin])
    ]
    both = op.total(line.item, line.name, [ordinary, *extra])
    if line.cap is None or not extra:
        return both
    inside = op.total("both", Words("合计", "Together"), [ordinary, *extra])
    return op.limit(line.item, line.name, inside, high=line.cap * table.ceiling)


def _points(line: Line, events: Sequence[Happening], *, origin: str, factor: Decimal) -> Node:
    counted = [
        op.given(f"event_{index}", event.label, event.quantity, links=event.links)
        for index, event in enumerate(events, start=1)
    ]
    factors = [
        op.total("events", line.event, counted),
        op.given("points", Words("每次分值", "Points each"), line.points),
    ]
    if not origin:
        return op.product("ordinary", Words("一般事件", "Ordinary events"), factors)
    factors.append(op.given("factor", Words("加倍系数", "Factor"), factor))
    return op.product(f"origin_{origin}", _ORIGINS.get(origin, Words(origin, origin)), factors)


_ORIGINS = {
    "complaint": Words("有效投诉", "Valid complaints"),
    "finding": Words("检查发现", "Findings"),
    "repeat": Words("重复发生", "Repeats"),
}
